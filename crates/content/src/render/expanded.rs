//! A page after everything that is its format's own business: Markdown with slots.
//!
//! A slot stands in the text as a number between two noncharacters, which survives Markdown in prose, link targets
//! and code alike (`instructions.md` 5.1 and 15). No author's text can forge one: [`Expanded`] never holds a
//! noncharacter that it did not write itself.

use std::borrow::Cow;
use std::ops::Range;

use super::targets::Size;
use super::{Dialect, Includes, Lines};
use crate::diagnostic::{Diagnostic, SourceMap};

/// Opens a slot.
pub(crate) const SLOT_OPEN: char = '\u{FDD0}';
/// Closes a slot.
pub(crate) const SLOT_CLOSE: char = '\u{FDD1}';
/// Marks an attribute that this crate wrote, so that raw HTML cannot claim to be it.
pub(crate) const TRUSTED: char = '\u{FDD2}';

/// A page after expansion.
#[derive(Debug, Clone, Default)]
pub struct Expanded {
    /// Markdown with slots in it.
    pub text: String,
    /// From `text` to the page's file.
    pub map: SourceMap,
    /// What stands in the slots, by number.
    pub slots: Vec<Slot>,
    /// Ranges of `text` whose `&`, `<`, `>` and quotes were written as entities; actions get them decoded.
    pub encoded: Vec<Range<usize>>,
    /// How `text` is to be read.
    pub markup: Markup,
    /// What was wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// What the text may include, where its markup knows that.
    pub includes: Includes,
    /// What makes the page as a whole unlike what its author meant: cards above the body.
    pub cards: Vec<String>,
}

/// How the text of a page is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Markup {
    /// As Markdown.
    Markdown(Dialect),
    /// As AsciiDoc.
    AsciiDoc,
}

impl Default for Markup {
    fn default() -> Self {
        Self::Markdown(Dialect::HUGO)
    }
}

/// Something that a format puts into a page.
#[derive(Debug, Clone)]
pub struct Slot {
    /// What.
    pub kind: SlotKind,
    /// Where it was written in the page's file.
    pub source: Range<usize>,
}

/// What stands in a slot.
#[derive(Debug, Clone)]
pub enum SlotKind {
    /// Plain text, never read as Markdown.
    Text(String),
    /// The glyph that makes the inline code before it copyable.
    Copy,
    /// A box around a body.
    Box {
        /// Its look.
        kind: BoxKind,
        /// Its title, plain text.
        title: String,
        /// Its body.
        body: Box<Expanded>,
    },
    /// A body without a box.
    Group(Box<Expanded>),
    /// A mark in the text that something is wrong, and what was written there.
    Chip {
        /// One sentence.
        message: String,
        /// As the author wrote it.
        label: String,
    },
    /// A mark, and the body that could be saved.
    BrokenGroup {
        /// One sentence.
        message: String,
        /// As the author wrote it.
        label: String,
        /// What stands inside.
        body: Box<Expanded>,
    },
    /// A captioned image.
    Figure(Box<Figure>),
    /// A block of code.
    Code {
        /// Its language; may be empty.
        language: String,
        /// The code.
        code: String,
        /// Its lines.
        lines: Lines,
        /// Options whose values make no sense.
        wrong: Vec<String>,
    },
    /// What a template of the author's own printed.
    Custom(Box<Custom>),
    /// A link that stands for something which is not fetched.
    LinkCard {
        /// Where to.
        url: String,
    },
}

/// What a template of the author's own printed.
#[derive(Debug, Clone, Default)]
pub struct Custom {
    /// One after the other.
    pub pieces: Vec<CustomPiece>,
    /// It can stand in a paragraph.
    pub is_inline: bool,
    /// What it is where only text can stand: in code, in an address.
    pub text: String,
}

/// A piece of what a template printed.
#[derive(Debug, Clone)]
pub enum CustomPiece {
    /// HTML, which need not be well formed and is not trusted.
    Html(String),
    /// Markdown.
    Markdown {
        /// What it says.
        body: Box<Expanded>,
        /// A single line, which is no paragraph.
        is_line: bool,
    },
}

/// The look of a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the shortcodes' own")]
pub enum BoxKind {
    Note,
    Warning,
    Danger,
    /// Folds away.
    Details,
}

/// A captioned image.
#[derive(Debug, Clone, Default)]
pub struct Figure {
    /// Of the image.
    pub src: String,
    /// Of the image; the caption stands in for a missing one.
    pub alt: String,
    /// Above the caption, plain text.
    pub title: String,
    /// Below the image.
    pub caption: Option<Expanded>,
    /// Where a click leads; may be empty.
    pub link: String,
    /// How large the image is.
    pub size: Size,
    /// Of the whole figure; may be empty.
    pub class: String,
    /// Whose image it is, behind the caption.
    pub attribution: Option<Expanded>,
    /// Where the attribution leads; may be empty.
    pub attribution_link: String,
}

impl Slot {
    /// What a slot is as plain text: where only text can stand, and in code. `source` is the page's whole file.
    pub(crate) fn as_text<'a>(&'a self, source: &'a str) -> &'a str {
        match &self.kind {
            SlotKind::Text(text) => text,
            SlotKind::Custom(custom) => &custom.text,
            SlotKind::Copy => "",
            _ => source.get(self.source.clone()).unwrap_or_default(),
        }
    }
}

