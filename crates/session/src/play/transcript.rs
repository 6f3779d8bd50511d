//! What terminals showed when an action failed.

use std::sync::Arc;

use atelier_content::action::{Action, PageAction, Target, TerminalAction};

use super::report::TerminalRow;
use crate::session::Session;
use crate::terminal::Terminal;

/// How much of what a terminal has printed a row keeps, in bytes.
const PRINTED: usize = 16 * 1024;
/// How much of a screen a row keeps, in bytes.
const SCREEN: usize = 8 * 1024;
/// How many terminals a row shows.
const MOST: usize = 4;

/// The terminals that a failed action used. A check or a dashboard judges what was done before, so that for them it is
/// every terminal that has been started.
pub(super) fn terminals(session: &Session, action: &PageAction) -> Vec<TerminalRow> {
    let Ok(action) = &action.action else {
        return Vec::new();
    };
    let started = |names: Vec<String>| {
        names
            .into_iter()
            .filter_map(|name| session.terminals().started(&name))
    };
    let of_editor = |names: Vec<String>| {
        names
            .into_iter()
            .filter_map(|name| session.editor_terminals().find(&name))
    };
    let rows: Vec<_> = match action {
        Action::Terminal(action) => started(targets(session, action))
            .map(|terminal| row(&terminal, false))
            .collect(),
        Action::EditorTerminal(action) => of_editor(vec![action.session.clone()])
            .map(|terminal| row(&terminal, true))
            .collect(),
        Action::Examiner(_) | Action::Dashboard(_) => started(session.terminals().names())
            .map(|terminal| row(&terminal, false))
            .chain(
                of_editor(session.editor_terminals().names()).map(|terminal| row(&terminal, true)),
            )
            .take(MOST)
            .collect(),
        Action::Copy { .. } | Action::Editor(_) | Action::Files(_) | Action::Section(_) => {
            Vec::new()
        }
    };
    rows
}

fn targets(session: &Session, action: &TerminalAction) -> Vec<String> {
    let target = match action {
        TerminalAction::Execute { session, .. }
        | TerminalAction::Input { session, .. }
        | TerminalAction::Interrupt { session }
        | TerminalAction::Clear { session } => session,
        TerminalAction::Select { session } => return vec![session.clone()],
    };
    match target {
        Target::One(name) => vec![name.clone()],
        Target::All => session.terminals().all(),
    }
}

fn row(terminal: &Arc<Terminal>, editor: bool) -> TerminalRow {
    TerminalRow {
        name: terminal.name().to_owned(),
        editor,
        screen: end(&terminal.text(), SCREEN),
        transcript: end(&terminal.text_with_scrollback(), PRINTED),
    }
}

/// The end of a text, in whole lines where it has more than one.
fn end(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let mut start = text.len() - most;
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let rest = &text[start..];
    match rest.split_once('\n') {
        Some((_, lines)) if !lines.is_empty() => lines.to_owned(),
        _ => rest.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::end;

    #[test]
    fn whole_lines_are_kept_where_there_are_some() {
        assert_eq!(end("one\ntwo", 100), "one\ntwo");
        assert_eq!(end("one\ntwo\nthree", 8), "three");
        assert_eq!(end("one\ntwo\nthree", 12), "two\nthree");
        assert_eq!(end("\u{e9}\u{e9}\u{e9}", 3), "\u{e9}");
    }
}
