//! Which workshops the learner has trusted, by content (`product.md`, "Trust").

mod changes;
mod meaning;
mod record;
mod seen;

use std::collections::BTreeMap;
use std::fs;
use std::io;

use atelier_content::{Variables, Workshop};
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::allowances::Allowances;
use crate::isolation::Isolation;
use crate::protocol::ChangesView;
use crate::received::ReceiveError;
use crate::store::{self, StoreLock};

pub(crate) use changes::{OF_SHELLS, visible};
pub(crate) use seen::{Seen, look, run_by_themselves};

use record::Record;

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
    /// How far its sessions may reach; it goes with the content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    isolation: Option<Isolation>,
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

    /// How far sessions of this path may reach, and whether that was chosen for this content, or for the path by its author.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn isolation(
        &self,
        root: &Utf8Path,
        content: &str,
    ) -> io::Result<Option<(Isolation, bool)>> {
        let entries = self.read()?;
        let entry = entries.paths.get(root.as_str());
        Ok(entry.and_then(|entry| {
            let chosen = entry.author || entry.content.as_deref() == Some(content);
            entry.isolation.map(|isolation| (isolation, chosen))
        }))
    }

    /// Remembers that this content was trusted; with `author`, the path whatever its content. What it may use is as it was for
    /// this content, and nothing when it has changed.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn give(&self, root: &Utf8Path, content: &str, author: bool) -> io::Result<()> {
        let _held = self.hold()?;
        let mut entries = self.read_to_change()?;
        let before = entries.paths.get(root.as_str());
        let before = before
            .filter(|entry| entry.content.as_deref() == Some(content) || (author && entry.author));
        let allowed = before.and_then(|entry| entry.allowed);
        let isolation = before.and_then(|entry| entry.isolation);
        entries.paths.insert(
            root.to_string(),
            Entry {
                content: Some(content.to_owned()),
                author,
                allowed,
                isolation,
            },
        );
        store::write_private(&self.path, &serde_json::to_vec_pretty(&entries)?)
    }

    /// Remembers what of the owner's this content may use; nothing comes of it before the content is trusted.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn allow(&self, root: &Utf8Path, content: &str, allowed: Allowances) -> io::Result<()> {
        self.change(root, content, |entry| {
            entry.allowed = (allowed != Allowances::default()).then_some(allowed);
        })
    }

    /// Remembers how far sessions of this content may reach; nothing comes of it before the content is trusted.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn isolate(&self, root: &Utf8Path, content: &str, isolation: Isolation) -> io::Result<()> {
        self.change(root, content, |entry| entry.isolation = Some(isolation))
    }

    fn change(
        &self,
        root: &Utf8Path,
        content: &str,
        change: impl FnOnce(&mut Entry),
    ) -> io::Result<()> {
        let _held = self.hold()?;
        if !self.trust(root, content)?.is_given() {
            return Ok(());
        }
        let mut entries = self.read_to_change()?;
        if let Some(entry) = entries.paths.get_mut(root.as_str()) {
            change(entry);
        }
        store::write_private(&self.path, &serde_json::to_vec_pretty(&entries)?)
    }

    /// Keeps what trusted content is like, so that it can be told later what has changed.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn keep(&self, seen: &Seen) -> io::Result<()> {
        let _held = self.hold()?;
        Record::write(&self.record_of(&seen.root), seen)
    }

    /// As [`Self::keep`], for content that was trusted before anything was kept of it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn keep_missing(&self, seen: &Seen) -> io::Result<()> {
        match Record::read(&self.record_of(&seen.root), &seen.print) {
            Some(_) => Ok(()),
            None => self.keep(seen),
        }
    }

    /// What has changed since the content of this path was trusted. Without parts where nothing was kept of it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) fn changes(&self, now: &Seen) -> io::Result<ChangesView> {
        let entries = self.read()?;
        let trusted = entries.paths.get(now.root.as_str());
        let content = trusted.and_then(|entry| entry.content.as_deref());
        let record = content.and_then(|content| Record::read(&self.record_of(&now.root), content));
        Ok(record.map_or_else(ChangesView::default, |record| {
            changes::changes(&record, now)
        }))
    }

    fn record_of(&self, root: &Utf8Path) -> Utf8PathBuf {
        let name = seen::hex(&Sha256::digest(root.as_str()));
        self.path
            .with_file_name("trusted")
            .join(format!("{name}.json"))
    }

    /// Keeps other processes from changing the store: what was read is what is changed.
    fn hold(&self) -> io::Result<StoreLock> {
        StoreLock::take(self.path.parent().unwrap_or(Utf8Path::new(".")))
    }

    /// As [`Self::read`]. A store that is damaged is kept beside the one that takes its place.
    fn read_to_change(&self) -> io::Result<Entries> {
        match fs::read(&self.path) {
            Ok(bytes) if serde_json::from_slice::<Entries>(&bytes).is_err() => {
                store::write_private(&self.path.with_extension("damaged"), &bytes)?;
            }
            _ => {}
        }
        self.read()
    }

    fn read(&self) -> io::Result<Entries> {
        match fs::read(&self.path) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Entries::default()),
            Err(error) => Err(error),
        }
    }
}

/// The fingerprint of what a session would receive: see [`seen::look`].
///
/// # Errors
/// When a file cannot be read, or a link leaves the folder.
pub fn fingerprint(workshop: &Workshop, variables: &Variables) -> Result<String, ReceiveError> {
    Ok(seen::look(workshop, variables)?.print)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> (tempfile::TempDir, TrustStore) {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8PathBuf::from_path_buf(dir.path().to_owned()).unwrap();
        (dir, TrustStore::new(root.join("atelier/trust.json")))
    }

    #[test]
    fn what_many_remember_at_the_same_time_is_all_kept() {
        let (_dir, store) = store();
        let path = &store.path;
        // Each has a store and a lock of its own, as a process has.
        std::thread::scope(|scope| {
            for writer in 0..4 {
                scope.spawn(move || {
                    let store = TrustStore::new(path.clone());
                    for number in 0..25 {
                        let root = Utf8PathBuf::from(format!("/lab-{writer}-{number}"));
                        store.give(&root, "content", false).unwrap();
                        store
                            .isolate(&root, "content", Isolation::Isolated)
                            .unwrap();
                    }
                });
            }
        });
        let entries = store.read().unwrap();
        assert_eq!(entries.paths.len(), 100);
        let isolated = |entry: &Entry| entry.isolation == Some(Isolation::Isolated);
        assert!(entries.paths.values().all(isolated));
    }

    #[test]
    fn a_damaged_store_trusts_nothing_and_is_kept_aside() {
        let (_dir, store) = store();
        store.give("/a".into(), "content", true).unwrap();
        fs::write(&store.path, "{ torn").unwrap();
        assert_eq!(store.trust("/a".into(), "content").unwrap(), Trust::Unknown);
        store.give("/b".into(), "content", false).unwrap();
        assert_eq!(store.trust("/b".into(), "content").unwrap(), Trust::Content);
        let aside = store.path.with_extension("damaged");
        assert_eq!(fs::read_to_string(aside).unwrap(), "{ torn");
    }
}
