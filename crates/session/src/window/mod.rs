//! What the window asks of the engine, in the protocol's words. The shell only hands these calls on.

mod documents;
mod inspect;
mod library;
mod messages;
mod open;
mod perform;
mod views;
mod watcher;

pub use library::Library;
pub use open::OpenSession;
