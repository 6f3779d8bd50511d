//! What can still be read of a journal that is damaged, and a second copy of its header.
//!
//! A power cut or a failing disk can leave NUL characters, garbage or nothing where lines were. Every line that can be read
//! counts; the damaged file is kept beside the mended one.

use std::fs::{self, File};
use std::io::{self, Write};

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;

use super::Header;

/// A copy of the header, beside the journal. It is written once all files of the workshop have been copied, so that its being
/// there says so too.
const COPY: &str = "session.json";

/// The lines of a journal.
pub(super) struct Lines<'a> {
    /// None when the first line is damaged.
    pub(super) header: Option<Header>,
    /// Those that can be read, without the header.
    pub(super) entries: Vec<&'a [u8]>,
    /// How many cannot.
    pub(super) lost: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        let mut lines = Self {
            header: None,
            entries: Vec::new(),
            lost: 0,
        };
        for (at, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            let line = without_nul(line);
            let header = |line| serde_json::from_slice::<Header>(line).ok();
            if at == 0 && lines.header.is_none() {
                lines.header = header(line);
                if lines.header.is_some() {
                    continue;
                }
            }
            // What a later version has written is no damage.
            match serde_json::from_slice::<Value>(line) {
                Ok(Value::Object(_)) => lines.entries.push(line),
                _ if line.is_empty() && at > 0 => {}
                _ => lines.lost += 1,
            }
        }
        lines
    }
}

/// A line that was written after the hole that a power cut has left stands at the end of the hole.
fn without_nul(line: &[u8]) -> &[u8] {
    let is_text = |byte: &u8| *byte != 0;
    let from = line.iter().position(is_text).unwrap_or(line.len());
    let to = line.iter().rposition(is_text).map_or(from, |last| last + 1);
    &line[from..to]
}

/// Puts a journal of the readable lines in the place of a damaged one, which is kept as `journal.damaged-N`.
pub(super) fn mend(path: &Utf8Path, header: &Header, entries: &[&[u8]]) -> io::Result<()> {
    let kept = (1..)
        .map(|number: u32| path.with_extension(format!("damaged-{number}")))
        .find(|kept| !kept.exists());
    if let Some(kept) = kept {
        fs::copy(path, &kept)?;
        File::open(&kept)?.sync_all()?;
    }
    let mut text = serde_json::to_vec(header)?;
    text.push(b'\n');
    for line in entries {
        text.extend_from_slice(line);
        text.push(b'\n');
    }
    crate::store::write_private(path, &text)
}

fn copy_beside(journal: &Utf8Path) -> Utf8PathBuf {
    journal.with_file_name(COPY)
}

/// Writes the copy of the header, unless it is there.
pub(super) fn write_copy(journal: &Utf8Path, header: &Header) -> io::Result<()> {
    if read_copy(journal).is_some() {
        return Ok(());
    }
    crate::store::write_private(&copy_beside(journal), &serde_json::to_vec(header)?)
}

/// The copy of the header. One that cannot be read still says that there was one.
pub(super) fn read_copy(journal: &Utf8Path) -> Option<Header> {
    let bytes = fs::read(copy_beside(journal)).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Adds a line at the end of a journal whole or not at all, and waits for the disk if it is to.
pub(super) fn append(
    file: &mut File,
    path: &Utf8Path,
    line: &[u8],
    durable: bool,
) -> io::Result<()> {
    use std::io::{Seek, SeekFrom};
    if !is_in_place(file, path) {
        return Err(io::Error::new(
            io::ErrorKind::NotFound,
            "the folder of the session was deleted or moved while the session was open. Put it back, or close the session and start the workshop again",
        ));
    }
    let end = file.stream_position()?;
    let mut written = file.write_all(line);
    if durable && written.is_ok() {
        written = file.sync_data();
    }
    if written.is_err() {
        // Half a line on a full disk would glue itself to the next one.
        let _ = file
            .set_len(end)
            .and_then(|()| file.seek(SeekFrom::Start(end)));
    }
    written
}

/// Whether the open file is still the one at its path: a deleted one takes every line and keeps none.
#[cfg(unix)]
fn is_in_place(file: &File, path: &Utf8Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(open), Ok(there)) => (open.dev(), open.ino()) == (there.dev(), there.ino()),
        (_, Err(error)) if error.kind() == io::ErrorKind::NotFound => false,
        // What cannot be told is left to the write itself.
        _ => true,
    }
}

