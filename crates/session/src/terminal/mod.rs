//! Terminals: a program on a pseudo-terminal, its screen, and the views that show it.

mod editor;
mod foreground;
mod ground;
mod input;
mod io;
mod marks;
mod progress;
mod pump;
mod recording;
mod registry;
mod screen;
mod sequence;
pub mod shell;
mod snapshot;
mod typing;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use rustix::fs::Dev;
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;

pub use self::editor::EditorTerminals;
pub use self::foreground::{Look, Waits};
pub use self::ground::Ground;
pub use self::marks::{Mark, Marks};
pub use self::progress::{Activity, TerminalEvent};
pub use self::pump::{BATCH, GATHER, ViewOutput, WINDOW};
pub use self::recording::{Recorder, RecordingError};
pub use self::registry::{TerminalError, Terminals};
pub use self::screen::{Fed, SCROLLBACK, Screen};
pub(crate) use self::typing::{enters, typed};

use self::input::Input;
use self::progress::Progress;
use self::pump::{Backlog, Views};
use self::recording::Track;
use self::shell::Shell;
use crate::launch::{LaunchError, Launcher, Marker, Master, proc};

/// A program on a pseudo-terminal. Dropping it hangs up: the programs in it are asked to end, and killed a second later.
pub struct Terminal {
    shared: Arc<Shared>,
}

/// A view of a terminal. Dropping it detaches.
pub struct View {
    backlog: Arc<Backlog>,
    task: JoinHandle<()>,
}

/// What the terminal, its I/O thread and its views share.
struct Shared {
    name: String,
    /// The first program: its process, group and session id.
    pid: u32,
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "only Linux finds processes by their marks")
    )]
    marker: Marker,
    side: Mutex<Master>,
    tty_device: Dev,
    state: Mutex<State>,
    input: Mutex<Input>,
    events: broadcast::Sender<TerminalEvent>,
    activity: watch::Sender<Activity>,
    /// How many bytes have been read so far.
    output: watch::Sender<u64>,
    /// Whether typed commands go through instead of waiting for the first prompt.
    ready: watch::Sender<bool>,
    /// Who types next.
    turn: tokio::sync::Mutex<()>,
    /// The process group that was seen waiting for input last; 0 before the first.
    asked: AtomicU32,
}

struct State {
    screen: Screen,
    views: Views,
    progress: Progress,
    /// The last bytes of output, at most [`KEPT`].
    recent: Vec<u8>,
    /// Where what it shows is recorded.
    track: Option<Track>,
}

/// How many bytes of raw output are kept for [`Terminal::output_since`].
const KEPT: usize = 256 * 1024;
/// Events that a slow subscriber may fall behind before it misses some.
const EVENTS: usize = 4096;

impl Terminal {
    /// Starts a shell on a terminal of `columns` by `rows` characters.
    pub fn spawn(
        launcher: &Launcher,
        name: impl Into<String>,
        shell: &Shell,
        columns: u16,
        rows: u16,
    ) -> Result<Terminal, LaunchError> {
        let child = launcher.spawn_pty(&shell.program, columns, rows)?;
        let (input, wake) = Input::new(!shell.prompts);
        let shared = Arc::new(Shared {
            name: name.into(),
            pid: child.pid,
            marker: child.marker,
            tty_device: device(&child.side),
            side: Mutex::new(child.side),
            state: Mutex::new(State {
                screen: Screen::on(shell.ground.clone(), columns, rows),
                views: Views::default(),
                progress: Progress::default(),
                recent: Vec::new(),
                track: None,
            }),
            input: Mutex::new(input),
            events: broadcast::Sender::new(EVENTS),
            activity: watch::Sender::new(Activity::Starting),
            output: watch::Sender::new(0),
            ready: watch::Sender::new(false),
            turn: tokio::sync::Mutex::default(),
            asked: AtomicU32::default(),
        });
        io::start(&shared, child.master, wake, child.end);
        Ok(Terminal { shared })
    }

    /// The name by which actions address it.
    pub fn name(&self) -> &str {
        &self.shared.name
    }

    /// The process id of its first program, which is also its session id (in the sense of `setsid`).
    pub fn pid(&self) -> u32 {
        self.shared.pid
    }

