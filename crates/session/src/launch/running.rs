//! A child with pipes: its input, its output, its end.

use std::fmt;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::unix::pipe;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::{LaunchError, Launcher, Program, signal_group};

/// A child with pipes. Dropping it kills its process group without waiting; it is reaped all the same.
#[derive(Debug)]
pub struct Running {
    /// The process id, which is also its process group.
    pub pid: u32,
    /// Its standard input; dropping it is end-of-file.
    pub stdin: Option<pipe::Sender>,
    /// Standard output and standard error, in the order in which they were written.
    pub output: pipe::Receiver,
    status: watch::Receiver<Option<ExitStatus>>,
}

/// Gets each piece of a run's output as it comes.
pub type OnOutput = Box<dyn FnMut(&[u8]) + Send>;

/// How a run may go and end.
pub struct RunOptions {
    /// Written to standard input, which is then closed.
    pub stdin: Vec<u8>,
    /// After this long the process group is ended. `None` waits for ever.
    pub timeout: Option<Duration>,
    /// Between TERM and KILL.
    pub grace: Duration,
    /// Ends the run when cancelled.
    pub cancel: CancellationToken,
    /// How many bytes of output are kept: the last ones.
    pub keep: usize,
    /// Called with each piece of output as it comes.
    pub on_output: Option<OnOutput>,
}

/// A run that is over.
#[derive(Debug)]
pub struct Finished {
    /// Whether it ended by itself.
    pub ending: Ending,
    /// Its status; `None` only when the system lost it.
    pub status: Option<ExitStatus>,
    /// The last bytes of its output.
    pub output: Vec<u8>,
    /// How long it ran.
    pub duration: Duration,
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The program came to its end, or was killed by somebody else.
    Itself,
    /// The time was up.
    TimedOut,
    /// The run was cancelled.
    Cancelled,
}

impl Default for RunOptions {
    fn default() -> Self {
        RunOptions {
            stdin: Vec::new(),
            timeout: None,
            grace: Duration::from_secs(2),
            cancel: CancellationToken::new(),
            keep: 64 * 1024,
            on_output: None,
        }
    }
}

impl fmt::Debug for RunOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunOptions")
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

impl Running {
    pub(super) fn start(launcher: &Launcher, program: &Program) -> Result<Running, LaunchError> {
        let pipes = || {
            let ((input, stdin), (output, writer)) = (io::pipe()?, io::pipe()?);
            let streams = Streams {
                stdin: input.into(),
                stderr: writer.try_clone()?.into(),
                stdout: writer.into(),
            };
            let stdin = pipe::Sender::from_owned_fd(stdin.into())?;
            let output = pipe::Receiver::from_owned_fd(output.into())?;
            Ok((streams, stdin, output))
        };
        let (streams, stdin, output) = pipes().map_err(|error| program.refused(&error))?;
        let Started { pid, status } = launcher.start(program, streams)?;
        Ok(Running {
            pid,
            stdin: Some(stdin),
            output,
            status,
        })
    }

    /// Waits for the end of the process itself; its children may go on. `None` when the system lost its status.
    pub async fn wait(&mut self) -> Option<ExitStatus> {
        // An error means that the reaping task is gone without a status.
        self.status
            .wait_for(Option::is_some)
            .await
            .ok()
            .and_then(|status| *status)
    }

    /// Ends the process group: TERM, then KILL after `grace`.
    pub async fn end(&mut self, grace: Duration) -> Option<ExitStatus> {
        self.signal(Signal::TERM);
        let ended = tokio::time::timeout(grace, self.wait()).await;
        // Also what the leader left behind in its group.
        self.signal(Signal::KILL);
        match ended {
            Ok(status) => status,
            Err(_) => self.wait().await,
        }
    }

    /// Signals the process group, unless it was lost.
    fn signal(&self, signal: Signal) {
        if !is_lost(&self.status) {
            signal_group(self.pid, signal);
        }
    }

