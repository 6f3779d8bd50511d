//! What an action means: the typed form of every clickable block (`actions.md` sections 1 to 3).

mod body;
mod catalog;
mod clipboard;
mod dashboard;
mod editor;
mod editor_command;
mod editor_files;
mod editor_terminal;
mod editor_yaml;
mod examiner;
mod files;
#[cfg(test)]
mod files_tests;
mod folded;
pub mod form;
mod options;
mod properties;
mod quoting;
mod read;
mod report;
mod schema;
mod section;
mod terminal;
#[cfg(test)]
mod tests;
mod unknown;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Span;
use crate::edit::EditOp;

pub use editor_command::{EditorCommand, PanelCommand, Reveal, WindowCommand};
pub use editor_terminal::{EditorTerminalAction, EditorTerminalVerb};
pub use form::{Form, FormValue, FormValues};
pub use read::{Fence, read};
pub use schema::schema;

/// Whether a name is that of an action.
pub(crate) fn is_action(name: &str) -> bool {
    catalog::find(name).is_some()
}

/// An action of a page, in its place.
#[derive(Debug, Clone)]
pub struct PageAction {
    /// The fence's name: `terminal:execute`.
    pub kind: String,
    /// What it does, or why it cannot be read (one sentence for the learner and the report).
    pub action: Result<Action, BrokenAction>,
    /// What every action may carry.
    pub options: Options,
    /// What the card shows: `Terminal`, `Execute command in terminal "1"`.
    pub face: Face,
    /// The whole block in its source file, fence lines included.
    pub span: Span,
}

impl PageAction {
    /// Whether it is a check that is tried until it passes.
    pub fn is_endless(&self) -> bool {
        matches!(&self.action, Ok(Action::Examiner(test)) if test.retries.is_none())
    }
}

/// Why a block that is an action cannot be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenAction {
    /// One sentence.
    pub message: String,
    /// Where in the source file.
    pub span: Span,
}

/// What a card shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Face {
    /// `Terminal`, or the author's `prefix`.
    pub prefix: String,
    /// `Execute command in terminal "1"`, or the author's `title`.
    pub title: String,
    /// The text below, preformatted; an author's `description` replaces it.
    pub body: Option<String>,
}

/// One action.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// `terminal:*` and the raw `execute` forms.
    Terminal(TerminalAction),
    /// `workshop:copy`, `workshop:copy-and-edit` and their raw forms.
    Copy {
        /// Exactly what goes to the clipboard.
        text: String,
    },
    /// `dashboard:*`.
    Dashboard(DashboardAction),
    /// `editor:*`.
    Editor(EditorAction),
    /// `editor:*-terminal`.
    EditorTerminal(EditorTerminalAction),
    /// `examiner:execute-test`.
    Examiner(ExaminerTest),
    /// `files:*`.
    Files(FilesAction),
    /// `section:*`.
    Section(SectionMark),
}

/// Which terminal an action is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The terminal of this name.
    One(String),
    /// Terminals 1, 2 and 3, those that exist; then 1 is focused.
    All,
}

/// `terminal:*` (`actions.md` 3.1 and 4.4).
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "the fields are the properties of the specification"
)]
pub enum TerminalAction {
    /// Types the command and Enter, every newline as Enter.
    Execute {
        command: String,
        session: Target,
        clear: bool,
    },
    /// Pastes text, honouring bracketed paste; with a final newline when `newline`.
    Input {
        text: String,
        session: Target,
        newline: bool,
    },
    /// Sends Ctrl+C.
    Interrupt { session: Target },
    /// Drops screen and scrollback but the prompt line.
    Clear { session: Target },
    /// Shows and focuses.
    Select { session: String },
}

/// `dashboard:*` (`actions.md` 3.3 and 7).
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "the fields are the properties of the specification"
)]
pub enum DashboardAction {
    Open {
        name: String,
    },
    Create {
        name: String,
        url: String,
        focus: bool,
    },
    Reload {
        name: String,
        url: Option<String>,
        focus: bool,
    },
    Delete {
        name: String,
    },
    OpenUrl {
        url: String,
    },
}

/// `editor:*` (`actions.md` 3.4 to 3.6). Paths are as written: `~/x`, `$HOME/x`, `x` or absolute.
#[derive(Debug, Clone, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are the properties of the specification"
)]
pub enum EditorAction {
    /// `line` counts from 1; 0 is 1; past the end is the last line; negative leaves the caret.
    OpenFile {
        file: String,
        line: i64,
    },
    CreateDirectory {
        directory: String,
    },
    /// Any change or selection of one file's text.
    Edit {
        file: String,
        op: EditOp,
    },
    CopyFile {
        src: String,
        dest: String,
        open: bool,
    },
    RenameFile {
        src: String,
        dest: String,
        open: bool,
    },
    CloseFile {
        file: String,
    },
    DeleteFile {
        file: String,
    },
    Command(EditorCommand),
}

