//! The background programs of the session.

use atelier_session::protocol::ProgramView;
use tauri::State;

use super::Answer;
use crate::state::AppState;

#[tauri::command(async)]
pub(crate) fn programs(state: State<'_, AppState>) -> Answer<Vec<ProgramView>> {
    Ok(state.session()?.programs())
}

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
