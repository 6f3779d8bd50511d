//! Everything an author should fix, found without running anything.

use std::collections::HashMap;

use crate::diagnostic::Diagnostic;
use crate::load::Loaded;
use crate::page::PageId;
use crate::render::{RenderedPage, escape, render};
use crate::variables::Variables;

/// The diagnostics of a workshop: those of loading it, then those of every page in turn, each in the order of its lines.
pub fn check(loaded: &Loaded, variables: &Variables) -> Vec<Diagnostic> {
    let workshop = &loaded.workshop;
    let mut all = loaded.diagnostics.clone();
    let mut pages: Vec<_> = workshop
        .pages
        .iter()
        .map(|page| (&page.id, render(workshop, page, variables)))
        .collect();
    for (_, page) in &mut pages {
        all.append(&mut page.diagnostics);
    }
    all.extend(dead_anchors(&pages));
    // Stable: what has no place comes first, files stay in the order in which they were read.
    all.sort_by_key(|diagnostic| diagnostic.span().map(|span| (span.file, span.range.start)));
    all.dedup();
    all
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
