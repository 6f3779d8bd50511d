//! The report of a test run: a public contract (`docs/test-report.schema.json`).

use serde::Serialize;

use crate::machine::{Requirement, Verdict};
use crate::protocol::ProgramState;

/// What came of playing a workshop.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The workshop's name.
    pub workshop: String,
    /// How it went as a whole.
    pub outcome: RunOutcome,
    /// How many actions ended how.
    pub totals: Totals,
    /// Programs that the workshop needs, the author's own word first.
    pub requirements: Vec<RequirementRow>,
    /// The set-up scripts, in order.
    pub setup: Vec<SetupRow>,
    /// The background programs, in the order in which they start.
    pub programs: Vec<ProgramRow>,
    /// The pages that were visited, in order.
    pub pages: Vec<PageRow>,
}

/// How a run went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunOutcome {
    /// Nothing failed.
    Passed,
    /// An action, set-up script or background program failed, or was odd without leave.
    Failed,
    /// The session could not start.
    Error,
}

/// How many actions ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Totals {
    pub passed: usize,
    pub warned: usize,
    pub failed: usize,
    pub skipped: usize,
}

/// A program that the workshop needs.
#[derive(Debug, Clone, Serialize)]
pub struct RequirementRow {
    /// Its name.
    pub name: String,
    /// `failed` when its author requires it and it is not here, or too old; `warned` when commands start it and it is not here;
    /// `skipped` when it is not certain that it is a program.
    pub status: Status,
    /// Where it was found.
    pub path: Option<String>,
    /// Its version, where a certain one is needed.
    pub version: Option<String>,
    /// What is wrong and how to get it.
    pub message: Option<String>,
}

impl RequirementRow {
    pub(super) fn new(requirement: &Requirement) -> Self {
        let status = match requirement.verdict {
            Verdict::Found => Status::Passed,
            Verdict::Unsure => Status::Skipped,
            Verdict::Missing | Verdict::TooOld if requirement.is_unmet() => Status::Failed,
            Verdict::Missing | Verdict::TooOld => Status::Warned,
        };
        let unsure = || {
            let name = &requirement.name;
            let text = format!(
                "`{name}` is not on this computer; the workshop may bring it, or it is no program"
            );
            (status == Status::Skipped).then_some(text)
        };
        let message = requirement
            .problem()
            .map(|problem| match &requirement.hint {
                Some(hint) => format!("{problem}: {hint}"),
                None => problem,
            });
        Self {
            name: requirement.name.clone(),
            status,
            path: requirement
                .path
                .as_ref()
                .map(|path| path.display().to_string()),
            version: requirement.version.clone(),
            message: message.or_else(unsure),
        }
    }
}

/// A set-up script.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct SetupRow {
    pub name: String,
    pub status: Status,
    pub exit_code: Option<i32>,
    pub millis: u64,
    /// The end of what it printed.
    pub log: String,
}

/// A background program, as it stood at the end of the run.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct ProgramRow {
    pub name: String,
    /// Skipped when it was never started.
    pub status: Status,
    pub state: ProgramState,
    /// Of its last end; null while it has not ended by itself.
    pub exit_code: Option<i32>,
    /// One sentence, where there is something to say.
    pub message: Option<String>,
    /// The end of what it printed.
    pub log: String,
}

/// A page.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct PageRow {
    /// The page's key.
    pub name: String,
    pub title: String,
    pub actions: Vec<ActionRow>,
}

/// An action.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ActionRow {
    /// Its place on the page, from 0.
    pub index: usize,
    /// The fence's name.
    pub kind: String,
    /// Where it stands.
    pub source: SourceRow,
    /// What made it run; null for what did not.
    pub trigger: Option<Trigger>,
    /// How it ended.
    pub status: Status,
    /// How long it took.
    pub millis: u64,
    /// One sentence, where there is something to say.
    pub message: Option<String>,
    /// The first exit status of its command that is not 0, or 0.
    pub exit_code: Option<i32>,
    /// The last 4 KiB that it added to its terminal, its test printed, or that it copied.
    pub output: Option<String>,
    /// The file that it left open.
    pub editor: Option<EditorRow>,
    /// The terminals concerned, as they stood when it failed; none when it did not fail.
    pub terminals: Vec<TerminalRow>,
}

/// A terminal as it stood when an action failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TerminalRow {
    /// Its name.
    pub name: String,
    /// Whether it is one of the editor's.
    pub editor: bool,
    /// What it showed, as plain text.
    pub screen: String,
    /// The last 16 KiB of what it has printed so far, as plain text; ends with the screen.
    pub transcript: String,
}

/// Where a block stands in the workshop's folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceRow {
    /// Relative to the workshop's folder.
    pub file: String,
    /// From 1.
    pub line: usize,
}

/// What made an action run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Trigger {
    Click,
    Autostart,
    Cascade,
}

/// How something ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Status {
    Passed,
    Warned,
    Failed,
    Skipped,
}

/// An open file and what is selected in it. Positions count from 0; characters are UTF-16 code units, as in the Language
/// Server Protocol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EditorRow {
    /// `~/exercises/app.py`.
    pub file: String,
    /// The selection; start and end are the same for a caret.
    pub selection: SelectionRow,
}

/// A selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct SelectionRow {
    pub start: PositionRow,
    pub end: PositionRow,
}

/// A place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct PositionRow {
    pub line: u32,
    pub character: u32,
}

impl Report {
    /// The report of a session that could not start.
    pub fn not_started(workshop: &str) -> Self {
        Self {
            workshop: workshop.to_owned(),
            outcome: RunOutcome::Error,
            totals: Totals::default(),
            requirements: Vec::new(),
            setup: Vec::new(),
            programs: Vec::new(),
            pages: Vec::new(),
        }
    }
}

impl Totals {
    /// Counts the rows of some pages.
    pub fn of(pages: &[PageRow]) -> Self {
        let mut totals = Self::default();
        for row in pages.iter().flat_map(|page| &page.actions) {
            match row.status {
                Status::Passed => totals.passed += 1,
                Status::Warned => totals.warned += 1,
                Status::Failed => totals.failed += 1,
                Status::Skipped => totals.skipped += 1,
            }
        }
        totals
    }
}
