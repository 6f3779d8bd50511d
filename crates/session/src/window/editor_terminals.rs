//! The editor's own terminals, as the window asks for them.

use std::sync::Arc;

use super::open::OpenSession;
use crate::error::SessionError;
use crate::terminal::{Terminal, View, ViewOutput};

/// Where terminals are asked for by name, this stands before the name of one of the editor. No other name has a colon.
const PREFIX: &str = "editor:";

/// The name of a terminal of the editor in what the window attaches to.
pub(super) fn name_of(attached: &str) -> Option<&str> {
    attached.strip_prefix(PREFIX)
}

impl OpenSession {
    /// The window draws its terminals with these colours now, each `#rrggbb`: programs that ask are told so.
    pub fn set_terminal_colours(&self, text: &str, ground: &str) {
        self.session.ground().set(text, ground);
    }

    /// Makes a terminal of the editor for the learner and returns its name.
    ///
    /// # Errors
    /// When the workshop has no editor, or the shell does not start.
    pub fn open_editor_terminal(&self) -> Result<String, SessionError> {
        if !self.session.workshop().applications.editor {
            return Err(SessionError::NoEditor);
        }
        Ok(self.session.editor_terminals().open_another()?)
    }

    /// Ends a terminal of the editor with everything in it. One that is not there is closed already.
    pub async fn close_editor_terminal(&self, name: &str) {
        self.session.editor_terminals().close(name).await;
    }

    /// Drops what a terminal of the editor shows but its prompt line. One that is not there shows nothing.
    pub fn clear_editor_terminal(&self, name: &str) {
        if let Some(terminal) = self.session.editor_terminals().find(name) {
            terminal.clear();
        }
    }

    /// Shows a terminal of the editor.
    pub(super) fn attach_editor_terminal(
        &self,
        name: &str,
        (columns, rows): (u16, u16),
        sink: impl FnMut(ViewOutput) + Send + 'static,
    ) -> Result<(Arc<Terminal>, View), SessionError> {
        let terminals = self.session.editor_terminals();
        terminals.start_with_size(columns, rows);
        let terminal = terminals.get(name)?;
        terminal.resize(columns, rows);
        let view = terminal.attach(sink);
        Ok((terminal, view))
    }
}