/// A piece of text that may hold slots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece<'t> {
    /// Text, and where it starts.
    Text(&'t str, usize),
    /// A slot, and the bytes that stand for it.
    Slot(usize, Range<usize>),
}

/// Splits text at its slots.
pub(crate) fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let start = at;
        if let Some((number, length)) = leading_slot(rest) {
            at += length;
            return Some(Piece::Slot(number, start..at));
        }
        // Searching from the second character on: a mark that opens nothing is text.
        let skip = rest.chars().next().map_or(0, char::len_utf8);
        let end = rest[skip..]
            .find(SLOT_OPEN)
            .map_or(rest.len(), |found| found + skip);
        at += end;
        Some(Piece::Text(&rest[..end], start))
    })
}

/// The slot at the start of a text, and its length.
pub(crate) fn leading_slot(text: &str) -> Option<(usize, usize)> {
    let inner = text.strip_prefix(SLOT_OPEN)?;
    let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
    inner[digits..].strip_prefix(SLOT_CLOSE)?;
    let number = inner[..digits].parse().ok()?;
    Some((
        number,
        SLOT_OPEN.len_utf8() + digits + SLOT_CLOSE.len_utf8(),
    ))
}

/// A text without the noncharacters that slots are made of; byte offsets stay what they are.
pub(crate) fn without_marks(text: &str) -> Cow<'_, str> {
    let is_mark = |c: char| ('\u{FDD0}'..='\u{FDEF}').contains(&c);
    if text.contains(is_mark) {
        Cow::Owned(text.replace(is_mark, "\u{FFFD}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// A text with `&`, `<`, `>` and quotes as entities.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    let special = |c: char| matches!(c, '&' | '<' | '>' | '"' | '\'');
    let Some(first) = text.find(special) else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len() + 16);
    out.push_str(&text[..first]);
    for c in text[first..].chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Undoes [`escape`].
pub(crate) fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// Builds an [`Expanded`] from pieces of a page's file.
#[derive(Debug)]
pub(crate) struct Builder<'s> {
    source: &'s str,
    expanded: Expanded,
    /// Columns of leading white space that every line loses.
    dedent: usize,
}

impl<'s> Builder<'s> {
    pub(crate) fn new(source: &'s str, markup: Markup, dedent: usize) -> Self {
        let expanded = Expanded {
            markup,
            ..Expanded::default()
        };
        Self {
            source,
            expanded,
            dedent,
        }
    }

    /// Copies a range of the file.
    pub(crate) fn copy(&mut self, range: Range<usize>) {
        if self.dedent == 0 {
            return self.copy_verbatim(range);
        }
        let mut start = range.start;
        while start < range.end {
            let at_line_start = start == 0 || self.source.as_bytes()[start - 1] == b'\n';
            let line_end = self.source[start..range.end]
                .find('\n')
                .map_or(range.end, |newline| start + newline + 1);
            let blank = if at_line_start {
                self.source[start..line_end]
                    .bytes()
                    .take(self.dedent)
                    .take_while(|&b| b == b' ' || b == b'\t')
                    .count()
            } else {
                0
            };
            self.copy_verbatim(start + blank..line_end);
            start = line_end;
        }
    }

    fn copy_verbatim(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        self.expanded
            .map
            .push_verbatim(self.expanded.text.len(), range.clone());
        self.expanded
            .text
            .push_str(&without_marks(&self.source[range]));
    }

    /// Writes text that was made from a range of the file; it is read as Markdown.
    pub(crate) fn replace(&mut self, text: &str, source: Range<usize>) {
        self.expanded
            .map
            .push_replaced(self.expanded.text.len(), source);
        self.expanded.text.push_str(&without_marks(text));
    }

    /// Writes a value with entities for HTML's special characters.
    pub(crate) fn replace_encoded(&mut self, value: &str, source: Range<usize>) {
        let start = self.expanded.text.len();
        let encoded = escape(value);
        self.replace(&encoded, source);
        if matches!(encoded, Cow::Owned(_)) {
            self.expanded.encoded.push(start..self.expanded.text.len());
        }
    }

    /// Writes a slot.
    pub(crate) fn slot(&mut self, kind: SlotKind, source: Range<usize>) {
        use std::fmt::Write as _;
        self.expanded
            .map
            .push_replaced(self.expanded.text.len(), source.clone());
        let number = self.expanded.slots.len();
        write!(self.expanded.text, "{SLOT_OPEN}{number}{SLOT_CLOSE}")
            .expect("a String takes all writes");
        self.expanded.slots.push(Slot { kind, source });
    }

    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.expanded.diagnostics.push(diagnostic);
    }

    pub(crate) fn card(&mut self, message: String) {
        self.expanded.cards.push(message);
    }

    pub(crate) fn finish(self) -> Expanded {
        self.expanded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_at_slots_and_survives_broken_marks() {
        let text = format!("a{SLOT_OPEN}12{SLOT_CLOSE}b{SLOT_OPEN}x{SLOT_OPEN}");
        let found: Vec<_> = pieces(&text).collect();
        assert_eq!(found[0], Piece::Text("a", 0));
        assert_eq!(found[1], Piece::Slot(12, 1..9));
        assert!(matches!(&found[2], Piece::Text("b", 9)));
        assert_eq!(found.len(), 5);
    }

    #[test]
    fn decodes_what_it_encoded() {
        let value = r#"a & b <c> "q" 'r' &amp;"#;
        assert_eq!(unescape(&escape(value)), value);
    }
}
