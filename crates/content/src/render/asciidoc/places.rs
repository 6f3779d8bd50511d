//! Places of the read document → bytes of the page's text. Files that are included shift all lines below.

use std::ops::Range;

use asciidoc_parser::{Document, Span};

/// Leads places of a document back.
pub(super) struct Places<'d> {
    text: &'d str,
    document: &'d Document<'static>,
    /// Where each line starts.
    lines: Vec<usize>,
}

impl<'d> Places<'d> {
    pub(super) fn new(text: &'d str, document: &'d Document<'static>) -> Self {
        let lines = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Self {
            text,
            document,
            lines,
        }
    }

    /// The bytes of a span; whole lines where they are no longer the same.
    pub(super) fn range(&self, span: Span<'_>) -> Range<usize> {
        let at = span.byte_offset();
        let length = span.data().len();
        let exact = at..at + length;
        if length > 0 && self.text.get(exact.clone()) == Some(span.data()) {
            return exact;
        }
        let last = span.line() + span.data().trim_end().lines().count().max(1) - 1;
        let (first, last) = (self.line(span.line()), self.line(last));
        match (first, last) {
            (Some(first), Some(last)) => first.start..last.end.max(first.start),
            (Some(place), None) | (None, Some(place)) => place,
            // In an included file.
            (None, None) => 0..0,
        }
    }

    /// The bytes of a piece of a line of the document.
    pub(super) fn piece(&self, line: usize, piece: &str) -> Range<usize> {
        let Some(whole) = self.line(line) else {
            return 0..0;
        };
        let end = self.text.len().min(whole.end + 1);
        let found = self.text.get(whole.start..end).unwrap_or_default();
        match found.find(piece) {
            Some(at) if !piece.trim().is_empty() => {
                whole.start + at..whole.start + at + piece.len()
            }
            _ => whole,
        }
    }

    /// A line of the document in the page's text, without its end.
    fn line(&self, number: usize) -> Option<Range<usize>> {
        let origin = self.document.source_map().origin_at(number, 1);
        if origin.file.is_some() {
            return None;
        }
        let start = *self.lines.get(origin.line.checked_sub(1)?)?;
        let end = self.text[start..]
            .find('\n')
            .map_or(self.text.len(), |at| start + at);
        Some(start..end)
    }
}
