//! `editor:*` on whole files and folders (`actions.md` 3.5).

use super::catalog::{Entry, Meaning, editor};
use super::properties::{Problem, Properties};
use super::{Action, EditorAction};

/// In the order of the specification.
pub(super) const ENTRIES: &[Entry] = &[
    editor("editor:open-file", &["file", "line"], open_file),
    editor("editor:create-directory", &["directory"], create_directory),
    editor("editor:copy-file", &["src", "dest", "open"], copy_file),
    editor("editor:rename-file", &["src", "dest", "open"], rename_file),
    editor("editor:close-file", &["file"], close_file),
    editor("editor:delete-file", &["file"], delete_file),
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

pub(super) fn copy_file(properties: &mut Properties) -> Result<Meaning, Problem> {
    let (src, dest, open) = both(properties)?;
    let title = format!("Copy file \"{src}\" to \"{dest}\"");
    let body = format!("{src} → {dest}");
    let action = EditorAction::CopyFile { src, dest, open };
    Ok(Meaning::new(Action::Editor(action), title).with_body(body))
}

pub(super) fn rename_file(properties: &mut Properties) -> Result<Meaning, Problem> {
    let (src, dest, open) = both(properties)?;
    let title = format!("Rename file \"{src}\" to \"{dest}\"");
    let body = format!("{src} → {dest}");
    let action = EditorAction::RenameFile { src, dest, open };
    Ok(Meaning::new(Action::Editor(action), title).with_body(body))
}

pub(super) fn close_file(properties: &mut Properties) -> Result<Meaning, Problem> {
    let file = properties.required("file")?;
    let title = format!("Close file \"{file}\"");
    let body = file.clone();
    Ok(Meaning::new(Action::Editor(EditorAction::CloseFile { file }), title).with_body(body))
}

pub(super) fn delete_file(properties: &mut Properties) -> Result<Meaning, Problem> {
    let file = properties.required("file")?;
    let title = format!("Delete file \"{file}\"");
    let body = file.clone();
    Ok(Meaning::new(Action::Editor(EditorAction::DeleteFile { file }), title).with_body(body))
}

/// Where from, where to, and whether the result is opened.
fn both(properties: &Properties) -> Result<(String, String, bool), Problem> {
    Ok((
        properties.required("src")?,
        properties.required("dest")?,
        properties.unless_false("open"),
    ))
}
