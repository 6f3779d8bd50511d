//! Opening a session: its folders, its files, its environment before set-up.

mod notices;
mod steps;

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, RwLock};

use atelier_content::{Workshop, variables};
use camino::Utf8PathBuf;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::allowances::Allowances;
use crate::beside;
use crate::builtin_variables::{self, Identity};
use crate::error::SessionError;
use crate::events::EventSink;
use crate::folders::Folders;
use crate::isolation::{self, Isolation, Mechanism};
use crate::journal::{Entry, Journal};
use crate::launch::{self, KeeperCommand, Launcher};
use crate::programs::Programs;
use crate::protocol::{SetupPhase, SetupView};
use crate::regex_helper::RegexHelper;
use crate::setup;
use crate::state_files;
use crate::store::{self, SessionLock};
use crate::terminal::{Ground, Terminals};

use self::notices::taken_places;
use self::steps::{Opening, Port, editor_terminals, own_host};
use super::left_environment::has_left_environment;
use super::readiness::Basis;
use super::surroundings::Surroundings;
use super::{GRACE, Session, journal_error};

/// Size of a terminal that no view has sized yet, in characters.
pub(crate) const SIZE: (u16, u16) = (100, 30);

/// What a session is opened with.
pub struct SessionOptions {
    /// The session's folder; its name is the session's.
    pub root: Utf8PathBuf,
    /// The session's `$HOME`, when it is not `home` below the folder.
    pub home: Option<Utf8PathBuf>,
    /// The executable that keeps the session's programs (see [`crate::launch`]) and plans edits with regular expressions
    /// (see [`crate::regex_helper`]).
    pub helper: PathBuf,
    /// The environment of the person who runs Atelier.
    pub owner: HashMap<String, String>,
    /// What of the owner's the workshop may use.
    pub allowed: Allowances,
    /// How far the session's programs may reach.
    pub isolation: Isolation,
    /// The fingerprint of the content that was trusted: no other is taken over. `None` where any content is.
    pub expected: Option<String>,
    /// Where news go.
    pub events: EventSink,
    /// Calls the start off.
    pub cancel: CancellationToken,
}

impl Session {
    /// Makes a session of a trusted workshop that can be read: its files are copied, and nothing of the workshop has run. It
    /// is ready at once when there is nothing to set up or an earlier set-up holds; otherwise [`Self::run_setup`] is next.
    ///
    /// # Errors
    /// [`SessionError::NotTrusted`] when other content was expected; when the session is open elsewhere, its files cannot be
    /// made, or the start was cancelled.
    pub async fn prepare(
        workshop: Workshop,
        options: SessionOptions,
    ) -> Result<Self, SessionError> {
        let mut begun = None;
        let made = Self::make(workshop, options, &mut begun).await;
        if let (Err(_), Some(launcher)) = (&made, begun) {
            // Its keeper may still be starting.
            launcher.end_all(GRACE).await;
        }
        made
    }

