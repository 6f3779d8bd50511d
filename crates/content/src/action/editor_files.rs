//! `editor:*` on whole files and folders (`actions.md` 3.5).

use super::catalog::{Entry, Meaning, editor, later};
use super::properties::{Problem, Properties};
use super::{Action, EditorAction};

/// In the order of the specification.
pub(super) const ENTRIES: &[Entry] = &[
    editor("editor:open-file", &["file", "line"], open_file),
    editor("editor:create-directory", &["directory"], create_directory),
    later(
        "editor:copy-file",
        "Editor",
        "Copy file",
        &["src", "dest", "open"],
    ),
    later(
        "editor:rename-file",
        "Editor",
        "Rename file",
        &["src", "dest", "open"],
    ),
    later("editor:close-file", "Editor", "Close file", &["file"]),
    later("editor:delete-file", "Editor", "Delete file", &["file"]),
];

pub(super) fn open_file(properties: &mut Properties) -> Result<Meaning, Problem> {
    let file = properties.required("file")?;
    let line = properties.integer("line")?;
    let at = line
        .map(|line| format!(" at line {line}"))
        .unwrap_or_default();
    let title = format!("Open file \"{file}\"{at}");
    let line = line.filter(|line| *line != 0).unwrap_or(1);
    Ok(Meaning::new(
        Action::Editor(EditorAction::OpenFile { file, line }),
        title,
    ))
}

pub(super) fn create_directory(properties: &mut Properties) -> Result<Meaning, Problem> {
    let directory = properties.required("directory")?;
    let title = format!("Create directory \"{directory}\"");
    let body = directory.clone();
    Ok(Meaning::new(
        Action::Editor(EditorAction::CreateDirectory { directory }),
        title,
    )
    .with_body(body))
}
