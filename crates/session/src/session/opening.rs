//! Opening a session: its folders, its files, its environment before set-up.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, RwLock};

use atelier_content::{Variables, Workshop, variables};
use camino::Utf8PathBuf;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::allowances::Allowances;
use crate::builtin_variables::{self, Identity};
use crate::compose;
use crate::dashboards::Dashboards;
use crate::environment::Environment;
use crate::error::SessionError;
use crate::events::EventSink;
use crate::folders::Folders;
use crate::generated;
use crate::ingress::{Broadcasts, DOMAIN, Listener, OwnHost, Routes, is_taken};
use crate::isolation::{self, Isolation, Mechanism};
use crate::journal::{Entry, Journal};
use crate::launch::{self, KeeperCommand, Launcher};
use crate::programs::Programs;
use crate::protocol::{EditorTerminalView, Event, SetupPhase, SetupView};
use crate::received;
use crate::refusal;
use crate::regex_helper::RegexHelper;
use crate::setup;
use crate::shims;
use crate::state_files;
use crate::store::{self, SessionLock};
use crate::terminal::{EditorTerminals, Ground, Terminals};
use crate::trust;
use crate::uploads;
use crate::urls::Addresses;

use super::readiness::{Basis, earlier_environment, has_left_environment};
use super::surroundings::Surroundings;
use super::{GRACE, Session, journal_error};

/// Size of a terminal that no view has sized yet, in characters.
pub(crate) const SIZE: (u16, u16) = (100, 30);

/// What the learner is told who comes back to a session and went on in it although its set-up had failed.
const FAILED_BEFORE: &str = "The set-up of this session has failed, and you went on without it. You can run it again from the menu.";

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
        let mut folders = Folders::new(options.root, options.home);
        let mechanism = mechanism(options.isolation)?;
        // Docker looks for the folders that it is given outside the walls.
        folders.are_real =
            mechanism.is_some_and(Mechanism::has_real_places) && !options.allowed.docker;
        // What Docker and a cluster are told of is not this machine's.
        let is_all_here = !options.allowed.docker && !options.allowed.cluster;
        folders.has_own_temporary =
            mechanism.is_some_and(|means| !means.has_real_places()) && is_all_here;
        let name = folders.root.file_name().unwrap_or("workshop").to_owned();
        folders.create().map_err(SessionError::io(&folders.root))?;
        let held = SessionLock::take(&folders.state).map_err(SessionError::io(&folders.state))?;
        let held = held.ok_or_else(|| SessionError::Busy(name.clone()))?;
        let escaped = end_leftovers(&name).await;
        let path = folders.state.join("journal.jsonl");
        let journal =
            Journal::open(&path, workshop.root.as_str()).map_err(SessionError::io(&path))?;
        crate::window::recover(&folders, &journal)?;
        if journal.is_damaged() {
            take_up_damaged(&folders, &journal).map_err(journal_error(&path))?;
        }
        let earlier = journal.progress();
        let identity = identity(&folders, &name)?;
        let owner = options.owner;
        let owner_of = |name: &str| owner.get(name).cloned();
        let keeper = keeper(
            &name,
            &folders,
            &options.helper,
            &owner,
            options.allowed,
            mechanism,
        );
        let launcher = Arc::new(Launcher::with_keeper(&name, keeper)?);
        *begun = Some(Arc::clone(&launcher));

        if !workshop.pathways.is_empty() && earlier.pathway.as_ref() != Some(&workshop.pathway) {
            journal
                .record(Entry::Pathway {
                    pathway: workshop.pathway.clone(),
                })
                .map_err(journal_error(&path))?;
        }
        if earlier.received {
            // It may have been opened first where the folders were real.
            received::adapt_scripts(&folders);
        } else {
            received::copy(&workshop, &folders, &options.cancel)?;
            // A file may have changed after it was judged, and before it was copied.
            if let Some(expected) = &options.expected {
                let variables = Variables::for_preview(&workshop);
                if trust::fingerprint(&workshop, &variables)? != *expected {
                    return Err(SessionError::NotTrusted);
                }
            }
            journal
                .record(Entry::Received)
                .map_err(journal_error(&path))?;
        }
        journal.keep_header().map_err(journal_error(&path))?;
        uploads::make_folder(&folders, &workshop);
        let port_file = folders.state.join("ingress-port");
        let servers: Vec<u16> = workshop.ingresses.iter().map(|each| each.port).collect();
        let listener =
            Listener::bind(&port_file, &servers).map_err(SessionError::io(&port_file))?;
        let port = listener.port();
        let own = builtin_variables::variables(&identity, port);
        let known = variables::resolve(&workshop, own.clone(), &|_| None);
        let known = variables::of_definition(&workshop, &known);
        let mut environment = Environment::of_session(&folders, &owner_of, options.isolation);
        let generated = generated::values(&workshop, &folders)?;
        builtin_variables::extend_environment(
            &mut environment,
            &workshop,
            &folders,
            &known,
            generated,
        );
        builtin_variables::settle(&mut environment, &folders);
        shims::write(&folders).map_err(SessionError::io(&folders.bin))?;
        let allowed = options.allowed;
        allowed
            .apply(&folders, &mut environment, &owner_of)
            .map_err(SessionError::io(&folders.bin))?;
        if !allowed.docker {
            // What stands in for it on PATH only says so.
            environment.set("ENABLE_DOCKER", "false");
        }
        let routes = {
            let lookup = |name: &str| known.get(name).map(str::to_owned);
            let expand = |text: &str| crate::expand::expand(text, lookup);
            Arc::new(Routes::new(&name, &workshop.ingresses, expand))
        };
        let (host, broadcasts) = own_host(&workshop, &folders, &identity);
        let mut notices = Vec::new();
        notices.extend((escaped > 0).then(|| not_ended(escaped)));
        notices.extend(journal.is_damaged().then(|| damaged(&folders)));
        notices.extend(refusal::no_programs(&folders.home));
        notices.extend(containers_left(&workshop, &folders, &name, allowed));
        let moved_from = listener.moved_from;
        notices.extend(moved_from.map(|before| moved(before, port)));
        for server in routes.servers() {
            if is_taken(server.port).await {
                notices.push(taken(&server.name, server.port));
            }
        }
        if earlier.set_up && setup::has_failed(&folders) {
            notices.push(FAILED_BEFORE.to_owned());
        }
        let server = listener
            .serve(Arc::clone(&routes), host)
            .map_err(SessionError::io(&port_file))?;
        let (events, helper) = (&options.events, &options.helper);
        let programs = Programs::open(&folders, &launcher, &environment, events, helper);
        journal
            .record(Entry::Opened)
            .map_err(journal_error(&path))?;

        let before_setup = environment.clone();
        if earlier.set_up {
            for (name, value) in earlier_environment(&folders) {
                // It may have been set where the folders were real.
                let value = value.map(|value| folders.localise(&value));
                match (value, moved_from) {
                    (Some(value), Some(before)) => {
                        environment.set(name, moved_value(&value, before, port));
                    }
                    (Some(value), None) => environment.set(name, value),
                    (None, _) => environment.remove(&name),
                }
            }
        }
        let (basis, pages) = Basis::new(&workshop, &folders, &own, environment.clone(), None);
        state_files::write(&folders, &workshop, &environment, &basis.variables);
        let surroundings = Surroundings::new(&workshop, &pages, allowed, &folders, &environment);
        let addresses = Addresses {
            routes,
            session: name.clone(),
            port,
            slides: workshop.applications.slides
                && slide_folders(&folders).iter().any(|folder| folder.is_dir()),
            files: workshop.applications.files.is_some(),
        };
        let known = variables::of_definition(&workshop, &basis.variables);
        let lookup = |name: &str| known.get(name).map(str::to_owned);
        let expand = |text: &str| crate::expand::expand(text, lookup);
        let mut dashboards = Dashboards::new(&workshop, &addresses, expand);
        dashboards.restore(&journal.progress().dashboards, &addresses);
        let terminals = Terminals::new(Arc::clone(&launcher), None, SIZE.0, SIZE.1);
        let events = Arc::clone(&options.events);
        let editor_terminals =
            EditorTerminals::new(Arc::clone(&launcher), None, SIZE, move |list| {
                let terminals = list
                    .into_iter()
                    .map(|(name, shell)| EditorTerminalView { name, shell })
                    .collect();
                events(Event::EditorTerminalsChanged { terminals });
            });
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