/// `files:*` (`actions.md` 3.11 and 6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilesAction {
    /// Hands a file to the learner.
    Download {
        /// Which.
        source: FileSource,
        /// What it is called: a file name without folders.
        name: String,
        /// The card shows its text.
        preview: bool,
    },
    /// Puts a file's text on the clipboard.
    Copy {
        /// Which.
        source: FileSource,
        /// The card shows its text.
        preview: bool,
    },
    /// Takes files from the learner.
    Upload {
        /// Where they go.
        upload: Upload,
        /// What `atelier test` uploads; a small text of its own when there is none.
        samples: Vec<Sample>,
    },
}

/// A file to hand over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileSource {
    /// Relative to the folder of files, and without steps out of it.
    Path(String),
    /// As written.
    Url(String),
}

/// Where uploaded files go; relative to the folder of uploads, without steps out of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Upload {
    /// One file, under this path.
    File {
        /// With sub-folders, perhaps.
        path: String,
    },
    /// Any number of files under their own names.
    Files {
        /// Into this folder; empty for the folder of uploads itself.
        directory: String,
    },
}

/// A file that `atelier test` uploads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Its name, without folders.
    pub name: String,
    /// What is in it.
    pub content: SampleContent,
}

/// What is in a [`Sample`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SampleContent {
    /// Exactly this.
    Text(String),
    /// What this file of the session holds; as written.
    File(String),
}

/// `examiner:execute-test` (`actions.md` 3.10 and 5).
#[derive(Debug, Clone, PartialEq)]
pub struct ExaminerTest {
    /// The program's name below `examiner/tests`.
    pub name: String,
    /// Its arguments.
    pub args: Vec<String>,
    /// For one attempt.
    pub timeout: Duration,
    /// Attempts after the first; `None` is without end.
    pub retries: Option<u32>,
    /// Between attempts.
    pub delay: Duration,
    /// The service on this machine that is asked instead of the program.
    pub url: Option<String>,
    /// A form to fill in first.
    pub form: Option<Form>,
}

/// `section:*` (`actions.md` 2.7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SectionMark {
    /// Opens a section.
    Begin {
        /// Empty when unnamed.
        name: String,
        /// Starts expanded.
        open: bool,
    },
    /// Closes the section of this name, or the innermost.
    End {
        /// Empty when unnamed.
        name: String,
        /// Collapses the section when fired.
        toggle: bool,
    },
    /// A heading that can be ticked off.
    Heading,
}

/// The properties that every action may carry (`actions.md` 2.1).
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Runs when its page or section is shown.
    pub autostart: bool,
    /// Runs the next action after success.
    pub cascade: bool,
    /// Between success and the cascade.
    pub pause: Duration,
    /// How soon it may run again.
    pub cooldown: Cooldown,
    /// Never shown; may be fired by autostart or cascade.
    pub hidden: bool,
    /// Recorded in the journal when clicked.
    pub event: Option<serde_json::Value>,
    /// `false`: a click does nothing but go on with the cascade.
    pub enabled: bool,
    /// Asked for before the page may be left behind.
    pub required: bool,
    /// What the author tells `atelier test`.
    pub test: TestOptions,
}

/// How soon after it ended an action may run again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cooldown {
    /// At once, even while running.
    None,
    /// After this long.
    For(Duration),
    /// Not before the page is loaded anew.
    Forever,
}

/// The `test:` key (`product.md`, "An author may steer").
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TestOptions {
    /// What the author expects.
    pub expect: Expect,
    /// Limit for this action instead of the run's.
    pub timeout: Option<Duration>,
    /// The action's output must match this ECMAScript expression.
    pub output: Option<String>,
    /// The command is meant to keep running.
    pub background: bool,
    /// Answers for forms and uploads.
    pub inputs: Option<serde_json::Value>,
}

/// What the author expects of an action under test.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expect {
    /// It works.
    #[default]
    Pass,
    /// It fails, and that is the point.
    Fail,
    /// It is not run.
    Skip,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            autostart: false,
            cascade: false,
            pause: Duration::from_millis(750),
            cooldown: Cooldown::For(Duration::from_secs(1)),
            hidden: false,
            event: None,
            enabled: true,
            required: false,
            test: TestOptions::default(),
        }
    }
}
