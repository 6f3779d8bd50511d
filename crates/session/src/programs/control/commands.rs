//! The commands that `supervisorctl` knows.

use tokio::io::AsyncWrite;

use super::status::status;
use super::tail::tail;
use super::{GENERIC, INVALID_ARGS, NOT_RUNNING, found, named};
use crate::launch::proc;
use crate::programs::process::Started;
use crate::programs::reply::Answer;
use crate::programs::{Changes, Shared};

/// The release of supervisor whose words these are.
const VERSION: &str = "4.2.5";

const HELP: &str = "default commands (type help <topic>):
=====================================
help  pid  reread  restart  start  status  stop  tail  update  version
";

const NOT_HERE: &str = "ERROR: the session sees to this itself, when it is closed and opened";

/// Answers a question; returns the exit status.
pub(super) async fn answered<W: AsyncWrite + Unpin>(
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

async fn start<W: AsyncWrite + Unpin>(
    shared: &Shared,
    names: &[&str],
    answer: &mut Answer<W>,
) -> u8 {
    let mut exit = 0;
    for name in names {
        let Some(found) = found(shared, name, answer).await else {
            exit = exit.max(GENERIC);
            continue;
        };
        // All of them start before the first is waited for.
        let starts: Vec<_> = found
            .into_iter()
            .map(|process| (process.name.clone(), process.start()))
            .collect();
        for (name, started) in starts {
            let (text, status) = told(started.await.unwrap_or(Started::NotSpawned));
            answer.line(format!("{name}: {text}")).await;
            exit = exit.max(status);
        }
    }
    exit
}

/// What came of a start, and its exit status.
fn told(started: Started) -> (&'static str, u8) {
    match started {
        Started::Running => ("started", 0),
        Started::Already => ("ERROR (already started)", 0),
        Started::NoFile => ("ERROR (no such file)", GENERIC),
        Started::NotExecutable => ("ERROR (file is not executable)", GENERIC),
        Started::NotSpawned => ("ERROR (spawn error)", NOT_RUNNING),
        Started::EndedTooSoon | Started::Stopped => ("ERROR (abnormal termination)", NOT_RUNNING),
    }
}

async fn stop<W: AsyncWrite + Unpin>(
    shared: &Shared,
    names: &[&str],
    answer: &mut Answer<W>,
) -> u8 {
    let mut exit = 0;
    for name in names {
        let Some(found) = found(shared, name, answer).await else {
            exit = GENERIC;
            continue;
        };
        // In the reverse order of starting.
        for process in found.into_iter().rev() {
            let text = if process.stop().await {
                "stopped"
            } else {
                "ERROR (not running)"
            };
            answer.line(format!("{}: {text}", process.name)).await;
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
