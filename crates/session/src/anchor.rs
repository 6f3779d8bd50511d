//! Files in folders that a session's programs change at the same time.
//!
//! Such a program can put a link to a file of the learner's where the player is about to read or write. A path that was looked
//! at is therefore not used again by its name: the folder is opened part by part without following any link, and what is done in it
//! is done through the open folder, wherever its name leads by then.

#[cfg(any(test, not(target_os = "linux")))]
use std::fs;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

#[cfg(target_os = "linux")]
use camino::Utf8Component;
use camino::{Utf8Path, Utf8PathBuf};

use crate::beside::BesideFile;

/// What is read as a whole is no larger, in bytes.
const WHOLE: u64 = 64 * 1024 * 1024;

/// A place in a folder that is held open.
#[derive(Debug)]
pub(crate) struct Anchor {
    #[cfg(target_os = "linux")]
    _folder: std::os::fd::OwnedFd,
    path: Utf8PathBuf,
}

impl Anchor {
    /// The place of a path below one of these folders. The folder that it lies in must be there, and be inside once links are
    /// followed.
    ///
    /// # Errors
    /// When it is not, or a part of the path became a link meanwhile.
    pub(crate) fn at(roots: &[&Utf8Path], path: &Utf8Path) -> io::Result<Self> {
        Self::find(roots, path, false)
    }

    /// As [`Self::at`]; folders that are missing are made.
    ///
    /// # Errors
    /// As [`Self::at`], and when one cannot be made.
    pub(crate) fn making(roots: &[&Utf8Path], path: &Utf8Path) -> io::Result<Self> {
        Self::find(roots, path, true)
    }

    /// As [`Self::at`], of what a link at the end of the path leads to.
    ///
    /// # Errors
    /// As [`Self::at`], and when there is nothing.
    pub(crate) fn of_target(roots: &[&Utf8Path], path: &Utf8Path) -> io::Result<Self> {
        Self::find(roots, &path.canonicalize_utf8()?, false)
    }

    /// The place of a file of the player's own below a folder, reached by its name alone: no part below the folder may be a link.
    /// Folders that are missing are made.
    ///
    /// # Errors
    /// When a part is a link, or a folder cannot be made.
    pub(crate) fn within(root: &Utf8Path, path: &Utf8Path) -> io::Result<Self> {
        let below = path.strip_prefix(root).map_err(|_| outside())?;
        let (Some(folder), Some(name)) = (below.parent(), below.file_name()) else {
            return Err(outside());
        };
        // The root itself is the player's, and may be reached through a link of the owner's.
        let root = root.canonicalize_utf8()?;
        #[cfg(not(target_os = "linux"))]
        for part in folder.ancestors() {
            if root.join(part).is_symlink() {
                return Err(linked());
            }
        }
        Self::open(&root, folder, name, true)
    }

