//! Which files of a workshop a session receives, and copying them (`session.md` sections 2 and 16.3).

mod refused;
mod scripts;

use std::fs;
use std::io;

use atelier_content::Workshop;
use atelier_content::workshop::FileSelection;
use camino::{Utf8Path, Utf8PathBuf};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use tokio_util::sync::CancellationToken;

use crate::anchor::Anchor;
use crate::folders::Folders;

pub use self::refused::{NotCopied, ReceiveError};
pub(crate) use scripts::adapt_all as adapt_scripts;

/// One entry that a session receives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Relative to the workshop's folder.
    pub path: Utf8PathBuf,
    /// What it is.
    pub kind: Kind,
}

/// What an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder without anything in it.
    EmptyFolder,
    /// A link to this target, which stays inside.
    Link(Utf8PathBuf),
}

/// Copies one file as [`copy`] does, into a session whose programs may run: they lead it nowhere else meanwhile.
///
/// # Errors
/// When it cannot be read or written.
pub(crate) fn copy_file(workshop: &Workshop, folders: &Folders, path: &Utf8Path) -> io::Result<()> {
    let from = workshop.root.join(path);
    let to = destination(workshop, folders, path);
    let place = Anchor::making(&[&folders.home, &folders.workshop], &to)?;
    copy_entry(&Kind::File, &from, place.path())?;
    scripts::adapt(&from, place.path(), &to, folders)
}

/// Takes the copy of a file away that its workshop has no more.
///
/// # Errors
/// When it cannot be deleted.
pub(crate) fn remove_copy(
    workshop: &Workshop,
    folders: &Folders,
    path: &Utf8Path,
) -> io::Result<()> {
    let to = destination(workshop, folders, path);
    let place = Anchor::at(&[&folders.home, &folders.workshop], &to)?;
    match fs::remove_file(place.path()) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Everything that a session of this workshop receives, sorted by path.
///
/// # Errors
/// When a link leaves the folder, or the folder cannot be read.
pub fn list(workshop: &Workshop) -> Result<Vec<Received>, ReceiveError> {
    let selection = Selection::new(workshop);
    let mut received = Vec::new();
    walk(&workshop.root, Utf8Path::new(""), &selection, &mut received)?;
    received.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(received)
}

/// Everything of a folder that patterns let pass, the folder of the instructions included, sorted by path.
///
/// # Errors
/// As [`list`].
pub(crate) fn list_published(
    root: &Utf8Path,
    files: &FileSelection,
) -> Result<Vec<Received>, ReceiveError> {
    let mut received = Vec::new();
    let selection = Selection::of(files, None);
    walk(root, Utf8Path::new(""), &selection, &mut received)?;
    received.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(received)
}

/// Copies what the session receives: `workshop/` to the session's workshop folder, the rest to its home. Files that are there
/// already are overwritten, none is deleted; modes are kept.
///
/// # Errors
/// When a link leaves the folder, or files cannot be copied; the message names them. All are tried unless the disk is full.
pub fn copy(
    workshop: &Workshop,
    folders: &Folders,
    cancel: &CancellationToken,
) -> Result<(), ReceiveError> {
    let mut failures = NotCopied::default();
    for entry in list(workshop)? {
        if cancel.is_cancelled() {
            return Err(ReceiveError::Cancelled);
        }
        let from = workshop.root.join(&entry.path);
        let to = destination(workshop, folders, &entry.path);
        let mut copied = copy_entry(&entry.kind, &from, &to);
        if copied.is_ok() && entry.kind == Kind::File {
            copied = scripts::adapt(&from, &to, &to, folders);
        }
        if let Err(error) = copied {
            failures.add(&entry.path, error);
        }
        if failures.full {
            break;
        }
    }
    for (path, text) in &workshop.inline_files {
        let to = destination(workshop, folders, path);
        // A folder of the workshop's may be a link; those stay inside, the session's own are none.
        let written = write_inline(&to, text).and_then(|()| scripts::adapt(&to, &to, &to, folders));
        if let Err(error) = written {
            failures.add(path, error);
        }
    }
    match failures.count {
        0 => Ok(()),
        _ => Err(ReceiveError::NotCopied(failures)),
    }
}

/// Where a received file goes.
pub(crate) fn destination(workshop: &Workshop, folders: &Folders, path: &Utf8Path) -> Utf8PathBuf {
    match path.strip_prefix(&workshop.workshop_dir) {
        Ok(rest) => folders.workshop.join(rest),
        Err(_) => folders.home.join(path),
    }
}

fn write_inline(to: &Utf8Path, text: &str) -> io::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    if to.is_symlink() || to.is_file() {
        fs::remove_file(to)?;
    }
    fs::write(to, text)
}

