//! One process of a program, as the others see it: it is told to start and to stop, and says how it is doing.

mod output;
mod start;
mod task;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime};

use atelier_content::programs::ProgramSpec;
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

use self::task::Task;
use super::log::Log;
use super::plan;
use crate::folders::Folders;
use crate::launch::Launcher;
use crate::protocol::ProgramState;

/// What every process of a session needs to start.
pub(super) struct Ground {
    pub(super) folders: Folders,
    pub(super) launcher: Arc<Launcher>,
    /// As set-up has left it.
    pub(super) environment: Mutex<BTreeMap<String, String>>,
    /// The session is closing: nothing starts again, and what runs is ended by the launcher.
    pub(super) closing: CancellationToken,
    /// Nobody has the session any more.
    pub(super) dropped: CancellationToken,
    /// Told after each change.
    pub(super) changed: Box<dyn Fn() + Send + Sync>,
}

/// A process as the others see it.
pub(super) struct Process {
    /// `web`, or `web:web_00`.
    pub(super) name: String,
    pub(super) spec: Arc<ProgramSpec>,
    pub(super) output: Arc<Log>,
    /// Where standard error goes, when not to the same log.
    pub(super) errors: Option<Arc<Log>>,
    commands: mpsc::UnboundedSender<Command>,
    pub(super) status: watch::Receiver<Status>,
}

/// How a process is doing.
#[derive(Debug, Clone)]
pub(super) struct Status {
    pub(super) state: ProgramState,
    /// When it came to this state; none before the first start.
    pub(super) since: Option<(SystemTime, Instant)>,
    pub(super) pid: Option<u32>,
    pub(super) exit_code: Option<i32>,
    /// What supervisor says of a start that failed.
    pub(super) reason: Option<String>,
    /// The same for a learner, in one sentence.
    pub(super) message: Option<String>,
    /// It ended by itself in a way that was not expected.
    pub(super) unexpected: bool,
    /// How often a start was tried.
    pub(super) tries: u64,
}

/// What came of a start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Started {
    Running,
    Already,
    NoFile,
    NotExecutable,
    NotSpawned,
    EndedTooSoon,
    Stopped,
}

enum Command {
    Start(oneshot::Sender<Started>),
    Stop(oneshot::Sender<bool>),
}

impl Process {
    /// Takes up a process, which does not run before it is told to.
    pub(super) fn new(
        name: String,
        number: u32,
        spec: &Arc<ProgramSpec>,
        ground: &Arc<Ground>,
    ) -> Self {
        let (commands, received) = mpsc::unbounded_channel();
        let (output, errors) = plan::logs(&name, number, spec, ground);
        let (sender, status) = watch::channel(Status::default());
        let task = Task {
            number,
            spec: Arc::clone(spec),
            ground: Arc::clone(ground),
            output: Arc::clone(&output),
            errors: errors.clone(),
            commands: received,
            status: sender,
            starter: None,
            printed: 0,
        };
        // Bounded by the session: it ends when that is closed, or when nobody can tell it anything any more.
        tokio::spawn(task.run());
        Self {
            name,
            spec: Arc::clone(spec),
            output,
            errors,
            commands,
            status,
        }
    }

    /// Has it started; the answer comes when it runs, or does not.
    pub(super) fn start(&self) -> oneshot::Receiver<Started> {
        let (answer, started) = oneshot::channel();
        // A task that is gone drops the answer, which says as much.
        let _ = self.commands.send(Command::Start(answer));
        started
    }

    /// Has it stopped; the answer says whether there was something to stop.
    pub(super) async fn stop(&self) -> bool {
        let (answer, stopped) = oneshot::channel();
        let _ = self.commands.send(Command::Stop(answer));
        stopped.await.unwrap_or(false)
    }

    pub(super) fn now(&self) -> Status {
        self.status.borrow().clone()
    }
}

impl Default for Status {
    fn default() -> Self {
        Self {
            state: ProgramState::Stopped,
            since: None,
            pid: None,
            exit_code: None,
            reason: None,
            message: None,
            unexpected: false,
            tries: 0,
        }
    }
}

/// The environment that processes start with now.
pub(super) fn environment(ground: &Ground) -> BTreeMap<String, String> {
    ground
        .environment
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone()
}
