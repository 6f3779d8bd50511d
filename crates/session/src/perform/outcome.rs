//! What came of an action, and what the view must do.

use std::ops::Range;

use atelier_content::action::WindowCommand;
use atelier_content::action::form::WrongValue;
use atelier_content::edit::TextEdit;
use camino::Utf8PathBuf;

use crate::downloads::Payload;

/// How an action went.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// It was done; otherwise `message` says why not.
    pub succeeded: bool,
    /// Why it failed; or what is odd although it was done.
    pub message: Option<String>,
    /// The last lines that a check printed.
    pub output: Option<String>,
    /// What the view must do, in order.
    pub effects: Vec<Effect>,
    /// What is wrong in the action's form: then nothing was done.
    pub wrong_values: Vec<WrongValue>,
}

/// What the view must do.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Effect {
    /// Shows a tab; [`crate::dashboards::TERMINALS`] and [`crate::dashboards::EDITOR`] name the areas.
    ShowDashboard {
        id: String,
    },
    ReloadDashboard {
        id: String,
    },
    FocusTerminal {
        name: String,
    },
    /// Shows a terminal of the editor.
    ShowEditorTerminal {
        name: String,
    },
    /// Shows a file; the caret goes to the start of this line (from 0, clamped to the text).
    OpenDocument {
        path: Utf8PathBuf,
        line: Option<u32>,
    },
    /// Applies an edit to the text that was planned on, and saves it.
    ApplyEdit {
        path: Utf8PathBuf,
        edit: TextEdit,
        create: bool,
        save: bool,
    },
    /// An action has written this file: whoever has it open takes the new text.
    ReloadDocument {
        path: Utf8PathBuf,
    },
    /// Closes a document's tab. What was typed is written first, unless the file is gone.
    CloseDocument {
        path: Utf8PathBuf,
        deleted: bool,
    },
    /// A file or folder has another name.
    MoveDocument {
        from: Utf8PathBuf,
        to: Utf8PathBuf,
    },
    /// Hands a file to the learner under this name.
    SaveFile {
        file: Payload,
        name: String,
    },
    EditorCommand {
        command: WindowCommand,
    },
    CopyText {
        text: String,
    },
    OpenUrl {
        url: String,
    },
    /// Shows the finish screen.
    Finish,
    /// Goes back to the library.
    LeaveSession,
}

/// An open document as its owner holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenText {
    /// `\n` line ends.
    pub text: String,
    /// Bytes of the text.
    pub selection: Range<usize>,
}

impl Outcome {
    /// Done, with these effects.
    pub fn done(effects: Vec<Effect>) -> Self {
        Self {
            succeeded: true,
            effects,
            ..Self::default()
        }
    }

    /// Not done, for this reason.
    pub fn failed(message: impl Into<String>) -> Self {
        Self {
            message: Some(message.into()),
            ..Self::default()
        }
    }

    /// Done, but probably not as meant.
    #[must_use]
    pub fn warn(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// Whether it was done with something odd about it.
    pub fn is_warned(&self) -> bool {
        self.succeeded && self.message.is_some()
    }
}
