//! Answers `supervisorctl`, in supervisor's words and with its exit statuses.

mod commands;
mod status;
mod tail;

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use camino::Utf8Path;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, BufReader};
use tokio::net::UnixListener;

use super::Shared;
use super::process::Process;
use super::reply::{Answer, Request};
use super::supervisorctl::{ARGUMENT, KEY, SOCKET};
use crate::anchor::Anchor;
use crate::folders::Folders;
use crate::store::random_hex;

/// Exit statuses, as the reference has them.
const GENERIC: u8 = 1;
const INVALID_ARGS: u8 = 2;
const STATUS_NOT_RUNNING: u8 = 3;
const STATUS_UNKNOWN: u8 = 4;
const NOT_RUNNING: u8 = 7;

/// How long a question may be, in bytes.
const QUESTION: u64 = 64 * 1024;
/// Longer names of sockets are refused by the system.
const LONGEST: usize = 100;

/// Puts `supervisorctl` into the session's `bin` and answers it until the session closes. Where that cannot be done the
/// programs run all the same.
pub(super) fn serve(shared: &Arc<Shared>, helper: &Path) {
    let ground = &shared.ground;
    let folder = &ground.folders.shared();
    let (Ok(listener), Ok(key)) = (listen(folder), write_key(&ground.folders)) else {
        return;
    };
    let key: Arc<str> = key.into();
    let _ = write_command(&ground.folders.bin, folder, helper);
    let (closing, dropped) = (ground.closing.clone(), ground.dropped.clone());
    let asked = Arc::downgrade(shared);
    // Bounded by the session.
    tokio::spawn(async move {
        loop {
            let accepted = tokio::select! {
                () = closing.cancelled() => break,
                () = dropped.cancelled() => break,
                accepted = listener.accept() => accepted,
            };
            let (Ok((stream, _)), Some(shared)) = (accepted, asked.upgrade()) else {
                break;
            };
            let (closing, dropped) = (closing.clone(), dropped.clone());
            let key = Arc::clone(&key);
            tokio::spawn(async move {
                let (from, to) = stream.into_split();
                tokio::select! {
                    () = closing.cancelled() => {}
                    () = dropped.cancelled() => {}
                    () = converse(&shared, &key, from, to) => {}
                }
            });
        }
    });
}

/// A socket that only the learner can open.
fn listen(folder: &Utf8Path) -> io::Result<UnixListener> {
    let path = folder.join(SOCKET);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = if path.as_str().len() <= LONGEST {
        UnixListener::bind(&path)?
    } else {
        bind_far(folder)?
    };
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// The same below a folder whose name is too long for a socket.
#[cfg(target_os = "linux")]
fn bind_far(folder: &Utf8Path) -> io::Result<UnixListener> {
    use std::os::fd::AsRawFd;
    let folder = std::fs::File::open(folder)?;
    UnixListener::bind(format!("/proc/self/fd/{}/{SOCKET}", folder.as_raw_fd()))
}

#[cfg(not(target_os = "linux"))]
fn bind_far(_: &Utf8Path) -> io::Result<UnixListener> {
    Err(io::ErrorKind::InvalidFilename.into())
}

/// What whoever asks must know.
fn write_key(folders: &Folders) -> io::Result<String> {
    let key = random_hex()?;
    let place = Anchor::within(&folders.state, &folders.shared().join(KEY))?;
    place.replace_private(&folders.state, key.as_bytes())?;
    Ok(key)
}

/// A script, since a link to the program would not say which session is meant.
fn write_command(bin: &Utf8Path, folder: &Utf8Path, helper: &Path) -> io::Result<()> {
    let path = bin.join("supervisorctl");
    let helper = helper.to_string_lossy();
    let words = [&*helper, ARGUMENT, folder.as_str()].map(shell_words::quote);
    std::fs::write(
        &path,
        format!("#!/bin/sh\nexec {} \"$@\"\n", words.join(" ")),
    )?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755))
}

async fn converse(
    shared: &Shared,
    key: &str,
    from: impl AsyncRead + Unpin,
    to: impl AsyncWrite + Unpin,
) {
    let mut line = String::new();
    let mut from = BufReader::new(from.take(QUESTION));
    if from.read_line(&mut line).await.is_err() {
        return;
    }
    let Ok(request) = serde_json::from_str::<Request>(&line) else {
        return;
    };
    if request.key != key {
        return;
    }
    let mut answer = Answer::new(to);
    // Whoever asked and goes away ends what waits for news.
    let mut rest = String::new();
    tokio::select! {
        status = commands::answered(shared, &request.args, &mut answer) => answer.exit(status).await,
        _ = from.read_line(&mut rest) => {}
    }
}

/// What a name means: `web`, `web:web_00`, `web:*` or `all`.
fn named(shared: &Shared, name: &str) -> Result<Vec<Arc<Process>>, String> {
    let mut found = shared.list();
    if name == "all" {
        return Ok(found);
    }
    match name.split_once(':') {
        Some((group, "*" | "")) => {
            found.retain(|process| process.spec.name == group);
            if found.is_empty() {
                return Err(format!("{group}: ERROR (no such group)"));
            }
        }
        _ => {
            found.retain(|process| {
                let whole = format!("{0}:{0}", process.name);
                process.name == name || whole == name
            });
            if found.is_empty() {
                return Err(format!("{name}: ERROR (no such process)"));
            }
        }
    }
    Ok(found)
}

/// The same; a name that means nothing is answered, with `None`.
async fn found<W: AsyncWrite + Unpin>(
    shared: &Shared,
    name: &str,
    answer: &mut Answer<W>,
) -> Option<Vec<Arc<Process>>> {
    match named(shared, name) {
        Ok(found) => Some(found),
        Err(message) => {
            answer.line(message).await;
            None
        }
    }
}
