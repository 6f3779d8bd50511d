//! How far a session's programs may reach (`architecture.md`, decision 11): as far as the person who runs Atelier, or no further
//! than the session's own folder.
//!
//! What an isolated session sees is said once, by `policy` and what fills it: `machine` (the system's folders), `owner`
//! (toolchains, what was allowed) and `enclosure` (the session's own). `bubblewrap` turns it into mounts, `landlock` into rules;
//! `filter` refuses what both leave open.

#[cfg(target_os = "linux")]
mod bubblewrap;
mod detect;
#[cfg(target_os = "linux")]
mod enclosure;
#[cfg(target_os = "linux")]
mod filter;
#[cfg(target_os = "linux")]
mod landlock;
#[cfg(target_os = "linux")]
mod machine;
#[cfg(target_os = "linux")]
mod owner;
#[cfg(target_os = "linux")]
mod policy;
#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use detect::{Mechanism, Support, WITH_VARIABLE, support};
#[cfg(target_os = "linux")]
pub(crate) use enclosure::Asked;
#[cfg(target_os = "linux")]
pub use enclosure::Enclosure;
#[cfg(target_os = "linux")]
pub(crate) use filter::keep_mark;

/// How far a session's programs may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Isolation {
    /// A home of its own, and otherwise everything that the person who runs Atelier may do.
    Folder,
    /// Files are written in the session's folder alone, and what is the owner's own cannot be read.
    Isolated,
}

impl Isolation {
    /// What a session is opened with when nobody chose: isolated where this machine can do it.
    ///
    /// Asks the machine when it is called first, which takes some milliseconds.
    pub fn by_default() -> Self {
        match support().mechanism() {
            Some(_) => Self::Isolated,
            None => Self::Folder,
        }
    }

    /// As options and files spell it: `folder` or `isolated`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Folder => "folder",
            Self::Isolated => "isolated",
        }
    }
}