    /// What to call the place for as long as this lives: it stays the same place.
    pub(crate) fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// Opens the regular file there for reading.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn read(&self) -> io::Result<File> {
        let file = crate::snapshots::open(&self.path)?;
        if file.metadata()?.is_file() {
            Ok(file)
        } else {
            Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "it is no ordinary file",
            ))
        }
    }

    /// Opens the regular file there, or a new one, to add to it.
    ///
    /// # Errors
    /// When that cannot be done.
    pub(crate) fn append(&self) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
            options.custom_flags(flags.bits() as i32);
        }
        let file = options.open(&self.path).map_err(unlinked)?;
        if file.metadata()?.is_file() {
            Ok(file)
        } else {
            Err(linked())
        }
    }

    /// Reads the regular file there as a whole.
    ///
    /// # Errors
    /// As [`Self::read`], and when it is larger than 64 MiB.
    pub(crate) fn read_all(&self) -> io::Result<Vec<u8>> {
        let file = self.read()?;
        if file.metadata()?.len() > WHOLE {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let mut bytes = Vec::new();
        file.take(WHOLE).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Replaces what is there in one step, a link too, by a file that is readable for its owner alone. `state` is the session's.
    ///
    /// # Errors
    /// When that cannot be done; then what was there is there still.
    pub(crate) fn replace_private(&self, state: &Utf8Path, bytes: &[u8]) -> io::Result<()> {
        let folder = self.path.parent().unwrap_or(Utf8Path::new("."));
        let mut file = BesideFile::new(state, folder.as_std_path())?;
        file.write_all(bytes)?;
        file.persist(self.path.as_std_path())
    }

    fn find(roots: &[&Utf8Path], path: &Utf8Path, make: bool) -> io::Result<Self> {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(outside());
        };
        let there = folder
            .ancestors()
            .find(|part| part.symlink_metadata().is_ok());
        let there = there.ok_or_else(outside)?;
        let missing = folder.strip_prefix(there).map_err(|_| outside())?;
        let real = there.canonicalize_utf8()?;
        for root in roots {
            let Ok(root) = root.canonicalize_utf8() else {
                continue;
            };
            if let Ok(below) = real.strip_prefix(&root) {
                return Self::open(&root, &below.join(missing), name, make);
            }
        }
        Err(outside())
    }

    #[cfg(target_os = "linux")]
    fn open(root: &Utf8Path, below: &Utf8Path, name: &str, make: bool) -> io::Result<Self> {
        use std::os::fd::AsRawFd;
        let folder = walk(root.as_std_path(), below, make)?;
        let path = Utf8PathBuf::from(format!("/proc/self/fd/{}/{name}", folder.as_raw_fd()));
        Ok(Self {
            _folder: folder,
            path,
        })
    }

    #[cfg(not(target_os = "linux"))]
    fn open(root: &Utf8Path, below: &Utf8Path, name: &str, make: bool) -> io::Result<Self> {
        let folder = root.join(below);
        if make {
            fs::create_dir_all(&folder)?;
        }
        Ok(Self {
            path: folder.join(name),
        })
    }
}

/// A folder that is held open.
#[derive(Debug)]
pub(crate) struct Held {
    #[cfg(target_os = "linux")]
    _folder: std::os::fd::OwnedFd,
    path: PathBuf,
}

impl Held {
    /// The folder at this path, unless a link is there.
    ///
    /// # Errors
    /// When there is no folder.
    #[cfg(target_os = "linux")]
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        use std::os::fd::AsRawFd;
        let folder = walk(path, Utf8Path::new(""), false)?;
        let path = PathBuf::from(format!("/proc/self/fd/{}", folder.as_raw_fd()));
        Ok(Self {
            _folder: folder,
            path,
        })
    }

    /// The folder at this path.
    ///
    /// # Errors
    /// None.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let path = path.to_owned();
        Ok(Self { path })
    }

    /// The folder with this real name: no part of the path may be a link.
    ///
    /// # Errors
    /// When there is no folder, or a link is on the way.
    #[cfg(target_os = "linux")]
    pub(crate) fn open_exactly(path: &Utf8Path) -> io::Result<Self> {
        use std::os::fd::AsRawFd;
        let below = path.strip_prefix("/").map_err(|_| outside())?;
        let folder = walk(Path::new("/"), below, false)?;
        let path = PathBuf::from(format!("/proc/self/fd/{}", folder.as_raw_fd()));
        Ok(Self {
            _folder: folder,
            path,
        })
    }

    /// The folder with this real name.
    ///
    /// # Errors
    /// When there is none, or a link is on the way.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn open_exactly(path: &Utf8Path) -> io::Result<Self> {
        match path.canonicalize_utf8()? {
            real if real == path => Self::open(path.as_std_path()),
            _ => Err(linked()),
        }
    }

    /// What to call it for as long as this lives.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// Opens a folder part by part; `root` is as it is, and no part below it may be a link.
