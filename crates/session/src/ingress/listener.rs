//! The session's port: who may connect, and which name each request means.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener as StdListener};
use std::sync::Arc;
use std::time::Duration;

use camino::Utf8Path;
use hyper::body::Incoming;
use hyper::header::HOST;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use super::Answer;
use super::own_host::OwnHost;
use super::pages::Reader;
use super::proxy::{self, Life};
use super::routes::{Meaning, Routes};
use crate::store;

/// More connections than this wait: nothing may use up the player's file descriptors.
const CONNECTIONS: usize = 512;

/// After a connection could not be taken.
const BREATHER: Duration = Duration::from_millis(50);

/// A port that is taken, and not served yet.
#[derive(Debug)]
pub(crate) struct Listener {
    socket: StdListener,
    port: u16,
    /// The port that the session had before, when it could not be taken again.
    pub(crate) moved_from: Option<u16>,
}

impl Listener {
    /// Takes the port that is written in a file, else any that is free and not the workshop's own, and writes it there.
    ///
    /// # Errors
    /// When no port can be taken, or the file cannot be written.
    pub(crate) fn bind(saved: &Utf8Path, servers: &[u16]) -> io::Result<Self> {
        let known = std::fs::read_to_string(saved).ok();
        let known: Option<u16> = known.and_then(|port| port.trim().parse().ok());
        let again = known.and_then(|port| StdListener::bind((Ipv4Addr::LOCALHOST, port)).ok());
        let moved_from = known.filter(|_| again.is_none());
        let socket = match again {
            Some(socket) => socket,
            None => free_port(servers)?,
        };
        socket.set_nonblocking(true)?;
        let port = socket.local_addr()?.port();
        if known != Some(port) {
            store::write_private(saved, port.to_string().as_bytes())?;
        }
        Ok(Self {
            socket,
            port,
            moved_from,
        })
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Serves until the server is dropped.
    ///
    /// # Errors
    /// When the port cannot be watched.
    pub(crate) fn serve(self, routes: Arc<Routes>, own: OwnHost) -> io::Result<Server> {
        let socket = TcpListener::from_std(self.socket)?;
        let stop = CancellationToken::new();
        let life = Life {
            tasks: TaskTracker::new(),
            stop: stop.clone(),
        };
        let site = Arc::new(Site {
            routes,
            own,
            life: life.clone(),
        });
        life.run(accept(socket, site));
        Ok(Server {
            tasks: life.tasks,
            stop: stop.drop_guard(),
        })
    }
}

/// The learner's servers need their ports; those that are refused are held until another one is found.
fn free_port(servers: &[u16]) -> io::Result<StdListener> {
    let mut refused = Vec::new();
    loop {
        let socket = StdListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        if !servers.contains(&socket.local_addr()?.port()) {
            return Ok(socket);
        }
        refused.push(socket);
    }
}

/// The served port. Dropping it closes the port and ends every connection.
#[derive(Debug)]
pub(crate) struct Server {
    tasks: TaskTracker,
    stop: DropGuard,
}

impl Server {
    /// Closes the port and returns when the last connection has ended.
    pub(crate) async fn close(self) {
        drop(self.stop);
        self.tasks.close();
        self.tasks.wait().await;
    }
}

struct Site {
    routes: Arc<Routes>,
    own: OwnHost,
    life: Life,
}

async fn accept(socket: TcpListener, site: Arc<Site>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        match socket.accept().await {
            Ok((stream, peer)) if is_welcome(&peer) => {
                let connection = serve(stream, Arc::clone(&site));
                site.life.run(async move {
                    connection.await;
                    drop(place);
                });
            }
            Ok(_) => {}
            // A connection that ended before it was taken, or no file descriptor left: the next one may fare better.
            Err(_) => tokio::time::sleep(BREATHER).await,
        }
    }
}

/// Only this machine is served, whatever the socket is bound to.
fn is_welcome(peer: &SocketAddr) -> bool {
    peer.ip().to_canonical().is_loopback()
}

async fn serve(stream: TcpStream, site: Arc<Site>) {
    // Answers leave at once; a socket that does not take the option is served all the same.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let site = Arc::clone(&site);
        async move { Ok::<_, Infallible>(site.answer(request).await) }
    });
    // Whatever ends a connection early concerns its client alone.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .preserve_header_case(true)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades()
        .await;
}

impl Site {
    async fn answer(&self, request: Request<Incoming>) -> Answer {
        let reader = Reader::of(&request);
        if request.method() == Method::CONNECT {
            return proxy::status(StatusCode::METHOD_NOT_ALLOWED);
        }
        let Some(host) = host(&request) else {
            return proxy::status(StatusCode::BAD_REQUEST);
        };
        match self.routes.find(&host, request.uri().path()) {
            Meaning::Ingress(route) => {
                proxy::forward(route, &self.routes, &self.life, request).await
            }
            Meaning::OwnHost => self.own.answer(request).await,
            Meaning::NoSuchPath => reader.problem(
                StatusCode::NOT_FOUND,
                "Nothing is served here",
                "No ingress of this name takes this path.",
            ),
            // A foreign name that leads here is a page elsewhere that tries to reach this computer.
            Meaning::Foreign => reader.problem(
                StatusCode::MISDIRECTED_REQUEST,
                "No such server",
                &format!("The session has no server of the name {host}."),
            ),
        }
    }
}

/// The host that a request is for: in lower case, without port. None when it is not said, or said twice.
fn host(request: &Request<Incoming>) -> Option<String> {
    let mut named = request.headers().get_all(HOST).iter();
    let header = match (named.next(), named.next()) {
        (Some(host), None) => Some(host.to_str().ok()?),
        (None, _) => None,
        (Some(_), Some(_)) => return None,
    };
    let host = match (request.uri().authority(), header) {
        (Some(authority), _) => authority.as_str(),
        (None, Some(header)) => header,
        (None, None) => return None,
    };
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    Some(name.trim_end_matches('.').to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_served() {
        for (peer, welcome) in [
            ("127.0.0.1:1", true),
            ("127.9.9.9:1", true),
            ("[::1]:1", true),
            ("[::ffff:127.0.0.1]:1", true),
            ("192.168.0.2:1", false),
            ("[::ffff:192.168.0.2]:1", false),
            ("0.0.0.0:1", false),
        ] {
            assert_eq!(is_welcome(&peer.parse().unwrap()), welcome, "{peer}");
        }
    }
}