    /// As [`Self::prepare`]; what must be ended when it fails is in `begun`.
    async fn make(
        workshop: Workshop,
        options: SessionOptions,
        begun: &mut Option<Arc<Launcher>>,
    ) -> Result<Self, SessionError> {
        let mechanism = mechanism(options.isolation)?;
        let allowed = options.allowed;
        let folders = folders_of(&options, mechanism);
        let name = folders.root.file_name().unwrap_or("workshop").to_owned();
        folders.create().map_err(SessionError::io(&folders.root))?;
        let held = SessionLock::take(&folders.state).map_err(SessionError::io(&folders.state))?;
        let held = held.ok_or_else(|| SessionError::Busy(name.clone()))?;
        let escaped = end_leftovers(&name).await;
        let journal = journal_of(&workshop, &folders)?;
        let earlier = journal.progress();
        let identity = identity(&folders, &name)?;
        let keeper = keeper(
            &name,
            &folders,
            &options.helper,
            &options.owner,
            allowed,
            mechanism,
        );
        let launcher = Arc::new(Launcher::with_keeper(&name, keeper)?);
        *begun = Some(Arc::clone(&launcher));

        let opening = Opening {
            name: &name,
            workshop: &workshop,
            folders: &folders,
            options: &options,
            journal: &journal,
            earlier: &earlier,
        };
        opening.receive()?;
        let port_file = folders.state.join("ingress-port");
        let listener = opening.listen(&port_file)?;
        let port = Port::of(&listener);
        let own = builtin_variables::variables(&identity, port.now);
        let known = variables::resolve(&workshop, own.clone(), &|_| None);
        let known = variables::of_definition(&workshop, &known);
        let mut environment = opening.environment(&known)?;
        let routes = opening.routes(&known);
        let (host, broadcasts) = own_host(&workshop, &folders, &identity);
        let mut notices = opening.notices(escaped, port);
        notices.extend(taken_places(&routes).await);
        notices.extend(opening.failed_before());
        let server = listener
            .serve(Arc::clone(&routes), host)
            .map_err(SessionError::io(&port_file))?;
        let (events, helper) = (&options.events, &options.helper);
        let programs = Programs::open(&folders, &launcher, &environment, events, helper);
        opening.record(Entry::Opened)?;

        let before_setup = environment.clone();
        opening.bring_back(&mut environment, port);
        let (basis, pages) = Basis::new(&workshop, &folders, &own, environment.clone(), None);
        state_files::write(&folders, &workshop, &environment, &basis.variables);
        let surroundings = Surroundings::new(&workshop, &pages, allowed, &folders, &environment);
        let addresses = opening.addresses(routes, port.now);
        let dashboards = opening.dashboards(&basis.variables, &addresses);
        let terminals = Terminals::new(Arc::clone(&launcher), None, SIZE.0, SIZE.1);
        let editor_terminals = editor_terminals(&launcher, events);
        let runs_scripts = !earlier.set_up && setup::is_needed(&folders);
        // Containers that were taken down when the session was closed start again each time.
        let runs_setup = runs_scripts || workshop.compose.is_some() && allowed.docker;
        let setup = SetupView {
            phase: SetupPhase::Running,
            steps: Vec::new(),
            interrupted: runs_scripts && earlier.setting_up,
        };
        let session = Self {
            name,
            folders,
            own,
            before_setup,
            basis: Mutex::new(Arc::new(basis)),
            launcher,
            terminals,
            editor_terminals,
            ground: Ground::default(),
            dashboards: Mutex::new(dashboards),
            addresses,
            server: Mutex::new(Some(server)),
            broadcasts: Mutex::new(Some(broadcasts)),
            notices,
            helper: RegexHelper::new(options.helper),
            writing: Arc::default(),
            journal,
            resumed: earlier.received,
            setup: watch::Sender::new(setup),
            setup_run: Mutex::default(),
            scripts_due: AtomicBool::new(!earlier.set_up),
            left: Mutex::new(environment.clone()),
            closing: options.cancel.child_token(),
            programs,
            surroundings,
            compose: tokio::sync::Mutex::default(),
            rendered: Mutex::default(),
            shown: Mutex::default(),
            events: options.events,
            workshop: RwLock::new(Arc::new(workshop)),
            naming: RwLock::default(),
            held: Mutex::new(Some(held)),
        };
        session.declare_terminals()?;
        if !runs_setup {
            if !earlier.set_up {
                session.record(Entry::Setup { failed: Vec::new() })?;
            }
            session.become_ready(environment).await?;
        }
        Ok(session)
    }

    /// As [`Self::prepare`], for whom there is nothing to read meanwhile: set-up has ended, in one way or another, and the
    /// session is ready.
    ///
    /// # Errors
    /// As [`Self::prepare`] and [`Self::run_setup`]. A step that fails is no error: see [`Self::setup`].
    pub async fn open(workshop: Workshop, options: SessionOptions) -> Result<Self, SessionError> {
        let session = Self::prepare(workshop, options).await?;
        match session.set_up().await {
            Ok(()) => Ok(session),
            Err(error) => {
                session.close().await;
                Err(error)
            }
        }
    }

