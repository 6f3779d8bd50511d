//! The player's side: starts a keeper, asks it, and hears what it tells.

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::io::{self, PipeReader, Read};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::FdFlags;
use rustix::net::sockopt::{Timeout, set_socket_timeout};
use rustix::net::{
    AddressFamily, RecvFlags, Shutdown, SocketFlags, SocketType, shutdown, socketpair,
};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal, setsid};
use tokio::sync::watch;

use super::wire::{Frame, Incoming, send};
use super::{KeeperCommand, OWN_UMASK, asked, told};
use crate::launch::children::{Children, Registration};
use crate::launch::open_files;
use crate::launch::owned::Marker;
use crate::launch::pty::PtyChild;
use crate::launch::running::{Started, Streams};
use crate::launch::{LaunchError, Program};

/// A keeper that says nothing for this long is stopped or stuck.
const PATIENCE: Duration = Duration::from_secs(30);
const HANGS: &str = "has not answered for 30 seconds and is being ended, with all that it has started. Try again; if that does not help, close the session and open it again";
/// How long a keeper has to end its family beyond the grace of its programs.
const ENDING: Duration = Duration::from_secs(10);
/// How long what a killed keeper has left behind has to end.
const LEFT: Duration = Duration::from_millis(500);
/// How long a keeper has to end when nobody speaks to it any more, with all that it has to end first.
const GOING: Duration = Duration::from_secs(12);

/// The keeper of one session. One that was killed is followed by another when something is to be started.
pub(in crate::launch) struct Keeper {
    command: KeeperCommand,
    marker: Marker,
    children: Arc<Children>,
    line: Mutex<Arc<Line>>,
}

/// A connection to one keeper's process.
struct Line {
    socket: OwnedFd,
    /// The process that was started: the keeper, or what was put around it.
    process: OwnedFd,
    /// Held while a frame is sent, so that no other gets into it.
    sending: Mutex<()>,
    state: Mutex<State>,
    changed: Condvar,
}

/// A keeper's process, which is over when this is dropped, and leaves no zombie.
struct Reaped(Child);

