//! Clicks.

use atelier_session::protocol::{ActionInput, ActionResult};
use tauri::State;

use super::Answer;
use crate::error::CommandError;
use crate::state::AppState;

#[tauri::command]
pub(crate) async fn perform_action(
    state: State<'_, AppState>,
    id: String,
    input: ActionInput,
) -> Answer<ActionResult> {
    Ok(state.session()?.perform(&id, input).await?)
}

#[tauri::command(async)]
pub(crate) fn cancel_action(state: State<'_, AppState>, id: &str) -> Answer<()> {
    state.session()?.cancel(id);
    Ok(())
}

#[tauri::command(async)]
pub(crate) fn copy_text(state: State<'_, AppState>, text: String) -> Answer<()> {
    state
        .copy(text)
        .map_err(|error| CommandError::other(format!("the clipboard cannot be used: {error}")))
}
