//! The open session.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::dashboard::DashboardView;
use super::library::PathwayView;
use super::page::PageEntry;
use super::program::ProgramView;
use crate::allowances::Allowances;
use crate::isolation::Isolation;

/// What the window was started with.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct StartRequest {
    /// A workshop to open at once.
    pub path: Option<String>,
    /// Its trust sheet is answered already.
    pub trust: bool,
    /// It is its author who asks: trusted whatever its content, and changes are shown as they are saved.
    pub author: bool,
    /// Start over instead of resuming.
    pub fresh: bool,
}

/// An open session.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names say it")]
pub struct SessionView {
    /// The session's name.
    pub name: String,
    pub workshop_path: String,
    pub title: String,
    pub description: String,
    /// Heads the list of pages: a pathway may have a title of its own.
    pub contents_title: String,
    /// The pathways to choose from; with fewer than two there is nothing to choose.
    pub pathways: Vec<PathwayView>,
    /// The one that is taken; empty means all pages.
    pub pathway: String,
    /// In the order of navigation.
    pub pages: Vec<PageEntry>,
    /// The page to show first.
    pub current_page: String,
    /// The learner has been here before: terminals are fresh, the rest is as it was.
    pub resumed: bool,
    /// The path is trusted whatever its content.
    pub author_mode: bool,
    /// Only its pages are read: nothing runs, nothing is written, and there are no files of a session.
    pub read_only: bool,
    /// How far its programs may reach.
    pub isolation: Isolation,
    pub setup: SetupView,
    /// Programs that run in the background, in the order in which they start.
    pub programs: Vec<ProgramView>,
    /// The terminals of the terminal area, in order; empty when there is no area.
    pub terminals: Vec<TerminalView>,
    /// Tabs of the work area.
    pub dashboards: Vec<DashboardView>,
    /// Whether the workshop has an editor.
    pub editor: bool,
    /// Root of the file tree: `~/exercises` or `~`.
    pub files_root: String,
    pub checks: ChecksView,
    /// What the learner should know about this start, each a sentence.
    pub notices: Vec<String>,
    /// What is different on this computer from where the workshop was made for, each a sentence.
    pub differences: Vec<String>,
    /// It uses something of the owner's that it can be allowed or not.
    pub may_be_allowed: bool,
    /// What of the owner's its programs may use: Docker goes around an isolation.
    pub allowed: Allowances,
    /// The workshop's folder is followed: what its author saves is shown at once.
    pub watched: bool,
    /// As it was left.
    pub view: ViewState,
    /// What is to be fixed in the workshop; while it is looked through, what is known so far.
    pub problems: Vec<DiagnosticView>,
    /// Parts of the definition that its author has changed and that apply after a restart.
    pub restart: Vec<String>,
    /// What its author has changed of the files that the session has copies of.
    pub offer: super::preview::OfferView,
}

/// How far the set-up of the session is. Until it has ended pages can be read, and nothing of the workshop runs but its set-up.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetupView {
    /// What it is doing, or waits for.
    pub phase: SetupPhase,
    /// The steps of the run that is under way, or was last; none where nothing ran in this start.
    pub steps: Vec<SetupStepView>,
    /// The run goes on where an earlier one did not come to its end.
    pub interrupted: bool,
}

/// What set-up is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum SetupPhase {
    /// Its steps run.
    Running,
    /// All steps have run, and some have failed: it waits for the learner to run it again or to go on.
    Failed,
    /// The learner has called it off: it waits as well.
    Stopped,
    /// The session is ready.
    Ended,
}

/// A step of the set-up: a script of `setup.d`, or a file of `profile.d`.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetupStepView {
    /// File name of a script; for others their path below the workshop's folder, or `~/workshop/…`.
    pub name: String,
    /// How it went.
    pub status: SetupStatus,
    /// Its exit status, once it ended by itself.
    pub exit_code: Option<i32>,
    /// How long it took.
    pub millis: u64,
    /// The last lines it printed.
    pub log: String,
}

/// How a step of the set-up is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum SetupStatus {
    Waiting,
    Running,
    Passed,
    Failed,
}

/// A terminal of the session.
#[derive(Debug, Clone, Serialize, TS)]
pub struct TerminalView {
    /// Its name, as actions use it.
    pub name: String,
    /// What its tab says.
    pub title: String,
}

/// A terminal of the editor. Where terminals are asked for by name, it is `editor:NAME`; no other name has a colon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct EditorTerminalView {
    /// Its name, as actions use it.
    pub name: String,
    /// The process id of its shell, which tells it from an earlier one of the same name.
    pub shell: u32,
}

/// How many examiner tests of the workshop have passed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, TS)]
#[allow(missing_docs, reason = "the names say it")]
pub struct ChecksView {
    pub passed: u32,
    pub total: u32,
}

/// What the window wants to find again; the engine keeps it and does not look inside.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct ViewState {
    /// Files open in the editor, in tab order: `~/exercises/app.py`.
    pub open_files: Vec<String>,
    /// The active work tab: a file's path, or a dashboard's id.
    pub active_tab: Option<String>,
    /// Scroll position of the current page, in CSS pixels.
    pub scroll: f64,
    /// Sizes of the panes, as the window writes them.
    pub layout: Option<String>,
}

/// A finding about the workshop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[allow(missing_docs, reason = "the names say it")]
pub struct DiagnosticView {
    pub code: String,
    /// `error` or `warning`.
    pub severity: String,
    pub message: String,
    pub help: Option<String>,
    /// Relative to the workshop's folder.
    pub file: Option<String>,
    /// From 1.
    pub line: Option<u32>,
    /// From 1.
    pub column: Option<u32>,
    /// The page that the file is the source of.
    pub page: Option<String>,
}

/// The finish screen.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names say it")]
pub struct FinishView {
    pub title: String,
    pub actions_done: u32,
    pub checks: ChecksView,
    /// Time spent with the session open.
    pub millis: u64,
    /// Where the learner's files are.
    pub files_at: String,
    /// Where the author sends the learner from here.
    pub exit_link: Option<String>,
}

/// What the window decides by; everything else is a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCode {
    /// No session is open.
    NoSession,
    /// The workshop has not been trusted.
    NotTrusted,
    /// The workshop is only being read.
    ReadOnly,
    /// The file on disk is not the one that was read.
    Conflict,
    /// The file is not a text that the editor can show.
    NotText,
    /// The file is not there.
    NotFound,
    /// Another process has this session open.
    Busy,
    /// Nothing the window can do about it but say so.
    Other,
}
