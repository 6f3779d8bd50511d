//! Processes that belong to a place, found by their environment.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use atelier_session::launch::KeeperCommand;
use rustix::process::{Pid, Signal, kill_process};

/// A process of the app, of its web view, or of a session.
#[derive(Clone, PartialEq, Eq)]
pub struct Process(u32);

impl Process {
    /// The living processes in whose environment a folder is named.
    pub(super) fn with_folder_in_environment(folder: &str) -> Vec<Self> {
        let entries = fs::read_dir("/proc").expect("Linux has /proc");
        let mut found: Vec<_> = entries
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .filter(|id| {
                let environment = fs::read(format!("/proc/{id}/environ")).unwrap_or_default();
                String::from_utf8_lossy(&environment).contains(folder)
            })
            .map(Self)
            .collect();
        found.sort_by_key(|process| process.0);
        found
    }

    /// Its id.
    pub fn id(&self) -> u32 {
        self.0
    }

    /// The program it runs.
    pub fn program(&self) -> Option<PathBuf> {
        fs::read_link(format!("/proc/{}/exe", self.0)).ok()
    }

    /// Its command line.
    pub fn command(&self) -> String {
        let line = fs::read(format!("/proc/{}/cmdline", self.0)).unwrap_or_default();
        String::from_utf8_lossy(&line)
            .replace('\0', " ")
            .trim()
            .to_owned()
    }

    /// Whether it keeps the programs of a session: the app's program too, and, as ids begin anew, maybe with a lower id.
    pub(super) fn is_keeper(&self) -> bool {
        self.command().contains(KeeperCommand::ARGUMENT)
    }

    /// Whether it is the app, a keeper or its web view, and no program of a session.
    pub(super) fn is_of_the_window(&self, app: &Path) -> bool {
        self.program().is_some_and(|program| {
            let name = program.file_name().unwrap_or_default().to_string_lossy();
            program == app || name.starts_with("WebKit") && name.ends_with("Process")
        })
    }

    /// Asks it to end.
    pub fn terminate(&self) {
        self.signal(Signal::TERM);
    }

    /// Ends it at once.
    pub fn kill(&self) {
        self.signal(Signal::KILL);
    }

    fn signal(&self, signal: Signal) {
        if let Some(pid) = i32::try_from(self.0).ok().and_then(Pid::from_raw) {
            // It may have ended by itself by now.
            let _ = kill_process(pid, signal);
        }
    }
}

impl fmt::Debug for Process {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {:?}", self.0, self.command())
    }
}

/// Whether there is a process with this id that has not ended.
pub fn is_alive(id: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    let state = stat.rsplit_once(')').map(|(_, rest)| rest.trim_start());
    // Its first thread may have ended before others, which the disk still holds up.
    let threads = || fs::read_dir(format!("/proc/{id}/task")).map_or(0, Iterator::count);
    state.is_some_and(|rest| !rest.starts_with(['Z', 'X']) || threads() > 1)
}
