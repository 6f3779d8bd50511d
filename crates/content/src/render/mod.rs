//! A page's source and a session's variables → what the learner sees.

use std::fmt;

use crate::action::PageAction;
use crate::diagnostic::{Diagnostic, SourceMap, Sources};
use crate::page::Page;
use crate::variables::Variables;
use crate::workshop::Workshop;

/// A rendered page.
#[derive(Debug, Clone, Default)]
pub struct RenderedPage {
    /// Sanitised HTML. An action stands in it as `<workshop-action data-index="3"></workshop-action>`; what lies
    /// between the marks of a section in `<div class="workshop-section" data-section="0">…</div>`.
    pub html: String,
    /// Every action, in document order.
    pub actions: Vec<PageAction>,
    /// Every paired section, in document order of their begin marks; `data-section` is the index.
    pub sections: Vec<Section>,
    /// The headings of the body, in order.
    pub headings: Vec<Heading>,
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

/// Turns a page's source into Markdown with slots: what a format does before Markdown is read.
pub trait Expander: fmt::Debug + Send + Sync {
    /// Expands the body of a page. Problems become diagnostics; the text is always usable.
    fn expand(&self, page: &Page, sources: &Sources, variables: &Variables) -> Expanded;
}

/// A page after everything that is its format's own business.
#[derive(Debug, Clone, Default)]
pub struct Expanded {
    /// Markdown with slots in it.
    pub text: String,
    /// From `text` to the page's file.
    pub map: SourceMap,
    /// What was wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// Renders a page. Never fails: what cannot be rendered is a card in its place and a diagnostic.
pub fn render(workshop: &Workshop, page: &Page, variables: &Variables) -> RenderedPage {
    let expanded = workshop.expander.expand(page, &workshop.sources, variables);
    RenderedPage {
        diagnostics: expanded.diagnostics,
        ..RenderedPage::default()
    }
}
