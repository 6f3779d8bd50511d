//! Programs that run in the background as long as the session does (`session.md` 7.3).
//!
//! Each process has a task that waits for it (`process.rs`); nothing looks again and again. `supervisorctl` in the session's
//! `bin` speaks to [`control`] through a socket that only the learner can open.

mod control;
mod log;
mod plan;
mod process;
mod reply;
pub mod supervisorctl;
mod words;

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, UNIX_EPOCH};

use atelier_content::programs::{self, ProgramSpec};
use bytes::Bytes;
use camino::{Utf8Path, Utf8PathBuf};
use tokio::sync::broadcast;
use tokio_util::sync::{CancellationToken, DropGuard};

use self::process::{Ground, Process, Status};
use crate::environment::Environment;
use crate::events::EventSink;
use crate::folders::Folders;
use crate::launch::Launcher;
use crate::protocol::{Event, ProgramState, ProgramView};

/// No file of programs is larger, in bytes.
const LARGEST_FILE: u64 = 1024 * 1024;

/// The background programs of a session. Dropping it kills them without waiting.
pub struct Programs {
    shared: Arc<Shared>,
    closing: CancellationToken,
    _dropped: DropGuard,
}

/// What the programs share with `supervisorctl`.
struct Shared {
    ground: Arc<Ground>,
    processes: Arc<RwLock<Vec<Arc<Process>>>>,
    /// Held while the list changes.
    updating: tokio::sync::Mutex<()>,
}

/// How descriptions have changed, each list by name.
#[derive(Debug, Default, PartialEq, Eq)]
struct Changes {
    added: Vec<String>,
    changed: Vec<String>,
    removed: Vec<String>,
}

impl Programs {
    /// Reads which programs there are. None runs before [`Self::begin`], unless `supervisorctl` starts it, which can be asked
    /// from now on. `helper` is the executable that `supervisorctl` becomes.
    ///
    /// Needs a running tokio runtime.
    pub(crate) fn open(
        folders: &Folders,
        launcher: &Arc<Launcher>,
        environment: &Environment,
        events: &EventSink,
        helper: &Path,
    ) -> Self {
        let processes: Arc<RwLock<Vec<Arc<Process>>>> = Arc::default();
        let (closing, dropped) = (CancellationToken::new(), CancellationToken::new());
        let changed = {
            let (processes, events) = (Arc::downgrade(&processes), Arc::clone(events));
            let folders = folders.clone();
            move || {
                if let Some(processes) = processes.upgrade() {
                    let programs = views(&processes, &folders);
                    events(Event::ProgramsChanged { programs });
                }
            }
        };
        let ground = Arc::new(Ground {
            folders: folders.clone(),
            launcher: Arc::clone(launcher),
            environment: Mutex::new(environment.to_map()),
            closing: closing.clone(),
            dropped: dropped.clone(),
            changed: Box::new(changed),
        });
        let shared = Arc::new(Shared {
            ground,
            processes,
            updating: tokio::sync::Mutex::default(),
        });
        shared.take_up(shared.described());
        control::serve(&shared, helper);
        Self {
            shared,
            closing,
            _dropped: dropped.drop_guard(),
        }
    }

    /// Set-up has ended and left this environment: what is described now starts, as far as it does so by itself. Called again,
    /// it also starts again what has failed meanwhile.
    pub(crate) async fn begin(&self, environment: &Environment) {
        *lock(&self.shared.ground.environment) = environment.to_map();
        let updating = self.shared.updating.lock().await;
        let described = self.shared.described();
        let changes = self.shared.changes(&described);
        self.shared.update(&changes, described, false).await;
        self.shared.autostart(|_| true).await;
        drop(updating);
    }

    /// How they are doing, in the order in which they start.
    pub fn views(&self) -> Vec<ProgramView> {
        views(&self.shared.processes, &self.shared.ground.folders)
    }

    /// Starts a program and waits until it runs; one that runs already is left alone. False when there is none of this name.
    pub async fn start(&self, name: &str) -> bool {
        let Some(process) = self.shared.process(name) else {
            return false;
        };
        // What came of it shows in its state.
        let _ = process.start().await;
        true
    }

    /// Stops a program and waits until it has ended. False when there is none of this name.
    pub async fn stop(&self, name: &str) -> bool {
        let Some(process) = self.shared.process(name) else {
            return false;
        };
        process.stop().await;
        true
    }

    /// The end of what a program printed, at most `limit` bytes, and what comes after it.
    pub(crate) fn follow(
        &self,
        name: &str,
        limit: usize,
    ) -> Option<(Vec<u8>, broadcast::Receiver<Bytes>)> {
        Some(self.shared.process(name)?.output.follow(limit))
    }

    /// The end of what a program printed, at most `limit` bytes.
    pub(crate) fn tail(&self, name: &str, limit: usize) -> Option<Vec<u8>> {
        let process = self.shared.process(name)?;
        let errors = process.errors.as_ref().map(|log| log.tail(limit));
        errors
            .filter(|errors| !errors.is_empty())
            .or_else(|| Some(process.output.tail(limit)))
    }

    /// Waits, for at most `limit`, until none is starting or about to be tried again.
    pub async fn settled(&self, limit: Duration) {
        let processes = self.shared.list();
        let all = async {
            for process in processes {
                let settled = |status: &Status| {
                    !matches!(status.state, ProgramState::Starting | ProgramState::Backoff)
                };
                // A process that is gone has settled.
                let _ = process.status.clone().wait_for(settled).await;
            }
        };
        // What has not settled by then is judged as it stands.
        let _ = tokio::time::timeout(limit, all).await;
    }

