//! How programs are doing, as `supervisorctl status` says it.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::io::AsyncWrite;

use super::{STATUS_NOT_RUNNING, STATUS_UNKNOWN, found};
use crate::launch::proc;
use crate::programs::Shared;
use crate::programs::process::Status;
use crate::programs::reply::Answer;
use crate::protocol::ProgramState;

pub(super) async fn status<W: AsyncWrite + Unpin>(
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
        match found(shared, name, answer).await {
            Some(mut found) => shown.append(&mut found),
            None => exit = STATUS_UNKNOWN,
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
