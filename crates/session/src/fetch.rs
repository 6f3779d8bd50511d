//! Fetching a file from a web server: bounded in size and time, byte for byte.

use std::io::{self, Read, Write};
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use ureq::Agent;
use ureq::http::StatusCode;
use url::Url;

/// How long a server may take to be reached.
const CONNECT: Duration = Duration::from_secs(10);
/// How long the whole file may take.
const WHOLE: Duration = Duration::from_secs(60);
const REDIRECTS: u32 = 5;
const CHUNK: usize = 64 * 1024;

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FetchError {
    /// Nobody listens on this machine.
    #[error("nothing answers at {0}; is its server running?")]
    NotRunning(String),
    /// The network, or the server, is not there.
    #[error("{url} could not be reached: {reason}; this needs the internet")]
    Unreachable { url: String, reason: String },
    /// No error of the network.
    #[error("{url} could not be fetched: {reason}")]
    Other { url: String, reason: String },
    /// The server has no such file, or does not give it.
    #[error("{url} answered {status}")]
    Refused { url: String, status: StatusCode },
    /// Too much data.
    #[error("the file at {url} is larger than {limit}")]
    TooLarge { url: String, limit: String },
    /// Too slow.
    #[error("{0} did not deliver the file within {seconds} s", seconds = WHOLE.as_secs())]
    TimedOut(String),
    /// The learner went on.
    #[error("called off")]
    Cancelled,
    /// The file could not be written here.
    #[error("the file could not be kept: {0}")]
    Write(io::Error),
}

/// Fetches what a web address names, at most `limit` bytes of it. `local` servers are asked directly, whatever proxy the
/// environment names. Blocks for a minute at most.
///
/// # Errors
/// When there is no such file, or it cannot be had in time and whole.
pub(crate) fn fetch(
    url: &str,
    local: bool,
    limit: u64,
    into: &mut impl Write,
    cancel: &CancellationToken,
) -> Result<(), FetchError> {
    let mut config = Agent::config_builder()
        .timeout_connect(Some(CONNECT))
        .timeout_global(Some(WHOLE))
        .max_redirects(REDIRECTS)
        .http_status_as_error(false)
        .user_agent(concat!("atelier/", env!("CARGO_PKG_VERSION")));
    if local {
        config = config.proxy(None);
    }
    let agent: Agent = config.build().into();
    let failed = |error| explain(url, local, error);
    let mut request = agent.get(url);
    if local && let Some((address, host)) = by_number(url) {
        request = agent.get(address).header("Host", host);
    }
    let mut response = request.call().map_err(failed)?;
    let status = response.status();
    if status.is_client_error() || status.is_server_error() {
        let url = url.to_owned();
        return Err(FetchError::Refused { url, status });
    }
    let mut body = response.body_mut().as_reader();
    let mut chunk = vec![0; CHUNK];
    let mut total = 0;
    loop {
        if cancel.is_cancelled() {
            return Err(FetchError::Cancelled);
        }
        let read = body
            .read(&mut chunk)
            .map_err(|error| failed(ureq::Error::from(error)))?;
        if read == 0 {
            return Ok(());
        }
        total += read as u64;
        if total > limit {
            return Err(FetchError::TooLarge {
                url: url.to_owned(),
                limit: crate::size::human(limit),
            });
        }
        into.write_all(&chunk[..read]).map_err(FetchError::Write)?;
    }
}

/// `http://NAME.localhost:PORT/…` with the machine's number, and the name: few systems look such names up.
fn by_number(url: &str) -> Option<(String, String)> {
    let mut address = Url::parse(url).ok()?;
    let name = address.host_str()?.to_owned();
    if !name.ends_with(".localhost") {
        return None;
    }
    address.set_host(Some("127.0.0.1")).ok()?;
    let host = match address.port() {
        Some(port) => format!("{name}:{port}"),
        None => name,
    };
    Some((address.into(), host))
}

fn explain(url: &str, local: bool, error: ureq::Error) -> FetchError {
    let (url, reason) = (url.to_owned(), error.to_string());
    match error {
        ureq::Error::Timeout(_) => FetchError::TimedOut(url),
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::TimedOut => {
            FetchError::TimedOut(url)
        }
        ureq::Error::ConnectionFailed if local => FetchError::NotRunning(url),
        ureq::Error::Io(error) if local && error.kind() == io::ErrorKind::ConnectionRefused => {
            FetchError::NotRunning(url)
        }
        ureq::Error::ConnectionFailed | ureq::Error::HostNotFound if !local => {
            FetchError::Unreachable { url, reason }
        }
        ureq::Error::Io(error) if !local && is_of_the_network(error.kind()) => {
            FetchError::Unreachable { url, reason }
        }
        _ => FetchError::Other { url, reason },
    }
}

/// Whether there is no way to the server, as opposed to a server that misbehaves. A name that is not known has no kind of
/// its own.
fn is_of_the_network(kind: io::ErrorKind) -> bool {
    !matches!(
        kind,
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof
    )
}
