//! A learner's run of a workshop.

// Terminals, examiner tests and programs are Unix processes: bash, process groups, pseudo-terminals.
#[cfg(unix)]
pub mod command_end;
#[cfg(unix)]
pub mod examiner;
#[cfg(unix)]
pub mod launch;
#[cfg(unix)]
pub mod terminal;
