//! A click in the window.

mod effect;
mod watch;

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Instant;

use atelier_content::ActionId;
use atelier_content::action::{Action, PageAction};
use atelier_content::lifecycle::Following;
use tokio_util::sync::CancellationToken;

use super::open::OpenSession;
use super::transfer::{Dialogs, Transfer};
use super::views::is_end_mark;
use crate::error::SessionError;
use crate::examiner::Progress;
use crate::later_use::later_use;
use crate::perform::{OpenText, Outcome, Performed, Request, upload_of};
use crate::protocol::{
    self, ActionInput, ActionResult, ActionStatus, ActionUpdate, Event, FieldProblem, NextAction,
    SectionState,
};
use crate::session::Named;

pub(super) use self::watch::NO_LIMIT;

/// A click that is being performed.
struct Click {
    /// The action's name, whatever becomes of its page meanwhile.
    named: Named,
    action: PageAction,
    /// Of the document that came with the click.
    text: String,
    started: Instant,
    cancel: CancellationToken,
}

impl OpenSession {
    /// Performs an action of the shown page, as soon as the session is ready.
    ///
    /// # Errors
    /// When there is no such action, or the journal cannot be written: then nothing counts as done.
    pub async fn perform(
        &self,
        id: &str,
        input: ActionInput,
        dialogs: &impl Dialogs,
    ) -> Result<ActionResult, SessionError> {
        let id: ActionId = id
            .parse()
            .map_err(|_| SessionError::UnknownAction(id.to_owned()))?;
        // Who comes first types first, however long all of them wait.
        let turn = self.turn.lock().await;
        let waits = !self.session.is_ready();
        let named = self.session.named(&id, input.revision)?;
        let meant = self.session.action(&id)?;
        self.session.until_ready().await?;
        self.starts.files_read().await;
        let (id, action) = self.meant(&named, &meant, waits)?;
        if let Some(question) = self.question(&action, input.agreed.as_deref())? {
            return Ok(self.not_begun(&id, question.asked()));
        }
        self.session.record_event(&id, &action)?;
        if let Some(values) = &input.form {
            self.keep_form(&id, &action, values)?;
        }
        let click = Click {
            named,
            action,
            text: input
                .buffer
                .as_ref()
                .map(|buffer| buffer.text.clone())
                .unwrap_or_default(),
            started: Instant::now(),
            cancel: self.session.page_left(),
        };
        self.session.under_name(&click.named, |now| {
            now.map(|id| self.lock_running().insert(id, click.cancel.clone()))
        });
        let performed = self.carry_out(&id, &click, input, dialogs, turn).await;
        self.session.under_name(&click.named, |now| {
            now.and_then(|id| self.lock_running().remove(&id))
        });
        match performed {
            Transfer::Done(performed) => self.answer(id, &click, performed),
            Transfer::Dismissed(message) => {
                Ok(self.not_begun(&id, protocol::Outcome::Dismissed { message }))
            }
        }
    }

    /// Does what the action says, up to the point where a command has been typed. The turn is over as soon as it waits for
    /// something.
    async fn carry_out(
        &self,
        id: &ActionId,
        click: &Click,
        input: ActionInput,
        dialogs: &impl Dialogs,
        turn: tokio::sync::MutexGuard<'_, ()>,
    ) -> Transfer {
        let progress = self.progress_of(&click.named);
        let request = Request {
            form: input.form.as_ref(),
            progress: Some(&progress),
            cancel: &click.cancel,
        };
        let buffer = input.buffer.map(OpenText::from);
        let performing = async {
            match upload_of(&click.action) {
                Some((upload, _)) => {
                    self.upload(upload, input.drop, dialogs, &click.cancel)
                        .await
                }
                None => Transfer::Done(self.session.act(&click.action, buffer, request).await),
            }
        };
        let mut performing = pin!(performing);
        // Until it waits for something it is the only one: a terminal's next turn is its own then.
        let begun = poll_fn(|context| Poll::Ready(performing.as_mut().poll(context))).await;
        drop(turn);
        let performed = match begun {
            Poll::Ready(performed) => performed,
            Poll::Pending => performing.await,
        };
        self.show_preview(id, &performed);
        match performed {
            Transfer::Done(performed) => self.save_file(performed, dialogs).await,
            dismissed => dismissed,
        }
    }

