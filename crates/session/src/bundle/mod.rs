//! Bundles: a workshop, or several, in one file for a USB stick or a download (`product.md`, "The words we use").
//!
//! A bundle holds what a session receives and what tells what the workshop is. The same files make the same bytes: names are
//! sorted, times fixed, and of a mode only counts whether the owner may run the file. What is packed can be opened: it is
//! held to the rules of [`crate::archive`] before anything is written.

mod gather;
mod image;
mod litter;
mod published;
#[cfg(test)]
mod tests;
mod write;

use std::collections::BTreeMap;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

pub use self::gather::{as_published, of_collection, of_workshop};
pub use self::write::{Format, Written};
use crate::received::ReceiveError;
use crate::unfinished;

/// What goes into a bundle, before it is written.
#[derive(Debug)]
pub struct Bundle {
    /// The workshop's machine name, or that of the collection.
    pub name: String,
    /// What tools and systems leave lying about, which is not packed; by its path below the folder.
    pub left_out: Vec<Utf8PathBuf>,
    /// What looks like a secret of its author, by its path below the folder. It is packed unless the caller stops.
    pub secrets: Vec<Utf8PathBuf>,
    /// Links to something that is not packed, and where they lead.
    pub dangling: Vec<(Utf8PathBuf, Utf8PathBuf)>,
    /// By the path in the bundle.
    entries: BTreeMap<Utf8PathBuf, Entry>,
}

impl Bundle {
    /// How many files it holds.
    pub fn files(&self) -> usize {
        self.sizes().count()
    }

    /// Bytes of all its files.
    pub fn bytes(&self) -> u64 {
        self.sizes().map(|(_, size)| size).sum()
    }

    /// Its largest files, the largest first, with their sizes in bytes.
    pub fn largest(&self, count: usize) -> Vec<(Utf8PathBuf, u64)> {
        let mut sizes: Vec<_> = self.sizes().collect();
        sizes.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        sizes.truncate(count);
        sizes
    }

    /// Leaves out one file, if it is among them: the bundle itself does not go into the next one.
    pub fn leave_out(&mut self, file: &Utf8Path) {
        let Ok(file) = file.canonicalize_utf8() else {
            return;
        };
        self.entries.retain(|_, entry| match entry {
            Entry::File { from, .. } => from.canonicalize_utf8().ok().as_ref() != Some(&file),
            _ => true,
        });
    }

    fn sizes(&self) -> impl Iterator<Item = (Utf8PathBuf, u64)> {
        self.entries.iter().filter_map(|(path, entry)| match entry {
            Entry::File { size, .. } => Some((path.clone(), *size)),
            _ => None,
        })
    }
}

/// Deletes what has been left half written in a folder where a bundle is to be, by processes that were killed.
pub fn clear_unfinished(folder: &Utf8Path) {
    unfinished::clear(folder.as_std_path(), unfinished::BUNDLE, &mut |_| true);
}

/// One thing in a bundle.
#[derive(Debug, Clone)]
enum Entry {
    File {
        from: Utf8PathBuf,
        /// Bytes.
        size: u64,
        executable: bool,
    },
    EmptyFolder,
    Link(Utf8PathBuf),
}

/// Why nothing is packed.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// A link leaves the folder, or the folder cannot be read.
    #[error(transparent)]
    Received(#[from] ReceiveError),
    /// A name that no archive may have.
    #[error("{path} cannot be packed: {reason}. Give it another name")]
    Name {
        /// Below the folder.
        path: Utf8PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Two names that are one on many computers.
    #[error(
        "{0} cannot be packed: another name differs from it in upper and lower case or accents only, and on many computers both are one file. \
         Rename one of them"
    )]
    Twins(Utf8PathBuf),
    /// More than an archive may hold.
    #[error(
        "{0}. Atelier would refuse to open it; have the learner download what is large in set-up, or leave it out with `excludePaths`"
    )]
    TooLarge(String),
    /// Educates would publish something else than can be packed here.
    #[error("{0}; `educates publish-workshop` can")]
    NotHere(String),
    /// Educates publishes no links.
    #[error("{0} is a link, and `educates publish-workshop` takes none; put the file itself there")]
    PublishedLink(Utf8PathBuf),
    /// What is there already is no archive.
    #[error("{0} is there already and is no archive; choose another name with `-o`, or remove it")]
    Taken(Utf8PathBuf),
    /// The system refused.
    #[error("{path}: {}", crate::refusal::told_of_named(source))]
    Io {
        /// Which file.
        path: Utf8PathBuf,
        /// What it said.
        source: io::Error,
    },
}

impl BundleError {
    fn io(path: &Utf8Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }
}
