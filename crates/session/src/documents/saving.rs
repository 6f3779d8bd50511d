//! Text files as they are saved: durably, never half, and only over the version that was edited.

use std::fs;
use std::io;

use camino::Utf8Path;

use super::DocumentError;
use super::line_ends::{LineEnds, from_editor};
use super::reading::{plain_file, read_all, unreadable, version};
use super::replacing::{back_up, replace, replaceable, write_in_place};
use crate::folders::Folders;

/// Saves a text file of a session as [`save`] does; its programs cannot lead that elsewhere meanwhile.
///
/// # Errors
/// As [`save`].
pub(crate) fn save_in(
    folders: &Folders,
    path: &Utf8Path,
    text: &str,
    expected: Option<&str>,
) -> Result<String, DocumentError> {
    let name = folders.display(path);
    let place = folders.anchor_target(path).map_err(|source| {
        let is_there = path.parent().is_some_and(Utf8Path::is_dir);
        match source.kind() {
            _ if expected.is_some() && path.symlink_metadata().is_err() => {
                DocumentError::Conflict(name.clone())
            }
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory if !is_there => {
                DocumentError::NoFolder {
                    folder: parent_name(&name),
                }
            }
            _ => unreadable(&name)(source),
        }
    })?;
    save_at(place.path(), &name, text, expected, &folders.state)
}

/// Saves a text with the file's own line ends, byte order mark and mode, durably and never half. `expected` is the version
/// that was edited; `None` means the file must not exist yet. `state` is the session's: its `backups` keep a copy when the file
/// can only be written in place. Returns the new version.
///
/// # Errors
/// [`DocumentError::Conflict`] when the disk holds another version; otherwise as the system says.
pub fn save(
    path: &Utf8Path,
    name: &str,
    text: &str,
    expected: Option<&str>,
    state: &Utf8Path,
) -> Result<String, DocumentError> {
    let target = path.canonicalize_utf8().unwrap_or_else(|_| path.to_owned());
    save_at(&target, name, text, expected, state)
}

/// As [`save`], in exactly this place: a link there is not followed.
fn save_at(
    target: &Utf8Path,
    name: &str,
    text: &str,
    expected: Option<&str>,
    state: &Utf8Path,
) -> Result<String, DocumentError> {
    let io_error = |source| DocumentError::Io {
        path: name.to_owned(),
        source,
    };
    let old = match plain_file(target).and_then(read_all) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(_) if target.is_dir() => return Err(DocumentError::Folder(name.to_owned())),
        Err(error) => return Err(io_error(error)),
    };
    if old.as_deref().map(version).as_deref() != expected {
        return Err(DocumentError::Conflict(name.to_owned()));
    }
    let backups = &state.join("backups");
    // A file without any line end forgets which one it had; a note among the backups does not.
    let note = backups.join(format!("crlf-{}", &version(name.as_bytes())[..16]));
    let bytes = match &old {
        Some(old) => {
            let old = String::from_utf8_lossy(old);
            let ends = if old.contains(['\r', '\n']) {
                LineEnds::of(&old)
            } else if note.is_file() {
                LineEnds::Crlf
            } else {
                LineEnds::Lf
            };
            if text.contains('\n') || ends == LineEnds::Lf {
                let _ = fs::remove_file(&note);
            } else {
                let _ = fs::create_dir_all(backups).and_then(|()| fs::write(&note, ""));
            }
            from_editor(text, &old, ends).into_bytes()
        }
        None => {
            let _ = fs::remove_file(&note);
            text.to_owned().into_bytes()
        }
    };
    let new = version(&bytes);
    if old.as_deref() == Some(&*bytes) {
        return Ok(new);
    }
    let folder = target.parent().unwrap_or(Utf8Path::new("."));
    if !folder.is_dir() {
        return Err(DocumentError::NoFolder {
            folder: parent_name(name),
        });
    }
    match &old {
        Some(old) if !replaceable(target, folder) => {
            back_up(target, old, backups).map_err(io_error)?;
            write_in_place(target, &bytes, old).map_err(io_error)?;
        }
        _ => replace(target, folder, state, &bytes).map_err(io_error)?,
    }
    Ok(new)
}

fn parent_name(name: &str) -> String {
    name.rsplit_once('/').map_or_else(
        || "its folder".to_owned(),
        |(folder, _)| format!("the folder {folder}"),
    )
}
