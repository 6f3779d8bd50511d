//! A learner's run of a workshop: files, terminals, programs, progress.

pub mod documents;
mod environment;
mod folders;
pub mod journal;
pub mod protocol;
pub mod received;
pub mod trust;

pub use environment::Environment;
pub use folders::{Folders, PathError};
