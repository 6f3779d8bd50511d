//! The JSON report of `atelier test` as another program would read it: a field too many or too few is an error.

use serde::Deserialize;

/// What came of playing a workshop.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "docs/test-report.schema.json says it")]
pub struct Report {
    pub workshop: String,
    pub outcome: String,
    pub totals: Totals,
    pub requirements: Vec<Requirement>,
    pub setup: Vec<Setup>,
    pub programs: Vec<Program>,
    pub pages: Vec<Page>,
}

/// How many actions ended how.
#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Totals {
    pub passed: usize,
    pub warned: usize,
    pub failed: usize,
    pub skipped: usize,
}

/// A program that the workshop needs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "docs/test-report.schema.json says it")]
pub struct Requirement {
    pub name: String,
    pub status: String,
    pub path: Option<String>,
    pub version: Option<String>,
    pub message: Option<String>,
}

/// A set-up script.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "docs/test-report.schema.json says it")]
pub struct Setup {
    pub name: String,
    pub status: String,
    pub exit_code: Option<i32>,
    pub millis: u64,
    pub log: String,
}

/// A background program.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "docs/test-report.schema.json says it")]
pub struct Program {
    pub name: String,
    pub status: String,
    pub state: String,
    pub exit_code: Option<i32>,
    pub message: Option<String>,
    pub log: String,
}

/// A page.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Page {
    pub name: String,
    pub title: String,
    pub actions: Vec<Row>,
}

/// An action.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "docs/test-report.schema.json says it")]
pub struct Row {
    pub index: usize,
    pub kind: String,
    pub source: Source,
    pub trigger: Option<String>,
    pub status: String,
    pub millis: u64,
    pub message: Option<String>,
    pub exit_code: Option<i32>,
    pub output: Option<String>,
    pub editor: Option<Editor>,
    pub terminals: Vec<Terminal>,
}

/// A terminal as it stood when an action failed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "docs/test-report.schema.json says it")]
pub struct Terminal {
    pub name: String,
    pub editor: bool,
    pub screen: String,
    pub transcript: String,
}

/// Where an action stands.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Source {
    pub file: String,
    pub line: usize,
}

/// An open file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Editor {
    pub file: String,
    pub selection: Selection,
}

/// A selection.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Selection {
    pub start: Position,
    pub end: Position,
}

/// A place in a text.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Position {
    pub line: u32,
    pub character: u32,
}

impl Row {
    /// `click passed`, with `: the message` where there is one; `-` stands for no trigger.
    pub fn brief(&self) -> String {
        let trigger = self.trigger.as_deref().unwrap_or("-");
        match &self.message {
            Some(message) => format!("{trigger} {}: {message}", self.status),
            None => format!("{trigger} {}", self.status),
        }
    }

    /// `0:0-1:4`, the selection of the file that it left open.
    pub fn selection(&self) -> String {
        let at = |position: &Position| format!("{}:{}", position.line, position.character);
        let selection = self.editor.as_ref().map(|editor| &editor.selection);
        selection.map_or_else(
            || "none".to_owned(),
            |selection| format!("{}-{}", at(&selection.start), at(&selection.end)),
        )
    }

    /// The message, or nothing.
    pub fn message(&self) -> &str {
        self.message.as_deref().unwrap_or_default()
    }

    /// The output, or nothing.
    pub fn output(&self) -> &str {
        self.output.as_deref().unwrap_or_default()
    }
}
