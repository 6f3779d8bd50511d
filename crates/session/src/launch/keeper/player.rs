//! The player's side: has a keeper start programs, and end them.

use std::fmt;
use std::fs;
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use rustix::net::{Shutdown, shutdown};
use rustix::process::{Signal, pidfd_send_signal};
use tokio::sync::watch;

use super::line::{Answer, GOING, Line, OnEnd, PATIENCE, Phase};
use super::wire::Frame;
use super::{KeeperCommand, OWN_UMASK, asked};
use crate::launch::children::{Children, Registration};
use crate::launch::owned::Marker;
use crate::launch::pty::PtyChild;
use crate::launch::running::{Started, Streams};
use crate::launch::{LaunchError, Program};

const HANGS: &str = "has not answered for 30 seconds and is being ended, with all that it has started. Try again; if that does not help, close the session and open it again";
/// How long a keeper has to end its family beyond the grace of its programs.
const ENDING: Duration = Duration::from_secs(10);

/// The keeper of one session. One that was killed is followed by another when something is to be started.
pub(in crate::launch) struct Keeper {
    command: KeeperCommand,
    marker: Marker,
    children: Arc<Children>,
    line: Mutex<Arc<Line>>,
}

/// What a child gets from the player.
enum On {
    Streams(Streams),
    Terminal { columns: u16, rows: u16 },
}

impl Keeper {
    pub(in crate::launch) fn start(
        command: KeeperCommand,
        marker: Marker,
        children: Arc<Children>,
    ) -> Result<Self, LaunchError> {
        let line = Line::open(&command, &marker).map_err(|error| LaunchError::Refused {
            program: command.program.display().to_string(),
            reason: error.to_string(),
            kind: error.kind(),
        })?;
        Ok(Keeper {
            command,
            marker,
            children,
            line: Mutex::new(line),
        })
    }

    pub(in crate::launch) fn spawn_pty(
        &self,
        program: &Program,
        columns: u16,
        rows: u16,
    ) -> Result<PtyChild, LaunchError> {
        let (sender, end) = mpsc::channel();
        let on_end = Box::new(move |status| {
            // A terminal whose thread could not be started waits for nothing.
            let _ = sender.send(status);
        });
        let on = On::Terminal { columns, rows };
        let (pid, master) = self.ask(program, on, on_end)?;
        let end = move || end.recv().ok().flatten();
        let lost = || program.refused(&io::ErrorKind::InvalidData.into());
        let master = master.ok_or_else(lost)?;
        PtyChild::new(pid, master, Box::new(end), self.marker.clone())
            .map_err(|error| program.refused(&error))
    }

    pub(in crate::launch) fn spawn_piped(
        &self,
        program: &Program,
        streams: Streams,
    ) -> Result<Started, LaunchError> {
        let (sender, status) = watch::channel(None);
        let on_end = Box::new(move |status| {
            sender.send_replace(status);
        });
        let (pid, _) = self.ask(program, On::Streams(streams), on_end)?;
        Ok(Started { pid, status })
    }

    /// Has a program started: its process id as it is out here, and the master side of its terminal.
    fn ask(
        &self,
        program: &Program,
        on: On,
        on_end: OnEnd,
    ) -> Result<(u32, Option<OwnedFd>), LaunchError> {
        let no_keeper = |reason: String| LaunchError::NoKeeper {
            program: program.name(),
            reason,
        };
        let line = self.line().map_err(no_keeper)?;
        let (answered, answer) = mpsc::channel();
        let number = line.expect(answered, on_end).map_err(no_keeper)?;
        let (frame, streams) = request(number, program, on);
        let fds: Vec<_> = streams.iter().map(AsFd::as_fd).collect();
        if let Err(error) = line.send(&frame, &fds) {
            line.forget(number);
            return Err(if frame.is_too_long() {
                program.refused(&error)
            } else {
                no_keeper(line.why_gone())
            });
        }
        drop(streams);
        match answer.recv_timeout(PATIENCE) {
            Ok(Answer::Started(fds)) => {
                let mut fds = fds.into_iter();
                let pid = fds
                    .next()
                    .map_or(Err(io::ErrorKind::InvalidData.into()), id_of);
                if let Ok(pid) = pid {
                    line.register(number, Registration::new(Arc::clone(&self.children), pid));
                }
                // The keeper may be gone by now, which its end will tell.
                let _ = line.send(&Frame::default().number(asked::KNOWN).number(number), &[]);
                let pid = pid.map_err(|error| program.refused(&error))?;
                Ok((pid, fds.next()))
            }
            Ok(Answer::Refused(error)) => Err(program.refused(&error)),
            Ok(Answer::NoFolder) => Err(program.no_folder()),
            Err(mpsc::RecvTimeoutError::Disconnected) => Err(no_keeper(line.why_gone())),
            Err(mpsc::RecvTimeoutError::Timeout) => {
                // What it does later cannot be trusted any more: its end ends what it has started.
                let _ = shutdown(&line.socket, Shutdown::Both);
                Err(no_keeper(HANGS.to_owned()))
            }
        }
    }

