//! A click in the window.

use std::sync::Arc;
use std::time::{Duration, Instant};

use atelier_content::ActionId;
use atelier_content::lifecycle::Following;

use super::open::OpenSession;
use super::views::is_end_mark;
use crate::command_end::{CommandEnd, CommandWait, LaterUse, StillRunning};
use crate::error::SessionError;
use crate::events::EventSink;
use crate::journal::Entry;
use crate::perform::{Effect, OpenText, Typed, Typing};
use crate::protocol::{
    self, ActionInput, ActionResult, ActionStatus, ActionUpdate, Event, NextAction, edit_view,
};
use crate::session::Session;

/// A learner may leave a command running for as long as the session lives.
pub(super) const NO_LIMIT: Duration = Duration::from_secs(365 * 24 * 3600);

impl OpenSession {
    /// Performs an action of the shown page.
    ///
    /// # Errors
    /// When there is no such action, or the journal cannot be written: then nothing counts as done.
    pub async fn perform(
        &self,
        id: &str,
        input: ActionInput,
    ) -> Result<ActionResult, SessionError> {
        let id: ActionId = id
            .parse()
            .map_err(|_| SessionError::UnknownAction(id.to_owned()))?;
        let action = self.session.action(&id)?;
        if let Some(event) = &action.options.event {
            self.session.record(Entry::Event {
                action: id.to_string(),
                event: event.clone(),
            })?;
        }
        let started = Instant::now();
        let cancel = self.session.page_left();
        self.lock_running().insert(id.clone(), cancel.clone());
        let buffer = input.buffer.map(OpenText::from);
        let text = buffer
            .as_ref()
            .map(|buffer| buffer.text.clone())
            .unwrap_or_default();
        let performed = self.session.act(&action, buffer, &cancel).await;
        self.lock_running().remove(&id);

        let outcome = performed.outcome;
        let running = performed.typing.is_some();
        let status = match (outcome.succeeded, outcome.is_warned(), running) {
            (false, _, _) => ActionStatus::Failed,
            (true, true, _) => ActionStatus::Warned,
            (true, false, true) => ActionStatus::Running,
            (true, false, false) => ActionStatus::Done,
        };
        // A check that was called off, or whose page was left, has no verdict that could be kept.
        let called_off = cancel.is_cancelled() && !outcome.succeeded;
        if !called_off && !is_end_mark(&action) {
            let update = ActionUpdate {
                status,
                message: outcome.message.clone(),
                exit_code: None,
                millis: (!running).then(|| started.elapsed().as_millis() as u64),
                output: outcome.output.clone(),
            };
            self.session.record_action(&id, update)?;
        }
        if let Some(typing) = performed.typing {
            self.watch(&id, typing);
        }
        let following = if outcome.succeeded {
            self.session.follow(&id)?
        } else {
            Following::default()
        };
        let effects = outcome
            .effects
            .iter()
            .map(|effect| self.effect(effect, &text))
            .collect();
        let outcome = if outcome.succeeded {
            protocol::Outcome::Succeeded {
                effects,
                warning: outcome.message,
                output: outcome.output,
                running,
            }
        } else {
            let message = outcome
                .message
                .unwrap_or_else(|| "it did not work".to_owned());
            protocol::Outcome::Failed {
                message,
                output: outcome.output,
                effects,
            }
        };
        let sections = following
            .sections_changed
            .then(|| self.session.section_states(&id.page));
        Ok(ActionResult {
            outcome,
            next: next_actions(&id, &following),
            sections,
        })
    }

    /// Ends a check that runs or is tried again.
    pub fn cancel(&self, id: &str) {
        if let Some(cancel) = id
            .parse()
            .ok()
            .and_then(|id: ActionId| self.lock_running().get(&id).cloned())
        {
            cancel.cancel();
        }
    }

    /// Tells the end of a command when it comes.
    fn watch(&self, id: &ActionId, typing: Typing) {
        let (session, events, id) = (
            Arc::clone(&self.session),
            Arc::clone(&self.events),
            id.clone(),
        );
        let started = Instant::now();
        self.tasks.spawn(async move {
            let wait = CommandWait {
                later: LaterUse::default(),
                limit: NO_LIMIT,
                background: false,
            };
            let typed = typing.run(wait).await;
            let update = update_of(&typed, started.elapsed());
            tell(&session, &events, &id, update);
        });
    }

    pub(super) fn effect(&self, effect: &Effect, text: &str) -> protocol::Effect {
        let display = |path| self.session.folders().display(path);
        match effect.clone() {
            Effect::ShowDashboard { id } => protocol::Effect::ShowDashboard { id },
            Effect::ReloadDashboard { id } => protocol::Effect::ReloadDashboard { id },
            Effect::FocusTerminal { name } => protocol::Effect::FocusTerminal { name },
            Effect::OpenDocument { path, line } => protocol::Effect::OpenDocument {
                path: display(&path),
                line: line.map(|line| line.saturating_add(1)),
            },
            Effect::ApplyEdit {
                path,
                edit,
                create,
                save,
            } => protocol::Effect::ApplyEdit {
                path: display(&path),
                edit: edit_view(&edit, text),
                create,
                save,
            },
            Effect::CopyText { text } => protocol::Effect::CopyText { text },
            Effect::OpenUrl { url } => protocol::Effect::OpenUrl { url },
            Effect::Finish => protocol::Effect::Finish,
            Effect::LeaveSession => protocol::Effect::LeaveSession,
        }
    }
}

fn next_actions(id: &ActionId, following: &Following) -> Vec<NextAction> {
    let name = |index: usize| {
        ActionId {
            page: id.page.clone(),
            index,
        }
        .to_string()
    };
    let autostart = following.autostart.iter().map(|index| NextAction {
        action: name(*index),
        after: 0,
        cascade: false,
    });
    let cascade = following.cascade.iter().map(|(index, pause)| NextAction {
        action: name(*index),
        after: pause.as_millis() as u64,
        cascade: true,
    });
    autostart.chain(cascade).collect()
}

fn tell(session: &Session, events: &EventSink, id: &ActionId, update: ActionUpdate) {
    // A closed session has no journal any more; the learner sees the end of the command in any case.
    let _ = session.record_action(id, update.clone());
    events(Event::ActionUpdated {
        action: id.to_string(),
        update,
    });
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
                    update.message = Some("interrupted".to_owned());
                } else if exit_code != 0 {
                    update.status = ActionStatus::Failed;
                    update.message = Some(format!(
                        "the command ended with exit status {exit_code}; see terminal {}",
                        typed.terminal
                    ));
                }
            }
            CommandEnd::StillRunning { reason } => update.message = Some(still_running(reason)),
            CommandEnd::TypedIntoProgram => {
                update.message = Some("typed into the program that runs there".to_owned())
            }
            CommandEnd::TimedOut => update.message = Some("still running".to_owned()),
            CommandEnd::Exited { .. } => {
                update.message = Some(format!(
                    "the shell of terminal {} has ended",
                    typed.terminal
                ))
            }
        }
    }
    update
}

fn still_running(reason: StillRunning) -> String {
    match reason {
        StillRunning::WaitsForInput => "running; it waits for input".to_owned(),
        StillRunning::ListensOn { port } => format!("running; it listens on :{port}"),
        StillRunning::Background | StillRunning::LaterAction | StillRunning::Silent => {
            "running".to_owned()
        }
    }
}