    /// Feeds it, collects its output and waits for its end, or ends it.
    pub async fn finish(mut self, mut options: RunOptions) -> Finished {
        let started = Instant::now();
        let mut output = Tail {
            kept: Vec::new(),
            keep: options.keep,
            on_output: options.on_output.take(),
        };
        let feed = feed(self.stdin.take(), std::mem::take(&mut options.stdin));
        let timeout = async {
            match options.timeout {
                Some(limit) => tokio::time::sleep(limit).await,
                None => std::future::pending().await,
            }
        };
        tokio::pin!(feed, timeout);
        let mut fed = false;
        let mut open = true;
        let mut buffer = vec![0; 16 * 1024];
        let ending = loop {
            tokio::select! {
                biased;
                () = options.cancel.cancelled() => break Ending::Cancelled,
                () = &mut timeout => break Ending::TimedOut,
                () = &mut feed, if !fed => fed = true,
                read = self.output.read(&mut buffer), if open => match read {
                    Ok(0) | Err(_) => open = false,
                    Ok(count) => output.add(&buffer[..count]),
                },
                _ = self.status.wait_for(Option::is_some) => break Ending::Itself,
            }
        };
        let status = match ending {
            Ending::Itself => self.wait().await,
            Ending::TimedOut | Ending::Cancelled => self.end(options.grace).await,
        };
        // What is in the pipe is taken; a background child may keep the pipe open, so its end is not waited for.
        // Everything the process wrote is in there by now, at most a pipe full. The system is asked directly: the
        // runtime may not have heard yet that there is something to read.
        let mut left = 1024 * 1024_usize;
        while left > 0 {
            match rustix::io::read(&self.output, &mut *buffer) {
                Ok(0) => {
                    open = false;
                    break;
                }
                Err(_) => break,
                Ok(count) => {
                    output.add(&buffer[..count]);
                    left = left.saturating_sub(count);
                }
            }
        }
        // Its background children go on, so that the drop must not end the group.
        if ending == Ending::Itself {
            self.pid = 0;
            if open && let Ok(pipe) = self.output.as_fd().try_clone_to_owned() {
                tokio::spawn(listen_on(pipe, output.on_output.take()));
            }
        }
        Finished {
            ending,
            status,
            output: output.kept,
            duration: started.elapsed(),
        }
    }
}

/// Reads what background children print until the last of them ends: one that writes to a pipe that nobody reads is ended by
/// the system.
async fn listen_on(pipe: OwnedFd, mut on_output: Option<OnOutput>) {
    let Ok(mut pipe) = pipe::Receiver::from_owned_fd(pipe) else {
        return;
    };
    let mut buffer = vec![0; 4 * 1024];
    while let Ok(count @ 1..) = pipe.read(&mut buffer).await {
        if let Some(on_output) = &mut on_output {
            on_output(&buffer[..count]);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.pid != 0 && self.status.borrow().is_none() {
            self.signal(Signal::KILL);
        }
    }
}

/// Whether nobody will tell any more how a child has ended, as after the loss of its keeper: its number may be another's.
pub(super) fn is_lost(status: &watch::Receiver<Option<ExitStatus>>) -> bool {
    // In this order: once the sender is gone, the status is the last one.
    status.has_changed().is_err() && status.borrow().is_none()
}

/// What a child with pipes gets as its standard streams.
#[derive(Debug)]
pub(super) struct Streams {
    pub(super) stdin: OwnedFd,
    pub(super) stdout: OwnedFd,
    pub(super) stderr: OwnedFd,
}

/// A child that runs, and its end.
pub(super) struct Started {
    pub(super) pid: u32,
    pub(super) status: watch::Receiver<Option<ExitStatus>>,
}

async fn feed(stdin: Option<pipe::Sender>, bytes: Vec<u8>) {
    if let Some(mut stdin) = stdin {
        // A program need not read its input; then writing fails, and that is its own business.
        let _ = stdin.write_all(&bytes).await;
    }
}

/// The last bytes of a stream.
struct Tail {
    kept: Vec<u8>,
    keep: usize,
    on_output: Option<OnOutput>,
}

impl Tail {
    fn add(&mut self, bytes: &[u8]) {
        if let Some(on_output) = &mut self.on_output {
            on_output(bytes);
        }
        self.kept.extend_from_slice(bytes);
        let excess = self.kept.len().saturating_sub(self.keep);
        self.kept.drain(..excess);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_is_lost_when_nobody_will_tell_its_end() {
        let (sender, running) = watch::channel(None);
        assert!(!is_lost(&running));
        drop(sender);
        assert!(is_lost(&running));
        let (sender, ended) = watch::channel(None);
        sender.send_replace(Some(ExitStatus::default()));
        assert!(!is_lost(&ended));
        drop(sender);
        assert!(!is_lost(&ended));
    }
}
