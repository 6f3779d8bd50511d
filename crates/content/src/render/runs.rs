//! What the dialects do to runs of plain text and the parser does not: links from bare URLs, single tildes that
//! strike within a word, and the typographer.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

use super::dialect::Events;
use super::punctuation::{self, Quotes};
use super::{inline, links};

/// Applies the passes to a stream of events.
pub(super) fn process<'t>(
    events: impl Iterator<Item = (Event<'t>, Range<usize>)>,
    text: &'t str,
    typographer: bool,
) -> Events<'t> {
    let mut out = Events::new();
    let mut run = Run::default();
    let mut quotes = Quotes::default();
    let (mut code, mut links) = (0_usize, 0_usize);
    for (event, range) in events {
        match &event {
            Event::Text(_) if code == 0 => {
                if let Event::Text(piece) = event {
                    run.push(piece, range, text);
                }
                continue;
            }
            _ => run.finish(&mut out, text, typographer, links > 0, &mut quotes),
        }
        match &event {
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock) => code += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock) => code = code.saturating_sub(1),
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => links += 1,
            Event::End(TagEnd::Link | TagEnd::Image) => links = links.saturating_sub(1),
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough)
            | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough) => {}
            Event::Start(_) | Event::End(_) => quotes = Quotes::default(),
            _ => {}
        }
        out.push((event, range));
    }
    run.finish(&mut out, text, typographer, links > 0, &mut quotes);
    out
}

/// Neighbouring pieces of text, read as one.
#[derive(Default)]
struct Run<'t> {
    joined: String,
    /// Start in `joined`, source, and whether the piece is the source's bytes.
    pieces: Vec<(usize, Range<usize>, bool)>,
    /// The only piece, while there is one.
    single: Option<CowStr<'t>>,
    /// Bytes of `joined` that the author escaped or wrote as entities.
    protected: Vec<Range<usize>>,
}

/// What happens at a place of a run.
pub(super) enum Edit {
    /// Other text instead.
    Replace(&'static str),
    /// A link to this address.
    Link(String),
    /// An opening tilde.
    StrikeStart,
    /// A closing tilde.
    StrikeEnd,
}

impl<'t> Run<'t> {
    fn push(&mut self, piece: CowStr<'t>, range: Range<usize>, text: &str) {
        let start = self.joined.len();
        let verbatim = text.get(range.clone()) == Some(&*piece);
        self.joined.push_str(&piece);
        if !verbatim {
            self.protected.push(start..self.joined.len());
        } else if range.start > 0 && text.as_bytes()[range.start - 1] == b'\\' {
            let first = piece.chars().next().map_or(0, char::len_utf8);
            self.protected.push(start..start + first);
        }
        self.pieces.push((start, range, verbatim));
        self.single = (self.pieces.len() == 1).then_some(piece);
    }

    fn finish(
        &mut self,
        out: &mut Events<'t>,
        text: &str,
        typographer: bool,
        in_link: bool,
        quotes: &mut Quotes,
    ) {
        if self.pieces.is_empty() {
            return;
        }
        let mut edits: Vec<(Range<usize>, Edit)> = Vec::new();
        if !in_link {
            links::bare_urls(&self.joined, &mut edits);
        }
        let taken: Vec<_> = edits.iter().map(|(range, _)| range.clone()).collect();
        let free = |at: usize| !covers(&taken, at) && !covers(&self.protected, at);
        let whole = self.source(0..self.joined.len());
        let before = text[..whole.start].chars().next_back().unwrap_or('\n');
        let after = text[whole.end..].chars().next().unwrap_or('\n');
        if !in_link {
            inline::tildes(&self.joined, before, after, &free, &mut edits);
        }
        if typographer {
            punctuation::replace(&self.joined, before, after, quotes, &free, &mut edits);
        }
        if edits.is_empty() {
            let event = match self.single.take() {
                Some(piece) => piece,
                None => CowStr::from(std::mem::take(&mut self.joined)),
            };
            out.push((Event::Text(event), whole));
        } else {
            edits.sort_by_key(|(range, _)| range.start);
            self.emit(edits, out);
        }
        self.joined.clear();
        self.pieces.clear();
        self.protected.clear();
        self.single = None;
    }

    fn emit(&self, edits: Vec<(Range<usize>, Edit)>, out: &mut Events<'t>) {
        let mut at = 0;
        let mut pending = String::new();
        let mut pending_from = 0;
        let flush = |pending: &mut String, from: usize, to: usize, out: &mut Events<'t>| {
            if !pending.is_empty() {
                let text = CowStr::from(std::mem::take(pending));
                out.push((Event::Text(text), self.source(from..to)));
            }
        };
        for (range, edit) in edits {
            pending.push_str(&self.joined[at..range.start]);
            at = range.end;
            if let Edit::Replace(text) = edit {
                pending.push_str(text);
                continue;
            }
            flush(&mut pending, pending_from, range.start, out);
            pending_from = range.end;
            let place = self.source(range.clone());
            match edit {
                Edit::Replace(_) => {}
                Edit::StrikeStart => out.push((Event::Start(Tag::Strikethrough), place)),
                Edit::StrikeEnd => out.push((Event::End(TagEnd::Strikethrough), place)),
                Edit::Link(url) => {
                    let tag = Tag::Link {
                        link_type: LinkType::Autolink,
                        dest_url: CowStr::from(url),
                        title: CowStr::Borrowed(""),
                        id: CowStr::Borrowed(""),
                    };
                    let label = CowStr::from(self.joined[range].to_owned());
                    out.push((Event::Start(tag), place.clone()));
                    out.push((Event::Text(label), place.clone()));
                    out.push((Event::End(TagEnd::Link), place));
                }
            }
        }
        pending.push_str(&self.joined[at..]);
        flush(&mut pending, pending_from, self.joined.len(), out);
    }

    /// The source of a range of `joined`.
    fn source(&self, range: Range<usize>) -> Range<usize> {
        let at = |offset: usize, is_end: bool| {
            let key = if is_end {
                offset.saturating_sub(1)
            } else {
                offset
            };
            let index = self
                .pieces
                .partition_point(|(start, ..)| *start <= key)
                .saturating_sub(1);
            let (start, source, verbatim) = &self.pieces[index];
            match (verbatim, is_end) {
                (true, _) => (source.start + offset.saturating_sub(*start)).min(source.end),
                (false, true) => source.end,
                (false, false) => source.start,
            }
        };
        let start = at(range.start, false);
        start..at(range.end, true).max(start)
    }
}

/// Whether one of these sorted, disjoint ranges covers an offset.
fn covers(ranges: &[Range<usize>], at: usize) -> bool {
    let index = ranges.partition_point(|range| range.end <= at);
    ranges.get(index).is_some_and(|range| range.contains(&at))
}
