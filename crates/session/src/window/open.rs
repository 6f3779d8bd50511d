//! The session that the window has open.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use atelier_content::render::safe_url;
use atelier_content::{ActionId, Loaded, PageId, Variables, Workshop};
use camino::Utf8Path;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::editor_terminals;
use super::findings::Findings;
use super::library::Library;
use super::preview::Preview;
use super::reset::given_up;
use super::starts::Starts;
use super::views::{Drawn, page_entries, page_view, pathway_views, terminal_views, web_previews};
use super::watcher::Watcher;
use crate::error::SessionError;
use crate::events::EventSink;
use crate::isolation::Isolation;
use crate::journal::{self, Entry, is_of_page};
use crate::messages::Allowance;
use crate::protocol::{
    ActionStatus, Event, FinishView, PageState, PageView, SessionView, ViewState,
};
use crate::session::{Session, SessionOptions};
use crate::store::Store;
use crate::terminal::{Activity, Terminal, View, ViewOutput};
use crate::trust::Trust;

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
    watched: Mutex<HashSet<u32>>,
    isolation: Isolation,
    pub(super) findings: Findings,
    /// What its author is shown beside what learners see.
    pub(super) preview: Option<Preview>,
    /// Ends the news of the log that is followed.
    followed: Mutex<CancellationToken>,
    /// How many messages of embedded pages may still come.
    allowance: Mutex<Allowance>,
}

impl OpenSession {
    /// Opens the workshop's session: the one used last is taken up unless `fresh`. The workshop must be trusted.
    ///
    /// # Errors
    /// [`SessionError::NotTrusted`] before the learner has trusted the workshop as it is; otherwise as [`Session::open`].
    pub async fn start(
        library: &Library,
        path: &Utf8Path,
        pathway: Option<&str>,
        fresh: bool,
        helper: PathBuf,
        events: EventSink,
        cancel: CancellationToken,
    ) -> Result<Arc<Self>, SessionError> {
        // Judged and played are one load: no page can change between the two.
        let loaded = library.load_pathway(path, pathway, fresh)?;
        let variables = Variables::for_preview(&loaded.workshop);
        let judged = library.judge(&loaded.workshop, &variables)?;
        let trust = judged.trust;
        if !trust.is_given() {
            return Err(SessionError::NotTrusted);
        }
        if trust == Trust::Content {
            let kept = library.store().trust().keep_missing(&judged.seen);
            kept.map_err(SessionError::io(library.store().root()))?;
        }
        let store = library.store();
        let earlier = store.session_of(&loaded.workshop.root).filter(|_| !fresh);
        let root = match earlier {
            Some(session) => session.root,
            None => store
                .new_session(&loaded.workshop.name)
                .map_err(SessionError::io(store.root()))?,
        };
        // What an earlier start has copied in part is no beginning to build upon.
        discard_half_made(store, &root)?;
        let author = trust == Trust::Author;
        let isolation = judged.isolation.unwrap_or_else(Isolation::by_default);
        if judged.isolation.is_none() && isolation == Isolation::Isolated {
            // Where that becomes impossible, a later start asks before it reaches further.
            let (root, print) = (&judged.seen.root, &judged.seen.print);
            let kept = store.trust().isolate(root, print, isolation);
            kept.map_err(SessionError::io(store.root()))?;
        }
        let options = SessionOptions {
            isolation,
            root: root.clone(),
            home: None,
            helper,
            owner: std::env::vars().collect(),
            allowed: judged.allowed,
            expected: (trust == Trust::Content).then_some(judged.seen.print),
            events: Arc::clone(&events),
            cancel,
        };
        let called_off = options.cancel.clone();
        // Looked through once the first page is there: that must not wait for it.
        let found = Loaded {
            workshop: loaded.workshop.clone(),
            diagnostics: loaded.diagnostics,
        };
        let session = match Session::prepare(loaded.workshop, options).await {
            Ok(session) if called_off.is_cancelled() => {
                session.close().await;
                return Err(SessionError::Cancelled);
            }
            Ok(session) => Arc::new(session),
            Err(error) => {
                if !matches!(error, SessionError::Busy(_)) {
                    // Why it did not start matters more than that a part of it could not be deleted.
                    let _ = discard_half_made(store, &root);
                }
                return Err(error);
            }
        };
        let sources = author.then(|| session.workshop().root.clone());
        let watcher = Watcher::start(session.folders().clone(), sources, Arc::clone(&events));
        let preview = author.then(|| Preview::new(&session));
        let open = Arc::new(Self {
            starts: Starts::new(session.folders()),
            session,
            events,
            turn: tokio::sync::Mutex::default(),
            running: Mutex::default(),
            typed: Arc::default(),
            watcher,
            dropped: Mutex::default(),
            tasks: TaskTracker::new(),
            watched: Mutex::default(),
            isolation,
            findings: Findings::default(),
            preview,
            followed: Mutex::default(),
            allowance: Mutex::new(Allowance::new(Instant::now())),
        });
        Self::follow_broadcasts(&open);
        open.check_later(found);
        open.follow_author();
        if !open.session.is_ready() {
            open.run_setup();
        }
        Ok(open)
    }

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

