//! The background programs of the session.

use tauri::State;

use super::Answer;
use crate::state::AppState;

#[tauri::command]
pub(crate) async fn start_program(state: State<'_, AppState>, name: String) -> Answer<()> {
    Ok(state.session()?.start_program(&name).await?)
}

#[tauri::command]
pub(crate) async fn stop_program(state: State<'_, AppState>, name: String) -> Answer<()> {
    Ok(state.session()?.stop_program(&name).await?)
}

#[tauri::command]
pub(crate) async fn follow_program(
    state: State<'_, AppState>,
    name: Option<String>,
) -> Answer<String> {
    Ok(state.session()?.follow_program(name.as_deref())?)
}
