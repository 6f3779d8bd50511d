//! One process of a program: a task that starts it, waits for its end and starts it again.

use std::collections::BTreeMap;
use std::process::ExitStatus;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use atelier_content::programs::{ProgramSpec, Restart};
use rustix::process::Signal;
use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::log::Log;
use super::plan::{self, Start};
use super::words;
use crate::folders::Folders;
use crate::launch::{Kept, LaunchError, Launcher};
use crate::protocol::ProgramState;

/// How long what is left of a stopped program's group may take to end by itself.
const LEFT_BEHIND: Duration = Duration::from_secs(2);
/// How long the last words of a program that has ended may take to arrive.
const LAST_WORDS: Duration = Duration::from_millis(500);
/// One that has ended sooner than this waits as long before it starts again.
const BETWEEN_RUNS: Duration = Duration::from_secs(1);

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
        let keeper = Keeper {
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
        tokio::spawn(keeper.run());
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
        // A keeper that is gone drops the answer, which says as much.
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

/// The task behind a process.
struct Keeper {
    number: u32,
    spec: Arc<ProgramSpec>,
    ground: Arc<Ground>,
    output: Arc<Log>,
    errors: Option<Arc<Log>>,
    commands: mpsc::UnboundedReceiver<Command>,
    status: watch::Sender<Status>,
    /// Who waits for the start under way.
    starter: Option<oneshot::Sender<Started>>,
    /// How much it had printed before its last start.
    printed: u64,
}

/// How one run went.
enum Went {
    /// It was told to stop, or the session ends.
    Stopped,
    /// It did not come to run, and may be tried again.
    Failed { reason: String, message: String },
    /// It cannot come to run.
    Hopeless { reason: String, message: String },
    /// It ran and came to its end.
    Ended(Option<ExitStatus>),
}

impl Keeper {
    async fn run(mut self) {
        loop {
            let command = tokio::select! {
                biased;
                () = self.ground.closing.cancelled() => return,
                command = self.commands.recv() => command,
            };
            match command {
                None => return,
                Some(Command::Stop(answer)) => {
                    let _ = answer.send(false);
                }
                Some(Command::Start(answer)) => {
                    self.starter = Some(answer);
                    self.keep().await;
                }
            }
        }
    }

    /// Keeps it running until it is stopped, ends as expected, or is given up.
    async fn keep(&mut self) {
        let mut failures = 0;
        loop {
            let begun = Instant::now();
            match self.once().await {
                Went::Stopped => {
                    self.answer(Started::Stopped);
                    self.set(ProgramState::Stopped, |_| {});
                    return;
                }
                Went::Hopeless { reason, message } => {
                    self.give_up(reason, message);
                    return;
                }
                Went::Failed { reason, message } => {
                    failures += 1;
                    if failures > self.spec.start_retries {
                        let message = words::given_up(failures, &message);
                        self.give_up(reason, message);
                        return;
                    }
                    self.set(ProgramState::Backoff, |status| {
                        status.reason = Some(reason);
                        status.message = Some(words::again(&message, failures));
                    });
                    self.answer(Started::EndedTooSoon);
                    if !self.pause(Duration::from_secs(failures.into())).await {
                        self.set(ProgramState::Stopped, |_| {});
                        return;
                    }
                }
                Went::Ended(ended) => {
                    failures = 0;
                    let code = ended.and_then(|status| status.code());
                    let expected = code.is_some_and(|code| self.spec.exit_codes.contains(&code));
                    let last = words::last_line(self.log_of_errors(), self.printed);
                    self.set(ProgramState::Exited, |status| {
                        status.exit_code = code;
                        status.unexpected = !expected;
                        status.message =
                            Some(words::ended(ended, (!expected).then_some(last).flatten()));
                    });
                    let again = match self.spec.restart {
                        Restart::Never => false,
                        Restart::Unexpected => !expected,
                        Restart::Always => true,
                    };
                    if !again {
                        return;
                    }
                    // With `startsecs=0` no end comes too soon: without a pause it would start as fast as the computer can.
                    if begun.elapsed() < BETWEEN_RUNS && !self.pause(BETWEEN_RUNS).await {
                        self.set(ProgramState::Stopped, |_| {});
                        return;
                    }
                }
            }
        }
    }

    /// Starts it and waits for its end.
    async fn once(&mut self) -> Went {
        if self.ground.closing.is_cancelled() {
            return Went::Stopped;
        }
        self.printed = self.log_of_errors().total();
        let mut kept = match self.spawn() {
            Ok(kept) => kept,
            Err(went) => {
                self.status.send_modify(|status| status.tries += 1);
                return went;
            }
        };
        let pid = kept.pid;
        self.set(ProgramState::Starting, |status| {
            status.pid = Some(pid);
            status.tries += 1;
        });
        let pumps = [
            kept.output.take().map(|pipe| pump(pipe, &self.output)),
            kept.errors
                .take()
                .map(|pipe| pump(pipe, self.log_of_errors())),
        ];
        let limit = Duration::from_secs(self.spec.start_seconds.into());
        let settled = sleep(limit);
        tokio::pin!(settled);
        let mut starting = true;
        if limit.is_zero() {
            starting = false;
            self.is_running(pid);
        }
        loop {
            tokio::select! {
                biased;
                () = self.ground.dropped.cancelled() => return Went::Stopped,
                () = self.ground.closing.cancelled() => {
                    // The launcher asks it to end, with everything else of the session.
                    tokio::select! {
                        _ = kept.wait() => {}
                        () = self.ground.dropped.cancelled() => {}
                    }
                    return Went::Stopped;
                }
                ended = kept.wait() => {
                    drain(pumps).await;
                    if starting {
                        let code = ended.and_then(|status| status.code());
                        self.status.send_modify(|status| status.exit_code = code);
                        let seconds = self.spec.start_seconds;
                        let last = words::last_line(self.log_of_errors(), self.printed);
                        return Went::Failed {
                            reason: "Exited too quickly (process log may have details)".to_owned(),
                            message: words::too_soon(ended, seconds, last),
                        };
                    }
                    return Went::Ended(ended);
                }
                () = &mut settled, if starting => {
                    starting = false;
                    self.is_running(pid);
                }
                command = self.commands.recv() => match command {
                    Some(Command::Start(answer)) => { let _ = answer.send(Started::Already); }
                    Some(Command::Stop(answer)) => {
                        self.end(&mut kept, pumps).await;
                        self.answer(Started::Stopped);
                        self.set(ProgramState::Stopped, |_| {});
                        let _ = answer.send(true);
                        return Went::Stopped;
                    }
                    // Its program is not described any more.
                    None => {
                        self.end(&mut kept, pumps).await;
                        return Went::Stopped;
                    }
                },
            }
        }
    }

    fn spawn(&self) -> Result<Kept, Went> {
        let hopeless = |reason: &str, message: String| Went::Hopeless {
            reason: reason.to_owned(),
            message,
        };
        let Start { program, apart } = plan::start(self.number, &self.spec, &self.ground)
            .map_err(|problem| hopeless("bad configuration", words::sentence(&problem)))?;
        self.ground
            .launcher
            .spawn_kept(&program, apart)
            .map_err(|error| {
                use std::io::ErrorKind::{NotFound, PermissionDenied};
                let name = program.program.to_string_lossy();
                match &error {
                    LaunchError::Closed(_) => Went::Stopped,
                    LaunchError::Refused { kind: NotFound, .. } => hopeless(
                        &format!("can't find command '{name}'"),
                        words::not_found(&name),
                    ),
                    LaunchError::Refused {
                        kind: PermissionDenied,
                        ..
                    } => hopeless(
                        &format!("command at '{name}' is not executable"),
                        words::not_executable(&name),
                    ),
                    LaunchError::NoFolder { .. } => hopeless(
                        "can't chdir to its directory",
                        words::sentence(&error.to_string()),
                    ),
                    _ => Went::Failed {
                        reason: "unknown error during spawn".to_owned(),
                        message: words::sentence(&error.to_string()),
                    },
                }
            })
    }

    /// Asks it to end, and kills what does not.
    async fn end(&mut self, kept: &mut Kept, pumps: Pumps) {
        self.set(ProgramState::Stopping, |_| {});
        let signal = Signal::from_named_raw(self.spec.stop_signal).unwrap_or(Signal::TERM);
        kept.signal(signal, self.spec.stop_as_group);
        let limit = Duration::from_secs(self.spec.stop_seconds.into());
        if timeout(limit, kept.wait()).await.is_err() {
            kept.signal(Signal::KILL, true);
            // Another user's cannot be killed; the session must not hang on it.
            let _ = timeout(LEFT_BEHIND, kept.wait()).await;
        }
        // What it has started in its group is asked too. That it is gone shows in the end of its output.
        if kept.has_group() {
            kept.signal(signal, true);
            let _ = timeout(LEFT_BEHIND, drain(pumps)).await;
            kept.signal(Signal::KILL, true);
        } else {
            drain(pumps).await;
        }
    }

    /// Waits before the next try; false when it is called off.
    async fn pause(&mut self, long: Duration) -> bool {
        let over = sleep(long);
        tokio::pin!(over);
        loop {
            tokio::select! {
                () = &mut over => return true,
                () = self.ground.closing.cancelled() => return false,
                command = self.commands.recv() => match command {
                    Some(Command::Start(answer)) => { let _ = answer.send(Started::Already); }
                    Some(Command::Stop(answer)) => {
                        self.set(ProgramState::Stopped, |_| {});
                        let _ = answer.send(true);
                        return false;
                    }
                    None => return false,
                },
            }
        }
    }

    fn give_up(&mut self, reason: String, message: String) {
        let answer = if reason.starts_with("can't find") {
            Started::NoFile
        } else if reason.ends_with("not executable") {
            Started::NotExecutable
        } else if reason.starts_with("Exited") {
            Started::EndedTooSoon
        } else {
            Started::NotSpawned
        };
        self.set(ProgramState::Fatal, |status| {
            status.reason = Some(reason);
            status.message = Some(message);
            status.unexpected = true;
        });
        self.answer(answer);
    }

    fn is_running(&mut self, pid: u32) {
        self.set(ProgramState::Running, |status| status.pid = Some(pid));
        self.answer(Started::Running);
    }

    fn answer(&mut self, started: Started) {
        if let Some(starter) = self.starter.take() {
            // Whoever asked may have gone.
            let _ = starter.send(started);
        }
    }

    fn set(&self, state: ProgramState, change: impl FnOnce(&mut Status)) {
        self.status.send_modify(|status| {
            let keeps = matches!(state, ProgramState::Stopping);
            *status = Status {
                state,
                since: Some((SystemTime::now(), Instant::now())),
                pid: status.pid.filter(|_| keeps),
                exit_code: status.exit_code,
                tries: status.tries,
                ..Status::default()
            };
            change(status);
        });
        (self.ground.changed)();
    }

    fn log_of_errors(&self) -> &Arc<Log> {
        self.errors.as_ref().unwrap_or(&self.output)
    }
}

type Pumps = [Option<JoinHandle<()>>; 2];

/// Carries what is printed into a log, until everybody has closed the pipe.
fn pump(mut pipe: pipe::Receiver, log: &Arc<Log>) -> JoinHandle<()> {
    let log = Arc::clone(log);
    tokio::spawn(async move {
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(count @ 1..) = pipe.read(&mut buffer).await {
            log.add(&buffer[..count]);
        }
    })
}

/// Waits until everything printed is in the log; what a child left behind prints goes on arriving.
async fn drain(pumps: Pumps) {
    for pump in pumps.into_iter().flatten() {
        let _ = timeout(LAST_WORDS, pump).await;
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
