//! How a session's keeper is started.

use std::ffi::OsString;
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::sync::Arc;

#[cfg(target_os = "linux")]
use crate::isolation::Enclosure;

/// The command that becomes a session's keeper, directly or inside of something that shuts the session in:
/// `bwrap … -- PROGRAM ARGS`.
///
/// The keeper finds its socket as its standard input, which whatever is put before it must hand on. It is started again
/// when somebody has killed it, so that nothing in here may be used up by one start.
#[derive(Clone, Debug)]
pub struct KeeperCommand {
    /// A path, or a name looked up on the player's `PATH`.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Its environment; the session's programs get none of it. [`KeeperCommand::new`] takes what loading a program needs.
    pub env: Vec<(OsString, OsString)>,
    /// Descriptors that it inherits under the numbers that they have here. It closes them, whatever comes before it may not.
    pub inherited: Vec<Arc<OwnedFd>>,
    /// What it is shut in, and with it all that it starts; none at the level of a folder.
    #[cfg(target_os = "linux")]
    pub enclosure: Option<Arc<Enclosure>>,
}

impl KeeperCommand {
    /// The hidden argument with which the program becomes the keeper of a session, whose id is the next argument.
    pub const ARGUMENT: &str = "--keep-session";

    /// The keeper in this executable, which calls [`super::serve_keeper`] when it gets [`Self::ARGUMENT`].
    pub fn new(helper: impl Into<PathBuf>, session_id: &str) -> Self {
        // What a session is shut in from must not find the owner's secrets in the environment of its keeper.
        let needed = ["PATH", "LD_LIBRARY_PATH", "LANG"];
        KeeperCommand {
            program: helper.into(),
            args: vec![Self::ARGUMENT.into(), session_id.into()],
            env: needed
                .into_iter()
                .filter_map(|name| Some((name.into(), std::env::var_os(name)?)))
                .collect(),
            inherited: Vec::new(),
            #[cfg(target_os = "linux")]
            enclosure: None,
        }
    }
}
