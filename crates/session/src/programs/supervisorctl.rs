//! What `supervisorctl` in the session's `bin` is: this program, which asks the session and prints its answer.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;

use super::reply::{Frame, Request};

/// The hidden argument; the folder of the socket and the words of the learner follow.
pub const ARGUMENT: &str = "--supervisorctl";

/// The socket's name in its folder.
pub(super) const SOCKET: &str = "supervisor.sock";

/// The name of the file beside it that says the key.
pub(super) const KEY: &str = "supervisor.key";

/// supervisorctl's exit status when nobody answers, and when the state of programs was asked.
const NOT_RUNNING: u8 = 7;
const UNKNOWN: u8 = 4;

/// Does what the hidden argument says with the words after it; returns the exit status.
pub fn run(mut words: impl Iterator<Item = OsString>) -> u8 {
    let folder = words.next().unwrap_or_default();
    let args: Vec<_> = words
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let asks_status = args.first().is_none_or(|first| first == "status");
    match ask(Path::new(&folder), args) {
        Ok(status) => status,
        Err(error) => {
            let path = Path::new(&folder).join(SOCKET);
            let reason = match error.kind() {
                io::ErrorKind::NotFound => "no such file",
                io::ErrorKind::ConnectionRefused => "refused connection",
                // Whoever read the answer has seen enough.
                io::ErrorKind::BrokenPipe => return 0,
                _ => "no answer",
            };
            let _ = writeln!(io::stdout(), "unix://{} {reason}", path.display());
            if asks_status { UNKNOWN } else { NOT_RUNNING }
        }
    }
}

fn ask(folder: &Path, args: Vec<String>) -> io::Result<u8> {
    // The name of a socket may not be long; that of its folder may.
    env::set_current_dir(folder)?;
    let mut stream = UnixStream::connect(SOCKET)?;
    let key = fs::read_to_string(KEY)?;
    let mut request = serde_json::to_vec(&Request { key, args })?;
    request.push(b'\n');
    stream.write_all(&request)?;
    let mut out = io::stdout().lock();
    for line in BufReader::new(stream).lines() {
        match serde_json::from_str(&line?)? {
            Frame::Out(text) => {
                out.write_all(text.as_bytes())?;
                out.flush()?;
            }
            Frame::Exit(status) => return Ok(status),
        }
    }
    // The session has closed meanwhile.
    Ok(NOT_RUNNING)
}
