//! What the commands say: plain lines, with colours where a person reads them.

use std::env;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

/// Where lines go, and whether colours and a changing status line make sense there.
///
/// A reader that went away (`cargo xtask test | head`) is no reason to stop, so failed writes are ignored.
pub(crate) struct Report {
    terminal: bool,
    colours: bool,
}

impl Report {
    /// Writes to standard output.
    pub(crate) fn to_stdout() -> Self {
        let terminal = io::stdout().is_terminal();
        let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self {
            terminal,
            colours: terminal && !refused,
        }
    }

    /// Whether a person watches.
    pub(crate) fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// One line, or several.
    pub(crate) fn line(&self, text: impl Display) {
        let _ = writeln!(io::stdout(), "{text}");
    }

    /// A line that starts something.
    pub(crate) fn heading(&self, text: impl Display) {
        self.line(self.paint("1", &text.to_string()));
    }

    /// Text in green: it went well.
    pub(crate) fn good(&self, text: &str) -> String {
        self.paint("32", text)
    }

    /// Text in red: it did not.
    pub(crate) fn bad(&self, text: &str) -> String {
        self.paint("1;31", text)
    }

    /// Shows what is going on in a line that the next one overwrites; only where a person watches.
    pub(crate) fn status(&self, text: &str) {
        if self.terminal {
            let short: String = text.chars().filter(|c| !c.is_control()).take(70).collect();
            let mut out = io::stdout();
            let _ = write!(out, "\r\x1b[2K      {short}").and_then(|()| out.flush());
        }
    }

    /// Removes the status line.
    pub(crate) fn clear_status(&self) {
        if self.terminal {
            let mut out = io::stdout();
            let _ = write!(out, "\r\x1b[2K").and_then(|()| out.flush());
        }
    }

    /// What went wrong, and because of what, on standard error.
    pub(crate) fn error(&self, error: &anyhow::Error) {
        let _ = writeln!(io::stderr(), "error: {}", sentence(error));
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.colours {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

/// An error and its causes, a line each.
pub(crate) fn sentence(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    for cause in error.chain().skip(1) {
        text.push_str(&format!("\n  because: {cause}"));
    }
    text
}
