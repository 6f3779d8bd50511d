//! What the system hands the program to open: a path, or its address.

use atelier_session::protocol::{Event, StartRequest};
use camino::Utf8PathBuf;
use tauri::Url;

use crate::state::AppState;

/// The path that an argument names: some desktops give an address (`file:///…`), people a path.
pub(crate) fn named(argument: &str) -> Utf8PathBuf {
    Url::parse(argument)
        .ok()
        .as_ref()
        .and_then(path)
        .unwrap_or_else(|| Utf8PathBuf::from(argument))
}

/// A double click while the program runs, or just begins to: macOS tells of it by an event.
#[cfg_attr(
    not(target_os = "macos"),
    allow(dead_code, reason = "other systems start the program anew")
)]
pub(crate) fn opened(state: &AppState, urls: &[Url]) {
    let Some(path) = urls.iter().find_map(path).map(Utf8PathBuf::into_string) else {
        return;
    };
    if state.is_heard() {
        state.events()(Event::FilesDropped {
            path,
            drop: None,
            // Nowhere: it is for no card.
            at: [-1.0, -1.0],
        });
    } else {
        state.set_request(StartRequest {
            path: Some(path),
            trust: false,
            author: false,
            fresh: false,
        });
    }
}

fn path(url: &Url) -> Option<Utf8PathBuf> {
    let file = (url.scheme() == "file").then(|| url.to_file_path().ok())?;
    Utf8PathBuf::from_path_buf(file?).ok()
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn addresses_of_files_are_paths() {
        for (argument, path) in [
            ("lab.workshop", "lab.workshop"),
            ("/tmp/My lab.workshop", "/tmp/My lab.workshop"),
            ("file:///tmp/My%20lab.workshop", "/tmp/My lab.workshop"),
            ("file://localhost/tmp/x.zip", "/tmp/x.zip"),
            // Not on this machine: no path, and no file of that name either.
            (
                "https://example.com/lab.workshop",
                "https://example.com/lab.workshop",
            ),
            ("C:lab", "C:lab"),
        ] {
            assert_eq!(named(argument), path);
        }
    }
}
