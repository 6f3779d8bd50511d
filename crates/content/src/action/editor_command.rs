//! `editor:execute-command` (`actions.md` 3.9): the commands of the reference's editor that mean something here.

use serde_yaml::Value;

use super::catalog::{Entry, Meaning, editor};
use super::properties::{Problem, Properties, wrong};
use super::{Action, EditorAction};

/// In the order of the specification.
pub(super) const ENTRIES: &[Entry] = &[editor(
    "editor:execute-command",
    &["command", "args"],
    execute_command,
)];

/// What a command of the reference's editor means here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditorCommand {
    /// Opens a file of the session; `line` counts from 1.
    Open {
        /// As written.
        file: String,
        /// The caret goes to its start.
        line: Option<i64>,
    },
    /// The window's own business.
    Window(WindowCommand),
    /// Nothing here formats a file.
    Format,
    /// No command that is known here.
    Unknown(String),
}

/// What only the owner of the texts, or the window around them, can do. Lines count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum WindowCommand {
    Save,
    SaveAll,
    CloseActive,
    CloseAll,
    CloseOthers,
    CloseSaved,
    ReopenClosed,
    /// Asks for the line when there is none; one past the end is the last.
    GoToLine {
        line: Option<u32>,
    },
    /// Scrolls, and leaves the caret where it is.
    RevealLine {
        line: u32,
        at: Reveal,
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
    /// The list of files.
    ShowFiles,
    ToggleFiles,
    FocusEditor,
    NextFile,
    PreviousFile,
    NewFile,
    OpenPreferences,
    Panel(PanelCommand),
}

/// Where a line is scrolled to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Reveal {
    Top,
    Center,
    Bottom,
}

/// What is done with the terminals of the editor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum PanelCommand {
    Toggle,
    New,
    Focus,
    Clear,
    Kill,
}

/// What stands for an id.
enum Entered {
    Plain(WindowCommand),
    With(fn(&[Value]) -> Result<EditorCommand, Problem>),
}

use Entered::{Plain, With};
use WindowCommand as W;

/// The ids that are known, with what they do here.
const COMMANDS: &[(&str, Entered)] = &[
    ("workbench.action.files.save", Plain(W::Save)),
    (
        "workbench.action.files.saveWithoutFormatting",
        Plain(W::Save),
    ),
    ("workbench.action.files.saveAll", Plain(W::SaveAll)),
    ("saveAll", Plain(W::SaveAll)),
    ("workbench.action.files.saveFiles", Plain(W::SaveAll)),
    ("workbench.action.files.newUntitledFile", Plain(W::NewFile)),
    ("workbench.action.closeActiveEditor", Plain(W::CloseActive)),
    ("workbench.action.closeAllEditors", Plain(W::CloseAll)),
    ("workbench.action.closeEditorsInGroup", Plain(W::CloseAll)),
    ("workbench.action.closeAllGroups", Plain(W::CloseAll)),
    ("workbench.action.closeOtherEditors", Plain(W::CloseOthers)),
    (
        "workbench.action.closeUnmodifiedEditors",
        Plain(W::CloseSaved),
    ),
    (
        "workbench.action.reopenClosedEditor",
        Plain(W::ReopenClosed),
    ),
    ("workbench.action.nextEditor", Plain(W::NextFile)),
    ("workbench.action.previousEditor", Plain(W::PreviousFile)),
    ("workbench.action.gotoLine", With(go_to_line)),
    ("revealLine", With(reveal_line)),
    ("cursorTop", Plain(W::GoToLine { line: Some(1) })),
    (
        "cursorBottom",
        Plain(W::GoToLine {
            line: Some(u32::MAX),
        }),
    ),
    ("actions.find", Plain(W::Find)),
    ("editor.action.startFindReplaceAction", Plain(W::Replace)),
    ("editor.action.selectAll", Plain(W::SelectAll)),
    ("undo", Plain(W::Undo)),
    ("redo", Plain(W::Redo)),
    ("editor.fold", Plain(W::Fold)),
    ("editor.unfold", Plain(W::Unfold)),
    ("editor.foldAll", Plain(W::FoldAll)),
    ("editor.unfoldAll", Plain(W::UnfoldAll)),
    ("editor.action.toggleWordWrap", Plain(W::ToggleWordWrap)),
    ("editor.action.commentLine", Plain(W::ToggleComment)),
    ("editor.action.fontZoomIn", Plain(W::LargerText)),
    ("editor.action.fontZoomOut", Plain(W::SmallerText)),
    ("editor.action.fontZoomReset", Plain(W::NormalText)),
    ("workbench.action.zoomIn", Plain(W::LargerText)),
    ("workbench.action.zoomOut", Plain(W::SmallerText)),
    ("workbench.action.zoomReset", Plain(W::NormalText)),
    ("workbench.view.explorer", Plain(W::ShowFiles)),
    (
        "workbench.files.action.focusFilesExplorer",
        Plain(W::ShowFiles),
    ),
    (
        "workbench.files.action.showActiveFileInExplorer",
        Plain(W::ShowFiles),
    ),
    ("revealInExplorer", Plain(W::ShowFiles)),
    ("workbench.action.quickOpen", Plain(W::ShowFiles)),
    (
        "workbench.action.toggleSidebarVisibility",
        Plain(W::ToggleFiles),
    ),
    (
        "workbench.action.focusActiveEditorGroup",
        Plain(W::FocusEditor),
    ),
    ("workbench.action.openSettings", Plain(W::OpenPreferences)),
    ("workbench.action.openSettings2", Plain(W::OpenPreferences)),
    (
        "workbench.action.openGlobalSettings",
        Plain(W::OpenPreferences),
    ),
    (
        "workbench.action.terminal.toggleTerminal",
        Plain(W::Panel(PanelCommand::Toggle)),
    ),
    (
        "workbench.action.terminal.new",
        Plain(W::Panel(PanelCommand::New)),
    ),
    (
        "workbench.action.terminal.focus",
        Plain(W::Panel(PanelCommand::Focus)),
    ),
    (
        "workbench.action.terminal.clear",
        Plain(W::Panel(PanelCommand::Clear)),
    ),
    (
        "workbench.action.terminal.kill",
        Plain(W::Panel(PanelCommand::Kill)),
    ),
    ("editor.action.formatDocument", With(format)),
    ("editor.action.formatSelection", With(format)),
    ("vscode.open", With(open)),
];

