//! The one seam through which every child of a session starts and ends: shells, set-up, tests, programs.
//!
//! Every child carries the session's marks (see [`SESSION_VARIABLE`]) and leads a process group of its own, so that the
//! session can end all of them, however far they have gone. Callers describe a [`Program`] and get a terminal's
//! master side, or pipes, back: exactly what a keeper process can hand over when it takes this file's place.

mod kept;
#[cfg(target_os = "linux")]
mod listening;
mod owned;
pub(crate) mod proc;
mod running;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};
use tokio::sync::watch;

pub(crate) use self::kept::Kept;
pub(crate) use self::owned::Marker;
pub use self::owned::SESSION_VARIABLE;
pub(crate) use self::owned::signal_group;
pub use self::running::{Ending, Finished, OnOutput, RunOptions, Running};

/// Starts the children of one session and ends them. Dropping it kills them all without waiting.
///
/// There must be one per session id: two with the same id would end each other's children.
#[derive(Debug)]
pub struct Launcher {
    session_id: String,
    marker: Marker,
    /// True once the session is ending: nothing starts any more.
    closed: RwLock<bool>,
    children: Arc<Children>,
}

/// What to start. The environment is exactly `env` (plus the session's mark); nothing is inherited.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// A path, or a name looked up on the `PATH` of `env`.
    pub program: OsString,
    /// Its arguments, without the program itself.
    pub args: Vec<OsString>,
    /// The whole environment.
    pub env: BTreeMap<String, String>,
    /// The working directory, which must exist.
    pub cwd: PathBuf,
    /// Which permissions its new files do not get; those of the player when absent.
    pub umask: Option<u32>,
}

/// A child on a pseudo-terminal of its own, leading a session (in the sense of `setsid`) of its own.
pub struct PtyChild {
    /// The process id, which is also its process group and session id.
    pub pid: u32,
    /// The terminal's master side, for reading, writing and asking. Non-blocking.
    pub master: OwnedFd,
    pub(crate) size: Box<dyn MasterPty + Send>,
    pub(crate) process: std::process::Child,
    pub(crate) marker: Marker,
    pub(crate) registration: Registration,
}

/// Why something could not be started.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// The id cannot stand in an environment.
    #[error("{0:?} cannot be the id of a session: it is empty or contains a NUL")]
    BadSessionId(String),
    /// [`Launcher::end_all`] has been called.
    #[error("the session is closing, so {0} was not started")]
    Closed(String),
    /// The working directory is missing.
    #[error("{program} was not started: the folder {cwd} does not exist")]
    NoFolder {
        /// What was to be started.
        program: String,
        /// The missing folder.
        cwd: String,
    },
    /// The operating system refused.
    #[error("{program} could not be started: {reason}")]
    Refused {
        /// What was to be started.
        program: String,
        /// The system's words.
        reason: String,
        /// The system's kind of error.
        kind: std::io::ErrorKind,
    },
}

/// How often, and how long apart, a program file that is open for writing is tried again.
const BUSY_RETRIES: u32 = 100;
const BUSY_PAUSE: Duration = Duration::from_millis(10);

impl Launcher {
    /// A launcher for the session with this id, which must be neither empty nor contain a NUL.
    pub fn new(session_id: impl Into<String>) -> Result<Self, LaunchError> {
        let session_id = session_id.into();
        if session_id.is_empty() || session_id.contains('\0') {
            return Err(LaunchError::BadSessionId(session_id));
        }
        let marker = Marker::of(&session_id);
        Ok(Launcher {
            session_id,
            marker,
            closed: RwLock::new(false),
            children: Arc::default(),
        })
    }

    /// The id that every child carries.
    pub fn session_id(&self) -> &str {
        &self.session_id
    }

    /// Starts a program on a new terminal of `columns` by `rows` characters.
    pub fn spawn_pty(
        &self,
        program: &Program,
        columns: u16,
        rows: u16,
    ) -> Result<PtyChild, LaunchError> {
        let closed = self.closed.read().unwrap_or_else(PoisonError::into_inner);
        program.check(*closed)?;
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
        builder.env(SESSION_VARIABLE, &self.session_id);
        let process = pair
            .slave
            .spawn_command(builder)
            .map_err(|error| program.refused_by(&error))?;
        let process: Box<dyn portable_pty::Child> = process;
        let process = process
            .downcast::<std::process::Child>()
            .map_err(|_| program.refused_by(&"it has no status"))?;
        let pid = process.id();
        let registration = self.register(pid);
        let master = duplicate(pair.master.as_ref()).map_err(|error| program.refused(&error))?;
        let marker = self.marker.clone();
        Ok(PtyChild {
            pid,
            master,
            size: pair.master,
            process: *process,
            marker,
            registration,
        })
    }

