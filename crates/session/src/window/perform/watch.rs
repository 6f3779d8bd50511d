//! The end of a command that an action has typed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use atelier_content::ActionId;

use crate::command_end::{CommandEnd, CommandWait, LaterUse, StillRunning};
use crate::perform::{News, Tell, Typed, Typing};
use crate::play::{TYPED, not_read};
use crate::protocol::{ActionStatus, ActionUpdate, Event};
use crate::session::Named;
use crate::window::open::OpenSession;

/// A learner may leave a command running for as long as the session lives.
pub(in crate::window) const NO_LIMIT: Duration = Duration::from_secs(365 * 24 * 3600);

impl OpenSession {
    /// Whether a command of the action runs in a terminal.
    pub(in crate::window) fn is_in_a_terminal(&self, id: &ActionId) -> bool {
        lock(&self.typed).contains_key(id)
    }

    /// Tells the end of a command when it comes, and before that when it is no reason to wait any longer.
    pub(super) fn watch(&self, named: &Named, later: LaterUse, background: bool, typing: Typing) {
        let (session, events, named) = (
            Arc::clone(&self.session),
            Arc::clone(&self.events),
            named.clone(),
        );
        let started = Instant::now();
        let wait = CommandWait {
            later,
            limit: NO_LIMIT,
            background,
        };
        let tell: Arc<Tell> = {
            let (session, events) = (Arc::clone(&session), Arc::clone(&events));
            let named = named.clone();
            Arc::new(move |news| {
                let update = match news {
                    News::GoesOn => going_on(started.elapsed()),
                    News::NotRead(terminal) => {
                        let update = unread(&terminal, started.elapsed());
                        // As at its end.
                        let _ = session.record_end(&named, update.clone());
                        update
                    }
                };
                session.under_name(&named, |now| {
                    let Some(id) = now else { return };
                    events(Event::ActionUpdated {
                        action: id.to_string(),
                        update,
                    });
                });
            })
        };
        let typed_into = Arc::clone(&self.typed);
        session.under_name(&named, |now| {
            now.map(|id| *lock(&typed_into).entry(id).or_default() += 1)
        });
        let mut run = Box::pin(async move {
            let typed = typing.run_watched(wait, Some(tell)).await;
            let update = update_of(&typed, started.elapsed());
            // A closed session has no journal any more; the learner sees the end of the command in any case.
            let _ = session.record_end(&named, update.clone());
            session.under_name(&named, |now| {
                let Some(id) = now else { return };
                one_less(&typed_into, &id);
                events(Event::ActionUpdated {
                    action: id.to_string(),
                    update,
                });
            });
        });
        // It stands in its terminal's queue before anything else is clicked; a task of its own may begin later than the next one.
        let mut now = Context::from_waker(Waker::noop());
        if run.as_mut().poll(&mut now).is_pending() {
            self.tasks.spawn(run);
        }
    }
}

/// How an action stands whose command goes on, and need not be waited for.
fn going_on(took: Duration) -> ActionUpdate {
    ActionUpdate {
        status: ActionStatus::Running,
        message: None,
        exit_code: None,
        millis: Some(took.as_millis() as u64),
        output: None,
    }
}

/// How an action stands whose text is not read.
fn unread(terminal: &str, took: Duration) -> ActionUpdate {
    ActionUpdate {
        status: ActionStatus::Warned,
        message: Some(not_read(terminal)),
        ..going_on(took)
    }
}

fn one_less(typed: &Mutex<HashMap<ActionId, usize>>, id: &ActionId) {
    let mut typed = lock(typed);
    if let Some(count) = typed.get_mut(id) {
        *count -= 1;
        if *count == 0 {
            typed.remove(id);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Several terminals are as good as the worst of them.
fn update_of(typed: &[Typed], took: Duration) -> ActionUpdate {
    let mut update = ActionUpdate {
        status: ActionStatus::Done,
        message: None,
        exit_code: None,
        millis: Some(took.as_millis() as u64),
        output: None,
    };
    for typed in typed {
        match typed.end {
            CommandEnd::Ended {
                exit_code,
                interrupted,
            } => {
                update.exit_code = update
                    .exit_code
                    .filter(|code| *code != 0)
                    .or(Some(exit_code));
                if interrupted {
                    note(&mut update, "interrupted".to_owned());
                } else if exit_code != 0 {
                    update.status = ActionStatus::Failed;
                    update.message = Some(format!(
                        "the command ended with exit status {exit_code}; see {}",
                        typed.terminal
                    ));
                }
            }
            CommandEnd::StillRunning { reason } => note(&mut update, still_running(reason)),
            CommandEnd::TypedIntoProgram => note(
                &mut update,
                "typed into the program that runs there".to_owned(),
            ),
            CommandEnd::NotRead if update.status != ActionStatus::Failed => {
                update.status = ActionStatus::Warned;
                update.message = Some(not_read(&typed.terminal));
            }
            // What is worse is told already.
            CommandEnd::NotRead => {}
            CommandEnd::Typed => note(&mut update, TYPED.to_owned()),
            CommandEnd::TimedOut => note(&mut update, "still running".to_owned()),
            CommandEnd::Exited { .. } => note(
                &mut update,
                format!("the shell of {} has ended", typed.terminal),
            ),
        }
    }
    update
}

/// Says how one terminal stands, unless there is worse to tell of another one.
fn note(update: &mut ActionUpdate, message: String) {
    if update.status == ActionStatus::Done {
        update.message = Some(message);
    }
}

fn still_running(reason: StillRunning) -> String {
    match reason {
        StillRunning::WaitsForInput => "running; it waits for input".to_owned(),
        StillRunning::Unfinished => "the shell waits for the rest of the command".to_owned(),
        StillRunning::ListensOn { port } => format!("running; it listens on :{port}"),
        StillRunning::Background | StillRunning::LaterAction | StillRunning::Silent => {
            "running".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_of_several_terminals_is_told() {
        let failed = CommandEnd::Ended {
            exit_code: 2,
            interrupted: false,
        };
        let passed = CommandEnd::Ended {
            exit_code: 0,
            interrupted: false,
        };
        let still = CommandEnd::StillRunning {
            reason: StillRunning::Silent,
        };
        for (ends, status, message) in [
            (
                vec![failed, CommandEnd::NotRead],
                ActionStatus::Failed,
                Some("the command ended with exit status 2"),
            ),
            (
                vec![failed, still],
                ActionStatus::Failed,
                Some("the command ended with exit status 2"),
            ),
            (
                vec![CommandEnd::NotRead, still],
                ActionStatus::Warned,
                Some("the program that runs in terminal 1 does not read"),
            ),
            (
                vec![CommandEnd::NotRead, failed],
                ActionStatus::Failed,
                Some("the command ended with exit status 2"),
            ),
            (vec![passed, still], ActionStatus::Done, Some("running")),
            (vec![passed, passed], ActionStatus::Done, None),
        ] {
            let typed: Vec<_> = ends
                .iter()
                .zip(1..)
                .map(|(end, number)| Typed {
                    terminal: format!("terminal {number}"),
                    end: *end,
                    output: String::new(),
                })
                .collect();
            let update = update_of(&typed, Duration::ZERO);
            assert_eq!(update.status, status, "{ends:?}");
            let begin = update.message.as_deref();
            assert!(
                match (begin, message) {
                    (Some(told), Some(message)) => told.starts_with(message),
                    (told, message) => told == message,
                },
                "{ends:?}: {begin:?}"
            );
        }
    }
}