#[cfg(not(unix))]
fn is_in_place(_: &File, path: &Utf8Path) -> bool {
    path.exists()
}

#[cfg(test)]
mod tests {
    use super::super::{Entry, Journal, peek};
    use super::*;

    fn page(page: &str) -> Entry {
        let page = page.to_owned();
        Entry::Page { page }
    }

    #[test]
    fn whatever_byte_is_damaged_the_session_is_taken_up_and_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(folder.path().join("journal.jsonl")).unwrap();
        let journal = Journal::open(&path, "/w").unwrap();
        journal.record(Entry::Received).unwrap();
        journal.keep_header().unwrap();
        for entry in [Entry::Opened, page("01"), page("02"), Entry::Closed] {
            journal.record(entry).unwrap();
        }
        drop(journal);
        let whole = fs::read(&path).unwrap();
        let hole = |at: usize, length: usize, byte: u8| {
            let mut bytes = whole.clone();
            let end = (at + length).min(bytes.len());
            bytes[at..end].fill(byte);
            bytes
        };
        for at in 0..whole.len() {
            let damaged = [
                whole[..at].to_vec(),
                hole(at, 1, 0xff),
                hole(at, 40, 0),
                hole(at, 1, b'\n'),
            ];
            for (way, bytes) in damaged.iter().enumerate() {
                fs::write(&path, bytes).unwrap();
                let (header, progress) = peek(&path).unwrap();
                assert_eq!(header.workshop, "/w", "way {way} at {at}");
                assert!(progress.received, "way {way} at {at}");
                let journal = Journal::open(&path, "/w").unwrap();
                assert!(journal.progress().received, "way {way} at {at}");
                journal.record(page("03")).unwrap();
                drop(journal);
                let again = Journal::open(&path, "/w").unwrap();
                let last = again.progress().page;
                assert_eq!(last.as_deref(), Some("03"), "way {way} at {at}");
            }
            for entry in folder.path().read_dir().unwrap().flatten() {
                if entry.file_name().to_string_lossy().contains("damaged") {
                    fs::remove_file(entry.path()).unwrap();
                }
            }
        }
    }

    #[test]
    fn a_line_that_follows_a_hole_counts_and_the_damaged_journal_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(folder.path().join("journal.jsonl")).unwrap();
        let journal = Journal::open(&path, "/w").unwrap();
        journal.record(page("01")).unwrap();
        drop(journal);
        let mut bytes = fs::read(&path).unwrap();
        bytes.extend([0; 512]);
        bytes.extend(br#"{"at":5,"kind":"page","page":"02"}"#);
        bytes.extend(b"\nno line\n");
        fs::write(&path, &bytes).unwrap();
        let journal = Journal::open(&path, "/w").unwrap();
        assert!(journal.is_damaged());
        assert_eq!(journal.progress().page.as_deref(), Some("02"));
        assert_eq!(fs::read(path.with_extension("damaged-1")).unwrap(), bytes);
        drop(journal);
        assert!(!Journal::open(&path, "/w").unwrap().is_damaged());
    }

    #[test]
    fn a_line_for_a_file_that_is_gone_does_not_count() {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(folder.path().join("journal.jsonl")).unwrap();
        let journal = Journal::open(&path, "/w").unwrap();
        fs::remove_file(&path).unwrap();
        let error = journal.record(page("01")).unwrap_err();
        assert!(error.to_string().contains("deleted or moved"), "{error}");
        assert_eq!(journal.progress().page, None);
    }
}