    /// Starts a program with a pipe on its standard input and one pipe for all of its output.
    ///
    /// Needs a running tokio runtime.
    pub fn spawn_piped(&self, program: &Program) -> Result<Running, LaunchError> {
        let closed = self.closed.read().unwrap_or_else(PoisonError::into_inner);
        program.check(*closed)?;
        Running::start(self, program).map_err(|error| program.refused(&error))
    }

    /// Starts a program that is kept running: its outputs come through pipes of their own where they are wanted `apart`.
    ///
    /// Needs a running tokio runtime.
    pub(crate) fn spawn_kept(&self, program: &Program, apart: bool) -> Result<Kept, LaunchError> {
        let closed = self.closed.read().unwrap_or_else(PoisonError::into_inner);
        program.check(*closed)?;
        Kept::start(self, program, apart).map_err(|error| program.refused(&error))
    }

    /// Runs a program to its end, or until `options` ends it.
    pub async fn run(
        &self,
        program: &Program,
        options: RunOptions,
    ) -> Result<Finished, LaunchError> {
        let busy = |error: &LaunchError| {
            matches!(
                error,
                LaunchError::Refused {
                    kind: std::io::ErrorKind::ExecutableFileBusy,
                    ..
                }
            )
        };
        // A file that was just copied can still be open for writing in a child that another thread is starting at this
        // moment; it is closed when that child becomes its program, of which nobody is told.
        for _ in 0..BUSY_RETRIES {
            match self.spawn_piped(program) {
                Err(error) if busy(&error) => tokio::time::sleep(BUSY_PAUSE).await,
                started => return Ok(started?.finish(options).await),
            }
        }
        Ok(self.spawn_piped(program)?.finish(options).await)
    }

    /// The process ids of everything that belongs to the session. Empty where the system cannot tell (not Linux).
    pub fn processes(&self) -> Vec<u32> {
        #[cfg(target_os = "linux")]
        return self
            .marker
            .processes()
            .iter()
            .filter_map(|stat| u32::try_from(stat.pid).ok())
            .collect();
        #[cfg(not(target_os = "linux"))]
        return Vec::new();
    }

    /// Ends every process of the session: asks them (HUP and TERM), and kills after `grace` what is still there.
    ///
    /// Nothing can be started afterwards. Returns how many processes could not be ended, which is 0 unless some
    /// became another user's (`sudo`).
    pub async fn end_all(&self, grace: Duration) -> usize {
        *self.closed.write().unwrap_or_else(PoisonError::into_inner) = true;
        let (marker, groups) = (self.marker.clone(), self.children.groups());
        let end = tokio::task::spawn_blocking(move || end_processes(&marker, &groups, grace));
        let left = end.await.unwrap_or_default();
        self.children.all_reaped().await;
        left
    }

    /// Ends the processes of the session that carry `entry` (`NAME=value`) in their environment, and all that descend from
    /// them: asks them, and kills after `grace` what is still there. Does nothing where the system cannot tell (not Linux).
    pub(crate) async fn end_carrying(&self, entry: &str, grace: Duration) {
        #[cfg(target_os = "linux")]
        {
            let (marker, entry) = (self.marker.clone(), entry.as_bytes().to_vec());
            // It cannot be cancelled; what a panic in it left running ends with the session.
            let _ = tokio::task::spawn_blocking(move || marker.end_carrying(&entry, grace)).await;
        }
        #[cfg(not(target_os = "linux"))]
        let _ = (entry, grace);
    }

    fn register(&self, pid: u32) -> Registration {
        #[cfg(target_os = "linux")]
        self.marker.put_on(pid);
        Registration::new(Arc::clone(&self.children), pid)
    }
}

impl Drop for Launcher {
    fn drop(&mut self) {
        #[cfg(target_os = "linux")]
        self.marker.kill();
        #[cfg(not(target_os = "linux"))]
        for group in self.children.groups() {
            signal_group(group, rustix::process::Signal::KILL);
        }
    }
}

