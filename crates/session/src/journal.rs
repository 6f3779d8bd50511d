//! What happened in a session, line by line; where it stands is a fold of it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

mod damage;
mod entry;
mod kept;
mod moved;
mod progress;
#[cfg(test)]
mod tests;

use damage::Lines;
pub use entry::{Entry, EventData, KeptFiles};
pub use kept::{KeptVersion, PageStart, Unfinished};
pub use moved::{Back, Gone, Moving};
pub(crate) use moved::{gone_name, is_gone};
use progress::fold;
pub(crate) use progress::is_of_page;
pub use progress::{Agreed, Progress};

/// The format of the lines, told by the first one.
const VERSION: u32 = 1;

/// The first line of a journal.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct Header {
    /// Version of the format.
    pub v: u32,
    /// Canonical path of the workshop.
    pub workshop: String,
    /// Version of the program that began the journal.
    pub app: String,
}

/// One line: what happened, and when.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Line {
    /// Milliseconds since 1970.
    at: u64,
    #[serde(flatten)]
    entry: Entry,
}

/// An open journal. Entries are on the disk before they count.
#[derive(Debug)]
pub struct Journal {
    path: Utf8PathBuf,
    header: Header,
    is_damaged: bool,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    file: File,
    progress: Progress,
}

impl Journal {
    /// Opens or begins the journal at `path`. A torn last line is cut off and kept beside it as `journal.torn`; of a damaged
    /// journal, which is kept beside it too, every line counts that can be read: see [`Self::is_damaged`].
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn open(path: &Utf8Path, workshop: &str) -> io::Result<Self> {
        let mut file = opened(path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let whole = bytes
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        if whole < bytes.len() {
            let mut torn = OpenOptions::new()
                .append(true)
                .create(true)
                .open(path.with_extension("torn"))?;
            torn.write_all(&bytes[whole..])?;
            torn.write_all(b"\n")?;
            torn.sync_all()?;
            file.set_len(whole as u64)?;
        }
        let lines = Lines::of(&bytes[..whole]);
        let mut progress = fold(&lines.entries);
        let copy = damage::read_copy(path);
        // All files were copied, and nothing says so any more: the lines are gone.
        let is_cut = copy.is_some() && !progress.received;
        let is_damaged = is_cut || whole > 0 && (lines.lost > 0 || lines.header.is_none());
        progress.received |= copy.is_some();
        let header = lines.header.or(copy).unwrap_or_else(|| Header {
            v: VERSION,
            workshop: workshop.to_owned(),
            app: env!("CARGO_PKG_VERSION").to_owned(),
        });
        if whole == 0 {
            let mut line = serde_json::to_vec(&header)?;
            line.push(b'\n');
            file.rewind()?;
            file.write_all(&line)?;
            file.sync_all()?;
            if let Some(folder) = path.parent() {
                File::open(folder)?.sync_all()?;
            }
        } else if is_damaged {
            damage::mend(path, &header, &lines.entries)?;
            file = opened(path)?;
        }
        file.seek(SeekFrom::End(0))?;
        Ok(Self {
            path: path.to_owned(),
            header,
            is_damaged,
            inner: Mutex::new(Inner { file, progress }),
        })
    }

    /// Whether lines were lost since it was last open: the learner is to be told.
    pub fn is_damaged(&self) -> bool {
        self.is_damaged
    }

    /// Keeps a second copy of the header, which says besides that all files of the workshop were copied.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub(crate) fn keep_header(&self) -> io::Result<()> {
        damage::write_copy(&self.path, &self.header)
    }

    /// Writes an entry, waits until the disk has it, and folds it in.
    ///
    /// # Errors
    /// When the disk does not take it; then it does not count.
    pub fn record(&self, entry: Entry) -> io::Result<()> {
        self.append(entry, true)
    }

    /// As [`Self::record`] without waiting for the disk: for what may be lost in a power cut.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn note(&self, entry: Entry) -> io::Result<()> {
        self.append(entry, false)
    }

    /// Where the session stands.
    pub fn progress(&self) -> Progress {
        self.inner
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .progress
            .clone()
    }

    /// Its file.
    pub fn path(&self) -> &Utf8Path {
        &self.path
    }

    fn append(&self, entry: Entry, durable: bool) -> io::Result<()> {
        let line = Line { at: now(), entry };
        let mut bytes = serde_json::to_vec(&line)?;
        bytes.push(b'\n');
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        damage::append(&mut inner.file, &self.path, &bytes, durable)?;
        inner.progress.apply(line);
        Ok(())
    }
}

/// Reads a journal without opening it for writing: its header and where the session stands. Of a damaged one, what is left.
///
/// # Errors
/// When the file cannot be read, or nothing says of which workshop it is.
pub fn peek(path: &Utf8Path) -> io::Result<(Header, Progress)> {
    let copy = damage::read_copy(path);
    let bytes = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && copy.is_some() => Vec::new(),
        read => read?,
    };
    if bytes.is_empty() && copy.is_none() {
        return Err(io::Error::new(io::ErrorKind::NotFound, "nothing was noted"));
    }
    let lines = Lines::of(&bytes);
    let mut progress = fold(&lines.entries);
    progress.received |= copy.is_some();
    let header = lines.header.or(copy);
    let unknown = || io::Error::new(io::ErrorKind::InvalidData, "the journal has no header");
    Ok((header.ok_or_else(unknown)?, progress))
}

/// Opens the file for reading and writing; nobody else reads what was typed into forms.
fn opened(path: &Utf8Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// Milliseconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_millis() as u64)
}
