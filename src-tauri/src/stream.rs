//! Bytes on their way to the window: terminal output and images. The only file that knows how.

use atelier_session::terminal::ViewOutput;
use tauri::http::{Request, Response, StatusCode, header};
use tauri::ipc::{Channel, InvokeResponseBody};
use tauri::{Manager, Runtime, UriSchemeContext, UriSchemeResponder};

use crate::state::AppState;

/// Hands a terminal's output to the view behind a channel. A snapshot begins with a reset, so that both kinds are just bytes.
pub(crate) fn terminal_sink(
    output: Channel<InvokeResponseBody>,
) -> impl FnMut(ViewOutput) + Send + 'static {
    move |bytes| {
        let (ViewOutput::Bytes(bytes) | ViewOutput::Snapshot(bytes)) = bytes;
        // A window that is being closed listens no more; its view is about to be dropped.
        let _ = output.send(InvokeResponseBody::Raw(bytes.to_vec()));
    }
}

/// Serves `workshop://localhost/PATH`: an image of the open workshop, and nothing else.
pub(crate) fn serve_image<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let app = context.app_handle().clone();
    tauri::async_runtime::spawn_blocking(move || {
        responder.respond(image(&app, request.uri().path()))
    });
}

fn image<R: Runtime>(app: &tauri::AppHandle<R>, path: &str) -> Response<Vec<u8>> {
    let path = decode(path.trim_start_matches('/'));
    let refuse = |status| {
        Response::builder()
            .status(status)
            .body(Vec::new())
            .unwrap_or_default()
    };
    let Some(kind) = content_type(&path) else {
        return refuse(StatusCode::FORBIDDEN);
    };
    let Ok(opened) = app.state::<AppState>().opened() else {
        return refuse(StatusCode::NOT_FOUND);
    };
    match opened.workshop_file(&path) {
        Ok(bytes) => Response::builder()
            .header(header::CONTENT_TYPE, kind)
            // An SVG is an image here, never a document that runs scripts.
            .header(
                header::CONTENT_SECURITY_POLICY,
                "default-src 'none'; style-src 'unsafe-inline'; sandbox",
            )
            .body(bytes)
            .unwrap_or_default(),
        Err(_) => refuse(StatusCode::NOT_FOUND),
    }
}

fn content_type(path: &str) -> Option<&'static str> {
    let (_, extension) = path.rsplit_once('.')?;
    Some(match extension.to_ascii_lowercase().as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "svg" => "image/svg+xml",
        _ => return None,
    })
}

fn decode(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match escaped
            .and_then(|hex| u8::from_str_radix(hex, 16).ok())
            .filter(|_| *first == b'%')
        {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_paths() {
        assert_eq!(decode("workshop/a%20b%2Fc.png%"), "workshop/a b/c.png%");
    }
}
