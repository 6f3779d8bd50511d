//! Hands a request to the learner's server behind an ingress, and its answer back, as they come: nothing is collected.

use std::error::Error;
use std::fmt::Display;
use std::io;
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::{Body as _, Incoming};
use hyper::client::conn::http1;
use hyper::header::{HOST, HeaderName, HeaderValue};
use hyper::{Method, Request, Response, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, copy_bidirectional};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::headers::{self, CrossOrigin};
use super::pages::Reader;
use super::routes::{Reach, Route, Routes};
use super::{Answer, Body, full, tls, upstream};

/// With this header the waiting page asks whether something listens by now.
const WAIT: HeaderName = HeaderName::from_static("x-atelier-wait");
/// How long such a question stays open.
const QUESTION: Duration = Duration::from_secs(20);

/// A server that is started anew hangs up on who asks in that moment. So long it is asked again …
const RESTART: Duration = Duration::from_secs(3);
/// … after a pause.
const BREATH: Duration = Duration::from_millis(100);

/// Where the connections to servers run, and what ends them.
#[derive(Debug, Clone)]
pub(super) struct Life {
    pub(super) tasks: TaskTracker,
    pub(super) stop: CancellationToken,
}

impl Life {
    /// Runs something until it is done or the listener stops.
    pub(super) fn run(&self, work: impl Future<Output = ()> + Send + 'static) {
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = work => {}
            }
        });
    }
}

/// Answers a request for an ingress.
pub(super) async fn forward(
    route: &Route,
    routes: &Routes,
    life: &Life,
    request: Request<Incoming>,
) -> Answer {
    let reader = Reader::of(&request);
    if let Reach::Elsewhere(host) = &route.reach {
        return reader.problem(
            StatusCode::BAD_GATEWAY,
            "Not on this computer",
            &format!("This address belongs to {host}, a service that a session on this computer does not reach."),
        );
    }
    if request.headers().contains_key(WAIT) {
        return if upstream::accepts(route.port, QUESTION).await {
            status(StatusCode::NO_CONTENT)
        } else {
            reader.waiting(route.port)
        };
    }
    let cross = CrossOrigin::of(request.headers(), routes);
    let mut request = request.map(|body| body.map_err(Into::into).boxed_unsync());
    let deadline = Instant::now() + RESTART;
    let answered = loop {
        let again = copy(&request);
        let Ok(stream) = upstream::connect(route.port).await else {
            return reader.waiting(route.port);
        };
        let answered = if route.encrypted {
            match tls::encrypt(stream, route.secure).await {
                Ok(stream) => exchange(stream, route, life, request).await,
                Err(error) => return not_encrypted(reader, route, &error),
            }
        } else {
            exchange(stream, route, life, request).await
        };
        match (answered, again) {
            // Its server is about to go, or has only just come.
            (Err(error), Some(again)) if has_hung_up(&error) && Instant::now() < deadline => {
                request = again;
                sleep(BREATH).await;
            }
            (answered, _) => break answered,
        }
    };
    match answered {
        Ok(mut answer) => {
            headers::allow_framing(answer.headers_mut());
            headers::forbid_guessing(answer.headers_mut());
            if let Some(cross) = cross {
                cross.allow(answer.headers_mut());
            }
            answer
        }
        Err(error) => reader.problem(
            StatusCode::BAD_GATEWAY,
            "No answer",
            &format!(
                "Something listens on port {}, but it did not answer this request: {error}.",
                route.port
            ),
        ),
    }
}

fn not_encrypted(reader: Reader, route: &Route, error: &impl Display) -> Answer {
    let advice = if route.secure {
        " The workshop may say `secure: false` for this ingress when the server has a certificate of its own making."
    } else {
        ""
    };
    reader.problem(
        StatusCode::BAD_GATEWAY,
        "No encrypted connection",
        &format!(
            "The server on port {} could not be reached over https: {error}.{advice}",
            route.port
        ),
    )
}

/// The same request once more, when it may be sent twice: it only reads, and has nothing but a head.
fn copy(request: &Request<Body>) -> Option<Request<Body>> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads || !request.body().is_end_stream() || headers::upgrade(request.headers()).is_some() {
        return None;
    }
    let mut copy = Request::new(full(""));
    *copy.method_mut() = request.method().clone();
    *copy.uri_mut() = request.uri().clone();
    *copy.version_mut() = request.version();
    *copy.headers_mut() = request.headers().clone();
    Some(copy)
}

/// Whether the server closed the connection instead of an answer.
fn has_hung_up(error: &hyper::Error) -> bool {
    let cut = || {
        let kind = error.source()?.downcast_ref::<io::Error>()?.kind();
        Some(matches!(
            kind,
            io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe
        ))
    };
    error.is_incomplete_message()
        || error.is_closed()
        || error.is_canceled()
        || cut().unwrap_or(false)
}

async fn exchange<S>(
    stream: S,
    route: &Route,
    life: &Life,
    mut request: Request<Body>,
) -> hyper::Result<Answer>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = http1::Builder::new()
        .preserve_header_case(true)
        .handshake(TokioIo::new(stream))
        .await?;
    life.run(async move {
        // What goes wrong here is told to whoever waits for the answer.
        let _ = connection.with_upgrades().await;
    });
    let asked = headers::upgrade(request.headers());
    let client = asked.is_some().then(|| hyper::upgrade::on(&mut request));
    prepare(&mut request, route, asked);
    let mut response = sender.send_request(request).await?;
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        headers::strip_hop_by_hop(response.headers_mut());
        return Ok(response.map(|body| body.map_err(Into::into).boxed_unsync()));
    }
    let agreed = headers::upgrade(response.headers());
    let (Some(client), Some(protocol)) = (client, agreed) else {
        return Ok(status(StatusCode::BAD_GATEWAY));
    };
    let server = hyper::upgrade::on(&mut response);
    life.run(async move {
        // A side that has gone ends the conversation; there is nobody to tell.
        if let (Ok(client), Ok(server)) = tokio::join!(client, server) {
            let _ = copy_bidirectional(&mut TokioIo::new(client), &mut TokioIo::new(server)).await;
        }
    });
    headers::strip_hop_by_hop(response.headers_mut());
    headers::set_upgrade(response.headers_mut(), protocol);
    Ok(response.map(|_| full("")))
}

/// Makes the request the one that the server gets.
fn prepare(request: &mut Request<Body>, route: &Route, upgrade: Option<HeaderValue>) {
    let path = request.uri().path_and_query();
    let path = route.rewrite(path.map_or("/", |path| path.as_str()));
    // A rewritten path that cannot be one leaves the request as it came.
    if let Ok(uri) = path.parse::<Uri>() {
        *request.uri_mut() = uri;
    }
    let headers = request.headers_mut();
    headers::strip_hop_by_hop(headers);
    if let Some(protocol) = upgrade {
        headers::set_upgrade(headers, protocol);
    }
    if let Some(host) = &route.host {
        headers.insert(HOST, host.clone());
    }
    for (name, value) in &route.headers {
        headers.insert(name, value.clone());
    }
}

pub(super) fn status(status: StatusCode) -> Answer {
    let mut answer = Response::new(full(""));
    *answer.status_mut() = status;
    answer
}
