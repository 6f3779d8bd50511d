//! Making a home what a tree says. Nothing is deleted: what gives way is moved aside.
//!
//! Everything that needs room is written first, beside the home; then come only renames. A restore that was interrupted is
//! done again from the start and comes to the same end.

use std::collections::HashMap;
use std::fs;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use super::objects::Objects;
use super::{LeftOut, Node, SnapshotError, Tree};
use crate::anchor::Anchor;

/// What the home lacks, written beside it: by its place in the home, where it lies.
#[derive(Debug)]
pub struct Staged(HashMap<Utf8PathBuf, Utf8PathBuf>);

pub(super) struct Restore<'a> {
    pub(super) home: &'a Utf8Path,
    /// Where new files are written first; on the same disk.
    pub(super) staging: &'a Utf8Path,
    /// Where what gives way is moved to.
    pub(super) aside: &'a Utf8Path,
    pub(super) objects: &'a Objects,
    pub(super) scope: Option<&'a Utf8Path>,
}

impl Restore<'_> {
    /// Writes what the home lacks that holds `now`. The home itself does not change.
    pub(super) fn stage(&self, now: &Tree, target: &Tree) -> Result<Staged, SnapshotError> {
        let staged = self.write_beside(now, target);
        if staged.is_err() {
            let _ = fs::remove_dir_all(self.staging);
        }
        staged.map(Staged)
    }

    /// Puts `target` in the place of `now`, which is what the home holds.
    pub(super) fn run(
        &self,
        now: &Tree,
        target: &Tree,
        staged: &Staged,
    ) -> Result<(), SnapshotError> {
        self.take_away(now, target)?;
        self.put(now, target, &staged.0)?;
        let _ = fs::remove_dir_all(self.staging);
        Ok(())
    }

    /// Whether a path of the target is to be made: what cannot be judged now is left as it is, unless it is one file.
    fn counts(&self, now: &Tree, path: &Utf8Path) -> bool {
        let is_file = |reason: LeftOut| matches!(reason, LeftOut::Large | LeftOut::Special);
        self.scope.is_none_or(|scope| path.starts_with(scope))
            && path.ancestors().all(|part| match now.left_out.get(part) {
                None => true,
                Some(reason) => part == path && is_file(*reason),
            })
    }

    fn write_beside(
        &self,
        now: &Tree,
        target: &Tree,
    ) -> Result<HashMap<Utf8PathBuf, Utf8PathBuf>, SnapshotError> {
        let _ = fs::remove_dir_all(self.staging);
        fs::create_dir_all(self.staging).map_err(|e| SnapshotError::io(self.staging, e))?;
        let mut staged = HashMap::new();
        for (path, node) in &target.nodes {
            if !self.counts(now, path) || same_content(now.nodes.get(path), node) {
                continue;
            }
            let place = self.staging.join(staged.len().to_string());
            let written = match node {
                Node::Folder { .. } => continue,
                Node::File { hash, mode, .. } => self
                    .objects
                    .write(hash, &place)
                    .and_then(|()| set_mode(&place, *mode)),
                Node::Link { to } => link(to, &place),
            };
            written.map_err(|error| SnapshotError::io(&self.home.join(path), error))?;
            staged.insert(path.clone(), place);
        }
        // What is renamed must not turn up empty after a power cut.
        super::sync_files(self.staging, staged.values());
        Ok(staged)
    }

    /// Moves aside what the target has not, innermost first.
    fn take_away(&self, now: &Tree, target: &Tree) -> Result<(), SnapshotError> {
        for (path, node) in now.nodes.iter().rev() {
            if target.nodes.contains_key(path)
                || target.leaves_out(path)
                || !self.scope.is_none_or(|scope| path.starts_with(scope))
                || !self.is_really_inside(path)
            {
                continue;
            }
            let full = self.home.join(path);
            match node {
                Node::Folder { .. } => {
                    // One that holds something that is left as it is stays.
                    let _ = self
                        .place(path)
                        .and_then(|at| writable(at.path(), || fs::remove_dir(at.path())));
                }
                _ => self.set_aside(path, &full)?,
            }
        }
        Ok(())
    }

    fn put(
        &self,
        now: &Tree,
        target: &Tree,
        staged: &HashMap<Utf8PathBuf, Utf8PathBuf>,
    ) -> Result<(), SnapshotError> {
        for (path, node) in &target.nodes {
            if !self.counts(now, path) || !self.is_really_inside(path) {
                continue;
            }
            let full = self.home.join(path);
            let failed = |error| SnapshotError::io(&full, error);
            if matches!(node, Node::Folder { .. }) {
                match fs::symlink_metadata(&full) {
                    Ok(about) if about.is_dir() => continue,
                    Ok(_) => self.set_aside(path, &full)?,
                    Err(_) => {}
                }
                self.place(path)
                    .and_then(|at| writable(at.path(), || fs::create_dir(at.path())))
                    .map_err(failed)?;
            } else if let Some(place) = staged.get(path) {
                if fs::symlink_metadata(&full).is_ok_and(|about| about.is_dir()) {
                    let _ = self.place(path).and_then(|at| fs::remove_dir(at.path()));
                }
                self.set_aside(path, &full)?;
                self.place(path)
                    .and_then(|at| writable(at.path(), || fs::rename(place, at.path())))
                    .map_err(failed)?;
            } else if let Node::File { mode, .. } = node {
                self.place(path)
                    .and_then(|at| set_mode_of(at.path(), *mode))
                    .map_err(failed)?;
            }
        }
        for (path, node) in target.nodes.iter().rev() {
            if let (Node::Folder { mode }, true) = (node, self.counts(now, path)) {
                let full = self.home.join(path);
                if fs::symlink_metadata(&full).is_ok_and(|about| about.is_dir()) {
                    self.place(path)
                        .and_then(|at| set_mode_of(at.path(), *mode))
                        .map_err(|error| SnapshotError::io(&full, error))?;
                }
            }
        }
        Ok(())
    }

    /// Moves whatever is at a place out of the way. Nothing there is no error.
    pub(super) fn set_aside(&self, path: &Utf8Path, full: &Utf8Path) -> Result<(), SnapshotError> {
        if fs::symlink_metadata(full).is_err() {
            return Ok(());
        }
        let failed = |error| SnapshotError::io(full, error);
        let free = |place: &Utf8PathBuf| fs::symlink_metadata(place).is_err();
        let files = self.aside.join("files");
        let wanted = files.join(path);
        let folder = wanted.parent().unwrap_or(&files);
        let place = match fs::create_dir_all(folder) {
            Ok(()) if free(&wanted) => wanted,
            // An interrupted restore has put something there already.
            _ => {
                let more = self.aside.join("more");
                fs::create_dir_all(&more).map_err(failed)?;
                let name = path.as_str().replace('/', "-");
                (1..)
                    .map(|number: u32| more.join(format!("{number}-{name}")))
                    .find(free)
                    .unwrap_or(more)
            }
        };
        let from = self.place(path).map_err(failed)?;
        writable(from.path(), || fs::rename(from.path(), &place)).map_err(failed)
    }

    /// A place in the home, through its folder: what is put in the folder's place meanwhile is not touched.
    fn place(&self, path: &Utf8Path) -> io::Result<Anchor> {
        Anchor::at(&[self.home], &self.home.join(path))
    }

    /// Whether the folders above are folders: nothing is done through a link.
    fn is_really_inside(&self, path: &Utf8Path) -> bool {
        path.ancestors().skip(1).all(|part| {
            fs::symlink_metadata(self.home.join(part)).is_ok_and(|about| about.is_dir())
        })
    }
}

