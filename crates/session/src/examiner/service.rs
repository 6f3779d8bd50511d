//! A test that is a service on this machine instead of a program: one POST, one answer (`actions.md` 5.4).

use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{CONTENT_TYPE, HOST};
use hyper::{Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use serde_json::json;
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use super::{Attempt, TestCall, TestOutcome};

/// How large an answer may be, in bytes.
const ANSWER: usize = 64 * 1024;
/// How much of the service's message is shown, in characters.
const SHOWN: usize = 500;

/// What the service answers.
#[derive(Deserialize)]
struct Answer {
    success: bool,
    #[serde(default)]
    message: Option<String>,
}

/// Asks once. `url` must lead to this machine: whatever its host says, only loopback addresses are connected to.
pub(super) async fn ask(url: &str, call: &TestCall, cancel: &CancellationToken) -> Attempt {
    let outcome = tokio::select! {
        () = cancel.cancelled() => TestOutcome::Cancelled,
        answer = tokio::time::timeout(call.timeout, post(url, call)) => match answer {
            Ok(Ok(answer)) => verdict(answer),
            Ok(Err(outcome)) => outcome,
            Err(_) => TestOutcome::TimedOut { after: call.timeout },
        },
    };
    Attempt {
        outcome,
        output: String::new(),
        attempts: 1,
    }
}

fn verdict(answer: Answer) -> TestOutcome {
    if answer.success {
        return TestOutcome::Passed;
    }
    let message = answer.message.unwrap_or_default();
    let message = message.trim();
    TestOutcome::Refused {
        message: if message.is_empty() {
            "not there yet; go through the step again, then try the test again".to_owned()
        } else {
            message.chars().take(SHOWN).collect()
        },
    }
}

async fn post(url: &str, call: &TestCall) -> Result<Answer, TestOutcome> {
    let impossible = |reason: &str| TestOutcome::Impossible {
        reason: reason.to_owned(),
    };
    let uri: Uri = url
        .parse()
        .map_err(|_| impossible(&format!("`{url}` is not an address")))?;
    if uri.scheme_str() != Some("http") {
        return Err(impossible(&format!(
            "`{url}` does not begin with `http://`"
        )));
    }
    let host = uri
        .authority()
        .ok_or_else(|| impossible(&format!("`{url}` names no host")))?;
    let failed = |reason: String| TestOutcome::NotStartable {
        reason: format!("{url} {reason}"),
    };
    let stream = connect(host.port_u16().unwrap_or(80))
        .await
        .map_err(|error| failed(format!("does not answer ({error})")))?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| failed(error.to_string()))?;
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let body = json!({
        "args": call.args,
        "form": call.input,
        "timeout": seconds(call.timeout),
    });
    let request = Request::post(path)
        .header(HOST, host.as_str())
        .header(CONTENT_TYPE, "application/json")
        .body(Full::new(Bytes::from(body.to_string())))
        .map_err(|error| failed(error.to_string()))?;
    let exchange = async {
        let response = sender
            .send_request(request)
            .await
            .map_err(|error| failed(format!("does not speak HTTP ({error})")))?;
        let status = response.status();
        let body = Limited::new(response.into_body(), ANSWER).collect().await;
        let body = body.map_err(|_| failed("sends more than 64 kB, or breaks off".to_owned()))?;
        Ok((status, body.to_bytes()))
    };
    // The connection ends with the exchange, whichever way that goes.
    let (status, body) = tokio::select! {
        answer = exchange => answer?,
        Err(error) = connection => return Err(failed(error.to_string())),
    };
    match status {
        _ if status.is_success() => serde_json::from_slice(&body).map_err(|_| {
            failed("does not answer with `{\"success\": true or false, \"message\": …}`".to_owned())
        }),
        StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND => {
            Err(impossible(&format!("{url} answers with status {status}")))
        }
        _ => Err(failed(format!("answers with status {status}"))),
    }
}

/// Loopback and nothing else: a name that leads elsewhere must not be looked up.
async fn connect(port: u16) -> std::io::Result<TcpStream> {
    match TcpStream::connect(("127.0.0.1", port)).await {
        Ok(stream) => Ok(stream),
        Err(error) => TcpStream::connect(("::1", port)).await.map_err(|_| error),
    }
}

/// A whole number of seconds as one, as the page would have sent it.
fn seconds(time: Duration) -> serde_json::Value {
    if time.subsec_nanos() == 0 {
        time.as_secs().into()
    } else {
        time.as_secs_f64().into()
    }
}
