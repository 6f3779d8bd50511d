//! The one seam through which every child of a session starts and ends: shells, set-up, tests, programs.
//!
//! On Linux a *keeper* starts them: a process of the session's own (see [`keeper`]), which nothing that they start can leave,
//! and which ends them all when the player is gone, however it went. Elsewhere, and where no keeper is known, the player
//! starts them itself ([`direct`]). Every child carries the session's marks too (see [`SESSION_VARIABLE`]) and leads a
//! process group of its own, so that what both have lost is ended by the next start.

#[cfg(target_os = "linux")]
mod aside;
mod children;
mod direct;
mod keeper;
mod kept;
#[cfg(target_os = "linux")]
mod listening;
#[cfg(target_os = "linux")]
mod open_files;
mod owned;
pub(crate) mod proc;
mod pty;
mod running;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

#[cfg(target_os = "linux")]
use self::aside::aside;
use self::children::Children;
use self::direct::Direct;
#[cfg(target_os = "linux")]
use self::keeper::Keeper;
pub use self::keeper::KeeperCommand;
pub use self::keeper::serve as serve_keeper;
pub(crate) use self::kept::Kept;
pub(crate) use self::owned::Marker;
pub use self::owned::SESSION_VARIABLE;
pub(crate) use self::owned::signal_group;
pub use self::pty::PtyChild;
pub(crate) use self::pty::{Master, PtyEnd};
pub use self::running::{Ending, Finished, OnOutput, RunOptions, Running};
use self::running::{Started, Streams};

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
    parent: Parent,
}

/// Whose children the session's are.
#[derive(Debug)]
enum Parent {
    Player(Direct),
    #[cfg(target_os = "linux")]
    Keeper(Keeper),
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
    /// There is no keeper that could start it.
    #[error("{program} could not be started, because what starts this session's programs {reason}")]
    NoKeeper {
        /// What was to be started.
        program: String,
        /// What is the matter with the keeper.
        reason: String,
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

/// Lets the player have as many files open as the system permits, and its keepers' programs as many as it was started with.
/// Call it once, when the program begins. Does nothing where there are no keepers (not Linux).
pub fn raise_open_files() {
    #[cfg(target_os = "linux")]
    open_files::raise();
}

impl Launcher {
    /// A launcher for the session with this id, which must be neither empty nor contain a NUL. Its children are this
    /// process's.
    pub fn new(session_id: impl Into<String>) -> Result<Self, LaunchError> {
        Self::of(session_id.into(), |marker, children| {
            Ok(Parent::Player(Direct { marker, children }))
        })
    }

    /// A launcher whose children are those of a keeper, which is started at once; where there are none (not Linux), of this
    /// process.
    pub fn with_keeper(
        session_id: impl Into<String>,
        command: KeeperCommand,
    ) -> Result<Self, LaunchError> {
        #[cfg(target_os = "linux")]
        return Self::of(session_id.into(), |marker, children| {
            Keeper::start(command, marker, children).map(Parent::Keeper)
        });
        #[cfg(not(target_os = "linux"))]
        {
            let _ = command;
            Self::new(session_id)
        }
    }

    fn of(
        session_id: String,
        parent: impl FnOnce(Marker, Arc<Children>) -> Result<Parent, LaunchError>,
    ) -> Result<Self, LaunchError> {
        if session_id.is_empty() || session_id.contains('\0') {
            return Err(LaunchError::BadSessionId(session_id));
        }
        let marker = Marker::of(&session_id);
        let children = Arc::<Children>::default();
        Ok(Launcher {
            parent: parent(marker.clone(), Arc::clone(&children))?,
            session_id,
            marker,
            closed: RwLock::new(false),
            children,
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
        let program = self.marked(program);
        match &self.parent {
            Parent::Player(player) => {
                program.check_folder()?;
                player.spawn_pty(&program, columns, rows)
            }
            #[cfg(target_os = "linux")]
            Parent::Keeper(keeper) => aside(|| keeper.spawn_pty(&program, columns, rows)),
        }
    }

    /// Starts a program with a pipe on its standard input and one pipe for all of its output.
    ///
    /// Needs a running tokio runtime.
    pub fn spawn_piped(&self, program: &Program) -> Result<Running, LaunchError> {
        Running::start(self, program)
    }

    /// Starts a program that is kept running: its outputs come through pipes of their own where they are wanted `apart`.
    ///
    /// Needs a running tokio runtime.
    pub(crate) fn spawn_kept(&self, program: &Program, apart: bool) -> Result<Kept, LaunchError> {
        Kept::start(self, program, apart)
    }

    fn start(&self, program: &Program, streams: Streams) -> Result<Started, LaunchError> {
        let closed = self.closed.read().unwrap_or_else(PoisonError::into_inner);
        program.check(*closed)?;
        let program = self.marked(program);
        match &self.parent {
            Parent::Player(player) => {
                program.check_folder()?;
                player
                    .spawn_piped(&program, streams)
                    .map_err(|error| program.refused(&error))
            }
            #[cfg(target_os = "linux")]
            Parent::Keeper(keeper) => aside(|| keeper.spawn_piped(&program, streams)),
        }
    }

    /// The same program with the session's first mark.
    fn marked(&self, program: &Program) -> Program {
        let mut program = program.clone();
        let mark = (SESSION_VARIABLE.to_owned(), self.session_id.clone());
        program.env.extend([mark]);
        program
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
        #[cfg(target_os = "linux")]
        if let Parent::Keeper(keeper) = &self.parent {
            let end = keeper.ending(grace);
            let marker = self.marker.clone();
            // What a panic in it left running is found by its marks below.
            let _ = tokio::task::spawn_blocking(move || {
                end();
                // What encloses a keeper may have ended without it.
                marker.end_with_keeper(Duration::ZERO);
            })
            .await;
        }
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
}

impl Drop for Launcher {
    fn drop(&mut self) {
        #[cfg(target_os = "linux")]
        {
            if let Parent::Keeper(keeper) = &self.parent {
                keeper.leave();
            }
            self.marker.kill();
        }
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
    let marker = Marker::of(session_id);
    #[cfg(target_os = "linux")]
    return marker.end_with_keeper(grace);
    #[cfg(not(target_os = "linux"))]
    end_processes(&marker, &[], grace)
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
        Ok(())
    }

    fn check_folder(&self) -> Result<(), LaunchError> {
        if self.cwd.is_dir() {
            return Ok(());
        }
        Err(self.no_folder())
    }

    fn no_folder(&self) -> LaunchError {
        LaunchError::NoFolder {
            program: self.name(),
            cwd: self.cwd.display().to_string(),
        }
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