fn same_content(now: Option<&Node>, target: &Node) -> bool {
    match (now, target) {
        (Some(Node::File { hash: a, .. }), Node::File { hash: b, .. }) => a == b,
        (Some(Node::Link { to: a }), Node::Link { to: b }) => a == b,
        (Some(Node::Folder { .. }), Node::Folder { .. }) => true,
        _ => false,
    }
}

/// Does something to an entry of a folder, if need be with the write bit of the folder set meanwhile.
fn writable<T>(path: &Utf8Path, act: impl Fn() -> io::Result<T>) -> io::Result<T> {
    let done = act();
    let (Err(error), Some(folder)) = (&done, path.parent()) else {
        return done;
    };
    if error.kind() != io::ErrorKind::PermissionDenied {
        return done;
    }
    // The folder is held open, and known by a name that is a link.
    let mode = super::scan::mode(&fs::metadata(folder)?);
    set_mode(folder, mode | 0o700)?;
    let done = act();
    let _ = set_mode(folder, mode);
    done
}

#[cfg(unix)]
fn set_mode(path: &Utf8Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_: &Utf8Path, _: u32) -> io::Result<()> {
    Ok(())
}

/// As [`set_mode`], of what is no link.
#[cfg(target_os = "linux")]
fn set_mode_of(path: &Utf8Path, mode: u32) -> io::Result<()> {
    use std::os::fd::AsRawFd;

    use rustix::fs::{FileType, Mode, OFlags, fstat, open};
    let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let entry = open(path.as_std_path(), flags, Mode::empty())?;
    if FileType::from_raw_mode(fstat(&entry)?.st_mode) == FileType::Symlink {
        return Err(io::Error::other("it has become a link"));
    }
    // What takes its place by now is not touched.
    let held = format!("/proc/self/fd/{}", entry.as_raw_fd());
    set_mode(Utf8Path::new(&held), mode)
}

/// As [`set_mode`], of what is no link.
#[cfg(not(target_os = "linux"))]
fn set_mode_of(path: &Utf8Path, mode: u32) -> io::Result<()> {
    let kind = fs::symlink_metadata(path)?.file_type();
    if kind.is_symlink() {
        return Err(io::Error::other("it has become a link"));
    }
    #[cfg(unix)]
    if kind.is_file() {
        use std::os::unix::fs::PermissionsExt;
        // Through the file itself, where it may be read.
        if let Ok(file) = super::open(path) {
            return file.set_permissions(fs::Permissions::from_mode(mode));
        }
    }
    set_mode(path, mode)
}

#[cfg(unix)]
fn link(to: &str, place: &Utf8Path) -> io::Result<()> {
    std::os::unix::fs::symlink(to, place)
}

#[cfg(not(unix))]
fn link(_: &str, _: &Utf8Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
