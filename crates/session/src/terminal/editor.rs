//! The editor's own terminals: made when first used, listed in the order of their making, gone when their shell ends.
//!
//! They are none of the workshop's: a terminal of the dashboard with the same name is another one, start scripts do not
//! apply, and "all terminals" does not mean them. Closing one ends everything that was started in it. What has left it by
//! `setsid` is found by a variable that its shell starts with; what has dropped its environment as well ends with the
//! session.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::registry::{has_ended, list};
use super::shell::ShellSetup;
use super::{Activity, Recorder, Terminal, TerminalError};
use crate::launch::Launcher;

/// How many there may be.
const MOST: usize = 32;
/// How long the programs of a terminal that is closed have to end by themselves.
const GRACE: Duration = Duration::from_secs(1);
/// By the value of this variable the programs of one terminal are found again.
const MARK: &str = "ATELIER_EDITOR_TERMINAL";
/// What a terminal is called that the learner opens.
const OWN: &str = "bash";

/// The terminals of the editor. Dropping it hangs all of them up.
pub struct EditorTerminals {
    shared: Arc<Shared>,
}

struct Shared {
    launcher: Arc<Launcher>,
    /// None until the session's set-up has ended.
    setup: Mutex<Option<ShellSetup>>,
    open: Mutex<Vec<Open>>,
    size: Mutex<(u16, u16)>,
    recorder: Mutex<Option<Arc<Recorder>>>,
    made: AtomicU64,
    changed: Changed,
}

/// Gets the name and the shell's process id of every terminal, in order, whenever they have changed. Must not block.
type Changed = Box<dyn Fn(Vec<(String, u32)>) + Send + Sync>;

struct Open {
    terminal: Arc<Terminal>,
    /// `NAME=value` in the environment of its programs.
    mark: String,
}

impl EditorTerminals {
    /// None yet; those opened later start with `columns` by `rows` characters. `changed` gets the name and the shell's
    /// process id of every terminal, in order, whenever one has come or gone; it must not block.
    pub fn new(
        launcher: Arc<Launcher>,
        setup: impl Into<Option<ShellSetup>>,
        (columns, rows): (u16, u16),
        changed: impl Fn(Vec<(String, u32)>) + Send + Sync + 'static,
    ) -> Self {
        let shared = Shared {
            launcher,
            setup: Mutex::new(setup.into()),
            open: Mutex::default(),
            size: Mutex::new((columns, rows)),
            recorder: Mutex::default(),
            made: AtomicU64::new(0),
            changed: Box::new(changed),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// What terminals start with from now on; those that run stay as they are.
    pub fn set_up(&self, setup: ShellSetup) {
        let mut now = self
            .shared
            .setup
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *now = Some(setup);
    }

    /// The terminal of this name, if there is one.
    pub fn find(&self, name: &str) -> Option<Arc<Terminal>> {
        let open = self.shared.open();
        open.iter()
            .map(|open| &open.terminal)
            .find(|terminal| terminal.name() == name && !has_ended(terminal))
            .cloned()
    }

    /// As [`Self::find`], for whom it must be there.
    ///
    /// # Errors
    /// When there is none.
    pub fn get(&self, name: &str) -> Result<Arc<Terminal>, TerminalError> {
        self.find(name).ok_or_else(|| TerminalError::Unknown {
            name: name.to_owned(),
            known: list(self.names().iter()),
        })
    }

    /// The terminal of this name, made if there is none. Needs a running tokio runtime.
    ///
    /// # Errors
    /// When the name is none, there are too many already, or the shell does not start.
    pub fn open(&self, name: &str) -> Result<Arc<Terminal>, TerminalError> {
        let mut open = self.shared.open();
        // One whose shell has ended a moment ago is none any more.
        open.retain(|open| !has_ended(&open.terminal));
        if let Some(open) = open.iter().find(|open| open.terminal.name() == name) {
            return Ok(Arc::clone(&open.terminal));
        }
        if open.len() >= MOST {
            return Err(TerminalError::TooMany(open.len()));
        }
        let started = self.shared.start(name)?;
        let terminal = Arc::clone(&started.terminal);
        open.push(started);
        self.shared.tell(&open);
        drop(open);
        self.forget_when_ended(&terminal);
        Ok(terminal)
    }

    /// Makes a terminal for the learner and returns its name, which no other has.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_another(&self) -> Result<String, TerminalError> {
        let names = self.names();
        let numbered = (2..).map(|number| format!("{OWN} {number}"));
        let name = std::iter::once(OWN.to_owned())
            .chain(numbered)
            .find(|name| !names.contains(name))
            .unwrap_or_default();
        self.open(&name)?;
        Ok(name)
    }

    /// Ends the terminal of this name with everything that was started in it, and waits for that. Returns whether there was
    /// one.
    pub async fn close(&self, name: &str) -> bool {
        let closed = {
            let mut open = self.shared.open();
            let Some(at) = open.iter().position(|open| open.terminal.name() == name) else {
                return false;
            };
            let closed = open.remove(at);
            self.shared.tell(&open);
            closed
        };
        closed.terminal.hang_up();
        // It tells its end itself, a second after the kill at the latest.
        let gone = self.shared.launcher.end_carrying(&closed.mark, GRACE);
        tokio::join!(closed.terminal.ended(), gone);
        true
    }

    /// Records every terminal that starts from now on.
    pub fn record(&self, recorder: &Arc<Recorder>) {
        let recording = &self.shared.recorder;
        *recording.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(recorder));
    }

