//! Actions that ask for what no session of the workshop has: a terminal that nothing opens, a path out of the home.

use std::collections::BTreeSet;

use crate::action::{Action, DashboardAction, EditorAction, PageAction, Target, TerminalAction};
use crate::diagnostic::Diagnostic;
use crate::workshop::Workshop;

/// What of the `actions` of all pages cannot be reached.
pub(super) fn out_of_reach(workshop: &Workshop, actions: &[&PageAction]) -> Vec<Diagnostic> {
    let terminals = terminals(workshop, actions);
    let mut found = Vec::new();
    for action in actions {
        match &action.action {
            Ok(Action::Terminal(terminal)) => {
                let are_off = workshop.applications.terminals.is_none();
                found.extend(unknown_terminal(action, terminal, &terminals, are_off));
            }
            Ok(Action::Editor(editor)) => found.extend(outside(action, editor)),
            _ => {}
        }
    }
    found
}

/// The names of the layout's terminals, and of those that a tab opens.
fn terminals<'a>(workshop: &'a Workshop, actions: &[&'a PageAction]) -> BTreeSet<&'a str> {
    let layout = workshop.applications.terminals.into_iter();
    let declared = workshop.dashboards.iter().map(|tab| &*tab.url);
    let opened = actions.iter().filter_map(|action| match &action.action {
        Ok(Action::Dashboard(DashboardAction::Create { url, .. })) => Some(&**url),
        Ok(Action::Dashboard(DashboardAction::Reload { url, .. })) => url.as_deref(),
        _ => None,
    });
    layout
        .flat_map(|layout| layout.names().iter().copied())
        .chain(
            declared
                .chain(opened)
                .filter_map(|url| url.strip_prefix("terminal:")),
        )
        .collect()
}

fn unknown_terminal(
    action: &PageAction,
    terminal: &TerminalAction,
    known: &BTreeSet<&str>,
    are_off: bool,
) -> Option<Diagnostic> {
    let name = match terminal {
        TerminalAction::Execute { session, .. }
        | TerminalAction::Input { session, .. }
        | TerminalAction::Interrupt { session }
        | TerminalAction::Clear { session } => match session {
            Target::One(name) => name,
            Target::All => return None,
        },
        TerminalAction::Select { session } => session,
    };
    let help = match &**name {
        _ if known.contains(&**name) => return None,
        _ if are_off => return Some(super::disabled(action, "terminal")),
        "2" => "say `layout: split` for the application `terminal`, or open it as a tab".to_owned(),
        "3" => {
            "say `layout: split/2` for the application `terminal`, or open it as a tab".to_owned()
        }
        _ => format!("open it as a tab with `url: terminal:{name}`"),
    };
    let message = format!("the workshop has no terminal `{name}`");
    let diagnostic = Diagnostic::warning("unknown-terminal", message);
    Some(
        diagnostic
            .at(action.span.clone(), "it will fail")
            .help(help),
    )
}

fn outside(action: &PageAction, editor: &EditorAction) -> Option<Diagnostic> {
    let (first, second) = match editor {
        EditorAction::OpenFile { file, .. }
        | EditorAction::Edit { file, .. }
        | EditorAction::CloseFile { file }
        | EditorAction::DeleteFile { file } => (file, None),
        EditorAction::CreateDirectory { directory } => (directory, None),
        EditorAction::CopyFile { src, dest, .. } | EditorAction::RenameFile { src, dest, .. } => {
            (src, Some(dest))
        }
        EditorAction::Command(_) => return None,
    };
    let path = [Some(first), second]
        .into_iter()
        .flatten()
        .find(|path| climbs_out(path))?;
    let message = format!("`{path}` lies outside the session");
    let diagnostic = Diagnostic::warning("outside-session", message);
    Some(
        diagnostic
            .at(action.span.clone(), "it will fail")
            .help("an action reaches only files below the home"),
    )
}

/// Folders of the machine in which no session lies.
const ELSEWHERE: [&str; 11] = [
    "/bin/", "/dev/", "/etc/", "/lib/", "/proc/", "/root/", "/sbin/", "/srv/", "/sys/", "/usr/",
    "/var/",
];

/// Whether a path into the home climbs out of it by its names alone. Where an absolute path leads only a session knows.
fn climbs_out(path: &str) -> bool {
    let home = ["~/", "$HOME/", "/home/eduk8s/"]
        .into_iter()
        .find_map(|home| path.strip_prefix(home));
    if home.is_none() && path.starts_with('/') {
        return ELSEWHERE.iter().any(|folder| path.starts_with(folder));
    }
    let mut depth = 0_usize;
    for part in home.unwrap_or(path).split('/') {
        match part {
            "" | "." => {}
            ".." if depth == 0 => return true,
            ".." => depth -= 1,
            _ => depth += 1,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_climb_out_by_their_names() {
        for path in [
            "../x",
            "~/../x",
            "$HOME/a/../../x",
            "a/.././../x",
            "/home/eduk8s/../x",
            "/etc/hosts",
        ] {
            assert!(climbs_out(path), "{path}");
        }
        for path in [
            "x",
            "a/../x",
            "~/./a",
            "/opt/workshop/../x",
            "..x/..y",
            "~//a/..",
        ] {
            assert!(!climbs_out(path), "{path}");
        }
    }
}
