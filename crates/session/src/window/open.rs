//! The session that the window has open.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use atelier_content::{ActionId, Workshop};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::findings::Findings;
use super::preview::Preview;
use super::reset::given_up;
use super::starts::Starts;
use super::views::{page_entries, pathway_views, terminal_views};
use super::watcher::Watcher;
use crate::error::SessionError;
use crate::events::EventSink;
use crate::isolation::Isolation;
use crate::messages::Allowance;
use crate::protocol::SessionView;
use crate::session::Session;

/// An open session with what a window needs beside it. Dropping it ends its processes.
pub struct OpenSession {
    pub(super) session: Arc<Session>,
    pub(super) events: EventSink,
    pub(super) starts: Starts,
    /// Held by who is about to begin an action: they begin in the order in which they were asked for.
    pub(super) turn: tokio::sync::Mutex<()>,
    /// Actions that can be cancelled.
    pub(super) running: Mutex<HashMap<ActionId, CancellationToken>>,
    pub(super) watcher: Watcher,
    /// Actions whose commands run in a terminal, and how many of each.
    pub(super) typed: Arc<Mutex<HashMap<ActionId, usize>>>,
    /// The files that were dropped last, and how often that happened.
    pub(super) dropped: Mutex<(u32, Vec<PathBuf>)>,
    /// What waits for the end of commands and terminals.
    pub(super) tasks: TaskTracker,
    /// Terminals, by process id, whose end will be told.
    pub(super) watched: Mutex<HashSet<u32>>,
    pub(super) isolation: Isolation,
    pub(super) findings: Findings,
    /// What its author is shown beside what learners see.
    pub(super) preview: Option<Preview>,
    /// Ends the news of the log that is followed.
    pub(super) followed: Mutex<CancellationToken>,
    /// How many messages of embedded pages may still come.
    pub(super) allowance: Mutex<Allowance>,
}

impl OpenSession {
    /// What the window shows first.
    pub fn view(&self) -> SessionView {
        let session = &self.session;
        let workshop = &*session.workshop();
        let progress = session.journal().progress();
        let first = workshop
            .pages
            .first()
            .map(|page| page.id.0.clone())
            .unwrap_or_default();
        let known = |id: &String| workshop.pages.iter().any(|page| page.id.0 == *id);
        SessionView {
            name: session.name().to_owned(),
            workshop_path: workshop.root.to_string(),
            title: workshop.title.clone(),
            description: workshop.description.clone(),
            contents_title: workshop.contents_title.clone(),
            pathways: pathway_views(workshop),
            pathway: workshop.pathway.clone(),
            pages: page_entries(session),
            current_page: progress.page.filter(known).unwrap_or(first),
            resumed: session.resumed(),
            author_mode: self.preview.is_some(),
            read_only: false,
            isolation: self.isolation,
            setup: session.setup(),
            programs: session.programs().views(),
            terminals: terminal_views(session),
            dashboards: session.with_dashboards(|dashboards| dashboards.views()),
            editor: workshop.applications.editor,
            files_root: session.folders().display(&session.folders().exercises()),
            checks: session.checks(),
            notices: {
                let given_up = progress.given_up.as_deref().map(given_up);
                let unwatched = self.preview.as_ref().and_then(Preview::notice);
                let known = session.notices().iter().cloned();
                known.chain(given_up).chain(unwatched).collect()
            },
            differences: session.differences(),
            may_be_allowed: {
                let (docker, cluster) = session.may_ask_for();
                docker || cluster
            },
            allowed: session.allowed(),
            watched: self.preview.as_ref().is_some_and(Preview::watches),
            view: progress.view,
            problems: self.findings.list(),
            restart: self
                .preview
                .as_ref()
                .map(Preview::restart)
                .unwrap_or_default(),
            offer: self
                .preview
                .as_ref()
                .map(Preview::offer)
                .unwrap_or_default(),
        }
    }

    /// Runs the set-up in the background, for the first time or again; events tell how it goes. Does nothing while it runs.
    pub fn run_setup(&self) {
        if let Some(preview) = &self.preview {
            preview.scripts_run(&self.events);
        }
        let session = Arc::clone(&self.session);
        self.tasks.spawn(async move {
            // The steps of the session say what went wrong, also in a run that ended by a panic.
            let _ = session.run_setup().await;
        });
    }

    /// Calls off the set-up that is running.
    pub fn cancel_setup(&self) {
        self.session.cancel_setup();
    }

    /// The learner goes on although set-up has failed or was called off.
    ///
    /// # Errors
    /// As [`Session::pass_over_setup`].
    pub async fn pass_over_setup(&self) -> Result<(), SessionError> {
        self.session.pass_over_setup().await
    }

    /// Ends every process of the session and keeps its files.
    pub async fn close(&self) {
        if let Some(preview) = &self.preview {
            preview.stop();
        }
        self.follow_until(CancellationToken::new());
        if self.session.is_ready() {
            self.starts.settled().await;
        }
        self.session.close().await;
        // Those that waited for the end of set-up have given up by now.
        self.starts.settled().await;
        // Every terminal is gone, so that whoever waits for one is about to end.
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// A file of the workshop, for an image.
    ///
    /// # Errors
    /// When the path leads out of the workshop, or the file cannot be read.
    pub fn workshop_file(&self, path: &str) -> Result<Vec<u8>, SessionError> {
        file_of(&self.session.workshop(), path)
    }

    pub(super) fn allowance(&self) -> MutexGuard<'_, Allowance> {
        self.allowance
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// A log is followed until this is cancelled; the one before is not any more.
    pub(super) fn follow_until(&self, stop: CancellationToken) {
        let mut followed = self.followed.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *followed, stop).cancel();
    }

    pub(super) fn lock_running(&self) -> MutexGuard<'_, HashMap<ActionId, CancellationToken>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A file of a workshop.
pub(super) fn file_of(workshop: &Workshop, path: &str) -> Result<Vec<u8>, SessionError> {
    let root = &workshop.root;
    let file = root.join(path);
    let real = file.canonicalize_utf8().map_err(SessionError::io(&file))?;
    if !real.starts_with(root) {
        return Err(crate::folders::PathError::Outside(path.to_owned()).into());
    }
    std::fs::read(&real).map_err(SessionError::io(&file))
}