    /// The size in characters that terminals start with from now on.
    pub fn start_with_size(&self, columns: u16, rows: u16) {
        *self
            .shared
            .size
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = (columns, rows);
    }

    /// Every name, in the order of their making.
    pub fn names(&self) -> Vec<String> {
        let open = self.shared.open();
        open.iter()
            .map(|open| open.terminal.name().to_owned())
            .collect()
    }

    fn forget_when_ended(&self, terminal: &Terminal) {
        let (mut activity, pid) = (terminal.activity(), terminal.pid());
        let shared = Arc::downgrade(&self.shared);
        tokio::spawn(async move {
            // It fails when the terminal is gone: then it is in no list either.
            let _ = activity
                .wait_for(|activity| matches!(activity, Activity::Exited { .. }))
                .await;
            if let Some(shared) = shared.upgrade() {
                shared.forget(pid);
            }
        });
    }
}

impl Shared {
    fn start(&self, name: &str) -> Result<Open, TerminalError> {
        let whose = format!("{name} of the editor");
        let setup = self
            .setup
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
            .ok_or_else(|| TerminalError::NotSetUp(whose.clone()))?;
        let mut shell = setup
            .prompt_shell()
            .map_err(|source| TerminalError::NoShell {
                name: whose.clone(),
                source,
            })?;
        let number = self.made.fetch_add(1, Ordering::Relaxed).to_string();
        let mark = format!("{MARK}={number}");
        shell.program.env.insert(MARK.to_owned(), number);
        let (columns, rows) = *self.size.lock().unwrap_or_else(PoisonError::into_inner);
        let terminal =
            Terminal::spawn(&self.launcher, name, &shell, columns, rows).map_err(|source| {
                TerminalError::NotStarted {
                    name: whose,
                    source,
                }
            })?;
        let recorder = self.recorder.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(recorder) = &*recorder {
            // Colons are in no name of the dashboard's terminals.
            terminal.record(recorder, &format!("editor:{name}"));
        }
        Ok(Open {
            terminal: Arc::new(terminal),
            mark,
        })
    }

    fn forget(&self, pid: u32) {
        let mut open = self.open();
        let before = open.len();
        open.retain(|open| open.terminal.pid() != pid);
        if open.len() < before {
            self.tell(&open);
        }
    }

    /// Called with the list locked, so that the last news are the newest.
    fn tell(&self, open: &[Open]) {
        let list = open
            .iter()
            .map(|open| (open.terminal.name().to_owned(), open.terminal.pid()));
        (self.changed)(list.collect());
    }

    fn open(&self) -> MutexGuard<'_, Vec<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