    async fn set_up(&self) -> Result<(), SessionError> {
        if !self.is_ready() {
            self.run_setup().await?;
        }
        if self.closing.is_cancelled() {
            return Err(SessionError::Cancelled);
        }
        self.pass_over_setup().await
    }
}

/// Where the session lies, and whether its programs see its folders there.
fn folders_of(options: &SessionOptions, mechanism: Option<&Mechanism>) -> Folders {
    let allowed = options.allowed;
    let mut folders = Folders::new(options.root.clone(), options.home.clone());
    // Docker looks for the folders that it is given outside the walls.
    folders.are_real = mechanism.is_some_and(Mechanism::has_real_places) && !allowed.docker;
    // What Docker and a cluster are told of is not this machine's.
    let is_all_here = !allowed.docker && !allowed.cluster;
    folders.has_own_temporary =
        mechanism.is_some_and(|means| !means.has_real_places()) && is_all_here;
    folders
}

/// The session's journal. What a crash has left half done is brought to its end.
fn journal_of(workshop: &Workshop, folders: &Folders) -> Result<Journal, SessionError> {
    let path = folders.state.join("journal.jsonl");
    let journal = Journal::open(&path, workshop.root.as_str()).map_err(SessionError::io(&path))?;
    beside::clear_session(folders);
    crate::window::recover(folders, &journal)?;
    if journal.is_damaged() {
        take_up_damaged(folders, &journal).map_err(journal_error(&path))?;
    }
    Ok(journal)
}

/// The keeper of the session, shut in where the session is isolated.
#[cfg_attr(
    not(target_os = "linux"),
    expect(unused_variables, reason = "there are no means")
)]
fn keeper(
    name: &str,
    folders: &Folders,
    helper: &std::path::Path,
    owner: &HashMap<String, String>,
    allowed: Allowances,
    mechanism: Option<&Mechanism>,
) -> KeeperCommand {
    let keeper = KeeperCommand::new(helper, name);
    #[cfg(target_os = "linux")]
    return KeeperCommand {
        enclosure: mechanism.map(|mechanism| {
            let asked = isolation::Asked {
                folders: folders.clone(),
                player: helper.to_path_buf(),
                owner: owner.clone(),
                allowed,
            };
            Arc::new(isolation::Enclosure::new(mechanism.clone(), asked))
        }),
        ..keeper
    };
    #[cfg(not(target_os = "linux"))]
    keeper
}

/// By what means the session is isolated, if it is to be.
fn mechanism(isolation: Isolation) -> Result<Option<&'static Mechanism>, SessionError> {
    if isolation == Isolation::Folder {
        return Ok(None);
    }
    let support = isolation::support();
    support
        .mechanism()
        .map(Some)
        .ok_or_else(|| SessionError::NotIsolated(support.reason().unwrap_or_default().to_owned()))
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

/// Ends what a crashed player left behind, and returns how many processes could not be ended. That blocks for seconds when
/// something does not want to end.
async fn end_leftovers(name: &str) -> usize {
    let name = name.to_owned();
    // It cannot be cancelled, and a panic in it must not keep the session from opening.
    let ended = tokio::task::spawn_blocking(move || launch::end_leftovers(&name, GRACE)).await;
    ended.unwrap_or_default()
}

/// Decides what a damaged journal does not tell any more, in favour of the learner's files: they are not copied again, and
/// a set-up that has left something behind is not run again over them.
fn take_up_damaged(folders: &Folders, journal: &Journal) -> std::io::Result<()> {
    let progress = journal.progress();
    if !progress.received {
        return Ok(());
    }
    journal.record(Entry::Received)?;
    if !progress.set_up && !progress.setting_up && has_left_environment(folders) {
        journal.record(Entry::SetupPassedOver)?;
    }
    Ok(())
}
