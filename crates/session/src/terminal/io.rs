//! A terminal's two threads: one reads and writes the pseudo-terminal, one waits for the program's end.

use std::io::PipeReader;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::ExitStatusExt;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::Signal;

use super::foreground::Waits;
use super::progress::{Activity, TerminalEvent};
use super::{KEPT, Shared, State};
use crate::launch::{PtyEnd, signal_group};

/// How long a hung-up terminal's programs have before they are killed.
const HANG_UP: Duration = Duration::from_secs(1);
/// A start script counts as ready for input this long after it has printed something.
const SETTLED: Duration = Duration::from_millis(150);
/// A shell that asks something before its first prompt counts as ready after this long without output; so does a start script
/// that never prints.
const ASKING: Duration = Duration::from_secs(1);

/// Starts the threads. They end once the terminal is dropped, or its program and all output have come to their end.
pub(super) fn start(shared: &Arc<Shared>, master: OwnedFd, wake: Option<PipeReader>, end: PtyEnd) {
    if let Some(writer) = &shared.input().wake {
        nonblocking(writer);
    }
    if let Some(reader) = &wake {
        nonblocking(reader);
    }
    let (exited, exit) = channel();
    let name = shared.name.clone();
    let waking = Arc::clone(shared);
    // A thread that cannot be started leaves a terminal without output: there is nobody to tell.
    let _ = thread::Builder::new()
        .name(format!("terminal-{name}-wait"))
        .spawn(move || {
            let status = end().map(|status| {
                status
                    .code()
                    .unwrap_or_else(|| 128 + status.signal().unwrap_or_default())
            });
            let _ = exited.send(status.unwrap_or(-1));
            waking.input().wake();
        });
    let shared = Arc::clone(shared);
    let _ = thread::Builder::new()
        .name(format!("terminal-{name}-io"))
        .spawn(move || {
            Loop {
                shared,
                master: Some(master),
                wake,
                exit,
                ended: None,
                last_output: None,
                started: Instant::now(),
                told: false,
            }
            .run();
        });
}

fn nonblocking(fd: impl AsFd) {
    use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
    // A blocking pipe would only ever block when 64 KiB of wake-ups are unread, which the loop does not let happen.
    let _ = fcntl_getfl(&fd).and_then(|flags| fcntl_setfl(&fd, flags | OFlags::NONBLOCK));
}

struct Loop {
    shared: Arc<Shared>,
    /// `None` once nobody has the other side open any more.
    master: Option<OwnedFd>,
    wake: Option<PipeReader>,
    exit: Receiver<i32>,
    ended: Option<i32>,
    last_output: Option<Instant>,
    started: Instant,
    /// Whether the end has been announced.
    told: bool,
}

impl Loop {
    fn run(mut self) {
        let mut buffer = vec![0; 64 * 1024];
        let mut hung_up: Option<Instant> = None;
        let mut killed = false;
        while !(self.told && self.master.is_none()) {
            let patience = if killed { 2 * HANG_UP } else { HANG_UP };
            self.wait(hung_up.map(|since| since + patience));
            self.read(&mut buffer);
            self.announce_end();
            self.become_ready();
            self.write();
            if hung_up.is_none() && self.shared.input().stopped {
                // Interactive shells ignore TERM; HUP is what closing a terminal means.
                self.signal_programs(Signal::HUP);
                self.signal_programs(Signal::CONT);
                hung_up = Some(Instant::now());
            }
            // The program is gone and nobody looks at what its children still print.
            let done = self.ended.is_some() && self.master.is_none();
            let Some(since) = hung_up else {
                continue;
            };
            if !killed && (done || since.elapsed() >= HANG_UP) {
                self.signal_programs(Signal::KILL);
                killed = true;
            }
            // Whoever waits for its end is told of it, also when its first program cannot be killed (another user's).
            if killed && (self.told || since.elapsed() >= 2 * HANG_UP) {
                self.tell_end(self.ended.unwrap_or(-1));
                return;
            }
        }
    }

    /// Waits for output, for room to write, or to be woken.
    fn wait(&self, until: Option<Instant>) {
        let input = self.shared.input();
        let writing = !input.waiting.is_empty();
        let settling = !input.ready && (input.by_quiet || self.last_output.is_some());
        let quiet = if input.by_quiet { SETTLED } else { ASKING };
        drop(input);
        let timeout = match until {
            Some(until) => Some(until.saturating_duration_since(Instant::now())),
            None if settling => Some(quiet),
            None if self.wake.is_none() => Some(Duration::from_millis(50)),
            None => None,
        };
        let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
        let wanted = if writing {
            PollFlags::IN | PollFlags::OUT
        } else {
            PollFlags::IN
        };
        let master = self.master.iter().map(|master| PollFd::new(master, wanted));
        let mut fds: Vec<PollFd<'_>> = master
            .chain(
                self.wake
                    .iter()
                    .map(|wake| PollFd::new(wake, PollFlags::IN)),
            )
            .collect();
        // Interrupted or failed, the loop just looks again.
        let _ = poll(&mut fds, timeout.as_ref());
        drop(fds);
        if let Some(wake) = &self.wake {
            let _ = rustix::io::read(wake, &mut [0_u8; 256]);
        }
    }

