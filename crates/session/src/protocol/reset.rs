//! Starting again: the start of a page, whole sessions, and the list of them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::action::Effect;
use super::session::ChecksView;

/// What restoring the start of a page would do.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names say it")]
pub struct RestoreView {
    pub page: String,
    /// The one file that is asked about.
    pub file: Option<String>,
    /// When the page was first shown, in milliseconds since 1970.
    pub kept_at: Option<u64>,
    /// The first of what is not as it was then.
    pub changes: Vec<FileChange>,
    /// How many those are.
    pub changed: u32,
    /// Done actions that lose their mark.
    pub marks: u32,
    /// Passed checks that lose their verdict.
    pub checks: u32,
    /// Titles of the pages that were first shown after this one, and lose their marks with it.
    pub later_pages: Vec<String>,
    /// What stays as it is.
    pub left_out: Vec<LeftOutView>,
    /// Why it cannot be done.
    pub problem: Option<String>,
    /// The learner's versions that can be brought back, the newest first.
    pub kept: Vec<KeptVersionView>,
}

/// A file that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[allow(missing_docs, reason = "the names say it")]
pub struct FileChange {
    pub path: String,
    pub kind: FileChangeKind,
}

/// What became of a file since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum FileChangeKind {
    Added,
    Changed,
    Removed,
}

/// A file or folder that is neither kept nor exported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[allow(missing_docs, reason = "the names say it")]
pub struct LeftOutView {
    pub path: String,
    pub reason: String,
}

/// A version of the learner's that gave way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[allow(missing_docs, reason = "the names say it")]
pub struct KeptVersionView {
    pub version: String,
    /// Milliseconds since 1970.
    pub at: u64,
    /// Title of the page whose start took its place.
    pub page: String,
    /// The one file that it is about.
    pub file: Option<String>,
}

/// What was typed into a file and is not on the disk, because the disk has another text.
#[derive(Debug, Clone, Deserialize, TS)]
#[allow(missing_docs, reason = "the names say it")]
pub struct UnsavedText {
    pub path: String,
    pub text: String,
}

/// What came of a restore.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names say it")]
pub struct RestoredView {
    /// The version that gave way.
    pub version: String,
    pub changed: u32,
    /// What the window must do with open files.
    pub effects: Vec<Effect>,
    pub checks: ChecksView,
    /// Terminals whose shell stands in a folder that is gone.
    pub homeless: Vec<String>,
}

/// The sessions on this computer.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names say it")]
pub struct SessionsView {
    /// By last use.
    pub sessions: Vec<StoredSessionView>,
    /// Unpacked archives that no session is of.
    pub unused_archives: u32,
}

/// A session on the disk.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names say it")]
pub struct StoredSessionView {
    pub name: String,
    /// Of its workshop.
    pub title: String,
    pub workshop: String,
    /// Its workshop's folder is gone.
    pub missing: bool,
    /// The learner has started over since.
    pub set_aside: bool,
    /// A window has it open.
    pub open: bool,
    pub checks: ChecksView,
    pub finished: bool,
    /// Milliseconds since 1970.
    pub last_used: u64,
    /// Services whose containers may still run although the session is not open.
    pub containers: Vec<String>,
}

/// What would be lost with a session.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names say it")]
pub struct LossView {
    pub name: String,
    pub title: String,
    /// Bytes on the disk.
    pub size: u64,
    /// Files changed since the first page; none when that is not known.
    pub changed: Option<u32>,
    /// The first of them.
    pub changes: Vec<FileChange>,
    pub actions_done: u32,
    pub checks_passed: u32,
    /// Bytes of what an export of the exercises, and of the whole home, would hold.
    pub exercises_size: Option<u64>,
    pub home_size: Option<u64>,
    /// What is to be said of containers that may still run and are not ended with the session.
    pub containers: Option<String>,
}

/// What an export holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ExportScope {
    /// The exercises, or the home where there are none.
    Exercises,
    /// Everything in the session's home.
    Home,
}

/// What was exported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names say it")]
pub struct ExportedView {
    /// Name of the archive, without its folder.
    pub name: String,
    pub files: u32,
    /// Bytes of the archive.
    pub size: u64,
    pub left_out: Vec<LeftOutView>,
}
