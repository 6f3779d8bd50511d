//! Children that are the player's own: where no keeper is known, and on systems that have no sub-reaper.

use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::sync::Arc;

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};
use tokio::process::{Child, Command};
use tokio::sync::watch;

use super::children::{Children, Registration};
use super::pty::PtyChild;
use super::running::{Started, Streams};
use super::{LaunchError, Marker, Program};

/// Starts children of this process.
#[derive(Debug)]
pub(super) struct Direct {
    pub(super) marker: Marker,
    pub(super) children: Arc<Children>,
}

impl Direct {
    pub(super) fn spawn_pty(
        &self,
        program: &Program,
        columns: u16,
        rows: u16,
    ) -> Result<PtyChild, LaunchError> {
        let size = PtySize {
            rows,
            cols: columns,
            ..PtySize::default()
        };
        let pair = native_pty_system()
            .openpty(size)
            .map_err(|error| program.refused_by(&error))?;
        let mut builder = CommandBuilder::new(&program.program);
        builder.args(&program.args);
        builder.cwd(&program.cwd);
        builder.env_clear();
        #[cfg(unix)]
        builder.umask(program.umask.map(|mask| mask as _));
        for (name, value) in &program.env {
            builder.env(name, value);
        }
        let process = pair
            .slave
            .spawn_command(builder)
            .map_err(|error| program.refused_by(&error))?;
        let process: Box<dyn portable_pty::Child> = process;
        let mut process = process
            .downcast::<std::process::Child>()
            .map_err(|_| program.refused_by(&"it has no status"))?;
        let pid = process.id();
        let registration = self.register(pid);
        let end = move || {
            let status = process.wait().ok();
            drop(registration);
            status
        };
        let master = duplicate(pair.master.as_ref()).map_err(|error| program.refused(&error))?;
        PtyChild::new(pid, master, Box::new(end), self.marker.clone())
            .map_err(|error| program.refused(&error))
    }

    /// Starts a child that is reaped whatever becomes of whoever started it.
    pub(super) fn spawn_piped(&self, program: &Program, streams: Streams) -> io::Result<Started> {
        let mut command = command(program, streams);
        let child = command.spawn()?;
        // The command still holds the child's ends, which would hide the end of the output.
        drop(command);
        let pid = child.id().unwrap_or_default();
        let (sender, status) = watch::channel(None);
        let registration = self.register(pid);
        // Bounded by the child's life; it is what reaps the child even when nobody waits for it any more.
        tokio::spawn(async move {
            reap(child, &sender).await;
            drop(registration);
        });
        Ok(Started { pid, status })
    }

    fn register(&self, pid: u32) -> Registration {
        #[cfg(target_os = "linux")]
        self.marker.put_on(pid);
        Registration::new(Arc::clone(&self.children), pid)
    }
}

async fn reap(mut child: Child, status: &watch::Sender<Option<std::process::ExitStatus>>) {
    let ended = child.wait().await;
    status.send_replace(ended.ok());
}

fn command(program: &Program, streams: Streams) -> Command {
    let mut command = Command::new(&program.program);
    command
        .args(&program.args)
        .current_dir(&program.cwd)
        .env_clear()
        .envs(&program.env)
        .stdin(streams.stdin)
        .stdout(streams.stdout)
        .stderr(streams.stderr)
        .process_group(0)
        .kill_on_drop(true);
    if let Some(mask) = program.umask {
        let mask = rustix::fs::Mode::from_raw_mode(mask as _);
        // SAFETY: `umask` is async-signal-safe and touches nothing but the child's own mask.
        #[allow(unsafe_code)]
        unsafe {
            command.pre_exec(move || {
                rustix::process::umask(mask);
                Ok(())
            });
        }
    }
    command
}

/// A second handle on the master side.
fn duplicate(master: &dyn MasterPty) -> io::Result<OwnedFd> {
    let raw = master.as_raw_fd().ok_or(io::ErrorKind::Unsupported)?;
    // SAFETY: `master` owns `raw` and outlives this borrow, which ends with this function.
    #[allow(unsafe_code)]
    unsafe { BorrowedFd::borrow_raw(raw) }.try_clone_to_owned()
}
