//! One wait for one command: events first, and a look at the processes every now and then.

mod late;

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, sleep_until};

use super::{CommandEnd, CommandWait, GoOn, Meanwhile, StillRunning};
use crate::terminal::{Activity, Look, Terminal, TerminalEvent, Waits};

/// How long a shell must be at rest at its prompt.
const AT_REST: Duration = Duration::from_millis(60);
/// How long a program must be blocked reading the terminal.
const READING: Duration = Duration::from_millis(80);
/// How long a program must be quiet that sleeps until the terminal wakes it.
const POLLING: Duration = Duration::from_millis(300);
/// The same when it watches other things too: it may be waiting for those (apt for dpkg, a server for its clients).
const POLLING_MORE: Duration = Duration::from_millis(1500);
/// The same for a program that cannot be looked into (`sudo` asking for a password).
const HIDDEN: Duration = Duration::from_millis(600);
/// How long a shell must be at rest that has read everything without showing a new prompt.
const UNANSWERED: Duration = Duration::from_millis(500);
/// A command that a later action deals with is left after so much quiet, or so much time.
const LATER: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(3));
/// How long the last command of a page must be silent.
const SILENT: Duration = Duration::from_secs(3);
/// CPU ticks (of 10 ms) that count as none: a server that looks around twice a second uses them.
const NO_CPU: u64 = 2;
/// Between looking for new ports.
const PORTS: Duration = Duration::from_millis(200);

/// How long a program that does not wait for input may take to end before text is typed into it.
const ENDING: Duration = Duration::from_secs(2);

/// How long a program may leave unread what was typed into it.
const UNREAD: Duration = Duration::from_secs(5);
/// How long typed text may be on its way to a program.
const ARRIVING: Duration = Duration::from_millis(500);

/// How long a shell that has shown its prompt mostly takes to read on.
const SOON: Duration = Duration::from_millis(2);

/// Lets what was typed last take effect: returns once the shell or a program waits for input, or after two seconds.
pub(super) async fn settle(terminal: &Terminal, deadline: Instant) {
    let mut activity = terminal.activity();
    let until = deadline.min(Instant::now() + ENDING);
    let mut rest = Rest::default();
    while Instant::now() < until {
        let now = *activity.borrow_and_update();
        let pause = match now {
            Activity::Running | Activity::Starting => Duration::from_millis(40),
            Activity::AtPrompt { .. } => SOON,
            Activity::Continuation | Activity::Exited { .. } => return,
        };
        let Some(look) = terminal.look().await else {
            return;
        };
        let settled = match now {
            // What a program has left unread is the shell's to read, and shows a prompt of its own.
            Activity::AtPrompt { shell, .. } => {
                let reads = look.waits != Waits::No || look.group_inside != shell;
                look.unread == 0 && reads
            }
            _ => {
                let resting = rest.lasts(look, *terminal.output().borrow());
                waits_for_input(look, resting)
            }
        };
        if settled {
            return;
        }
        // Either the activity changes or it is time to look again.
        let _ = tokio::time::timeout(pause, activity.changed()).await;
    }
}

/// Waits until the program in front has read what was typed into it. One that rests without ever asking for it never will.
pub(super) async fn read_by_program(terminal: &Terminal, deadline: Instant) -> CommandEnd {
    let mut activity = terminal.activity();
    let unread = Instant::now() + UNREAD;
    let until = deadline.min(unread);
    let mut arrived = None;
    let mut most = 0;
    loop {
        let now = *activity.borrow_and_update();
        if !matches!(now, Activity::Running | Activity::Starting) {
            return CommandEnd::TypedIntoProgram;
        }
        let Some(look) = terminal.look().await else {
            return CommandEnd::TypedIntoProgram;
        };
        // What has not come as far as the program does not count as read.
        arrived = match terminal.has_unsent() {
            true => None,
            false => arrived.or_else(|| Some(Instant::now())),
        };
        if look.unread == 0 && arrived.is_some_and(|since| since.elapsed() >= ARRIVING) {
            return CommandEnd::TypedIntoProgram;
        }
        // It takes its time, and reads.
        if look.unread < most {
            return CommandEnd::TypedIntoProgram;
        }
        most = look.unread;
        if Instant::now() >= until {
            return match look.waits {
                // Within a shorter limit nobody can tell.
                Waits::No if look.unread > 0 && !look.busy && until == unread => {
                    CommandEnd::NotRead
                }
                _ => CommandEnd::TypedIntoProgram,
            };
        }
        let _ = tokio::time::timeout(Duration::from_millis(100), activity.changed()).await;
    }
}

/// Whether the program in front has been waiting for the terminal for long enough to believe it.
fn waits_for_input(look: Look, resting: Duration) -> bool {
    let needed = match look.waits {
        Waits::Reading => READING,
        Waits::Polling => POLLING,
        Waits::PollingMore => POLLING_MORE,
        Waits::Unknown if look.unusual_input => HIDDEN,
        Waits::Unknown | Waits::No => return false,
    };
    look.unread == 0 && (surely(look.waits) || !look.busy) && resting >= needed
}