    /// Sends bytes as they are: what a view's keyboard produces. Never blocks.
    pub fn write(&self, bytes: &[u8]) {
        self.shared.input().write_by_hand(bytes);
    }

    /// Changes the size in characters, for the programs and the screen.
    pub fn resize(&self, columns: u16, rows: u16) {
        let (columns, rows) = (columns.max(2), rows.max(1));
        let mut state = self.shared.state();
        state.screen.resize(columns, rows);
        if let Some(track) = &state.track {
            track.resized(columns, rows);
        }
        drop(state);
        self.shared.side().resize(columns, rows);
    }

    /// Drops scrollback and screen but the line of the cursor, here and in the views; nothing is sent to the shell.
    ///
    /// Does nothing while a full-screen program is shown.
    pub fn clear(&self) {
        let mut state = self.shared.state();
        let bytes = state.screen.clearing();
        state.screen.feed(&bytes);
        state.views.offer(&bytes);
        if let Some(track) = &state.track {
            track.output(&bytes);
        }
    }

    /// Records what it shows, as `name`, from its first output on. To be called right after it has started.
    fn record(&self, recorder: &Arc<Recorder>, name: &str) {
        let mut state = self.shared.state();
        state.track = recorder.track(name, state.screen.size());
        if let Some(track) = &state.track {
            track.output(&state.recent);
        }
    }

    /// Events from now on. A subscriber that falls thousands of events behind misses some (`Lagged`).
    pub fn events(&self) -> broadcast::Receiver<TerminalEvent> {
        self.shared.events.subscribe()
    }

    /// Events from now on, and what the terminal is doing now: nothing is told between the two.
    pub fn follow(&self) -> (broadcast::Receiver<TerminalEvent>, Activity) {
        // Held while a piece of output is taken in and told.
        let _told = self.shared.state();
        (self.events(), *self.shared.activity.borrow())
    }

    /// What the terminal is doing, to look at or to wait on.
    pub fn activity(&self) -> watch::Receiver<Activity> {
        self.shared.activity.subscribe()
    }

    /// Waits until its program has ended.
    pub async fn ended(&self) {
        let mut activity = self.activity();
        let exited = |activity: &Activity| matches!(activity, Activity::Exited { .. });
        // It cannot fail while the terminal is there. The guard must not outlive this line.
        drop(activity.wait_for(exited).await);
    }

    /// How many bytes of output there have been, to look at or to wait on.
    pub fn output(&self) -> watch::Receiver<u64> {
        self.shared.output.subscribe()
    }

    /// Whether typed commands go through; until then they wait for the first prompt.
    pub fn ready(&self) -> watch::Receiver<bool> {
        self.shared.ready.subscribe()
    }

    /// Hangs up, whoever still holds the terminal: its programs are asked to end, and killed a second later.
    pub fn hang_up(&self) {
        self.shared.input().stop();
    }

    /// The visible screen as plain text.
    pub fn text(&self) -> String {
        self.shared.state().screen.text()
    }

    /// Scrollback and screen as plain text.
    pub fn text_with_scrollback(&self) -> String {
        self.shared.state().screen.text_with_scrollback()
    }

    /// What was printed since the output had `offset` bytes, as plain text; at most the last 256 KiB of it.
    pub fn output_since(&self, offset: u64) -> String {
        let state = self.shared.state();
        let added = self.shared.output.borrow().saturating_sub(offset);
        let added = usize::try_from(added)
            .unwrap_or(usize::MAX)
            .min(state.recent.len());
        state
            .screen
            .plain(&state.recent[state.recent.len() - added..])
    }

    /// The title that the program has set.
    pub fn title(&self) -> Option<String> {
        self.shared.state().screen.title()
    }

    /// The bytes that bring an xterm of the same size into the terminal's state.
    pub fn snapshot(&self) -> Vec<u8> {
        self.shared.state().screen.snapshot()
    }

    /// Looks at the programs in front. Reads `/proc`, which takes a few milliseconds. `None` once the terminal is dead.
    pub async fn look(&self) -> Option<Look> {
        let shared = Arc::clone(&self.shared);
        tokio::task::spawn_blocking(move || shared.look())
            .await
            .ok()
            .flatten()
    }

