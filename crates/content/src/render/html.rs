//! Markdown events → HTML with placeholders for actions.

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{Alignment, BlockQuoteKind, Event, HeadingLevel, Tag, TagEnd};

use super::dialect::{Dialect, Events};
use super::expanded::{Expanded, Markup, Piece, TRUSTED, escape, pieces, without_marks};
use super::sections::{self, Placeholder};
use super::{Heading, RenderedPage, fence, highlight, inline, sanitize};
use crate::action::{self, PageAction};
use crate::diagnostic::{Diagnostic, Span};
use crate::page::Page;
use crate::variables::Variables;
use crate::workshop::Workshop;

/// Containers deeper than this are flattened: a webview gives up at 512 levels.
const MAX_DEPTH: usize = 64;

/// Writes one page.
pub(super) struct Writer<'a> {
    pub(super) workshop: &'a Workshop,
    pub(super) page: &'a Page,
    pub(super) variables: &'a Variables,
    pub(super) out: String,
    pub(super) diagnostics: Vec<Diagnostic>,
    actions: Vec<PageAction>,
    placeholders: Vec<Placeholder>,
    headings: Vec<Heading>,
    anchors: HashMap<String, usize>,
    /// The containers that are open, innermost last; each has a number of its own.
    containers: Vec<usize>,
    next_container: usize,
    bodies: usize,
    raw_html: bool,
    /// `TRUSTED` where raw HTML is possible, else nothing.
    mark: &'static str,
}

/// One body of Markdown: the page's, or that of a box.
pub(super) struct Body<'e> {
    pub(super) expanded: &'e Expanded,
    /// Distinguishes the footnotes of one body from those of another.
    number: usize,
    open: Vec<Close>,
    /// Where the open paragraph starts in the output.
    pub(super) paragraph: Option<usize>,
    /// How many inline elements are open.
    pub(super) inline: usize,
    /// Slots that must wait for the end of the block.
    pub(super) waiting: Vec<usize>,
    kept: HashMap<usize, &'static str>,
    definitions: HashMap<String, Range<usize>>,
    notes: Vec<String>,
    alignments: Vec<Alignment>,
    column: usize,
    in_head: bool,
}