/// Whether nothing but input can wake the program. Then it does not matter what works beside it, a background job for one.
fn surely(waits: Waits) -> bool {
    matches!(waits, Waits::Reading | Waits::Polling)
}

/// How long looks have been the same, without output in between.
#[derive(Default)]
struct Rest(Option<(Instant, Look, u64)>);

impl Rest {
    fn lasts(&mut self, mut look: Look, output: u64) -> Duration {
        let now = Instant::now();
        if surely(look.waits) {
            (look.ticks, look.busy) = (0, false);
        }
        match self.0 {
            Some((since, before, printed)) if before == look && printed == output => now - since,
            _ => {
                self.0 = Some((now, look, output));
                Duration::ZERO
            }
        }
    }
}

pub(super) struct Watch<'a> {
    terminal: &'a Terminal,
    events: Receiver<TerminalEvent>,
    wait: CommandWait,
    deadline: Instant,
    started: Instant,
    /// The typed lines: whether each is blank or a comment.
    blank: Vec<bool>,
    /// The shell that got the text, and how many lines it had read before.
    base: Option<(u32, u64)>,
    /// How many of the typed lines it has read.
    read: usize,
    exit_code: i32,
    /// How many prompts came back.
    prompts: u32,
    interrupts: u64,
    ports: BTreeMap<u64, u16>,
    ports_seen: Instant,
    rest: Rest,
    /// Since when neither output nor CPU.
    quiet: Option<(Instant, u64, u64)>,
    leaving: Leaving<'a>,
}

/// What to do about a command that may be left running.
enum Leaving<'a> {
    /// Stop watching it.
    Return,
    /// Tell it, and watch on.
    Tell(GoOn<'a>),
    /// It is told.
    Told,
}

impl<'a> Watch<'a> {
    /// Begins before anything is typed, so that nothing is missed. Gives also what the terminal is doing at that moment.
    pub(super) async fn start(
        terminal: &'a Terminal,
        lines: impl Iterator<Item = &str>,
        wait: CommandWait,
        deadline: Instant,
    ) -> (Watch<'a>, Activity) {
        let blank = |line: &str| {
            let line = line.trim_start();
            line.is_empty() || line.starts_with('#')
        };
        let ports = terminal.listening().await;
        let (events, activity) = terminal.follow();
        let now = Instant::now();
        let watch = Watch {
            terminal,
            events,
            wait,
            deadline,
            started: now,
            blank: lines.map(blank).collect(),
            base: None,
            read: 0,
            exit_code: 0,
            prompts: 0,
            interrupts: terminal.interrupts(),
            ports,
            ports_seen: now,
            rest: Rest::default(),
            quiet: None,
            leaving: Leaving::Return,
        };
        (watch, activity)
    }

    /// Tells of a command that may be left running, instead of leaving it.
    pub(super) fn tell(&mut self, go_on: Option<GoOn<'a>>) {
        self.leaving = go_on.map_or(Leaving::Return, Leaving::Tell);
    }

    /// The text is typed at the prompt of this shell, which has read `line` lines so far.
    pub(super) fn typed_at(&mut self, shell: u32, line: u64) {
        self.base = Some((shell, line));
    }

    /// Waits for the verdict.
    pub(super) async fn end(&mut self) -> CommandEnd {
        self.started = Instant::now();
        loop {
            let next_look = Instant::now() + self.pace();
            loop {
                tokio::select! {
                    biased;
                    event = self.events.recv() => match event {
                        Ok(event) => if let Some(end) = self.event(event) {
                            return end;
                        },
                        // The looks see the same, a little later.
                        Err(RecvError::Lagged(_)) => {}
                        Err(RecvError::Closed) => return CommandEnd::TimedOut,
                    },
                    () = sleep_until(self.deadline.min(next_look)) => break,
                }
            }
            if let Some(end) = self.look().await {
                return end;
            }
            if Instant::now() >= self.deadline {
                return CommandEnd::TimedOut;
            }
        }
    }

    /// Quick at first, when most commands end; then sparing.
    fn pace(&self) -> Duration {
        match self.started.elapsed().as_millis() {
            0..2000 => Duration::from_millis(40),
            2000..10_000 => Duration::from_millis(100),
            _ => Duration::from_millis(250),
        }
    }

    fn event(&mut self, event: TerminalEvent) -> Option<CommandEnd> {
        match event {
            TerminalEvent::PromptShown {
                shell,
                line,
                status,
                ran,
            } => {
                self.prompts += 1;
                let before = self.read;
                match self.base {
                    Some((base, first)) if base == shell && line >= first => {
                        self.read = usize::try_from(line - first)
                            .unwrap_or(usize::MAX)
                            .min(self.blank.len());
                    }
                    // Another shell's prompt, or the same process as a new shell: its lines say nothing.
                    _ => self.base = None,
                }
                if ran {
                    self.note(status);
                } else {
                    self.nothing_ran(before, status);
                }
                let all_read =
                    self.base.is_some() && !self.blank.is_empty() && self.read == self.blank.len();
                all_read.then(|| self.ended())
            }
            TerminalEvent::Exited { status } => Some(CommandEnd::Exited { status }),
            TerminalEvent::CommandStarted { .. }
            | TerminalEvent::CommandFinished { .. }
            | TerminalEvent::ContinuationShown => None,
        }
    }

