//! Opening a session: its folders, its files, its set-up, its environment.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use atelier_content::action::Action;
use atelier_content::{Variables, Workshop, render, variables};
use camino::{Utf8Path, Utf8PathBuf};
use tokio_util::sync::CancellationToken;

use crate::builtin_variables::{self, Identity};
use crate::dashboards::Dashboards;
use crate::environment::Environment;
use crate::error::SessionError;
use crate::events::EventSink;
use crate::examiner::Examiner;
use crate::folders::Folders;
use crate::ingress::{Broadcasts, DOMAIN, Listener, OwnHost, Routes, is_taken};
use crate::journal::{Entry, Journal};
use crate::launch::{self, Launcher};
use crate::protocol::{EditorTerminalView, Event, SetupStatus};
use crate::received;
use crate::regex_helper::RegexHelper;
use crate::setup::Setup;
use crate::store::{self, SessionLock};
use crate::terminal::shell::ShellSetup;
use crate::terminal::{EditorTerminals, Ground, Terminals};
use crate::uploads;
use crate::urls::Addresses;

use super::{GRACE, Session, check_name, journal_error};

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
        crate::window::recover(&folders, &journal)?;
        let resumed = journal.progress().set_up;
        let identity = identity(&folders, &name)?;
        let launcher = Arc::new(Launcher::new(&name)?);

        if !workshop.pathways.is_empty()
            && journal.progress().pathway.as_ref() != Some(&workshop.pathway)
        {
            journal
                .record(Entry::Pathway {
                    pathway: workshop.pathway.clone(),
                })
                .map_err(journal_error(&path))?;
        }
        if !resumed {
            received::copy(&workshop, &folders)?;
        }
        uploads::make_folder(&folders, &workshop);
        let port_file = folders.state.join("ingress-port");
        let servers: Vec<u16> = workshop.ingresses.iter().map(|each| each.port).collect();
        let listener =
            Listener::bind(&port_file, &servers).map_err(SessionError::io(&port_file))?;
        let port = listener.port();
        let owner = options.owner;
        let owner_of = |name: &str| owner.get(name).cloned();
        let own = builtin_variables::variables(&identity, port);
        let known = variables::resolve(&workshop, own.clone(), &|_| None);
        let mut environment = Environment::of_session(&folders, &owner_of);
        builtin_variables::extend_environment(&mut environment, &workshop, &folders, &known);
        let routes = {
            let lookup = |name: &str| known.get(name).map(str::to_owned);
            let expand = |text: &str| crate::expand::expand(text, lookup);
            Arc::new(Routes::new(&name, &workshop.ingresses, expand))
        };
        let (host, broadcasts) = own_host(&workshop, &folders, &identity);
        let mut notices = Vec::new();
        let moved_from = listener.moved_from;
        notices.extend(moved_from.map(|before| moved(before, port)));
        for (server, port) in routes.servers() {
            if is_taken(port).await {
                notices.push(taken(server, port));
            }
        }
        let server = listener
            .serve(Arc::clone(&routes), host)
            .map_err(SessionError::io(&port_file))?;
        let left = folders.state.join("environment.json");
        let steps = if resumed {
            let kept = read_environment(&left).into_iter();
            environment.extend(kept.map(|(name, value)| match moved_from {
                Some(before) => (name, moved_value(&value, before, port)),
                None => (name, value),
            }));
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
        let addresses = Addresses {
            routes,
            session: name.clone(),
            port,
            slides: workshop.applications.slides
                && slide_folders(&folders).iter().any(|folder| folder.is_dir()),
            files: workshop.applications.files.is_some(),
        };
        let mut dashboards = Dashboards::new(&workshop, &addresses, expand);
        dashboards.restore(&journal.progress().dashboards, &addresses);
        let shells = shell_setup(&folders, &environment);
        let ground = shells.ground.clone();
        let terminals = Terminals::new(Arc::clone(&launcher), shells.clone(), SIZE.0, SIZE.1);
        let events = Arc::clone(&options.events);
        let editor_terminals =
            EditorTerminals::new(Arc::clone(&launcher), shells, SIZE, move |list| {
                let terminals = list
                    .into_iter()
                    .map(|(name, shell)| EditorTerminalView { name, shell })
                    .collect();
                events(Event::EditorTerminalsChanged { terminals });
            });
        let layout = workshop
            .applications
            .terminals
            .map_or(&[][..], |layout| layout.names());
        for terminal in layout.iter().copied().chain(dashboards.terminals()) {
            terminals.declare(terminal)?;
        }
        let examiner = Examiner {
            folders: [&folders.home.join("workshop"), &folders.workshop]
                .map(|folder| folder.join("examiner/tests").into_std_path_buf())
                .into(),
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
            editor_terminals,
            ground,
            dashboards: Mutex::new(dashboards),
            addresses,
            server: Mutex::new(Some(server)),
            broadcasts: Mutex::new(Some(broadcasts)),
            notices,
            examiner,
            helper: RegexHelper::new(options.helper),
            writing: Arc::default(),
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
}

/// What the session itself serves.
fn own_host(workshop: &Workshop, folders: &Folders, identity: &Identity) -> (OwnHost, Broadcasts) {
    let applications = &workshop.applications;
    let (mut host, broadcasts) = OwnHost::new(identity.password.clone());
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

fn shell_setup(folders: &Folders, environment: &Environment) -> ShellSetup {
    ShellSetup {
        folder: folders.shell.clone().into_std_path_buf(),
        home: folders.home.clone().into_std_path_buf(),
        cwd: folders.exercises().into_std_path_buf(),
        env: environment.to_map(),
        profiles: vec![folders.workshop.join("profile").into_std_path_buf()],
        workshops: vec![folders.workshop.clone().into_std_path_buf()],
        ground: Ground::default(),
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

/// Ends what a crashed player left behind. That blocks for seconds when something does not want to end.
async fn end_leftovers(name: &str) {
    let name = name.to_owned();
    // It cannot be cancelled, and a panic in it must not keep the session from opening.
    let _ = tokio::task::spawn_blocking(move || launch::end_leftovers(&name, GRACE)).await;
}
