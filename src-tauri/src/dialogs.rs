//! The system's file dialogs. The paths that they give go to the engine and nowhere else.

use std::path::PathBuf;

use atelier_session::window::Dialogs;
use tauri::{AppHandle, Manager};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath};
use tokio::sync::oneshot;

/// The dialogs over the app's window.
pub(crate) struct SystemDialogs(pub(crate) AppHandle);

impl SystemDialogs {
    fn dialog(&self, title: &str) -> FileDialogBuilder<tauri::Wry> {
        let dialog = self.0.dialog().file().set_title(title);
        match self.0.get_webview_window("main") {
            Some(window) => dialog.set_parent(&window),
            None => dialog,
        }
    }
}

impl Dialogs for SystemDialogs {
    async fn save_as(&self, name: &str) -> Option<PathBuf> {
        let (answer, chosen) = oneshot::channel();
        let mut dialog = self.dialog("Save the file").set_file_name(name);
        let places = self.0.path();
        if let Ok(folder) = places.download_dir().or_else(|_| places.home_dir()) {
            dialog = dialog.set_directory(folder);
        }
        dialog.save_file(move |path| {
            let _ = answer.send(path);
        });
        chosen.await.ok().flatten().and_then(path)
    }

    async fn choose(&self, several: bool) -> Vec<PathBuf> {
        let (answer, chosen) = oneshot::channel();
        if several {
            self.dialog("Choose files to upload")
                .pick_files(move |files| {
                    let _ = answer.send(files.unwrap_or_default());
                });
        } else {
            self.dialog("Choose a file to upload")
                .pick_file(move |file| {
                    let _ = answer.send(file.into_iter().collect());
                });
        }
        let files = chosen.await.unwrap_or_default();
        files.into_iter().filter_map(path).collect()
    }
}

fn path(chosen: FilePath) -> Option<PathBuf> {
    chosen.into_path().ok()
}
