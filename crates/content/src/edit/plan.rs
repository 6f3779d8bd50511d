//! What planning gives: the edit and what its owner must know, or why there is none.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::TextEdit;
use super::yaml::Problem;

/// A planned editor action.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// What to change and what to select; `select` may be a caret.
    pub edit: TextEdit,
    /// The file does not exist: the edit is one of the empty text, and saving it makes the file, empty or not.
    pub create: bool,
    /// Whether the file is saved afterwards; what only selects does not save.
    pub save: bool,
    /// What to scroll to the centre: bytes of the text after the edit.
    pub reveal: Option<Range<usize>>,
    /// What the author did not mean, although the action succeeds.
    pub warning: Option<Warning>,
}

impl Plan {
    /// Changes the text, selects and reveals.
    pub(super) fn change(edit: TextEdit) -> Self {
        Self {
            reveal: edit.select.clone(),
            save: true,
            edit,
            ..Self::default()
        }
    }

    /// Selects and reveals.
    pub(super) fn select(range: Range<usize>) -> Self {
        Self {
            reveal: Some(range.clone()),
            edit: TextEdit::default().selecting(range),
            ..Self::default()
        }
    }

    /// Leaves everything as it is, and says why.
    pub(super) fn nothing(warning: Warning) -> Self {
        Self::default().warn(warning)
    }

    pub(super) fn warn(self, warning: impl Into<Option<Warning>>) -> Self {
        Self {
            warning: warning.into(),
            ..self
        }
    }
}

/// What the reference lets pass in silence: the action succeeds, but hardly as its author meant it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the fields are those of the sentence")]
pub enum Warning {
    /// A literal was not found; `lines` are those that were searched, from 1, when not all were.
    #[error("no line of {file}{} contains {text:?}", searched(.lines))]
    TextNotFound {
        file: String,
        text: String,
        lines: Option<(usize, usize)>,
    },
    /// An expression was not found; `lines` are those that were searched, from 1, when not all were.
    #[error("nothing in {file}{} matches the expression {pattern}", searched(.lines))]
    PatternNotFound {
        file: String,
        pattern: String,
        lines: Option<(usize, usize)>,
    },
    /// The line to insert at was not found; the lines went in near the end, at `line`, from 1.
    #[error("no line of {file} contains {text:?}; the new lines went in at line {line}")]
    InsertedNearEnd {
        file: String,
        text: String,
        line: usize,
    },
    /// Literals that are looked for in lines lose the blanks around them, and nothing is left of this one.
    #[error("the text to look for in {file} is only blanks, which match no line")]
    OnlyBlanks { file: String },
    /// `stop` is not after `start`; both as written.
    #[error("start {start} and stop {stop} leave no line of {file} to search")]
    NothingToSearch { file: String, start: i64, stop: i64 },
    /// The lines asked for all lie outside the file.
    #[error("{file} has no line {line}; it ends at line {count}, and the nearest line was taken")]
    NoSuchLine {
        file: String,
        line: i64,
        count: usize,
    },
    /// Lines count from 1, so nothing goes in there.
    #[error("{file} has no line {line}; nothing was inserted")]
    NothingInserted { file: String, line: i64 },
    /// There is only a caret.
    #[error("nothing is selected in {file}")]
    NothingSelected { file: String },
    /// The deprecated YAML act has a place that takes nothing.
    #[error(
        "{file} has neither a list nor a mapping with entries at `{path}`; nothing was inserted"
    )]
    NothingTaken { file: String, path: String },
}

fn searched(lines: &Option<(usize, usize)>) -> String {
    match lines {
        None => String::new(),
        Some((first, last)) if first == last => format!(" (line {first})"),
        Some((first, last)) => format!(" (lines {first} to {last})"),
    }
}

/// Why an editor action cannot be planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the fields are those of the sentence")]
pub enum EditError {
    /// Only some actions create their file.
    #[error("{file} does not exist")]
    MissingFile { file: String },
    /// The text or expression to look for is empty.
    #[error("there is no text to look for in {file}")]
    NothingToFind { file: String },
    /// The expression is not one of ECMAScript.
    #[error("the expression {pattern} is not valid: {reason}")]
    BadPattern { pattern: String, reason: String },
    /// The expression has fewer groups.
    #[error("the expression {pattern} has no group {group}")]
    NoSuchGroup { pattern: String, group: usize },
    /// The expression matched without this group; `line` counts from 1.
    #[error(
        "group {group} of the expression {pattern} has no part in the match at line {line} of {file}"
    )]
    GroupNotMatched {
        file: String,
        pattern: String,
        group: usize,
        line: usize,
    },
    /// So many blank lines are a mistake, not a wish.
    #[error("line {line} is too far past the end of {file}, which ends at line {count}")]
    LineTooFar {
        file: String,
        line: i64,
        count: usize,
    },
    /// A YAML act cannot be planned.
    #[error("{file} {problem}")]
    Yaml { file: String, problem: Problem },
}
