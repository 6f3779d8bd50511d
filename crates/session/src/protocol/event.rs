//! The one stream from the engine to the window.

use serde::Serialize;
use ts_rs::TS;

use super::action::ActionUpdate;
use super::dashboard::DashboardView;
use super::program::ProgramView;
use super::session::{ChecksView, EditorTerminalView, SetupStepView, SetupView};

/// Something happened that no request asked for.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Event {
    /// A step of the set-up started, printed or ended.
    SetupStep {
        step: SetupStepView,
    },
    /// Set-up began, or ended in one way or another. Once it has ended the session is to be asked for anew: what set-up made
    /// decides over its files, tabs and pages.
    SetupChanged {
        setup: SetupView,
    },
    /// Background programs came or went, or one came to another state: these are all, in the order in which they start.
    ProgramsChanged {
        programs: Vec<ProgramView>,
    },
    /// The program whose log is followed has printed more.
    ProgramPrinted {
        name: String,
        text: String,
    },
    /// An action that goes on in its terminal, or is tried again, has news.
    ActionUpdated {
        action: String,
        update: ActionUpdate,
    },
    /// A check is tried again: which attempt runs, or has failed and is followed by another one in so many milliseconds.
    CheckTried {
        action: String,
        /// From 1.
        attempt: u32,
        /// None when there is no end.
        attempts: Option<u32>,
        wait: Option<u64>,
    },
    /// An action that was tried in the background has passed: what follows from it.
    ActionFinished {
        action: String,
        result: super::ActionResult,
    },
    /// The author has changed the workshop: this is what is new.
    WorkshopReloaded {
        reload: Box<super::ReloadView>,
    },
    /// The workshop has been looked through: these are all findings.
    ProblemsChanged {
        problems: Vec<super::DiagnosticView>,
    },
    /// What the author has changed of the files that the session has copies of: this is all that waits.
    FilesOffered {
        offer: super::OfferView,
    },
    /// A terminal's shell ended; the next attach starts a new one.
    TerminalExited {
        name: String,
        status: Option<i32>,
    },
    /// Terminals of the editor came or went: these are all, in order.
    EditorTerminalsChanged {
        terminals: Vec<EditorTerminalView>,
    },
    DashboardsChanged {
        dashboards: Vec<DashboardView>,
    },
    /// A script of the session asked the window to do this.
    Effects {
        effects: Vec<super::Effect>,
    },
    ChecksChanged {
        checks: ChecksView,
    },
    /// An open file changed on disk, or is gone (no version).
    DocumentChanged {
        path: String,
        version: Option<String>,
    },
    /// Entries came or went in a folder that the file tree shows.
    FilesChanged,
    /// The window is about to close: what is to be saved must be saved now, then `close_window` called.
    Closing,
    /// What the card of an action shows of its file.
    PreviewChanged {
        action: String,
        text: String,
    },
    /// Files are held over the window at this place, in CSS pixels; `None` when they are not any more.
    FilesOver {
        at: Option<[f64; 2]>,
    },
    /// Files were dropped on the window at this place: for an upload's card, or a workshop to open.
    FilesDropped {
        /// The number by which an upload names them; none while no workshop is open.
        drop: Option<u32>,
        /// In CSS pixels.
        at: [f64; 2],
        /// The first one, should it be a workshop.
        path: String,
    },
}
