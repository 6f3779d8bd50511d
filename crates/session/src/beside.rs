//! What is written beside the place that it takes when it is whole. A player that is killed meanwhile leaves it there, in a
//! folder of the learner's: a note in `state/writing` says where, and the next opening of the session clears it away.
//!
//! Only what a note names is cleared, by a name that nobody else gives, and no link is followed on the way: a file of the
//! learner's is never taken for one of these.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use tempfile::{NamedTempFile, TempDir};

use crate::anchor::Held;
use crate::folders::Folders;
use crate::store::{TEMPORARY, clear_temporary, random_hex};

/// A larger note is none of ours, in bytes.
const NOTE: u64 = 64 * 1024;
/// What gives way to a folder, within the one that is made beside it.
const OLD: &str = "old";

/// A file that is being written.
#[derive(Debug)]
pub(crate) struct BesideFile {
    // Dropped before the note: what is there is noted.
    file: NamedTempFile,
    _note: Note,
}

/// A folder that is being filled. It is held open: whatever a program puts in its place is not written into.
#[derive(Debug)]
pub(crate) struct BesideFolder {
    folder: TempDir,
    held: Held,
    note: Note,
}

/// What the note says.
#[derive(Debug, Serialize, Deserialize)]
struct Noted {
    /// What is made, by its real name.
    made: Utf8PathBuf,
    /// What lies in it as [`OLD`] belongs here, unless a folder has taken the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    place: Option<Utf8PathBuf>,
}

/// The note, for as long as what it tells of is there.
#[derive(Debug)]
struct Note {
    path: Utf8PathBuf,
    /// What it tells of, by its real name.
    made: Utf8PathBuf,
}

impl Drop for Note {
    fn drop(&mut self) {
        // What could not be deleted, as folders without the write bit, is left to the next opening.
        if fs::symlink_metadata(&self.made).is_err() {
            // A note that stays tells of nothing.
            let _ = fs::remove_file(&self.path);
        }
    }
}

impl BesideFile {
    /// A new file in a folder, readable for its owner alone; `state` is the session's.
    ///
    /// # Errors
    /// When it or its note cannot be made.
    pub(crate) fn new(state: &Utf8Path, folder: &Path) -> io::Result<Self> {
        let (name, note) = note(state, folder, None)?;
        let file = builder(&name).tempfile_in(folder)?;
        Ok(Self { file, _note: note })
    }

    /// Has the disk take it, and puts it in its place in one step; what was there is gone.
    ///
    /// # Errors
    /// When the system refuses; then what was there is there still.
    pub(crate) fn persist(self, place: &Path) -> io::Result<()> {
        self.file.as_file().sync_all()?;
        self.file.persist(place).map_err(|error| error.error)?;
        Ok(())
    }

    /// The open file.
    pub(crate) fn as_file(&self) -> &File {
        self.file.as_file()
    }
}

impl Write for BesideFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl BesideFolder {
    /// A new folder in another one; `state` is the session's.
    ///
    /// # Errors
    /// When it or its note cannot be made.
    pub(crate) fn new(state: &Utf8Path, folder: &Path) -> io::Result<Self> {
        Self::make(state, folder, None)
    }

    /// Moves what is at a place into a new folder beside it, to make room for another folder. Whoever is killed before that takes
    /// the place finds it there again at the next opening.
    ///
    /// # Errors
    /// When that cannot be done.
    pub(crate) fn aside(state: &Utf8Path, place: &Utf8Path) -> io::Result<Self> {
        let folder = place.parent().unwrap_or(Utf8Path::new("."));
        let aside = Self::make(state, folder.as_std_path(), place.file_name())?;
        fs::rename(place, aside.old())?;
        Ok(aside)
    }

    /// Moves what was moved aside back to its place.
    ///
    /// # Errors
    /// When something that does not give way has taken the place meanwhile: then it is kept where it is, which the error says.
    pub(crate) fn put_back(self, place: &Utf8Path) -> io::Result<()> {
        let Err(error) = fs::rename(self.old(), place) else {
            return Ok(());
        };
        let kept = self.note.made.join(OLD);
        let _ = self.folder.keep();
        // What is noted would be cleared away at the next opening.
        let _ = fs::remove_file(&self.note.path);
        Err(io::Error::other(format!(
            "{error}; what was there before is kept as {kept}"
        )))
    }

    /// What was moved aside.
    fn old(&self) -> std::path::PathBuf {
        self.path().join(OLD)
    }