    fn note(&mut self, status: i32) {
        if self.exit_code == 0 {
            self.exit_code = status;
        }
    }

    /// A prompt without a command: blank lines and comments, a syntax error, or an interrupt.
    fn nothing_ran(&mut self, before: usize, status: i32) {
        let lines = if self.base.is_some() {
            &self.blank[before..self.read]
        } else {
            &self.blank[..]
        };
        if lines.iter().all(|blank| *blank) {
            return;
        }
        // Old shells announce no command: then this was an ordinary one. Otherwise bash has refused the line, and says
        // so in the status, except for `event not found`.
        let refused = status == 0 && self.terminal.announces_commands() && self.base.is_some();
        self.note(if refused { 1 } else { status });
    }

    fn ended(&self) -> CommandEnd {
        let ours = self.terminal.interrupts() > self.interrupts;
        CommandEnd::Ended {
            exit_code: self.exit_code,
            interrupted: ours && self.exit_code == 130,
        }
    }

    async fn look(&mut self) -> Option<CommandEnd> {
        let look = self.terminal.look().await?;
        // Read after looking: what changed meanwhile makes the look stale, and the next one decides.
        let activity = *self.terminal.activity().borrow();
        let output = *self.terminal.output().borrow();
        let resting = self.rest.lasts(look, output);
        let quiet = self.quiet(look, output);
        match activity {
            Activity::Exited { status } => return Some(CommandEnd::Exited { status }),
            Activity::AtPrompt { shell, .. } if look.group_inside == shell => {
                return self.at_prompt(look, resting);
            }
            // A shell that was suspended, or left for another one.
            Activity::AtPrompt { .. } => {}
            Activity::Continuation | Activity::Running | Activity::Starting => {}
        }
        let still = |reason| Some(CommandEnd::StillRunning { reason });
        if waits_for_input(look, resting) {
            let later = self.wait.later;
            let meant =
                self.wait.background || later.interrupted_or_used_later || later.completed_later;
            return still(match activity {
                Activity::Continuation if !meant => StillRunning::Unfinished,
                _ => StillRunning::WaitsForInput,
            });
        }
        if activity != Activity::Running {
            return None;
        }
        if self.wait.background
            && let Some(end) = self.leave(StillRunning::Background)
        {
            return Some(end);
        }
        if self.ports_seen.elapsed() >= PORTS {
            self.ports_seen = Instant::now();
            if let Some(port) = self.terminal.new_ports(&self.ports).await.first() {
                return still(StillRunning::ListensOn { port: *port });
            }
        }
        let later = self.wait.later;
        if later.interrupted_or_used_later
            && (quiet >= LATER.0 || self.started.elapsed() >= LATER.1)
        {
            return self.leave(StillRunning::LaterAction);
        }
        if later.last_on_page && quiet >= SILENT {
            return self.leave(StillRunning::Silent);
        }
        None
    }

    /// The command may be left running.
    fn leave(&mut self, reason: StillRunning) -> Option<CommandEnd> {
        match self.leaving {
            Leaving::Return => return Some(CommandEnd::StillRunning { reason }),
            Leaving::Tell(go_on) => go_on(Meanwhile::GoesOn),
            Leaving::Told => {}
        }
        self.leaving = Leaving::Told;
        None
    }

    /// The shell is at its prompt; is it at rest, with nothing left to read?
    fn at_prompt(&mut self, look: Look, resting: Duration) -> Option<CommandEnd> {
        let reads = match look.waits {
            Waits::Reading | Waits::Polling | Waits::PollingMore => true,
            Waits::Unknown => look.unusual_input,
            Waits::No => false,
        };
        if look.unread > 0 || !reads {
            return None;
        }
        if self.prompts > 0 && resting >= AT_REST {
            return Some(self.ended());
        }
        // Everything was read and no new prompt came: bash has drawn the same one again (`event not found`).
        if self.prompts == 0 && resting >= UNANSWERED {
            if !self.blank.iter().all(|blank| *blank) {
                self.note(1);
            }
            return Some(self.ended());
        }
        None
    }

    /// How long there was neither output nor CPU used worth mentioning.
    fn quiet(&mut self, look: Look, output: u64) -> Duration {
        let now = Instant::now();
        match self.quiet {
            Some((since, ticks, printed))
                if printed == output && look.ticks.abs_diff(ticks) <= NO_CPU =>
            {
                now - since
            }
            _ => {
                self.quiet = Some((now, look.ticks, output));
                Duration::ZERO
            }
        }
    }
}
