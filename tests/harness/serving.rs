//! Servers on this machine that tests answer for.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use crate::free_port;

/// A port that nobody else has, and who listens on it.
///
/// # Panics
/// When this machine has none left.
pub fn listener() -> (TcpListener, u16) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = listener.local_addr().expect("an address").port();
    (listener, port)
}

/// A port on which nobody listens, nor will by chance.
///
/// # Panics
/// When this machine has none left.
pub fn closed_port() -> u16 {
    free_port()
}

/// A web server that gives an answer to each request in turn, until there are no more or the tests end; returns its port. Who
/// only looks whether it is there gets none.
///
/// # Panics
/// When there is no port for it.
pub fn serve(answers: impl IntoIterator<Item = Vec<u8>, IntoIter: Send + 'static>) -> u16 {
    let (listener, port) = listener();
    let mut answers = answers.into_iter().peekable();
    thread::spawn(move || {
        while answers.peek().is_some() {
            let Ok((mut stream, _)) = listener.accept() else {
                return;
            };
            let mut request = Vec::new();
            let mut byte = [0];
            while !request.ends_with(b"\r\n\r\n") && matches!(stream.read(&mut byte), Ok(1)) {
                request.push(byte[0]);
            }
            if !request.is_empty()
                && let Some(answer) = answers.next()
            {
                let _ = stream.write_all(&answer);
            }
        }
    });
    port
}

/// An answer of a web server: `404 Not Found`, and what follows its head.
pub fn answer(status: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}