/// Ends what a session left behind when its player crashed; call it with the session's lock held.
///
/// Returns how many processes could not be ended. Does nothing where processes cannot be recognised (not Linux).
/// Blocks for at most about `grace` plus ten seconds, usually for milliseconds.
pub fn end_leftovers(session_id: &str, grace: Duration) -> usize {
    end_processes(&Marker::of(session_id), &[], grace)
}

#[cfg(target_os = "linux")]
fn end_processes(marker: &Marker, _groups: &[u32], grace: Duration) -> usize {
    marker.end(grace)
}

#[cfg(not(target_os = "linux"))]
fn end_processes(_marker: &Marker, groups: &[u32], grace: Duration) -> usize {
    owned::end_groups(groups, grace);
    0
}

/// A second handle on the master side, made non-blocking (which both then are).
fn duplicate(master: &dyn MasterPty) -> std::io::Result<OwnedFd> {
    let raw = master.as_raw_fd().ok_or(std::io::ErrorKind::Unsupported)?;
    // SAFETY: `master` owns `raw` and outlives this borrow, which ends with this function.
    #[allow(unsafe_code)]
    let fd = unsafe { BorrowedFd::borrow_raw(raw) }.try_clone_to_owned()?;
    let flags = rustix::fs::fcntl_getfl(&fd)?;
    rustix::fs::fcntl_setfl(&fd, flags | rustix::fs::OFlags::NONBLOCK)?;
    Ok(fd)
}

impl Program {
    /// A program without arguments and with an empty environment.
    pub fn new(program: impl Into<OsString>, cwd: impl Into<PathBuf>) -> Self {
        Program {
            program: program.into(),
            cwd: cwd.into(),
            ..Program::default()
        }
    }

    fn check(&self, closed: bool) -> Result<(), LaunchError> {
        if closed {
            return Err(LaunchError::Closed(self.name()));
        }
        if !self.cwd.is_dir() {
            return Err(LaunchError::NoFolder {
                program: self.name(),
                cwd: self.cwd.display().to_string(),
            });
        }
        Ok(())
    }

    fn name(&self) -> String {
        self.program.to_string_lossy().into_owned()
    }

    fn refused(&self, error: &std::io::Error) -> LaunchError {
        LaunchError::Refused {
            program: self.name(),
            reason: error.to_string(),
            kind: error.kind(),
        }
    }

    fn refused_by(&self, error: &impl ToString) -> LaunchError {
        let kind = std::io::ErrorKind::Other;
        LaunchError::Refused {
            program: self.name(),
            reason: error.to_string(),
            kind,
        }
    }
}

/// The direct children that nobody has reaped yet, and every process group ever started.
#[derive(Debug)]
struct Children {
    groups: Mutex<BTreeSet<u32>>,
    living: watch::Sender<usize>,
}

impl Default for Children {
    fn default() -> Self {
        Children {
            groups: Mutex::default(),
            living: watch::Sender::new(0),
        }
    }
}

impl Children {
    fn lock(&self) -> MutexGuard<'_, BTreeSet<u32>> {
        self.groups.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn groups(&self) -> Vec<u32> {
        self.lock().iter().copied().collect()
    }

    /// Waits until each ended child has been reaped, so that no zombie stays; gives up after two seconds.
    async fn all_reaped(&self) {
        let mut living = self.living.subscribe();
        let reaped = living.wait_for(|count| *count == 0);
        // A child that outlived KILL is another user's; there is nothing more to wait for.
        let _ = tokio::time::timeout(Duration::from_secs(2), reaped).await;
    }
}

/// Held by whoever reaps a child, and dropped when that is done.
#[derive(Debug)]
pub(crate) struct Registration {
    children: Arc<Children>,
    group: u32,
}

impl Registration {
    fn new(children: Arc<Children>, group: u32) -> Self {
        children.lock().insert(group);
        children.living.send_modify(|count| *count += 1);
        Registration { children, group }
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        self.children
            .living
            .send_modify(|count| *count = count.saturating_sub(1));
        // A group lives on while any process of it does, and only then is its number safe to keep.
        let leader = i32::try_from(self.group)
            .ok()
            .and_then(rustix::process::Pid::from_raw);
        if leader.is_none_or(|group| rustix::process::test_kill_process_group(group).is_err()) {
            self.children.lock().remove(&self.group);
        }
    }
}
