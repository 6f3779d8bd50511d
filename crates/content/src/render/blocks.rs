//! Headings, code and actions, table cells, footnotes.

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{Alignment, BlockQuoteKind, Event, HeadingLevel, Tag, TagEnd};

use super::body::{Body, Close};
use super::dialect::{Dialect, Events};
use super::expanded::{Markup, escape};
use super::html::Writer;
use super::sections::Placeholder;
use super::{Heading, Lines, fence, highlight};
use crate::action::{self, PageAction};
use crate::diagnostic::{Diagnostic, Span};

impl Writer<'_> {
    pub(super) fn heading(
        &mut self,
        body: &mut Body<'_>,
        level: HeadingLevel,
        id: Option<&str>,
        classes: &[&str],
        text: String,
    ) {
        let id = match id {
            Some(id) => id.to_owned(),
            None => self.anchor(&text),
        };
        self.out
            .push_str(&format!("<{level} id=\"{}\"", escape(&id)));
        if !classes.is_empty() {
            self.out
                .push_str(&format!(" class=\"{}\"", escape(&classes.join(" "))));
        }
        self.out.push('>');
        self.headings.push(Heading {
            level: level as u8,
            id,
            text,
        });
        body.inline += 1;
        body.open.push(Close::Heading(level));
    }

    /// Writes an event that holds no others.
    pub(super) fn leaf(&mut self, body: &mut Body<'_>, event: &Event<'_>, place: &Range<usize>) {
        match event {
            Event::Text(text) => self.text(body, text),
            Event::SoftBreak => self.out.push('\n'),
            Event::HardBreak => self.out.push_str("<br>\n"),
            Event::Rule => self.out.push_str("<hr>\n"),
            Event::InlineMath(math) => {
                let (math, span) = (self.fill(body, math), self.span(body, place.clone()));
                self.inline_math(&math, &span);
            }
            Event::DisplayMath(math) => {
                let (math, span) = (self.fill(body, math), self.span(body, place.clone()));
                self.block_math(&math, |_| span.clone());
            }
            Event::TaskListMarker(done) => self.out.push_str(if *done {
                "<input type=\"checkbox\" disabled=\"\" checked=\"\"> "
            } else {
                "<input type=\"checkbox\" disabled=\"\"> "
            }),
            Event::FootnoteReference(label) => self.footnote_reference(body, label),
            _ => {}
        }
    }

    /// The text of some events, without markup.
    pub(super) fn plain(&self, body: &Body<'_>, events: &[(Event<'_>, Range<usize>)]) -> String {
        let mut text = String::new();
        for (event, _) in events {
            match event {
                Event::Text(piece) | Event::Code(piece) => text.push_str(&self.fill(body, piece)),
                Event::SoftBreak | Event::HardBreak => text.push(' '),
                _ => {}
            }
        }
        text
    }

    /// GitHub's way to name a heading; a name that is taken gets a number (`instructions.md` 7.1).
    fn anchor(&mut self, text: &str) -> String {
        let mut id: String = text
            .trim()
            .chars()
            .filter_map(|c| match c {
                c if c.is_whitespace() => Some('-'),
                '-' | '_' => Some(c),
                c if c.is_alphanumeric() => Some(c),
                _ => None,
            })
            .flat_map(char::to_lowercase)
            .collect();
        if id.is_empty() {
            "heading".clone_into(&mut id);
        }
        let uses = self.anchors.entry(id.clone()).or_insert(0);
        *uses += 1;
        if *uses > 1 {
            id = format!("{id}-{}", *uses - 1);
            self.anchors.entry(id.clone()).or_insert(1);
        }
        id
    }

    pub(super) fn code_block(
        &mut self,
        body: &mut Body<'_>,
        events: &[(Event<'_>, Range<usize>)],
    ) -> usize {
        let source = self.source();
        let (block, used) = fence::read(body.expanded, source, events, true);
        let text = body
            .expanded
            .text
            .get(block.range.clone())
            .unwrap_or_default();
        let place = |range: Range<usize>| {
            let start = block.range.start;
            self.span(body, start + range.start..start + range.end)
        };
        if let Some(found) = fence::faults::wrong_marks(&block, text, place) {
            self.diagnostics.push(found);
        }
        if let Some(info) = &block.info {
            let fence = action::Fence {
                info,
                body: &block.body,
                map: &block.map,
                span: self.span(body, block.range.clone()),
            };
            if let Some(action) = action::read(&fence, &mut self.diagnostics) {
                self.placeholder(action);
                return used;
            }
        }
        let code = if body.expanded.encoded.is_empty() {
            block.body.clone()
        } else {
            fence::read(body.expanded, source, events, false).0.body
        };
        let language = block.name().split(['{', ',']).next().unwrap_or_default();
        // GitHub's way to write a formula; nobody else has a language of that name.
        if language == "math" {
            self.math_fence(body, &block);
            return used;
        }
        let lines = self.fence_lines(body, &block);
        self.numbered_code(&code, language, &lines);
        used
    }

    /// Tells of an action whose block has lost its marks.
    pub(super) fn actions_in_text(&mut self, body: &Body<'_>, place: &Range<usize>) {
        let text = body.expanded.text.get(place.clone()).unwrap_or_default();
        if let Some((name, range)) = fence::faults::in_text(text) {
            let range = place.start + range.start..place.start + range.end;
            let found = fence::faults::stray(name, self.span(body, range));
            self.diagnostics.push(found);
        }
    }

    /// What stands in braces behind a fence's language, where pages know that.
    fn fence_lines(&mut self, body: &Body<'_>, block: &fence::Block) -> Lines {
        let has_options = matches!(body.expanded.markup, Markup::Markdown(it) if it.extensions);
        let options = block.info.as_deref().filter(|_| has_options);
        let Some((_, options)) = options.and_then(|info| info.split_once('{')) else {
            return Lines::default();
        };
        let options = options.rsplit_once('}').map_or(options, |(inner, _)| inner);
        let (lines, wrong) = Lines::read(options);
        let span = self.span(body, block.range.clone());
        self.wrong_lines(&wrong, &span);
        lines
    }

    pub(super) fn wrong_lines(&mut self, wrong: &[String], span: &Span) {
        for option in wrong {
            self.diagnostics.push(
                Diagnostic::warning("invalid-code-option", format!("`{option}` makes no sense"))
                    .at(span.clone(), "shown without it")
                    .help("write for example `linenos=true hl_lines=[2,\"4-6\"]`"),
            );
        }
    }

    /// Writes a block of code.
    pub(super) fn code(&mut self, code: &str, language: &str) {
        self.numbered_code(code, language, &Lines::default());
    }

    /// Writes a block of code with numbers or marked lines.
    pub(super) fn numbered_code(&mut self, code: &str, language: &str, lines: &Lines) {
        self.out.push_str("<pre class=\"code\"");
        if !language.is_empty() {
            let mark = self.mark();
            self.out
                .push_str(&format!(" data-language=\"{mark}{}\"", escape(language)));
        }
        self.out.push_str("><code>");
        let mark = self.mark();
        highlight::write(&mut self.out, code, language, lines, mark);
        self.out.push_str("</code></pre>\n");
    }

    fn placeholder(&mut self, action: PageAction) {
        let start = self.out.len();
        let (mark, index) = (self.mark(), self.actions.len());
        self.out.push_str(&format!(
            "<workshop-action data-index=\"{mark}{index}\"></workshop-action>"
        ));
        self.placeholders.push(Placeholder {
            container: self.containers.last().copied().unwrap_or_default(),
            start,
            end: self.out.len(),
        });
        self.out.push('\n');
        self.actions.push(action);
    }

    pub(super) fn footnote_reference(&mut self, body: &mut Body<'_>, label: &str) {
        let number = match body.notes.iter().position(|note| *note == label) {
            Some(number) => number,
            None => {
                body.notes.push(label.to_string());
                body.notes.len() - 1
            }
        } + 1;
        let id = format!("{}-{number}", body.number);
        self.out.push_str(&format!(
            "<sup><a class=\"footnote\" href=\"#fn-{id}\" id=\"fnref-{id}\">{number}</a></sup>"
        ));
    }

    pub(super) fn footnotes(&mut self, body: &mut Body<'_>, events: &Events<'_>, dialect: Dialect) {
        if body.notes.is_empty() {
            return;
        }
        self.out
            .push_str("<section class=\"footnotes\"><hr>\n<ol>\n");
        let mut written = 0;
        // A note may refer to further notes: the list grows while it is written.
        while let Some(label) = body.notes.get(written).cloned() {
            written += 1;
            let id = format!("{}-{written}", body.number);
            self.out.push_str(&format!("<li id=\"fn-{id}\">"));
            if let Some(range) = body.definitions.get(&label).cloned() {
                self.enter();
                self.events(body, events, range, dialect);
                self.leave();
            }
            self.out.push_str(&format!(
                "<a class=\"footnote-back\" href=\"#fnref-{id}\">↩</a></li>\n"
            ));
        }
        self.out.push_str("</ol>\n</section>\n");
    }

    pub(super) fn inline_tag(
        &mut self,
        body: &mut Body<'_>,
        open: &str,
        close: &'static str,
    ) -> Close {
        body.inline += 1;
        self.out.push_str(open);
        Close::Inline(close)
    }

    pub(super) fn block_tag(&mut self, open: &str, close: &'static str) -> Close {
        self.out.push_str(open);
        Close::With(close)
    }

    pub(super) fn cell(&mut self, body: &mut Body<'_>) -> Close {
        let align = match body.alignments.get(body.column) {
            Some(Alignment::Left) => " class=\"align-left\"",
            Some(Alignment::Center) => " class=\"align-center\"",
            Some(Alignment::Right) => " class=\"align-right\"",
            _ => "",
        };
        body.column += 1;
        let (tag, close) = if body.in_head {
            ("th", "</th>")
        } else {
            ("td", "</td>")
        };
        self.out.push_str(&format!("<{tag}{align}>"));
        Close::With(close)
    }
}

/// The events inside each footnote's definition.
pub(super) fn definitions(events: &Events<'_>) -> HashMap<String, Range<usize>> {
    let mut found = HashMap::new();
    let mut open: Vec<(String, usize)> = Vec::new();
    for (at, (event, _)) in events.iter().enumerate() {
        match event {
            Event::Start(Tag::FootnoteDefinition(label)) => open.push((label.to_string(), at + 1)),
            Event::End(TagEnd::FootnoteDefinition) => {
                if let Some((label, start)) = open.pop() {
                    found.entry(label).or_insert(start..at);
                }
            }
            _ => {}
        }
    }
    found
}

/// The class and the title of an admonition.
pub(super) fn admonition(kind: BlockQuoteKind) -> (&'static str, &'static str) {
    match kind {
        BlockQuoteKind::Note => ("note", "Note"),
        BlockQuoteKind::Tip => ("tip", "Tip"),
        BlockQuoteKind::Important => ("important", "Important"),
        BlockQuoteKind::Warning => ("warning", "Warning"),
        BlockQuoteKind::Caution => ("caution", "Caution"),
    }
}

/// The kind of a quote that starts with `[!NOTE]` and its kin, alone in its line or not, and the length of the mark.
pub(super) fn alert(next: &[(Event<'_>, Range<usize>)]) -> Option<(&'static str, usize)> {
    let [
        (Event::Start(Tag::Paragraph), _),
        (Event::Text(text), _),
        ..,
    ] = next
    else {
        return None;
    };
    let (written, _) = text.strip_prefix("[!")?.split_once(']')?;
    let kind = [
        BlockQuoteKind::Note,
        BlockQuoteKind::Tip,
        BlockQuoteKind::Important,
        BlockQuoteKind::Warning,
        BlockQuoteKind::Caution,
    ]
    .into_iter()
    .map(|kind| admonition(kind).0)
    .find(|name| written.eq_ignore_ascii_case(name))?;
    Some((kind, written.len() + 3))
}
