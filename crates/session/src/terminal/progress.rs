//! Turns a shell's marks into what the terminal is doing.

use super::marks::Mark;

/// What a terminal is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// The shell has not shown a prompt yet, or this terminal runs a program that has none.
    Starting,
    /// The shell shows its prompt and reads a line.
    AtPrompt {
        /// The shell's process id: a nested bash is another one.
        shell: u32,
        /// How many lines it has read.
        line: u64,
        /// `$?`.
        status: i32,
        /// Whether it knows our key that puts a line aside.
        keys: bool,
    },
    /// The shell asks for the rest of an unfinished command.
    Continuation,
    /// A command runs.
    Running,
    /// The terminal's program has ended.
    Exited {
        /// Its exit status; 128 and the signal's number if a signal ended it.
        status: i32,
    },
}

/// Something that happened in a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TerminalEvent {
    /// A prompt is complete. Redrawing one is no event.
    PromptShown {
        /// The shell's process id.
        shell: u32,
        /// How many lines it has read.
        line: u64,
        /// `$?`.
        status: i32,
        /// Whether a command ran since the prompt before: false for an empty line, Ctrl+C at the prompt, a syntax error.
        ran: bool,
    },
    /// The shell asks for the rest of an unfinished command.
    ContinuationShown,
    /// The shell starts a complete command.
    CommandStarted {
        /// The shell's process id.
        shell: u32,
        /// How many lines it has read.
        line: u64,
    },
    /// A command ended; the prompt follows.
    CommandFinished {
        /// Its exit status.
        status: i32,
    },
    /// The terminal's program has ended; what it printed has been read.
    Exited {
        /// Its exit status; 128 and the signal's number if a signal ended it.
        status: i32,
    },
}

/// Remembers what the marks have said so far.
#[derive(Debug, Default)]
pub(super) struct Progress {
    running: bool,
    announces: bool,
    /// The end mark that the prompt under way began with.
    end: Option<(i32, u32, u64)>,
    /// Shell and line of the last prompt.
    last: Option<(u32, u64)>,
}

impl Progress {
    /// Takes the next mark; returns what happened and what the terminal is doing now.
    pub(super) fn take(&mut self, mark: Mark) -> (Vec<TerminalEvent>, Option<Activity>) {
        match mark {
            Mark::End {
                status,
                shell,
                line,
            } => {
                self.end = Some((status, shell, line));
                (Vec::new(), None)
            }
            Mark::Prompt { keys } => self.prompt(keys),
            Mark::Continuation => (
                vec![TerminalEvent::ContinuationShown],
                Some(Activity::Continuation),
            ),
            Mark::Start { shell, line } => {
                (self.running, self.announces) = (true, true);
                (
                    vec![TerminalEvent::CommandStarted { shell, line }],
                    Some(Activity::Running),
                )
            }
        }
    }

    pub(super) fn announces(&self) -> bool {
        self.announces
    }

    fn prompt(&mut self, keys: bool) -> (Vec<TerminalEvent>, Option<Activity>) {
        let Some((status, shell, line)) = self.end.take() else {
            return (Vec::new(), None);
        };
        let activity = Some(Activity::AtPrompt {
            shell,
            line,
            status,
            keys,
        });
        // Ctrl+L and a change of size draw the prompt again.
        if !self.running && self.last == Some((shell, line)) {
            return (Vec::new(), activity);
        }
        let ran = std::mem::take(&mut self.running);
        self.last = Some((shell, line));
        let shown = TerminalEvent::PromptShown {
            shell,
            line,
            status,
            ran,
        };
        let events = if ran {
            vec![TerminalEvent::CommandFinished { status }, shown]
        } else {
            vec![shown]
        };
        (events, activity)
    }
}
