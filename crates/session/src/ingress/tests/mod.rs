//! Real servers behind a real listener.

mod own_host;
mod proxy;
mod servers;

use std::sync::Arc;

use atelier_content::workshop::Ingress;
use bytes::Bytes;
use camino::Utf8PathBuf;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::{Broadcasts, Listener, OwnHost, Routes, Server};

/// The name of the session.
const SESSION: &str = "lab-1f";

/// A served session.
struct Served {
    port: u16,
    server: Server,
    broadcasts: Broadcasts,
    folder: tempfile::TempDir,
}

impl Served {
    fn new(ingresses: &[Ingress]) -> Self {
        Self::with(ingresses, |_, _| ())
    }

    /// `own` gets a folder for what the session itself serves.
    fn with(ingresses: &[Ingress], own: impl FnOnce(&mut OwnHost, Utf8PathBuf)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
        let listener = Listener::bind(&root.join("port"), &[]).unwrap();
        let port = listener.port();
        let expand = |text: &str| text.replace("$(token)", "t0ken");
        let routes = Arc::new(Routes::new(SESSION, ingresses, expand));
        let (mut host, broadcasts) = OwnHost::new("secret".to_owned());
        host.within = vec![root.clone()];
        own(&mut host, root);
        Self {
            port,
            server: listener.serve(routes, host).unwrap(),
            broadcasts,
            folder,
        }
    }

    /// Asks for a path of `NAME-SESSION.localhost`.
    async fn get(&self, name: &str, path: &str) -> Response<Incoming> {
        self.ask(&host(name), Request::get(path)).await
    }

    async fn ask(&self, host: &str, request: hyper::http::request::Builder) -> Response<Incoming> {
        let request = request.header("host", host).body(Full::default());
        self.send(request.unwrap()).await
    }

    async fn send(&self, request: Request<Full<Bytes>>) -> Response<Incoming> {
        let stream = self.connect().await;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        sender.send_request(request).await.unwrap()
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(("127.0.0.1", self.port)).await.unwrap()
    }
}

fn host(name: &str) -> String {
    format!("{name}-{SESSION}.localhost")
}

async fn text(response: Response<Incoming>) -> String {
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn header(response: &Response<Incoming>, name: &str) -> Option<String> {
    let value = response.headers().get(name)?;
    Some(value.to_str().unwrap().to_owned())
}

fn ingress(name: &str, port: u16) -> Ingress {
    Ingress {
        name: name.to_owned(),
        port,
        protocol: "http".to_owned(),
        host: None,
        path: String::new(),
        rewrites: Vec::new(),
        headers: Vec::new(),
        change_origin: true,
        secure: true,
    }
}