/// How an open element is closed.
enum Close {
    With(&'static str),
    Inline(&'static str),
    Paragraph,
    Heading(HeadingLevel),
    Container(&'static str),
}

impl<'a> Writer<'a> {
    pub(super) fn new(workshop: &'a Workshop, page: &'a Page, variables: &'a Variables) -> Self {
        Self {
            workshop,
            page,
            variables,
            out: String::new(),
            diagnostics: Vec::new(),
            actions: Vec::new(),
            placeholders: Vec::new(),
            headings: Vec::new(),
            anchors: HashMap::new(),
            containers: vec![0],
            next_container: 1,
            bodies: 0,
            raw_html: false,
            mark: "",
        }
    }

    /// Writes a card that says what is wrong with the page.
    pub(super) fn card(&mut self, message: &str) {
        self.out
            .push_str("<div class=\"error-card\" role=\"note\"><p>");
        self.out.push_str(&escape(message));
        self.out.push_str("</p></div>\n");
    }

    /// Writes the page's body.
    pub(super) fn page(&mut self, expanded: &Expanded) {
        if let Markup::Markdown(Dialect { raw_html: true, .. }) = expanded.markup {
            self.mark = "\u{FDD2}";
            debug_assert!(self.mark.starts_with(TRUSTED));
        }
        self.body(expanded);
    }

    /// Everything that was written.
    pub(super) fn finish(mut self) -> RenderedPage {
        let sections = sections::pair(&self.actions, &self.placeholders, &mut self.diagnostics);
        let mut html = sections::wrap(&self.out, &sections, &self.placeholders, self.mark);
        if self.raw_html {
            html = sanitize::clean(&html);
        } else if !self.mark.is_empty() {
            html = html.replace(TRUSTED, "");
        }
        RenderedPage {
            // A value may hold what looks like our marks; by now they would mean nothing, and need not be seen.
            html: without_marks(&html).into_owned(),
            actions: self.actions,
            sections,
            headings: self.headings,
            diagnostics: self.diagnostics,
        }
    }

    /// Writes one body.
    pub(super) fn body(&mut self, expanded: &Expanded) {
        self.diagnostics
            .extend(expanded.diagnostics.iter().cloned());
        for card in &expanded.cards {
            self.card(card);
        }
        let Markup::Markdown(dialect) = expanded.markup else {
            self.out.push_str("<pre class=\"source\"><code>");
            self.out.push_str(&escape(&expanded.text));
            self.out.push_str("</code></pre>\n");
            return;
        };
        let events = dialect.parse(&expanded.text);
        self.bodies += 1;
        let mut body = Body {
            expanded,
            number: self.bodies,
            open: Vec::new(),
            paragraph: None,
            inline: 0,
            waiting: Vec::new(),
            kept: if dialect.raw_html {
                HashMap::new()
            } else {
                inline::kept_tags(&events)
            },
            definitions: definitions(&events),
            notes: Vec::new(),
            alignments: Vec::new(),
            column: 0,
            in_head: false,
        };
        self.events(&mut body, &events, 0..events.len(), dialect);
        self.footnotes(&mut body, &events, dialect);
    }

    fn events(
        &mut self,
        body: &mut Body<'_>,
        events: &Events<'_>,
        range: Range<usize>,
        dialect: Dialect,
    ) {
        let mut at = range.start;
        while at < range.end {
            let (event, place) = &events[at];
            at += match event {
                Event::Start(Tag::CodeBlock(_)) => self.code_block(body, &events[at..]),
                Event::Start(Tag::FootnoteDefinition(label)) => body
                    .definitions
                    .get(&**label)
                    .filter(|found| found.start == at + 1)
                    .map_or_else(|| length(&events[at..]), |found| found.len() + 2),
                Event::Start(Tag::Image {
                    dest_url, title, ..
                }) => {
                    let length = length(&events[at..]);
                    let alt = self.plain(body, &events[at..at + length]);
                    let target = self.fill(body, dest_url);
                    let title = self.fill(body, title);
                    let span = self.span(body, place.clone());
                    self.image(&target, &alt, &title, &span);
                    length
                }
                Event::Start(Tag::Heading {
                    level, id, classes, ..
                }) => {
                    let length = length(&events[at..]);
                    let text = self.plain(body, &events[at..at + length]);
                    let classes: Vec<_> = classes.iter().map(|class| &**class).collect();
                    self.heading(body, *level, id.as_deref(), &classes, text);
                    1
                }
                Event::Start(tag) => {
                    self.start(body, tag, place, events.get(at + 1..).unwrap_or_default());
                    1
                }
                Event::End(end) => {
                    self.end(body, *end);
                    1
                }
                Event::Code(code) => {
                    let copyable = copy_follows(body.expanded, &events[at + 1..range.end]);
                    let code = self.fill(body, code);
                    self.inline_code(&code, copyable);
                    1
                }
                Event::InlineHtml(_) | Event::Html(_) => {
                    self.raw(body, at, event, place, dialect);
                    1
                }
                _ => {
                    self.leaf(body, event);
                    1
                }
            };
        }
    }

    fn leaf(&mut self, body: &mut Body<'_>, event: &Event<'_>) {
        match event {
            Event::Text(text) => self.text(body, text),
            Event::SoftBreak => self.out.push('\n'),
            Event::HardBreak => self.out.push_str("<br>\n"),
            Event::Rule => self.out.push_str("<hr>\n"),
            Event::TaskListMarker(done) => self.out.push_str(if *done {
                "<input type=\"checkbox\" disabled=\"\" checked=\"\"> "
            } else {
                "<input type=\"checkbox\" disabled=\"\"> "
            }),
            Event::FootnoteReference(label) => {
                let number = match body.notes.iter().position(|note| **note == **label) {
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
            _ => {}
        }
    }

    fn footnotes(&mut self, body: &mut Body<'_>, events: &Events<'_>, dialect: Dialect) {
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

    fn start(
        &mut self,
        body: &mut Body<'_>,
        tag: &Tag<'_>,
        place: &Range<usize>,
        next: &[(Event<'_>, Range<usize>)],
    ) {
        let flat = body.open.len() >= MAX_DEPTH;
        let close = match tag {
            Tag::Paragraph => {
                body.paragraph = Some(self.out.len());
                self.out.push_str("<p>");
                Close::Paragraph
            }
            Tag::Emphasis => self.inline_tag(body, "<em>", "</em>"),
            Tag::Strong => self.inline_tag(body, "<strong>", "</strong>"),
            Tag::Strikethrough => self.inline_tag(body, "<del>", "</del>"),
            Tag::Link {
                dest_url,
                title,
                link_type,
                ..
            } => {
                let mut target = self.fill(body, dest_url);
                if matches!(link_type, pulldown_cmark::LinkType::Email) {
                    target.insert_str(0, "mailto:");
                }
                let title = self.fill(body, title);
                let span = self.span(body, place.clone());
                body.inline += 1;
                Close::Inline(self.link(&target, &title, &span))
            }
            _ if flat => Close::With(""),
            Tag::BlockQuote(_) => {
                match alert(next) {
                    Some(kind) => self
                        .out
                        .push_str(&format!("<blockquote class=\"alert alert-{kind}\">\n")),
                    None => self.out.push_str("<blockquote>\n"),
                }
                self.enter();
                Close::Container("</blockquote>\n")
            }
            Tag::List(None) => self.block_tag("<ul>\n", "</ul>\n"),
            Tag::List(Some(1)) => self.block_tag("<ol>\n", "</ol>\n"),
            Tag::List(Some(first)) => {
                self.out.push_str(&format!("<ol start=\"{first}\">\n"));
                Close::With("</ol>\n")
            }
            Tag::Item => {
                self.enter();
                self.out.push_str("<li>");
                Close::Container("</li>\n")
            }
            Tag::DefinitionList => self.block_tag("<dl>\n", "</dl>\n"),
            Tag::DefinitionListTitle => self.block_tag("<dt>", "</dt>\n"),
            Tag::DefinitionListDefinition => {
                self.enter();
                self.out.push_str("<dd>");
                Close::Container("</dd>\n")
            }
            Tag::Table(alignments) => {
                body.alignments.clone_from(alignments);
                self.block_tag("<table>\n", "</tbody></table>\n")
            }
            Tag::TableHead => {
                (body.column, body.in_head) = (0, true);
                self.block_tag("<thead><tr>", "</tr></thead>\n<tbody>\n")
            }
            Tag::TableRow => {
                (body.column, body.in_head) = (0, false);
                self.block_tag("<tr>", "</tr>\n")
            }
            Tag::TableCell => self.cell(body),
            _ => Close::With(""),
        };
        body.open.push(close);
    }

    fn end(&mut self, body: &mut Body<'_>, end: TagEnd) {
        match body.open.pop() {
            Some(Close::With(html)) => self.out.push_str(html),
            Some(Close::Inline(html)) => {
                body.inline = body.inline.saturating_sub(1);
                self.out.push_str(html);
            }
            Some(Close::Paragraph) => self.end_paragraph(body),
            Some(Close::Heading(level)) => {
                body.inline = body.inline.saturating_sub(1);
                self.out.push_str(&format!("</{level}>\n"));
            }
            Some(Close::Container(html)) => {
                self.leave();
                self.out.push_str(html);
            }
            None => {}
        }
        if body.inline == 0 && body.paragraph.is_none() && !matches!(end, TagEnd::TableCell) {
            self.flush_waiting(body);
        }
    }

    fn inline_tag(&mut self, body: &mut Body<'_>, open: &str, close: &'static str) -> Close {
        body.inline += 1;
        self.out.push_str(open);
        Close::Inline(close)
    }

    fn block_tag(&mut self, open: &str, close: &'static str) -> Close {
        self.out.push_str(open);
        Close::With(close)
    }

    fn cell(&mut self, body: &mut Body<'_>) -> Close {
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

    fn heading(
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

    fn code_block(&mut self, body: &mut Body<'_>, events: &[(Event<'_>, Range<usize>)]) -> usize {
        let source = self.source();
        let (block, used) = fence::read(body.expanded, source, events, true);
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
        self.code(&code, language);
        used
    }

    /// Writes a block of code.
    pub(super) fn code(&mut self, code: &str, language: &str) {
        self.out.push_str("<pre class=\"code\"");
        if !language.is_empty() {
            let mark = self.mark;
            self.out
                .push_str(&format!(" data-language=\"{mark}{}\"", escape(language)));
        }
        self.out.push_str("><code>");
        highlight::write(&mut self.out, code, language);
        self.out.push_str("</code></pre>\n");
    }

    fn placeholder(&mut self, action: PageAction) {
        let start = self.out.len();
        let (mark, index) = (self.mark, self.actions.len());
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

    fn inline_code(&mut self, code: &str, copyable: bool) {
        let (class, mark) = (if copyable { " class=\"copyable\"" } else { "" }, self.mark);
        self.out.push_str(&format!("<code{class}"));
        if copyable {
            self.out
                .push_str(&format!(" data-copy=\"{mark}{}\"", escape(code)));
        }
        self.out.push('>');
        self.out.push_str(&escape(code));
        self.out.push_str("</code>");
    }

    fn raw(
        &mut self,
        body: &mut Body<'_>,
        index: usize,
        event: &Event<'_>,
        place: &Range<usize>,
        dialect: Dialect,
    ) {
        let (Event::InlineHtml(html) | Event::Html(html)) = event else {
            return;
        };
        if dialect.raw_html {
            self.raw_html = true;
            let html = self.fill(body, html);
            let span = self.span(body, place.clone());
            self.raw_tags(&html, &span);
        } else if let Some(kept) = body.kept.get(&index) {
            self.out.push_str(kept);
        } else {
            self.report_raw(body, html, place);
        }
    }

    /// Raw HTML that is dropped is worth a word: `<name>` in a sentence vanishes without a trace.
    fn report_raw(&mut self, body: &Body<'_>, html: &str, place: &Range<usize>) {
        let html = html.trim();
        if html.is_empty()
            || html.starts_with("<!--")
            || html.starts_with("</")
            || !html.starts_with('<')
        {
            return;
        }
        self.diagnostics.push(
            Diagnostic::warning("raw-html", "raw HTML is not shown")
                .at(self.span(body, place.clone()), "dropped")
                .help("write `&lt;` for a literal `<`, or put the text in back-ticks"),
        );
    }

    pub(super) fn span(&self, body: &Body<'_>, range: Range<usize>) -> Span {
        Span::new(self.page.file(), body.expanded.map.to_source(range))
    }

    pub(super) fn source(&self) -> &'a str {
        self.workshop.sources.file(self.page.file()).text()
    }

    pub(super) fn mark(&self) -> &'static str {
        self.mark
    }

    fn fill(&self, body: &Body<'_>, text: &str) -> String {
        let filled = fence::fill(body.expanded, self.source(), text);
        // What goes into an attribute of a page with raw HTML must not look like our own mark.
        without_marks(&filled).into_owned()
    }

    /// The text of some events, without markup.
    fn plain(&self, body: &Body<'_>, events: &[(Event<'_>, Range<usize>)]) -> String {
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

    pub(super) fn enter(&mut self) {
        self.containers.push(self.next_container);
        self.next_container += 1;
    }

    pub(super) fn leave(&mut self) {
        self.containers.pop();
    }
}

/// How many events the first one opens, itself and its end included.
fn length(events: &[(Event<'_>, Range<usize>)]) -> usize {
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

/// The events inside each footnote's definition.
fn definitions(events: &Events<'_>) -> HashMap<String, Range<usize>> {
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

/// Whether the glyph that makes inline code copyable comes next; a space between is fine (`instructions.md` 9.4).
fn copy_follows(expanded: &Expanded, next: &[(Event<'_>, Range<usize>)]) -> bool {
    let Some((Event::Text(text), _)) = next.first() else {
        return false;
    };
    match pieces(text.trim_start_matches(' ')).next() {
        Some(Piece::Slot(number, _)) => expanded
            .slots
            .get(number)
            .is_some_and(|slot| matches!(slot.kind, super::SlotKind::Copy)),
        _ => false,
    }
}

/// The kind of a quote that starts with `[!NOTE]` and its kin. The words stay: the reference shows them too.
fn alert(next: &[(Event<'_>, Range<usize>)]) -> Option<&'static str> {
    let [
        (Event::Start(Tag::Paragraph), _),
        (Event::Text(text), _),
        ..,
    ] = next
    else {
        return None;
    };
    let kind = [
        ("[!NOTE]", BlockQuoteKind::Note),
        ("[!TIP]", BlockQuoteKind::Tip),
        ("[!IMPORTANT]", BlockQuoteKind::Important),
        ("[!WARNING]", BlockQuoteKind::Warning),
        ("[!CAUTION]", BlockQuoteKind::Caution),
    ]
    .into_iter()
    .find(|(written, _)| text.trim() == *written)?;
    Some(match kind.1 {
        BlockQuoteKind::Note => "note",
        BlockQuoteKind::Tip => "tip",
        BlockQuoteKind::Important => "important",
        BlockQuoteKind::Warning => "warning",
        BlockQuoteKind::Caution => "caution",
    })
}
