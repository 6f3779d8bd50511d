//! Typing for the learner: commands, text, Ctrl+C.

use std::time::Duration;

use super::{Activity, Terminal};

/// How long a shell may take to begin with what was typed at its prompt before the next text is typed.
const TAKES_UP: Duration = Duration::from_millis(500);

impl Terminal {
    /// Types a command and presses Enter: each line break becomes Enter, without paste brackets.
    ///
    /// Waits in a queue until the shell shows its first prompt.
    pub fn type_command(&self, command: &str) {
        self.shared
            .input()
            .write_when_ready(typed(command).as_bytes());
    }

    /// Whether something that was typed is still on its way.
    pub(crate) fn has_unsent(&self) -> bool {
        !self.shared.input().waiting.is_empty()
    }

    /// Types text as it is: each line break becomes Enter, without paste brackets, and no Enter follows.
    ///
    /// Waits in a queue until the shell shows its first prompt.
    pub fn type_text(&self, text: &str) {
        self.shared
            .input()
            .write_when_ready(enters(text).as_bytes());
    }

    /// Gives text to whatever reads the terminal, pressing Enter after it if `enter`.
    ///
    /// Line breaks become Enter. Put into paste brackets if the program asked for them: a shell then inserts the text
    /// without running it. Waits in a queue until the shell shows its first prompt.
    pub fn paste(&self, text: &str, enter: bool) {
        let mut text = enters(text);
        if enter {
            text.push('\r');
        }
        let bracketed = self.shared.state().screen.bracketed_paste();
        self.shared.input().paste(text.into_bytes(), bracketed);
    }

    /// Presses Ctrl+C. What has been typed and could not be handed over yet is dropped, as the system does.
    pub fn interrupt(&self) {
        let mut input = self.shared.input();
        input.interrupts += 1;
        input.forget();
        input.write(b"\x03");
    }

    /// How often [`Terminal::interrupt`] was called.
    pub fn interrupts(&self) -> u64 {
        self.shared.input().interrupts
    }

    /// Waits until nobody else is about to type for an action: first come, first served. To be held until the text is typed.
    pub(crate) async fn turn(&self) -> impl Send + '_ {
        self.shared.turn.lock().await
    }

    /// Types a command as [`Self::type_command`] does, and waits until the shell has begun with it if it is at its prompt:
    /// until then the terminal looks as if it were free.
    pub(crate) async fn type_command_and_see(&self, command: &str) {
        let mut activity = self.activity();
        let at_prompt = matches!(*activity.borrow_and_update(), Activity::AtPrompt { .. });
        self.type_command(command);
        if at_prompt {
            // A shell that does not announce its commands is not waited for any longer.
            let begun = tokio::time::timeout(TAKES_UP, activity.changed());
            drop(begun.await);
        }
    }

    /// Puts aside what the learner has begun to type at the prompt of a shell that knows the key for it; Ctrl+Y brings it
    /// back. What an action has typed stays.
    pub(crate) fn put_typing_aside(&self) {
        self.shared.input().put_aside();
    }
}

/// What typing a command sends: every line break is Enter, and one more ends it.
pub(crate) fn typed(command: &str) -> String {
    let mut text = enters(command);
    text.push('\r');
    text
}

/// A text with every line break as Enter.
pub(crate) fn enters(text: &str) -> String {
    text.replace("\r\n", "\r").replace('\n', "\r")
}
