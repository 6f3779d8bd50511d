//! What an action does to the session, whoever clicked it.

mod dashboard;
mod editor;
mod editor_terminal;
mod file_management;
mod outcome;
mod terminal;

use atelier_content::action::{Action, ExaminerTest, FilesAction, PageAction, Sample, Upload};
use tokio_util::sync::CancellationToken;

pub use outcome::{Effect, OpenText, Outcome};
pub(crate) use terminal::GoOn;
pub use terminal::{Typed, Typing};

use crate::error::SessionError;
use crate::examiner::{Attempt, Retries, TestCall, TestOutcome};
use crate::protocol::Event;
use crate::session::Session;

pub(crate) use editor::document;
pub(crate) use file_management::touched;

/// What was done, and what goes on in the terminals.
pub struct Performed {
    /// How it went.
    pub outcome: Outcome,
    /// Text that is to be typed, and waited for or not.
    pub typing: Option<Typing>,
}

/// The upload that an action is, with what a test hands over; an action that is switched off is none.
pub(crate) fn upload_of(action: &PageAction) -> Option<(&Upload, &[Sample])> {
    match &action.action {
        Ok(Action::Files(FilesAction::Upload { upload, samples })) if action.options.enabled => {
            Some((upload, samples))
        }
        _ => None,
    }
}

impl From<Outcome> for Performed {
    fn from(outcome: Outcome) -> Self {
        Self {
            outcome,
            typing: None,
        }
    }
}

impl Session {
    /// Performs an action of the shown page. `buffer` is the text of the document that it is about, `None` when its file does
    /// not exist; `cancel` ends a check that is being tried.
    pub(crate) async fn act(
        &self,
        action: &PageAction,
        buffer: Option<OpenText>,
        cancel: &CancellationToken,
    ) -> Performed {
        let meaning = match &action.action {
            Ok(meaning) => meaning,
            Err(broken) => return Outcome::failed(broken.message.clone()).into(),
        };
        if !action.options.enabled {
            return Outcome::done(Vec::new()).into();
        }
        match meaning {
            Action::Terminal(action) => {
                let (outcome, typing) = terminal::perform(action, self.terminals(), self.folders());
                Performed { outcome, typing }
            }
            Action::Copy { text } => {
                Outcome::done(vec![Effect::CopyText { text: text.clone() }]).into()
            }
            Action::Dashboard(action) => {
                let (outcome, views) = self.with_dashboards(|dashboards| {
                    let outcome =
                        dashboard::perform(action, dashboards, self.name(), self.workshop());
                    for name in dashboards.terminals() {
                        // A name that cannot be one is told when the tab is shown.
                        let _ = self.terminals().declare(name);
                    }
                    (outcome, dashboards.views())
                });
                self.tell(Event::DashboardsChanged { dashboards: views });
                outcome.into()
            }
            Action::Editor(action) => editor::perform(
                action,
                self.folders(),
                self.regex_helper(),
                self.writing(),
                buffer,
            )
            .await
            .into(),
            Action::EditorTerminal(_) if !self.workshop().applications.editor => {
                Outcome::failed(SessionError::NoEditor.to_string()).into()
            }
            Action::EditorTerminal(action) => {
                let terminals = self.editor_terminals();
                let (outcome, typing) =
                    editor_terminal::perform(action, terminals, self.folders()).await;
                Performed { outcome, typing }
            }
            Action::Files(action) => self.hand_over(action, cancel).await.into(),
            Action::Examiner(test) => self.examine(test, cancel).await.into(),
            Action::Section(_) => Outcome::done(Vec::new()).into(),
        }
    }

    async fn hand_over(&self, action: &FilesAction, cancel: &CancellationToken) -> Outcome {
        match action {
            FilesAction::Download { source, name, .. } => self.download(source, name, cancel).await,
            FilesAction::Copy { source, .. } => self.copy_file(source, cancel).await,
            // Whoever performs an upload brings the files along.
            FilesAction::Upload { upload, .. } => self.upload(upload, Vec::new(), cancel).await,
        }
    }

    /// Runs an examiner test with its retries.
    async fn examine(&self, test: &ExaminerTest, cancel: &CancellationToken) -> Outcome {
        let retries = test.retries.map_or(Retries::Unlimited, Retries::Times);
        self.examine_with(test, retries, cancel).await
    }

    /// Runs an examiner test with other retries than its own.
    pub(crate) async fn examine_with(
        &self,
        test: &ExaminerTest,
        retries: Retries,
        cancel: &CancellationToken,
    ) -> Outcome {
        if !self.workshop().applications.examiner {
            return Outcome::failed(
                "the workshop does not switch the examiner on; its author must enable it in resources/workshop.yaml",
            );
        }
        if test.inputs.is_some() {
            return Outcome::failed(
                "tests that ask for input are not available in this version of Atelier",
            );
        }
        let call = TestCall {
            name: test.name.clone(),
            args: test
                .args
                .iter()
                .map(|arg| self.folders().localise(arg))
                .collect(),
            input: serde_json::json!({}),
            timeout: test.timeout,
        };
        let attempt = self
            .examiner()
            .run_until_passed(self.launcher(), &call, retries, test.delay, cancel)
            .await;
        self.record_check(test, attempt.outcome == TestOutcome::Passed);
        outcome_of(&attempt, &test.name)
    }
}

fn outcome_of(attempt: &Attempt, name: &str) -> Outcome {
    let output = Some(attempt.output.clone()).filter(|output| !output.trim().is_empty());
    let outcome = match &attempt.outcome {
        TestOutcome::Passed => Outcome::done(Vec::new()),
        TestOutcome::NotFound => Outcome::failed(format!(
            "the workshop has no examiner test `{name}` that can be run; its author must put a program of that name into workshop/examiner/tests"
        )),
        other => Outcome::failed(other.to_string()),
    };
    Outcome { output, ..outcome }
}
