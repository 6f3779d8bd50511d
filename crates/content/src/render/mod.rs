//! A page's source and a session's variables → what the learner sees.

pub(crate) mod asciidoc;
mod blocks;
mod body;
mod boxes;
mod custom;
mod dialect;
mod expanded;
mod fence;
mod highlight;
mod html;
mod inline;
mod latex;
mod lines;
mod links;
mod math;
mod punctuation;
mod queries;
mod raw;
mod runs;
mod sanitize;
mod sections;
mod stray_links;
mod targets;
#[cfg(test)]
mod tests;
mod unchanged;

use std::collections::HashSet;
use std::fmt;

use crate::action::PageAction;
use crate::diagnostic::{Diagnostic, Sources, Span};
use crate::page::{Page, PageId};
use crate::variables::Variables;
use crate::workshop::Workshop;

pub use asciidoc::Includes;
pub use dialect::Dialect;
pub use expanded::{BoxKind, Custom, CustomPiece, Expanded, Figure, Markup, Slot, SlotKind};
pub(crate) use expanded::{Builder, Piece, escape, pieces, unescape, without_marks};
pub use lines::Lines;
pub use links::{ImageTarget, LinkTarget};
pub use sanitize::safe_url;
pub(crate) use sanitize::{is_inline_image, scheme};
pub use targets::Size;
pub(crate) use targets::with_meant_page;
pub use unchanged::{PageKey, PageKeys};

/// More findings than these on one page help nobody, and a hostile page could ask for millions.
const MAX_DIAGNOSTICS: usize = 200;

/// A rendered page.
#[derive(Debug, Clone, Default)]
pub struct RenderedPage {
    /// Sanitised HTML. An action stands in it as `<workshop-action data-index="3"></workshop-action>`; what lies
    /// between the marks of a section in `<div class="workshop-section" data-section="0">…</div>`, after the
    /// placeholder of its begin mark and before that of its end mark.
    pub html: String,
    /// Every action, in document order.
    pub actions: Vec<PageAction>,
    /// Every paired section, in document order of their begin marks; `data-section` is the index.
    pub sections: Vec<Section>,
    /// The headings of the body, in order.
    pub headings: Vec<Heading>,
    /// Headings and anchors of other pages that links of this one lead to; [`check`](crate::check()) looks for them.
    pub anchors: Vec<PageAnchor>,
    /// What an author should fix on this page.
    pub diagnostics: Vec<Diagnostic>,
}

/// A collapsible run of a page, between two of its actions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The action that opens it.
    pub begin: usize,
    /// The action that closes it.
    pub end: usize,
    /// The section that it lies in.
    pub parent: Option<usize>,
}

/// A link to a place of another page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageAnchor {
    /// Which page.
    pub page: PageId,
    /// The name of the place, without `#`.
    pub anchor: String,
    /// The link.
    pub span: Span,
}

impl RenderedPage {
    /// The names of the places that a link can lead to.
    pub fn places(&self) -> HashSet<&str> {
        let ids = self
            .html
            .match_indices(" id=\"")
            .map(|(at, id)| at + id.len());
        ids.filter_map(|start| Some(self.html[start..].split_once('"')?.0))
            .collect()
    }
}

/// A heading of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its anchor.
    pub id: String,
    /// Its plain text.
    pub text: String,
}

/// What a format does to a page before Markdown is read, and what its links and images mean.
pub trait Expander: fmt::Debug + Send + Sync {
    /// Expands the body of a page. Problems become diagnostics; the text is always usable.
    fn expand(&self, page: &Page, sources: &Sources, variables: &Variables) -> Expanded;

    /// What a link of a page leads to.
    fn link(&self, page: &Page, target: &str, variables: &Variables) -> LinkTarget;

    /// What an image of a page shows.
    fn image(&self, page: &Page, target: &str, variables: &Variables) -> ImageTarget;

    /// A number that differs when pages of the same text might come out differently.
    fn digest(&self) -> u64;
}

/// Renders a page. Never fails: what cannot be rendered is a card in its place and a diagnostic.
pub fn render(workshop: &Workshop, page: &Page, variables: &Variables) -> RenderedPage {
    let mut writer = html::Writer::new(workshop, page, variables);
    if let Some(problem) = &page.problem {
        writer.card(problem);
    }
    if !page.missing {
        let expanded = workshop.expander.expand(page, &workshop.sources, variables);
        writer.page(&expanded);
    }
    let mut rendered = writer.finish();
    let place = |found: &Diagnostic| {
        let span = found.span();
        span.map_or((true, usize::MAX), |span| {
            (span.file != page.file(), span.range.start)
        })
    };
    rendered.diagnostics.sort_by_key(place);
    if rendered.diagnostics.len() > MAX_DIAGNOSTICS {
        let more = rendered.diagnostics.len() - MAX_DIAGNOSTICS;
        rendered.diagnostics.truncate(MAX_DIAGNOSTICS);
        rendered.diagnostics.push(Diagnostic::warning(
            "too-many-problems",
            format!("{more} more problems of page `{}` are not shown", page.id),
        ));
    }
    rendered
}
