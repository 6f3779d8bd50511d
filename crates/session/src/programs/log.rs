//! What a program prints: a file that does not grow for ever, and its end in memory for those who look.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use atelier_content::programs::LogSpec;
use bytes::Bytes;
use camino::{Utf8Path, Utf8PathBuf};
use tokio::sync::broadcast;

use crate::anchor::Anchor;

/// How much of a log's end is kept in memory, in bytes.
const TAIL: usize = 64 * 1024;
/// No log becomes larger, whatever its author says, in bytes.
const LARGEST: u64 = 64 * 1024 * 1024;
/// How many pieces a slow reader may be behind before it misses some.
const BEHIND: usize = 256;

/// The log of one stream of a program.
#[derive(Debug)]
pub(super) struct Log {
    inner: Mutex<Inner>,
    pieces: broadcast::Sender<Bytes>,
}

#[derive(Debug)]
struct Inner {
    root: Utf8PathBuf,
    /// None when the author wants no file.
    path: Option<Utf8PathBuf>,
    /// Open once something was printed.
    file: Option<(File, u64)>,
    max_bytes: u64,
    backups: u32,
    tail: Vec<u8>,
    /// How much was ever printed, in bytes.
    total: u64,
}

impl Log {
    /// A log in this file, which goes on where it ended.
    ///
    /// `root` is the folder of the session that the file lies in.
    pub(super) fn new(root: &Utf8Path, path: Option<Utf8PathBuf>, spec: &LogSpec) -> Self {
        let tail = path.as_deref().and_then(|path| end_of(root, path).ok());
        let max_bytes = if spec.max_bytes == 0 {
            LARGEST
        } else {
            spec.max_bytes.min(LARGEST)
        };
        Self {
            inner: Mutex::new(Inner {
                root: root.to_owned(),
                path,
                file: None,
                max_bytes,
                backups: spec.backups,
                tail: tail.unwrap_or_default(),
                total: 0,
            }),
            pieces: broadcast::Sender::new(BEHIND),
        }
    }

    pub(super) fn path(&self) -> Option<Utf8PathBuf> {
        self.lock().path.clone()
    }

    /// Adds what was printed. A file that cannot be written loses it; who is looking sees it all the same.
    pub(super) fn add(&self, bytes: &[u8]) {
        let mut inner = self.lock();
        if inner.write(bytes).is_err() {
            inner.file = None;
        }
        inner.total += bytes.len() as u64;
        inner.tail.extend_from_slice(bytes);
        let excess = inner.tail.len().saturating_sub(TAIL);
        inner.tail.drain(..excess);
        // Nobody looking is the usual case.
        let _ = self.pieces.send(Bytes::copy_from_slice(bytes));
    }

    /// The last bytes, at most `limit`.
    pub(super) fn tail(&self, limit: usize) -> Vec<u8> {
        let inner = self.lock();
        let from = inner.tail.len().saturating_sub(limit);
        inner.tail[from..].to_vec()
    }

    /// How much was printed so far, in bytes.
    pub(super) fn total(&self) -> u64 {
        self.lock().total
    }

    /// What was printed since, as far as it is kept.
    pub(super) fn since(&self, total: u64) -> Vec<u8> {
        let inner = self.lock();
        let fresh = usize::try_from(inner.total.saturating_sub(total)).unwrap_or(TAIL);
        inner.tail[inner.tail.len().saturating_sub(fresh)..].to_vec()
    }

    /// The last bytes, and all that come after them.
    pub(super) fn follow(&self, limit: usize) -> (Vec<u8>, broadcast::Receiver<Bytes>) {
        let inner = self.lock();
        let from = inner.tail.len().saturating_sub(limit);
        (inner.tail[from..].to_vec(), self.pieces.subscribe())
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Some(path) = self.path.clone() else {
            return Ok(());
        };
        let (mut file, mut size) = match self.file.take() {
            Some(open) => open,
            None => open(&self.root, &path)?,
        };
        if size > 0 && size + bytes.len() as u64 > self.max_bytes {
            drop(file);
            let place = Anchor::at(&[&self.root], &path)?;
            self.set_aside(place.path())?;
            (file, size) = open(&self.root, &path)?;
        }
        file.write_all(bytes)?;
        self.file = Some((file, size + bytes.len() as u64));
        Ok(())
    }

    /// `web.log` becomes `web.log.1`, that becomes `web.log.2`, and the oldest goes.
    fn set_aside(&self, path: &Utf8Path) -> io::Result<()> {
        if self.backups == 0 {
            return fs::remove_file(path);
        }
        let numbered = |number: u32| Utf8PathBuf::from(format!("{path}.{number}"));
        for number in (1..self.backups).rev() {
            // There are not that many yet, mostly.
            let _ = fs::rename(numbered(number), numbered(number + 1));
        }
        fs::rename(path, numbered(1))
    }
}

/// Opens a log for adding to it. A link in its place, or on the way, would lead anywhere.
fn open(root: &Utf8Path, path: &Utf8Path) -> io::Result<(File, u64)> {
    let file = Anchor::making(&[root], path)?.append()?;
    let size = file.metadata()?.len();
    Ok((file, size))
}

fn end_of(root: &Utf8Path, path: &Utf8Path) -> io::Result<Vec<u8>> {
    // What is no ordinary file could keep its reader waiting.
    let mut file = Anchor::at(&[root], path)?.read()?;
    let size = file.metadata()?.len();
    file.seek(SeekFrom::Start(size.saturating_sub(TAIL as u64)))?;
    let mut tail = Vec::new();
    file.take(TAIL as u64).read_to_end(&mut tail)?;
    Ok(tail)
}

#[cfg(test)]
mod tests {
    use atelier_content::programs::LogPlace;

    use super::*;

    fn spec(max_bytes: u64, backups: u32) -> LogSpec {
        LogSpec {
            place: LogPlace::Own,
            max_bytes,
            backups,
        }
    }

    #[test]
    fn a_log_that_is_full_is_set_aside() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(folder.path()).unwrap();
        let path = folder.join("logs/web.log");
        let log = Log::new(folder, Some(path.clone()), &spec(10, 2));
        for line in ["1234567\n", "abcdefg\n", "ABCDEFG\n", "7654321\n"] {
            log.add(line.as_bytes());
        }
        let read = |suffix: &str| fs::read_to_string(format!("{path}{suffix}"));
        assert_eq!(read("").unwrap(), "7654321\n");
        assert_eq!(read(".1").unwrap(), "ABCDEFG\n");
        assert_eq!(read(".2").unwrap(), "abcdefg\n");
        assert!(read(".3").is_err());
        assert_eq!(log.tail(9), b"\n7654321\n");
    }

    #[test]
    fn a_log_goes_on_where_it_ended_and_is_no_link() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(folder.path()).unwrap();
        let path = folder.join("web.log");
        fs::write(&path, "before\n").unwrap();
        let log = Log::new(folder, Some(path.clone()), &spec(0, 0));
        log.add(b"after\n");
        assert_eq!(log.tail(100), b"before\nafter\n");
        assert_eq!(fs::read_to_string(&path).unwrap(), "before\nafter\n");
        let link = folder.join("link.log");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        Log::new(folder, Some(link), &spec(0, 0)).add(b"through\n");
        assert_eq!(fs::read_to_string(&path).unwrap(), "before\nafter\n");
    }
}
