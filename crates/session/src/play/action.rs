//! Performs one action of a run, and judges it.

use std::time::{Duration, Instant};

use atelier_content::ActionId;
use atelier_content::action::{Action, ExaminerTest, Expect, PageAction, Sample, Upload};
use atelier_content::edit::{EditOp, LineRange, Pattern};
use tokio_util::sync::CancellationToken;

use super::Run;
use super::answers::answers;
use super::forms::{explain_form, form_answers};
use super::judge::{judge_typing, tail};
use super::report::{EditorRow, PositionRow, SelectionRow, Status};
use crate::command_end::{CommandWait, LaterUse};
use crate::dashboards::TERMINALS;
use crate::error::SessionError;
use crate::examiner::Tries;
use crate::perform::{self, Effect, OpenText, Outcome, Request, upload_of};
use crate::protocol::{ActionStatus, ActionUpdate, DashboardContent, Utf16};
use crate::uploads;

/// How long the author's own `output` expression may search.
const SEARCH: Duration = Duration::from_secs(1);
/// How long a server on this machine may take to answer a dashboard.
const ANSWER: Duration = Duration::from_secs(10);

/// What came of an action.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) status: Status,
    /// Whether the window goes on with a cascade.
    pub(super) succeeded: bool,
    pub(super) message: Option<String>,
    pub(super) exit_code: Option<i32>,
    pub(super) output: Option<String>,
    pub(super) editor: Option<EditorRow>,
    pub(super) millis: u64,
    /// Why its output is not what the author expects.
    pub(super) mismatch: Option<String>,
}

impl Done {
    pub(super) fn failed() -> Self {
        Self {
            status: Status::Failed,
            succeeded: false,
            message: None,
            exit_code: None,
            output: None,
            editor: None,
            millis: 0,
            mismatch: None,
        }
    }

    pub(super) fn fail(&mut self, message: impl Into<String>) {
        self.status = Status::Failed;
        self.message = Some(message.into());
    }
}

