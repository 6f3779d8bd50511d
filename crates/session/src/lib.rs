//! A learner's run of a workshop: files, terminals, programs, progress.

pub mod protocol;
