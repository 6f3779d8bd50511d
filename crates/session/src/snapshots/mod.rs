//! The files of a session as they were at one moment: kept, compared, put back.
//!
//! `state/snapshots` holds contents (`objects`), trees (`trees`), each under its SHA-256, and what is known of the files that
//! were read last (`seen.json`), so that a home in which nothing changed is not read again. The journal says which tree is
//! which moment. What gives way to a tree is moved to `state/backups/NAME`.

mod objects;
mod restore;
mod scan;
#[cfg(test)]
#[cfg(unix)]
mod tests;
mod tree;

use std::collections::HashSet;
use std::fs;
use std::io;
use std::sync::{Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest, Sha256};

pub use restore::Staged;
pub(crate) use scan::open;
pub use tree::{Change, LeftOut, Node, Tree};

use self::objects::Objects;
use self::restore::Restore;
use self::scan::{Scan, Seen};
use crate::anchor::Anchor;
use crate::folders::Folders;
use crate::size::human;
use crate::store::write_private;

/// More files than this are written to the disk together.
const SYNCED_ALONE: usize = 64;

/// How much is kept of a home.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of one file; a larger one is left out.
    pub file: u64,
    /// Bytes of all files that are kept.
    pub bytes: u64,
    /// Files, folders and links.
    pub entries: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file: 32 << 20,
            bytes: 512 << 20,
            entries: 20_000,
        }
    }
}

/// Why files could not be kept or put back.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// There is more than is kept.
    #[error(
        "the session holds more than {entries} files or {}, which is more than Atelier keeps copies of",
        human(*.bytes)
    )]
    TooLarge {
        /// The limit.
        entries: usize,
        /// The limit.
        bytes: u64,
    },
    /// The copy that should be put back cannot be read.
    #[error("the kept files of that moment cannot be read: {0}")]
    Damaged(io::Error),
    /// The disk is full.
    #[error("the disk is full: {path} could not be written. Free some space and try again")]
    Full {
        /// What could not be written.
        path: Utf8PathBuf,
    },
    /// The system refused.
    #[error("{path}: {}", crate::refusal::told(source))]
    Io {
        /// What could not be read or written.
        path: Utf8PathBuf,
        /// What it said.
        source: io::Error,
    },
}

impl SnapshotError {
    /// An error of the system about a path.
    pub fn of(path: &Utf8Path, source: io::Error) -> Self {
        Self::io(path, source)
    }

    fn io(path: &Utf8Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { path },
            _ => Self::Io { path, source },
        }
    }
}

/// The snapshots of one session.
#[derive(Debug)]
pub struct Snapshots {
    home: Utf8PathBuf,
    folder: Utf8PathBuf,
    backups: Utf8PathBuf,
    limits: Limits,
    objects: Objects,
    seen: Mutex<Option<Seen>>,
}

impl Snapshots {
    /// Of the session with these folders.
    pub fn new(folders: &Folders) -> Self {
        let folder = folders.state.join("snapshots");
        Self {
            home: folders.home.clone(),
            backups: folders.state.join("backups"),
            limits: Limits::default(),
            objects: Objects::new(folder.join("objects")),
            seen: Mutex::default(),
            folder,
        }
    }

    /// With other limits.
    #[must_use]
    pub fn within(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// What the home holds now; nothing is kept.
    ///
    /// # Errors
    /// When there is too much of it, or it cannot be read.
    pub fn look(&self) -> Result<Tree, SnapshotError> {
        self.scan(None)
    }

    /// Keeps what the home holds now. Returns the tree and its name.
    ///
    /// # Errors
    /// When there is too much of it, or it cannot be read or written.
    pub fn keep(&self) -> Result<(Tree, String), SnapshotError> {
        let tree = self.take()?;
        let name = self.save(&tree)?;
        Ok((tree, name))
    }

    /// Keeps the contents of the home; once this is done the home may change. [`Self::save`] keeps the tree itself.
    ///
    /// # Errors
    /// When there is too much of it, or it cannot be read or written.
    pub fn take(&self) -> Result<Tree, SnapshotError> {
        self.scan(Some(&self.objects))
    }

    /// Keeps a tree whose contents are kept, and returns its name. Once this is done a power cut takes neither.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(&self, tree: &Tree) -> Result<String, SnapshotError> {
        let bytes = serde_json::to_vec(tree).unwrap_or_default();
        let name = objects::hex(&Sha256::digest(&bytes));
        let path = self.tree_path(&name);
        self.objects.sync();
        if self.tree(&name).is_err() {
            write_private(&path, &bytes).map_err(|error| SnapshotError::io(&path, error))?;
        }
        Ok(name)
    }

    /// A tree that was kept.
    ///
    /// # Errors
    /// When it is gone or damaged.
    pub fn tree(&self, name: &str) -> Result<Tree, SnapshotError> {
        let bytes = fs::read(self.tree_path(name)).map_err(SnapshotError::Damaged)?;
        // What is not what was written could still be read as a tree, and would take the learner's files for another's.
        if objects::hex(&Sha256::digest(&bytes)) != name {
            return Err(SnapshotError::Damaged(objects::damaged()));
        }
        serde_json::from_slice(&bytes)
            .map_err(io::Error::from)
            .map_err(SnapshotError::Damaged)
    }

    /// Makes the home what a kept tree says, or only what lies in `scope`. What gives way is moved to the backup of this name.
    /// When it was interrupted it can be done again.
    ///
    /// # Errors
    /// When the tree is damaged, or a file cannot be read or written: before the first change, unless the disk fails.
    pub fn restore(
        &self,
        now: &Tree,
        target: &Tree,
        backup: &str,
        scope: Option<&Utf8Path>,
    ) -> Result<(), SnapshotError> {
        let staged = self.stage(now, target, backup, scope)?;
        self.put_in_place(now, target, &staged, backup, scope)
    }