    /// Bytes that were typed and not yet read; 0 where the system does not tell, or the terminal is dead.
    pub(crate) fn unread(&self) -> u64 {
        foreground::unread(self.shared.side().other_side().ok().as_ref())
    }

    /// Whether this process group is the one that was seen waiting for input last.
    pub(crate) fn has_asked(&self, group: u32) -> bool {
        self.shared.asked.load(Ordering::Relaxed) == group
    }

    /// Whether the shell has ever announced a command before running it; bash before 4.4 does not.
    pub(crate) fn announces_commands(&self) -> bool {
        self.shared.state().progress.announces()
    }

    /// The sockets (by inode) and ports that anybody listens on in the terminal's network.
    pub async fn listening(&self) -> BTreeMap<u64, u16> {
        let pid = self.shared.pid_number();
        tokio::task::spawn_blocking(move || proc::listening(pid))
            .await
            .unwrap_or_default()
    }

    /// The ports that processes of the session listen on and that `known` does not have. Empty where the system does
    /// not tell (not Linux).
    pub async fn new_ports(&self, known: &BTreeMap<u64, u16>) -> Vec<u16> {
        let (shared, known) = (Arc::clone(&self.shared), known.clone());
        tokio::task::spawn_blocking(move || shared.new_ports(&known))
            .await
            .unwrap_or_default()
    }

    /// Shows the terminal in a view: `sink` first gets the state, then what follows, on a task of its own.
    ///
    /// Needs a running tokio runtime. `sink` should only hand over; while it runs, this view alone waits.
    pub fn attach(&self, sink: impl FnMut(ViewOutput) + Send + 'static) -> View {
        let backlog = Backlog::new();
        self.shared.state().views.add(Arc::clone(&backlog));
        // The terminal must be able to go while a view is still attached.
        let shared = Arc::downgrade(&self.shared);
        let mine = Arc::clone(&backlog);
        let task = tokio::spawn(async move {
            let snapshot = || shared.upgrade().map(|shared| shared.snapshot_for(&mine));
            mine.run(snapshot, sink).await;
        });
        View { backlog, task }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.hang_up();
    }
}

impl View {
    /// Reports that the view has drawn that many bytes, which gives it credit for as many.
    pub fn acknowledge(&self, bytes: usize) {
        self.backlog.acknowledge(bytes);
    }
}

impl Drop for View {
    fn drop(&mut self) {
        self.backlog.close();
        self.task.abort();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn input(&self) -> MutexGuard<'_, Input> {
        self.input.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn snapshot_for(&self, backlog: &Backlog) -> Bytes {
        let mut state = self.state();
        let bytes = state.screen.snapshot();
        backlog.restart(bytes.len());
        bytes.into()
    }

    fn side(&self) -> MutexGuard<'_, Master> {
        self.side.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pid_number(&self) -> i32 {
        i32::try_from(self.pid).unwrap_or_default()
    }

    #[cfg(target_os = "linux")]
    fn new_ports(&self, known: &BTreeMap<u64, u16>) -> Vec<u16> {
        self.marker.new_ports(self.pid_number(), known)
    }

    #[cfg(not(target_os = "linux"))]
    fn new_ports(&self, _known: &BTreeMap<u64, u16>) -> Vec<u16> {
        Vec::new()
    }

    fn look(&self) -> Option<Look> {
        let group = self.side().foreground()?;
        let (waits, ticks, busy) = foreground::programs(self.pid, group, self.tty_device);
        if !matches!(waits, Waits::No | Waits::Unknown) {
            self.asked.store(group, Ordering::Relaxed);
        }
        let tty = self.side().other_side().ok();
        Some(Look {
            group,
            group_inside: proc::inside(group),
            waits,
            ticks,
            busy,
            unread: foreground::unread(tty.as_ref()),
            unusual_input: foreground::unusual_input(tty.as_ref()),
        })
    }
}

fn device(side: &Master) -> Dev {
    let status = side.other_side().and_then(rustix::fs::fstat);
    status.map_or(0, |status| status.st_rdev)
}
