//! What an editor action does to a text: planned here, applied by whoever owns the text.

mod line_index;
mod lines;
mod matching;
mod plan;
mod search;
mod selection;
#[cfg(test)]
mod testing;
mod text_edit;
pub mod yaml;

use std::ops::Range;

use serde::{Deserialize, Serialize};

pub use plan::{EditError, Plan, Warning};
pub use text_edit::{Change, InvalidEdit, TextEdit};

use line_index::Lines;

/// Plans what an operation does to a file's text. `file` is for the sentences; `text` has `\n` line ends, `None` means
/// that there is no such file; `selection` is what is selected in it, bytes, a caret when empty.
///
/// Pure, and without a time limit: what [`EditOp::uses_regex`] may run for ever, so its caller plans it where it can be
/// stopped.
pub fn plan(
    op: &EditOp,
    file: &str,
    text: Option<&str>,
    selection: Range<usize>,
) -> Result<Plan, EditError> {
    let Some(text) = text else {
        return plan_missing(op, file);
    };
    let lines = &Lines::new(text);
    let selection = selection::fit(text, selection);
    match op {
        EditOp::CreateFile { text } => Ok(lines::overwrite(lines, text)),
        EditOp::AppendLines { text } => Ok(lines::append(lines, text)),
        EditOp::PrependLines { text } => Ok(lines::insert_at(lines, 0, text)),
        EditOp::InsertBeforeLine { line, text } => lines::insert_before(file, lines, *line, text),
        EditOp::AppendAfterLine { line, text } => lines::append_after(file, lines, *line, text),
        EditOp::AppendAfterMatch { matching, text } => {
            matching::append_after(file, lines, matching, text)
        }
        EditOp::InsertBeforeMatch { matching, text } => {
            matching::insert_before(file, lines, matching, text)
        }
        EditOp::SelectLines { start, stop } => Ok(lines::select(file, lines, *start, *stop)),
        EditOp::DeleteLines { start, stop } => Ok(lines::delete(file, lines, *start, *stop)),
        EditOp::ReplaceLines { start, stop, text } => {
            Ok(lines::replace(file, lines, *start, *stop, text))
        }
        EditOp::DeleteMatchingLines {
            pattern,
            before,
            after,
        } => matching::delete(file, lines, pattern, *before, *after),
        EditOp::SelectMatching {
            pattern,
            lines: range,
            before,
            after,
        } => matching::select(file, lines, pattern, *range, *before, *after),
        EditOp::ReplaceMatching {
            pattern,
            lines: range,
            replacement,
            count,
        } => matching::replace(file, lines, pattern, *range, replacement, *count),
        EditOp::ReplaceSelection { text } => Ok(selection::replace(file, selection, text)),
        EditOp::DeleteSelection => Ok(selection::delete(file, selection)),
        EditOp::InsertBeforeSelection { text } => {
            Ok(selection::insert_before(lines, &selection, text))
        }
        EditOp::AppendAfterSelection { text } => {
            Ok(selection::append_after(lines, &selection, text))
        }
        EditOp::Yaml(op) => yaml::plan(op, file, text),
    }
}

/// What creates its file, and what needs one.
fn plan_missing(op: &EditOp, file: &str) -> Result<Plan, EditError> {
    let missing = || EditError::MissingFile {
        file: file.to_owned(),
    };
    match op {
        EditOp::Yaml(op) => yaml::plan_missing(op).ok_or_else(missing),
        EditOp::CreateFile { text } => Ok(lines::create_file(text)),
        EditOp::AppendLines { text }
        | EditOp::PrependLines { text }
        | EditOp::InsertBeforeLine { text, .. }
        | EditOp::AppendAfterLine { text, .. }
        | EditOp::AppendAfterMatch { text, .. }
        | EditOp::InsertBeforeMatch { text, .. } => Ok(lines::create(text)),
        EditOp::SelectLines { .. }
        | EditOp::DeleteLines { .. }
        | EditOp::ReplaceLines { .. }
        | EditOp::DeleteMatchingLines { .. }
        | EditOp::SelectMatching { .. }
        | EditOp::ReplaceMatching { .. }
        | EditOp::ReplaceSelection { .. }
        | EditOp::DeleteSelection
        | EditOp::InsertBeforeSelection { .. }
        | EditOp::AppendAfterSelection { .. } => Err(missing()),
    }
}

/// A change or a selection of one file's text (`actions.md` 3.5, 3.6 and 3.8). Properties keep the specification's meaning:
/// lines count from 1 in the line operations, from 0 in `start` and `stop` of the matching ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    Yaml(yaml::YamlOp),
}

impl EditOp {
    /// Whether planning it runs an author's expression, which may take for ever.
    pub fn uses_regex(&self) -> bool {
        match self {
            Self::DeleteMatchingLines { pattern, .. }
            | Self::SelectMatching { pattern, .. }
            | Self::ReplaceMatching { pattern, .. } => pattern.regex,
            _ => false,
        }
    }
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
