//! Text files as the editor sees them: a version for each state of the disk, one line end, byte order mark kept.

mod line_ends;
mod reading;
mod replacing;
mod saving;
#[cfg(test)]
mod tests;

use std::io;

pub(crate) use reading::read_in;
pub use reading::{disk_version, read};
pub use saving::save;
pub(crate) use saving::save_in;

/// Files beyond this many bytes are not edited.
pub const LIMIT: u64 = 2 * 1024 * 1024;

/// A text file as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// `\n` line ends, no byte order mark.
    pub text: String,
    /// Hash of the bytes on disk.
    pub version: String,
    /// The file may not be written by this user.
    pub read_only: bool,
}

/// Why a file cannot be shown or saved.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// There is no such file.
    #[error("there is no file {0}")]
    NotFound(String),
    /// The path names a folder.
    #[error("{0} is a folder")]
    Folder(String),
    /// Not UTF-8, or with NUL characters.
    #[error("{0} is not a text file")]
    NotText(String),
    /// Beyond [`LIMIT`].
    #[error("{0} is larger than 2 MiB, too large for the editor")]
    TooLarge(String),
    /// The disk does not hold the version that was edited.
    #[error("{0} was changed by another program in the meantime")]
    Conflict(String),
    /// The folder to write into does not exist.
    #[error("{folder} does not exist; create it first")]
    NoFolder {
        /// Which.
        folder: String,
    },
    /// The system refused.
    #[error("{path}: {}", crate::refusal::told(source))]
    Io {
        /// Which file.
        path: String,
        /// What it said.
        source: io::Error,
    },
}
