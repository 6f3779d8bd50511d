//! What the shell holds: the library, the one open session, the views of its terminals.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use atelier_session::protocol::{Event, StartRequest};
use atelier_session::terminal::{Terminal, View};
use atelier_session::window::{Library, OpenSession, Opened};
use atelier_session::{EventSink, Store};
use camino::Utf8PathBuf;
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager};
use tokio_util::sync::CancellationToken;

use crate::error::CommandError;
use crate::timings::Timings;

pub(crate) struct AppState {
    pub(crate) library: Library,
    pub(crate) request: Mutex<StartRequest>,
    pub(crate) timings: Timings,
    opened: RwLock<Option<Opened>>,
    /// Cancels the start that is under way.
    starting: Mutex<CancellationToken>,
    listener: Arc<Mutex<Option<Channel<Event>>>>,
    views: Mutex<HashMap<u32, (Arc<Terminal>, View)>>,
    next_view: AtomicU32,
    /// Kept: on X11 what was copied is gone with its owner.
    clipboard: Mutex<Option<arboard::Clipboard>>,
}

impl AppState {
    pub(crate) fn new(
        app: &AppHandle,
        request: StartRequest,
        timings: Timings,
    ) -> std::io::Result<Self> {
        let store = Store::of_owner()?;
        let removed = store.clone();
        // What a removal that was interrupted has left may be large.
        std::thread::spawn(move || {
            removed.clear_removed();
            removed.clear_unfinished();
        });
        Ok(Self {
            library: Library::new(store, bundled(app)),
            request: Mutex::new(request),
            timings,
            opened: RwLock::default(),
            starting: Mutex::default(),
            listener: Arc::default(),
            views: Mutex::default(),
            next_view: AtomicU32::new(1),
            clipboard: Mutex::default(),
        })
    }

    /// The open session; refused while a workshop is only read.
    pub(crate) fn session(&self) -> Result<Arc<OpenSession>, CommandError> {
        Ok(self.opened()?.session()?)
    }

    /// What is open: a session, or a workshop that is only read.
    pub(crate) fn opened(&self) -> Result<Opened, CommandError> {
        let opened = self.opened.read().unwrap_or_else(PoisonError::into_inner);
        opened.clone().ok_or_else(CommandError::no_session)
    }

    pub(crate) fn set_opened(&self, opened: Opened) {
        *self.opened.write().unwrap_or_else(PoisonError::into_inner) = Some(opened);
    }

    pub(crate) fn take_opened(&self) -> Option<Opened> {
        lock(&self.views).clear();
        self.opened
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    /// Ends the session, if one is open.
    pub(crate) async fn close(&self) {
        self.cancel_start();
        if let Some(opened) = self.take_opened() {
            opened.close().await;
        }
    }

    /// A token for a start; an earlier start is called off.
    pub(crate) fn begin_start(&self) -> CancellationToken {
        let token = CancellationToken::new();
        std::mem::replace(&mut *lock(&self.starting), token.clone()).cancel();
        token
    }

    pub(crate) fn cancel_start(&self) {
        lock(&self.starting).cancel();
    }

    /// From now on events go to this channel.
    pub(crate) fn listen(&self, channel: Channel<Event>) {
        *lock(&self.listener) = Some(channel);
    }

    /// Whether the page listens yet.
    pub(crate) fn is_heard(&self) -> bool {
        lock(&self.listener).is_some()
    }

    /// What the page is to open when it asks.
    pub(crate) fn set_request(&self, request: StartRequest) {
        *lock(&self.request) = request;
    }

    pub(crate) fn events(&self) -> EventSink {
        let listener = Arc::clone(&self.listener);
        Arc::new(move |event| {
            if let Some(channel) = &*lock(&listener) {
                // A window that is being closed listens no more.
                let _ = channel.send(event);
            }
        })
    }

    /// Puts text on the system's clipboard.
    pub(crate) fn copy(&self, text: String) -> Result<(), arboard::Error> {
        let mut clipboard = lock(&self.clipboard);
        let opened = match clipboard.take() {
            Some(opened) => opened,
            None => arboard::Clipboard::new()?,
        };
        clipboard.insert(opened).set_text(text)
    }

    pub(crate) fn add_view(&self, terminal: Arc<Terminal>, view: View) -> u32 {
        let id = self.next_view.fetch_add(1, Ordering::Relaxed);
        lock(&self.views).insert(id, (terminal, view));
        id
    }

    pub(crate) fn with_view<T>(
        &self,
        id: u32,
        ask: impl FnOnce(&Terminal, &View) -> T,
    ) -> Option<T> {
        lock(&self.views)
            .get(&id)
            .map(|(terminal, view)| ask(terminal, view))
    }

    pub(crate) fn remove_view(&self, id: u32) {
        lock(&self.views).remove(&id);
    }
}

/// Where the workshops lie that come with Atelier: beside the installed program, or in the source tree.
fn bundled(app: &AppHandle) -> Option<Utf8PathBuf> {
    let installed = app
        .path()
        .resource_dir()
        .ok()
        .map(|folder| folder.join("workshops"));
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../workshops");
    let folder = installed
        .filter(|folder| folder.is_dir())
        .or_else(|| source.is_dir().then_some(source))?;
    Utf8PathBuf::from_path_buf(folder).ok()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