/// What the session itself serves.
fn own_host(workshop: &Workshop, folders: &Folders, identity: &Identity) -> (OwnHost, Broadcasts) {
    let applications = &workshop.applications;
    let (mut host, broadcasts) = OwnHost::new(identity.password.clone());
    host.state = Some(state_files::folder(folders));
    host.within = vec![folders.home.clone(), folders.workshop.clone()];
    if applications.slides {
        host.slides = slide_folders(folders).into();
        host.kit = applications.slide_kit;
    }
    host.files = applications
        .files
        .as_ref()
        .map(|below| folders.home.join(below));
    (host, broadcasts)
}

/// Where slides lie; a learner's own `~/workshop` comes first (`session.md` 12.2).
fn slide_folders(folders: &Folders) -> [Utf8PathBuf; 2] {
    [
        folders.home.join("workshop/slides"),
        folders.workshop.join("slides"),
    ]
}

/// What the learner is told when the port that the session had is taken.
fn moved(before: u16, now: u16) -> String {
    format!(
        "Another program uses port {before}, which this session had. Its addresses now end in :{now}; what you have written down or saved with the old port no longer works."
    )
}

/// What the learner is told when the place of a program of the workshop is taken before it starts.
fn taken(server: &str, port: u16) -> String {
    format!(
        "Something on this computer already uses port {port}, where the workshop expects its own program ({server}). Unless it is that program, end it before you start the workshop's."
    )
}

/// A value that a set-up script has left, with the session's addresses as they are now.
fn moved_value(value: &str, before: u16, now: u16) -> String {
    value.replace(&format!(".{DOMAIN}:{before}"), &format!(".{DOMAIN}:{now}"))
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

/// What the learner is told when processes of a crashed session are out of reach.
fn not_ended(count: usize) -> String {
    let what = match count {
        1 => "One program that this session had started".to_owned(),
        count => format!("{count} programs that this session had started"),
    };
    format!(
        "{what} could not be ended after the last time, since they belong to another user of this computer by now. They may hold ports and files; end them with that user's permissions."
    )
}

/// What the learner is told whose journal was damaged.
fn damaged(folders: &Folders) -> String {
    format!(
        "The record of what you have done in this session was damaged, as after a power cut, and a part of it is lost: steps may show as not done. Your files are as they were. The damaged record is kept in {}.",
        folders.state
    )
}

/// What the learner is told of containers that a crash has left, when the session may not use Docker any more: no other way of
/// ending them is left to it.
fn containers_left(
    workshop: &Workshop,
    folders: &Folders,
    name: &str,
    allowed: Allowances,
) -> Option<String> {
    let will_end = workshop.compose.is_some() && allowed.docker;
    let left = compose::left_behind(&folders.state);
    (!will_end && !left.is_empty()).then(|| compose::told(name, &left))
}
