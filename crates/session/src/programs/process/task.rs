//! The task behind a process: it starts it, waits for its end and starts it again.

use std::process::ExitStatus;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use atelier_content::programs::{ProgramSpec, Restart};
use rustix::process::Signal;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{sleep, timeout};

use super::output::{Pumps, drain, pump};
use super::{Command, Ground, Started, Status};
use crate::launch::Kept;
use crate::programs::log::Log;
use crate::programs::words;
use crate::protocol::ProgramState;

/// How long what is left of a stopped program's group may take to end by itself.
const LEFT_BEHIND: Duration = Duration::from_secs(2);
/// One that has ended sooner than this waits as long before it starts again.
const BETWEEN_RUNS: Duration = Duration::from_secs(1);

/// The task behind a process.
pub(super) struct Task {
    pub(super) number: u32,
    pub(super) spec: Arc<ProgramSpec>,
    pub(super) ground: Arc<Ground>,
    pub(super) output: Arc<Log>,
    pub(super) errors: Option<Arc<Log>>,
    pub(super) commands: mpsc::UnboundedReceiver<Command>,
    pub(super) status: watch::Sender<Status>,
    /// Who waits for the start under way.
    pub(super) starter: Option<oneshot::Sender<Started>>,
    /// How much it had printed before its last start.
    pub(super) printed: u64,
}

/// Why it did not come to run.
pub(super) struct Failure {
    /// In supervisor's words.
    pub(super) reason: String,
    /// For the learner.
    pub(super) message: String,
    /// What whoever waits for the start is told when it is given up.
    pub(super) started: Started,
}

/// How one run went.
pub(super) enum Went {
    /// It was told to stop, or the session ends.
    Stopped,
    /// It did not come to run, and may be tried again.
    Failed(Failure),
    /// It cannot come to run.
    Hopeless(Failure),
    /// It ran and came to its end.
    Ended(Option<ExitStatus>),
}

impl Task {
    pub(super) async fn run(mut self) {
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
            let goes_on = match self.once().await {
                Went::Stopped => {
                    self.answer(Started::Stopped);
                    self.set(ProgramState::Stopped, |_| {});
                    false
                }
                Went::Hopeless(failure) => {
                    self.give_up(failure);
                    false
                }
                Went::Failed(failure) => {
                    failures += 1;
                    self.back_off(failure, failures).await
                }
                Went::Ended(ended) => {
                    failures = 0;
                    self.has_ended(ended, begun.elapsed()).await
                }
            };
            if !goes_on {
                return;
            }
        }
    }

    /// It has failed to start so many times in a row; says whether it is to be tried again, and waits for that.
    async fn back_off(&mut self, failure: Failure, failures: u32) -> bool {
        if failures > self.spec.start_retries {
            let message = words::given_up(failures, &failure.message);
            self.give_up(Failure { message, ..failure });
            return false;
        }
        self.set(ProgramState::Backoff, |status| {
            status.reason = Some(failure.reason);
            status.message = Some(words::again(&failure.message, failures));
        });
        self.answer(Started::EndedTooSoon);
        self.pause(Duration::from_secs(failures.into())).await
    }

    /// It has run for so long and ended; says whether it is to run again.
    async fn has_ended(&mut self, ended: Option<ExitStatus>, ran: Duration) -> bool {
        let code = ended.and_then(|status| status.code());
        let expected = code.is_some_and(|code| self.spec.exit_codes.contains(&code));
        let last = words::last_line(self.log_of_errors(), self.printed);
        self.set(ProgramState::Exited, |status| {
            status.exit_code = code;
            status.unexpected = !expected;
            status.message = Some(words::ended(ended, (!expected).then_some(last).flatten()));
        });
        let again = match self.spec.restart {
            Restart::Never => false,
            Restart::Unexpected => !expected,
            Restart::Always => true,
        };
        // With `startsecs=0` no end comes too soon: without a pause it would start as fast as the computer can.
        again && (ran >= BETWEEN_RUNS || self.pause(BETWEEN_RUNS).await)
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
        let mut starting = !limit.is_zero();
        if !starting {
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
                    return if starting { self.too_soon(ended) } else { Went::Ended(ended) };
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

    /// It has ended before it counted as running.
    fn too_soon(&self, ended: Option<ExitStatus>) -> Went {
        let code = ended.and_then(|status| status.code());
        self.status.send_modify(|status| status.exit_code = code);
        let last = words::last_line(self.log_of_errors(), self.printed);
        Went::Failed(Failure {
            reason: "Exited too quickly (process log may have details)".to_owned(),
            message: words::too_soon(ended, self.spec.start_seconds, last),
            started: Started::EndedTooSoon,
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

    /// Waits before the next try; false when it is called off, and then it is stopped.
    async fn pause(&mut self, long: Duration) -> bool {
        let over = sleep(long);
        tokio::pin!(over);
        let stopped = loop {
            tokio::select! {
                () = &mut over => return true,
                () = self.ground.closing.cancelled() => break None,
                command = self.commands.recv() => match command {
                    Some(Command::Start(answer)) => { let _ = answer.send(Started::Already); }
                    Some(Command::Stop(answer)) => break Some(answer),
                    None => break None,
                },
            }
        };
        self.set(ProgramState::Stopped, |_| {});
        if let Some(answer) = stopped {
            let _ = answer.send(true);
        }
        false
    }

    fn give_up(&mut self, failure: Failure) {
        self.set(ProgramState::Fatal, |status| {
            status.reason = Some(failure.reason);
            status.message = Some(failure.message);
            status.unexpected = true;
        });
        self.answer(failure.started);
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
