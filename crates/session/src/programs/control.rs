//! Answers `supervisorctl`, in supervisor's words and with its exit statuses.

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use camino::Utf8Path;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, BufReader};
use tokio::net::UnixListener;
use tokio::sync::broadcast::error::RecvError;

use super::process::{Process, Started, Status};
use super::reply::{Answer, Request};
use super::supervisorctl::{ARGUMENT, SOCKET};
use super::{Changes, Shared};
use crate::launch::proc;
use crate::protocol::ProgramState;

/// Exit statuses, as the reference has them.
const GENERIC: u8 = 1;
const INVALID_ARGS: u8 = 2;
const STATUS_NOT_RUNNING: u8 = 3;
const STATUS_UNKNOWN: u8 = 4;
const NOT_RUNNING: u8 = 7;

/// How long a question may be, in bytes.
const QUESTION: u64 = 64 * 1024;
/// How much `tail` shows, in bytes.
const TAIL: usize = 1600;
/// Longer names of sockets are refused by the system.
const LONGEST: usize = 100;
/// The release of supervisor whose words these are.
const VERSION: &str = "4.2.5";

const HELP: &str = "default commands (type help <topic>):
=====================================
help  pid  reread  restart  start  status  stop  tail  update  version
";

/// Puts `supervisorctl` into the session's `bin` and answers it until the session closes. Where that cannot be done the
/// programs run all the same.
pub(super) fn serve(shared: &Arc<Shared>, helper: &Path) {
    let ground = &shared.ground;
    let folder = &ground.folders.shared();
    let Ok(listener) = listen(folder) else {
        return;
    };
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
            tokio::spawn(async move {
                let (from, to) = stream.into_split();
                tokio::select! {
                    () = closing.cancelled() => {}
                    () = dropped.cancelled() => {}
                    () = converse(&shared, from, to) => {}
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

async fn converse(shared: &Shared, from: impl AsyncRead + Unpin, to: impl AsyncWrite + Unpin) {
    let mut line = String::new();
    let mut from = BufReader::new(from.take(QUESTION));
    if from.read_line(&mut line).await.is_err() {
        return;
    }
    let Ok(request) = serde_json::from_str::<Request>(&line) else {
        return;
    };
    let mut answer = Answer::new(to);
    // Whoever asked and goes away ends what waits for news.
    let mut rest = String::new();
    tokio::select! {
        status = answered(shared, &request.args, &mut answer) => answer.exit(status).await,
        _ = from.read_line(&mut rest) => {}
    }
}

/// Answers a question; returns the exit status.
async fn answered<W: AsyncWrite + Unpin>(
    shared: &Shared,
    args: &[String],
    answer: &mut Answer<W>,
) -> u8 {
    let mut args = args.iter().map(String::as_str).peekable();
    while let Some(option) = args.next_if(|word| word.starts_with('-')) {
        match option {
            "-h" | "--help" => {
                answer.text(HELP).await;
                return 0;
            }
            // Which server is meant is no question here.
            "-c" | "-s" | "-u" | "-p" => drop(args.next()),
            _ => {}
        }
    }
    let command = args.next().unwrap_or("status");
    let names: Vec<&str> = args.collect();
    match command {
        "status" => status(shared, &names, answer).await,
        "start" | "stop" | "restart" if names.is_empty() => {
            answer
                .line(format!("Error: {command} requires a process name"))
                .await;
            if command == "start" {
                INVALID_ARGS
            } else {
                GENERIC
            }
        }
        "start" => start(shared, &names, answer).await,
        "stop" => stop(shared, &names, answer).await,
        "restart" => {
            let stopped = stop(shared, &names, answer).await;
            start(shared, &names, answer).await.max(stopped)
        }
        "tail" => tail(shared, &names, answer).await,
        "pid" => pid(shared, &names, answer).await,
        "reread" => {
            let changes = shared.changes(&shared.described());
            reread(&changes, answer).await;
            0
        }
        "update" => update(shared, answer).await,
        "help" => {
            answer.text(HELP).await;
            0
        }
        "version" => {
            answer.line(VERSION).await;
            0
        }
        "shutdown" | "reload" => {
            answer.line(NOT_HERE).await;
            GENERIC
        }
        other => {
            answer.line(format!("*** Unknown syntax: {other}")).await;
            GENERIC
        }
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

async fn status<W: AsyncWrite + Unpin>(
    shared: &Shared,
    names: &[&str],
    answer: &mut Answer<W>,
) -> u8 {
    let mut exit = 0;
    let mut shown = Vec::new();
    if names.is_empty() {
        shown = shared.list();
    }
    for name in names {
        match named(shared, name) {
            Ok(mut found) => shown.append(&mut found),
            Err(message) => {
                answer.line(message).await;
                exit = STATUS_UNKNOWN;
            }
        }
    }
    let longest = shown.iter().map(|process| process.name.chars().count());
    let width = longest.max().unwrap_or(0).max(30) + 3;
    for process in &shown {
        let status = process.now();
        let (state, about) = (state_name(status.state), described(&status));
        answer
            .line(format!("{:<width$}{state:<10}{about}", process.name))
            .await;
        let stopped = matches!(
            status.state,
            ProgramState::Stopped | ProgramState::Exited | ProgramState::Fatal
        );
        if stopped {
            exit = STATUS_NOT_RUNNING;
        }
    }
    exit
}

fn state_name(state: ProgramState) -> &'static str {
    match state {
        ProgramState::Stopped => "STOPPED",
        ProgramState::Starting => "STARTING",
        ProgramState::Running => "RUNNING",
        ProgramState::Backoff => "BACKOFF",
        ProgramState::Stopping => "STOPPING",
        ProgramState::Exited => "EXITED",
        ProgramState::Fatal => "FATAL",
    }
}

const NOT_HERE: &str = "ERROR: the session sees to this itself, when it is closed and opened";

fn described(status: &Status) -> String {
    match (status.state, status.since, status.pid) {
        (ProgramState::Running, Some((_, since)), Some(pid)) => {
            format!(
                "pid {}, uptime {}",
                proc::inside(pid),
                uptime(since.elapsed())
            )
        }
        (ProgramState::Backoff | ProgramState::Fatal, ..) => {
            status.reason.clone().unwrap_or_default()
        }
        (ProgramState::Stopped | ProgramState::Exited, Some((since, _)), _) => {
            Timestamp::try_from(since).map_or_else(
                |_| String::new(),
                |at| {
                    let at = at.to_zoned(TimeZone::system());
                    at.strftime("%b %d %I:%M %p").to_string()
                },
            )
        }
        (ProgramState::Stopped, None, _) => "Not started".to_owned(),
        _ => String::new(),
    }
}

/// `0:00:05`, `1 day, 2:03:04`.
fn uptime(long: Duration) -> String {
    let seconds = long.as_secs();
    let clock = format!(
        "{}:{:02}:{:02}",
        seconds / 3600 % 24,
        seconds / 60 % 60,
        seconds % 60
    );
    match seconds / 86_400 {
        0 => clock,
        1 => format!("1 day, {clock}"),
        days => format!("{days} days, {clock}"),
    }
}

async fn start<W: AsyncWrite + Unpin>(
    shared: &Shared,
    names: &[&str],
    answer: &mut Answer<W>,
) -> u8 {
    let mut exit = 0;
    for name in names {
        let found = match named(shared, name) {
            Ok(found) => found,
            Err(message) => {
                answer.line(message).await;
                exit = exit.max(GENERIC);
                continue;
            }
        };
        // All of them start before the first is waited for.
        let starts: Vec<_> = found
            .into_iter()
            .map(|process| (process.name.clone(), process.start()))
            .collect();
        for (name, started) in starts {
            let (text, status) = match started.await.unwrap_or(Started::NotSpawned) {
                Started::Running => ("started", 0),
                Started::Already => ("ERROR (already started)", 0),
                Started::NoFile => ("ERROR (no such file)", GENERIC),
                Started::NotExecutable => ("ERROR (file is not executable)", GENERIC),
                Started::NotSpawned => ("ERROR (spawn error)", NOT_RUNNING),
                Started::EndedTooSoon | Started::Stopped => {
                    ("ERROR (abnormal termination)", NOT_RUNNING)
                }
            };
            answer.line(format!("{name}: {text}")).await;
            exit = exit.max(status);
        }
    }
    exit
}

async fn stop<W: AsyncWrite + Unpin>(
    shared: &Shared,
    names: &[&str],
    answer: &mut Answer<W>,
) -> u8 {
    let mut exit = 0;
    for name in names {
        match named(shared, name) {
            Ok(mut found) => {
                // In the reverse order of starting.
                found.reverse();
                for process in found {
                    let text = if process.stop().await {
                        "stopped"
                    } else {
                        "ERROR (not running)"
                    };
                    answer.line(format!("{}: {text}", process.name)).await;
                }
            }
            Err(message) => {
                answer.line(message).await;
                exit = GENERIC;
            }
        }
    }
    exit
}

async fn pid<W: AsyncWrite + Unpin>(shared: &Shared, names: &[&str], answer: &mut Answer<W>) -> u8 {
    if names.is_empty() {
        // Whoever asks is about to signal it, and that would be the player.
        answer.line(NOT_HERE).await;
        return GENERIC;
    }
    let mut exit = 0;
    for name in names {
        match named(shared, name) {
            Ok(found) => {
                for process in found {
                    let pid = process.now().pid.map(proc::inside).unwrap_or_default();
                    answer.line(pid.to_string()).await;
                }
            }
            Err(_) => {
                answer.line(format!("No such process {name}")).await;
                exit = GENERIC;
            }
        }
    }
    exit
}

/// `tail [-f] [-BYTES] NAME [stdout|stderr]`
async fn tail<W: AsyncWrite + Unpin>(
    shared: &Shared,
    words: &[&str],
    answer: &mut Answer<W>,
) -> u8 {
    let (options, words): (Vec<&str>, Vec<&str>) = words
        .iter()
        .copied()
        .partition(|word| word.starts_with('-'));
    let Some((name, rest)) = words.split_first() else {
        answer
            .line("Error: too few arguments for command 'tail'")
            .await;
        return GENERIC;
    };
    let process = match named(shared, name).as_deref() {
        Ok([process]) => Arc::clone(process),
        _ => {
            answer
                .line(format!("{name}: ERROR (no such process name)"))
                .await;
            return GENERIC;
        }
    };
    let log = match (rest.first(), &process.errors) {
        (Some(&"stderr"), Some(errors)) => errors,
        _ => &process.output,
    };
    let limit = options
        .iter()
        .find_map(|option| option.trim_start_matches('-').parse().ok())
        .unwrap_or(TAIL);
    if !options.contains(&"-f") {
        let text = String::from_utf8_lossy(&log.tail(limit)).into_owned();
        answer.line(text).await;
        return 0;
    }
    answer.line("==> Press Ctrl-C to exit <==").await;
    let (before, mut pieces) = log.follow(limit);
    answer.text(&String::from_utf8_lossy(&before)).await;
    while !answer.is_gone() {
        match pieces.recv().await {
            Ok(piece) => answer.text(&String::from_utf8_lossy(&piece)).await,
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => break,
        }
    }
    0
}

async fn reread<W: AsyncWrite + Unpin>(changes: &Changes, answer: &mut Answer<W>) {
    let kinds = [
        (&changes.added, "available"),
        (&changes.changed, "changed"),
        (&changes.removed, "disappeared"),
    ];
    let mut lines: Vec<_> = kinds
        .iter()
        .flat_map(|(names, what)| names.iter().map(move |name| format!("{name}: {what}")))
        .collect();
    lines.sort();
    if lines.is_empty() {
        lines.push("No config updates to processes".to_owned());
    }
    for line in lines {
        answer.line(line).await;
    }
}

async fn update<W: AsyncWrite + Unpin>(shared: &Shared, answer: &mut Answer<W>) -> u8 {
    let updating = shared.updating.lock().await;
    let described = shared.described();
    let changes = shared.changes(&described);
    shared.update(&changes, described, true).await;
    drop(updating);
    let kinds = [
        (&changes.removed, "removed process group"),
        (&changes.changed, "updated process group"),
        (&changes.added, "added process group"),
    ];
    for (names, what) in kinds {
        for name in names {
            if what != "added process group" {
                answer.line(format!("{name}: stopped")).await;
            }
            answer.line(format!("{name}: {what}")).await;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_how_long_as_supervisor_does() {
        for (seconds, text) in [
            (5, "0:00:05"),
            (3_725, "1:02:05"),
            (86_400, "1 day, 0:00:00"),
            (200_000, "2 days, 7:33:20"),
        ] {
            assert_eq!(uptime(Duration::from_secs(seconds)), text);
        }
    }
}
