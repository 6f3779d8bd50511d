//! A learner's run of a workshop: files, terminals, programs, progress.

pub mod documents;
mod folders;
pub mod journal;
pub mod protocol;

pub use folders::{Folders, PathError};