#[cfg(target_os = "linux")]
fn walk(root: &Path, below: &Utf8Path, make: bool) -> io::Result<std::os::fd::OwnedFd> {
    use rustix::fs::{Mode, OFlags, mkdirat, openat};
    use rustix::io::Errno;
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mut folder = rustix::fs::open(root, flags, Mode::empty())?;
    for part in below.components() {
        let Utf8Component::Normal(part) = part else {
            return Err(outside());
        };
        let opened = match openat(&folder, part, flags, Mode::empty()) {
            Err(Errno::NOENT) if make => {
                match mkdirat(&folder, part, Mode::from_raw_mode(0o777)) {
                    Ok(()) | Err(Errno::EXIST) => {}
                    Err(error) => return Err(error.into()),
                }
                openat(&folder, part, flags, Mode::empty())
            }
            opened => opened,
        };
        folder = opened.map_err(|error| match error {
            Errno::NOTDIR | Errno::LOOP => linked(),
            other => other.into(),
        })?;
    }
    Ok(folder)
}

/// Opens a file of a home for reading, by its path below it, without following any link.
///
/// # Errors
/// When there is none, or a part of the path is a link.
#[cfg(target_os = "linux")]
pub(crate) fn open_below(home: &Utf8Path, path: &Utf8Path) -> io::Result<File> {
    use std::os::fd::AsRawFd;
    let home = home.canonicalize_utf8()?;
    let folder = walk(
        home.as_std_path(),
        path.parent().unwrap_or(Utf8Path::new("")),
        false,
    )?;
    let name = path.file_name().ok_or_else(outside)?;
    let place = format!("/proc/self/fd/{}/{name}", folder.as_raw_fd());
    crate::snapshots::open(place)
}

/// Opens a file of a home for reading, by its path below it.
///
/// # Errors
/// When there is none.
#[cfg(not(target_os = "linux"))]
pub(crate) fn open_below(home: &Utf8Path, path: &Utf8Path) -> io::Result<File> {
    crate::snapshots::open(&home.join(path))
}

/// What is said of a link at the end of a path.
fn unlinked(error: io::Error) -> io::Error {
    match fs_loop(&error) {
        true => linked(),
        false => error,
    }
}

#[cfg(unix)]
fn fs_loop(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())
}

#[cfg(not(unix))]
fn fs_loop(_: &io::Error) -> bool {
    false
}

fn linked() -> io::Error {
    io::Error::new(
        io::ErrorKind::PermissionDenied,
        "a link or something else that is no plain file or folder has taken a place on the way; Atelier does not follow it",
    )
}

