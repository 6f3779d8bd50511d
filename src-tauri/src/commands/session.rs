//! Opening, showing and closing a session.

use atelier_session::SessionError;
use atelier_session::protocol::{Event, FinishView, PageState, PageView, SessionView, ViewState};
use atelier_session::window::{OpenSession, Opened};
use camino::Utf8Path;
use tauri::ipc::Channel;
use tauri::{AppHandle, State};

use super::Answer;
use crate::error::CommandError;
use crate::state::AppState;
use crate::window;

#[tauri::command]
pub(crate) fn subscribe(state: State<'_, AppState>, channel: Channel<Event>) {
    state.listen(channel);
}

#[tauri::command]
pub(crate) async fn start_session(
    state: State<'_, AppState>,
    path: String,
    pathway: Option<String>,
    fresh: bool,
) -> Answer<SessionView> {
    state.close().await;
    let cancel = state.begin_start();
    let helper = std::env::current_exe().map_err(|error| CommandError::other(error.to_string()))?;
    let path = Utf8Path::new(&path);
    let (library, pathway, events) = (&state.library, pathway.as_deref(), state.events());
    let called_off = cancel.clone();
    let session = OpenSession::start(library, path, pathway, fresh, helper, events, cancel).await?;
    // Nobody waits for it any more, and another one may be open by now.
    if called_off.is_cancelled() {
        session.close().await;
        return Err(SessionError::Cancelled.into());
    }
    let view = session.view();
    state.set_opened(Opened::Session(session));
    Ok(view)
}

/// Opens the pages of a workshop, of which nothing runs.
#[tauri::command]
pub(crate) async fn read_workshop(
    state: State<'_, AppState>,
    path: String,
    pathway: Option<String>,
) -> Answer<SessionView> {
    state.close().await;
    let path = Utf8Path::new(&path);
    let opened = Opened::read(&state.library, path, pathway.as_deref())?;
    let view = opened.view();
    state.set_opened(opened);
    Ok(view)
}

#[tauri::command]
pub(crate) fn cancel_start(state: State<'_, AppState>) {
    state.cancel_start();
}

/// As it is now: set-up changes it.
#[tauri::command(async)]
pub(crate) fn session_view(state: State<'_, AppState>) -> Answer<SessionView> {
    Ok(state.opened()?.view())
}

#[tauri::command]
pub(crate) async fn run_setup(state: State<'_, AppState>) -> Answer<()> {
    state.session()?.run_setup();
    Ok(())
}

#[tauri::command(async)]
pub(crate) fn cancel_setup(state: State<'_, AppState>) -> Answer<()> {
    state.session()?.cancel_setup();
    Ok(())
}

#[tauri::command]
pub(crate) async fn pass_over_setup(state: State<'_, AppState>) -> Answer<()> {
    Ok(state.session()?.pass_over_setup().await?)
}

#[tauri::command]
pub(crate) async fn close_session(state: State<'_, AppState>) -> Answer<()> {
    state.close().await;
    Ok(())
}

#[tauri::command]
pub(crate) fn close_window(app: AppHandle) {
    window::close(app);
}

#[tauri::command(async)]
pub(crate) fn finish(state: State<'_, AppState>) -> Answer<FinishView> {
    Ok(state.session()?.finish()?)
}

#[tauri::command(async)]
pub(crate) fn page(state: State<'_, AppState>, id: &str) -> Answer<PageView> {
    Ok(state.opened()?.page(id)?)
}

#[tauri::command(async)]
pub(crate) fn enter_page(state: State<'_, AppState>, id: &str) -> Answer<PageState> {
    let shown = state.opened()?.enter(id)?;
    state.timings.reached("page");
    Ok(shown)
}

#[tauri::command(async)]
pub(crate) fn leave_page(state: State<'_, AppState>, id: &str) -> Answer<()> {
    state.opened()?.leave(id);
    Ok(())
}

#[tauri::command(async)]
pub(crate) fn reload_page(state: State<'_, AppState>, id: &str) -> Answer<()> {
    Ok(state.session()?.reload(id)?)
}

#[tauri::command(async)]
pub(crate) fn save_view(state: State<'_, AppState>, view: ViewState) -> Answer<()> {
    Ok(state.session()?.save_view(view)?)
}
