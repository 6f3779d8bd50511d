//! A child that is kept running: its outputs, its end, and how it is asked to end.

use std::io;
use std::process::ExitStatus;

use rustix::process::{Pid, Signal, kill_process, test_kill_process_group};
use tokio::net::unix::pipe;
use tokio::sync::watch;

use super::running::{Started, Streams, is_lost};
use super::{LaunchError, Launcher, Program, signal_group};

/// A child with pipes. Dropping it kills its process group without waiting; it is reaped all the same.
#[derive(Debug)]
pub(crate) struct Kept {
    /// The process id, which is also its process group.
    pub(crate) pid: u32,
    /// Standard output, and standard error unless that is apart. Taken by whoever reads it.
    pub(crate) output: Option<pipe::Receiver>,
    /// Standard error, when it was wanted apart.
    pub(crate) errors: Option<pipe::Receiver>,
    status: watch::Receiver<Option<ExitStatus>>,
    /// Open as long as the child runs: one that waits for input must not take that for the end.
    _stdin: io::PipeWriter,
}

impl Kept {
    pub(super) fn start(
        launcher: &Launcher,
        program: &Program,
        apart: bool,
    ) -> Result<Self, LaunchError> {
        let refused = |error: io::Error| program.refused(&error);
        let (streams, stdin, output, errors) = pipes(apart).map_err(refused)?;
        let Started { pid, status } = launcher.start(program, streams)?;
        Ok(Self {
            pid,
            output: Some(output),
            errors,
            status,
            _stdin: stdin,
        })
    }

    /// Waits for the end of the process itself; its children may go on. `None` when the system lost its status.
    pub(crate) async fn wait(&mut self) -> Option<ExitStatus> {
        // An error means that the reaping task is gone without a status.
        let ended = self.status.wait_for(Option::is_some).await;
        ended.ok().and_then(|status| *status)
    }

    /// Sends a signal to the process, or to all of its group. One that was lost gets none.
    pub(crate) fn signal(&self, signal: Signal, group: bool) {
        if is_lost(&self.status) {
            return;
        }
        if group {
            signal_group(self.pid, signal);
        } else if let (Some(pid), None) = (self.raw(), *self.status.borrow()) {
            // It may end at this moment, which is what was wanted.
            let _ = kill_process(pid, signal);
        }
    }

    /// Whether anything of its process group is left.
    pub(crate) fn has_group(&self) -> bool {
        !is_lost(&self.status)
            && self
                .raw()
                .is_some_and(|group| test_kill_process_group(group).is_ok())
    }

    fn raw(&self) -> Option<Pid> {
        i32::try_from(self.pid).ok().and_then(Pid::from_raw)
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if !is_lost(&self.status) && self.status.borrow().is_none() {
            signal_group(self.pid, Signal::KILL);
        }
    }
}

type Pipes = (
    Streams,
    io::PipeWriter,
    pipe::Receiver,
    Option<pipe::Receiver>,
);

fn pipes(apart: bool) -> io::Result<Pipes> {
    let receiver = |pipe: io::PipeReader| pipe::Receiver::from_owned_fd(pipe.into());
    let ((input, stdin), (output, writer)) = (io::pipe()?, io::pipe()?);
    let (errors, stderr) = if apart {
        let (errors, stderr) = io::pipe()?;
        (Some(receiver(errors)?), stderr)
    } else {
        (None, writer.try_clone()?)
    };
    let streams = Streams {
        stdin: input.into(),
        stdout: writer.into(),
        stderr: stderr.into(),
    };
    Ok((streams, stdin, receiver(output)?, errors))
}
