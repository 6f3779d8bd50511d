//! The window itself: opening it, and closing it without leaving anything behind.

use std::io::Write;
use std::time::Duration;

use atelier_session::protocol::Event;
use camino::Utf8PathBuf;
use serde::{Deserialize, Serialize};
use tauri::{
    AppHandle, DragDropEvent, Manager, PhysicalPosition, WebviewUrl, WebviewWindow,
    WebviewWindowBuilder, WindowEvent,
};

use crate::state::AppState;

/// How long the page has to save what was typed before the window closes all the same.
const SAVING: Duration = Duration::from_millis(1500);

/// Opens the window.
pub(crate) fn open(app: &AppHandle) -> tauri::Result<()> {
    let size = remembered(app).unwrap_or(Size {
        width: 1280.0,
        height: 800.0,
        maximised: false,
    });
    let mut builder = WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
        .title("Atelier")
        .inner_size(size.width, size.height)
        .maximized(size.maximised)
        .min_inner_size(640.0, 480.0);
    if automated() {
        builder = builder.initialization_script("window.__ATELIER_AUTOMATION__ = true;");
    }
    // Nothing on a page leads the window itself away from the player.
    let window = builder.on_navigation(is_ours).build()?;
    app.state::<AppState>().timings.reached("window");
    let handle = app.clone();
    window.on_window_event(move |event| match event {
        WindowEvent::CloseRequested { api, .. } => {
            api.prevent_close();
            ask_to_close(handle.clone());
        }
        WindowEvent::DragDrop(event) => dragged(&handle, event),
        _ => {}
    });
    Ok(())
}

/// Tells where files are held over the window or dropped. The page knows what stands there.
fn dragged(app: &AppHandle, event: &DragDropEvent) {
    // Physical pixels on Windows alone; elsewhere what is called so is the page's own measure.
    let scale = if cfg!(windows) {
        let window = app.get_webview_window("main");
        window
            .and_then(|window| window.scale_factor().ok())
            .unwrap_or(1.0)
    } else {
        1.0
    };
    let place = |at: &PhysicalPosition<f64>| [at.x / scale, at.y / scale];
    let state = app.state::<AppState>();
    let news = match event {
        DragDropEvent::Enter { position, .. } | DragDropEvent::Over { position } => {
            Event::FilesOver {
                at: Some(place(position)),
            }
        }
        DragDropEvent::Drop { paths, position } => {
            let Some(path) = paths.first() else {
                return;
            };
            Event::FilesDropped {
                path: path.to_string_lossy().into_owned(),
                drop: state
                    .session()
                    .ok()
                    .map(|session| session.drop_files(paths.clone())),
                at: place(position),
            }
        }
        _ => Event::FilesOver { at: None },
    };
    state.events()(news);
}

/// Lets the page save what was typed, then closes; a page that does not answer is not waited for.
fn ask_to_close(app: AppHandle) {
    app.state::<AppState>().events()(Event::Closing);
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(SAVING).await;
        close(app);
    });
}

/// Ends the session, then the program.
pub(crate) fn close(app: AppHandle) {
    if let Some(window) = app.get_webview_window("main") {
        remember(&window);
        // The learner sees the window go at once; the programs get their time to end.
        let _ = window.hide();
    }
    tauri::async_runtime::spawn(async move {
        app.state::<AppState>().close().await;
        app.exit(0);
    });
}

/// Logging out, Ctrl+C and `kill` close the window in good order.
pub(crate) fn close_on_signal(app: AppHandle) {
    #[cfg(unix)]
    tauri::async_runtime::spawn(async move {
        use tokio::signal::unix::{SignalKind, signal};
        let (Ok(mut terminate), Ok(mut hang_up)) = (
            signal(SignalKind::terminate()),
            signal(SignalKind::hangup()),
        ) else {
            return;
        };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
        }
        ask_to_close(app);
    });
    #[cfg(not(unix))]
    let _ = app;
}

/// Says on standard error why there is no window.
pub(crate) fn complain(error: &dyn std::fmt::Display) {
    let _ = writeln!(
        std::io::stderr(),
        "error: the window could not be opened: {error}"
    );
}

/// The window's size in logical pixels, for the next start.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Size {
    width: f64,
    height: f64,
    maximised: bool,
}

/// Where it is kept, among what Atelier keeps.
const SIZE_FILE: &str = "window.json";

fn size_file(app: &AppHandle) -> Utf8PathBuf {
    app.state::<AppState>()
        .library
        .store()
        .root()
        .join(SIZE_FILE)
}

fn remembered(app: &AppHandle) -> Option<Size> {
    let size: Size = serde_json::from_slice(&std::fs::read(size_file(app)).ok()?).ok()?;
    (size.width.is_finite() && size.height.is_finite()).then_some(size)
}

/// A size that cannot be kept is no reason to complain while the window closes.
fn remember(window: &WebviewWindow) {
    let scale = window.scale_factor().unwrap_or(1.0);
    let Ok(size) = window
        .inner_size()
        .map(|size| size.to_logical::<f64>(scale))
    else {
        return;
    };
    let maximised = window.is_maximized().unwrap_or(false);
    let size = Size {
        width: size.width,
        height: size.height,
        maximised,
    };
    if let Ok(bytes) = serde_json::to_vec(&size) {
        let state = window.app_handle().state::<AppState>();
        let _ = state.library.store().write_shared(SIZE_FILE, &bytes);
    }
}

fn is_ours(url: &tauri::Url) -> bool {
    matches!(
        (url.scheme(), url.host_str()),
        ("tauri", Some("localhost")) | ("http" | "https", Some("tauri.localhost"))
    ) || url.as_str() == "about:blank"
        || is_frame(url)
}

/// Dashboards on this machine live in frames of their own, which this callback sees as well.
fn is_frame(url: &tauri::Url) -> bool {
    let local =
        |host: &str| host == "localhost" || host == "127.0.0.1" || host.ends_with(".localhost");
    url.scheme() == "http" && url.host_str().is_some_and(local)
}

/// Tests drive this window, in a build that allows it.
fn automated() -> bool {
    cfg!(feature = "e2e")
        && std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some_and(|value| value == "true")
}