    /// Keeps what came of a click, has its command watched, and tells what the window does next.
    fn answer(
        &self,
        id: ActionId,
        click: &Click,
        performed: Performed,
    ) -> Result<ActionResult, SessionError> {
        let Performed { outcome, typing } = performed;
        let running = typing.is_some();
        self.keep(click, &outcome, running)?;
        if let Some(typing) = typing {
            let later = self.session.under_name(&click.named, |now| {
                let id = now?;
                Some(later_use(&*self.session.page(&id.page).ok()?, id.index))
            });
            let background = click.action.options.test.background;
            // What was clicked is typed, also when its step has gone from its page meanwhile.
            self.watch(&click.named, later.unwrap_or_default(), background, typing);
        }
        let known = |now: Option<(ActionId, u32)>| {
            let Some((now, revision)) = now else {
                return Ok::<_, SessionError>(None);
            };
            let following = match outcome.succeeded {
                true => self.session.follow(&now)?,
                false => Following::default(),
            };
            let sections = self.sections_after(&now, &following);
            Ok(Some((next_actions(&now, &following), sections, revision)))
        };
        let known = self.session.under_name_and_revision(&click.named, known)?;
        // Nothing follows from a step that has gone from its page meanwhile.
        let (next, sections, revision) =
            known.unwrap_or_else(|| (Vec::new(), None, self.session.page_revision(&id.page)));
        let wrong = outcome.wrong_values.iter();
        let wrong_fields = wrong
            .map(|wrong| FieldProblem {
                id: wrong.id.clone(),
                message: wrong.message.clone(),
            })
            .collect();
        Ok(ActionResult {
            outcome: self.told(outcome, &click.text, running),
            sections,
            next,
            revision,
            wrong_fields,
        })
    }

    /// Keeps how an action stands after the click.
    fn keep(&self, click: &Click, outcome: &Outcome, running: bool) -> Result<(), SessionError> {
        // A check that was called off, or whose page was left, has no verdict that could be kept.
        let called_off = click.cancel.is_cancelled() && !outcome.succeeded;
        let not_begun = !outcome.wrong_values.is_empty();
        if called_off || not_begun || is_end_mark(&click.action) {
            return Ok(());
        }
        let status = match (outcome.succeeded, outcome.is_warned(), running) {
            (false, _, _) => ActionStatus::Failed,
            (true, true, _) => ActionStatus::Warned,
            (true, false, true) => ActionStatus::Running,
            (true, false, false) => ActionStatus::Done,
        };
        // How long somebody looked for a file is nobody's business.
        let is_timed = !running && !matches!(click.action.action, Ok(Action::Files(_)));
        let update = ActionUpdate {
            status,
            message: outcome.message.clone(),
            exit_code: None,
            millis: is_timed.then(|| click.started.elapsed().as_millis() as u64),
            output: outcome.output.clone(),
        };
        self.session.record_end(&click.named, update)
    }

    /// What came of it in the protocol's words; `text` is that of the document that came with the click.
    fn told(&self, outcome: Outcome, text: &str, running: bool) -> protocol::Outcome {
        let effects = outcome.effects.iter();
        let effects = effects
            .filter_map(|effect| self.effect(effect, text))
            .collect();
        if outcome.succeeded {
            protocol::Outcome::Succeeded {
                effects,
                warning: outcome.message,
                output: outcome.output,
                running,
            }
        } else {
            let message = outcome.message;
            protocol::Outcome::Failed {
                message: message.unwrap_or_else(|| "it did not work".to_owned()),
                output: outcome.output,
                effects,
            }
        }
    }

    /// The sections as they are now, where what followed has changed them.
    fn sections_after(&self, id: &ActionId, following: &Following) -> Option<Vec<SectionState>> {
        following
            .sections_changed
            .then(|| self.session.section_states(&id.page))
    }

