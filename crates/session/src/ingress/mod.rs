//! One loopback listener for every server of a session, told apart by host name (`session.md` section 10).
//!
//! ```text
//! http://NAME-SESSION.localhost:PORT/x ─┐                  ┌─▶ the declared port of the ingress NAME    proxy.rs
//! http://SESSION-NAME.localhost:PORT/x ─┼─ listener, Host ─┤
//! http://SESSION.localhost:PORT/files/x ┘                  └─▶ slides, files, broadcasts                own_host.rs
//! ```

mod files;
mod headers;
mod kits;
mod listener;
mod own_host;
mod pages;
mod proxy;
mod routes;
mod tls;
mod upstream;

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::Response;

pub(crate) use listener::{Listener, Server};
pub(crate) use own_host::{Broadcasts, OwnHost};
pub(crate) use routes::{DOMAIN, Meaning, Reach, Route, Routes, is_loopback};
pub(crate) use upstream::{accepts, is_taken};

/// A response that says that the learner's server is not up yet carries this header.
pub(crate) const WAITING: &str = "x-atelier-waiting";

/// Any other word of the listener itself carries this one, with what is the matter.
pub(crate) const PROBLEM: &str = "x-atelier-problem";

type Failure = Box<dyn std::error::Error + Send + Sync>;
type Body = UnsyncBoxBody<Bytes, Failure>;
type Answer = Response<Body>;

fn full(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into())
        .map_err(|never| match never {})
        .boxed_unsync()
}

#[cfg(test)]
mod tests;
