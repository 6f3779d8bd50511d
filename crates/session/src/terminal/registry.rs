//! The terminals of a session by name. A shell starts when its terminal is first used.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::shell::ShellSetup;
use super::{Activity, Recorder, Terminal};
use crate::launch::{LaunchError, Launcher};

/// The terminals of a session. Dropping it hangs all of them up.
pub struct Terminals {
    launcher: Arc<Launcher>,
    /// None until the session's set-up has ended.
    setup: Mutex<Option<ShellSetup>>,
    known: Mutex<BTreeMap<String, Option<Arc<Terminal>>>>,
    size: Mutex<(u16, u16)>,
    recorder: Mutex<Option<Arc<Recorder>>>,
}

/// Why a terminal is not there.
#[derive(Debug, thiserror::Error)]
pub enum TerminalError {
    /// The name is empty, too long, or not made of letters, digits, `.`, `_` and `-`.
    #[error("{0:?} cannot be the name of a terminal: use letters, digits and hyphens")]
    BadName(String),
    /// No dashboard shows such a terminal.
    #[error("there is no terminal \"{name}\"; there is {known}")]
    Unknown {
        /// As the action says.
        name: String,
        /// Those that there are.
        known: String,
    },
    /// The session's set-up has not ended.
    #[error("terminal {0} starts when the set-up has ended")]
    NotSetUp(String),
    /// Its shell has ended: nobody reads what is typed.
    #[error("the shell of terminal {0} has ended; start the terminal again first")]
    Ended(String),
    /// The editor has as many terminals as it may have.
    #[error("the editor has {0} terminals already; close one of them first")]
    TooMany(usize),
    /// The start-up files could not be written, or bash is missing.
    #[error("terminal {name} has no shell: {source}")]
    NoShell {
        /// The terminal.
        name: String,
        /// What went wrong.
        source: io::Error,
    },
    /// The shell could not be started.
    #[error("terminal {name} did not start: {source}")]
    NotStarted {
        /// The terminal.
        name: String,
        /// What went wrong.
        source: LaunchError,
    },
}

/// "All terminals" means these, as far as they are declared.
const ALL: [&str; 3] = ["1", "2", "3"];

impl Terminals {
    /// No terminals yet; those declared later start with `columns` by `rows` characters, and not before there is a `setup`.
    pub fn new(
        launcher: Arc<Launcher>,
        setup: impl Into<Option<ShellSetup>>,
        columns: u16,
        rows: u16,
    ) -> Self {
        Terminals {
            launcher,
            setup: Mutex::new(setup.into()),
            known: Mutex::default(),
            size: Mutex::new((columns, rows)),
            recorder: Mutex::default(),
        }
    }

    /// What terminals start with from now on; those that run stay as they are.
    pub fn set_up(&self, setup: ShellSetup) {
        *self.setup.lock().unwrap_or_else(PoisonError::into_inner) = Some(setup);
    }

    /// Makes a terminal known without starting it. Declaring it again changes nothing.
    pub fn declare(&self, name: &str) -> Result<(), TerminalError> {
        let ok = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        if name.is_empty() || name.len() > 64 || !name.chars().all(ok) {
            return Err(TerminalError::BadName(name.to_owned()));
        }
        self.known().entry(name.to_owned()).or_default();
        Ok(())
    }

    /// A declared terminal, started if this is its first use. One that has exited stays as it is.
    pub fn get(&self, name: &str) -> Result<Arc<Terminal>, TerminalError> {
        let mut known = self.known();
        let Some(slot) = known.get_mut(name) else {
            return Err(TerminalError::Unknown {
                name: name.to_owned(),
                known: list(known.keys()),
            });
        };
        if let Some(terminal) = slot {
            return Ok(Arc::clone(terminal));
        }
        let terminal = Arc::new(self.start(name)?);
        *slot = Some(Arc::clone(&terminal));
        Ok(terminal)
    }

    /// A terminal that has been started, without starting it.
    pub fn started(&self, name: &str) -> Option<Arc<Terminal>> {
        self.known().get(name).cloned().flatten()
    }

    /// As [`Self::get`], for text that is to be typed: somebody must read it.
    ///
    /// # Errors
    /// Also when the terminal's shell has ended.
    pub fn get_to_type(&self, name: &str) -> Result<Arc<Terminal>, TerminalError> {
        let terminal = self.get(name)?;
        if has_ended(&terminal) {
            return Err(TerminalError::Ended(name.to_owned()));
        }
        Ok(terminal)
    }

    /// Starts a new shell if the terminal has exited (or was never started); views have to attach anew.
    pub fn restart(&self, name: &str) -> Result<Arc<Terminal>, TerminalError> {
        if let Some(slot) = self.known().get_mut(name)
            && slot.as_deref().is_some_and(has_ended)
        {
            *slot = None;
        }
        self.get(name)
    }

    /// Hangs up and forgets a terminal. Handles that others still hold keep it alive.
    pub fn close(&self, name: &str) {
        self.known().remove(name);
    }

    /// The terminals that "all terminals" means, by name: 1, 2 and 3 as far as declared, in that order.
    pub fn all(&self) -> Vec<String> {
        let known = self.known();
        ALL.iter()
            .filter(|name| known.contains_key(**name))
            .map(|name| (*name).to_owned())
            .collect()
    }

    /// Every declared name.
    pub fn names(&self) -> Vec<String> {
        self.known().keys().cloned().collect()
    }

    /// The size in characters that terminals start with from now on.
    pub fn start_with_size(&self, columns: u16, rows: u16) {
        *self.size.lock().unwrap_or_else(PoisonError::into_inner) = (columns, rows);
    }

    /// Records every terminal that starts from now on.
    pub fn record(&self, recorder: &Arc<Recorder>) {
        let mut now = self.recorder.lock().unwrap_or_else(PoisonError::into_inner);
        *now = Some(Arc::clone(recorder));
    }

    fn start(&self, name: &str) -> Result<Terminal, TerminalError> {
        let no_shell = |source| TerminalError::NoShell {
            name: name.to_owned(),
            source,
        };
        let setup = self
            .setup
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
            .ok_or_else(|| TerminalError::NotSetUp(name.to_owned()))?;
        let shell = setup.shell(name).map_err(no_shell)?;
        let (columns, rows) = *self.size.lock().unwrap_or_else(PoisonError::into_inner);
        let terminal =
            Terminal::spawn(&self.launcher, name, &shell, columns, rows).map_err(|source| {
                TerminalError::NotStarted {
                    name: name.to_owned(),
                    source,
                }
            })?;
        let recorder = self.recorder.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(recorder) = &*recorder {
            terminal.record(recorder, name);
        }
        Ok(terminal)
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<String, Option<Arc<Terminal>>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn has_ended(terminal: &Terminal) -> bool {
    matches!(*terminal.activity().borrow(), Activity::Exited { .. })
}

/// `"1", "2"`
pub(super) fn list<'a>(names: impl Iterator<Item = &'a String>) -> String {
    let names: Vec<_> = names.map(|name| format!("\"{name}\"")).collect();
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}
