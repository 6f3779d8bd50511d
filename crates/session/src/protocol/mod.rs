//! Everything that crosses to the window, and nothing else. Exported to `ui/src/lib/protocol` by
//! `cargo xtask bindings`; a test fails when the committed export is out of date.

mod action;
mod convert;
mod dashboard;
mod document;
mod editor_command;
mod event;
#[cfg(test)]
mod export;
mod form;
mod library;
mod next_step;
mod page;
mod preview;
mod program;
mod reset;
mod session;
mod trust;

pub use action::{
    ActionInput, ActionResult, ActionStatus, ActionUpdate, Buffer, Effect, NextAction, Outcome,
};
pub use convert::{Utf16, edit_view};
pub use dashboard::{AddressView, DashboardContent, DashboardView};
pub use document::{ChangeView, DocumentView, EditView, FileEntry, FileKind, Saved};
pub use editor_command::{EditorCommand, LinePlace, PanelVerb};
pub use event::Event;
pub use form::{ChoiceView, ControlView, FieldProblem, FieldView, FormPart, FormValues, FormView};
pub use library::{
    AllowanceView, ClusterView, InspectionView, IsolationView, LibraryView, NetworkView,
    OpenedView, PathwayView, PlannedProgram, RequirementStatus, RequirementView, ScriptView,
    SessionSummary, WorkshopCard,
};
pub use next_step::{NextStep, StepRequest};
pub use page::{
    ActionProblem, ActionView, CooldownView, PageEntry, PageState, PageView, SectionState,
    SectionView, UploadView,
};
pub use preview::{CopiedView, OfferView, OfferedFile, OfferedScript, ReloadView, SuccessorView};
pub use program::{ProgramState, ProgramView};
pub use reset::{
    ExportScope, ExportedView, FileChange, FileChangeKind, KeptVersionView, LeftOutView, LossView,
    RestoreView, RestoredView, SessionsView, StoredSessionView, UnsavedText,
};
pub use session::{
    ChecksView, DiagnosticView, EditorTerminalView, ErrorCode, FinishView, SessionView, SetupPhase,
    SetupStatus, SetupStepView, SetupView, StartRequest, TerminalView, ViewState,
};
pub use trust::{ChangedPart, ChangesView, PartChange};
