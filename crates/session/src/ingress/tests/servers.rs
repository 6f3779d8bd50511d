//! Servers as learners write them.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

type Body = UnsyncBoxBody<Bytes, Infallible>;

async fn free() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

/// A port that nobody listens on, nor will by chance: systems hand out those above 32767.
pub(super) async fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Other test programs begin elsewhere.
    let first = 24_000 + u16::try_from(std::process::id() % 2_000).unwrap();
    loop {
        let port = first + NEXT.fetch_add(1, Ordering::Relaxed) % 1_000;
        if TcpListener::bind(("127.0.0.1", port)).await.is_ok() {
            return port;
        }
    }
}

/// Tells the request it got; `/frames` forbids frames, `/up` counts the bytes that it got, `/down/N` sends N MiB.
pub(super) async fn echo() -> u16 {
    let (listener, port) = free().await;
    tokio::spawn(serve(listener));
    port
}

/// As [`echo`], on a port that was free until now.
pub(super) async fn echo_on(port: u16) {
    let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    tokio::spawn(serve(listener));
}

/// As [`echo`], encrypted with a certificate that nobody trusts.
pub(super) async fn encrypted() -> u16 {
    let (listener, port) = free().await;
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    speak(stream).await;
                }
            });
        }
    });
    port
}

/// Sends back every WebSocket message.
pub(super) async fn web_socket() -> u16 {
    let (listener, port) = free().await;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                use tokio_tungstenite::tungstenite::Message;
                let mut socket = tokio_tungstenite::accept_async(stream).await.unwrap();
                while let Some(Ok(message)) = next(&mut socket).await {
                    if matches!(message, Message::Text(_) | Message::Binary(_)) {
                        send(&mut socket, message).await;
                    }
                }
            });
        }
    });
    port
}

/// Server-sent events: one for each that comes through the channel.
pub(super) async fn events(source: tokio::sync::mpsc::Receiver<String>) -> u16 {
    let (listener, port) = free().await;
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let source = Arc::new(std::sync::Mutex::new(Some(source)));
        let service = service_fn(move |_| {
            let source = source.lock().unwrap().take().unwrap();
            let body = stream_of(source, |event| Bytes::from(format!("data: {event}\n\n")));
            let response = Response::builder().header("content-type", "text/event-stream");
            async move { Ok::<_, Infallible>(response.body(body).unwrap()) }
        });
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        let _ = connection.await;
    });
    port
}

/// Takes connections and says nothing that anybody understands.
pub(super) async fn rude() -> u16 {
    let (listener, port) = free().await;
    tokio::spawn(async move {
        use tokio::io::AsyncWriteExt;
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(b"go away\n").await;
        }
    });
    port
}

/// Hangs up on so many requests, as a server does that is being restarted; then answers as [`echo`], or goes.
pub(super) async fn restarting(requests: usize, comes_back: bool) -> u16 {
    use tokio::io::AsyncReadExt;
    let (listener, port) = free().await;
    tokio::spawn(async move {
        for _ in 0..requests {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 1024]).await;
        }
        if comes_back {
            serve(listener).await;
        }
    });
    port
}

pub(super) async fn next<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut tokio_tungstenite::WebSocketStream<S>,
) -> Option<Result<tokio_tungstenite::tungstenite::Message, tokio_tungstenite::tungstenite::Error>>
{
    use futures_util::StreamExt;
    socket.next().await
}

pub(super) async fn send<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut tokio_tungstenite::WebSocketStream<S>,
    message: tokio_tungstenite::tungstenite::Message,
) {
    use futures_util::SinkExt;
    socket.send(message).await.unwrap();
}

async fn serve(listener: TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(speak(stream));
    }
}

async fn speak(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
    let service = service_fn(|request| async { Ok::<_, Infallible>(answer(request).await) });
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let _ = connection.await;
}

async fn answer(request: Request<Incoming>) -> Response<Body> {
    let path = request.uri().path().to_owned();
    if let Some(megabytes) = path.strip_prefix("/down/") {
        return Response::new(flood(megabytes.parse().unwrap()));
    }
    let mut response = Response::builder()
        .header("x-frame-options", "DENY")
        .header(
            "content-security-policy",
            "default-src 'self'; frame-ancestors 'none'",
        )
        .header("connection", "keep-alive")
        .status(if path == "/teapot" { 418 } else { 200 });
    if path == "/own-rules" {
        response = response.header("access-control-allow-origin", "https://only.this");
    }
    if path == "/up" {
        let mut body = request.into_body();
        let mut count = 0;
        while let Some(Ok(frame)) = body.frame().await {
            count += frame.data_ref().map_or(0, Bytes::len);
        }
        return response.body(full(count.to_string())).unwrap();
    }
    let mut said = format!("{} {}\n", request.method(), request.uri());
    for (name, value) in request.headers() {
        said.push_str(&format!("{name}: {}\n", value.to_str().unwrap()));
    }
    let body = request.into_body().collect().await.unwrap().to_bytes();
    said.push_str(&String::from_utf8_lossy(&body));
    response.body(full(said)).unwrap()
}

fn full(text: String) -> Body {
    Full::new(Bytes::from(text)).boxed_unsync()
}

/// So many MiB, a chunk at a time.
fn flood(megabytes: usize) -> Body {
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    tokio::spawn(async move {
        for _ in 0..megabytes {
            if sender.send(vec![b'x'; 1024 * 1024]).await.is_err() {
                return;
            }
        }
    });
    stream_of(receiver, Bytes::from)
}

fn stream_of<T: Send + 'static>(
    source: tokio::sync::mpsc::Receiver<T>,
    bytes: impl Fn(T) -> Bytes + Send + Sync + 'static,
) -> Body {
    let frames = futures_util::stream::unfold((source, bytes), |(mut source, bytes)| async {
        let item = source.recv().await?;
        let frame = Frame::data(bytes(item));
        Some((Ok::<_, Infallible>(frame), (source, bytes)))
    });
    BodyExt::boxed_unsync(StreamBody::new(frames))
}
