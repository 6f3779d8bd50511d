//! The keeper of a session: one process that starts all of the session's programs for the player.
//!
//! It is the sub-reaper of everything that it has started, so that no `setsid`, double fork or lost environment leads out
//! of its family; and it lives no longer than the player's end of their socket is open, which the system closes however the
//! player ends. Then it asks its family to end, and kills what does not. (The death signal of `prctl` would not do: it
//! is sent when the *thread* ends that has started the child.)
//!
//! Player and keeper may see different process ids, files and terminals, because the keeper may be shut in. So the keeper opens
//! terminals and hands over their master sides, looks for folders and programs, and hands over each child as a descriptor
//! that the player's system can name.

mod command;
#[cfg(target_os = "linux")]
mod line;
#[cfg(target_os = "linux")]
mod player;
#[cfg(target_os = "linux")]
mod serve;
#[cfg(target_os = "linux")]
mod wire;

pub use self::command::KeeperCommand;
#[cfg(target_os = "linux")]
pub(super) use self::player::Keeper;

use std::ffi::OsString;
use std::io::{self, Write};

/// Keeps a session's programs until the player is gone: what [`KeeperCommand::ARGUMENT`] does with the words that follow it.
/// Returns the program's exit status.
pub fn serve(mut words: impl Iterator<Item = OsString>) -> u8 {
    #[cfg(target_os = "linux")]
    let served = serve::serve(&words.next().unwrap_or_default());
    #[cfg(not(target_os = "linux"))]
    let served: io::Result<()> = words
        .next()
        .map_or(Ok(()), |_| Err(io::ErrorKind::Unsupported.into()));
    let Err(error) = served else {
        return 0;
    };
    // The player reads it when the keeper does not start.
    let _ = writeln!(io::stderr(), "the keeper of a session ended: {error}");
    1
}

/// What the player asks.
#[cfg(target_os = "linux")]
mod asked {
    /// Number, columns, rows, umask, folder, program, count and arguments, count and names and values of the environment. With the
    /// three standard streams, or with none for a terminal.
    pub(super) const START: u32 = 1;
    /// Number: the player knows the child's id, which may become another's.
    pub(super) const KNOWN: u32 = 2;
    /// Milliseconds of grace: end everything.
    pub(super) const END: u32 = 3;
}

/// What the keeper tells.
#[cfg(target_os = "linux")]
mod told {
    /// It is there.
    pub(super) const HELLO: u32 = 1;
    /// Number. With the process, and its terminal's master side if it has one.
    pub(super) const STARTED: u32 = 2;
    /// Number, the system's error number or 0, words.
    pub(super) const REFUSED: u32 = 3;
    /// Number: the folder is missing.
    pub(super) const NO_FOLDER: u32 = 4;
    /// Number, wait status.
    pub(super) const ENDED: u32 = 5;
    /// Everything is over.
    pub(super) const ALL_ENDED: u32 = 6;
}

/// Stands for the permissions that the keeper has from the player.
#[cfg(target_os = "linux")]
const OWN_UMASK: u32 = u32::MAX;