fn outside() -> io::Error {
    io::Error::new(
        io::ErrorKind::PermissionDenied,
        "the path leads out of the session",
    )
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::os::unix::fs::symlink;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    struct Place {
        _dir: tempfile::TempDir,
        root: Utf8PathBuf,
        secret: Utf8PathBuf,
    }

    fn place() -> Place {
        let dir = tempfile::tempdir().unwrap();
        let top = Utf8PathBuf::from_path_buf(dir.path().canonicalize().unwrap()).unwrap();
        fs::create_dir_all(top.join("session/home/a")).unwrap();
        fs::create_dir(top.join("owner")).unwrap();
        fs::write(top.join("owner/file"), "secret").unwrap();
        fs::write(top.join("session/home/a/file"), "mine").unwrap();
        Place {
            _dir: dir,
            root: top.join("session/home"),
            secret: top.join("owner/file"),
        }
    }

    /// Puts a file in the place of whatever is there.
    fn replace(anchor: &Anchor, bytes: &[u8]) -> io::Result<()> {
        let folder = anchor.path().parent().unwrap();
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(bytes)?;
        file.persist(anchor.path())
            .map(drop)
            .map_err(|error| error.error)
    }

    #[test]
    fn links_that_lead_out_are_not_followed() {
        let place = place();
        let root = place.root.as_path();
        let roots = [root];
        symlink(place.secret.parent().unwrap(), root.join("out")).unwrap();
        symlink(&place.secret, root.join("a/link")).unwrap();
        symlink("a", root.join("inner")).unwrap();
        for path in [
            "out/file",
            "out/new",
            "out/b/new",
            "a/link",
            "../owner/file",
        ] {
            let path = root.join(path);
            assert!(Anchor::of_target(&roots, &path).is_err(), "{path}");
            let appended = Anchor::making(&roots, &path).and_then(|anchor| anchor.append());
            assert!(appended.is_err(), "{path}");
        }
        assert_eq!(fs::read_to_string(&place.secret).unwrap(), "secret");
        // A link in the place of a file gives way to the file.
        let anchor = Anchor::at(&roots, &root.join("a/link")).unwrap();
        replace(&anchor, b"new").unwrap();
        assert_eq!(fs::read_to_string(&place.secret).unwrap(), "secret");
        assert_eq!(fs::read_to_string(root.join("a/link")).unwrap(), "new");
        let inner = Anchor::of_target(&roots, &root.join("inner/file")).unwrap();
        assert_eq!(io::read_to_string(inner.read().unwrap()).unwrap(), "mine");
        Anchor::making(&roots, &root.join("new/below/log"))
            .and_then(|anchor| anchor.append())
            .unwrap()
            .write_all(b"line")
            .unwrap();
        assert_eq!(
            fs::read_to_string(root.join("new/below/log")).unwrap(),
            "line"
        );
    }

    #[test]
    fn files_of_the_players_own_are_reached_through_no_link_at_all() {
        let place = place();
        let home = place.root.as_path();
        let state = home.with_file_name("state");
        let owner = place.secret.parent().unwrap();
        symlink(owner, home.join("link")).unwrap();
        symlink("a", home.join("inner")).unwrap();
        symlink(&place.secret, home.join("a/secret")).unwrap();
        for path in [
            "link/file",
            "link/new/x",
            "inner/file",
            "a/secret",
            "../owner/file",
        ] {
            let at = || Anchor::within(home, &home.join(path));
            assert!(at().and_then(|at| at.read_all()).is_err(), "{path}");
            assert!(at().and_then(|at| at.append()).is_err(), "{path}");
        }
        // What takes a link's place does not go where it leads.
        let replace = |path: &str, text: &[u8]| {
            let at = Anchor::within(home, &home.join(path))?;
            at.replace_private(&state, text)
        };
        replace("a/secret", b"own").unwrap();
        assert!(replace("link/new", b"x").is_err());
        assert_eq!(fs::read_to_string(&place.secret).unwrap(), "secret");
        assert_eq!(owner.read_dir_utf8().unwrap().count(), 1);

        let log = Anchor::within(home, &home.join("b/c/log")).unwrap();
        log.append().unwrap().write_all(b"one\n").unwrap();
        log.append().unwrap().write_all(b"two\n").unwrap();
        assert_eq!(log.read_all().unwrap(), b"one\ntwo\n");
        let own = Anchor::within(home, &home.join("a/secret")).unwrap();
        assert_eq!(own.read_all().unwrap(), b"own");
    }

    #[test]
    fn a_folder_that_becomes_a_link_at_any_moment_leads_nowhere() {
        let place = place();
        let root = place.root.as_path();
        let owner = place.secret.parent().unwrap();
        symlink(owner, root.join("trap")).unwrap();
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                // `a` is by turns the folder and a link to the owner's.
                let exchange = rustix::fs::RenameFlags::EXCHANGE;
                while !stop.load(Ordering::Relaxed) {
                    let (a, trap) = (root.join("a"), root.join("trap"));
                    let cwd = rustix::fs::CWD;
                    rustix::fs::renameat_with(
                        cwd,
                        a.as_std_path(),
                        cwd,
                        trap.as_std_path(),
                        exchange,
                    )
                    .unwrap();
                }
            });
            for _ in 0..2000 {
                let path = root.join("a/file");
                if let Ok(file) = Anchor::of_target(&[root], &path).and_then(|at| at.read()) {
                    assert_eq!(io::read_to_string(file).unwrap(), "mine");
                }
                if let Ok(file) = open_below(root, Utf8Path::new("a/file")) {
                    assert_eq!(io::read_to_string(file).unwrap(), "mine");
                }
                let _ = Anchor::at(&[root], &root.join("a/planted"))
                    .and_then(|anchor| replace(&anchor, b"evil"));
            }
            stop.store(true, Ordering::Relaxed);
        });
        assert_eq!(fs::read_to_string(&place.secret).unwrap(), "secret");
        assert!(!owner.join("planted").exists());
    }
}
