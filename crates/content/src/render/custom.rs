//! What the author's own shortcodes print: HTML that the sanitiser looks at, with bodies of Markdown in it.

use super::expanded::{Custom, CustomPiece, Expanded, SlotKind};
use super::html::Writer;
use super::raw::MAX_RAW_TAGS;
use crate::diagnostic::{Diagnostic, Span};

impl Writer<'_> {
    pub(super) fn custom(&mut self, custom: &Custom, span: &Span) {
        for piece in &custom.pieces {
            match piece {
                CustomPiece::Html(html) => self.custom_html(html, span),
                CustomPiece::Markdown { body, is_line } => {
                    let (start, actions) = (self.out.len(), self.placeholders.len());
                    if custom.is_inline {
                        self.body(body);
                    } else {
                        self.enter();
                        self.body(body);
                        self.leave();
                    }
                    if *is_line && self.placeholders.len() == actions {
                        self.unwrap_paragraph(start);
                    }
                }
            }
        }
    }

    fn custom_html(&mut self, html: &str, span: &Span) {
        let before = self.raw_tags;
        self.raw_tags += html.matches('<').count();
        if self.raw_tags <= MAX_RAW_TAGS {
            self.raw_tags(html, span);
        } else if before <= MAX_RAW_TAGS {
            self.diagnostics.push(
                Diagnostic::warning("too-much-html", "a page may not have that much raw HTML")
                    .at(span.clone(), "not shown from here on"),
            );
        }
    }

    /// Takes the element of a single paragraph away.
    pub(super) fn unwrap_paragraph(&mut self, start: usize) {
        let written = &self.out[start..];
        let inner = written
            .strip_prefix("<p>")
            .and_then(|inner| inner.trim_end().strip_suffix("</p>"))
            .filter(|inner| !inner.contains("<p>"))
            .map(str::to_owned);
        if let Some(inner) = inner {
            self.out.truncate(start);
            self.out.push_str(&inner);
        }
    }
}

/// Whether a body holds HTML of an author's template, at any depth.
pub(super) fn is_in(expanded: &Expanded) -> bool {
    expanded.slots.iter().any(|slot| match &slot.kind {
        SlotKind::Custom(_) => true,
        SlotKind::Box { body, .. } | SlotKind::Group(body) | SlotKind::BrokenGroup { body, .. } => {
            is_in(body)
        }
        _ => false,
    })
}
