//! Plays a workshop as a diligent learner would (`product.md`, "How `atelier test` plays").

mod action;
mod answers;
mod forms;
mod judge;
mod page;
mod programs;
mod report;
mod transcript;

use std::sync::Arc;
use std::time::Duration;

use atelier_content::PageId;
use tokio_util::sync::CancellationToken;

pub(crate) use judge::{TYPED, not_read};
pub use report::{
    ActionRow, EditorRow, PageRow, PositionRow, ProgramRow, Report, RequirementRow, RunOutcome,
    SelectionRow, SetupRow, SourceRow, Status, TerminalRow, Totals, Trigger,
};

use crate::error::SessionError;
use crate::headless::HeadlessView;
use crate::protocol::{SetupStatus, SetupStepView};
use crate::session::Session;
use crate::terminal::Recorder;

/// How to play.
#[derive(Debug, Clone)]
pub struct PlayOptions {
    /// Only these pages; all when empty.
    pub pages: Vec<PageId>,
    /// Go on after a failure.
    pub keep_going: bool,
    /// An action that was done, but is odd, is no failure.
    pub allow_warnings: bool,
    /// How long a command may take, unless its author says otherwise.
    pub timeout: Duration,
    /// Ends the run.
    pub cancel: CancellationToken,
    /// Records every terminal, with a mark a page and an action.
    pub recorder: Option<Arc<Recorder>>,
}

/// What a run tells while it goes on.
#[derive(Debug)]
pub enum PlayEvent<'a> {
    /// A program that the workshop needs was looked for.
    Requirement {
        /// How it stands with it.
        row: &'a RequirementRow,
    },
    /// The background programs have come to run, or have failed to.
    Programs {
        /// How they stand.
        rows: &'a [ProgramRow],
    },
    /// A page is shown.
    Page {
        /// Its number, from 1.
        step: usize,
        /// How many there are.
        pages: usize,
        /// Its title.
        title: &'a str,
    },
    /// An action begins.
    Action {
        /// `Terminal: Execute command in terminal "1"`.
        title: &'a str,
    },
    /// An action has ended, or never began.
    Row {
        /// The same title.
        title: &'a str,
        /// How it went.
        row: &'a ActionRow,
    },
}

/// Listens to a run.
pub type Listener<'a> = &'a mut (dyn FnMut(PlayEvent<'_>) + Send);

/// Plays the pages in order, each once.
///
/// # Errors
/// When the session itself cannot go on: its journal cannot be written, or the run was cancelled.
pub async fn play(
    session: &Arc<Session>,
    options: &PlayOptions,
    listener: Listener<'_>,
) -> Result<Report, SessionError> {
    if let Some(recorder) = &options.recorder {
        session.terminals().record(recorder);
        session.editor_terminals().record(recorder);
    }
    let mut listen = |event: PlayEvent<'_>| {
        if let Some(recorder) = &options.recorder {
            mark(recorder, &event);
        }
        listener(event);
    };
    let listener: Listener<'_> = &mut listen;
    let mut run = Run {
        session,
        options,
        view: HeadlessView::new(session.folders().clone()),
        stopped: false,
    };
    let requirements = session.requirements().await;
    let requirements: Vec<_> = requirements.iter().map(RequirementRow::new).collect();
    for row in &requirements {
        listener(PlayEvent::Requirement { row });
    }
    let is_ready = requirements.iter().all(|row| row.status != Status::Failed);
    let setup: Vec<_> = session.setup().steps.iter().map(setup_row).collect();
    let set_up = is_ready && setup.iter().all(|row| row.status == Status::Passed);
    let waited = session.programs().settled(options.timeout);
    tokio::select! {
        () = waited => {}
        () = options.cancel.cancelled() => return Err(SessionError::Cancelled),
    }
    let running = programs::rows(session.programs());
    listener(PlayEvent::Programs { rows: &running });
    let ready = set_up && programs::all_well(&running);
    run.stopped = !ready && !options.keep_going;
    let workshop = session.workshop();
    let all = &workshop.pages;
    let chosen: Vec<_> = all
        .iter()
        .filter(|page| options.pages.is_empty() || options.pages.contains(&page.id))
        .collect();
    let mut pages = Vec::with_capacity(chosen.len());
    for (at, page) in chosen.iter().enumerate() {
        listener(PlayEvent::Page {
            step: at + 1,
            pages: chosen.len(),
            title: &page.title,
        });
        let actions = run.page(&page.id, listener).await?;
        pages.push(PageRow {
            name: page.id.0.clone(),
            title: page.title.clone(),
            actions,
        });
    }
    let totals = Totals::of(&pages);
    let programs = programs::rows(session.programs());
    let failed = !set_up
        || !programs::all_well(&programs)
        || totals.failed > 0
        || (totals.warned > 0 && !options.allow_warnings);
    Ok(Report {
        workshop: session.workshop().name.clone(),
        outcome: if failed {
            RunOutcome::Failed
        } else {
            RunOutcome::Passed
        },
        totals,
        requirements,
        setup,
        programs,
        pages,
    })
}

/// A run under way.
struct Run<'a> {
    session: &'a Arc<Session>,
    options: &'a PlayOptions,
    view: HeadlessView,
    /// Something failed, and the run does not go on.
    stopped: bool,
}

/// What begins is marked in the recording.
fn mark(recorder: &Recorder, event: &PlayEvent<'_>) {
    match event {
        PlayEvent::Page { step, pages, title } => {
            recorder.mark(0, &format!("{step}/{pages} {title}"));
        }
        PlayEvent::Action { title } => {
            recorder.mark(1, title.lines().next().unwrap_or_default());
        }
        PlayEvent::Requirement { .. } | PlayEvent::Programs { .. } | PlayEvent::Row { .. } => {}
    }
}

fn setup_row(step: &SetupStepView) -> SetupRow {
    SetupRow {
        name: step.name.clone(),
        status: if step.status == SetupStatus::Passed {
            Status::Passed
        } else {
            Status::Failed
        },
        exit_code: step.exit_code,
        millis: step.millis,
        log: step.log.clone(),
    }
}