fn copy_entry(kind: &Kind, from: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    match kind {
        Kind::EmptyFolder => fs::create_dir_all(to),
        Kind::File => {
            // A file that the learner's session turned into a link must not be written through, and one that may not be
            // written to (the mode came with it) is replaced all the same.
            if to.is_symlink() || to.is_file() {
                fs::remove_file(to)?;
            }
            fs::copy(from, to).map(drop)
        }
        Kind::Link(target) => {
            if to.is_symlink() || to.is_file() {
                fs::remove_file(to)?;
            }
            link(target, to)
        }
    }
}

#[cfg(unix)]
fn link(target: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, to)
}

#[cfg(windows)]
fn link(target: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
    std::os::windows::fs::symlink_file(target, to)
}

fn walk(
    root: &Utf8Path,
    below: &Utf8Path,
    selection: &Selection,
    out: &mut Vec<Received>,
) -> Result<bool, ReceiveError> {
    let folder = root.join(below);
    let failed = |source| ReceiveError::Io {
        path: folder.clone(),
        source,
    };
    let mut found = false;
    for entry in folder.read_dir_utf8().map_err(failed)? {
        let entry = entry.map_err(|error| match foreign_name(&error) {
            Some(name) => ReceiveError::Name(below.join(name)),
            None => failed(error),
        })?;
        let path = below.join(entry.file_name());
        let kind = entry.file_type().map_err(failed)?;
        if entry.file_name() == ".git" {
            continue;
        }
        if kind.is_dir() {
            let inside = walk(root, &path, selection, out)?;
            if !inside && selection.takes(&path) {
                out.push(Received {
                    path,
                    kind: Kind::EmptyFolder,
                });
                found = true;
            }
            found |= inside;
        } else if selection.takes(&path) {
            found = true;
            if kind.is_symlink() {
                let target = entry.path().read_link_utf8().map_err(failed)?;
                if !stays_inside(root, &path, &target) {
                    return Err(ReceiveError::LinkOutside { link: path, target });
                }
                out.push(Received {
                    path,
                    kind: Kind::Link(target),
                });
            } else if kind.is_file() {
                out.push(Received {
                    path,
                    kind: Kind::File,
                });
            }
        }
    }
    Ok(found)
}

/// The name that is not UTF-8, as far as it can be shown.
fn foreign_name(error: &io::Error) -> Option<String> {
    let error = error
        .get_ref()?
        .downcast_ref::<camino::FromPathBufError>()?;
    let name = error.as_path().file_name()?;
    Some(name.to_string_lossy().into_owned())
}

/// Relative, and neither by name nor in truth out of the workshop's folder, nor from the home into the workshop's part.
fn stays_inside(root: &Utf8Path, link: &Utf8Path, target: &Utf8Path) -> bool {
    if target.is_absolute() {
        return false;
    }
    let mut depth = link
        .parent()
        .map_or(0, |folder| folder.components().count());
    for component in target.components() {
        match component.as_str() {
            ".." if depth == 0 => return false,
            ".." => depth -= 1,
            "." => {}
            _ => depth += 1,
        }
    }
    let (Ok(root), linked) = (root.canonicalize_utf8(), root.join(link)) else {
        return false;
    };
    // A dangling link stays as harmless as its name.
    linked
        .canonicalize_utf8()
        .map_or(!linked.exists(), |real| real.starts_with(root))
}

/// The patterns of a workshop.
struct Selection {
    /// A folder that is taken in any case.
    workshop: Option<Utf8PathBuf>,
    include: Option<GlobSet>,
    exclude: GlobSet,
}

/// Kept whatever the patterns say.
const LICENCES: [&str; 4] = ["LICENSE*", "LICENCE*", "NOTICE*", "COPYING*"];

impl Selection {
    fn new(workshop: &Workshop) -> Self {
        Self::of(&workshop.files, Some(workshop.workshop_dir.clone()))
    }

    fn of(files: &FileSelection, workshop: Option<Utf8PathBuf>) -> Self {
        let include = &files.include;
        Self {
            workshop,
            include: (!include.is_empty())
                .then(|| set(include.iter().map(String::as_str).chain(LICENCES))),
            exclude: set(files.exclude.iter().map(String::as_str)),
        }
    }

    fn takes(&self, path: &Utf8Path) -> bool {
        self.workshop
            .as_ref()
            .is_some_and(|folder| path.starts_with(folder))
            || self
                .include
                .as_ref()
                .is_none_or(|include| include.is_match(path))
                && !self.exclude.is_match(path)
    }
}

/// A pattern that is none is left out; `check` reports it.
fn set<'a>(patterns: impl Iterator<Item = &'a str>) -> GlobSet {
    let mut builder = GlobSetBuilder::new();
    for pattern in patterns {
        let pattern = pattern.trim_start_matches('/');
        if let Ok(glob) = GlobBuilder::new(pattern).literal_separator(true).build() {
            builder.add(glob);
        }
    }
    builder.build().unwrap_or_else(|_| GlobSet::empty())
}
