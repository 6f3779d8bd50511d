//! The one stream from the engine to the window.

use serde::Serialize;
use ts_rs::TS;

use super::action::ActionUpdate;
use super::dashboard::DashboardView;
use super::session::{ChecksView, SetupStepView};

/// Something happened that no request asked for.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Event {
    /// A set-up script started, printed or ended.
    SetupStep {
        step: SetupStepView,
    },
    /// An action that goes on in its terminal, or is tried again, has news.
    ActionUpdated {
        action: String,
        update: ActionUpdate,
    },
    /// An action that was tried in the background has passed: what follows from it.
    ActionFinished {
        action: String,
        result: super::ActionResult,
    },
    /// A terminal's shell ended; the next attach starts a new one.
    TerminalExited {
        name: String,
        status: Option<i32>,
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
    /// Something was dropped on the window that may be a workshop.
    WorkshopDropped {
        path: String,
    },
}
