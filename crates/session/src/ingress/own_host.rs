//! The session's own host: its slides, its files, and messages of its scripts (`session.md` 12.2, 13.1 and 18).

use atelier_content::workshop::SlideKit;
use camino::Utf8PathBuf;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::ALLOW;
use hyper::{Method, Request, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use super::files::{self, Found};
use super::pages::Reader;
use super::proxy::status;
use super::{Answer, kits};
use crate::state_files;

/// A message is a command or an address, not a document.
const LARGEST_MESSAGE: usize = 256 * 1024;
/// So many messages wait until the session takes them.
const WAITING_MESSAGES: usize = 16;

/// Messages that scripts of the session have sent to its window.
pub(crate) type Broadcasts = mpsc::Receiver<Value>;

/// What the session itself serves.
#[derive(Debug)]
pub(crate) struct OwnHost {
    /// Folders of the slides, the first that has a file wins; none when the workshop has no slides.
    pub(crate) slides: Vec<Utf8PathBuf>,
    /// The library behind them; without one a deck that looks for it is shown as a list.
    pub(crate) kit: Option<SlideKit>,
    /// The folder below `/files/`; none when downloads are off.
    pub(crate) files: Option<Utf8PathBuf>,
    /// Where the session's environment and variables are kept as files.
    pub(crate) state: Option<Utf8PathBuf>,
    /// The session's folders in which all of these really lie: programs of the session can put a link to anywhere in their
    /// place. Nothing is served from elsewhere.
    pub(crate) within: Vec<Utf8PathBuf>,
    /// What lets a script broadcast, and ask for the session's environment: the password of services and configuration.
    pub(crate) token: String,
    broadcasts: mpsc::Sender<Value>,
}

impl OwnHost {
    /// A host that serves nothing yet, and the messages that will come through it.
    pub(crate) fn new(token: String) -> (Self, Broadcasts) {
        let (broadcasts, received) = mpsc::channel(WAITING_MESSAGES);
        let host = Self {
            slides: Vec::new(),
            kit: None,
            files: None,
            state: None,
            within: Vec::new(),
            token,
            broadcasts,
        };
        (host, received)
    }

    pub(super) async fn answer(&self, request: Request<Incoming>) -> Answer {
        let Ok(path) = percent_decode_str(request.uri().path()).decode_utf8() else {
            return status(StatusCode::BAD_REQUEST);
        };
        let path = path.into_owned();
        if path == "/message/broadcast" {
            return self.broadcast(request).await;
        }
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let mut answer = status(StatusCode::METHOD_NOT_ALLOWED);
            answer
                .headers_mut()
                .insert(ALLOW, hyper::header::HeaderValue::from_static("GET, HEAD"));
            return answer;
        }
        match area(&path) {
            ("slides", rest) if !self.slides.is_empty() => self.slide(rest, request).await,
            ("files", rest) => match &self.files {
                Some(root) => match self.find(root, rest, true) {
                    // They may lie in the home; who reads them could give the session commands.
                    Found::File(file) if self.has_passwords(&file) => missing(&request),
                    Found::File(file) => files::serve(&self.within, &file, request).await,
                    Found::Folder => index(&self.within, root, rest, &path, request).await,
                    Found::Nothing => missing(&request),
                },
                None => missing(&request),
            },
            ("config", rest) => self.config(rest, request).await,
            ("" | "dashboard" | "workshop" | "terminal", _) => Reader::of(&request).problem(
                StatusCode::NOT_FOUND,
                "In the window",
                "The instructions and the terminals of this session are in the window of Atelier.",
            ),
            _ => missing(&request),
        }
    }

    fn find(&self, root: &Utf8PathBuf, path: &str, dot_files: bool) -> Found {
        let real = root.canonicalize_utf8();
        let is_within = real.is_ok_and(|real| {
            let folders = self
                .within
                .iter()
                .filter_map(|it| it.canonicalize_utf8().ok());
            folders.into_iter().any(|folder| real.starts_with(folder))
        });
        if is_within {
            files::find(root, path, dot_files)
        } else {
            Found::Nothing
        }
    }

    async fn slide(&self, rest: &str, request: Request<Incoming>) -> Answer {
        let path = request.uri().path().to_owned();
        for root in &self.slides {
            match self.find(root, rest, false) {
                Found::File(file) => return files::serve(&self.within, &file, request).await,
                Found::Folder => return index(&self.within, root, rest, &path, request).await,
                Found::Nothing => {}
            }
        }
        let file = match self.kit {
            Some(kit) => kits::file(kit, rest),
            None => kits::stand_in(rest).map(String::into_bytes),
        };
        match file {
            Some(bytes) => files::give(rest, bytes),
            None => missing(&request),
        }
    }

    /// Whether a file, links followed, lies where passwords are: in what the session keeps there, and in its logs. The
    /// definition alone is everybody's.
    fn has_passwords(&self, file: &Utf8PathBuf) -> bool {
        let state = self.state.as_ref();
        let state = state.and_then(|folder| folder.canonicalize_utf8().ok());
        state.is_some_and(|folder| {
            file.starts_with(&folder) && *file != folder.join(state_files::DEFINITION)
        })
    }

    /// The environment or the variables, for who knows the password: there are others in them.
    async fn config(&self, name: &str, request: Request<Incoming>) -> Answer {
        let name = match name {
            "environment" => state_files::ENVIRONMENT,
            "variables" => state_files::VARIABLES,
            _ => return missing(&request),
        };
        if !self.is_allowed(request.uri().query().unwrap_or_default()) {
            return status(StatusCode::UNAUTHORIZED);
        }
        let Some(root) = &self.state else {
            return missing(&request);
        };
        match self.find(root, name, false) {
            Found::File(file) => files::serve(&self.within, &file, request).await,
            _ => missing(&request),
        }
    }

    /// A script of the session asks its window to do something.
    async fn broadcast(&self, request: Request<Incoming>) -> Answer {
        if request.method() != Method::POST {
            return status(StatusCode::METHOD_NOT_ALLOWED);
        }
        if !self.is_allowed(request.uri().query().unwrap_or_default()) {
            return status(StatusCode::UNAUTHORIZED);
        }
        let Ok(body) = Limited::new(request.into_body(), LARGEST_MESSAGE)
            .collect()
            .await
        else {
            return status(StatusCode::PAYLOAD_TOO_LARGE);
        };
        let Ok(message) = serde_json::from_slice(&body.to_bytes()) else {
            return status(StatusCode::BAD_REQUEST);
        };
        match self.broadcasts.try_send(message) {
            Ok(()) => files::give("answer.txt", b"OK".to_vec()),
            // Nobody shows the session, or its messages come faster than they can be followed.
            Err(_) => status(StatusCode::SERVICE_UNAVAILABLE),
        }
    }

    /// Compared by digest, so that the time it takes tells nothing.
    fn is_allowed(&self, query: &str) -> bool {
        let given = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "token");
        given.is_some_and(|(_, given)| {
            Sha256::digest(given.as_bytes()) == Sha256::digest(self.token.as_bytes())
        })
    }
}

/// `/slides/css/x` → `slides`, `css/x`.
fn area(path: &str) -> (&str, &str) {
    let path = path.trim_start_matches('/');
    path.split_once('/').unwrap_or((path, ""))
}

/// A folder shows its `index.html`, at an address that ends with a slash.
async fn index(
    within: &[Utf8PathBuf],
    root: &Utf8PathBuf,
    rest: &str,
    path: &str,
    request: Request<Incoming>,
) -> Answer {
    let Found::File(file) = files::find(root, &format!("{rest}/index.html"), false) else {
        return missing(&request);
    };
    if path.ends_with('/') {
        return files::serve(within, &file, request).await;
    }
    // Not `//host/…`, which would lead away from here.
    let path = request.uri().path().trim_start_matches('/');
    files::redirect(&format!("/{path}/"))
}

fn missing(request: &Request<Incoming>) -> Answer {
    Reader::of(request).problem(
        StatusCode::NOT_FOUND,
        "Not found",
        &format!("There is no {} in this session.", request.uri().path()),
    )
}
