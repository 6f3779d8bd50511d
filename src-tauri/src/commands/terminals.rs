//! Views of terminals.

use atelier_session::terminal::Activity;
use tauri::ipc::{Channel, InvokeResponseBody};
use tauri::{AppHandle, Manager, State};

use super::Answer;
use crate::state::AppState;
use crate::stream::terminal_sink;

#[tauri::command]
pub(crate) async fn attach_terminal(
    app: AppHandle,
    name: String,
    columns: u16,
    rows: u16,
    output: Channel<InvokeResponseBody>,
) -> Answer<u32> {
    let state = app.state::<AppState>();
    let (terminal, view) = state
        .session()?
        .attach(&name, columns, rows, terminal_sink(output))?;
    let mut activity = terminal.activity();
    let id = state.add_view(terminal, view);
    let watching = app.clone();
    tauri::async_runtime::spawn(async move {
        if activity
            .wait_for(|activity| matches!(activity, Activity::AtPrompt { .. }))
            .await
            .is_ok()
        {
            watching.state::<AppState>().timings.reached("prompt");
        }
    });
    Ok(id)
}

#[tauri::command]
pub(crate) async fn open_editor_terminal(state: State<'_, AppState>) -> Answer<String> {
    Ok(state.session()?.open_editor_terminal()?)
}

#[tauri::command]
pub(crate) async fn close_editor_terminal(state: State<'_, AppState>, name: String) -> Answer<()> {
    state.session()?.close_editor_terminal(&name).await;
    Ok(())
}

#[tauri::command]
pub(crate) fn clear_editor_terminal(state: State<'_, AppState>, name: &str) -> Answer<()> {
    state.session()?.clear_editor_terminal(name);
    Ok(())
}

#[tauri::command]
pub(crate) fn set_terminal_colours(
    state: State<'_, AppState>,
    text: &str,
    ground: &str,
) -> Answer<()> {
    state.session()?.set_terminal_colours(text, ground);
    Ok(())
}

#[tauri::command]
pub(crate) fn write_terminal(state: State<'_, AppState>, view: u32, data: &str) {
    state.with_view(view, |terminal, _| terminal.write(data.as_bytes()));
}

#[tauri::command]
pub(crate) fn resize_terminal(state: State<'_, AppState>, view: u32, columns: u16, rows: u16) {
    state.with_view(view, |terminal, _| terminal.resize(columns, rows));
}

#[tauri::command]
pub(crate) fn acknowledge_terminal(state: State<'_, AppState>, view: u32, bytes: u32) {
    state.with_view(view, |_, view| view.acknowledge(bytes as usize));
}

#[tauri::command]
pub(crate) fn detach_terminal(state: State<'_, AppState>, view: u32) {
    state.remove_view(view);
}
