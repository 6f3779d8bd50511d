//! One learner's run of one workshop.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use atelier_content::action::{Action, ExaminerTest, PageAction};
use atelier_content::lifecycle::{Following, Lifecycle};
use atelier_content::{
    ActionId, Page, PageId, RenderedPage, Variables, Workshop, render, variables,
};
use camino::{Utf8Path, Utf8PathBuf};
use tokio_util::sync::CancellationToken;

use crate::builtin_variables::{self, Identity};
use crate::dashboards::Dashboards;
use crate::environment::Environment;
use crate::error::SessionError;
use crate::events::EventSink;
use crate::examiner::Examiner;
use crate::folders::Folders;
use crate::journal::{Entry, Journal};
use crate::launch::{self, Launcher};
use crate::protocol::{ActionUpdate, ChecksView, Event, SectionState, SetupStatus, SetupStepView};
use crate::received;
use crate::regex_helper::RegexHelper;
use crate::setup::Setup;
use crate::store::{self, SessionLock};
use crate::terminal::Terminals;
use crate::terminal::shell::ShellSetup;

/// How long programs have to end by themselves when the session closes.
const GRACE: Duration = Duration::from_secs(2);
/// Size of a terminal that no view has sized yet, in characters.
const SIZE: (u16, u16) = (100, 30);

/// What a session is opened with.
pub struct SessionOptions {
    /// The session's folder; its name is the session's.
    pub root: Utf8PathBuf,
    /// The session's `$HOME`, when it is not `home` below the folder.
    pub home: Option<Utf8PathBuf>,
    /// The executable that plans edits with regular expressions (see [`crate::regex_helper`]).
    pub helper: PathBuf,
    /// The environment of the person who runs Atelier.
    pub owner: HashMap<String, String>,
    /// Where news go.
    pub events: EventSink,
    /// Calls the start off.
    pub cancel: CancellationToken,
}

/// An open session. Dropping it ends its processes without waiting; [`Session::close`] waits.
pub struct Session {
    name: String,
    folders: Folders,
    workshop: Workshop,
    variables: Variables,
    environment: Mutex<Environment>,
    launcher: Arc<Launcher>,
    terminals: Terminals,
    dashboards: Mutex<Dashboards>,
    examiner: Examiner,
    helper: RegexHelper,
    journal: Journal,
    resumed: bool,
    setup: Mutex<Vec<SetupStepView>>,
    rendered: Mutex<HashMap<PageId, Arc<RenderedPage>>>,
    shown: Mutex<Option<Shown>>,
    checks: BTreeSet<String>,
    events: EventSink,
    /// Until the session is closed.
    held: Mutex<Option<SessionLock>>,
}

/// The page that is shown.
struct Shown {
    page: PageId,
    life: Lifecycle,
    /// Cancelled when the page is left.
    left: CancellationToken,
}

impl Session {
    /// Opens a session of a trusted workshop: a new one is set up, an earlier one taken up where it was.
    ///
    /// # Errors
    /// When the session is open elsewhere, its files cannot be made, or the start was cancelled. A set-up script that fails is
    /// no error: see [`Self::setup`].
    pub async fn open(workshop: Workshop, options: SessionOptions) -> Result<Self, SessionError> {
        let folders = Folders::new(options.root, options.home);
        let name = folders.root.file_name().unwrap_or("workshop").to_owned();
        folders.create().map_err(SessionError::io(&folders.root))?;
        let held = SessionLock::take(&folders.state).map_err(SessionError::io(&folders.state))?;
        let held = held.ok_or_else(|| SessionError::Busy(name.clone()))?;
        end_leftovers(&name).await;
        let path = folders.state.join("journal.jsonl");
        let journal =
            Journal::open(&path, workshop.root.as_str()).map_err(SessionError::io(&path))?;
        let resumed = journal.progress().set_up;
        let identity = identity(&folders, &name)?;
        let launcher = Arc::new(Launcher::new(&name)?);

        if !resumed {
            received::copy(&workshop, &folders)?;
        }
        let owner = options.owner;
        let owner_of = |name: &str| owner.get(name).cloned();
        let own = builtin_variables::variables(&identity);
        let known = variables::resolve(&workshop, own.clone(), &|_| None);
        let mut environment = Environment::of_session(&folders, &owner_of);
        builtin_variables::extend_environment(&mut environment, &workshop, &folders, &known);
        let left = folders.state.join("environment.json");
        let steps = if resumed {
            environment.extend(read_environment(&left));
            Vec::new()
        } else {
            let setup = Setup {
                folders: &folders,
                launcher: &launcher,
                events: &options.events,
                cancel: &options.cancel,
            };
            let before = environment.clone();
            let steps = setup.run(&mut environment).await?;
            write_environment(&left, &before, &environment)?;
            let failed = steps
                .iter()
                .filter(|step| step.status == SetupStatus::Failed)
                .map(|step| step.name.clone());
            journal
                .record(Entry::Setup {
                    failed: failed.collect(),
                })
                .map_err(journal_error(&path))?;
            steps
        };
        journal
            .record(Entry::Opened)
            .map_err(journal_error(&path))?;

        let variables = variables::resolve(&workshop, own, &|name| {
            environment.get(name).map(str::to_owned)
        });
        let expand =
            |text: &str| crate::expand::expand(text, |name| variables.get(name).map(str::to_owned));
        let dashboards = Dashboards::new(&workshop, &name, expand);
        let terminals = Terminals::new(
            Arc::clone(&launcher),
            shell_setup(&folders, &environment),
            SIZE.0,
            SIZE.1,
        );
        let layout = workshop
            .applications
            .terminals
            .map_or(&[][..], |layout| layout.names());
        for terminal in layout.iter().copied().chain(dashboards.terminals()) {
            terminals.declare(terminal)?;
        }
        let examiner = Examiner {
            folders: vec![folders.workshop.join("examiner/tests").into_std_path_buf()],
            home: folders.home.clone().into_std_path_buf(),
            env: environment.to_map(),
        };
        let checks = checks(&workshop, &variables);
        Ok(Self {
            name,
            folders,
            variables,
            environment: Mutex::new(environment),
            launcher,
            terminals,
            dashboards: Mutex::new(dashboards),
            examiner,
            helper: RegexHelper::new(options.helper),
            journal,
            resumed,
            setup: Mutex::new(steps),
            rendered: Mutex::default(),
            shown: Mutex::default(),
            checks,
            events: options.events,
            workshop,
            held: Mutex::new(Some(held)),
        })
    }

