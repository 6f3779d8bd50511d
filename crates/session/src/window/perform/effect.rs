//! What the window must do of what an action plans.

use crate::perform::Effect;
use crate::protocol::{self, edit_view};
use crate::window::open::OpenSession;

impl OpenSession {
    /// What the window must do; a file is saved by the engine itself.
    pub(in crate::window) fn effect(
        &self,
        effect: &Effect,
        text: &str,
    ) -> Option<protocol::Effect> {
        let display = |path| self.session.folders().display(path);
        Some(match effect.clone() {
            Effect::ShowDashboard { id } => protocol::Effect::ShowDashboard { id },
            Effect::ReloadDashboard { id } => protocol::Effect::ReloadDashboard { id },
            Effect::FocusTerminal { name } => protocol::Effect::FocusTerminal { name },
            Effect::ShowEditorTerminal { name } => protocol::Effect::ShowEditorTerminal { name },
            Effect::OpenDocument { path, line } => protocol::Effect::OpenDocument {
                path: display(&path),
                line: line.map(|line| line.saturating_add(1)),
            },
            Effect::ApplyEdit {
                path,
                edit,
                create,
                save,
            } => protocol::Effect::ApplyEdit {
                path: display(&path),
                edit: edit_view(&edit, text),
                create,
                save,
            },
            Effect::ReloadDocument { path } => protocol::Effect::ReloadDocument {
                path: display(&path),
            },
            Effect::CloseDocument { path, deleted } => protocol::Effect::CloseDocument {
                path: display(&path),
                deleted,
            },
            Effect::MoveDocument { from, to } => protocol::Effect::MoveDocument {
                from: display(&from),
                to: display(&to),
            },
            Effect::EditorCommand { command } => protocol::Effect::EditorCommand {
                command: command.into(),
            },
            Effect::SaveFile { .. } => return None,
            Effect::CopyText { text } => protocol::Effect::CopyText { text },
            Effect::OpenUrl { url } => protocol::Effect::OpenUrl { url },
            Effect::Finish => protocol::Effect::Finish,
            Effect::LeaveSession => protocol::Effect::LeaveSession,
        })
    }
}
