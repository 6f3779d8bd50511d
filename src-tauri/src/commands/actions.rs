//! Clicks.

use atelier_session::protocol::{ActionInput, ActionResult, FormValues, NextStep, StepRequest};
use tauri::{AppHandle, State};

use super::Answer;
use crate::dialogs::SystemDialogs;
use crate::error::CommandError;
use crate::state::AppState;

#[tauri::command]
pub(crate) async fn perform_action(
    app: AppHandle,
    state: State<'_, AppState>,
    id: String,
    input: ActionInput,
) -> Answer<ActionResult> {
    let dialogs = SystemDialogs(app);
    Ok(state.session()?.perform(&id, input, &dialogs).await?)
}

#[tauri::command(async)]
pub(crate) fn action_failed(
    state: State<'_, AppState>,
    id: &str,
    revision: Option<u32>,
    message: String,
) -> Answer<()> {
    Ok(state.session()?.action_failed(id, revision, message)?)
}

#[tauri::command(async)]
pub(crate) fn next_step(
    state: State<'_, AppState>,
    page: &str,
    request: StepRequest,
) -> Answer<NextStep> {
    Ok(state.session()?.next_step(page, &request)?)
}

#[tauri::command(async)]
pub(crate) fn cancel_action(
    state: State<'_, AppState>,
    id: &str,
    revision: Option<u32>,
) -> Answer<()> {
    state.session()?.cancel(id, revision);
    Ok(())
}

#[tauri::command(async)]
pub(crate) fn skip_action(
    state: State<'_, AppState>,
    id: &str,
    revision: Option<u32>,
) -> Answer<ActionResult> {
    Ok(state.session()?.skip(id, revision)?)
}

#[tauri::command(async)]
pub(crate) fn save_form(
    state: State<'_, AppState>,
    id: &str,
    revision: Option<u32>,
    values: FormValues,
) -> Answer<()> {
    Ok(state.session()?.save_form(id, revision, &values)?)
}

#[tauri::command(async)]
pub(crate) fn copy_text(state: State<'_, AppState>, text: String) -> Answer<()> {
    state
        .copy(text)
        .map_err(|error| CommandError::other(format!("the clipboard cannot be used: {error}")))
}
