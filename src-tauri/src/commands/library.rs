//! The start page and the trust sheet.

use std::sync::PoisonError;

use atelier_session::protocol::{InspectionView, LibraryView, OpenedView, StartRequest};
use atelier_session::{Allowances, Isolation};
use camino::Utf8Path;
use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt;
use tokio::sync::oneshot;

use super::Answer;
use crate::error::CommandError;
use crate::state::AppState;

#[tauri::command(async)]
pub(crate) fn start_request(state: State<'_, AppState>) -> Answer<StartRequest> {
    // A page that is loaded anew must not open the workshop a second time.
    let request =
        std::mem::take(&mut *state.request.lock().unwrap_or_else(PoisonError::into_inner));
    let mut request = state.library.complete(request);
    if let (Some(path), true) = (&request.path, request.trust) {
        match state.library.resolve(Utf8Path::new(path))? {
            OpenedView::Workshop { path } => {
                let author = request.author;
                state.library.trust_at_least(Utf8Path::new(&path), author)?;
                request.path = Some(path);
            }
            // Which of several is meant is for the learner to say, and then to trust.
            OpenedView::Several { .. } => request.trust = false,
        }
    }
    Ok(request)
}

#[tauri::command(async)]
pub(crate) fn library(state: State<'_, AppState>) -> LibraryView {
    state.library.view()
}

#[tauri::command]
pub(crate) async fn choose_workshop(app: AppHandle) -> Answer<Option<String>> {
    let (answer, chosen) = oneshot::channel();
    app.dialog()
        .file()
        .set_title("Open a workshop")
        .pick_folder(move |folder| {
            let _ = answer.send(folder);
        });
    let folder = chosen
        .await
        .map_err(|_| CommandError::other("the dialog did not answer"))?;
    Ok(folder.map(|folder| folder.to_string()))
}

#[tauri::command]
pub(crate) async fn choose_archive(app: AppHandle) -> Answer<Option<String>> {
    let (answer, chosen) = oneshot::channel();
    app.dialog()
        .file()
        .set_title("Open a workshop's archive")
        .add_filter("Workshops", &["workshop", "zip", "gz", "tgz", "tar"])
        .pick_file(move |file| {
            let _ = answer.send(file);
        });
    let file = chosen
        .await
        .map_err(|_| CommandError::other("the dialog did not answer"))?;
    Ok(file.map(|file| file.to_string()))
}

#[tauri::command(async)]
pub(crate) fn resolve_workshop(state: State<'_, AppState>, path: &str) -> Answer<OpenedView> {
    Ok(state.library.resolve(Utf8Path::new(path))?)
}

#[tauri::command(async)]
pub(crate) fn inspect_workshop(
    state: State<'_, AppState>,
    path: &str,
    pathway: Option<&str>,
) -> Answer<InspectionView> {
    Ok(state.library.inspect(Utf8Path::new(path), pathway)?)
}

#[tauri::command(async)]
pub(crate) fn trust_workshop(
    state: State<'_, AppState>,
    path: &str,
    any_content: bool,
    content: Option<&str>,
) -> Answer<()> {
    let path = Utf8Path::new(path);
    match content.filter(|_| !any_content) {
        Some(content) => state.library.trust_shown(path, content)?,
        None => state.library.trust(path, any_content)?,
    }
    Ok(())
}

#[tauri::command(async)]
pub(crate) fn isolate_workshop(
    state: State<'_, AppState>,
    path: &str,
    isolation: Isolation,
) -> Answer<()> {
    Ok(state.library.isolate(Utf8Path::new(path), isolation)?)
}

#[tauri::command(async)]
pub(crate) fn allow_workshop(
    state: State<'_, AppState>,
    path: &str,
    allowed: Allowances,
) -> Answer<()> {
    Ok(state.library.allow(Utf8Path::new(path), allowed)?)
}
