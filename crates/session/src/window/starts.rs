//! The starts of pages: the files are kept as they are when a page is first shown.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use atelier_content::PageId;
use tokio::sync::{mpsc, watch};

use crate::folders::Folders;
use crate::journal::Entry;
use crate::session::Session;
use crate::snapshots::Snapshots;

/// The snapshots of the open session.
pub(super) struct Starts {
    pub(super) snapshots: Arc<Snapshots>,
    /// For how many the files are being read.
    reading: watch::Sender<u32>,
    /// How many are not in the journal yet.
    pending: watch::Sender<u32>,
    /// Why the start of a page could not be kept.
    pub(super) problem: Arc<Mutex<Option<String>>>,
    /// Those that are to be kept, in the order in which the pages were shown.
    queue: mpsc::UnboundedSender<ToKeep>,
}

/// A page whose start is to be kept. Whatever becomes of it, also a panic, lets go of those who wait.
struct ToKeep {
    session: Weak<Session>,
    page: String,
    reading: Waited,
    pending: Waited,
}

impl Starts {
    /// Must be called within a runtime.
    pub(super) fn new(folders: &Folders) -> Self {
        let snapshots = Arc::new(Snapshots::new(folders));
        let problem = Arc::<Mutex<Option<String>>>::default();
        let (queue, to_keep) = mpsc::unbounded_channel();
        tokio::spawn(keep_in_order(
            to_keep,
            Arc::clone(&snapshots),
            Arc::clone(&problem),
        ));
        Self {
            snapshots,
            reading: watch::Sender::new(0),
            pending: watch::Sender::new(0),
            problem,
            queue,
        }
    }

    /// Keeps the files as they are when a page is shown for the first time, on a thread of its own.
    pub(super) fn keep(&self, session: &Arc<Session>, page: &PageId) {
        if session.journal().progress().start_of(&page.0).is_some() {
            return;
        }
        // Nobody takes it any more when the program is about to end.
        let _ = self.queue.send(ToKeep {
            session: Arc::downgrade(session),
            page: page.0.clone(),
            reading: Waited::new(&self.reading),
            pending: Waited::new(&self.pending),
        });
    }

    /// Nothing changes a file before it has been kept.
    pub(super) async fn files_read(&self) {
        let mut reading = self.reading.subscribe();
        let _ = reading.wait_for(|count| *count == 0).await;
    }

    /// Every start is in the journal that is to be.
    pub(super) async fn settled(&self) {
        let mut pending = self.pending.subscribe();
        let _ = pending.wait_for(|count| *count == 0).await;
    }
}

/// Keeps one start after the other: the journal tells by their order which page was shown after which.
async fn keep_in_order(
    mut queue: mpsc::UnboundedReceiver<ToKeep>,
    snapshots: Arc<Snapshots>,
    problem: Arc<Mutex<Option<String>>>,
) {
    while let Some(start) = queue.recv().await {
        // What set-up makes belongs to the start of every page that was read meanwhile.
        let ready = start.session.upgrade();
        let Some(ready) = ready.map(|session| session.readiness()) else {
            continue;
        };
        // Closed before it was ready, it has nothing to keep.
        if ready.await.is_err() {
            continue;
        }
        let (snapshots, problem) = (Arc::clone(&snapshots), Arc::clone(&problem));
        // A panic concerns this start alone.
        let _ = tokio::task::spawn_blocking(move || start.keep(&snapshots, &problem)).await;
    }
}

impl ToKeep {
    fn keep(self, snapshots: &Snapshots, problem: &Mutex<Option<String>>) {
        let Some(session) = self.session.upgrade() else {
            return;
        };
        // A restore neither replaces files meanwhile, nor sweeps away what the journal does not name yet.
        let writing = session.writing();
        let _held = writing.lock().unwrap_or_else(PoisonError::into_inner);
        if session.journal().progress().start_of(&self.page).is_some() {
            return;
        }
        let taken = snapshots.take();
        drop(self.reading);
        let kept = taken.and_then(|tree| snapshots.save(&tree));
        let noted = kept.map_err(|error| error.to_string()).and_then(|tree| {
            let page = self.page;
            let entry = Entry::PageStart { page, tree };
            session.record(entry).map_err(|error| error.to_string())
        });
        *problem.lock().unwrap_or_else(PoisonError::into_inner) = noted.err();
        // Only now: until here it was not in the journal.
        drop(self.pending);
    }
}

/// Counts for as long as it lives.
struct Waited(watch::Sender<u32>);

impl Waited {
    fn new(count: &watch::Sender<u32>) -> Self {
        count.send_modify(|count| *count += 1);
        Self(count.clone())
    }
}

impl Drop for Waited {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}
