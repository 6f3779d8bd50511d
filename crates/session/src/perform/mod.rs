//! What an action does to the session, whoever clicked it.

mod dashboard;
mod editor;
mod outcome;
mod terminal;

use atelier_content::action::{Action, DashboardAction, ExaminerTest, PageAction, TerminalAction};
use tokio_util::sync::CancellationToken;

pub use outcome::{Effect, OpenText, Outcome};
pub use terminal::{Typed, Typing};

use crate::examiner::{Attempt, Retries, TestCall, TestOutcome};
use crate::journal::Entry;
use crate::protocol::Event;
use crate::session::Session;

pub(crate) use dashboard::browser;
pub(crate) use editor::document;

/// What was done, and what goes on in the terminals.
pub struct Performed {
    /// How it went.
    pub outcome: Outcome,
    /// Text that is to be typed, and waited for or not.
    pub typing: Option<Typing>,
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
                let (outcome, typing) = self.act_on_terminals(action);
                Performed { outcome, typing }
            }
            Action::Copy { text } => {
                Outcome::done(vec![Effect::CopyText { text: text.clone() }]).into()
            }
            Action::Dashboard(action) => self.act_on_dashboards(action).into(),
            Action::Editor(action) => {
                editor::perform(action, self.folders(), self.regex_helper(), buffer)
                    .await
                    .into()
            }
            Action::Examiner(test) => self.examine(test, cancel).await.into(),
            Action::Section(_) => Outcome::done(Vec::new()).into(),
            Action::Unavailable => Outcome::failed(format!(
                "`{}` is not available in this version of Atelier",
                action.kind
            ))
            .into(),
        }
    }

    /// Performs an action on the session's tabs.
    pub(crate) fn act_on_dashboards(&self, action: &DashboardAction) -> Outcome {
        let (outcome, changes, views) = self.with_dashboards(|dashboards| {
            let outcome = dashboard::perform(action, dashboards, self.addresses());
            for name in dashboards.terminals() {
                // A name that cannot be one is told when the tab is shown.
                let _ = self.terminals().declare(name);
            }
            (outcome, dashboards.take_changes(), dashboards.views())
        });
        let kept = changes
            .into_iter()
            .try_for_each(|change| self.record(Entry::Dashboard { change }));
        self.tell(Event::DashboardsChanged { dashboards: views });
        match kept {
            Ok(()) => outcome,
            Err(error) => Outcome::failed(error.to_string()),
        }
    }

    /// Performs a terminal action: what is done at once, and what goes on.
    pub(crate) fn act_on_terminals(&self, action: &TerminalAction) -> (Outcome, Option<Typing>) {
        terminal::perform(action, self.terminals(), self.folders())
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
