//! Knows when a typed command has come to its end, and what came of it.
//!
//! The shell's marks say that a prompt is back, with which status, and how many lines the shell has read. When it has read
//! as many as were typed, everything has run. Lines that something else read (`read`, `cat`) never reach that number; then
//! the end is: the shell is at its prompt, blocked reading the terminal, and nothing typed is left unread.

mod watch;

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::terminal::{Activity, Terminal, Waits, typed};
use watch::Watch;

/// What the rest of the page will do with the terminal of a command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LaterUse {
    /// A later action interrupts, answers, or takes the terminal over, so that the command need not end by itself.
    /// Not to be set for a mere further command: that one waits for the prompt.
    pub interrupted_or_used_later: bool,
    /// What the shell waits for the rest of is completed by a later command of the page.
    pub completed_later: bool,
    /// No later action of the page uses this terminal.
    pub last_on_page: bool,
}

/// How long to wait for a command, and when not to.
#[derive(Clone, Copy, Debug)]
pub struct CommandWait {
    /// What the page will do next with this terminal.
    pub later: LaterUse,
    /// The longest wait, from typing (or, in a new terminal, from starting) on.
    pub limit: Duration,
    /// The author said that it is meant to go on.
    pub background: bool,
}

/// What came of a typed command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandEnd {
    /// The shell is back at its prompt and has read everything.
    Ended {
        /// The first exit status that is not 0, or 0.
        exit_code: i32,
        /// Whether that status is the answer to our own interrupt.
        interrupted: bool,
    },
    /// It goes on, and there is a reason not to wait.
    StillRunning {
        /// The reason.
        reason: StillRunning,
    },
    /// It is at work when the time is up.
    TimedOut,
    /// Something else than a shell was in front and got the text.
    TypedIntoProgram,
    /// Something else than a shell was in front, and has not read the text: a server, say.
    NotRead,
    /// The text stands at the shell's prompt, where Enter is still to be pressed.
    Typed,
    /// The terminal's shell has ended.
    Exited {
        /// Its exit status; 128 and the signal's number if a signal ended it.
        status: i32,
    },
}

/// Why a running command is not waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StillRunning {
    /// The author said so.
    Background,
    /// It waits for input from the terminal.
    WaitsForInput,
    /// The shell waits for the rest of the command: a quote, a bracket or a here-document is open, and no later action of the
    /// page closes it.
    Unfinished,
    /// The session listens on a new port.
    ListensOn {
        /// The port.
        port: u16,
    },
    /// A later action will deal with it.
    LaterAction,
    /// It is the page's last command here, and has neither printed nor used CPU for three seconds.
    Silent,
}

/// Types a command and waits for its end.
///
/// Commands for one terminal are typed one after the other. In a new terminal the wait includes the shell's start. While a program is ending (the text before this one told it to),
/// the text waits for the prompt; after two seconds it is typed into the program all the same.
pub async fn run_command(terminal: &Terminal, text: &str, wait: CommandWait) -> CommandEnd {
    run_watched(terminal, text, wait, None).await
}

/// What there is to tell of a command before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meanwhile {
    /// It goes on, and is no reason to wait any longer.
    GoesOn,
    /// The program in front does not read it; it may still be read, by the program or by what comes after it.
    NotRead,
}

/// Told what there is to tell before the end, each once.
pub type GoOn<'a> = &'a (dyn Fn(Meanwhile) + Send + Sync);

/// As [`run_command`]. With `go_on`, a command that may be left running ([`StillRunning::Background`],
/// [`StillRunning::LaterAction`], [`StillRunning::Silent`]), and text that was not read, are told of and watched on to the
/// real end; [`CommandEnd::NotRead`] then says that nobody will read it any more.
pub async fn run_watched(
    terminal: &Terminal,
    text: &str,
    wait: CommandWait,
    go_on: Option<GoOn<'_>>,
) -> CommandEnd {
    let deadline = Instant::now() + wait.limit;
    let Ok(turn) = timeout_at(deadline, terminal.turn()).await else {
        return CommandEnd::TimedOut;
    };
    if let Err(end) = ready(terminal, deadline).await {
        return end;
    }
    watch::settle(terminal, deadline).await;
    let enters = typed(text);
    let lines = enters.strip_suffix('\r').unwrap_or(&enters).split('\r');
    let (mut watch, now) = Watch::start(terminal, lines, wait, deadline).await;
    watch.tell(go_on);
    match now {
        Activity::Exited { .. } => return exit_of(now),
        Activity::AtPrompt {
            shell, line, keys, ..
        } => {
            watch.typed_at(shell, line);
            if keys {
                terminal.put_typing_aside();
            }
        }
        Activity::Continuation => {}
        Activity::Running | Activity::Starting => {
            if !unmarked_shell(terminal).await {
                // One that has asked before asks again when it has done what it was told: a database's client, say.
                let never_asked = terminal
                    .look()
                    .await
                    .is_some_and(|look| look.waits == Waits::No && !terminal.has_asked(look.group));
                terminal.type_command(text);
                drop(turn);
                if !never_asked {
                    return CommandEnd::TypedIntoProgram;
                }
                return match watch::read_by_program(terminal, deadline).await {
                    CommandEnd::NotRead => watch.read_late().await,
                    end => end,
                };
            }
        }
    }
    terminal.type_command_and_see(text).await;
    drop(turn);
    watch.end().await
}

