//! What `editor:execute-command` asks of the window.

use atelier_content::action::{PanelCommand, Reveal, WindowCommand};
use serde::Serialize;
use ts_rs::TS;

/// A command of the editor. Lines count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "name", rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum EditorCommand {
    Save,
    SaveAll,
    CloseActive,
    CloseAll,
    CloseOthers,
    CloseSaved,
    ReopenClosed,
    /// Asks for the line when there is none.
    GoToLine {
        line: Option<u32>,
    },
    /// Leaves the caret where it is.
    RevealLine {
        line: u32,
        at: LinePlace,
    },
    Find,
    Replace,
    SelectAll,
    Undo,
    Redo,
    Fold,
    Unfold,
    FoldAll,
    UnfoldAll,
    ToggleWordWrap,
    ToggleComment,
    LargerText,
    SmallerText,
    NormalText,
    ShowFiles,
    ToggleFiles,
    FocusEditor,
    NextFile,
    PreviousFile,
    NewFile,
    OpenPreferences,
    /// The terminals of the editor.
    Panel {
        what: PanelVerb,
    },
}

/// Where a line is scrolled to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum LinePlace {
    Start,
    Center,
    End,
}

/// What is done with the terminals of the editor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum PanelVerb {
    Toggle,
    New,
    Focus,
    Clear,
    Kill,
}

impl From<WindowCommand> for EditorCommand {
    fn from(command: WindowCommand) -> Self {
        use WindowCommand as W;
        match command {
            W::Save => Self::Save,
            W::SaveAll => Self::SaveAll,
            W::CloseActive => Self::CloseActive,
            W::CloseAll => Self::CloseAll,
            W::CloseOthers => Self::CloseOthers,
            W::CloseSaved => Self::CloseSaved,
            W::ReopenClosed => Self::ReopenClosed,
            W::GoToLine { line } => Self::GoToLine { line },
            W::RevealLine { line, at } => Self::RevealLine {
                line,
                at: at.into(),
            },
            W::Find => Self::Find,
            W::Replace => Self::Replace,
            W::SelectAll => Self::SelectAll,
            W::Undo => Self::Undo,
            W::Redo => Self::Redo,
            W::Fold => Self::Fold,
            W::Unfold => Self::Unfold,
            W::FoldAll => Self::FoldAll,
            W::UnfoldAll => Self::UnfoldAll,
            W::ToggleWordWrap => Self::ToggleWordWrap,
            W::ToggleComment => Self::ToggleComment,
            W::LargerText => Self::LargerText,
            W::SmallerText => Self::SmallerText,
            W::NormalText => Self::NormalText,
            W::ShowFiles => Self::ShowFiles,
            W::ToggleFiles => Self::ToggleFiles,
            W::FocusEditor => Self::FocusEditor,
            W::NextFile => Self::NextFile,
            W::PreviousFile => Self::PreviousFile,
            W::NewFile => Self::NewFile,
            W::OpenPreferences => Self::OpenPreferences,
            W::Panel(what) => Self::Panel { what: what.into() },
        }
    }
}

impl From<Reveal> for LinePlace {
    fn from(at: Reveal) -> Self {
        match at {
            Reveal::Top => Self::Start,
            Reveal::Center => Self::Center,
            Reveal::Bottom => Self::End,
        }
    }
}

impl From<PanelCommand> for PanelVerb {
    fn from(command: PanelCommand) -> Self {
        match command {
            PanelCommand::Toggle => Self::Toggle,
            PanelCommand::New => Self::New,
            PanelCommand::Focus => Self::Focus,
            PanelCommand::Clear => Self::Clear,
            PanelCommand::Kill => Self::Kill,
        }
    }
}
