//! What the trust sheet says of a workshop that has changed since it was trusted.

use serde::Serialize;
use ts_rs::TS;

/// What has changed since the workshop was trusted.
#[derive(Debug, Clone, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangesView {
    /// When it was trusted, in milliseconds since 1970; none where that was not kept.
    pub trusted_at: Option<u64>,
    /// What runs by itself first; none where what it was like was not kept.
    pub parts: Option<Vec<ChangedPart>>,
    /// So many more are not listed.
    pub more: u32,
}

/// A file or an action that has changed.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangedPart {
    /// How it has changed.
    pub change: PartChange,
    /// The file, or the page of the action, relative to the workshop's folder.
    pub place: String,
    /// What the action's card is headed with, and what it shows first; none for a file.
    pub action: Option<String>,
    /// What it is for, to go on a sentence with: `runs at the start`.
    pub role: Option<String>,
    /// It runs, or says what runs, without a click.
    pub by_itself: bool,
    /// A unified difference without the names of files.
    pub diff: Option<String>,
    /// What else is to be said, a sentence or two.
    pub note: Option<String>,
}

/// How a part has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum PartChange {
    Added,
    Removed,
    Changed,
}