    fn read(&mut self, buffer: &mut [u8]) {
        let Some(master) = &self.master else {
            return;
        };
        match rustix::io::read(master, &mut *buffer) {
            Ok(0) | Err(Errno::IO) => self.master = None,
            Ok(count) => {
                self.last_output = Some(Instant::now());
                take_output(&self.shared, &buffer[..count]);
            }
            Err(Errno::AGAIN | Errno::INTR) => {}
            Err(_) => self.master = None,
        }
    }

    fn write(&mut self) {
        let mut input = self.shared.input();
        let Some(master) = &self.master else {
            input.waiting.clear();
            return;
        };
        if !input.waiting.is_empty() {
            match rustix::io::write(master, &input.waiting) {
                Ok(count) => drop(input.waiting.drain(..count)),
                Err(Errno::AGAIN | Errno::INTR) => {}
                Err(_) => input.waiting.clear(),
            }
        }
    }

    /// Announces the program's end once everything it printed has been read.
    fn announce_end(&mut self) {
        if self.ended.is_none() {
            self.ended = self.exit.try_recv().ok();
        }
        let Some(status) = self.ended.filter(|_| !self.told) else {
            return;
        };
        let more = self.master.as_ref().is_some_and(|master| {
            let mut fds = [PollFd::new(master, PollFlags::IN)];
            poll(
                &mut fds,
                Some(&Timespec {
                    tv_sec: 0,
                    tv_nsec: 0,
                }),
            )
            .is_ok_and(|ready| ready > 0)
        });
        if !more {
            self.tell_end(status);
        }
    }

    fn tell_end(&mut self, status: i32) {
        if std::mem::replace(&mut self.told, true) {
            return;
        }
        self.shared
            .activity
            .send_replace(Activity::Exited { status });
        // Nobody listening is fine.
        let _ = self.shared.events.send(TerminalEvent::Exited { status });
    }

    /// A start script shows no prompt marks, so that quiet after output has to do.
    fn become_ready(&self) {
        let quiet = self.last_output.unwrap_or(self.started).elapsed();
        let input = self.shared.input();
        let by_quiet = input.by_quiet;
        if input.ready || !(by_quiet || self.last_output.is_some()) {
            return;
        }
        drop(input);
        let settled = if self.last_output.is_some() {
            SETTLED
        } else {
            ASKING
        };
        let asks = || {
            self.shared.look().is_some_and(|look| {
                matches!(
                    look.waits,
                    Waits::Reading | Waits::Polling | Waits::PollingMore
                )
            })
        };
        if (by_quiet && quiet >= settled) || (quiet >= ASKING && asks()) {
            let bracketed = self.shared.state().screen.bracketed_paste();
            self.shared.input().become_ready(bracketed);
            self.shared.ready.send_replace(true);
        }
    }

    /// Signals every process of the terminal, background jobs included.
    fn signal_programs(&self, signal: Signal) {
        if self.ended.is_none() {
            signal_group(self.shared.pid, signal);
        }
        for stat in crate::launch::proc::all() {
            let own = u32::try_from(stat.session) == Ok(self.shared.pid) && !stat.is_over();
            if own && let Some(pid) = rustix::process::Pid::from_raw(stat.pid) {
                // It may be gone by now.
                let _ = rustix::process::kill_process(pid, signal);
            }
        }
    }
}

/// Feeds the screen, the views and the events.
fn take_output(shared: &Shared, bytes: &[u8]) {
    let mut state = shared.state();
    let State {
        screen,
        views,
        progress,
        recent,
        track,
    } = &mut *state;
    let fed = screen.feed(bytes);
    views.offer(bytes);
    if let Some(track) = track {
        track.output(bytes);
    }
    recent.extend_from_slice(bytes);
    // Trimmed now and then only, so that a flood does not move the rest with every read.
    if recent.len() > 2 * KEPT {
        recent.drain(..recent.len() - KEPT);
    }
    let bracketed = screen.bracketed_paste();
    shared
        .output
        .send_modify(|total| *total += bytes.len() as u64);
    for mark in fed.marks {
        let (events, activity) = progress.take(mark);
        // In this order: who waited for the activity and subscribes then must not be told what is past.
        for event in events {
            if matches!(event, TerminalEvent::PromptShown { .. }) {
                shared.input().prompt_shown();
            }
            let _ = shared.events.send(event);
        }
        if let Some(activity) = activity {
            shared.activity.send_replace(activity);
        }
    }
    drop(state);
    let mut input = shared.input();
    let prompt = matches!(*shared.activity.borrow(), Activity::AtPrompt { .. });
    input.waiting.extend(fed.replies);
    if prompt && !input.ready {
        input.become_ready(bracketed);
        shared.ready.send_replace(true);
    }
}