impl Run<'_> {
    /// Performs an action as a click would, and waits for what comes of it.
    pub(super) async fn act(
        &mut self,
        id: &ActionId,
        action: &PageAction,
        later: LaterUse,
    ) -> Result<Done, SessionError> {
        let started = Instant::now();
        self.session.record_event(id, action)?;
        let buffer = match self.buffer(action) {
            Ok(buffer) => buffer,
            Err(message) => {
                return Ok(Done {
                    message: Some(message),
                    ..Done::failed()
                });
            }
        };
        let cancel = self.options.cancel.child_token();
        let form = form_answers(action);
        let request = Request {
            form: form.as_ref(),
            progress: None,
            cancel: &cancel,
        };
        let performed = match upload_of(action) {
            Some((upload, samples)) => self.upload(upload, samples, &cancel).await.into(),
            None => self.session.act(action, buffer, request).await,
        };
        let mut done = self.judge(&performed.outcome);
        explain_form(action, &performed.outcome, &mut done);
        if let Some(typing) = performed.typing {
            let test = &action.options.test;
            let limit = test.timeout.unwrap_or(self.options.timeout);
            let wait = CommandWait {
                later,
                limit,
                background: test.background,
            };
            judge_typing(&typing.run(wait).await, limit, &mut done);
        }
        for effect in &performed.outcome.effects {
            if let Err(error) = self.apply(effect) {
                done.succeeded = false;
                done.fail(error.to_string());
            }
        }
        self.answered(action, &performed.outcome, &mut done).await;
        if let Some(copied) = self.view.take_copied() {
            done.output = Some(tail(&copied));
        }
        if is_about_the_editor(action) && done.succeeded {
            done.editor = self
                .view
                .active()
                .map(|(file, text)| editor_row(file, &text));
        }
        self.match_output(action, &mut done).await;
        done.millis = started.elapsed().as_millis() as u64;
        self.session.record_action(id, update(&done))?;
        if self.options.cancel.is_cancelled() {
            return Err(SessionError::Cancelled);
        }
        Ok(done)
    }

    /// One attempt of a check that is tried without end.
    pub(super) async fn try_once(
        &self,
        id: &ActionId,
        action: &PageAction,
        test: &ExaminerTest,
    ) -> Result<Done, SessionError> {
        let started = Instant::now();
        let cancel = self.options.cancel.child_token();
        let form = form_answers(action);
        let request = Request {
            form: form.as_ref(),
            progress: None,
            cancel: &cancel,
        };
        let outcome = self
            .session
            .examine_with(test, Tries::once(), request)
            .await;
        let mut done = self.judge(&outcome);
        explain_form(action, &outcome, &mut done);
        self.match_output(action, &mut done).await;
        done.millis = started.elapsed().as_millis() as u64;
        if done.succeeded {
            self.session.record_action(id, update(&done))?;
        }
        if self.options.cancel.is_cancelled() {
            return Err(SessionError::Cancelled);
        }
        Ok(done)
    }

    /// Does what a window would do.
    fn apply(&mut self, effect: &Effect) -> Result<(), SessionError> {
        self.view.apply(effect)?;
        let Effect::ReloadDashboard { id } = effect else {
            return Ok(());
        };
        let terminals = self.session.terminals();
        let content = self
            .session
            .with_dashboards(|dashboards| dashboards.content(id).cloned());
        let names = match content {
            Some(DashboardContent::Terminal { name }) => vec![name],
            None if id == TERMINALS => terminals.all(),
            _ => Vec::new(),
        };
        for name in names {
            // Reloading reconnects; only a shell that has ended starts anew.
            if terminals.started(&name).is_some() {
                terminals.restart(&name)?;
            }
        }
        Ok(())
    }

    async fn upload(
        &self,
        upload: &Upload,
        samples: &[Sample],
        cancel: &CancellationToken,
    ) -> Outcome {
        match uploads::samples(upload, samples, self.session.folders()) {
            Ok(offered) => {
                let outcome = self.session.upload(upload, offered, cancel).await;
                let output = outcome.output.as_deref().map(tail);
                Outcome { output, ..outcome }
            }
            Err(error) => Outcome::failed(error.to_string()),
        }
    }

    fn buffer(&self, action: &PageAction) -> Result<Option<OpenText>, String> {
        let Ok(Action::Editor(editor)) = &action.action else {
            return Ok(None);
        };
        match perform::document(editor, self.session.folders()) {
            Some(path) => self.view.buffer(&path).map_err(|error| error.to_string()),
            None => Ok(None),
        }
    }

    fn judge(&self, outcome: &Outcome) -> Done {
        let status = match (outcome.succeeded, outcome.is_warned()) {
            (false, _) => Status::Failed,
            (true, true) => Status::Warned,
            (true, false) => Status::Passed,
        };
        Done {
            status,
            succeeded: outcome.succeeded,
            message: outcome.message.clone(),
            output: outcome.output.clone(),
            ..Done::failed()
        }
    }

    /// A dashboard or address on this machine passes when it answers.
    async fn answered(&self, action: &PageAction, outcome: &Outcome, done: &mut Done) {
        if !matches!(action.action, Ok(Action::Dashboard(_))) || !done.succeeded {
            return;
        }
        let mut urls = Vec::new();
        for effect in &outcome.effects {
            match effect {
                // Any other address is handed over to the browser: that is all there is to it.
                Effect::OpenUrl { url } if self.session.addresses().is_here(url) => {
                    urls.push(url.clone());
                }
                Effect::ShowDashboard { id } | Effect::ReloadDashboard { id } => {
                    let content = self
                        .session
                        .with_dashboards(|dashboards| dashboards.content(id).cloned());
                    if let Some(DashboardContent::Web { url, .. }) = content {
                        urls.push(url);
                    }
                }
                _ => {}
            }
        }
        urls.dedup();
        for url in urls {
            if let Err(message) = answers(&url, ANSWER).await {
                done.fail(message);
            }
        }
    }

    /// The author's `output` expression must match a line, or the lines, of the output; also when the failure itself is what
    /// the author expects.
    async fn match_output(&self, action: &PageAction, done: &mut Done) {
        let test = &action.options.test;
        let Some(wanted) = &test.output else {
            return;
        };
        if done.status == Status::Failed && test.expect != Expect::Fail {
            return;
        }
        let pattern = Pattern {
            text: wanted.clone(),
            regex: true,
            group: 0,
        };
        let search = EditOp::SelectMatching {
            pattern,
            lines: LineRange::default(),
            before: None,
            after: None,
        };
        let output = done.output.clone().unwrap_or_default();
        let found = self
            .session
            .regex_helper()
            .plan(&search, "the output", Some(&output), 0..0, SEARCH)
            .await;
        done.mismatch = match found {
            Ok(Ok(plan)) if plan.warning.is_none() => None,
            Ok(Ok(_)) => Some(format!("no line of its output matches `{wanted}`")),
            Ok(Err(error)) => Some(error.to_string()),
            Err(error) => Some(error.to_string()),
        };
    }
}

fn is_about_the_editor(action: &PageAction) -> bool {
    matches!(action.action, Ok(Action::Editor(_)))
}

fn update(done: &Done) -> ActionUpdate {
    ActionUpdate {
        status: match done.status {
            Status::Warned => ActionStatus::Warned,
            Status::Failed => ActionStatus::Failed,
            Status::Passed | Status::Skipped => ActionStatus::Done,
        },
        message: done.message.clone(),
        exit_code: done.exit_code,
        millis: Some(done.millis),
        output: None,
    }
}

fn editor_row(file: String, open: &OpenText) -> EditorRow {
    let position = |byte: usize| {
        let before = &open.text[..byte];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.matches('\n').count() as u32;
        PositionRow {
            line,
            character: Utf16(&open.text[line_start..]).offset(byte - line_start),
        }
    };
    let selection = SelectionRow {
        start: position(open.selection.start),
        end: position(open.selection.end),
    };
    EditorRow { file, selection }
}
