//! Workshop formats: text in, values out.
//!
//! ```text
//! folder ── load ──▶ Workshop, pages ── render(Variables) ──▶ RenderedPage { html, actions, sections }
//!                                                                   │
//!                     text + EditOp ── edit::plan ──▶ TextEdit      └─ lifecycle: what runs by itself, what follows
//! ```
//!
//! Nothing here runs a program, writes a file, reads the clock or the environment, or fails because of
//! what an author wrote: a problem in the content becomes a [`Diagnostic`] and the rest still loads.

mod absent;
pub mod action;
mod below;
mod check;
pub mod diagnostic;
pub mod edit;
mod identity;
pub mod lifecycle;
mod load;
pub mod near;
pub mod needs;
mod page;
mod path_rewrite;
pub mod programs;
pub mod render;
pub mod shell;
pub mod variables;
pub mod workshop;
pub mod yaml;

mod educates;

pub use absent::Absent;
pub use below::{Collection, workshops_below};
pub use check::{Way, check, check_rendered, portability};
pub use diagnostic::{Diagnostic, FileId, Severity, Sources, Span};
pub use identity::{ActionLook, Likeness, Successors, looks, returned, successors};
pub use load::{LoadError, Loaded, load, load_pathway, workshop_around};
pub use page::{ActionId, Page, PageId};
pub use path_rewrite::PathRewrite;
pub use render::{RenderedPage, render};
pub use variables::Variables;
pub use workshop::Workshop;
