//! Text files in the editor.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A text file as the editor gets it.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DocumentView {
    /// `~/exercises/app.py`, or absolute outside the home.
    pub path: String,
    /// `\n` line ends, no byte order mark; the file's own are put back when it is saved.
    pub text: String,
    /// Hash of the bytes on disk.
    pub version: String,
    /// It cannot be written, and why.
    pub read_only: Option<String>,
}

/// A file was saved.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Saved {
    /// Hash of the bytes now on disk.
    pub version: String,
}

/// A planned change in the window's units: UTF-16 code units into `\n`-only text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct EditView {
    /// Sorted and disjoint.
    pub changes: Vec<ChangeView>,
    /// Into the text after the changes; none leaves the selection to follow the text.
    pub select: Option<[u32; 2]>,
}

/// One replacement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[allow(missing_docs, reason = "the names are CodeMirror's own")]
pub struct ChangeView {
    pub from: u32,
    pub to: u32,
    pub insert: String,
}

/// An entry of a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FileEntry {
    /// Its name.
    pub name: String,
    /// `~/exercises/app.py`.
    pub path: String,
    /// What it is.
    pub kind: FileKind,
}

/// What an entry of a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum FileKind {
    Folder,
    File,
}
