//! Why a YAML action cannot be planned.

use serde::{Deserialize, Serialize};

/// What is wrong with a file, a path or a value; the sentence follows the file's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "problem", rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the fields are those of the sentence")]
pub enum Problem {
    /// Line and column count from 1.
    #[error("is not valid YAML at line {line}, column {column}: {reason}")]
    Syntax {
        line: usize,
        column: usize,
        reason: String,
    },
    /// `line` is that of the second.
    #[error("has the key `{key}` twice in one mapping, again at line {line}; correct that first")]
    DuplicateKey { key: String, line: usize },
    /// Readers of such a file run out of memory.
    #[error("repeats itself through aliases more often than programs can read")]
    TooManyAliases,
    /// `line` counts from 1.
    #[error("is nested deeper than {depth} levels at line {line}, too deep to be edited")]
    TooDeep { line: usize, depth: usize },
    /// Nothing is there, and nothing may be made there.
    #[error("has nothing at `{path}`")]
    Missing { path: String },
    /// The document is empty.
    #[error("holds no value")]
    NoValue,
    /// No item has this value.
    #[error("has no item with `{key}` {value:?} {}", at(.path))]
    NoItem {
        path: String,
        key: String,
        value: String,
    },
    /// An index was asked of something else.
    #[error("has no list {}, so there is no {segment} in it", at(.path))]
    NotAListFor { path: String, segment: String },
    /// A key was asked of a list.
    #[error("has a list {}; its items have numbers, not the key `{key}`", at(.path))]
    ListHasNoKeys { path: String, key: String },
    /// The path goes on after a scalar.
    #[error("has a single value {}, so nothing lies below it", at(.path))]
    NothingBelow { path: String },
    /// The path goes on after an alias.
    #[error("has the alias `*{name}` {}; change what `&{name}` marks instead", at(.path))]
    ThroughAlias { path: String, name: String },
    /// An item is to be added to something else.
    #[error("has no list {}", at(.path))]
    NotAList { path: String },
    /// Values are to be merged into something else.
    #[error("has no mapping {}", at(.path))]
    NotAMapping { path: String },
    /// A list cannot be started in the middle.
    #[error("has no list {}, and a new one starts with item 0, not {index}", at(.path))]
    NewListStartsAtZero { path: String, index: usize },
    /// A list goes into a mapping, or a single value.
    #[error("has a mapping {}; only keys with values can be inserted there", at(.path))]
    OnlyEntriesFit { path: String },
    /// A key that is to be inserted is there.
    #[error("already has the key `{key}` {}", at(.path))]
    KeyExists { path: String, key: String },
    /// Aliases elsewhere need what is to go.
    #[error("needs what is to be changed elsewhere: `*{name}` at line {line} refers to it")]
    AnchorInUse { name: String, line: usize },
    /// The document itself cannot be removed or replaced.
    #[error("cannot be changed as a whole; say which value in it")]
    WholeDocument,
    /// The text that came out does not say what was asked for.
    #[error(
        "is written in a way that this change cannot be made in safely; nothing was changed, change it by hand"
    )]
    Unfaithful,
}

fn at(path: &str) -> String {
    if path.is_empty() {
        "at its top".to_owned()
    } else {
        format!("at `{path}`")
    }
}
