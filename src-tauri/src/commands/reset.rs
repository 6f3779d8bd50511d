//! The start of a page, and the list of sessions.

use atelier_session::protocol::{
    ExportScope, ExportedView, LossView, RestoreView, RestoredView, SessionsView, UnsavedText,
};
use tauri::{AppHandle, State};

use super::Answer;
use crate::dialogs::SystemDialogs;
use crate::error::CommandError;
use crate::state::AppState;

#[tauri::command]
pub(crate) async fn restore_view(
    state: State<'_, AppState>,
    page: String,
    file: Option<String>,
) -> Answer<RestoreView> {
    Ok(state
        .session()?
        .restore_view(&page, file.as_deref())
        .await?)
}

#[tauri::command]
pub(crate) async fn restore(
    state: State<'_, AppState>,
    page: String,
    file: Option<String>,
    unsaved: Vec<UnsavedText>,
) -> Answer<RestoredView> {
    let session = state.session()?;
    Ok(session.restore(&page, file.as_deref(), unsaved).await?)
}

#[tauri::command]
pub(crate) async fn bring_back(
    state: State<'_, AppState>,
    version: String,
    unsaved: Vec<UnsavedText>,
) -> Answer<RestoredView> {
    Ok(state.session()?.bring_back(&version, unsaved).await?)
}

#[tauri::command(async)]
pub(crate) fn open_kept_folder(state: State<'_, AppState>, version: &str) -> Answer<()> {
    let folder = state.session()?.kept_folder(version)?;
    open::that_detached(&folder).map_err(|error| {
        CommandError::other(format!("no program could be started for {folder}: {error}"))
    })
}

#[tauri::command(async)]
pub(crate) fn sessions(state: State<'_, AppState>) -> SessionsView {
    state.library.sessions()
}

#[tauri::command(async)]
pub(crate) fn session_size(state: State<'_, AppState>, name: &str) -> u64 {
    state.library.session_size(name)
}

#[tauri::command]
pub(crate) async fn session_losses(state: State<'_, AppState>, name: String) -> Answer<LossView> {
    Ok(state.library.losses(&name).await?)
}

#[tauri::command]
pub(crate) async fn export_session(
    app: AppHandle,
    state: State<'_, AppState>,
    name: String,
    scope: ExportScope,
) -> Answer<Option<ExportedView>> {
    let dialogs = SystemDialogs(app);
    Ok(state.library.export(&name, scope, &dialogs).await?)
}

#[tauri::command(async)]
pub(crate) fn set_session_aside(state: State<'_, AppState>, name: &str) -> Answer<()> {
    Ok(state.library.store().set_aside(name)?)
}

#[tauri::command(async)]
pub(crate) fn choose_session(state: State<'_, AppState>, name: &str) -> Answer<()> {
    Ok(state.library.store().choose(name)?)
}

#[tauri::command(async)]
pub(crate) fn remove_stored_session(state: State<'_, AppState>, name: &str) -> Answer<()> {
    Ok(state.library.store().remove(name)?)
}

#[tauri::command(async)]
pub(crate) fn remove_unused_archives(state: State<'_, AppState>) -> Answer<()> {
    Ok(state.library.store().remove_unused_archives()?)
}