    /// The part of [`Self::restore`] that needs room, and whose failure changes nothing in the home. What an earlier call has
    /// staged is gone.
    ///
    /// # Errors
    /// When the tree is damaged, or a file cannot be read or written.
    pub fn stage(
        &self,
        now: &Tree,
        target: &Tree,
        backup: &str,
        scope: Option<&Utf8Path>,
    ) -> Result<Staged, SnapshotError> {
        let aside = self.backup(backup);
        fs::create_dir_all(&aside).map_err(|error| SnapshotError::io(&aside, error))?;
        let staging = self.folder.join("staging");
        self.restore_to(&staging, &aside, scope).stage(now, target)
    }

    /// The part of [`Self::restore`] that changes the home, with what [`Self::stage`] has returned for the same trees.
    ///
    /// # Errors
    /// When a file cannot be moved.
    pub fn put_in_place(
        &self,
        now: &Tree,
        target: &Tree,
        staged: &Staged,
        backup: &str,
        scope: Option<&Utf8Path>,
    ) -> Result<(), SnapshotError> {
        let (staging, aside) = (self.folder.join("staging"), self.backup(backup));
        self.restore_to(&staging, &aside, scope)
            .run(now, target, staged)
    }

    /// Moves back what a restore had moved to the backup `from` because no tree could hold it. What stands in its place is
    /// moved to the backup `to`.
    ///
    /// # Errors
    /// When a file cannot be moved.
    pub fn bring_back_left_out(
        &self,
        tree: &Tree,
        from: &str,
        to: &str,
    ) -> Result<(), SnapshotError> {
        let files = self.backup(from).join("files");
        let (staging, aside) = (self.folder.join("staging"), self.backup(to));
        let restore = self.restore_to(&staging, &aside, None);
        for path in tree.left_out.keys() {
            let (kept, place) = (files.join(path), self.home.join(path));
            if fs::symlink_metadata(&kept).is_ok() {
                restore.set_aside(path, &place)?;
                Anchor::at(&[&self.home], &place)
                    .and_then(|at| fs::rename(&kept, at.path()))
                    .map_err(|error| SnapshotError::io(&place, error))?;
            }
        }
        Ok(())
    }

    fn restore_to<'a>(
        &'a self,
        staging: &'a Utf8Path,
        aside: &'a Utf8Path,
        scope: Option<&'a Utf8Path>,
    ) -> Restore<'a> {
        Restore {
            home: &self.home,
            staging,
            aside,
            objects: &self.objects,
            scope,
        }
    }

    /// The folder of a backup.
    pub fn backup(&self, name: &str) -> Utf8PathBuf {
        self.backups.join(name)
    }

    /// Deletes trees and contents that none of these trees needs.
    ///
    /// # Errors
    /// When a file cannot be read or deleted.
    pub fn sweep(&self, trees: &HashSet<String>) -> Result<(), SnapshotError> {
        let failed = |error| SnapshotError::io(&self.folder, error);
        let mut used = HashSet::new();
        for name in trees {
            match self.tree(name) {
                Ok(tree) => used.extend(tree.hashes().map(str::to_owned)),
                // It can never be put back, so that it needs nothing; the others are not to pile up because of it.
                Err(SnapshotError::Damaged(why)) if is_lost(&why) => {}
                Err(other) => return Err(other),
            }
        }
        let kept = self.folder.join("trees");
        for entry in kept.read_dir_utf8().map_err(failed)?.flatten() {
            if !trees.contains(entry.file_name().trim_end_matches(".json")) {
                fs::remove_file(entry.path()).map_err(failed)?;
            }
        }
        self.objects.sweep(&used).map_err(failed)
    }

    fn scan(&self, objects: Option<&Objects>) -> Result<Tree, SnapshotError> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.folder.join("seen.json");
        let known = seen.get_or_insert_with(|| {
            let bytes = fs::read(&path).unwrap_or_default();
            serde_json::from_slice::<Vec<_>>(&bytes)
                .map(|list| list.into_iter().collect())
                .unwrap_or_default()
        });
        let before = known.clone();
        let tree = Scan {
            home: &self.home,
            limits: self.limits,
            objects,
            seen: known,
        }
        .run()?;
        if objects.is_some() && *known != before {
            let list: Vec<_> = known.iter().collect();
            // Without it everything is read once more.
            let _ = serde_json::to_vec(&list)
                .map_err(io::Error::from)
                .and_then(|bytes| fs::write(&path, bytes));
        }
        Ok(tree)
    }

    fn tree_path(&self, name: &str) -> Utf8PathBuf {
        let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        self.folder.join("trees").join(name + ".json")
    }
}

/// Whether a kept file will never be read again, however often it is tried.
fn is_lost(why: &io::Error) -> bool {
    matches!(
        why.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
    )
}

/// Has the disk take these files below a folder: each by itself, or when there are many of them everything together.
fn sync_files<'a>(folder: &Utf8Path, files: impl ExactSizeIterator<Item = &'a Utf8PathBuf>) {
    if files.len() > SYNCED_ALONE {
        sync(folder);
        return;
    }
    for file in files.filter_map(|file| fs::File::open(file).ok()) {
        let _ = file.sync_data();
    }
}

/// Has the disk take everything that was written; with other programs at work that can take seconds.
fn sync(folder: &Utf8Path) {
    #[cfg(target_os = "linux")]
    if let Ok(folder) = fs::File::open(folder) {
        let _ = rustix::fs::syncfs(&folder);
    }
    #[cfg(all(unix, not(target_os = "linux")))]
    {
        let _ = folder;
        rustix::fs::sync();
    }
    #[cfg(not(unix))]
    let _ = folder;
}
