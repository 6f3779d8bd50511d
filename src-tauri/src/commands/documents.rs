//! The editor's files.

use atelier_session::protocol::{CopiedView, DocumentView, FileEntry, Saved};
use tauri::State;

use super::Answer;
use crate::state::AppState;

#[tauri::command(async)]
pub(crate) fn read_document(state: State<'_, AppState>, path: &str) -> Answer<DocumentView> {
    Ok(state.session()?.read_document(path)?)
}

#[tauri::command(async)]
pub(crate) fn save_document(
    state: State<'_, AppState>,
    path: &str,
    text: &str,
    expected: Option<&str>,
) -> Answer<Saved> {
    Ok(state.session()?.save_document(path, text, expected)?)
}

#[tauri::command(async)]
pub(crate) fn watch_documents(state: State<'_, AppState>, paths: Vec<String>) -> Answer<()> {
    Ok(state.session()?.watch_documents(&paths)?)
}

/// The author has the session follow their files.
#[tauri::command(async)]
pub(crate) fn copy_in(
    state: State<'_, AppState>,
    names: Vec<String>,
    replace: bool,
) -> Answer<CopiedView> {
    Ok(state.session()?.copy_in(&names, replace)?)
}

#[tauri::command(async)]
pub(crate) fn list_folder(state: State<'_, AppState>, path: &str) -> Answer<Vec<FileEntry>> {
    Ok(state.session()?.list_folder(path)?)
}
