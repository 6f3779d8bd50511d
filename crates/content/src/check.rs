//! Everything an author should fix, found without running anything.

mod addresses;
mod portability;
mod reach;

pub use portability::portability;

use crate::action::{Action, FilesAction, PageAction};
use std::collections::HashMap;

use crate::diagnostic::Diagnostic;
use crate::load::Loaded;
use crate::page::{Page, PageId};
use crate::render::{RenderedPage, escape, render};
use crate::variables::Variables;
use crate::workshop::Workshop;

/// The diagnostics of a workshop: those of loading it, then those of every page in turn, also of those
/// outside the navigation, each in the order of its lines.
pub fn check(loaded: &Loaded, variables: &Variables) -> Vec<Diagnostic> {
    check_and(loaded, variables, |_, _| Vec::new())
}

/// As [`check`], with what `also` finds on the pages of the navigation and on the others, which it gets as they are rendered
/// here.
pub fn check_and(
    loaded: &Loaded,
    variables: &Variables,
    also: impl FnOnce(&[&RenderedPage], &[&RenderedPage]) -> Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let workshop = &loaded.workshop;
    check_rendered(loaded, |page| render(workshop, page, variables), also)
}

/// As [`check_and`], with pages that somebody may have rendered before.
pub fn check_rendered(
    loaded: &Loaded,
    mut rendered: impl FnMut(&Page) -> RenderedPage,
    also: impl FnOnce(&[&RenderedPage], &[&RenderedPage]) -> Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let workshop = &loaded.workshop;
    let mut all = loaded.diagnostics.clone();
    let pages: Vec<_> = workshop
        .pages
        .iter()
        .chain(&workshop.unlisted)
        .map(|page| (&page.id, rendered(page)))
        .collect();
    for (_, page) in &pages {
        all.extend(page.diagnostics.iter().cloned());
        all.extend(
            page.actions
                .iter()
                .filter_map(|action| switched_off(action, workshop)),
        );
    }
    all.extend(dead_anchors(&pages));
    let actions: Vec<_> = pages.iter().flat_map(|(_, page)| &page.actions).collect();
    all.extend(reach::out_of_reach(workshop, &actions));
    all.extend(addresses::without_port(workshop));
    all.extend(addresses::unopenable(&actions));
    let rendered: Vec<_> = pages.iter().map(|(_, page)| page).collect();
    let (listed, unlisted) = rendered.split_at(workshop.pages.len());
    all.extend(also(listed, unlisted));
    // Stable: what has no place comes first, files stay in the order in which they were read.
    all.sort_by_key(|diagnostic| diagnostic.span().map(|span| (span.file, span.range.start)));
    all.dedup();
    for found in &mut all {
        let fix = found.fix.take();
        found.fix = fix
            .and_then(|fix| fix.settled(&workshop.sources))
            .map(Box::new);
    }
    all
}

/// An action whose application the definition does not switch on.
fn switched_off(action: &PageAction, workshop: &Workshop) -> Option<Diagnostic> {
    let applications = &workshop.applications;
    let (name, on) = match action.action.as_ref().ok()? {
        // Without a definition the editor is there for whatever looks like its actions.
        Action::Editor(_) | Action::EditorTerminal(_) => (
            "editor",
            applications.editor || workshop.definition.is_none(),
        ),
        Action::Files(FilesAction::Download { .. } | FilesAction::Copy { .. }) => {
            ("files", applications.files.is_some())
        }
        Action::Files(FilesAction::Upload { .. }) => ("uploads", applications.uploads.is_some()),
        Action::Examiner(test) if test.url.is_none() => ("examiner", applications.examiner),
        _ => return None,
    };
    (!on).then(|| disabled(action, name))
}

fn disabled(action: &PageAction, application: &str) -> Diagnostic {
    Diagnostic::warning(
        "disabled-application",
        format!("`{}` needs the application `{application}`", action.kind),
    )
    .at(action.span.clone(), "it will fail")
    .help(format!(
        "set `spec.session.applications.{application}.enabled: true` in resources/workshop.yaml"
    ))
}

/// Links to headings of other pages that are not there.
fn dead_anchors(pages: &[(&PageId, RenderedPage)]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let places: HashMap<_, _> = pages
        .iter()
        .map(|(id, page)| (*id, page.places()))
        .collect();
    for link in pages.iter().flat_map(|(_, page)| &page.anchors) {
        let written = escape(&link.anchor);
        if places
            .get(&link.page)
            .is_some_and(|places| !places.contains(&*written))
        {
            let (page, anchor) = (&link.page, &link.anchor);
            let message = format!("page `{page}` has no heading `#{anchor}`");
            let diagnostic = Diagnostic::warning("broken-link", message);
            found.push(diagnostic.at(link.span.clone(), "leads to the start of the page"));
        }
    }
    found
}
