//! A connection to one keeper: starts its process, and hears what it tells to its end.

use std::collections::HashMap;
use std::io::{self, PipeReader, Read};
use std::os::fd::OwnedFd;
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
use rustix::process::{Pid, PidfdFlags, pidfd_open, setsid};

use super::wire::{Frame, Incoming, send};
use super::{KeeperCommand, told};
use crate::launch::children::Registration;
use crate::launch::open_files;
use crate::launch::owned::Marker;

/// A keeper that says nothing for this long is stopped or stuck.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);
/// How long what a killed keeper has left behind has to end.
const LEFT: Duration = Duration::from_millis(500);
/// How long a keeper has to end when nobody speaks to it any more, with all that it has to end first.
pub(super) const GOING: Duration = Duration::from_secs(12);

/// A connection to one keeper's process.
pub(super) struct Line {
    pub(super) socket: OwnedFd,
    /// The process that was started: the keeper, or what was put around it.
    pub(super) process: OwnedFd,
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
pub(super) struct State {
    pub(super) phase: Phase,
    /// Why there is no keeper any more.
    reason: String,
    /// Whether the player has hung up, or is about to.
    pub(super) leaving: bool,
    pub(super) all_ended: bool,
    last: u32,
    waiting: HashMap<u32, mpsc::Sender<Answer>>,
    living: HashMap<u32, Living>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Phase {
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

pub(super) type OnEnd = Box<dyn FnOnce(Option<ExitStatus>) + Send>;

pub(super) enum Answer {
    Started(Vec<OwnedFd>),
    Refused(io::Error),
    NoFolder,
}

impl Line {
    pub(super) fn open(command: &KeeperCommand, marker: &Marker) -> io::Result<Arc<Line>> {
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

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn wait(&self, limit: Duration, condition: impl Fn(&State) -> bool) {
        let waited = self
            .changed
            .wait_timeout_while(self.state(), limit, |state| !condition(state));
        drop(waited);
    }

    pub(super) fn send(
        &self,
        frame: &Frame,
        fds: &[std::os::fd::BorrowedFd<'_>],
    ) -> io::Result<()> {
        let _alone = self.sending.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = send(&self.socket, frame, fds);
        if sent.is_err() && !frame.is_too_long() {
            // Half a frame may have gone out: nothing can follow it.
            let _ = shutdown(&self.socket, Shutdown::Both);
        }
        sent
    }

    pub(super) fn hang_up(&self) {
        self.state().leaving = true;
        // It is closed already when the keeper is gone.
        let _ = shutdown(&self.socket, Shutdown::Both);
    }

    /// Prepares for the answer to a request and for the end of what it starts.
    pub(super) fn expect(
        &self,
        answered: mpsc::Sender<Answer>,
        on_end: OnEnd,
    ) -> Result<u32, String> {
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

    pub(super) fn forget(&self, number: u32) {
        let mut state = self.state();
        state.waiting.remove(&number);
        state.living.remove(&number);
    }

    pub(super) fn register(&self, number: u32, registration: Registration) {
        if let Some(living) = self.state().living.get_mut(&number) {
            living.registration = Some(registration);
        }
    }

    pub(super) fn why_gone(&self) -> String {
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