    /// Ends every process of the session, and says in the journal that it was closed in good order. Returns how many processes
    /// could not be ended.
    pub async fn close(&self) -> usize {
        self.leave();
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

    /// Its workshop.
    pub fn workshop(&self) -> &Workshop {
        &self.workshop
    }

    /// What its pages may ask for by name.
    pub fn variables(&self) -> &Variables {
        &self.variables
    }

    /// Its terminals.
    pub fn terminals(&self) -> &Terminals {
        &self.terminals
    }

    /// Its journal.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Whether it was there before.
    pub fn resumed(&self) -> bool {
        self.resumed
    }

    /// How the set-up scripts went, when they ran in this start.
    pub fn setup(&self) -> Vec<SetupStepView> {
        lock(&self.setup).clone()
    }

    /// Runs the set-up scripts again.
    ///
    /// # Errors
    /// When a file of the session cannot be written, or it was cancelled.
    pub async fn run_setup(
        &self,
        cancel: &CancellationToken,
    ) -> Result<Vec<SetupStepView>, SessionError> {
        let setup = Setup {
            folders: &self.folders,
            launcher: &self.launcher,
            events: &self.events,
            cancel,
        };
        let mut environment = lock(&self.environment).clone();
        let steps = setup.run(&mut environment).await?;
        *lock(&self.environment) = environment;
        lock(&self.setup).clone_from(&steps);
        Ok(steps)
    }

    /// A page, rendered with the session's variables.
    ///
    /// # Errors
    /// When the workshop has no such page.
    pub fn page(&self, id: &PageId) -> Result<Arc<RenderedPage>, SessionError> {
        let page = self.find(id)?;
        let mut rendered = lock(&self.rendered);
        let page = rendered
            .entry(id.clone())
            .or_insert_with(|| Arc::new(render(&self.workshop, page, &self.variables)));
        Ok(Arc::clone(page))
    }

    /// Shows a page: what ran only while the one before was shown ends. Returns the actions that start by themselves.
    ///
    /// # Errors
    /// When there is no such page, or the journal cannot be written.
    pub fn enter(&self, id: &PageId) -> Result<Vec<usize>, SessionError> {
        let page = self.page(id)?;
        self.record(Entry::Page { page: id.0.clone() })?;
        let progress = self.journal.progress();
        let mut life = Lifecycle::new(&page);
        if let Some(sections) = progress.sections.get(&id.0) {
            life.restore(
                sections
                    .iter()
                    .map(|state| (state.section as usize, state.open)),
            );
        }
        let done = |index: &usize| progress.actions.contains_key(&format!("{id}/{index}"));
        let autostart = life
            .autostart()
            .into_iter()
            .filter(|index| !done(index))
            .collect();
        self.leave();
        *lock(&self.shown) = Some(Shown {
            page: id.clone(),
            life,
            left: CancellationToken::new(),
        });
        Ok(autostart)
    }

    /// Ends what runs only while its page is shown.
    pub fn leave(&self) {
        if let Some(shown) = lock(&self.shown).take() {
            shown.left.cancel();
        }
    }

    /// As [`Self::leave`], unless another page is shown by now.
    pub fn leave_page(&self, page: &PageId) {
        if lock(&self.shown)
            .as_ref()
            .is_some_and(|shown| shown.page == *page)
        {
            self.leave();
        }
    }

    /// Cancelled when the shown page is left.
    pub fn page_left(&self) -> CancellationToken {
        lock(&self.shown)
            .as_ref()
            .map_or_else(CancellationToken::new, |shown| shown.left.child_token())
    }

    /// Asks the life of the shown page.
    pub fn with_life<T>(&self, page: &PageId, ask: impl FnOnce(&mut Lifecycle) -> T) -> Option<T> {
        lock(&self.shown)
            .as_mut()
            .filter(|shown| shown.page == *page)
            .map(|shown| ask(&mut shown.life))
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

    /// An action of the shown page has succeeded: its mark takes effect, and what follows is told.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn follow(&self, id: &ActionId) -> Result<Following, SessionError> {
        let Some(following) = self.with_life(&id.page, |life| life.succeeded(id.index)) else {
            return Ok(Following::default());
        };
        if following.sections_changed {
            let sections = self.section_states(&id.page);
            self.record(Entry::Sections {
                page: id.page.0.clone(),
                sections,
            })?;
        }
        Ok(following)
    }

    /// Which sections of the shown page are open.
    pub fn section_states(&self, page: &PageId) -> Vec<SectionState> {
        let states = |life: &mut Lifecycle| {
            let open = life.open_sections().enumerate();
            open.map(|(at, open)| SectionState {
                section: at as u32,
                open,
            })
            .collect()
        };
        self.with_life(page, states).unwrap_or_default()
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
        let passed = self
            .checks
            .iter()
            .filter(|check| verdicts.get(*check) == Some(&true))
            .count();
        ChecksView {
            passed: passed as u32,
            total: self.checks.len() as u32,
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

    pub(crate) fn examiner(&self) -> &Examiner {
        &self.examiner
    }

    pub(crate) fn regex_helper(&self) -> &RegexHelper {
        &self.helper
    }

    pub(crate) fn with_dashboards<T>(&self, ask: impl FnOnce(&mut Dashboards) -> T) -> T {
        ask(&mut lock(&self.dashboards))
    }

    fn find(&self, id: &PageId) -> Result<&Page, SessionError> {
        self.workshop
            .page(id)
            .ok_or_else(|| SessionError::UnknownPage(id.0.clone()))
    }
}

/// Ends what a crashed player left behind. That blocks for seconds when something does not want to end.
async fn end_leftovers(name: &str) {
    let name = name.to_owned();
    // It cannot be cancelled, and a panic in it must not keep the session from opening.
    let _ = tokio::task::spawn_blocking(move || launch::end_leftovers(&name, GRACE)).await;
}

fn shell_setup(folders: &Folders, environment: &Environment) -> ShellSetup {
    ShellSetup {
        folder: folders.shell.clone().into_std_path_buf(),
        home: folders.home.clone().into_std_path_buf(),
        cwd: folders.exercises().into_std_path_buf(),
        env: environment.to_map(),
        profiles: vec![folders.workshop.join("profile").into_std_path_buf()],
        workshops: vec![folders.workshop.clone().into_std_path_buf()],
    }
}

/// The tests of the workshop, each once however often it is asked.
fn checks(workshop: &Workshop, variables: &Variables) -> BTreeSet<String> {
    let pages = workshop
        .pages
        .iter()
        .map(|page| render(workshop, page, variables));
    let actions = pages.flat_map(|page| page.actions);
    let tests = actions.filter_map(|action| match action.action {
        Ok(Action::Examiner(test)) => Some(check_name(&test)),
        _ => None,
    });
    tests.collect()
}

fn check_name(test: &ExaminerTest) -> String {
    std::iter::once(test.name.as_str())
        .chain(test.args.iter().map(String::as_str))
        .collect::<Vec<_>>()
        .join(" ")
}

/// The session's own values, made on first use.
fn identity(folders: &Folders, name: &str) -> Result<Identity, SessionError> {
    let path = folders.state.join("identity.json");
    if let Some(identity) = fs::read(&path)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
    {
        return Ok(identity);
    }
    let password = store::random_hex().map_err(SessionError::io(&path))?;
    let identity = Identity {
        session: name.to_owned(),
        password,
    };
    store::write_private(&path, &serde_json::to_vec(&identity).unwrap_or_default())
        .map_err(SessionError::io(&path))?;
    Ok(identity)
}

fn read_environment(path: &Utf8Path) -> Vec<(String, String)> {
    fs::read(path)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}

/// Keeps what the set-up scripts added, for the next start.
fn write_environment(
    path: &Utf8Path,
    before: &Environment,
    after: &Environment,
) -> Result<(), SessionError> {
    let added: Vec<_> = after
        .iter()
        .filter(|(name, value)| before.get(name) != Some(value))
        .collect();
    let bytes = serde_json::to_vec(&added).unwrap_or_default();
    store::write_private(path, &bytes).map_err(SessionError::io(path))
}

fn journal_error(path: &Utf8Path) -> impl FnOnce(std::io::Error) -> SessionError {
    let path = path.to_owned();
    move |source| SessionError::Journal { path, source }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
