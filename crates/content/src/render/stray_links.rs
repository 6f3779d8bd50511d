//! Links and images that stand on a page as text, as their marks are not in order: `[a](b`, `[a](b c)`, `[a] (b)`, `[a][b]`
//! without a `[b]:`.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::LinkTarget;
use super::body::Body;
use super::expanded::Markup;
use super::html::Writer;
use crate::diagnostic::Diagnostic;

/// Stands for a mark that its author has taken its meaning.
const ESCAPED: char = '\u{1}';
/// Stands for what is no text.
const OTHER: char = '\0';

/// What the addresses of images end with.
const IMAGES: [&str; 6] = [".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp"];

/// So many are told of in one paragraph.
const MOST: usize = 8;

/// The text of a paragraph, and from where on each of its pieces holds what stands at these places.
#[derive(Default)]
struct Prose {
    text: String,
    pieces: Vec<(usize, Range<usize>)>,
}

/// What was meant as a link.
struct Stray<'p> {
    label: &'p str,
    /// In the text.
    range: Range<usize>,
    kind: Kind<'p>,
    /// It stands behind `!` and its address ends as that of an image.
    is_image: bool,
}

enum Kind<'p> {
    /// The address has a blank in it, or does not end.
    Address,
    /// A blank stands before this address.
    Apart(&'p str),
    /// Nothing has this name.
    Name(&'p str),
}

impl Writer<'_> {
    /// Tells of the links in a paragraph, or an item of a list, that are none. `next` is what comes after its beginning.
    pub(super) fn links_in_text(&mut self, body: &Body<'_>, next: &[(Event<'_>, Range<usize>)]) {
        if !matches!(body.expanded.markup, Markup::Markdown(_)) {
            return;
        }
        let prose = Prose::read(&body.expanded.text, next);
        for stray in prose.strays() {
            let label = self.fill(body, stray.label);
            let help = match stray.kind {
                Kind::Address => format!(
                    "write `[{label}](address)`: the address ends with `)` and has no blanks, or stands in `<` and `>`"
                ),
                Kind::Apart(address) if stray.is_image => {
                    format!("write `![{label}]({address})`, without the blank")
                }
                Kind::Apart(address) => {
                    let expander = &self.workshop.expander;
                    let target = expander.link(self.page, address, self.variables);
                    // Words in brackets may follow others.
                    if !matches!(target, LinkTarget::Page { .. }) {
                        continue;
                    }
                    format!("write `[{label}]({address})`, without the blank")
                }
                Kind::Name(name) => {
                    let name = self.fill(body, name);
                    format!(
                        "write `[{name}]: address` in a line of its own, or `[{label}](address)`"
                    )
                }
            };
            let span = self.span(body, prose.place(&stray.range));
            self.diagnostics.push(
                Diagnostic::warning("broken-link", format!("`[{label}]` is no link"))
                    .at(span, "shown as it is written")
                    .help(help),
            );
        }
    }
}

impl Prose {
    fn read(source: &str, events: &[(Event<'_>, Range<usize>)]) -> Self {
        let mut prose = Self::default();
        for (event, place) in events {
            match event {
                Event::End(TagEnd::Paragraph | TagEnd::Item)
                | Event::Start(
                    Tag::Paragraph
                    | Tag::List(_)
                    | Tag::CodeBlock(_)
                    | Tag::BlockQuote(_)
                    | Tag::Table(_),
                ) => break,
                Event::Text(text) => {
                    let before = source.get(..place.start).unwrap_or_default();
                    if before.ends_with('\\') {
                        prose.text.push(ESCAPED);
                    }
                    prose.pieces.push((prose.text.len(), place.clone()));
                    prose.text.push_str(text);
                }
                Event::SoftBreak | Event::HardBreak => prose.text.push('\n'),
                _ => prose.text.push(OTHER),
            }
        }
        prose
    }

    fn strays(&self) -> Vec<Stray<'_>> {
        let text = self.text.as_str();
        let mut found = Vec::new();
        let mut last = None;
        for (close, mark) in text.match_indices(['[', ']']) {
            if mark == "[" {
                last = Some(close);
                continue;
            }
            let Some(open) = last.take() else { continue };
            if found.len() == MOST {
                break;
            }
            let label = &text[open + 1..close];
            let (before, rest) = (&text[..open], &text[close + 1..]);
            let is_plain = |text: &str| !text.contains([ESCAPED, OTHER, '[', ']', '\n']);
            if label.trim().is_empty() || !is_plain(label) || before.ends_with(ESCAPED) {
                continue;
            }
            let kind = if let Some(address) = rest.strip_prefix('(') {
                let is_written = address.starts_with(|c: char| !c.is_whitespace() && c != ESCAPED);
                is_written.then_some(Kind::Address)
            } else if let Some(address) = rest.strip_prefix(" (") {
                let end = address.find(|c: char| c == ')' || c.is_whitespace());
                let end = end.filter(|end| address[*end..].starts_with(')'));
                end.map(|end| Kind::Apart(&address[..end]))
            } else if let Some(name) = rest.strip_prefix('[') {
                // Elements of arrays have short names, and stand right behind others.
                let is_word = |word: &str| {
                    word.len() > 2 && word.starts_with(char::is_alphabetic) && is_plain(word)
                };
                let name = name.split_once(']').map(|(name, _)| name);
                let name = name.filter(|name| is_word(name) && is_word(label));
                name.filter(|_| !before.ends_with(char::is_alphanumeric))
                    .map(Kind::Name)
            } else {
                None
            };
            let is_image = matches!(&kind, Some(Kind::Apart(address)) if before.ends_with('!')
                && IMAGES.iter().any(|ending| address.ends_with(ending)));
            found.extend(kind.map(|kind| Stray {
                label,
                range: open..close,
                kind,
                is_image,
            }));
        }
        found
    }

    /// The pieces that a range of the text lies in.
    fn place(&self, range: &Range<usize>) -> Range<usize> {
        let piece = |at: usize| {
            let mut before = self.pieces.iter().rev().filter(|(from, _)| *from <= at);
            before.next().map_or(0..0, |(_, place)| place.clone())
        };
        piece(range.start).start..piece(range.end).end
    }
}