    /// What to call it for as long as this lives.
    pub(crate) fn path(&self) -> &Path {
        self.held.path()
    }

    fn make(state: &Utf8Path, folder: &Path, place: Option<&str>) -> io::Result<Self> {
        let (name, note) = note(state, folder, place)?;
        let folder = builder(&name).tempdir_in(folder)?;
        let held = Held::open(folder.path())?;
        Ok(Self { folder, held, note })
    }
}

/// One with exactly this name.
fn builder(name: &str) -> tempfile::Builder<'_, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(name).rand_bytes(0);
    builder
}

/// The name of what is to be made in a folder, and the note that tells of it.
fn note(state: &Utf8Path, folder: &Path, place: Option<&str>) -> io::Result<(String, Note)> {
    let number = random_hex()?;
    let name = format!("{TEMPORARY}{number}");
    // A folder that is held open has a name that is nobody else's.
    let real = Utf8PathBuf::from_path_buf(folder.canonicalize()?)
        .map_err(|_| io::Error::from(io::ErrorKind::InvalidFilename))?;
    let noted = Noted {
        made: real.join(&name),
        place: place.map(|place| real.join(place)),
    };
    let notes = notes(state);
    crate::folders::make_private(&notes)?;
    let bytes = serde_json::to_vec(&noted)?;
    let note = Note {
        path: notes.join(number),
        made: noted.made,
    };
    fs::write(&note.path, bytes)?;
    Ok((name, note))
}

fn notes(state: &Utf8Path) -> Utf8PathBuf {
    state.join("writing")
}

/// Clears away what a player that was killed has left half written of a session. The session's lock is held. What cannot be
/// cleared now is tried again the next time.
pub(crate) fn clear_session(folders: &Folders) {
    clear(&folders.state);
    let state = folders.state.as_std_path();
    for folder in [
        "",
        "backups",
        "snapshots",
        "snapshots/objects",
        "snapshots/trees",
    ] {
        clear_temporary(&state.join(folder));
    }
    clear_temporary(folders.bin.as_std_path());
    clear_temporary(folders.shell.as_std_path());
    clear_temporary(folders.shared().as_std_path());
}

fn clear(state: &Utf8Path) {
    let notes = notes(state);
    let Ok(held) = Held::open(notes.as_std_path()) else {
        return;
    };
    for entry in fs::read_dir(held.path()).into_iter().flatten().flatten() {
        let cleared = match read(&entry.path()) {
            Some(noted) => clear_one(&noted, &entry.file_name()),
            // Nothing is made before its note is whole.
            None => Ok(()),
        };
        if cleared.is_ok() {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn read(note: &Path) -> Option<Noted> {
    use std::io::Read;
    let mut bytes = Vec::new();
    let file = crate::snapshots::open(note).ok()?;
    file.take(NOTE).read_to_end(&mut bytes).ok()?;
    serde_json::from_slice(&bytes).ok()
}

fn clear_one(noted: &Noted, number: &std::ffi::OsStr) -> io::Result<()> {
    let Noted { made, place } = noted;
    let number = number.to_str().unwrap_or_default();
    let is_ours = number.len() == 16 && number.bytes().all(|byte| byte.is_ascii_hexdigit());
    let expected = format!("{TEMPORARY}{number}");
    let (true, Some(folder), Some(name)) = (is_ours, made.parent(), made.file_name()) else {
        return Ok(());
    };
    if name != expected {
        return Ok(());
    }
    let folder = match Held::open_exactly(folder) {
        // Deleted with all that was in it.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        opened => opened?,
    };
    let made = folder.path().join(name);
    let Ok(about) = fs::symlink_metadata(&made) else {
        return Ok(());
    };
    if !about.is_dir() {
        return fs::remove_file(&made);
    }
    if let Some(place) = place.as_ref().and_then(|place| place.file_name()) {
        let (old, place) = (made.join(OLD), folder.path().join(place));
        if fs::symlink_metadata(&old).is_ok() {
            match fs::symlink_metadata(&place) {
                Err(_) => fs::rename(&old, &place)?,
                // It made room for a folder, and this is none: somebody's own, and no reason to delete the other.
                Ok(there) if !there.is_dir() => return Ok(()),
                Ok(_) => {}
            }
        }
    }
    if let Some(made) = Utf8Path::from_path(&made) {
        crate::stored::make_deletable(made);
    }
    fs::remove_dir_all(&made)
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
