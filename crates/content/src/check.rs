//! Everything an author should fix, found without running anything.

mod addresses;
mod portability;
mod reach;
mod ways;

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
    let workshop = &loaded.workshop;
    check_rendered(
        loaded,
        variables,
        |page| render(workshop, page, variables),
        |_| Vec::new(),
    )
}

/// One way through a workshop's pages, as they are rendered along it.
#[derive(Debug, Clone, Copy)]
pub struct Way<'a> {
    /// The workshop along this way.
    pub workshop: &'a Workshop,
    /// Its variables.
    pub variables: &'a Variables,
    /// The pages of its navigation.
    pub pages: &'a [&'a RenderedPage],
    /// Those to which no pathway leads; told of the way that was taken alone.
    pub unlisted: &'a [&'a RenderedPage],
    /// Those of the other pathways; told of the way that was taken alone.
    pub elsewhere: &'a [&'a RenderedPage],
    /// Whether it is the one that was taken.
    pub is_taken: bool,
}

/// As [`check`], with pages that somebody may have rendered before, and with what `also` finds on each way through the pages;
/// the one that was taken comes first.
pub fn check_rendered(
    loaded: &Loaded,
    variables: &Variables,
    mut rendered: impl FnMut(&Page) -> RenderedPage,
    mut also: impl FnMut(Way<'_>) -> Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let workshop = &loaded.workshop;
    let mut all = loaded.diagnostics.clone();
    let pages = workshop.pages.iter().chain(&workshop.unlisted);
    let pages: Vec<_> = pages.map(|page| (&page.id, rendered(page))).collect();
    let others = ways::others(workshop);
    let elsewhere = ways::only_elsewhere(workshop, &others);
    for (id, page) in &pages {
        // What a page says where it is not read is no fault.
        if !elsewhere.contains(*id) {
            all.extend(of_page(page, workshop));
        }
    }
    all.extend(dead_anchors(&pages));
    let actions: Vec<_> = pages.iter().flat_map(|(_, page)| &page.actions).collect();
    all.extend(reach::out_of_reach(workshop, &actions));
    all.extend(addresses::without_port(workshop));
    all.extend(addresses::unopenable(workshop, &actions));
    let (listed, rest) = pages.split_at(workshop.pages.len());
    let listed: Vec<_> = listed.iter().map(|(_, page)| page).collect();
    let of_others = |page: &&(&PageId, RenderedPage)| elsewhere.contains(page.0);
    let unlisted = rest.iter().filter(|page| !of_others(page));
    all.extend(also(Way {
        workshop,
        variables,
        pages: &listed,
        unlisted: &unlisted.map(|(_, page)| page).collect::<Vec<_>>(),
        elsewhere: &rest
            .iter()
            .filter(of_others)
            .map(|(_, page)| page)
            .collect::<Vec<_>>(),
        is_taken: true,
    }));
    ways::check(workshop, &others, &pages, &mut all, &mut also);
    let ranks = ways::ranks(workshop, &others);
    // Stable: what has no place comes first; files stay in the order in which they were read, pages in that of their reading.
    all.sort_by_cached_key(|diagnostic| {
        let span = diagnostic.span()?;
        let rank = ranks.get(&span.file).copied().unwrap_or(span.file);
        Some((rank, span.range.start))
    });
    all.dedup();
    for found in &mut all {
        let fix = found.fix.take();
        found.fix = fix
            .and_then(|fix| fix.settled(&workshop.sources))
            .map(Box::new);
    }
    all
}

/// What is said of a page alone.
fn of_page(page: &RenderedPage, workshop: &Workshop) -> Vec<Diagnostic> {
    let off = page
        .actions
        .iter()
        .filter_map(|action| switched_off(action, workshop));
    page.diagnostics.iter().cloned().chain(off).collect()
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
