//! Tabs, links, and what pages in tabs ask for.

use atelier_session::protocol::{AddressView, Effect};
use serde_json::Value;
use tauri::State;

use super::Answer;
use crate::error::CommandError;
use crate::state::AppState;

#[tauri::command(async)]
pub(crate) fn open_url(state: State<'_, AppState>, url: &str) -> Answer<()> {
    let url = match state.opened() {
        Ok(opened) => opened.browser_address(url)?,
        Err(_) => url.to_owned(),
    };
    // Only what a browser or mail program takes; never a file or a program.
    if !["http://", "https://", "mailto:"]
        .iter()
        .any(|scheme| url.starts_with(scheme))
    {
        return Err(CommandError::other(format!(
            "{url} is not an address for a browser"
        )));
    }
    open::that_detached(&url).map_err(|error| {
        CommandError::other(format!("no browser could be started for {url}: {error}"))
    })
}

#[tauri::command(async)]
pub(crate) fn follow_link(state: State<'_, AppState>, url: &str) -> Answer<Vec<Effect>> {
    Ok(state.opened()?.follow_link(url)?)
}

#[tauri::command(async)]
pub(crate) fn frame_message(
    state: State<'_, AppState>,
    dashboard: &str,
    origin: &str,
    message: Value,
) -> Answer<Vec<Effect>> {
    Ok(state.session()?.frame_message(dashboard, origin, &message))
}

#[tauri::command]
pub(crate) async fn addresses(state: State<'_, AppState>) -> Answer<Vec<AddressView>> {
    Ok(state.session()?.addresses().await)
}

#[tauri::command]
pub(crate) async fn dashboard_answers(
    state: State<'_, AppState>,
    dashboard: String,
) -> Answer<bool> {
    Ok(state.session()?.dashboard_answers(&dashboard).await)
}
