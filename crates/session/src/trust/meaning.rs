//! What an action does, in a form that stays the same from one version of Atelier to the next.

use atelier_content::action::{
    Action, DashboardAction, EditorAction, EditorTerminalVerb, FileSource, FilesAction, PageAction,
    Target, TerminalAction, Upload,
};
use serde_json::{Value, json};

/// What an action runs or changes, once everything is filled in that its source takes from elsewhere on the page. It is put
/// together by hand: it must come out the same in later versions.
pub(super) fn meaning(action: &PageAction) -> Value {
    let options = &action.options;
    let fires = [
        options.autostart,
        options.cascade,
        options.hidden,
        options.enabled,
    ];
    let does = action.action.as_ref().ok().map(effect);
    json!([action.kind, fires, does])
}

fn effect(action: &Action) -> Value {
    match action {
        Action::Terminal(action) => terminal_effect(action),
        Action::Copy { text } => json!([text]),
        Action::Dashboard(action) => match action {
            DashboardAction::Create { name, url, .. } => json!([name, url]),
            DashboardAction::Reload { name, url, .. } => json!([name, url]),
            DashboardAction::OpenUrl { url } => json!([url]),
            DashboardAction::Open { name } | DashboardAction::Delete { name } => json!([name]),
        },
        Action::Editor(action) => editor_effect(action),
        Action::EditorTerminal(action) => match &action.verb {
            EditorTerminalVerb::Send { text, enter } => json!([action.session, text, enter]),
            _ => json!([action.session]),
        },
        Action::Examiner(test) => json!([test.name, test.args, test.url]),
        Action::Files(action) => files_effect(action),
        Action::Section(_) => Value::Null,
    }
}

fn terminal_effect(action: &TerminalAction) -> Value {
    let name = |target: &Target| match target {
        Target::One(name) => json!(name),
        Target::All => Value::Null,
    };
    match action {
        TerminalAction::Execute {
            command, session, ..
        } => json!([command, name(session)]),
        TerminalAction::Input {
            text,
            session,
            newline,
        } => json!([text, name(session), newline]),
        TerminalAction::Interrupt { session } | TerminalAction::Clear { session } => {
            json!([name(session)])
        }
        TerminalAction::Select { session } => json!([session]),
    }
}

fn editor_effect(action: &EditorAction) -> Value {
    match action {
        EditorAction::Edit { file, op } => {
            // A change whose keys JSON does not know still counts.
            let op = serde_json::to_value(op).unwrap_or_else(|_| json!(format!("{op:?}")));
            json!([file, op])
        }
        EditorAction::CopyFile { src, dest, .. } | EditorAction::RenameFile { src, dest, .. } => {
            json!([src, dest])
        }
        EditorAction::CreateDirectory { directory } => json!([directory]),
        EditorAction::OpenFile { file, .. }
        | EditorAction::CloseFile { file }
        | EditorAction::DeleteFile { file } => json!([file]),
        // They change nothing but what is shown.
        EditorAction::Command(_) => Value::Null,
    }
}

fn files_effect(action: &FilesAction) -> Value {
    let place = |source: &FileSource| match source {
        FileSource::Path(path) => json!(["path", path]),
        FileSource::Url(url) => json!(["url", url]),
    };
    match action {
        FilesAction::Download { source, name, .. } => json!([place(source), name]),
        FilesAction::Copy { source, .. } => json!([place(source)]),
        FilesAction::Upload { upload, .. } => match upload {
            Upload::File { path } => json!([path]),
            Upload::Files { directory } => json!([directory]),
        },
    }
}
