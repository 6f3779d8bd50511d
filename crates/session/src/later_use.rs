//! What the rest of a page will do with the terminal of an action.

use atelier_content::RenderedPage;
use atelier_content::action::{Action, PageAction, Target, TerminalAction};

use crate::command_end::LaterUse;

/// What the actions after this one do with its terminals.
pub(crate) fn later_use(page: &RenderedPage, index: usize) -> LaterUse {
    let mine = |action: &PageAction| match &action.action {
        Ok(Action::Terminal(terminal)) => Some(target(terminal).clone()),
        _ => None,
    };
    let Some(own) = page.actions.get(index).and_then(mine) else {
        return LaterUse::default();
    };
    let later = page.actions[index + 1..].iter();
    let types = |action: &&PageAction| {
        !matches!(
            &action.action,
            // What runs in a terminal does not notice that it is cleared or shown.
            Ok(Action::Terminal(
                TerminalAction::Clear { .. } | TerminalAction::Select { .. }
            ))
        )
    };
    let same: Vec<_> = later
        .filter(|action| mine(action).is_some_and(|other| meets(&own, &other)))
        .filter(types)
        .collect();
    let takes_over = |action: &&&PageAction| {
        matches!(
            &action.action,
            Ok(Action::Terminal(
                TerminalAction::Interrupt { .. } | TerminalAction::Input { .. }
            ))
        )
    };
    LaterUse {
        // A command in between would need the prompt first, so that it is waited for.
        interrupted_or_used_later: same.first().is_some_and(|action| takes_over(&action)),
        last_on_page: same.is_empty(),
    }
}

fn target(action: &TerminalAction) -> Target {
    match action {
        TerminalAction::Execute { session, .. }
        | TerminalAction::Input { session, .. }
        | TerminalAction::Interrupt { session }
        | TerminalAction::Clear { session } => session.clone(),
        TerminalAction::Select { session } => Target::One(session.clone()),
    }
}

/// "All" are 1, 2 and 3.
fn meets(one: &Target, other: &Target) -> bool {
    let in_all = |name: &str| matches!(name, "1" | "2" | "3");
    match (one, other) {
        (Target::One(one), Target::One(other)) => one == other,
        (Target::All, Target::All) => true,
        (Target::All, Target::One(name)) | (Target::One(name), Target::All) => in_all(name),
    }
}
