//! The window itself: opening it, and closing it without leaving anything behind.

use std::io::Write;

use tauri::{AppHandle, Manager, WebviewUrl, WebviewWindowBuilder, WindowEvent};

use crate::state::AppState;

/// Opens the window.
pub(crate) fn open(app: &AppHandle) -> tauri::Result<()> {
    let mut builder = WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
        .title("Atelier")
        .inner_size(1280.0, 800.0)
        .min_inner_size(640.0, 480.0);
    if automated() {
        builder = builder.initialization_script("window.__ATELIER_AUTOMATION__ = true;");
    }
    // Nothing on a page leads the window itself away from the player.
    let window = builder.on_navigation(is_ours).build()?;
    app.state::<AppState>().timings.reached("window");
    let handle = app.clone();
    window.on_window_event(move |event| {
        if let WindowEvent::CloseRequested { api, .. } = event {
            api.prevent_close();
            close(handle.clone());
        }
    });
    Ok(())
}

/// Ends the session, then the program.
fn close(app: AppHandle) {
    // The learner sees the window go at once; the programs get their time to end.
    if let Some(window) = app.get_webview_window("main") {
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
        close(app);
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