/// Gives text to whatever reads the terminal, and waits until it has made use of it: the prompt is back, or the program asks
/// again. At a prompt the text is only inserted, as pasting does.
pub async fn give_input(
    terminal: &Terminal,
    text: &str,
    enter: bool,
    limit: Duration,
) -> CommandEnd {
    let deadline = Instant::now() + limit;
    let Ok(turn) = timeout_at(deadline, terminal.turn()).await else {
        return CommandEnd::TimedOut;
    };
    if let Err(end) = ready(terminal, deadline).await {
        return end;
    }
    let now = *terminal.activity().borrow();
    match now {
        Activity::Exited { .. } => return exit_of(now),
        Activity::AtPrompt { .. } | Activity::Continuation => {
            terminal.paste(text, enter);
            return CommandEnd::TypedIntoProgram;
        }
        Activity::Running | Activity::Starting => {}
    }
    let wait = CommandWait {
        later: LaterUse::default(),
        limit,
        background: false,
    };
    let (mut watch, _) = Watch::start(terminal, std::iter::empty(), wait, deadline).await;
    terminal.paste(text, enter);
    drop(turn);
    match watch.end().await {
        exited @ CommandEnd::Exited { .. } => exited,
        _ => CommandEnd::TypedIntoProgram,
    }
}

/// Types text that does not end with Enter: there is nothing to wait for but the terminal's start.
pub async fn type_text(terminal: &Terminal, text: &str, limit: Duration) -> CommandEnd {
    let deadline = Instant::now() + limit;
    let _turn = terminal.turn().await;
    if let Err(end) = ready(terminal, deadline).await {
        return end;
    }
    watch::settle(terminal, deadline).await;
    let now = *terminal.activity().borrow();
    if matches!(now, Activity::Exited { .. }) {
        return exit_of(now);
    }
    terminal.type_text(text);
    match now {
        Activity::AtPrompt { .. } | Activity::Continuation => CommandEnd::Typed,
        _ => CommandEnd::TypedIntoProgram,
    }
}

/// Presses Ctrl+C and waits for what it leads to: the prompt, or a program that asks for input again.
pub async fn interrupt(terminal: &Terminal, limit: Duration) -> CommandEnd {
    let deadline = Instant::now() + limit;
    let wait = CommandWait {
        later: LaterUse::default(),
        limit,
        background: false,
    };
    // A shell that is only starting takes it for the end of the line that is typed next.
    let started = deadline.min(Instant::now() + STARTING);
    if let Err(end @ CommandEnd::Exited { .. }) = ready(terminal, started).await {
        return end;
    }
    let now = *terminal.activity().borrow();
    match now {
        Activity::Exited { .. } => return exit_of(now),
        Activity::AtPrompt { .. } => watch::settle(terminal, deadline).await,
        _ => {}
    }
    let (mut watch, _) = Watch::start(terminal, std::iter::empty(), wait, deadline).await;
    terminal.interrupt();
    match watch.end().await {
        // It was the terminal's only program, and did as it was told.
        CommandEnd::Exited {
            status: INTERRUPTED,
        } => CommandEnd::Ended {
            exit_code: INTERRUPTED,
            interrupted: true,
        },
        end => end,
    }
}

/// How long Ctrl+C waits for a shell that is only starting. One whose profile hangs is to be stopped by it.
const STARTING: Duration = Duration::from_secs(10);

/// What the end by Ctrl+C is as an exit status: 128 and SIGINT.
const INTERRUPTED: i32 = 130;

/// Waits until a shell reads what is typed.
async fn ready(terminal: &Terminal, deadline: Instant) -> Result<(), CommandEnd> {
    let mut ready = terminal.ready();
    let mut activity = terminal.activity();
    tokio::select! {
        biased;
        _ = ready.wait_for(|ready| *ready) => Ok(()),
        Ok(exited) = activity.wait_for(|activity| matches!(activity, Activity::Exited { .. })) => Err(exit_of(*exited)),
        () = tokio::time::sleep_until(deadline) => Err(CommandEnd::TimedOut),
    }
}

fn exit_of(activity: Activity) -> CommandEnd {
    match activity {
        Activity::Exited { status } => CommandEnd::Exited { status },
        _ => CommandEnd::TimedOut,
    }
}

/// Whether a shell is in front that has not shown a marked prompt yet: a nested bash at its first one.
async fn unmarked_shell(terminal: &Terminal) -> bool {
    let Some(look) = terminal.look().await else {
        return false;
    };
    let name = std::fs::read_to_string(format!("/proc/{}/comm", look.group)).unwrap_or_default();
    name.trim() == "bash" && look.waits == Waits::Polling && look.unusual_input
}