    /// The action that was clicked, under its name now, if it still does what it did when it was clicked.
    fn meant(
        &self,
        named: &Named,
        meant: &PageAction,
        waited: bool,
    ) -> Result<(ActionId, PageAction), SessionError> {
        let found = self.session.under_name(named, |now| {
            now.map(|id| self.session.action(&id).map(|action| (id, action)))
        });
        let (id, action) = found.ok_or(SessionError::PageChanged)??;
        let is_same = meant.kind == action.kind && meant.action == action.action;
        // What set-up has left may show other steps: this would be one that nobody has clicked.
        let in_place = meant.kind == action.kind && meant.span == action.span;
        if is_same || (waited && in_place) {
            Ok((id, action))
        } else if waited {
            Err(SessionError::UnknownAction(id.to_string()))
        } else {
            Err(SessionError::PageChanged)
        }
    }

    /// The window could not do what an action asks of it: what was planned has not come about.
    ///
    /// # Errors
    /// When there is no such action, or the journal cannot be written.
    pub fn action_failed(
        &self,
        id: &str,
        seen: Option<u32>,
        message: String,
    ) -> Result<(), SessionError> {
        let named = self.seen(id, seen)?;
        let update = ActionUpdate {
            status: ActionStatus::Failed,
            message: Some(message),
            exit_code: None,
            millis: None,
            output: None,
        };
        self.session.record_end(&named, update)
    }

    /// The action that somebody meant who had this version of its page before them. What was done to it is done to it, wherever
    /// it is now.
    pub(super) fn seen(&self, id: &str, seen: Option<u32>) -> Result<Named, SessionError> {
        let unknown = || SessionError::UnknownAction(id.to_owned());
        let named = self
            .session
            .named_then(&id.parse().map_err(|_| unknown())?, seen);
        self.session.under_name(&named, |now| {
            now.map_or(Ok(()), |id| self.session.action(&id).map(drop))
        })?;
        Ok(named)
    }

    /// The learner goes on although a check has not passed: it counts as passed over, and what would follow it follows.
    ///
    /// # Errors
    /// When there is no such check, its page has changed since the learner saw it, or the journal cannot be written.
    pub fn skip(&self, id: &str, seen: Option<u32>) -> Result<ActionResult, SessionError> {
        let unknown = || SessionError::UnknownAction(id.to_owned());
        let named = self
            .session
            .named(&id.parse().map_err(|_| unknown())?, seen)?;
        let passed_over = |now: Option<(ActionId, u32)>| {
            let (id, revision) = now.ok_or(SessionError::PageChanged)?;
            let following = self.pass_over(&id)?;
            let sections = self.sections_after(&id, &following);
            Ok::<_, SessionError>((next_actions(&id, &following), sections, revision))
        };
        let (next, sections, revision) =
            self.session.under_name_and_revision(&named, passed_over)?;
        Ok(ActionResult {
            outcome: protocol::Outcome::Succeeded {
                effects: Vec::new(),
                warning: None,
                output: None,
                running: false,
            },
            sections,
            next,
            revision,
            wrong_fields: Vec::new(),
        })
    }

    fn pass_over(&self, id: &ActionId) -> Result<Following, SessionError> {
        let unknown = || SessionError::UnknownAction(id.to_string());
        if !matches!(self.session.action(id)?.action, Ok(Action::Examiner(_))) {
            return Err(unknown());
        }
        let update = ActionUpdate {
            status: ActionStatus::Skipped,
            message: None,
            exit_code: None,
            millis: None,
            output: None,
        };
        self.session.record_action(id, update)?;
        self.session.follow(id)
    }

    /// Tells how far a check is that is tried again.
    fn progress_of(&self, named: &Named) -> impl Fn(Progress) + Send + Sync + use<> {
        let (session, events) = (Arc::clone(&self.session), Arc::clone(&self.events));
        let named = named.clone();
        move |progress| {
            session.under_name(&named, |now| {
                let Some(id) = now else { return };
                events(Event::CheckTried {
                    action: id.to_string(),
                    attempt: progress.attempt,
                    attempts: progress.of,
                    wait: progress.wait.map(|wait| wait.as_millis() as u64),
                });
            });
        }
    }

    /// Ends a check that runs or is tried again; `seen` is the version of the page on which it was seen.
    pub fn cancel(&self, id: &str, seen: Option<u32>) {
        let Ok(id) = id.parse() else { return };
        let named = self.session.named_then(&id, seen);
        let cancel = self.session.under_name(&named, |now| {
            now.and_then(|id| self.lock_running().get(&id).cloned())
        });
        if let Some(cancel) = cancel {
            cancel.cancel();
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
