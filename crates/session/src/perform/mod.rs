//! What an action does to the session, whoever clicked it.

mod dashboard;
mod editor;
mod editor_terminal;
mod examiner;
mod file_management;
mod outcome;
mod terminal;

use atelier_content::action::{
    Action, DashboardAction, FilesAction, FormValues, PageAction, Sample, TerminalAction, Upload,
};
use tokio_util::sync::CancellationToken;

pub use outcome::{Effect, OpenText, Outcome};
pub(crate) use terminal::{News, Tell};
pub use terminal::{Typed, Typing};

use crate::error::SessionError;
use crate::examiner::Progress;
use crate::journal::Entry;
use crate::protocol::Event;
use crate::session::Session;

pub(crate) use dashboard::browser;
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

/// What comes with a request to perform an action.
#[derive(Clone, Copy)]
pub(crate) struct Request<'a> {
    /// What its form holds; what it holds at the start when there is nothing.
    pub(crate) form: Option<&'a FormValues>,
    /// Is told how far a check is that is tried again.
    pub(crate) progress: Option<&'a (dyn Fn(Progress) + Send + Sync)>,
    /// Ends a check that is being tried.
    pub(crate) cancel: &'a CancellationToken,
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
    /// not exist.
    pub(crate) async fn act(
        &self,
        action: &PageAction,
        buffer: Option<OpenText>,
        request: Request<'_>,
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
            Action::Copy { text } => Outcome::done(vec![Effect::CopyText {
                text: self.folders().localise_command(text),
            }])
            .into(),
            Action::Dashboard(action) => self.act_on_dashboards(action).into(),
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
            Action::Files(action) => self.hand_over(action, request.cancel).await.into(),
            Action::Examiner(test) => self.examine(test, request).await.into(),
            Action::Section(_) => Outcome::done(Vec::new()).into(),
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

    async fn hand_over(&self, action: &FilesAction, cancel: &CancellationToken) -> Outcome {
        match action {
            FilesAction::Download { source, name, .. } => self.download(source, name, cancel).await,
            FilesAction::Copy { source, .. } => self.copy_file(source, cancel).await,
            // Whoever performs an upload brings the files along.
            FilesAction::Upload { upload, .. } => self.upload(upload, Vec::new(), cancel).await,
        }
    }
}
