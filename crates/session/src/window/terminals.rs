//! The terminals that the window shows.

use std::sync::{Arc, PoisonError};

use super::editor_terminals;
use super::open::OpenSession;
use crate::error::SessionError;
use crate::protocol::Event;
use crate::terminal::{Activity, Terminal, View, ViewOutput};

impl OpenSession {
    /// Shows a terminal, starting it if need be; one whose shell has ended starts anew. `editor:NAME` is a terminal of the
    /// editor, which must be there.
    ///
    /// # Errors
    /// When there is no such terminal, or its shell does not start.
    pub fn attach(
        &self,
        name: &str,
        columns: u16,
        rows: u16,
        sink: impl FnMut(ViewOutput) + Send + 'static,
    ) -> Result<(Arc<Terminal>, View), SessionError> {
        if let Some(name) = editor_terminals::name_of(name) {
            return self.attach_editor_terminal(name, (columns, rows), sink);
        }
        let terminals = self.session.terminals();
        terminals.start_with_size(columns, rows);
        let terminal = terminals.restart(name)?;
        terminal.resize(columns, rows);
        let view = terminal.attach(sink);
        self.watch_exit(&terminal);
        Ok((terminal, view))
    }

    fn watch_exit(&self, terminal: &Arc<Terminal>) {
        if !self
            .watched
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(terminal.pid())
        {
            return;
        }
        let (events, name) = (Arc::clone(&self.events), terminal.name().to_owned());
        let mut activity = terminal.activity();
        self.tasks.spawn(async move {
            if let Ok(ended) = activity
                .wait_for(|activity| matches!(activity, Activity::Exited { .. }))
                .await
            {
                let status = match *ended {
                    Activity::Exited { status } => Some(status),
                    _ => None,
                };
                events(Event::TerminalExited { name, status });
            }
        });
    }
}
