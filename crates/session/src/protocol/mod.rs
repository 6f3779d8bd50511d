//! Everything that crosses to the window, and nothing else. Exported to `ui/src/lib/protocol` by
//! `cargo xtask bindings`; a test fails when the committed export is out of date.

mod action;
mod convert;
mod dashboard;
mod document;
mod event;
#[cfg(test)]
mod export;
mod form;
mod library;
mod page;
mod session;

pub use action::{
    ActionInput, ActionResult, ActionStatus, ActionUpdate, Buffer, Effect, NextAction, Outcome,
};
pub use convert::{Utf16, edit_view};
pub use dashboard::{DashboardContent, DashboardView};
pub use document::{ChangeView, DocumentView, EditView, FileEntry, FileKind, Saved};
pub use event::Event;
pub use form::{ChoiceView, ControlView, FieldProblem, FieldView, FormPart, FormValues, FormView};
pub use library::{
    InspectionView, LibraryView, RequirementView, ScriptView, SessionSummary, WorkshopCard,
};
pub use page::{
    ActionProblem, ActionView, CooldownView, PageEntry, PageState, PageView, SectionState,
    SectionView,
};
pub use session::{
    ChecksView, DiagnosticView, ErrorCode, FinishView, SessionView, SetupStatus, SetupStepView,
    StartRequest, TerminalView, ViewState,
};
