//! What the rest of a page will do with the terminal of an action.

use atelier_content::RenderedPage;
use atelier_content::action::{Action, EditorTerminalVerb, PageAction, Target, TerminalAction};
use atelier_content::shell;

use crate::command_end::LaterUse;

/// What the actions after this one do with its terminals.
pub(crate) fn later_use(page: &RenderedPage, index: usize) -> LaterUse {
    let Some((own, _)) = page.actions.get(index).and_then(use_of) else {
        return LaterUse::default();
    };
    let mut later = page.actions[index + 1..]
        .iter()
        .filter_map(use_of)
        .filter(|(place, how)| meets(&own, place) && *how != How::LooksAt)
        .map(|(_, how)| how);
    let first = later.next();
    LaterUse {
        // A command in between would need the prompt first, so that it is waited for.
        interrupted_or_used_later: first == Some(How::TakesOver),
        completed_later: is_completed_later(page, index, &own),
        last_on_page: first.is_none(),
    }
}

/// Over how many actions one command may be spread.
const PARTS: usize = 32;

/// Whether the text of an action is a part of a command that later ones complete: a here-document whose lines follow one by one.
fn is_completed_later(page: &RenderedPage, index: usize, own: &Place) -> bool {
    let texts: Vec<(usize, &str)> = page
        .actions
        .iter()
        .enumerate()
        .filter(|(_, action)| use_of(action).is_some_and(|(place, _)| meets(own, &place)))
        .filter_map(|(at, action)| Some((at, command_of(action)?)))
        .collect();
    let mut start = 0;
    while start < texts.len() && texts[start].0 <= index {
        let mut command = String::new();
        let end = texts[start..].iter().take(PARTS).position(|(_, text)| {
            command.push_str(text);
            command.push('\n');
            shell::read(&command).is_clear
        });
        // One that nothing completes stands alone.
        let end = start + end.unwrap_or(0);
        if texts[end].0 >= index {
            return texts[end].0 > index;
        }
        start = end + 1;
    }
    false
}

/// What an action types and has the shell run.
fn command_of(action: &PageAction) -> Option<&str> {
    match action.action.as_ref().ok()? {
        Action::Terminal(TerminalAction::Execute { command, .. }) => Some(command),
        Action::EditorTerminal(action) => match &action.verb {
            EditorTerminalVerb::Send { text, .. } => Some(text),
            _ => None,
        },
        _ => None,
    }
}

/// A terminal, or several. Those of the editor share their names with the others and nothing else.
enum Place {
    Terminals(Target),
    Editor(String),
}

/// What an action does with what runs in a terminal.
#[derive(PartialEq)]
enum How {
    /// Shows or clears it, which a program does not notice.
    LooksAt,
    /// Types a command, which needs the prompt.
    NeedsPrompt,
    /// Interrupts it, answers it, or ends it.
    TakesOver,
}

fn use_of(action: &PageAction) -> Option<(Place, How)> {
    match action.action.as_ref().ok()? {
        Action::Terminal(action) => {
            let (target, how) = match action {
                TerminalAction::Execute { session, .. } => (session.clone(), How::NeedsPrompt),
                TerminalAction::Input { session, .. } | TerminalAction::Interrupt { session } => {
                    (session.clone(), How::TakesOver)
                }
                TerminalAction::Clear { session } => (session.clone(), How::LooksAt),
                TerminalAction::Select { session } => (Target::One(session.clone()), How::LooksAt),
            };
            Some((Place::Terminals(target), how))
        }
        Action::EditorTerminal(action) => {
            let how = match &action.verb {
                EditorTerminalVerb::Open | EditorTerminalVerb::Clear => How::LooksAt,
                EditorTerminalVerb::Send { text, enter } if *enter || text.ends_with('\n') => {
                    How::NeedsPrompt
                }
                EditorTerminalVerb::Send { .. }
                | EditorTerminalVerb::Interrupt
                | EditorTerminalVerb::Close => How::TakesOver,
            };
            Some((Place::Editor(action.session.clone()), how))
        }
        _ => None,
    }
}

/// "All" are 1, 2 and 3.
fn meets(one: &Place, other: &Place) -> bool {
    let in_all = |name: &str| matches!(name, "1" | "2" | "3");
    match (one, other) {
        (Place::Editor(one), Place::Editor(other)) => one == other,
        (Place::Terminals(one), Place::Terminals(other)) => match (one, other) {
            (Target::One(one), Target::One(other)) => one == other,
            (Target::All, Target::All) => true,
            (Target::All, Target::One(name)) | (Target::One(name), Target::All) => in_all(name),
        },
        _ => false,
    }
}
