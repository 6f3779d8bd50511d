//! What an editor action does to a text: planned here, applied by whoever owns the text.

mod text_edit;

use serde::{Deserialize, Serialize};

pub use text_edit::{Change, TextEdit};

/// A change or a selection of one file's text (`actions.md` 3.5 and 3.6). Properties keep the specification's meaning:
/// lines count from 1 in the line operations, from 0 in `start` and `stop` of the matching ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "kebab-case")]
#[allow(
    missing_docs,
    reason = "the fields are the properties of the specification"
)]
pub enum EditOp {
    CreateFile {
        text: String,
    },
    AppendLines {
        text: String,
    },
    PrependLines {
        text: String,
    },
    InsertBeforeLine {
        line: i64,
        text: String,
    },
    AppendAfterLine {
        line: i64,
        text: String,
    },
    AppendAfterMatch {
        matching: String,
        text: String,
    },
    InsertBeforeMatch {
        matching: String,
        text: String,
    },
    SelectLines {
        start: i64,
        stop: i64,
    },
    DeleteLines {
        start: i64,
        stop: i64,
    },
    ReplaceLines {
        start: i64,
        stop: i64,
        text: String,
    },
    DeleteMatchingLines {
        pattern: Pattern,
        before: Context,
        after: Context,
    },
    SelectMatching {
        pattern: Pattern,
        lines: LineRange,
        before: Option<Context>,
        after: Option<Context>,
    },
    ReplaceMatching {
        pattern: Pattern,
        lines: LineRange,
        replacement: String,
        count: Count,
    },
    ReplaceSelection {
        text: String,
    },
    DeleteSelection,
    InsertBeforeSelection {
        text: String,
    },
    AppendAfterSelection {
        text: String,
    },
}

/// What to look for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pattern {
    /// The literal text or the ECMAScript expression. Never empty.
    pub text: String,
    /// Whether it is an expression.
    pub regex: bool,
    /// Which group of the expression counts; 0 is the whole match.
    pub group: usize,
}

/// The lines to search, from 0, `stop` exclusive; negative counts from the end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(
    missing_docs,
    reason = "the fields are the properties of the specification"
)]
pub struct LineRange {
    pub start: Option<i64>,
    pub stop: Option<i64>,
}

/// How many lines around a match belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Context {
    /// This many.
    Lines(usize),
    /// All on that side.
    All,
}

/// How many matches to replace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Count {
    /// The first so many.
    First(usize),
    /// All.
    All,
}
