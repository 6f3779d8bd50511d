//! A terminal.
pub mod marks; pub mod screen; mod snapshot; pub mod shell;
