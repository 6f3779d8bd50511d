//! What happened in a session, line by line; where it stands is a fold of it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use atelier_content::action::FormValues;
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

use crate::dashboards::DashboardChange;
use crate::protocol::{ActionUpdate, SectionState, ViewState};

mod damage;
mod kept;
mod moved;
mod progress;

use damage::Lines;
pub use kept::{KeptVersion, PageStart, Unfinished};
pub use moved::{Back, Gone};
pub(crate) use moved::{gone_name, is_gone};
pub use progress::Progress;
use progress::fold;
pub(crate) use progress::is_of_page;

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

/// What can happen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Entry {
    /// The session was opened by a process.
    Opened,
    /// It was closed in good order.
    Closed,
    /// The learner takes this pathway from here on; empty means all pages.
    Pathway { pathway: String },
    /// The workshop's files were copied, all of them.
    Received,
    /// Set-up begins; when nothing follows, it did not come to its end.
    SetupBegun,
    /// Set-up went through; `failed` names the steps that did not.
    Setup { failed: Vec<String> },
    /// The learner goes on although set-up has failed, or was called off.
    SetupPassedOver,
    /// A page was shown.
    Page { page: String },
    /// The learner had a page loaded anew: what runs only once may run again.
    Reloaded { page: String },
    /// The author has changed a page while it was played: where its actions and sections are now, for each that was there.
    PageChanged {
        page: String,
        /// Its name since then.
        to: String,
        actions: Vec<Option<usize>>,
        sections: Vec<Option<usize>>,
        /// Actions that are gone, and may come back.
        #[serde(default)]
        gone: Vec<Gone>,
        /// Actions that were gone, and are back.
        #[serde(default)]
        back: Vec<Back>,
    },
    /// An action ended.
    Action {
        action: String,
        update: ActionUpdate,
    },
    /// Something was typed into an action's form; passwords are left out.
    Form { action: String, values: FormValues },
    /// An examiner test gave its verdict.
    Check { test: String, passed: bool },
    /// These sections of a page were opened or closed; the others stand as they did.
    Sections {
        page: String,
        sections: Vec<SectionState>,
    },
    /// An action was clicked, or fired, that carries an `event`.
    Event { action: String, data: EventData },
    /// An action made, changed or deleted a tab.
    Dashboard { change: DashboardChange },
    /// How the window stood.
    View { page: String, view: ViewState },
    /// The last page was left by its finish button.
    Finished,
    /// The files are kept as they were when a page was first shown.
    PageStart { page: String, tree: String },
    /// The start of a page is put back, or of one file alone. Written before the first file is touched; `pages` and `checks`
    /// lose their marks, and what gives way is the kept version.
    Restored {
        page: String,
        /// What is put back.
        tree: String,
        /// Relative to the home.
        file: Option<String>,
        pages: Vec<String>,
        checks: Vec<String>,
        kept: KeptFiles,
    },
    /// A kept version is brought back, files and marks; what gives way becomes one in its turn.
    BroughtBack { version: String, kept: KeptFiles },
    /// The files of the last of these two are in their places.
    FilesInPlace,
    /// The last of these two could not be finished and is not tried again: the files stay as they are.
    RestoreGivenUp { why: String },
    /// A kept version was deleted.
    KeptDeleted { version: String },
    /// The learner starts over: the session is not taken up again by itself.
    SetAside,
    /// The learner takes up this session rather than another one of its workshop.
    Chosen,
    /// Written by a later version.
    #[serde(other)]
    Unknown,
}

/// Where the learner's version of the files is kept that gives way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFiles {
    /// Name of its folder below `state/backups`.
    pub version: String,
    /// The tree in `state/snapshots`.
    pub tree: String,
}