/// Every id that is known.
#[cfg(test)]
pub(super) fn ids() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().map(|(id, _)| *id)
}

/// How many ids a hint names.
const HINTS: usize = 3;

/// Ids that an unknown one was probably meant to be, the most likely first.
pub(super) fn near(id: &str) -> Vec<&'static str> {
    let lower = id.to_ascii_lowercase();
    let last = |id: &str| {
        id.rsplit('.')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
    };
    let mut close: Vec<_> = COMMANDS
        .iter()
        .map(|(known, _)| {
            let distance = strsim::damerau_levenshtein(&lower, &known.to_ascii_lowercase());
            // The right word in the wrong family.
            let distance = if last(known) == last(id) { 0 } else { distance };
            (distance, *known)
        })
        .filter(|(distance, _)| *distance <= 2.max(id.chars().count() / 5))
        .collect();
    close.sort_by_key(|(distance, _)| *distance);
    close.into_iter().take(HINTS).map(|(_, id)| id).collect()
}

fn execute_command(properties: &mut Properties) -> Result<Meaning, Problem> {
    let id = properties.required_strict("command")?;
    let args = match properties.get("args") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Sequence(args)) => args.clone(),
        Some(_) => {
            properties
                .ignored
                .push(("args", "must be a list, and is left out"));
            Vec::new()
        }
    };
    let known = COMMANDS.iter().find(|(known, _)| *known == id.trim());
    let command = match known.map(|(_, command)| command) {
        Some(Plain(command)) => EditorCommand::Window(*command),
        Some(With(read)) => read(&args)?,
        None => EditorCommand::Unknown(id.clone()),
    };
    let meaning = Meaning::new(
        Action::Editor(EditorAction::Command(command)),
        format!("Execute command \"{id}\""),
    );
    let body = (!args.is_empty())
        .then(|| serde_yaml::to_string(&args).ok())
        .flatten();
    Ok(match body {
        Some(body) => meaning.with_body(body.trim_end()),
        None => meaning,
    })
}

fn go_to_line(args: &[Value]) -> Result<EditorCommand, Problem> {
    let line = match args.first() {
        None => None,
        Some(line) => Some(whole(line).ok_or_else(|| wrong("args", "must hold a line number"))?),
    };
    let line = line.map(|line| line.max(1));
    Ok(EditorCommand::Window(W::GoToLine { line }))
}

/// The reference counts these lines from 0.
fn reveal_line(args: &[Value]) -> Result<EditorCommand, Problem> {
    let wanted = || {
        wrong(
            "args",
            "must hold one mapping such as `lineNumber: 11`, counted from 0",
        )
    };
    let Some(Value::Mapping(place)) = args.first() else {
        return Err(wanted());
    };
    let line = place.get("lineNumber").and_then(whole).ok_or_else(wanted)?;
    let at = match place.get("at").and_then(Value::as_str) {
        None | Some("center") => Reveal::Center,
        Some("top") => Reveal::Top,
        Some("bottom") => Reveal::Bottom,
        Some(_) => {
            return Err(wrong(
                "args",
                "has an `at` that is not top, center or bottom",
            ));
        }
    };
    Ok(EditorCommand::Window(W::RevealLine {
        line: line.saturating_add(1),
        at,
    }))
}

fn format(_: &[Value]) -> Result<EditorCommand, Problem> {
    Ok(EditorCommand::Format)
}

/// A path, a `file:` address, or the fields of one; a line may stand behind it as `#12` or `#L12`.
fn open(args: &[Value]) -> Result<EditorCommand, Problem> {
    let wanted = || wrong("args", "must hold the path of a file");
    let written = match args.first() {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Mapping(uri)) => ["fsPath", "path"]
            .iter()
            .find_map(|field| uri.get(*field).and_then(Value::as_str))
            .ok_or_else(wanted)?
            .to_owned(),
        _ => return Err(wanted()),
    };
    let (file, line) = match written.strip_prefix("file://") {
        Some(rest) => {
            let (path, line) = rest.split_once('#').unwrap_or((rest, ""));
            let line = line.trim_start_matches('L').split(',').next();
            let path = super::files::percent_decoded(path);
            (path, line.and_then(|line| line.parse().ok()))
        }
        None if written.contains("://") => {
            return Err(wrong(
                "args",
                "must hold a file; open web pages with `dashboard:open-url`",
            ));
        }
        None => (written, None),
    };
    if file.trim().is_empty() {
        return Err(wanted());
    }
    Ok(EditorCommand::Open { file, line })
}

fn whole(value: &Value) -> Option<u32> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }?;
    (number >= 0.0 && number.fract() == 0.0).then_some(number as u32)
}
