//! What a learner reads of a program's state.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use super::log::Log;

/// How long a quoted line may be, in characters.
const QUOTED: usize = 200;

/// A few words as a sentence.
pub(super) fn sentence(words: &str) -> String {
    let mut chars = words.trim_end_matches('.').chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), chars.as_str())
}

pub(super) fn not_found(program: &str) -> String {
    format!(
        "The command {program} is not on this computer. Install it, then start the program again."
    )
}

pub(super) fn not_executable(program: &str) -> String {
    format!("The command {program} may not be run: its file is not executable.")
}

pub(super) fn too_soon(ended: Option<ExitStatus>, seconds: u32, last: Option<String>) -> String {
    let within = if seconds == 1 {
        "a second"
    } else {
        &format!("{seconds} seconds")
    };
    format!(
        "It {} within {within} of its start{}",
        how(ended),
        quoted(last)
    )
}

pub(super) fn ended(ended: Option<ExitStatus>, last: Option<String>) -> String {
    format!("It {}{}", how(ended), quoted(last))
}

pub(super) fn again(message: &str, failures: u32) -> String {
    let wait = if failures == 1 {
        "1 second"
    } else {
        &format!("{failures} seconds")
    };
    format!("{message} It is tried again after {wait}.")
}

pub(super) fn given_up(failures: u32, message: &str) -> String {
    let times = if failures == 1 {
        "once"
    } else {
        &format!("{failures} times")
    };
    format!("{message} It was tried {times} and is not tried again.")
}

fn how(ended: Option<ExitStatus>) -> String {
    match ended.map(|status| (status.code(), status.signal())) {
        Some((Some(code), _)) => format!("ended with exit status {code}"),
        Some((_, Some(signal))) => format!("was ended by signal {signal}"),
        _ => "ended".to_owned(),
    }
}

fn quoted(last: Option<String>) -> String {
    last.map_or_else(
        || ".".to_owned(),
        |line| format!(". Its last line: “{line}”."),
    )
}

/// The last line that says anything of what was printed since the log was as long as `since`.
pub(super) fn last_line(log: &Log, since: u64) -> Option<String> {
    let tail = log.since(since);
    let text = String::from_utf8_lossy(&tail);
    let line = text
        .lines()
        .rev()
        .map(str::trim)
        .find(|line| !line.is_empty())?;
    let printable = line.chars().filter(|c| !c.is_control());
    Some(printable.take(QUOTED).collect())
}
