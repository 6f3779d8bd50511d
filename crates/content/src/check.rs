//! Everything an author should fix, found without running anything.

use crate::diagnostic::Diagnostic;
use crate::load::Loaded;
use crate::render::render;
use crate::variables::Variables;

/// The diagnostics of a workshop: those of loading it, then those of every page in turn, also of those
/// outside the navigation, each in the order of its lines.
pub fn check(loaded: &Loaded, variables: &Variables) -> Vec<Diagnostic> {
    let workshop = &loaded.workshop;
    let mut all = loaded.diagnostics.clone();
    for page in workshop.pages.iter().chain(&workshop.unlisted) {
        all.extend(render(workshop, page, variables).diagnostics);
    }
    // Stable: what has no place comes first, files stay in the order in which they were read.
    all.sort_by_key(|diagnostic| diagnostic.span().map(|span| (span.file, span.range.start)));
    all.dedup();
    all
}
