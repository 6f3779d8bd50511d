//! Recordings of terminals as asciicast files, version 2: a header, then a line of JSON an event.
//!
//! Each terminal has a file of its own, and all share one clock, which starts with the first event. Every event is written
//! as it happens, so that what was recorded is there however the run ends. What is typed is not recorded, only what
//! terminals show.

use std::fs::File;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::json;

use crate::session::SIZE;

/// How many bytes a file may have.
const LARGEST: u64 = 64 * 1024 * 1024;
/// What a player shows where a program printed bytes that are no UTF-8.
const REPLACEMENT: &str = "\u{fffd}";

/// Records the terminals of a session.
#[derive(Debug)]
pub struct Recorder {
    inner: Mutex<Inner>,
}

/// A terminal's way into its file.
pub(super) struct Track {
    recorder: Arc<Recorder>,
    at: usize,
}

/// Why a recording is not there, or not whole.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// A file could not be made or written.
    #[error("the recording {path} could not be written: {source}")]
    Io {
        /// Which.
        path: Utf8PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A terminal has printed more than a file takes.
    #[error("the recording {path} ends early: a file takes 64 MiB")]
    TooLarge {
        /// Which.
        path: Utf8PathBuf,
    },
}

#[derive(Debug)]
struct Inner {
    path: Utf8PathBuf,
    title: String,
    started: Option<Instant>,
    files: Vec<Cast>,
    /// The last marks of each depth, for terminals that start later.
    marks: Vec<String>,
    problem: Option<RecordingError>,
}

/// One file.
#[derive(Debug)]
struct Cast {
    path: Utf8PathBuf,
    file: File,
    /// Whose it is; the first file waits for its terminal.
    terminal: Option<String>,
    size: (u16, u16),
    /// The beginning of a character that the last piece of output ended in.
    unfinished: Vec<u8>,
    written: u64,
    /// Nothing more is written.
    over: bool,
}

impl Recorder {
    /// Makes the first terminal's file, replacing one that is there. The others go beside it: `run.cast`, `run-2.cast`.
    ///
    /// # Errors
    /// When it cannot be made or written.
    pub fn create(path: &Utf8Path, title: &str) -> Result<Self, RecordingError> {
        let cast = Cast::create(path.to_owned(), title, SIZE)?;
        Ok(Self {
            inner: Mutex::new(Inner {
                path: path.to_owned(),
                title: title.to_owned(),
                started: None,
                files: vec![cast],
                marks: Vec::new(),
                problem: None,
            }),
        })
    }

    /// Marks this moment in every file: `depth` 0 for a page, 1 for an action on it.
    pub fn mark(&self, depth: usize, label: &str) {
        let mut inner = self.inner();
        inner.marks.truncate(depth);
        inner.marks.push(label.to_owned());
        for at in 0..inner.files.len() {
            inner.event(at, "m", label);
        }
    }

    /// Ends the recording, and names its files.
    ///
    /// # Errors
    /// When something of it was not written.
    pub fn finish(&self) -> Result<Vec<Utf8PathBuf>, RecordingError> {
        let mut inner = self.inner();
        for at in 0..inner.files.len() {
            if !std::mem::take(&mut inner.files[at].unfinished).is_empty() {
                inner.event(at, "o", REPLACEMENT);
            }
            inner.files[at].over = true;
        }
        match inner.problem.take() {
            Some(problem) => Err(problem),
            None => Ok(inner.files.iter().map(|cast| cast.path.clone()).collect()),
        }
    }

