//! Files and folders that a command makes for as long as it runs, in folders that are not Atelier's own: the bundle that `atelier
//! pack` writes, the workshop that `atelier new` builds, the session of an `atelier test`. A command that is killed leaves them there,
//! and the next one that makes its like in the same folder clears them away.
//!
//! Who makes one has it locked. The system ends the lock with the process, however that ends. Cleared is what has a name that is
//! given here, belongs to the user who clears, and is locked by nobody: nothing goes by its age, and no link is followed.

mod run;

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

use camino::Utf8Path;
use tempfile::{NamedTempFile, TempDir};

pub use self::run::{RUN, clear_runs};
use crate::store::random_hex;

/// How the names of bundles begin that are being written.
pub(crate) const BUNDLE: &str = ".packing-";
/// How the names of workshops begin that are being built.
pub(crate) const WORKSHOP: &str = ".atelier-new-";
/// Hexadecimal digits that follow.
const DIGITS: usize = 16;

/// A folder that goes with whoever made it. Deleted when dropped.
#[derive(Debug)]
pub struct Unfinished {
    // Deleted before the lock ends.
    folder: TempDir,
    lock: File,
}

impl Unfinished {
    /// A new folder in another one, for its owner alone.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn folder_in(folder: &Path, prefix: &str) -> io::Result<Self> {
        loop {
            let name = format!("{prefix}{}", random_hex()?);
            let made = builder(&name).tempdir_in(folder)?;
            match File::open(made.path()) {
                Ok(lock) if is_held(&lock, made.path())? => {
                    return Ok(Self { folder: made, lock });
                }
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                // Somebody has cleared it away before it was locked.
                _ => {
                    let _ = made.keep();
                }
            }
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Leaves it where it is.
    pub fn keep(self) {
        let _ = self.folder.keep();
    }

    /// Deletes it, with folders that may not be written to, such as Go's module cache.
    ///
    /// # Errors
    /// When something in it cannot be deleted.
    pub fn remove(self) -> io::Result<()> {
        let Self {
            folder,
            lock: _lock,
        } = self;
        remove_folder(&folder.keep())
    }
}

/// A new file in a folder, for its owner alone.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn file_in(folder: &Path, prefix: &str) -> io::Result<NamedTempFile> {
    loop {
        let name = format!("{prefix}{}", random_hex()?);
        let made = builder(&name).tempfile_in(folder)?;
        if is_held(made.as_file(), made.path())? {
            return Ok(made);
        }
        let _ = made.keep();
    }
}

/// Deletes what commands that were killed have left in a folder. `before` gets each folder before it goes, and says whether it may go.
/// What stays is tried again the next time.
pub(crate) fn clear(folder: &Path, prefix: &str, before: &mut dyn FnMut(&Utf8Path) -> bool) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let number = name.to_str().and_then(|name| name.strip_prefix(prefix));
        let is_named = number.is_some_and(|number| {
            number.len() == DIGITS && number.bytes().all(|byte| byte.is_ascii_hexdigit())
        });
        // A pipe would have to be opened for that.
        let is_plain = |kind: fs::FileType| kind.is_file() || kind.is_dir();
        if is_named && entry.file_type().is_ok_and(is_plain) {
            let _ = clear_one(&entry.path(), before);
        }
    }
}

fn clear_one(path: &Path, before: &mut dyn FnMut(&Utf8Path) -> bool) -> io::Result<()> {
    let file = open(path)?;
    let about = file.metadata()?;
    if !is_mine(&about) || file.try_lock().is_err() || !is_at(&file, path)? {
        return Ok(());
    }
    if !about.is_dir() {
        return fs::remove_file(path);
    }
    match Utf8Path::from_path(path) {
        Some(name) if before(name) => remove_folder(path),
        _ => Ok(()),
    }
}

fn remove_folder(folder: &Path) -> io::Result<()> {
    match (fs::remove_dir_all(folder), Utf8Path::from_path(folder)) {
        (Err(error), Some(name)) if error.kind() == io::ErrorKind::PermissionDenied => {
            crate::stored::make_deletable(name);
            fs::remove_dir_all(folder)
        }
        (removed, _) => removed,
    }
}

/// One with exactly this name.
fn builder(name: &str) -> tempfile::Builder<'_, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(name).rand_bytes(0);
    builder
}

/// Locks what was just made. Whether it is there still: before it was locked it looked like something left behind.
fn is_held(file: &File, path: &Path) -> io::Result<bool> {
    // Where there are no locks nothing is cleared either.
    let _ = file.lock();
    is_at(file, path)
}

/// Opens a file or folder to lock it, and no link.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        options.custom_flags(flags.bits().cast_signed());
    }
    options.open(path)
}

/// Whether a file has this name.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let here = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        about => about?,
    };
    let held = file.metadata()?;
    Ok((held.dev(), held.ino()) == (here.dev(), here.ino()))
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> io::Result<bool> {
    path.try_exists()
}

/// Whether the user of this process owns it.
#[cfg(unix)]
fn is_mine(about: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    about.uid() == rustix::process::geteuid().as_raw()
}

#[cfg(not(unix))]
fn is_mine(_: &fs::Metadata) -> bool {
    true
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
