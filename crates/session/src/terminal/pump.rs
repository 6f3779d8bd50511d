//! Hands a terminal's output to its views: batched, and never more than a view can take.
//!
//! The terminal's reader only appends to a view's backlog and never waits. A view has credit for [`WINDOW`] bytes that it
//! has not acknowledged. Without credit it gets nothing; if meanwhile more than a window has gathered, the backlog is
//! dropped and the view gets the terminal's state once it has acknowledged all it had.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::Notify;
use tokio::time::Instant;

/// The largest batch, in bytes (a snapshot may be larger).
pub const BATCH: usize = 64 * 1024;
/// How long output is gathered after a batch before the next one is sent.
pub const GATHER: Duration = Duration::from_millis(8);
/// How many bytes may be on their way to a view, and how many may wait for it.
pub const WINDOW: usize = 512 * 1024;

/// What a view receives. Each byte of either kind is to be acknowledged once it has been drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ViewOutput {
    /// The next bytes of output.
    Bytes(Bytes),
    /// The terminal's whole state; it begins with a reset and replaces all that came before.
    Snapshot(Bytes),
}

/// The views of one terminal.
#[derive(Default)]
pub(super) struct Views(Vec<Arc<Backlog>>);

impl Views {
    pub(super) fn add(&mut self, backlog: Arc<Backlog>) {
        self.0.push(backlog);
    }

    /// Appends output to every view's backlog.
    pub(super) fn offer(&mut self, bytes: &[u8]) {
        self.0.retain(|backlog| backlog.offer(bytes));
    }
}

/// What waits for one view.
#[derive(Default)]
pub(super) struct Backlog {
    state: Mutex<BacklogState>,
    wake: Notify,
}

#[derive(Default)]
struct BacklogState {
    waiting: Vec<u8>,
    unacknowledged: usize,
    /// Output was dropped, or the view is new: only the whole state can bring it up to date.
    behind: bool,
    closed: bool,
}

/// What to do next for a view.
enum Next {
    Wait,
    Send(Bytes),
    SendState,
    Stop,
}

impl Backlog {
    /// The backlog of a new view, which first gets the state.
    pub(super) fn new() -> Arc<Self> {
        let backlog = Backlog::default();
        backlog.lock().behind = true;
        Arc::new(backlog)
    }

    /// Returns whether the view is still there.
    fn offer(&self, bytes: &[u8]) -> bool {
        let mut state = self.lock();
        if !state.behind {
            if state.waiting.len() + bytes.len() > WINDOW {
                state.behind = true;
                state.waiting = Vec::new();
            } else {
                state.waiting.extend_from_slice(bytes);
            }
            self.wake.notify_one();
        }
        !state.closed
    }

    /// Called with the terminal locked, so that nothing is lost or doubled between the state and what follows.
    pub(super) fn restart(&self, snapshot_bytes: usize) {
        let mut state = self.lock();
        state.behind = false;
        state.waiting.clear();
        state.unacknowledged += snapshot_bytes;
    }

    pub(super) fn acknowledge(&self, bytes: usize) {
        let mut state = self.lock();
        state.unacknowledged = state.unacknowledged.saturating_sub(bytes);
        self.wake.notify_one();
    }

    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.wake.notify_one();
    }

    /// Feeds the view until it is closed. `snapshot` takes the state and calls [`Backlog::restart`].
    pub(super) async fn run(
        &self,
        snapshot: impl Fn() -> Option<Bytes>,
        mut sink: impl FnMut(ViewOutput),
    ) {
        let mut last_sent: Option<Instant> = None;
        loop {
            // After a pause the first bytes go out at once: an echo must not wait.
            if self.has_output()
                && let Some(last) = last_sent
            {
                tokio::time::sleep_until(last + GATHER).await;
            }
            match self.next() {
                Next::Stop => return,
                Next::Wait => {
                    self.wake.notified().await;
                    continue;
                }
                Next::Send(bytes) => sink(ViewOutput::Bytes(bytes)),
                Next::SendState => match snapshot() {
                    Some(bytes) => sink(ViewOutput::Snapshot(bytes)),
                    None => return,
                },
            }
            last_sent = Some(Instant::now());
        }
    }

    /// Whether a batch could go out that is worth gathering for.
    fn has_output(&self) -> bool {
        let state = self.lock();
        !state.behind && (1..BATCH).contains(&state.waiting.len())
    }

    fn next(&self) -> Next {
        let mut state = self.lock();
        if state.closed {
            Next::Stop
        } else if state.behind {
            if state.unacknowledged == 0 {
                Next::SendState
            } else {
                Next::Wait
            }
        } else if state.waiting.is_empty() || state.unacknowledged >= WINDOW {
            Next::Wait
        } else {
            let room = BATCH
                .min(WINDOW - state.unacknowledged)
                .min(state.waiting.len());
            let rest = state.waiting.split_off(room);
            let batch = std::mem::replace(&mut state.waiting, rest);
            state.unacknowledged += batch.len();
            Next::Send(batch.into())
        }
    }

    fn lock(&self) -> MutexGuard<'_, BacklogState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