    /// A page to show.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn page(&self, id: &str) -> Result<PageView, SessionError> {
        let id = PageId(id.to_owned());
        // Asked first: a page that is newer than its number is refused a click, and never the other way round.
        let revision = self.session.page_revision(&id);
        let rendered = self.session.page(&id)?;
        let workshop = self.session.workshop();
        let page = workshop
            .page(&id)
            .ok_or_else(|| SessionError::UnknownPage(id.0.clone()))?;
        let drawn = Drawn::of(&self.session, &workshop);
        Ok(page_view(drawn, page, &rendered, revision))
    }

    /// The page is shown now.
    ///
    /// # Errors
    /// When there is none of this name, or the journal cannot be written.
    pub fn enter(&self, id: &str) -> Result<PageState, SessionError> {
        let id = PageId(id.to_owned());
        let autostart = self.session.enter(&id)?;
        self.starts.keep(&self.session, &id);
        let page = self.session.page(&id)?;
        self.fetch_previews(web_previews(&page, &id));
        let mut state = self.page_state(&id);
        state.autostart = autostart
            .into_iter()
            .map(|index| format!("{id}/{index}"))
            .collect();
        Ok(state)
    }

    /// How a page stands; nothing is told of what starts by itself.
    pub(super) fn page_state(&self, id: &PageId) -> PageState {
        let progress = self.session.journal().progress();
        let of_page = |action: &String| is_of_page(action, &id.0) && !journal::is_gone(action);
        let ended = progress.ended.into_iter();
        let standing = progress.actions.into_iter().filter(|(action, update)| {
            // A command that was running when the session ended has gone with it.
            let gone = update.status == ActionStatus::Running
                && !action.parse().is_ok_and(|id| self.is_in_a_terminal(&id));
            of_page(action) && !gone
        });
        PageState {
            actions: standing.collect(),
            // What ended in the future ended when the clock was wrong: nobody is to wait for that.
            ended: ended
                .filter(|(action, _)| of_page(action))
                .map(|(action, at)| (action, at.min(journal::now())))
                .collect(),
            forms: self.forms_of(id).into_iter().collect(),
            sections: self.session.section_states(id),
            autostart: Vec::new(),
            scroll: progress.scroll.get(&id.0).copied().unwrap_or(0.0),
        }
    }

    /// The learner has the page loaded anew: what runs only once may run again. It is to be entered afterwards. For who works on
    /// the workshop its folder is read first, also where the system cannot watch it.
    ///
    /// # Errors
    /// When there is none of this name, or the journal cannot be written.
    pub fn reload(self: &Arc<Self>, id: &str) -> Result<(), SessionError> {
        self.read_now();
        let id = PageId(id.to_owned());
        self.session.page(&id)?;
        self.session.record(Entry::Reloaded { page: id.0 })
    }

    /// The page is not shown any more.
    pub fn leave(&self, id: &str) {
        self.session.leave_page(&PageId(id.to_owned()));
    }

    /// Keeps how the window stands.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn save_view(&self, view: ViewState) -> Result<(), SessionError> {
        let Some(page) = self.session.journal().progress().page else {
            return Ok(());
        };
        let path = self.session.journal().path();
        let noted = self.session.journal().note(Entry::View { page, view });
        noted.map_err(|source| SessionError::Journal {
            path: path.to_owned(),
            source,
        })
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

    /// Shows a terminal, starting it if need be; one whose shell has ended starts anew. `editor:NAME` is a terminal of the
    /// editor, which must be there.
    ///
    /// # Errors
    /// When there is no such terminal, or its shell does not start.
    pub fn attach(
        &self,
        name: &str,
        columns: u16,
        rows: u16,
        sink: impl FnMut(ViewOutput) + Send + 'static,
    ) -> Result<(Arc<Terminal>, View), SessionError> {
        if let Some(name) = editor_terminals::name_of(name) {
            return self.attach_editor_terminal(name, (columns, rows), sink);
        }
        let terminals = self.session.terminals();
        terminals.start_with_size(columns, rows);
        let terminal = terminals.restart(name)?;
        terminal.resize(columns, rows);
        let view = terminal.attach(sink);
        self.watch_exit(&terminal);
        Ok((terminal, view))
    }

    /// What the finish screen shows.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn finish(&self) -> Result<FinishView, SessionError> {
        self.session.record(Entry::Finished)?;
        let progress = self.session.journal().progress();
        let done = progress
            .actions
            .iter()
            .filter(|(action, _)| !journal::is_gone(action))
            .filter(|(_, update)| update.status == ActionStatus::Done)
            .count();
        Ok(FinishView {
            title: self.session.workshop().title.clone(),
            actions_done: done as u32,
            checks: self.session.checks(),
            millis: progress.millis,
            files_at: self.session.folders().home.to_string(),
            exit_link: self.exit_link(),
        })
    }

    /// A web address only: whatever else a workshop says here is not followed.
    fn exit_link(&self) -> Option<String> {
        let link = self.session.workshop();
        let link = link.pages.last()?.exit_link.as_deref()?;
        let link = crate::expand::expand(link, |name| {
            self.session.variables().get(name).map(str::to_owned)
        });
        let is_web = link.starts_with("http://") || link.starts_with("https://");
        safe_url(&link).filter(|_| is_web)
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

    fn watch_exit(&self, terminal: &Arc<Terminal>) {
        if !self
            .watched
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(terminal.pid())
        {
            return;
        }
        let (events, name) = (Arc::clone(&self.events), terminal.name().to_owned());
        let mut activity = terminal.activity();
        self.tasks.spawn(async move {
            if let Ok(ended) = activity
                .wait_for(|activity| matches!(activity, Activity::Exited { .. }))
                .await
            {
                let status = match *ended {
                    Activity::Exited { status } => Some(status),
                    _ => None,
                };
                events(Event::TerminalExited { name, status });
            }
        });
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

    pub(super) fn lock_running(
        &self,
    ) -> std::sync::MutexGuard<'_, HashMap<ActionId, CancellationToken>> {
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

/// Deletes a session whose files were not all copied: there is nothing of the learner's in it. Any other stays, and so does
/// one of which that cannot be told.
fn discard_half_made(store: &Store, root: &Utf8Path) -> Result<(), SessionError> {
    if !root.is_dir() {
        return Ok(());
    }
    match journal::peek(&root.join("state/journal.jsonl")) {
        Ok((_, progress)) if !progress.received => {}
        // It did not come as far as its journal, whose folder is made last.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        _ => return Ok(()),
    }
    match store.remove(root.file_name().unwrap_or_default()) {
        // It did not come as far as its journal.
        Err(SessionError::UnknownSession(_)) => {
            std::fs::remove_dir_all(root).map_err(SessionError::io(root))
        }
        other => other,
    }
}
