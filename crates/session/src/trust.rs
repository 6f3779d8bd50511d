//! Which workshops the learner has trusted, by content (`product.md`, "Trust").

use std::collections::BTreeMap;
use std::fs;
use std::io;

use atelier_content::{Variables, Workshop, render};
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::allowances::Allowances;
use crate::received::{self, Kind, ReceiveError};
use crate::store;

/// Whether a workshop may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// Exactly this content was trusted.
    Content,
    /// The path is trusted whatever its content: its author works on it.
    Author,
    /// Other content of this path was trusted.
    Changed,
    /// Never seen.
    Unknown,
}

impl Trust {
    /// Whether it may run.
    pub fn is_given(self) -> bool {
        matches!(self, Self::Content | Self::Author)
    }
}

/// What the learner has trusted: `trust.json`.
#[derive(Debug)]
pub struct TrustStore {
    path: Utf8PathBuf,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Entries {
    /// By canonical path.
    #[serde(default)]
    paths: BTreeMap<String, Entry>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Entry {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content: Option<String>,
    #[serde(default)]
    author: bool,
    /// What of the owner's it may use; it goes with the content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    allowed: Option<Allowances>,
}

impl TrustStore {
    /// The store in this file, which need not exist yet.
    pub fn new(path: Utf8PathBuf) -> Self {
        Self { path }
    }

    /// Whether this workshop may run.
    ///
    /// # Errors
    /// When the store cannot be read. A store that is damaged trusts nothing.
    pub fn trust(&self, root: &Utf8Path, content: &str) -> io::Result<Trust> {
        let entries = self.read()?;
        Ok(match entries.paths.get(root.as_str()) {
            Some(entry) if entry.author => Trust::Author,
            Some(entry) if entry.content.as_deref() == Some(content) => Trust::Content,
            Some(_) => Trust::Changed,
            None => Trust::Unknown,
        })
    }

    /// What of the owner's this content may use: nothing, unless the learner allowed it this content, or the path to its author.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn allowed(&self, root: &Utf8Path, content: &str) -> io::Result<Allowances> {
        let entries = self.read()?;
        let entry = entries.paths.get(root.as_str());
        let entry = entry.filter(|entry| entry.author || entry.content.as_deref() == Some(content));
        Ok(entry.and_then(|entry| entry.allowed).unwrap_or_default())
    }

    /// Remembers that this content was trusted; with `author`, the path whatever its content. What it may use is as it was for
    /// this content, and nothing when it has changed.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn give(&self, root: &Utf8Path, content: &str, author: bool) -> io::Result<()> {
        let mut entries = self.read()?;
        let before = entries.paths.get(root.as_str());
        let before = before
            .filter(|entry| entry.content.as_deref() == Some(content) || (author && entry.author));
        let allowed = before.and_then(|entry| entry.allowed);
        entries.paths.insert(
            root.to_string(),
            Entry {
                content: Some(content.to_owned()),
                author,
                allowed,
            },
        );
        store::write_private(&self.path, &serde_json::to_vec_pretty(&entries)?)
    }

    /// Remembers what of the owner's this content may use; nothing comes of it before the content is trusted.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn allow(&self, root: &Utf8Path, content: &str, allowed: Allowances) -> io::Result<()> {
        if !self.trust(root, content)?.is_given() {
            return Ok(());
        }
        let mut entries = self.read()?;
        if let Some(entry) = entries.paths.get_mut(root.as_str()) {
            entry.allowed = (allowed != Allowances::default()).then_some(allowed);
        }
        store::write_private(&self.path, &serde_json::to_vec_pretty(&entries)?)
    }

    fn read(&self) -> io::Result<Entries> {
        match fs::read(&self.path) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Entries::default()),
            Err(error) => Err(error),
        }
    }
}

/// The fingerprint of what a session would receive: every regular file's path, mode and content; of a page, only the bodies
/// of its actions, so that a corrected sentence does not ask again. What was read of the workshop but is not copied counts
/// too: a definition outside the patterns still sets the session's environment. It is the same whichever pathway the workshop
/// was loaded along, and covers what only another one shows.
///
/// # Errors
/// When a file cannot be read, or a link leaves the folder.
pub fn fingerprint(workshop: &Workshop, variables: &Variables) -> Result<String, ReceiveError> {
    let mut hash = Sha256::new();
    let received = received::list(workshop)?;
    for (_, source) in workshop.sources.iter() {
        if received
            .binary_search_by(|entry| entry.path.as_path().cmp(source.path()))
            .is_err()
        {
            hash.update(source.path().as_str());
            hash.update([0]);
            hash.update(Sha256::digest(source.text()));
        }
    }
    for entry in received {
        if entry.kind != Kind::File {
            continue;
        }
        let path = workshop.root.join(&entry.path);
        let failed = |source| ReceiveError::Io {
            path: path.clone(),
            source,
        };
        let pages = workshop.pages.iter().chain(&workshop.unlisted);
        let content = match pages
            .filter(|page| !page.missing)
            .find(|page| workshop.sources.file(page.file()).path() == entry.path)
        {
            Some(page) => action_bodies(workshop, page, variables),
            None => fs::read(&path).map_err(failed)?,
        };
        hash.update(entry.path.as_str());
        hash.update([0]);
        hash.update(mode(&path).map_err(failed)?.to_le_bytes());
        hash.update(Sha256::digest(&content));
    }
    Ok(hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

fn action_bodies(
    workshop: &Workshop,
    page: &atelier_content::Page,
    variables: &Variables,
) -> Vec<u8> {
    let text = workshop.sources.file(page.file()).text();
    let mut names: Vec<&str> = workshop
        .pathways
        .iter()
        .map(|pathway| pathway.name.as_str())
        .chain([""])
        .collect();
    names.sort_unstable();
    let mut bodies = Vec::new();
    for name in names {
        let mut variables = variables.clone();
        variables.set("pathway_name", name);
        for action in render(workshop, page, &variables).actions {
            bodies.extend_from_slice(
                text.get(action.span.range.clone())
                    .unwrap_or_default()
                    .as_bytes(),
            );
            bodies.push(0);
        }
    }
    bodies
}

#[cfg(unix)]
fn mode(path: &Utf8Path) -> io::Result<u32> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::metadata(path)?.permissions().mode() & 0o7777)
}

#[cfg(not(unix))]
fn mode(path: &Utf8Path) -> io::Result<u32> {
    Ok(u32::from(fs::metadata(path)?.permissions().readonly()))
}
