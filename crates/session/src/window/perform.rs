//! A click in the window.

use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use atelier_content::ActionId;
use atelier_content::action::{Action, PageAction};
use atelier_content::lifecycle::Following;

use super::open::OpenSession;
use super::transfer::{Dialogs, Transfer};
use super::views::is_end_mark;
use crate::command_end::{CommandEnd, CommandWait, LaterUse, StillRunning};
use crate::error::SessionError;
use crate::examiner::Progress;
use crate::later_use::later_use;
use crate::perform::{Effect, GoOn, OpenText, Request, Typed, Typing, upload_of};
use crate::play::TYPED;
use crate::protocol::{
    self, ActionInput, ActionResult, ActionStatus, ActionUpdate, Event, FieldProblem, NextAction,
    edit_view,
};
use crate::session::Named;

/// A learner may leave a command running for as long as the session lives.
pub(super) const NO_LIMIT: Duration = Duration::from_secs(365 * 24 * 3600);

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
        self.session.record_event(&id, &action)?;
        if let Some(values) = &input.form {
            self.keep_form(&id, &action, values)?;
        }
        let started = Instant::now();
        let cancel = self.session.page_left();
        self.session.under_name(&named, |now| {
            now.map(|id| self.lock_running().insert(id, cancel.clone()))
        });
        let buffer = input.buffer.map(OpenText::from);
        let text = buffer
            .as_ref()
            .map(|buffer| buffer.text.clone())
            .unwrap_or_default();
        let progress = self.progress_of(&named);
        let request = Request {
            form: input.form.as_ref(),
            progress: Some(&progress),
            cancel: &cancel,
        };
        let performing = async {
            match upload_of(&action) {
                Some((upload, _)) => self.upload(upload, input.drop, dialogs, &cancel).await,
                None => Transfer::Done(self.session.act(&action, buffer, request).await),
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
        self.show_preview(&id, &performed);
        let performed = match performed {
            Transfer::Done(performed) => self.save_file(performed, dialogs).await,
            dismissed => dismissed,
        };
        self.session.under_name(&named, |now| {
            now.and_then(|id| self.lock_running().remove(&id))
        });
        let performed = match performed {
            Transfer::Done(performed) => performed,
            Transfer::Dismissed(message) => {
                return Ok(ActionResult {
                    outcome: protocol::Outcome::Dismissed { message },
                    next: Vec::new(),
                    sections: None,
                    revision: self.session.page_revision(&id.page),
                    wrong_fields: Vec::new(),
                });
            }
        };

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
        let not_begun = !outcome.wrong_values.is_empty();
        if !called_off && !not_begun && !is_end_mark(&action) {
            let update = ActionUpdate {
                status,
                message: outcome.message.clone(),
                exit_code: None,
                // How long somebody looked for a file is nobody's business.
                millis: (!running && !matches!(action.action, Ok(Action::Files(_))))
                    .then(|| started.elapsed().as_millis() as u64),
                output: outcome.output.clone(),
            };
            self.session.record_end(&named, update)?;
        }
        if let Some(typing) = performed.typing {
            let later = self.session.under_name(&named, |now| {
                let id = now?;
                Some(later_use(&*self.session.page(&id.page).ok()?, id.index))
            });
            // A command whose step is gone from its page goes on by itself.
            if let Some(later) = later {
                self.watch(&named, later, action.options.test.background, typing);
            }
        }
        let (id, following) = self.session.under_name(&named, |now| match now {
            Some(now) if outcome.succeeded => {
                let following = self.session.follow(&now)?;
                Ok::<_, SessionError>((now, following))
            }
            // Nothing follows from a step that has gone from its page meanwhile.
            now => Ok((now.unwrap_or(id), Following::default())),
        })?;
        let revision = self.session.page_revision(&id.page);
        let effects = outcome
            .effects
            .iter()
            .filter_map(|effect| self.effect(effect, &text))
            .collect();
        let wrong = outcome.wrong_values.iter();
        let wrong_fields = wrong
            .map(|wrong| FieldProblem {
                id: wrong.id.clone(),
                message: wrong.message.clone(),
            })
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
            revision,
            wrong_fields,
        })
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
        let (id, following) = self.session.under_name(&named, |now| {
            self.pass_over(now.ok_or(SessionError::PageChanged)?)
        })?;
        let sections = following
            .sections_changed
            .then(|| self.session.section_states(&id.page));
        Ok(ActionResult {
            outcome: protocol::Outcome::Succeeded {
                effects: Vec::new(),
                warning: None,
                output: None,
                running: false,
            },
            next: next_actions(&id, &following),
            sections,
            revision: self.session.page_revision(&id.page),
            wrong_fields: Vec::new(),
        })
    }

    fn pass_over(&self, id: ActionId) -> Result<(ActionId, Following), SessionError> {
        let unknown = || SessionError::UnknownAction(id.to_string());
        if !matches!(self.session.action(&id)?.action, Ok(Action::Examiner(_))) {
            return Err(unknown());
        }
        let update = ActionUpdate {
            status: ActionStatus::Skipped,
            message: None,
            exit_code: None,
            millis: None,
            output: None,
        };
        self.session.record_action(&id, update)?;
        let following = self.session.follow(&id)?;
        Ok((id, following))
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

    /// Whether a command of the action runs in a terminal.
    pub(super) fn is_in_a_terminal(&self, id: &ActionId) -> bool {
        lock(&self.typed).contains_key(id)
    }

    /// Tells the end of a command when it comes, and before that when it is no reason to wait any longer.
    fn watch(&self, named: &Named, later: LaterUse, background: bool, typing: Typing) {
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
        let still_running: Arc<GoOn> = {
            let (session, events) = (Arc::clone(&session), Arc::clone(&events));
            let named = named.clone();
            Arc::new(move || {
                session.under_name(&named, |now| {
                    let Some(id) = now else { return };
                    events(Event::ActionUpdated {
                        action: id.to_string(),
                        update: going_on(started.elapsed()),
                    });
                });
            })
        };
        let typed_into = Arc::clone(&self.typed);
        session.under_name(&named, |now| {
            now.map(|id| *lock(&typed_into).entry(id).or_default() += 1)
        });
        let mut run = Box::pin(async move {
            let typed = typing.run_watched(wait, Some(still_running)).await;
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

    /// What the window must do; a file is saved by the engine itself.
    pub(super) fn effect(&self, effect: &Effect, text: &str) -> Option<protocol::Effect> {
        let display = |path| self.session.folders().display(path);
        Some(match effect.clone() {
            Effect::ShowDashboard { id } => protocol::Effect::ShowDashboard { id },
            Effect::ReloadDashboard { id } => protocol::Effect::ReloadDashboard { id },
            Effect::FocusTerminal { name } => protocol::Effect::FocusTerminal { name },
            Effect::ShowEditorTerminal { name } => protocol::Effect::ShowEditorTerminal { name },
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
            Effect::ReloadDocument { path } => protocol::Effect::ReloadDocument {
                path: display(&path),
            },
            Effect::CloseDocument { path, deleted } => protocol::Effect::CloseDocument {
                path: display(&path),
                deleted,
            },
            Effect::MoveDocument { from, to } => protocol::Effect::MoveDocument {
                from: display(&from),
                to: display(&to),
            },
            Effect::EditorCommand { command } => protocol::Effect::EditorCommand {
                command: command.into(),
            },
            Effect::SaveFile { .. } => return None,
            Effect::CopyText { text } => protocol::Effect::CopyText { text },
            Effect::OpenUrl { url } => protocol::Effect::OpenUrl { url },
            Effect::Finish => protocol::Effect::Finish,
            Effect::LeaveSession => protocol::Effect::LeaveSession,
        })
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
                    update.message = Some("interrupted".to_owned());
                } else if exit_code != 0 {
                    update.status = ActionStatus::Failed;
                    update.message = Some(format!(
                        "the command ended with exit status {exit_code}; see {}",
                        typed.terminal
                    ));
                }
            }
            CommandEnd::StillRunning { reason } => update.message = Some(still_running(reason)),
            CommandEnd::TypedIntoProgram => {
                update.message = Some("typed into the program that runs there".to_owned())
            }
            CommandEnd::Typed => update.message = Some(TYPED.to_owned()),
            CommandEnd::TimedOut => update.message = Some("still running".to_owned()),
            CommandEnd::Exited { .. } => {
                update.message = Some(format!("the shell of {} has ended", typed.terminal))
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
