//! Tabs that nobody gets to see: those that another one covers at once, and those that there never are.

use std::time::Duration;

use atelier_content::action::{
    Action, DashboardAction, EditorAction, Expect, PageAction, Target, TerminalAction,
};
use atelier_content::workshop::DashboardSpec;
use atelier_content::{Diagnostic, Span, Workshop};

use super::tabs::Tabs;
use crate::dashboards::{EDITOR, INSTRUCTIONS, SLIDES, TERMINALS, slug};

/// After a longer pause a tab has been seen.
const SEEN: Duration = Duration::from_secs(3);

/// The layout of the terminals, where it has no tab for them.
pub(super) fn tabless_layout(workshop: &Workshop) -> Option<&str> {
    let definition = workshop.definition.as_ref()?;
    let layout = definition.pointer("/spec/session/applications/terminal/layout");
    let layout = layout?.as_str()?;
    matches!(layout, "lower" | "none").then_some(layout)
}

/// The first of these actions shows a tab, and those that it makes run cover it.
pub(super) fn at_once(actions: &[PageAction], tabs: &Tabs) -> Option<Diagnostic> {
    let first = actions.first()?;
    let Ok(Action::Dashboard(_)) = &first.action else {
        return None;
    };
    let shown = shows(first, tabs)?;
    if shown == TERMINALS || shown == EDITOR {
        return None;
    }
    let mut front = (shown.clone(), first);
    for pair in actions.windows(2) {
        let [before, action] = pair else { break };
        if !before.options.cascade || before.options.pause >= SEEN {
            break;
        }
        // A check takes its time, and may fail.
        if matches!(action.action, Ok(Action::Examiner(_)) | Err(_)) {
            break;
        }
        if let Some(tab) = shows(action, tabs) {
            front = (tab, action);
        }
    }
    let (tab, by) = front;
    if tab == shown {
        return None;
    }
    let (shown, tab) = (tabs.title(&shown), tabs.title(&tab));
    Some(
        Diagnostic::warning(
            "hidden-dashboard",
            format!("the dashboard `{shown}` is covered by `{tab}` as soon as it is shown"),
        )
        .at(first.span.clone(), "makes the next action run")
        .at(by.span.clone(), format!("brings `{tab}` to the front"))
        .help("take `cascade` away, or show the dashboard last"),
    )
}

/// The tab that an action brings to the front.
fn shows(action: &PageAction, tabs: &Tabs) -> Option<String> {
    if !action.options.enabled || action.options.test.expect != Expect::Pass {
        return None;
    }
    match action.action.as_ref().ok()? {
        Action::Dashboard(
            DashboardAction::Open { name }
            | DashboardAction::Create {
                name, focus: true, ..
            }
            | DashboardAction::Reload {
                name, focus: true, ..
            },
        ) => Some(slug(name)),
        Action::Terminal(terminal) => match terminal {
            TerminalAction::Execute { session, .. }
            | TerminalAction::Input { session, .. }
            | TerminalAction::Interrupt { session }
            | TerminalAction::Clear { session } => match session {
                Target::One(name) => tabs.of_terminal(name),
                Target::All => tabs.of_terminals(),
            },
            TerminalAction::Select { session } => tabs.of_terminal(session),
        },
        Action::Editor(EditorAction::CloseFile { .. } | EditorAction::DeleteFile { .. }) => None,
        Action::Editor(_) | Action::EditorTerminal(_) => tabs.has(EDITOR).then(|| EDITOR.into()),
        _ => None,
    }
}

/// An action opens the tab of the terminals, which this layout does not have.
pub(super) fn no_terminal_tab(layout: &str, place: Span) -> Diagnostic {
    let help = match layout {
        "lower" => "remove the action: the terminal stands below the tabs all the time",
        _ => "give the application `terminal` a layout that shows terminals",
    };
    Diagnostic::warning(
        "hidden-dashboard",
        format!("the layout `{layout}` has no tab for the terminals"),
    )
    .at(place, "it fails elsewhere")
    .help(help)
}

/// The declared tabs that are not shown, or show something else than they say.
pub(super) fn declared(workshop: &Workshop) -> Vec<Diagnostic> {
    let applications = &workshop.applications;
    let mut names: Vec<String> = Vec::new();
    let mut found = Vec::new();
    for tab in &workshop.dashboards {
        let id = slug(&tab.name);
        let name = &tab.name;
        let is_part = match id.as_str() {
            TERMINALS => applications.terminals.is_some() && tabless_layout(workshop).is_none(),
            EDITOR => applications.editor,
            SLIDES => applications.slides,
            _ => false,
        };
        let (message, label, help) = if names.contains(&id) {
            (
                format!("there are two dashboards `{name}`"),
                "this one is not shown",
                "give each a name of its own; capitals and marks make no difference",
            )
        } else if is_part && tab.url.contains("://") {
            (
                format!("`{name}` is a part of the window, and its address is not used"),
                "the address is hidden behind it",
                "give the dashboard another name",
            )
        } else if !has_tab(tab, workshop) {
            (
                format!("the dashboard `{name}` has no address"),
                "it is not shown",
                "give it a `url`",
            )
        } else {
            names.push(id);
            continue;
        };
        names.push(id);
        let diagnostic = Diagnostic::warning("hidden-dashboard", message);
        let diagnostic = match place(workshop, name) {
            Some(place) => diagnostic.at(place, label),
            None => diagnostic,
        };
        found.push(diagnostic.help(help));
    }
    found
}

/// Whether a declared dashboard has a tab: an address, or the name of a part of the window, which says where that one stands.
pub(super) fn has_tab(tab: &DashboardSpec, workshop: &Workshop) -> bool {
    let id = slug(&tab.name);
    let unavailable = &workshop.applications.unavailable;
    !tab.url.trim().is_empty()
        || matches!(id.as_str(), TERMINALS | EDITOR | SLIDES | "console")
        || (id == INSTRUCTIONS && workshop.applications.instructions_tab)
        || unavailable.iter().any(|name| slug(name) == id)
}

/// Where the definition names a dashboard; the last place where it names it twice.
fn place(workshop: &Workshop, name: &str) -> Option<Span> {
    let (file, source) = workshop.sources.iter().find(|(_, source)| {
        let folder = source.path().parent();
        folder.is_some_and(|folder| folder == "resources")
    })?;
    let text = source.text();
    let list = text.find("dashboards:")?;
    let ends = |at: usize| {
        let after = text[at + name.len()..].chars().next();
        after.is_none_or(|c| !c.is_alphanumeric())
    };
    let at = text[list..]
        .match_indices(name)
        .map(|(at, _)| list + at)
        .filter(|at| {
            text[..*at]
                .trim_end_matches(['"', '\'', ' '])
                .ends_with("name:")
                && ends(*at)
        })
        .last()?;
    Some(Span::new(file, at..at + name.len()))
}
