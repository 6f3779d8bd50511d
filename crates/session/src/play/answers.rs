//! Whether a server on this machine answers.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout_at};

/// Between two tries: no event tells that a port is open.
const PAUSE: Duration = Duration::from_millis(200);

/// Waits until the server of a local address answers a request with any HTTP status (or, for `https`, accepts a connection).
pub(super) async fn answers(url: &str, limit: Duration) -> Result<(), String> {
    let deadline = Instant::now() + limit;
    let target = Target::of(url).ok_or_else(|| format!("{url} is not an address"))?;
    loop {
        let problem = match timeout_at(deadline, target.ask()).await {
            Ok(Ok(())) => return Ok(()),
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

    async fn ask(&self) -> std::io::Result<()> {
        let mut stream = match TcpStream::connect(("127.0.0.1", self.port)).await {
            Ok(stream) => stream,
            Err(_) => TcpStream::connect(("::1", self.port)).await?,
        };
        if self.encrypted {
            return Ok(());
        }
        let request = format!(
            "GET {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            self.path, self.authority
        );
        stream.write_all(request.as_bytes()).await?;
        let mut start = [0; 5];
        stream.read_exact(&mut start).await?;
        if &start == b"HTTP/" {
            Ok(())
        } else {
            Err(std::io::Error::other("it does not speak HTTP"))
        }
    }
}