impl Drop for Reaped {
    fn drop(&mut self) {
        // Nothing happens to one that was waited for already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[derive(Default)]
struct State {
    phase: Phase,
    /// Why there is no keeper any more.
    reason: String,
    /// Whether the player has hung up, or is about to.
    leaving: bool,
    all_ended: bool,
    last: u32,
    waiting: HashMap<u32, mpsc::Sender<Answer>>,
    living: HashMap<u32, Living>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Phase {
    #[default]
    Open,
    /// The keeper is gone, and what it has left behind is being ended.
    Gone,
    Over,
}

/// A child that has not ended.
struct Living {
    on_end: OnEnd,
    registration: Option<Registration>,
}

type OnEnd = Box<dyn FnOnce(Option<ExitStatus>) + Send>;

enum Answer {
    Started(Vec<OwnedFd>),
    Refused(io::Error),
    NoFolder,
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

impl Line {
    fn open(command: &KeeperCommand, marker: &Marker) -> io::Result<Arc<Line>> {
        let flags = SocketFlags::CLOEXEC;
        let (socket, theirs) = socketpair(AddressFamily::UNIX, SocketType::STREAM, flags, None)?;
        set_socket_timeout(&socket, Timeout::Send, Some(PATIENCE))?;
        let (errors, writer) = io::pipe()?;
        let mut process = match &command.enclosure {
            Some(enclosure) => enclosure.command(&command.program)?,
            None => Command::new(&command.program),
        };
        process
            .args(&command.args)
            .env_clear()
            .envs(command.env.iter().cloned())
            .stdin(theirs)
            .stdout(Stdio::null())
            .stderr(writer);
        let inherited = command.inherited.clone();
        let lower_open_files = open_files::lower();
        // SAFETY: all are plain system calls, async-signal-safe; the descriptors live as long as the closure.
        #[allow(unsafe_code)]
        unsafe {
            process.pre_exec(move || {
                // Away from the player's terminal: its Ctrl+C is for the player.
                setsid()?;
                lower_open_files();
                for fd in &inherited {
                    rustix::io::fcntl_setfd(fd, FdFlags::empty())?;
                }
                Ok(())
            });
        }
        let child = Reaped(process.spawn()?);
        // It holds the keeper's end of the socket.
        drop(process);
        let pid = i32::try_from(child.0.id()).ok().and_then(Pid::from_raw);
        let process = pidfd_open(pid.ok_or(io::ErrorKind::InvalidData)?, PidfdFlags::empty())?;
        let line = Arc::new(Line {
            socket,
            process,
            sending: Mutex::default(),
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let (listening, marker) = (Arc::clone(&line), marker.clone());
        let hears = thread::Builder::new()
            .name("keeper".to_owned())
            .spawn(move || listening.listen(child, errors, &marker));
        hears.map(|_| line)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait(&self, limit: Duration, condition: impl Fn(&State) -> bool) {
        let waited = self
            .changed
            .wait_timeout_while(self.state(), limit, |state| !condition(state));
        drop(waited);
    }

    fn send(&self, frame: &Frame, fds: &[std::os::fd::BorrowedFd<'_>]) -> io::Result<()> {
        let _alone = self.sending.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = send(&self.socket, frame, fds);
        if sent.is_err() && !frame.is_too_long() {
            // Half a frame may have gone out: nothing can follow it.
            let _ = shutdown(&self.socket, Shutdown::Both);
        }
        sent
    }

    fn hang_up(&self) {
        self.state().leaving = true;
        // It is closed already when the keeper is gone.
        let _ = shutdown(&self.socket, Shutdown::Both);
    }

    /// Prepares for the answer to a request and for the end of what it starts.
    fn expect(&self, answered: mpsc::Sender<Answer>, on_end: OnEnd) -> Result<u32, String> {
        let mut state = self.state();
        if state.phase != Phase::Open {
            drop(state);
            return Err(self.why_gone());
        }
        state.last = state.last.wrapping_add(1);
        let number = state.last;
        state.waiting.insert(number, answered);
        let living = Living {
            on_end,
            registration: None,
        };
        state.living.insert(number, living);
        Ok(number)
    }

    fn forget(&self, number: u32) {
        let mut state = self.state();
        state.waiting.remove(&number);
        state.living.remove(&number);
    }

    fn register(&self, number: u32, registration: Registration) {
        if let Some(living) = self.state().living.get_mut(&number) {
            living.registration = Some(registration);
        }
    }

    fn why_gone(&self) -> String {
        self.wait(2 * GOING, |state| !state.reason.is_empty());
        self.state().reason.clone()
    }

    /// Hears the keeper to its end, and ends what it may have left.
    fn listen(&self, mut child: Reaped, errors: PipeReader, marker: &Marker) {
        let mut errors = Some(errors);
        let mut incoming = Incoming::default();
        loop {
            match incoming.receive(&self.socket, RecvFlags::empty()) {
                Ok(true) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Ok(false) | Err(_) => break,
            }
            let heard = loop {
                match incoming.next() {
                    Ok(Some((frame, fds))) => match self.hear(frame, fds) {
                        Ok(told::HELLO) => errors = None,
                        Ok(_) => {}
                        Err(error) => break Err(error),
                    },
                    Ok(None) => break Ok(()),
                    Err(error) => break Err(error),
                }
            };
            if heard.is_err() {
                break;
            }
        }
        let _ = shutdown(&self.socket, Shutdown::Both);
        let mut state = self.state();
        state.phase = Phase::Gone;
        let leaving = state.leaving;
        drop(state);
        let status = self.end_of(&mut child.0);
        let mut state = self.state();
        state.reason = reason(errors, status);
        // Nobody gets an answer any more.
        state.waiting.clear();
        let living = std::mem::take(&mut state.living);
        drop(state);
        self.changed.notify_all();
        if !leaving {
            marker.end(LEFT);
        }
        for living in living.into_values() {
            drop(living.registration);
            (living.on_end)(None);
        }
        self.state().phase = Phase::Over;
        self.changed.notify_all();
    }

    /// Waits for the end of a keeper that hears nobody any more, and kills it when that takes too long.
    fn end_of(&self, child: &mut Child) -> Option<ExitStatus> {
        let deadline = Instant::now() + GOING;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let timeout = Timespec::try_from(left).ok();
            let mut fds = [PollFd::new(&self.process, PollFlags::IN)];
            if poll(&mut fds, timeout.as_ref()) != Err(rustix::io::Errno::INTR) {
                break;
            }
        }
        // It may have ended, which is fine.
        let _ = child.kill();
        child.wait().ok()
    }

    fn hear(&self, mut frame: Frame, fds: Vec<OwnedFd>) -> io::Result<u32> {
        let what = frame.take_number()?;
        match what {
            told::HELLO => {}
            told::ALL_ENDED => {
                self.state().all_ended = true;
                self.changed.notify_all();
            }
            told::ENDED => {
                let (number, status) = (frame.take_number()?, frame.take_number()?);
                let ended = self.state().living.remove(&number);
                if let Some(ended) = ended {
                    drop(ended.registration);
                    (ended.on_end)(Some(ExitStatus::from_raw(status as i32)));
                }
            }
            told::STARTED => self.answer(frame.take_number()?, Answer::Started(fds)),
            told::NO_FOLDER => self.answer(frame.take_number()?, Answer::NoFolder),
            told::REFUSED => {
                let (number, code) = (frame.take_number()?, frame.take_number()?);
                let error = match i32::try_from(code) {
                    Ok(code @ 1..) => io::Error::from_raw_os_error(code),
                    _ => io::Error::other(frame.take_text()?.to_string_lossy().into_owned()),
                };
                self.answer(number, Answer::Refused(error));
            }
            _ => return Err(io::ErrorKind::InvalidData.into()),
        }
        Ok(what)
    }

    fn answer(&self, number: u32, answer: Answer) {
        let mut state = self.state();
        if !matches!(answer, Answer::Started(_)) {
            state.living.remove(&number);
        }
        if let Some(waiting) = state.waiting.remove(&number) {
            // Whoever has asked may have lost patience.
            let _ = waiting.send(answer);
        }
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

fn reason(errors: Option<PipeReader>, status: Option<ExitStatus>) -> String {
    let Some(mut errors) = errors else {
        return match status {
            Some(status) => format!("has ended ({status})"),
            None => "has ended".to_owned(),
        };
    };
    // Somebody else may still hold its other end.
    let _ = rustix::io::ioctl_fionbio(&errors, true);
    let mut words = vec![0; 2048];
    let count = errors.read(&mut words).unwrap_or_default();
    let words = String::from_utf8_lossy(&words[..count]).trim().to_owned();
    match (words.is_empty(), status) {
        (false, _) => format!("did not start: {words}"),
        (true, Some(status)) => format!("did not start ({status})"),
        (true, None) => "did not start".to_owned(),
    }
}
