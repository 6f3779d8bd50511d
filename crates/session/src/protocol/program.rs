//! Programs that the session keeps running in the background.

use serde::Serialize;
use ts_rs::TS;

/// A background program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProgramView {
    /// Its name, as `supervisorctl` takes it.
    pub name: String,
    /// What runs, as its author wrote it.
    pub command: String,
    /// It starts with the session.
    pub autostart: bool,
    /// How it is doing.
    pub state: ProgramState,
    /// Since when, in milliseconds of the Unix epoch; none before its first start.
    pub since: Option<u64>,
    /// Its process id, while it runs.
    pub pid: Option<u32>,
    /// The exit status of its last end; none when a signal ended it.
    pub exit_code: Option<i32>,
    /// What the learner should know of its state, in one sentence.
    pub message: Option<String>,
    /// Where what it prints is kept: `~/.local/share/workshop/web.log`.
    pub log: Option<String>,
}

/// How a background program is doing, in supervisor's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ProgramState {
    /// It does not run: it was never started, or stopped.
    Stopped,
    /// It was started and has not run long enough yet to count as running.
    Starting,
    /// It runs.
    Running,
    /// It ended too soon and will be tried again.
    Backoff,
    /// It was asked to end.
    Stopping,
    /// It came to its end by itself.
    Exited,
    /// It could not be started and is not tried again.
    Fatal,
}
