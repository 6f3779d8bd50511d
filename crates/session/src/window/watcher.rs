//! Tells the window when open files and shown folders change on the disk.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use notify::{RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, NoCache, new_debouncer_opt};

use super::sources::name_of;
use crate::documents;
use crate::events::EventSink;
use crate::folders::Folders;
use crate::protocol::Event;

/// Changes closer together than this are told once. Also how often the debouncer looks: its own choice wakes the machine
/// 66 times a second while nothing happens.
const QUIET: Duration = Duration::from_millis(60);

/// Watches files and folders. Dropping it stops.
pub(super) struct Watcher {
    /// Not there where the system watches as much as it permits: changes are found then when a file is next used.
    debouncer: Option<Mutex<Debouncer<RecommendedWatcher, NoCache>>>,
    watched: Arc<Mutex<Watched>>,
}

#[derive(Default)]
struct Watched {
    /// Open files, with the version that the window knows; `None` when it knows of none.
    documents: HashMap<Utf8PathBuf, Option<String>>,
    /// Folders that the file tree shows.
    folders: HashSet<Utf8PathBuf>,
    /// What the system watches.
    places: HashSet<Utf8PathBuf>,
}

impl Watcher {
    /// `sources` is the workshop's own folder, where its files may be opened too.
    pub(super) fn start(folders: Folders, sources: Option<Utf8PathBuf>, events: EventSink) -> Self {
        let watched = Arc::new(Mutex::new(Watched::default()));
        let seen = Arc::clone(&watched);
        let tell = move |result: DebounceEventResult| {
            // Lost events are made up for when the file is next read or saved: both compare versions.
            if let Ok(changes) = result {
                let paths = changes.iter().flat_map(|change| &change.paths);
                let paths: HashSet<_> =
                    paths.filter_map(|path| Utf8Path::from_path(path)).collect();
                told(&folders, sources.as_deref(), &seen, &paths, &events);
            }
        };
        let config = notify::Config::default();
        let debouncer = new_debouncer_opt(QUIET, Some(QUIET), tell, NoCache, config);
        Self {
            debouncer: debouncer.ok().map(Mutex::new),
            watched,
        }
    }

    /// The window knows this version of a file: it has read or written it.
    pub(super) fn knows(&self, file: &Utf8Path, version: Option<String>) {
        if let Some(known) = lock(&self.watched).documents.get_mut(file) {
            *known = version;
        }
    }

    pub(super) fn watch_documents(&self, files: Vec<Utf8PathBuf>) {
        let mut watched = lock(&self.watched);
        let known = std::mem::take(&mut watched.documents);
        for file in files {
            let version = known
                .get(&file)
                .cloned()
                .unwrap_or_else(|| documents::disk_version(&file));
            watched.documents.insert(file, version);
        }
        self.update(watched);
    }

    pub(super) fn watch_folder(&self, folder: Utf8PathBuf) {
        let mut watched = lock(&self.watched);
        if watched.folders.insert(folder) {
            self.update(watched);
        }
    }

    /// Watches exactly the folders in which something is of interest.
    fn update(&self, mut watched: MutexGuard<'_, Watched>) {
        let of_documents = watched
            .documents
            .keys()
            .filter_map(|file| file.parent().map(Utf8Path::to_owned));
        let wanted: HashSet<_> = of_documents
            .chain(watched.folders.iter().cloned())
            .collect();
        let Some(debouncer) = &self.debouncer else {
            return;
        };
        let mut debouncer = debouncer.lock().unwrap_or_else(PoisonError::into_inner);
        for gone in watched.places.difference(&wanted) {
            let _ = debouncer.unwatch(gone);
        }
        // A folder that cannot be watched (it is gone, or the system's limit is reached) is looked at when it is next used.
        let added: Vec<_> = wanted.difference(&watched.places).cloned().collect();
        watched.places.retain(|place| wanted.contains(place));
        for place in added {
            if debouncer.watch(&place, RecursiveMode::NonRecursive).is_ok() {
                watched.places.insert(place);
            }
        }
    }
}

fn told(
    folders: &Folders,
    sources: Option<&Utf8Path>,
    watched: &Mutex<Watched>,
    paths: &HashSet<&Utf8Path>,
    events: &EventSink,
) {
    let mut news = Vec::new();
    {
        let mut watched = lock(watched);
        for (file, known) in &mut watched.documents {
            if paths.contains(file.as_path()) {
                let version = documents::disk_version(file);
                if version != *known {
                    known.clone_from(&version);
                    news.push(Event::DocumentChanged {
                        path: sources
                            .and_then(|root| name_of(root, file))
                            .unwrap_or_else(|| folders.display(file)),
                        version,
                    });
                }
            }
        }
        if paths.iter().any(|path| {
            path.parent()
                .is_some_and(|folder| watched.folders.contains(folder))
        }) {
            news.push(Event::FilesChanged);
        }
    }
    for event in news {
        events(event);
    }
}

fn lock(watched: &Mutex<Watched>) -> MutexGuard<'_, Watched> {
    watched.lock().unwrap_or_else(PoisonError::into_inner)
}
