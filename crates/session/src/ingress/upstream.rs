//! Connecting to the learner's own servers.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

/// A connection on this machine stands or fails at once, unless the server's queue is full.
const CONNECT: Duration = Duration::from_secs(5);
/// Between two tries: no event tells that a port is open.
const PAUSE: Duration = Duration::from_millis(150);

/// Connects to a port of this machine, however its server spells the machine's name.
pub(super) async fn connect(port: u16) -> io::Result<TcpStream> {
    let addresses: [SocketAddr; 2] = [
        (Ipv4Addr::LOCALHOST, port).into(),
        (Ipv6Addr::LOCALHOST, port).into(),
    ];
    let stream = timeout(CONNECT, TcpStream::connect(&addresses[..])).await??;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Whether somebody takes connections on a port of this machine.
pub(crate) async fn is_taken(port: u16) -> bool {
    connect(port).await.is_ok()
}

/// Waits until a port of this machine takes connections; false when it does not within `limit`.
pub(crate) async fn accepts(port: u16, limit: Duration) -> bool {
    let deadline = Instant::now() + limit;
    loop {
        if connect(port).await.is_ok() {
            return true;
        }
        if Instant::now() + PAUSE >= deadline {
            return false;
        }
        sleep(PAUSE).await;
    }
}
