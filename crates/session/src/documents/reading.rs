//! Text files as they are read.

use std::fs;
use std::io;

use camino::Utf8Path;
use sha2::{Digest, Sha256};

use super::line_ends::to_editor;
use super::{Document, DocumentError, LIMIT};
use crate::folders::Folders;

/// Reads a text file. `name` is what messages call it.
///
/// # Errors
/// When it is missing, a folder, too large or no text.
pub fn read(path: &Utf8Path, name: &str) -> Result<Document, DocumentError> {
    let target = path.canonicalize_utf8().map_err(unreadable(name))?;
    read_at(&target, name)
}

/// As [`read`], of exactly this place: a link there is not followed.
fn read_at(path: &Utf8Path, name: &str) -> Result<Document, DocumentError> {
    let bytes = read_bytes(path, name)?;
    let version = version(&bytes);
    let text = decode(bytes, name)?;
    let read_only = fs::metadata(path).is_ok_and(|metadata| metadata.permissions().readonly());
    Ok(Document {
        text: to_editor(&text),
        version,
        read_only,
    })
}

/// Reads a text file of a session, which its programs cannot turn into another one meanwhile.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_in(folders: &Folders, path: &Utf8Path) -> Result<Document, DocumentError> {
    let name = folders.display(path);
    let place = folders.anchor_target(path).map_err(unreadable(&name))?;
    read_at(place.path(), &name)
}

pub(super) fn unreadable(name: &str) -> impl FnOnce(io::Error) -> DocumentError + use<> {
    let name = name.to_owned();
    move |source| match source.kind() {
        io::ErrorKind::NotFound => DocumentError::NotFound(name),
        _ => DocumentError::Io { path: name, source },
    }
}

/// The version of the file on disk; `None` when there is none.
pub fn disk_version(path: &Utf8Path) -> Option<String> {
    let target = path.canonicalize_utf8().ok()?;
    let bytes = plain_file(&target).and_then(read_all).ok()?;
    Some(version(&bytes))
}

fn read_bytes(path: &Utf8Path, name: &str) -> Result<Vec<u8>, DocumentError> {
    let io_error = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => DocumentError::NotFound(name.to_owned()),
        _ => DocumentError::Io {
            path: name.to_owned(),
            source,
        },
    };
    let file = crate::snapshots::open(path).map_err(io_error)?;
    let metadata = file.metadata().map_err(io_error)?;
    if metadata.is_dir() {
        return Err(DocumentError::Folder(name.to_owned()));
    }
    if !metadata.is_file() {
        return Err(DocumentError::NotText(name.to_owned()));
    }
    match read_all(file) {
        Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
            Err(DocumentError::TooLarge(name.to_owned()))
        }
        read => read.map_err(io_error),
    }
}

/// Opens a file that is no pipe, which could keep its reader waiting.
pub(super) fn plain_file(path: &Utf8Path) -> io::Result<fs::File> {
    let file = crate::snapshots::open(path)?;
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is no ordinary file",
        )),
    }
}

/// No more than an editor can have.
pub(super) fn read_all(file: fs::File) -> io::Result<Vec<u8>> {
    use std::io::Read;
    let mut bytes = Vec::new();
    file.take(LIMIT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LIMIT {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

fn decode(bytes: Vec<u8>, name: &str) -> Result<String, DocumentError> {
    match String::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => Ok(text),
        _ => Err(DocumentError::NotText(name.to_owned())),
    }
}

pub(super) fn version(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