    /// The file of a terminal. One that has started anew goes on in its old file, on an empty screen.
    pub(super) fn track(self: &Arc<Self>, terminal: &str, size: (u16, u16)) -> Option<Track> {
        let at = self.inner().file_of(terminal, size)?;
        Some(Track {
            recorder: Arc::clone(self),
            at,
        })
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Track {
    /// What the terminal has printed, split anywhere.
    pub(super) fn output(&self, bytes: &[u8]) {
        let mut inner = self.recorder.inner();
        let text = whole_characters(&mut inner.files[self.at].unfinished, bytes);
        if !text.is_empty() {
            inner.event(self.at, "o", &text);
        }
    }

    /// The terminal has another size now.
    pub(super) fn resized(&self, columns: u16, rows: u16) {
        self.recorder.inner().resized(self.at, (columns, rows));
    }
}

impl Inner {
    fn file_of(&mut self, terminal: &str, size: (u16, u16)) -> Option<usize> {
        let named = |cast: &Cast| cast.terminal.as_deref() == Some(terminal);
        if let Some(at) = self.files.iter().position(named) {
            self.files[at].unfinished.clear();
            // A reset: nothing of the old shell's screen stays.
            self.event(at, "o", "\x1bc");
            self.resized(at, size);
            return Some(at);
        }
        if let Some(first) = self
            .files
            .first_mut()
            .filter(|cast| cast.terminal.is_none())
        {
            first.terminal = Some(terminal.to_owned());
            self.resized(0, size);
            return Some(0);
        }
        let at = self.files.len();
        let path = numbered(&self.path, at + 1);
        let title = format!("{} (terminal {terminal})", self.title);
        match Cast::create(path, &title, size) {
            Ok(cast) => self.files.push(Cast {
                terminal: Some(terminal.to_owned()),
                ..cast
            }),
            Err(problem) => {
                self.problem.get_or_insert(problem);
                return None;
            }
        }
        for label in self.marks.clone() {
            self.event(at, "m", &label);
        }
        Some(at)
    }

    fn resized(&mut self, at: usize, size: (u16, u16)) {
        if std::mem::replace(&mut self.files[at].size, size) != size {
            self.event(at, "r", &format!("{}x{}", size.0, size.1));
        }
    }

    fn event(&mut self, at: usize, code: &str, data: &str) {
        let seconds = self.started.get_or_insert_with(Instant::now).elapsed();
        let cast = &mut self.files[at];
        if cast.over {
            return;
        }
        let micros = seconds.as_micros() as f64 / 1e6;
        let line = format!("{}\n", json!([micros, code, data]));
        cast.written += line.len() as u64;
        if cast.written > LARGEST {
            cast.over = true;
            let path = cast.path.clone();
            self.problem
                .get_or_insert(RecordingError::TooLarge { path });
        } else if let Err(source) = cast.file.write_all(line.as_bytes()) {
            self.fail(at, source);
        }
    }

    fn fail(&mut self, at: usize, source: io::Error) {
        let cast = &mut self.files[at];
        cast.over = true;
        let path = cast.path.clone();
        self.problem
            .get_or_insert(RecordingError::Io { path, source });
    }
}

impl Cast {
    fn create(path: Utf8PathBuf, title: &str, size: (u16, u16)) -> Result<Self, RecordingError> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let header = json!({
            "version": 2,
            "width": size.0,
            "height": size.1,
            "timestamp": now.unwrap_or_default().as_secs(),
            "title": title,
            "env": {"TERM": "xterm-256color", "SHELL": "bash"},
        });
        let made = File::create(&path).and_then(|mut file| {
            file.write_all(format!("{header}\n").as_bytes())?;
            Ok(file)
        });
        match made {
            Ok(file) => Ok(Self {
                path,
                file,
                terminal: None,
                size,
                unfinished: Vec::new(),
                written: 0,
                over: false,
            }),
            Err(source) => Err(RecordingError::Io { path, source }),
        }
    }
}

/// `run.cast` → `run-2.cast`.
fn numbered(path: &Utf8Path, number: usize) -> Utf8PathBuf {
    let stem = path.file_stem().unwrap_or_default();
    let extension = path.extension().map(|extension| format!(".{extension}"));
    path.with_file_name(format!("{stem}-{number}{}", extension.unwrap_or_default()))
}

/// The text of some bytes behind those that are `unfinished`; a character that goes on in the next piece stays there.
fn whole_characters(unfinished: &mut Vec<u8>, bytes: &[u8]) -> String {
    unfinished.extend_from_slice(bytes);
    let all = std::mem::take(unfinished);
    let mut text = String::with_capacity(all.len());
    let mut rest = &all[..];
    while !rest.is_empty() {
        match std::str::from_utf8(rest) {
            Ok(valid) => {
                text.push_str(valid);
                break;
            }
            Err(error) => {
                let (valid, wrong) = rest.split_at(error.valid_up_to());
                text.push_str(&String::from_utf8_lossy(valid));
                let Some(length) = error.error_len() else {
                    unfinished.extend_from_slice(wrong);
                    break;
                };
                text.push_str(REPLACEMENT);
                rest = &wrong[length..];
            }
        }
    }
    text
}

#[cfg(test)]
mod tests;
