//! One learner's run of one workshop.

mod absence;
mod definition;
mod left_environment;
mod naming;
mod opening;
mod readiness;
mod reload;
mod renamed;
mod setup_run;
mod shown;
mod surroundings;

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use atelier_content::action::{ExaminerTest, PageAction};
use atelier_content::{ActionId, Page, PageId, RenderedPage, Variables, Workshop, render};
use camino::Utf8Path;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::compose::Compose;
use crate::dashboards::Dashboards;
use crate::environment::Environment;
use crate::error::SessionError;
use crate::events::EventSink;
use crate::examiner::Examiner;
use crate::folders::Folders;
use crate::ingress::{Broadcasts, Server};
use crate::journal::{Entry, EventData, Journal};
use crate::launch::Launcher;
use crate::programs::Programs;
use crate::protocol::{ActionUpdate, ChecksView, DashboardView, Event, SetupView};
use crate::regex_helper::RegexHelper;
use crate::store::SessionLock;
use crate::terminal::{EditorTerminals, Ground, Terminals};
use crate::urls::Addresses;

use self::naming::Naming;
use self::readiness::Basis;
use self::shown::Shown;

/// How long programs have to end by themselves when the session closes.
pub(crate) const GRACE: Duration = Duration::from_secs(2);

pub(crate) use naming::Named;
pub(crate) use opening::SIZE;
pub use opening::SessionOptions;
pub(crate) use reload::{Successor, TakenUp, is_emptied};

/// An open session. Dropping it ends its processes without waiting; [`Session::close`] waits.
pub struct Session {
    name: String,
    folders: Folders,
    /// As its author has it now: another one takes its place in [`Session::take_up`].
    workshop: RwLock<Arc<Workshop>>,
    naming: RwLock<Naming>,
    /// Variables that only the session knows.
    own: Variables,
    /// The environment that set-up starts with.
    before_setup: Environment,
    basis: Mutex<Arc<Basis>>,
    launcher: Arc<Launcher>,
    terminals: Terminals,
    editor_terminals: EditorTerminals,
    ground: Ground,
    dashboards: Mutex<Dashboards>,
    addresses: Addresses,
    /// Until the session is closed.
    server: Mutex<Option<Server>>,
    broadcasts: Mutex<Option<Broadcasts>>,
    notices: Vec<String>,
    helper: RegexHelper,
    /// Held while files of open documents are saved, moved or replaced.
    writing: Arc<Mutex<()>>,
    journal: Journal,
    resumed: bool,
    setup: watch::Sender<SetupView>,
    /// Calls off the set-up that is running.
    setup_run: Mutex<Option<CancellationToken>>,
    /// The next set-up runs the scripts too, which those of an earlier start may spare it.
    scripts_due: AtomicBool,
    /// The environment that the last set-up has left, finished or not.
    left: Mutex<Environment>,
    /// Cancelled when the session is being closed.
    closing: CancellationToken,
    programs: Programs,
    surroundings: surroundings::Surroundings,
    /// Until the session is closed.
    compose: tokio::sync::Mutex<Option<Compose>>,
    rendered: Mutex<HashMap<PageId, Arc<RenderedPage>>>,
    shown: Mutex<Option<Shown>>,
    events: EventSink,
    /// Until the session is closed.
    held: Mutex<Option<SessionLock>>,
}

impl Session {
    /// Ends every process of the session, and says in the journal that it was closed in good order. Returns how many processes
    /// could not be ended.
    pub async fn close(&self) -> usize {
        self.closing.cancel();
        self.leave();
        self.programs.close();
        let server = lock(&self.server).take();
        if let Some(server) = server {
            server.close().await;
        }
        let compose = self.compose.lock().await.take();
        if let Some(compose) = compose {
            compose.down(&self.launcher).await;
        }
        let left = self.launcher.end_all(GRACE).await;
        // Nothing is lost when this line is: the next start merely looks for leftovers.
        let _ = self.journal.record(Entry::Closed);
        lock(&self.held).take();
        left
    }

    /// The session's name: its folder's.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its folders.
    pub fn folders(&self) -> &Folders {
        &self.folders
    }

