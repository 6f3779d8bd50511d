//! What can happen in a session, as the journal keeps it.

use atelier_content::action::FormValues;
use serde::{Deserialize, Serialize};

use super::moved::Moving;
use crate::dashboards::DashboardChange;
use crate::protocol::{ActionUpdate, SectionState, ViewState};

/// What can happen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Entry {
    /// The session was opened by a process.
    Opened,
    /// It was closed in good order.
    Closed,
    /// The learner takes this pathway from here on; empty means all pages.
    Pathway { pathway: String },
    /// The workshop's files were copied, all of them.
    Received,
    /// Set-up begins; when nothing follows, it did not come to its end.
    SetupBegun,
    /// Set-up went through; `failed` names the steps that did not.
    Setup { failed: Vec<String> },
    /// The learner goes on although set-up has failed, or was called off.
    SetupPassedOver,
    /// The learner has agreed to a command that was asked about, and to all others that use this cluster.
    Agreed {
        command: String,
        cluster: Option<String>,
    },
    /// A page was shown.
    Page { page: String },
    /// The learner had a page loaded anew: what runs only once may run again.
    Reloaded { page: String },
    /// The author has changed pages while they were played: where their actions and sections are now.
    PagesChanged { pages: Vec<Moving> },
    /// The same of one page, as earlier versions wrote it.
    PageChanged(Moving),
    /// An action ended.
    Action {
        action: String,
        update: ActionUpdate,
    },
    /// Something was typed into an action's form; passwords are left out.
    Form { action: String, values: FormValues },
    /// An examiner test gave its verdict.
    Check { test: String, passed: bool },
    /// These sections of a page were opened or closed; the others stand as they did.
    Sections {
        page: String,
        sections: Vec<SectionState>,
    },
    /// An action was clicked, or fired, that carries an `event`.
    Event { action: String, data: EventData },
    /// An action made, changed or deleted a tab.
    Dashboard { change: DashboardChange },
    /// How the window stood.
    View { page: String, view: ViewState },
    /// The last page was left by its finish button.
    Finished,
    /// The files are kept as they were when a page was first shown.
    PageStart { page: String, tree: String },
    /// The start of a page is put back, or of one file alone. Written before the first file is touched; `pages` and `checks`
    /// lose their marks, and what gives way is the kept version.
    Restored {
        page: String,
        /// What is put back.
        tree: String,
        /// Relative to the home.
        file: Option<String>,
        pages: Vec<String>,
        checks: Vec<String>,
        kept: KeptFiles,
    },
    /// A kept version is brought back, files and marks; what gives way becomes one in its turn.
    BroughtBack { version: String, kept: KeptFiles },
    /// The files of the last of these two are in their places.
    FilesInPlace,
    /// The last of these two could not be finished and is not tried again: the files stay as they are.
    RestoreGivenUp { why: String },
    /// A kept version was deleted.
    KeptDeleted { version: String },
    /// The learner starts over: the session is not taken up again by itself.
    SetAside,
    /// The learner takes up this session rather than another one of its workshop.
    Chosen,
    /// Written by a later version.
    #[serde(other)]
    Unknown,
}

/// Where the learner's version of the files is kept that gives way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFiles {
    /// Name of its folder below `state/backups`.
    pub version: String,
    /// The tree in `state/snapshots`.
    pub tree: String,
}

/// What the journal keeps of a click on an action that carries an `event`, in the words of `actions.md` 2.1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct EventData {
    pub prev_page: Option<String>,
    pub current_page: String,
    pub next_page: Option<String>,
    /// From 1.
    pub page_number: usize,
    pub pages_total: usize,
    /// The value of `event`.
    pub event_name: serde_json::Value,
}
