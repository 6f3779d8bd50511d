//! The pathways that were not taken: a learner who takes one reads its pages alone, in its order and with its variables.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Way, of_page};
use crate::diagnostic::{Diagnostic, FileId, Span};
use crate::page::{Page, PageId};
use crate::render::{RenderedPage, render};
use crate::variables::Variables;
use crate::workshop::Workshop;

/// The workshop along each pathway but the one that was taken.
pub(super) fn others(workshop: &Workshop) -> Vec<Workshop> {
    let names = workshop.pathways.iter().map(|pathway| &pathway.name);
    names
        .filter(|name| **name != workshop.pathway)
        .filter_map(|name| workshop.along(name))
        .collect()
}

/// The pages that only other pathways lead to.
pub(super) fn only_elsewhere<'w>(
    workshop: &Workshop,
    others: &'w [Workshop],
) -> HashSet<&'w PageId> {
    let taken: HashSet<_> = workshop.pages.iter().map(|page| &page.id).collect();
    let pages = others.iter().flat_map(|other| &other.pages);
    pages
        .map(|page| &page.id)
        .filter(|id| !taken.contains(id))
        .collect()
}

/// Adds what is wrong on other pathways to what was found on the one that was taken. What is found at one place on several
/// is told once.
pub(super) fn check(
    workshop: &Workshop,
    others: &[Workshop],
    pages: &[(&PageId, RenderedPage)],
    all: &mut Vec<Diagnostic>,
    also: &mut impl FnMut(Way<'_>) -> Vec<Diagnostic>,
) {
    if others.is_empty() {
        return;
    }
    let known: HashMap<_, _> = pages.iter().map(|(id, page)| (*id, page)).collect();
    let mut told: HashSet<_> = all.iter().map(name).collect();
    let mut walked: HashSet<FileId> = workshop.pages.iter().map(Page::file).collect();
    for other in others {
        let variables = Variables::for_preview(other);
        let pages = other.pages.iter();
        let pages = pages.map(|page| match known.get(&page.id) {
            Some(known) if is_the_same(other, page) => Cow::Borrowed(*known),
            _ => Cow::Owned(render(other, page, &variables)),
        });
        let pages: Vec<Cow<'_, RenderedPage>> = pages.collect();
        let listed: Vec<_> = pages.iter().map(AsRef::as_ref).collect();
        let of_pages = listed.iter().flat_map(|page| of_page(page, other));
        let mut found: Vec<_> = of_pages.collect();
        found.extend(also(Way {
            workshop: other,
            variables: &variables,
            pages: &listed,
            unlisted: &[],
            elsewhere: &[],
            is_taken: false,
        }));
        found.retain(|found| told.insert(name(found)));
        for found in &mut found {
            // On the other pathways that lead to the page it is no fault.
            if found.span().is_some_and(|span| walked.contains(&span.file)) {
                found.message += &format!(" (on the pathway `{}`)", other.pathway);
            }
        }
        all.extend(found);
        walked.extend(other.pages.iter().map(Page::file));
    }
}

/// What a finding is known by: its place, or what it says where it has none.
fn name(found: &Diagnostic) -> (&'static str, Option<Span>, String) {
    let place = found.span().cloned();
    let message = match place {
        Some(_) => String::new(),
        None => found.message.clone(),
    };
    (found.code, place, message)
}

/// Whether a page says the same on every pathway: nothing is put into it.
fn is_the_same(workshop: &Workshop, page: &Page) -> bool {
    let source = workshop.sources.file(page.file());
    let markdown = matches!(source.path().extension(), Some("md" | "markdown"));
    markdown
        && !["{{", "{%", "%"]
            .iter()
            .any(|sign| source.text().contains(sign))
}

/// The places of pages among the files: those of the pathway that was taken come in its order, then those that another one
/// adds in its own, then the rest.
pub(super) fn ranks(workshop: &Workshop, others: &[Workshop]) -> BTreeMap<FileId, FileId> {
    let along = others.iter().flat_map(|other| &other.pages);
    let pages = workshop.pages.iter().chain(along).chain(&workshop.unlisted);
    // A step without a page stands for the configuration that names it.
    let pages = pages.filter(|page| !page.missing).map(Page::file);
    let mut seen = HashSet::new();
    let read: Vec<_> = pages.filter(|file| seen.insert(*file)).collect();
    let mut places = read.clone();
    places.sort_unstable();
    read.into_iter().zip(places).collect()
}
