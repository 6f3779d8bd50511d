//! A learner's run of a workshop: files, terminals, programs, progress.
//!
//! [`Session`] is the engine that the window and the `atelier` command share; [`play`] is the diligent learner of
//! `atelier test`; [`protocol`] is all that crosses to the window.

pub mod allowances;
pub mod archive;
mod builtin_variables;
pub mod bundle;
pub mod command_end;
mod compose;
pub mod dashboards;
pub mod documents;
pub mod downloads;
mod environment;
mod error;
pub mod events;
pub mod examiner;
mod expand;
pub mod export;
mod fetch;
mod folders;
mod foresight;
mod generated;
pub mod headless;
mod ingress;
pub mod journal;
mod later_use;
pub mod launch;
pub mod machine;
mod messages;
pub mod perform;
pub mod play;
mod printed;
pub mod programs;
pub mod protocol;
pub mod received;
pub mod regex_helper;
mod rewrite;
pub mod scaffold;
mod session;
mod setup;
mod shims;
mod size;
pub mod snapshots;
mod state_files;
mod store;
mod stored;
pub mod terminal;
pub mod trust;
pub mod uploads;
pub mod urls;
pub mod window;

pub use allowances::Allowances;
pub use environment::Environment;
pub use error::SessionError;
pub use events::EventSink;
pub use folders::{Folders, PathError};
pub use foresight::check;
pub use session::{Session, SessionOptions};
pub use setup::{profiles, scripts};
pub use size::human;
pub use store::{SessionLock, Store, StoredSession, write_private};
