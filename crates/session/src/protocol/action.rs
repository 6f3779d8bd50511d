//! Performing an action: what the window sends along, and what it gets back.

use atelier_content::action::FormValues;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::document::EditView;
use super::editor_command::EditorCommand;
use super::form::FieldProblem;
use super::page::SectionState;

/// What the window sends along when it performs an action.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(default)]
pub struct ActionInput {
    /// The open document that the action is about; none when its file does not exist.
    pub buffer: Option<Buffer>,
    /// Files that were dropped on the card of an upload: the number of the drop.
    pub drop: Option<u32>,
    /// The version of the page that the action was seen on: see [`PageView::revision`](super::PageView). One that has changed
    /// since is not performed.
    pub revision: Option<u32>,
    /// What the action's form holds, by id: of a box whether it is ticked, of a list how many items it has, else a text.
    #[ts(type = "Record<string, boolean | number | string> | null")]
    pub form: Option<FormValues>,
    /// The command to which the learner has said yes: see [`Outcome::NeedsConfirmation`].
    pub agreed: Option<String>,
}

/// An open document's text and selection.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct Buffer {
    /// The whole text, `\n` line ends.
    pub text: String,
    /// Anchor and head of the main selection, in UTF-16 code units.
    pub selection: [u32; 2],
}

/// How performing went, and what follows from it.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ActionResult {
    /// How it went.
    pub outcome: Outcome,
    /// Actions to run now: those that start with a section that has just opened, then the cascade.
    pub next: Vec<NextAction>,
    /// The page's sections, when the action opened or closed one.
    pub sections: Option<Vec<SectionState>>,
    /// The version of the page whose actions are named in `next`; those of another are not to be run.
    pub revision: u32,
    /// What is wrong in the action's form: then nothing was done, and nothing is kept of it.
    pub wrong_fields: Vec<FieldProblem>,
}

/// An action that follows another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct NextAction {
    /// Which.
    pub action: String,
    /// Wait so many milliseconds first.
    pub after: u64,
    /// It follows by cascade: stop the chain when it is cooling down.
    pub cascade: bool,
}

/// How an action went.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum Outcome {
    /// It was done; for a command: it was typed, and its end is told by an event.
    Succeeded {
        /// What the window must do.
        effects: Vec<Effect>,
        /// It was done, but probably not as meant: "no line of app.py contains …".
        warning: Option<String>,
        /// The last lines that a check printed.
        output: Option<String>,
        /// The action goes on in its terminal; an `ActionUpdated` event tells its end.
        running: bool,
    },
    /// It was not done.
    Failed {
        /// Why, in one sentence, and what to do.
        message: String,
        /// The last lines that a check printed.
        output: Option<String>,
        /// What the window must do all the same.
        effects: Vec<Effect>,
    },
    /// It would type a command that the learner is to be asked about first: nothing was done, and nothing follows before they
    /// agree to it with [`ActionInput::agreed`].
    NeedsConfirmation {
        /// The command, as the workshop has it; its card may show something else.
        command: String,
        /// Why it is asked about; whole sentences.
        reasons: Vec<String>,
    },
    /// The learner closed the dialog that the action opened: nothing was done.
    Dismissed {
        /// In one sentence.
        message: String,
    },
}

/// What the window must do. Performed in order.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Effect {
    /// Shows a tab; `terminal` and `editor` name the areas.
    ShowDashboard { id: String },
    /// Loads a web page tab anew.
    ReloadDashboard { id: String },
    /// Shows a terminal, wherever it stands, and gives it the keyboard.
    FocusTerminal { name: String },
    /// Shows a terminal of the editor beside the file in front.
    ShowEditorTerminal { name: String },
    /// Opens a file; with a line (from 1) the caret goes to its start and it is scrolled into view.
    OpenDocument { path: String, line: Option<u32> },
    /// Changes an open document as one undo step and saves it; makes the file when `create`.
    ApplyEdit {
        path: String,
        edit: EditView,
        create: bool,
        save: bool,
    },
    /// Closes a document's tab. What was typed is written first, unless the file is gone.
    CloseDocument { path: String, deleted: bool },
    /// An action has written this file: an open document takes the new text as one step of undo.
    ReloadDocument { path: String },
    /// A document's file has a new name.
    MoveDocument { from: String, to: String },
    /// Does what a command of the editor means.
    EditorCommand { command: EditorCommand },
    /// Puts text on the clipboard.
    CopyText { text: String },
    /// Opens an address in the system's browser.
    OpenUrl { url: String },
    /// Shows the finish screen.
    Finish,
    /// Goes back to the library.
    LeaveSession,
}

/// How an action stands. Kept in the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ActionUpdate {
    /// How it stands.
    pub status: ActionStatus,
    /// One sentence, where there is something to say.
    pub message: Option<String>,
    /// Exit status of its command.
    pub exit_code: Option<i32>,
    /// How long it took.
    pub millis: Option<u64>,
    /// The last lines of a check's output.
    pub output: Option<String>,
}

/// How an action stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum ActionStatus {
    Running,
    Done,
    Warned,
    Failed,
    /// Its check did not pass, and the learner goes on all the same.
    Skipped,
}
