//! Opens a session for the window.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use atelier_content::{Loaded, Variables, Workshop};
use camino::{Utf8Path, Utf8PathBuf};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::findings::Findings;
use super::library::{Judged, Library};
use super::open::OpenSession;
use super::preview::Preview;
use super::starts::Starts;
use super::watcher::Watcher;
use crate::error::SessionError;
use crate::events::EventSink;
use crate::isolation::Isolation;
use crate::journal;
use crate::messages::Allowance;
use crate::session::{Session, SessionOptions};
use crate::store::Store;
use crate::trust::Trust;

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
        let store = library.store();
        if trust == Trust::Content {
            let kept = store.trust().keep_missing(&judged.seen);
            kept.map_err(SessionError::io(store.root()))?;
        }
        let root = session_root(store, &loaded.workshop, fresh)?;
        let isolation = isolation_of(store, &judged)?;
        let options = SessionOptions {
            isolation,
            root,
            home: None,
            helper,
            owner: std::env::vars().collect(),
            allowed: judged.allowed,
            expected: (trust == Trust::Content).then_some(judged.seen.print),
            events: Arc::clone(&events),
            cancel,
        };
        // Looked through once the first page is there: that must not wait for it.
        let found = Loaded {
            workshop: loaded.workshop.clone(),
            diagnostics: loaded.diagnostics,
        };
        let session = prepared(store, loaded.workshop, options).await?;
        let author = trust == Trust::Author;
        let open = Arc::new(Self::around(session, events, isolation, author));
        Self::follow_broadcasts(&open);
        open.check_later(found);
        open.follow_author();
        if !open.session.is_ready() {
            open.run_setup();
        }
        Ok(open)
    }

    /// What a window needs beside a session.
    fn around(
        session: Arc<Session>,
        events: EventSink,
        isolation: Isolation,
        author: bool,
    ) -> Self {
        let sources = author.then(|| session.workshop().root.clone());
        let watcher = Watcher::start(session.folders().clone(), sources, Arc::clone(&events));
        let preview = author.then(|| Preview::new(&session));
        Self {
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
        }
    }
}

/// Where the session lies that is opened: that of the workshop which was used last, or a new one.
fn session_root(
    store: &Store,
    workshop: &Workshop,
    fresh: bool,
) -> Result<Utf8PathBuf, SessionError> {
    let earlier = store.session_of(&workshop.root).filter(|_| !fresh);
    let root = match earlier {
        Some(session) => session.root,
        None => store
            .new_session(&workshop.name)
            .map_err(SessionError::io(store.root()))?,
    };
    // What an earlier start has copied in part is no beginning to build upon.
    discard_half_made(store, &root)?;
    Ok(root)
}

/// How far the session's programs may reach, which is remembered.
fn isolation_of(store: &Store, judged: &Judged) -> Result<Isolation, SessionError> {
    let isolation = judged.isolation.unwrap_or_else(Isolation::by_default);
    if judged.isolation.is_none() && isolation == Isolation::Isolated {
        // Where that becomes impossible, a later start asks before it reaches further.
        let (root, print) = (&judged.seen.root, &judged.seen.print);
        let kept = store.trust().isolate(root, print, isolation);
        kept.map_err(SessionError::io(store.root()))?;
    }
    Ok(isolation)
}

/// Copies the files and begins; of a session that does not come to that nothing is left.
async fn prepared(
    store: &Store,
    workshop: Workshop,
    options: SessionOptions,
) -> Result<Arc<Session>, SessionError> {
    let (root, called_off) = (options.root.clone(), options.cancel.clone());
    match Session::prepare(workshop, options).await {
        Ok(session) if called_off.is_cancelled() => {
            session.close().await;
            Err(SessionError::Cancelled)
        }
        Ok(session) => Ok(Arc::new(session)),
        Err(error) => {
            if !matches!(error, SessionError::Busy(_)) {
                // Why it did not start matters more than that a part of it could not be deleted.
                let _ = discard_half_made(store, &root);
            }
            Err(error)
        }
    }
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