/// What the journal keeps of a click on an action that carries an `event`, in the words of `actions.md` 2.1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct EventData {
    pub prev_page: Option<String>,
    pub current_page: String,
    pub next_page: Option<String>,
    /// From 1.
    pub page_number: usize,
    pub pages_total: usize,
    /// The value of `event`.
    pub event_name: serde_json::Value,
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::protocol::ActionStatus;

    fn path(dir: &tempfile::TempDir) -> Utf8PathBuf {
        Utf8PathBuf::from_path_buf(dir.path().join("journal.jsonl")).unwrap()
    }

    fn done() -> ActionUpdate {
        ActionUpdate {
            status: ActionStatus::Done,
            message: None,
            exit_code: Some(0),
            millis: Some(3),
            output: None,
        }
    }

    #[test]
    fn comes_back_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::open(&path(&dir), "/w").unwrap();
        journal.record(Entry::Opened).unwrap();
        journal.record(Entry::Page { page: "01".into() }).unwrap();
        journal
            .record(Entry::Action {
                action: "01/0".into(),
                update: done(),
            })
            .unwrap();
        journal
            .record(Entry::Check {
                test: "t".into(),
                passed: false,
            })
            .unwrap();
        journal
            .record(Entry::Check {
                test: "t".into(),
                passed: true,
            })
            .unwrap();
        journal
            .note(Entry::View {
                page: "01".into(),
                view: ViewState {
                    scroll: 12.5,
                    ..ViewState::default()
                },
            })
            .unwrap();
        let before = journal.progress();
        drop(journal);
        let after = Journal::open(&path(&dir), "/w").unwrap().progress();
        assert_eq!(after, before);
        assert_eq!(
            (after.page.as_deref(), after.view.scroll, after.open),
            (Some("01"), 12.5, true)
        );
        assert_eq!(after.checks, BTreeMap::from([("t".into(), true)]));
        assert_eq!(peek(&path(&dir)).unwrap().0.workshop, "/w");
    }

    #[test]
    fn keeps_a_place_on_each_pathway() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::open(&path(&dir), "/w").unwrap();
        let take = |pathway: &str| {
            journal
                .record(Entry::Pathway {
                    pathway: pathway.into(),
                })
                .unwrap();
        };
        take("short");
        journal.record(Entry::Page { page: "02".into() }).unwrap();
        journal.record(Entry::Finished).unwrap();
        take("long");
        let progress = journal.progress();
        assert_eq!((progress.page, progress.finished), (None, false));
        journal.record(Entry::Page { page: "07".into() }).unwrap();
        take("short");
        drop(journal);
        let progress = Journal::open(&path(&dir), "/w").unwrap().progress();
        assert_eq!(progress.pathway.as_deref(), Some("short"));
        assert_eq!(
            (progress.page.as_deref(), progress.finished),
            (Some("02"), true)
        );
        assert_eq!(
            progress.pathways,
            BTreeMap::from([("long".into(), (Some("07".into()), false))])
        );
        assert_eq!(progress.visited.len(), 2);
    }

    #[test]
    fn cuts_off_a_torn_line_and_keeps_it_aside() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::open(&path(&dir), "/w").unwrap();
        journal.record(Entry::Page { page: "01".into() }).unwrap();
        drop(journal);
        let mut bytes = fs::read(path(&dir)).unwrap();
        let whole = bytes.clone();
        bytes.extend_from_slice(b"{\"at\":1,\"kind\":\"pa");
        fs::write(path(&dir), &bytes).unwrap();
        let journal = Journal::open(&path(&dir), "/w").unwrap();
        assert_eq!(fs::read(path(&dir)).unwrap(), whole);
        assert_eq!(
            fs::read_to_string(dir.path().join("journal.torn")).unwrap(),
            "{\"at\":1,\"kind\":\"pa\n"
        );
        journal.record(Entry::Page { page: "02".into() }).unwrap();
        assert_eq!(
            Journal::open(&path(&dir), "/w")
                .unwrap()
                .progress()
                .page
                .as_deref(),
            Some("02")
        );
    }

    #[test]
    fn skips_what_a_later_version_wrote() {
        let dir = tempfile::tempdir().unwrap();
        drop(Journal::open(&path(&dir), "/w").unwrap());
        let mut file = OpenOptions::new().append(true).open(path(&dir)).unwrap();
        file.write_all(b"{\"at\":1,\"kind\":\"teleported\",\"to\":3}\nnonsense\n{\"at\":2,\"kind\":\"page\",\"page\":\"x\"}\n")
            .unwrap();
        assert_eq!(
            Journal::open(&path(&dir), "/w")
                .unwrap()
                .progress()
                .page
                .as_deref(),
            Some("x")
        );
    }
}
