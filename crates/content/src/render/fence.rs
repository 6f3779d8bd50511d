//! Code blocks: events → info string, body, and the way back to the page's file.

pub(super) mod faults;

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

use super::expanded::{Expanded, Piece, pieces, unescape};
use crate::diagnostic::SourceMap;

/// A code block with its slots filled.
pub(super) struct Block {
    /// The info string; `None` for an indented block.
    pub(super) info: Option<String>,
    /// The code.
    pub(super) body: String,
    /// From `body` to the page's file.
    pub(super) map: SourceMap,
    /// The whole block in the expanded text.
    pub(super) range: Range<usize>,
}

impl Block {
    /// The first word of the info string: an action's name, or a language.
    pub(super) fn name(&self) -> &str {
        let info = self.info.as_deref().unwrap_or_default();
        info.split_whitespace().next().unwrap_or_default()
    }
}

/// Reads the code block that starts at the first event; also says how many events it has. With `decoded`, values that
/// stand encoded in the text are what they were before (`instructions.md` 6.5).
pub(super) fn read(
    expanded: &Expanded,
    source: &str,
    events: &[(Event<'_>, Range<usize>)],
    decoded: bool,
) -> (Block, usize) {
    let mut body = Body {
        expanded,
        source,
        text: String::new(),
        map: SourceMap::default(),
        decoded,
    };
    let range = events.first().map_or(0..0, |(_, range)| range.clone());
    let info = match events.first() {
        Some((Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))), _)) => {
            Some(fill(expanded, source, info))
        }
        _ => None,
    };
    let mut used = 1;
    for (event, place) in &events[1.min(events.len())..] {
        used += 1;
        match event {
            Event::Text(text) => body.push(text, place.clone()),
            Event::End(TagEnd::CodeBlock) => break,
            _ => {}
        }
    }
    let block = Block {
        info,
        map: body.map.through(&expanded.map),
        body: body.text,
        range,
    };
    (block, used)
}

/// A text with its slots filled as text.
pub(super) fn fill(expanded: &Expanded, source: &str, text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Text(text, _) => out.push_str(text),
            Piece::Slot(number, _) => {
                if let Some(slot) = expanded.slots.get(number) {
                    out.push_str(slot.as_text(source));
                }
            }
        }
    }
    out
}

struct Body<'e> {
    expanded: &'e Expanded,
    source: &'e str,
    text: String,
    map: SourceMap,
    decoded: bool,
}

impl Body<'_> {
    fn push(&mut self, text: &str, place: Range<usize>) {
        let verbatim = self.expanded.text.get(place.clone()) == Some(text);
        for piece in pieces(text) {
            match piece {
                Piece::Text(text, at) if verbatim => self.push_text(text, place.start + at),
                Piece::Text(text, _) => {
                    self.map.push_replaced(self.text.len(), place.clone());
                    self.text.push_str(text);
                }
                Piece::Slot(number, at) => {
                    let range = if verbatim {
                        place.start + at.start..place.start + at.end
                    } else {
                        place.clone()
                    };
                    self.map.push_replaced(self.text.len(), range);
                    if let Some(slot) = self.expanded.slots.get(number) {
                        self.text.push_str(slot.as_text(self.source));
                    }
                }
            }
        }
    }

    /// Text that stands at this offset of the expanded text.
    fn push_text(&mut self, text: &str, start: usize) {
        let mut at = start;
        let end = start + text.len();
        if self.decoded {
            let encoded = &self.expanded.encoded;
            let first = encoded.partition_point(|range| range.end <= start);
            for range in &encoded[first..] {
                let (from, to) = (range.start.max(at), range.end.min(end));
                if from >= to {
                    break;
                }
                self.push_verbatim(at..from);
                self.map.push_replaced(self.text.len(), from..to);
                self.text.push_str(&unescape(&self.expanded.text[from..to]));
                at = to;
            }
        }
        self.push_verbatim(at..end);
    }

    fn push_verbatim(&mut self, range: Range<usize>) {
        if !range.is_empty() {
            self.map.push_verbatim(self.text.len(), range.clone());
            self.text.push_str(&self.expanded.text[range]);
        }
    }
}
