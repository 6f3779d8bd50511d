//! Whether a server on this machine answers.

use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout_at};

use crate::ingress::{PROBLEM, WAITING};

/// Between two tries: no event tells that a port is open.
const PAUSE: Duration = Duration::from_millis(200);
/// No response has a longer head.
const LONGEST_HEAD: u64 = 64 * 1024;

/// What came of one question.
enum Said {
    Yes,
    /// Not yet; why.
    NotYet(String),
    /// No, and asking again is no use.
    No(String),
}

/// Waits until the server of a local address answers a request with any HTTP status (or, for `https`, accepts a connection).
/// What the session's own listener says for a server that is not there is no answer.
pub(super) async fn answers(url: &str, limit: Duration) -> Result<(), String> {
    let deadline = Instant::now() + limit;
    let target = Target::of(url).ok_or_else(|| format!("{url} is not an address"))?;
    loop {
        let problem = match timeout_at(deadline, target.ask()).await {
            Ok(Ok(Said::Yes)) => return Ok(()),
            Ok(Ok(Said::NotYet(problem))) => problem,
            Ok(Ok(Said::No(problem))) => return Err(format!("{url} shows nothing: {problem}")),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "it does not answer".to_owned(),
        };
        if Instant::now() + PAUSE >= deadline {
            return Err(format!(
                "{url} did not answer within {} s: {problem}",
                limit.as_secs()
            ));
        }
        sleep(PAUSE).await;
    }
}

struct Target<'a> {
    authority: &'a str,
    port: u16,
    path: &'a str,
    encrypted: bool,
}

impl<'a> Target<'a> {
    fn of(url: &'a str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let encrypted = scheme.eq_ignore_ascii_case("https");
        let port = match authority.rsplit_once(':') {
            Some((_, port)) => port.parse().ok()?,
            None if encrypted => 443,
            None => 80,
        };
        let path = path
            .split('#')
            .next()
            .filter(|path| path.starts_with('/'))
            .unwrap_or("/");
        Some(Self {
            authority,
            port,
            path,
            encrypted,
        })
    }

    async fn ask(&self) -> std::io::Result<Said> {
        let mut stream = match TcpStream::connect(("127.0.0.1", self.port)).await {
            Ok(stream) => stream,
            Err(_) => TcpStream::connect(("::1", self.port)).await?,
        };
        if self.encrypted {
            return Ok(Said::Yes);
        }
        let request = format!(
            "GET {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            self.path, self.authority
        );
        stream.write_all(request.as_bytes()).await?;
        let mut start = [0; 5];
        stream.read_exact(&mut start).await?;
        if &start != b"HTTP/" {
            return Err(std::io::Error::other("it does not speak HTTP"));
        }
        let mut head = Vec::new();
        let mut rest = BufReader::new(stream).take(LONGEST_HEAD);
        while rest.read_until(b'\n', &mut head).await? > 2 {}
        Ok(judge(&String::from_utf8_lossy(&head)))
    }
}

/// What the rest of a response's head means.
fn judge(head: &str) -> Said {
    let header = |wanted: &str| {
        head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case(wanted)
                .then(|| value.trim().to_owned())
        })
    };
    if let Some(port) = header(WAITING) {
        return Said::NotYet(format!("nothing listens on port {port}"));
    }
    // A server that has just begun to listen may not have begun to answer.
    let is_early = head
        .lines()
        .next()
        .is_some_and(|line| line.contains(" 502"));
    match header(PROBLEM) {
        Some(problem) if is_early => Said::NotYet(problem),
        Some(problem) => Said::No(problem),
        None => Said::Yes,
    }
}
