//! The Markdown dialects: which switches each has (`instructions.md` 7.1 and 7.2), and Markdown → events.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser};

use super::runs;

/// Events with the bytes of the text that each came from.
pub(super) type Events<'t> = Vec<(Event<'t>, Range<usize>)>;

/// What a dialect of Markdown has beyond CommonMark, tables, task lists, strikethrough and links from bare URLs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// Curly quotes, dashes, ellipses.
    pub typographer: bool,
    /// Raw HTML is kept as far as the allow-list goes; otherwise its tags are dropped.
    pub raw_html: bool,
    /// Footnotes, definition lists and `{#id .class}` on headings.
    pub extensions: bool,
}

impl Dialect {
    /// Goldmark as Hugo sets it up.
    pub const HUGO: Self = Self {
        typographer: true,
        raw_html: false,
        extensions: true,
    };

    /// marked 4, as the classic renderer uses it.
    pub const CLASSIC: Self = Self {
        typographer: false,
        raw_html: true,
        extensions: false,
    };

    /// Reads a text.
    pub(super) fn parse(self, text: &str) -> Events<'_> {
        let events = Parser::new_ext(text, self.options()).into_offset_iter();
        runs::process(events, text, self.typographer)
    }

    fn options(self) -> Options {
        let mut options =
            Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
        if self.extensions {
            options |= Options::ENABLE_FOOTNOTES
                | Options::ENABLE_DEFINITION_LIST
                | Options::ENABLE_HEADING_ATTRIBUTES;
        }
        options
    }
}

/// How many events the first one opens, itself and its end included.
pub(super) fn length(events: &[(Event<'_>, Range<usize>)]) -> usize {
    let mut level = 0_usize;
    for (count, (event, _)) in events.iter().enumerate() {
        match event {
            Event::Start(_) => level += 1,
            Event::End(_) => level = level.saturating_sub(1),
            _ => {}
        }
        if level == 0 {
            return count + 1;
        }
    }
    events.len().max(1)
}