    /// The connection to a living keeper, which is started if need be.
    fn line(&self) -> Result<Arc<Line>, String> {
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        if line.state().phase != Phase::Open {
            // What the last one has left behind carries the same marks as what starts now.
            line.wait(PATIENCE, |state| state.phase == Phase::Over);
            *line = Line::open(&self.command, &self.marker)
                .map_err(|error| format!("could not be started again: {error}"))?;
        }
        Ok(Arc::clone(&line))
    }

    /// What ends everything and then the keeper: blocking, for at most `grace` and a few seconds.
    pub(in crate::launch) fn ending(&self, grace: Duration) -> impl FnOnce() + Send + 'static {
        let line = Arc::clone(&self.line.lock().unwrap_or_else(PoisonError::into_inner));
        move || {
            line.state().leaving = true;
            let milliseconds = u32::try_from(grace.as_millis()).unwrap_or(u32::MAX);
            let end = Frame::default().number(asked::END).number(milliseconds);
            if line.send(&end, &[]).is_ok() {
                line.wait(grace + ENDING, |state| {
                    state.all_ended || state.phase != Phase::Open
                });
            }
            if !line.state().all_ended {
                // Somebody has stopped it, or it is gone. What it leaves has marks.
                let _ = pidfd_send_signal(&line.process, Signal::KILL);
            }
            line.hang_up();
            line.wait(GOING, |state| state.phase == Phase::Over);
        }
    }

    /// Hangs up, which ends the keeper and everything below it, and waits for nothing.
    pub(in crate::launch) fn leave(&self) {
        self.line
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .hang_up();
    }
}

impl fmt::Debug for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keeper")
            .field("command", &self.command)
            .finish_non_exhaustive()
    }
}

fn request(number: u32, program: &Program, on: On) -> (Frame, Vec<OwnedFd>) {
    let (columns, rows, streams) = match on {
        On::Streams(streams) => (0, 0, vec![streams.stdin, streams.stdout, streams.stderr]),
        On::Terminal { columns, rows } => (columns, rows, Vec::new()),
    };
    let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let mut frame = Frame::default()
        .number(asked::START)
        .number(number)
        .number(columns.into())
        .number(rows.into())
        .number(program.umask.unwrap_or(OWN_UMASK))
        .text(program.cwd.as_os_str())
        .text(&program.program)
        .number(count(program.args.len()));
    for arg in &program.args {
        frame = frame.text(arg);
    }
    frame = frame.number(count(program.env.len()));
    for (name, value) in &program.env {
        frame = frame.text(name.as_ref()).text(value.as_ref());
    }
    (frame, streams)
}

/// The id that a process has out here, which is not the one that its keeper knows.
fn id_of(process: OwnedFd) -> io::Result<u32> {
    let info = fs::read_to_string(format!("/proc/self/fdinfo/{}", process.as_raw_fd()))?;
    let id = info.lines().find_map(|line| line.strip_prefix("Pid:"));
    let id = id.and_then(|id| id.trim().parse().ok());
    // 0 and -1 stand for a process that cannot be seen from here, and for one that is gone.
    id.filter(|id| *id > 0)
        .ok_or_else(|| io::Error::other("its process cannot be seen"))
}
