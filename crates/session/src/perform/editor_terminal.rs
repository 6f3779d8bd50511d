//! `editor:*-terminal` (`actions.md` 3.9): the editor's own terminals.

use atelier_content::action::{EditorTerminalAction, EditorTerminalVerb};

use super::outcome::{Effect, Outcome};
use super::terminal::{Typing, What};
use crate::dashboards::EDITOR;
use crate::folders::Folders;
use crate::terminal::{EditorTerminals, TerminalError, enters};

/// Performs an action on a terminal of the editor: what is done at once, and what is under way afterwards. Without a
/// terminal of that name there is nothing to interrupt, clear or close, and that is fine.
pub(super) async fn perform(
    action: &EditorTerminalAction,
    terminals: &EditorTerminals,
    folders: &Folders,
) -> (Outcome, Option<Typing>) {
    match act(action, terminals, folders).await {
        Ok(done) => done,
        Err(error) => (Outcome::failed(error.to_string()), None),
    }
}

async fn act(
    action: &EditorTerminalAction,
    terminals: &EditorTerminals,
    folders: &Folders,
) -> Result<(Outcome, Option<Typing>), TerminalError> {
    let EditorTerminalAction { session, verb } = action;
    let terminal = if verb.creates() {
        Some(terminals.open(session)?)
    } else {
        terminals.find(session)
    };
    let Some(terminal) = terminal else {
        return Ok((Outcome::done(Vec::new()), None));
    };
    let editor = Effect::ShowDashboard {
        id: EDITOR.to_owned(),
    };
    let shown = Effect::ShowEditorTerminal {
        name: session.clone(),
    };
    let (effects, what) = match verb {
        EditorTerminalVerb::Open => (vec![editor, shown], None),
        EditorTerminalVerb::Send { text, enter } => {
            let what = what_to_type(&folders.localise_command(text), *enter);
            (vec![editor, shown], Some(what))
        }
        EditorTerminalVerb::Interrupt => (vec![editor], Some(What::Interrupt)),
        EditorTerminalVerb::Clear => {
            terminal.clear();
            (vec![editor, shown], None)
        }
        EditorTerminalVerb::Close => {
            terminals.close(session).await;
            (vec![editor], None)
        }
    };
    let typing = what.map(|what| Typing::in_editor(terminal, what));
    Ok((Outcome::done(effects), typing))
}

/// As VS Code does: every line break is Enter, and one more only follows where the text does not end with one.
fn what_to_type(text: &str, enter: bool) -> What {
    let text = enters(text);
    match text.strip_suffix('\r') {
        Some(command) => What::Command(command.to_owned()),
        None if enter => What::Command(text),
        None => What::Text(text),
    }
}
