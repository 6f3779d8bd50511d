//! What the listener itself says: in a tab as a page in both themes, to programs as one line.

use hyper::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderValue,
};
use hyper::{Method, Request, Response, StatusCode};

use super::{Answer, PROBLEM, WAITING, full};

const PAGE: &str = include_str!("page.html");
const WAITING_PART: &str = include_str!("waiting.html");
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'";

/// Whether who asked shows pages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader {
    is_browser: bool,
}

impl Reader {
    pub(super) fn of<B>(request: &Request<B>) -> Self {
        Self {
            is_browser: matches!(*request.method(), Method::GET | Method::HEAD)
                && accepts_html(request.headers()),
        }
    }

    /// The server behind an ingress does not listen yet. In a tab this looks again by itself.
    pub(super) fn waiting(self, port: u16) -> Answer {
        let title = format!("Waiting for port {port}");
        let text = format!(
            "Nothing listens on port {port} of this computer yet. The page appears as soon as the program that serves it has been started."
        );
        let mut answer = self.say(StatusCode::SERVICE_UNAVAILABLE, &title, &text, WAITING_PART);
        let port = HeaderValue::from(port);
        answer.headers_mut().insert(WAITING, port);
        answer
    }

    /// Something else that a page cannot be shown for.
    pub(super) fn problem(self, status: StatusCode, title: &str, text: &str) -> Answer {
        let mut answer = self.say(status, title, text, "");
        if let Ok(title) = HeaderValue::from_str(title) {
            answer.headers_mut().insert(PROBLEM, title);
        }
        answer
    }

    fn say(self, status: StatusCode, title: &str, text: &str, extra: &str) -> Answer {
        let (kind, body) = if self.is_browser {
            let page = PAGE
                .replace("{{extra}}", extra)
                .replace("{{title}}", &escape(title))
                .replace("{{text}}", &escape(text));
            ("text/html; charset=utf-8", page)
        } else {
            ("text/plain; charset=utf-8", format!("{title}: {text}\n"))
        };
        let mut answer = Response::new(full(body));
        *answer.status_mut() = status;
        for (name, value) in [
            (CONTENT_TYPE, kind),
            (CACHE_CONTROL, "no-store"),
            (CONTENT_SECURITY_POLICY, POLICY),
        ] {
            answer
                .headers_mut()
                .insert(name, HeaderValue::from_static(value));
        }
        answer
    }
}

fn accepts_html(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("text/html"))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
