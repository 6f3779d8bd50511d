//! Contents of files, each kept once under its SHA-256.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::sync::{Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest, Sha256};

/// A folder of contents.
#[derive(Debug)]
pub(super) struct Objects {
    folder: Utf8PathBuf,
    /// What the disk may not have yet.
    unsynced: Mutex<Vec<Utf8PathBuf>>,
}

impl Objects {
    pub(super) fn new(folder: Utf8PathBuf) -> Self {
        Self {
            folder,
            unsynced: Mutex::default(),
        }
    }

    /// Whether a content of this many bytes is there. One that a power cut has emptied is not.
    pub(super) fn has(&self, hash: &str, size: u64) -> bool {
        let about = self.path(hash).and_then(|path| fs::metadata(path).ok());
        about.is_some_and(|about| about.is_file() && about.len() == size)
    }

    /// Keeps what can be read, and says its hash and size. Only what comes to its end is kept.
    pub(super) fn keep(&self, from: &mut impl Read) -> io::Result<(String, u64)> {
        fs::create_dir_all(&self.folder)?;
        let mut file = crate::store::temporary_in(self.folder.as_std_path())?;
        let (hash, size) = copy(from, &mut file)?;
        let Some(path) = self.path(&hash).filter(|_| !self.has(&hash, size)) else {
            return Ok((hash, size));
        };
        fs::create_dir_all(path.parent().unwrap_or(&self.folder))?;
        file.persist(&path).map_err(|error| error.error)?;
        let mut unsynced = self.unsynced.lock().unwrap_or_else(PoisonError::into_inner);
        unsynced.push(path);
        Ok((hash, size))
    }

    /// Has the disk take every content that was kept since this was last asked.
    pub(super) fn sync(&self) {
        let mut unsynced = self.unsynced.lock().unwrap_or_else(PoisonError::into_inner);
        super::sync_files(&self.folder, unsynced.iter());
        unsynced.clear();
    }

    /// Writes a content to a new file; a missing or damaged one is an error.
    pub(super) fn write(&self, hash: &str, to: &Utf8Path) -> io::Result<()> {
        let path = self.path(hash).ok_or_else(damaged)?;
        let mut kept = File::open(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => damaged(),
            _ => error,
        })?;
        let (found, _) = copy(&mut kept, &mut File::create(to)?)?;
        if found == hash {
            Ok(())
        } else {
            Err(damaged())
        }
    }

    /// Deletes every content but these.
    pub(super) fn sweep(&self, used: &HashSet<String>) -> io::Result<()> {
        for folder in self.folder.read_dir_utf8()? {
            let folder = folder?;
            if !folder.file_type()?.is_dir() {
                // What a snapshot that was interrupted has left.
                let _ = fs::remove_file(folder.path());
                continue;
            }
            for object in folder.path().read_dir_utf8()? {
                let object = object?;
                let hash = format!("{}{}", folder.file_name(), object.file_name());
                if !used.contains(&hash) {
                    fs::remove_file(object.path())?;
                }
            }
        }
        Ok(())
    }

    fn path(&self, hash: &str) -> Option<Utf8PathBuf> {
        let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        let (first, rest) = hash.split_at_checked(2)?;
        is_hash.then(|| self.folder.join(first).join(rest))
    }
}

/// The hash and size of what can be read.
pub(super) fn hash(from: &mut impl Read) -> io::Result<(String, u64)> {
    copy(from, &mut io::sink())
}

fn copy(from: &mut impl Read, to: &mut impl Write) -> io::Result<(String, u64)> {
    let mut hasher = Sha256::new();
    let mut size = 0;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hasher.update(&buffer[..read]);
        to.write_all(&buffer[..read])?;
        size += read as u64;
    }
    Ok((hex(&hasher.finalize()), size))
}

/// What is said of a copy that is not what was kept.
pub(super) fn damaged() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "the kept copy is missing or damaged",
    )
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
