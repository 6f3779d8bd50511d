//! What the end of typed text means for the row of its action.

use std::time::Duration;

use super::action::Done;
use super::report::Status;
use crate::command_end::{CommandEnd, StillRunning};
use crate::perform::Typed;

/// How much of an action's output a row keeps, in bytes.
const KEPT: usize = 4 * 1024;

/// What is said of text that stands at a prompt.
pub(crate) const TYPED: &str = "typed; Enter is still to be pressed";

/// A run of several terminals is as good as its worst.
pub(super) fn judge_typing(typed: &[Typed], limit: Duration, done: &mut Done) {
    let outputs: Vec<_> = typed
        .iter()
        .map(|typed| typed.output.as_str())
        .filter(|output| !output.is_empty())
        .collect();
    done.output = Some(tail(&outputs.join("\n"))).filter(|output| !output.trim().is_empty());
    for typed in typed {
        let terminal = &typed.terminal;
        match typed.end {
            CommandEnd::Ended {
                exit_code,
                interrupted,
            } => {
                done.exit_code = done.exit_code.filter(|code| *code != 0).or(Some(exit_code));
                if exit_code != 0 && !interrupted {
                    done.fail(format!(
                        "the command in {terminal} ended with exit status {exit_code}"
                    ));
                }
            }
            CommandEnd::StillRunning {
                reason: StillRunning::Unfinished,
            } => warn(
                done,
                format!(
                    "the shell of {terminal} waits for the rest of this command: a quote, a bracket or a here-document is not closed"
                ),
            ),
            CommandEnd::StillRunning { reason } => note(done, still_running(reason)),
            CommandEnd::NotRead => warn(done, not_read(terminal)),
            CommandEnd::TypedIntoProgram => {
                note(done, "typed into the program that runs there".to_owned())
            }
            CommandEnd::Typed => note(done, TYPED.to_owned()),
            CommandEnd::TimedOut => done.fail(format!(
                "still running after {} s; say `test: {{background: true}}` if that is meant",
                limit.as_secs_f64()
            )),
            CommandEnd::Exited { status } => {
                done.exit_code = Some(status);
                match status {
                    0 => note(done, format!("the shell of {terminal} has ended")),
                    _ => done.fail(format!(
                        "the shell of {terminal} ended with exit status {status}"
                    )),
                }
            }
        }
    }
}

fn still_running(reason: StillRunning) -> String {
    match reason {
        StillRunning::Background | StillRunning::LaterAction | StillRunning::Silent => {
            "still running".to_owned()
        }
        StillRunning::WaitsForInput | StillRunning::Unfinished => {
            "still running; it waits for input".to_owned()
        }
        StillRunning::ListensOn { port } => format!("still running; it listens on port {port}"),
    }
}

/// What is said of text that a program does not read.
pub(crate) fn not_read(terminal: &str) -> String {
    format!(
        "the program that runs in {terminal} does not read what is typed; wait until it ends, end it first (Ctrl+C), or use another terminal"
    )
}

fn warn(done: &mut Done, message: String) {
    if done.status != Status::Failed {
        done.status = Status::Warned;
        done.message = Some(message);
    }
}

fn note(done: &mut Done, message: String) {
    if !matches!(done.status, Status::Failed | Status::Warned) {
        done.message = Some(message);
    }
}

/// The last 4 KiB of a text.
pub(super) fn tail(text: &str) -> String {
    let mut start = text.len().saturating_sub(KEPT);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    text[start..].to_owned()
}