    /// Nothing starts any more; the launcher ends what runs.
    pub(crate) fn close(&self) {
        self.closing.cancel();
    }

    /// Whether a program has come to an end that its author did not expect.
    pub(crate) fn has_failed(&self, name: &str) -> bool {
        let process = self.shared.process(name);
        process.is_some_and(|process| {
            let status = process.now();
            match status.state {
                ProgramState::Fatal | ProgramState::Backoff => true,
                ProgramState::Exited => status.unexpected,
                _ => false,
            }
        })
    }
}

impl Shared {
    /// What the files of the session describe now: those of the workshop, then the learner's own.
    fn described(&self) -> Vec<ProgramSpec> {
        let folders = &self.ground.folders;
        let places = [folders.workshop.clone(), folders.home.join("workshop")];
        let mut files: Vec<(Utf8PathBuf, String)> = Vec::new();
        for place in places {
            let Ok(entries) = place.join(programs::folder()).read_dir_utf8() else {
                continue;
            };
            let mut paths: Vec<_> = entries.flatten().map(|entry| entry.into_path()).collect();
            paths.retain(|path| path.extension() == Some("conf"));
            paths.sort();
            for path in paths {
                // A file that cannot be read describes nothing; what it held disappears from the list.
                if let Ok(text) = read(folders, &path) {
                    files.push((path, String::from_utf8_lossy(&text).into_owned()));
                }
            }
        }
        let files = files
            .iter()
            .map(|(path, text)| (path.as_path(), text.as_str()));
        programs::supervisor_programs(files)
    }

    fn changes(&self, described: &[ProgramSpec]) -> Changes {
        let known: BTreeMap<_, _> = self
            .list()
            .iter()
            .map(|process| (process.spec.name.clone(), Arc::clone(&process.spec)))
            .collect();
        let mut changes = Changes::default();
        for spec in described {
            match known.get(&spec.name) {
                None => changes.added.push(spec.name.clone()),
                Some(before) if **before != *spec => changes.changed.push(spec.name.clone()),
                Some(_) => {}
            }
        }
        let gone = known.into_keys();
        changes.removed = gone
            .filter(|name| !described.iter().any(|spec| spec.name == *name))
            .collect();
        changes
    }

    /// Follows changes: what has changed or gone is stopped, what is there now is listed and started if it does so by itself.
    async fn update(&self, changes: &Changes, described: Vec<ProgramSpec>, start: bool) {
        let stale =
            |name: &String| changes.changed.contains(name) || changes.removed.contains(name);
        for process in self.list() {
            if stale(&process.spec.name) {
                process.stop().await;
            }
        }
        self.take_up(described);
        if start {
            let fresh =
                |name: &String| changes.added.contains(name) || changes.changed.contains(name);
            self.autostart(fresh).await;
        }
    }

    /// Lists what is described; processes whose description has not changed stay as they are.
    fn take_up(&self, described: Vec<ProgramSpec>) {
        let before = self.list();
        let mut specs: Vec<_> = described.into_iter().map(Arc::new).collect();
        specs.sort_by_key(|spec| spec.priority);
        let mut processes = Vec::new();
        for spec in &specs {
            for (number, name) in (spec.first_number..).zip(spec.names()) {
                let same = |each: &&Arc<Process>| each.name == name && *each.spec == **spec;
                let kept = before.iter().find(same).map(Arc::clone);
                processes.push(kept.unwrap_or_else(|| {
                    Arc::new(Process::new(name.clone(), number, spec, &self.ground))
                }));
            }
        }
        *self
            .processes
            .write()
            .unwrap_or_else(PoisonError::into_inner) = processes;
        (self.ground.changed)();
    }

    /// Starts what starts by itself, in order: each once the one before has been started, not until it runs.
    async fn autostart(&self, which: impl Fn(&String) -> bool) {
        for process in self.list() {
            if !process.spec.autostart || !which(&process.spec.name) {
                continue;
            }
            let tries = process.now().tries;
            let mut status = process.status.clone();
            let started = process.start();
            tokio::select! {
                // One that runs already answers at once.
                _ = started => {}
                _ = status.wait_for(|status| status.tries > tries) => {}
            }
        }
    }

    fn list(&self) -> Vec<Arc<Process>> {
        let processes = self.processes.read();
        processes.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn process(&self, name: &str) -> Option<Arc<Process>> {
        self.list().into_iter().find(|process| process.name == name)
    }
}

/// What a file of the session holds, wherever in the session a link at its place leads.
fn read(folders: &Folders, path: &Utf8Path) -> io::Result<Vec<u8>> {
    let file = folders.anchor_target(path)?.read()?;
    if file.metadata()?.len() > LARGEST_FILE {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let mut bytes = Vec::new();
    file.take(LARGEST_FILE).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn views(processes: &RwLock<Vec<Arc<Process>>>, folders: &Folders) -> Vec<ProgramView> {
    let processes = processes.read().unwrap_or_else(PoisonError::into_inner);
    processes
        .iter()
        .map(|process| view(process, folders))
        .collect()
}

fn view(process: &Process, folders: &Folders) -> ProgramView {
    let status = process.now();
    let since = status
        .since
        .and_then(|(since, _)| since.duration_since(UNIX_EPOCH).ok());
    ProgramView {
        name: process.name.clone(),
        command: process.spec.command.replace('\n', " "),
        autostart: process.spec.autostart,
        state: status.state,
        since: since.map(|since| since.as_millis() as u64),
        pid: status.pid,
        exit_code: status.exit_code,
        message: status.message,
        log: process.output.path().map(|path| folders.display(&path)),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