    /// Its workshop, as it is now.
    pub fn workshop(&self) -> Arc<Workshop> {
        let workshop = self.workshop.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&workshop)
    }

    /// What its pages may ask for by name; set-up may change that.
    pub fn variables(&self) -> Variables {
        self.basis().variables.clone()
    }

    /// Its background programs.
    pub fn programs(&self) -> &Programs {
        &self.programs
    }

    /// Its terminals.
    pub fn terminals(&self) -> &Terminals {
        &self.terminals
    }

    /// The terminals of its editor.
    pub fn editor_terminals(&self) -> &EditorTerminals {
        &self.editor_terminals
    }

    /// What the programs in its terminals are told that ask for colours.
    pub fn ground(&self) -> &Ground {
        &self.ground
    }

    /// Its journal.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// What an address means in it.
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// What the learner should know about this start, each a sentence.
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    /// Whether it was there before.
    pub fn resumed(&self) -> bool {
        self.resumed
    }

    /// A page, rendered with the session's variables.
    ///
    /// # Errors
    /// When the workshop has no such page.
    pub fn page(&self, id: &PageId) -> Result<Arc<RenderedPage>, SessionError> {
        let mut rendered = lock(&self.rendered);
        // Asked with the pages held: none of an earlier workshop may come among them.
        let workshop = self.workshop();
        let page = find(&workshop, id)?;
        let page = rendered
            .entry(id.clone())
            .or_insert_with(|| Arc::new(render(&workshop, page, &self.basis().variables)));
        Ok(Arc::clone(page))
    }

    /// An action of a page.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn action(&self, id: &ActionId) -> Result<PageAction, SessionError> {
        let page = self.page(&id.page)?;
        page.actions
            .get(id.index)
            .cloned()
            .ok_or_else(|| SessionError::UnknownAction(id.to_string()))
    }

    /// Keeps how an action ended.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn record_action(&self, id: &ActionId, update: ActionUpdate) -> Result<(), SessionError> {
        self.record(Entry::Action {
            action: id.to_string(),
            update,
        })
    }

    /// Keeps that an action with an `event` was clicked or fired; what comes of it does not matter (`actions.md` 2.1).
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub(crate) fn record_event(
        &self,
        id: &ActionId,
        action: &PageAction,
    ) -> Result<(), SessionError> {
        let Some(event) = &action.options.event else {
            return Ok(());
        };
        let workshop = self.workshop();
        let pages = &workshop.pages;
        let at = pages
            .iter()
            .position(|page| page.id == id.page)
            .unwrap_or(0);
        let name = |at: usize| pages.get(at).map(|page| page.id.0.clone());
        self.record(Entry::Event {
            action: id.to_string(),
            data: EventData {
                prev_page: at.checked_sub(1).and_then(name),
                current_page: id.page.0.clone(),
                next_page: name(at + 1),
                page_number: at + 1,
                pages_total: pages.len(),
                event_name: event.clone(),
            },
        })
    }

    /// Writes to the journal.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn record(&self, entry: Entry) -> Result<(), SessionError> {
        self.journal
            .record(entry)
            .map_err(journal_error(self.journal.path()))
    }

    /// How many of the workshop's checks have passed.
    pub fn checks(&self) -> ChecksView {
        let verdicts = self.journal.progress().checks;
        let basis = self.basis();
        let passed = basis
            .checks
            .iter()
            .filter(|check| verdicts.get(*check) == Some(&true))
            .count();
        ChecksView {
            passed: passed as u32,
            total: basis.checks.len() as u32,
        }
    }

    pub(crate) fn record_check(&self, test: &ExaminerTest, passed: bool) {
        // The verdict itself reaches the learner all the same; only the tally is lost with the line.
        let _ = self.journal.record(Entry::Check {
            test: check_name(test),
            passed,
        });
        self.tell(Event::ChecksChanged {
            checks: self.checks(),
        });
    }

    pub(crate) fn tell(&self, event: Event) {
        (self.events)(event);
    }

    pub(crate) fn launcher(&self) -> &Launcher {
        &self.launcher
    }

    pub(crate) fn examiner(&self) -> Arc<Examiner> {
        Arc::clone(&self.basis().examiner)
    }

    pub(crate) fn regex_helper(&self) -> &RegexHelper {
        &self.helper
    }

    /// What keeps saves and file management apart.
    pub(crate) fn writing(&self) -> Arc<Mutex<()>> {
        Arc::clone(&self.writing)
    }

    /// Its tabs.
    pub fn dashboard_views(&self) -> Vec<DashboardView> {
        self.with_dashboards(|dashboards| dashboards.views())
    }

    /// The environment of its programs, as set-up has left it.
    pub fn environment(&self) -> Environment {
        self.basis().environment.clone()
    }

    /// The messages of its scripts; the first who asks follows them.
    pub(crate) fn take_broadcasts(&self) -> Option<Broadcasts> {
        lock(&self.broadcasts).take()
    }

    pub(crate) fn with_dashboards<T>(&self, ask: impl FnOnce(&mut Dashboards) -> T) -> T {
        ask(&mut lock(&self.dashboards))
    }
}

fn find<'w>(workshop: &'w Workshop, id: &PageId) -> Result<&'w Page, SessionError> {
    workshop
        .page(id)
        .ok_or_else(|| SessionError::UnknownPage(id.0.clone()))
}

pub(crate) fn check_name(test: &ExaminerTest) -> String {
    std::iter::once(test.name.as_str())
        .chain(test.args.iter().map(String::as_str))
        .collect::<Vec<_>>()
        .join(" ")
}

fn journal_error(path: &Utf8Path) -> impl FnOnce(std::io::Error) -> SessionError {
    let path = path.to_owned();
    move |source| SessionError::Journal { path, source }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
