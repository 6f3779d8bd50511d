//! `editor:*`: planned here, applied by whoever owns the text (`architecture.md` section 6).

use std::sync::{Arc, Mutex};
use std::time::Duration;

use atelier_content::action::{EditorAction, EditorCommand};
use atelier_content::edit::{self, EditError, EditOp, Plan};
use camino::{Utf8Path, Utf8PathBuf};

use super::file_management;
use super::outcome::{Effect, OpenText, Outcome};
use crate::anchor::Anchor;
use crate::dashboards::EDITOR;
use crate::folders::Folders;
use crate::regex_helper::RegexHelper;

/// How long a regular expression may search.
const LIMIT: Duration = Duration::from_secs(1);

/// Performs an editor action on the text that its owner holds; `None` when the file does not exist.
pub(super) async fn perform(
    action: &EditorAction,
    folders: &Folders,
    helper: &RegexHelper,
    writing: Arc<Mutex<()>>,
    buffer: Option<OpenText>,
) -> Outcome {
    match action {
        EditorAction::OpenFile { file, line } => open(folders, file, *line),
        EditorAction::CreateDirectory { directory } => create_directory(folders, directory),
        EditorAction::Edit { file, op } => edit(folders, helper, file, op, buffer).await,
        EditorAction::Command(command) => execute(command, folders),
        EditorAction::CopyFile { .. }
        | EditorAction::RenameFile { .. }
        | EditorAction::CloseFile { .. }
        | EditorAction::DeleteFile { .. } => {
            file_management::perform(action, folders, writing).await
        }
    }
}

/// `editor:execute-command` (`actions.md` 3.9).
fn execute(command: &EditorCommand, folders: &Folders) -> Outcome {
    match command {
        // Without a line the caret stays where it is.
        EditorCommand::Open { file, line } => open(folders, file, line.unwrap_or(-1)),
        EditorCommand::Window(command) => {
            Outcome::done(vec![show(), Effect::EditorCommand { command: *command }])
        }
        EditorCommand::Format => Outcome::failed(
            "Atelier has no formatter for this or any other language; the file stays as it is",
        ),
        EditorCommand::Unknown(id) => Outcome::failed(format!(
            "Atelier knows no editor command `{id}`; `atelier check` names the ones that are near"
        )),
    }
}

fn open(folders: &Folders, file: &str, line: i64) -> Outcome {
    let path = match folders.resolve(file) {
        Ok(path) => path,
        Err(error) => return Outcome::failed(error.to_string()),
    };
    // Reading it says whether the editor can show it at all.
    if let Err(error) = crate::documents::read_in(folders, &path) {
        return Outcome::failed(error.to_string());
    }
    let line = u32::try_from(line - 1).ok();
    Outcome::done(vec![show(), Effect::OpenDocument { path, line }])
}

fn create_directory(folders: &Folders, directory: &str) -> Outcome {
    let path = match folders.resolve(directory) {
        Ok(path) => path,
        Err(error) => return Outcome::failed(error.to_string()),
    };
    // All folders on the way to whatever would lie in it.
    match Anchor::making(&folders.roots(), &path.join("_")) {
        Ok(_) => Outcome::done(vec![show()]),
        Err(error) => match path.ancestors().find(|above| above.exists()) {
            Some(file) if file == path && !file.is_dir() => {
                Outcome::failed(format!("{} is a file", folders.display(file)))
            }
            Some(file) if !file.is_dir() => Outcome::failed(format!(
                "{} is a file, so that nothing can lie in it",
                folders.display(file)
            )),
            _ => Outcome::failed(format!("{}: {error}", folders.display(&path))),
        },
    }
}

async fn edit(
    folders: &Folders,
    helper: &RegexHelper,
    file: &str,
    op: &EditOp,
    buffer: Option<OpenText>,
) -> Outcome {
    let path = match folders.resolve(file) {
        Ok(path) => path,
        Err(error) => return Outcome::failed(error.to_string()),
    };
    let name = folders.display(&path);
    if buffer.is_none() && !parent_exists(&path) && creates(op) {
        let folder = path
            .parent()
            .map_or_else(|| "its folder".to_owned(), |folder| folders.display(folder));
        return Outcome::failed(format!(
            "the folder {folder} does not exist; create it first"
        ));
    }
    let plan = match plan(helper, op, &name, buffer).await {
        Ok(plan) => plan,
        Err(message) => return Outcome::failed(message),
    };
    let Plan {
        edit,
        create,
        save,
        warning,
        ..
    } = plan;
    let outcome = Outcome::done(vec![
        show(),
        Effect::ApplyEdit {
            path,
            edit,
            create,
            save,
        },
    ]);
    match warning {
        Some(warning) => outcome.warn(warning.to_string()),
        None => outcome,
    }
}

async fn plan(
    helper: &RegexHelper,
    op: &EditOp,
    name: &str,
    buffer: Option<OpenText>,
) -> Result<Plan, String> {
    let (text, selection) =
        buffer.map_or((None, 0..0), |buffer| (Some(buffer.text), buffer.selection));
    let planned: Result<Plan, EditError> = if op.uses_regex() {
        helper
            .plan(op, name, text.as_deref(), selection, LIMIT)
            .await
            .map_err(|error| error.to_string())?
    } else {
        edit::plan(op, name, text.as_deref(), selection)
    };
    planned.map_err(|error| error.to_string())
}

fn creates(op: &EditOp) -> bool {
    edit::plan(op, "", None, 0..0).is_ok_and(|plan| plan.create)
}

fn parent_exists(path: &Utf8Path) -> bool {
    path.parent().is_some_and(Utf8Path::is_dir)
}

fn show() -> Effect {
    Effect::ShowDashboard {
        id: EDITOR.to_owned(),
    }
}

/// The file that an editor action is about, when its text must be at hand before it is performed.
pub(crate) fn document(action: &EditorAction, folders: &Folders) -> Option<Utf8PathBuf> {
    match action {
        EditorAction::Edit { file, .. } => folders.resolve(file).ok(),
        _ => None,
    }
}
