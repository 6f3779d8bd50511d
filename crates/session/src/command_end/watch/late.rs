//! Text that a program has left unread, and that is read after all.

use std::time::Duration;

use tokio::sync::broadcast::error::TryRecvError;

use super::{Leaving, Watch};
use crate::command_end::{CommandEnd, Meanwhile};
use crate::terminal::TerminalEvent;

/// How long what comes together may take to come: the output of a program, what it has read, and the marks of a prompt.
const TOGETHER: Duration = Duration::from_millis(100);
/// What the end by Ctrl+C is as an exit status. It takes what was typed away.
const INTERRUPTED: i32 = 130;

impl Watch<'_> {
    /// Tells that the text was not read, and waits until it is: by the program, or as a command by the shell when the program
    /// has ended. Looks when the terminal changes, and only then. Without anybody to tell, that it was not read is the end.
    pub(in crate::command_end) async fn read_late(mut self) -> CommandEnd {
        let Leaving::Tell(tell) = self.leaving else {
            return CommandEnd::NotRead;
        };
        tell(Meanwhile::NotRead);
        self.leaving = Leaving::Told;
        let mut output = self.terminal.output();
        let mut activity = self.terminal.activity();
        let mut most = 0;
        loop {
            output.mark_unchanged();
            activity.mark_unchanged();
            loop {
                match self.events.try_recv() {
                    Ok(TerminalEvent::PromptShown {
                        shell,
                        line,
                        status,
                        ..
                    }) => {
                        let lost = status == INTERRUPTED || self.was_interrupted();
                        return match lost {
                            true => CommandEnd::NotRead,
                            false => self.read_by_shell(shell, line).await,
                        };
                    }
                    Ok(TerminalEvent::Exited { .. }) | Err(TryRecvError::Closed) => {
                        return CommandEnd::NotRead;
                    }
                    Err(TryRecvError::Empty) => break,
                    Ok(_) | Err(TryRecvError::Lagged(_)) => {}
                }
            }
            let unread = self.terminal.unread();
            if unread < most || unread == 0 {
                return match self.was_interrupted() {
                    true => CommandEnd::NotRead,
                    false => CommandEnd::TypedIntoProgram,
                };
            }
            most = unread;
            let changed = tokio::select! {
                changed = output.changed() => changed,
                changed = activity.changed() => changed,
            };
            if changed.is_err() {
                return CommandEnd::NotRead;
            }
            tokio::time::sleep(TOGETHER).await;
        }
    }

    fn was_interrupted(&self) -> bool {
        self.terminal.interrupts() > self.interrupts
    }

    /// The program has ended, and the text is the shell's, which has read `line` lines so far.
    async fn read_by_shell(&mut self, shell: u32, line: u64) -> CommandEnd {
        self.typed_at(shell, line);
        (self.prompts, self.exit_code) = (0, 0);
        let end = self.end().await;
        // It was at rest, and nothing has run: the program had thrown the text away.
        match end {
            CommandEnd::Ended { .. } if self.prompts == 0 => CommandEnd::NotRead,
            end => end,
        }
    }
}
