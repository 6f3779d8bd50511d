//! What the window asks of the engine, in the protocol's words. The shell only hands these calls on.

mod addresses;
mod documents;
mod editor_terminals;
mod findings;
mod finish;
mod forms;
mod inspect;
mod library;
mod messages;
mod next_step;
mod open;
mod opened;
mod opening;
mod perform;
mod preview;
mod programs;
mod question;
mod reading;
mod reset;
mod sessions;
mod shown;
mod sources;
mod starts;
mod terminals;
mod transfer;
mod views;
mod watcher;

pub use library::Library;
pub use open::OpenSession;
pub use opened::Opened;
pub use reading::Reading;
pub(crate) use reset::recover;
pub use transfer::Dialogs;
