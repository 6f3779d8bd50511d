//! Markdown events → HTML with placeholders for actions.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::body::{Body, Close};
use super::dialect::{Dialect, Events, length};
use super::expanded::{Expanded, Markup, TRUSTED, escape, without_marks};
use super::sections::{self, Placeholder};
use super::{
    Heading, PageAnchor, RenderedPage, blocks, boxes, custom, fence, inline, math, sanitize,
    targets,
};
use crate::action::PageAction;
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
    pub(super) actions: Vec<PageAction>,
    pub(super) placeholders: Vec<Placeholder>,
    /// As MathML; they take their places when the page is clean.
    pub(super) formulas: Vec<String>,
    pub(super) headings: Vec<Heading>,
    /// Links to headings of this page.
    pub(super) own_anchors: Vec<(String, Span)>,
    pub(super) page_anchors: Vec<PageAnchor>,
    pub(super) anchors: HashMap<String, usize>,
    /// The containers that are open, innermost last; each has a number of its own.
    pub(super) containers: Vec<usize>,
    next_container: usize,
    bodies: usize,
    /// How many raw tags the page has so far.
    pub(super) raw_tags: usize,
    /// `TRUSTED` where raw HTML is possible, else nothing.
    mark: &'static str,
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
            formulas: Vec::new(),
            headings: Vec::new(),
            own_anchors: Vec::new(),
            page_anchors: Vec::new(),
            anchors: HashMap::new(),
            containers: vec![0],
            next_container: 1,
            bodies: 0,
            raw_tags: 0,
            mark: "",
        }
    }

    /// Writes a card that says what is wrong with the page.
    pub(super) fn card(&mut self, message: &str) {
        self.out
            .push_str("<div class=\"error-card\" role=\"note\"><p>");
        for (number, part) in message.split('`').enumerate() {
            match number {
                0 => {}
                number if number % 2 == 1 => self.out.push_str("<code>"),
                _ => self.out.push_str("</code>"),
            }
            self.out.push_str(&escape(part));
        }
        if message.matches('`').count() % 2 == 1 {
            self.out.push_str("</code>");
        }
        self.out.push_str("</p></div>\n");
    }

    /// Writes the page's body.
    pub(super) fn page(&mut self, expanded: &Expanded) {
        let raw_html = match expanded.markup {
            Markup::Markdown(dialect) => dialect.raw_html,
            Markup::AsciiDoc => true,
        };
        if raw_html || custom::is_in(expanded) {
            self.mark = "\u{FDD2}";
            debug_assert!(self.mark.starts_with(TRUSTED));
        }
        self.body(expanded);
    }

    /// Everything that was written.
    pub(super) fn finish(mut self) -> RenderedPage {
        let sections = sections::pair(&self.actions, &self.placeholders, &mut self.diagnostics);
        let mut html = sections::wrap(&self.out, &sections, &self.placeholders, self.mark);
        if self.raw_tags > 0 {
            html = sanitize::clean(&html);
        } else if !self.mark.is_empty() {
            html = html.replace(TRUSTED, "");
        }
        let mut rendered = RenderedPage {
            // A value may hold what looks like our marks; by now they would mean nothing, and need not be seen.
            html: math::insert(without_marks(&html).into_owned(), &self.formulas),
            actions: self.actions,
            sections,
            headings: self.headings,
            anchors: self.page_anchors,
            diagnostics: self.diagnostics,
        };
        targets::mark_dead(&mut rendered, self.own_anchors);
        rendered
    }

    /// Writes one body.
    pub(super) fn body(&mut self, expanded: &Expanded) {
        self.diagnostics
            .extend(expanded.diagnostics.iter().cloned());
        for card in &expanded.cards {
            self.card(card);
        }
        let (events, dialect, trusted) = match expanded.markup {
            Markup::Markdown(dialect) => {
                let events = dialect.parse(&expanded.text);
                (events, dialect, HashSet::new())
            }
            Markup::AsciiDoc => match self.asciidoc(expanded) {
                Some(reading) => (reading.events, Dialect::CLASSIC, reading.trusted),
                None => return,
            },
        };
        self.bodies += 1;
        let mut body = Body {
            expanded,
            number: self.bodies,
            open: Vec::new(),
            alert: 0,
            paragraph: None,
            inline: 0,
            waiting: Vec::new(),
            kept: if dialect.raw_html {
                HashMap::new()
            } else {
                inline::kept_tags(&events)
            },
            trusted,
            definitions: blocks::definitions(&events),
            notes: Vec::new(),
            alignments: Vec::new(),
            column: 0,
            in_head: false,
        };
        self.events(&mut body, &events, 0..events.len(), dialect);
        self.footnotes(&mut body, &events, dialect);
    }

    pub(super) fn events(
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
                    link_type,
                    dest_url,
                    title,
                    id,
                }) => {
                    let length = length(&events[at..]);
                    let alt = self.plain(body, &events[at..at + length]);
                    let target = self.fill(body, dest_url);
                    let title = self.fill(body, title);
                    let span = self.span(body, place.clone());
                    let size = targets::size(*link_type, id);
                    self.image(&target, &alt, &title, &size, &span);
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
                    let copyable = boxes::copy_follows(body.expanded, &events[at + 1..range.end]);
                    let code = self.fill(body, code);
                    self.inline_code(&code, copyable);
                    1
                }
                Event::InlineHtml(_) | Event::Html(_) => {
                    self.raw(body, at, event, place, dialect);
                    1
                }
                _ => {
                    self.leaf(body, event, place);
                    1
                }
            };
        }
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
                self.actions_in_text(body, place);
                self.links_in_text(body, next);
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
            Tag::BlockQuote(Some(kind)) => {
                let (class, title) = blocks::admonition(*kind);
                self.out.push_str(&format!(
                    "<div class=\"admonition {class}\">\n<p class=\"admonition-title\">{title}</p>\n"
                ));
                self.enter();
                Close::Container("</div>\n")
            }
            Tag::HtmlBlock => {
                self.enter();
                Close::Container("")
            }
            Tag::BlockQuote(None) => {
                match blocks::alert(next) {
                    Some((kind, mark)) => {
                        body.alert = mark;
                        self.out
                            .push_str(&format!("<blockquote class=\"alert alert-{kind}\">\n"));
                    }
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
                self.links_in_text(body, next);
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

    pub(super) fn span(&self, body: &Body<'_>, range: Range<usize>) -> Span {
        Span::new(self.page.file(), body.expanded.map.to_source(range))
    }

    pub(super) fn source(&self) -> &'a str {
        self.workshop.sources.file(self.page.file()).text()
    }

    pub(super) fn mark(&self) -> &'static str {
        self.mark
    }

    pub(super) fn fill(&self, body: &Body<'_>, text: &str) -> String {
        let filled = fence::fill(body.expanded, self.source(), text);
        // What goes into an attribute of a page with raw HTML must not look like our own mark.
        without_marks(&filled).into_owned()
    }

    pub(super) fn enter(&mut self) {
        self.containers.push(self.next_container);
        self.next_container += 1;
    }

    pub(super) fn leave(&mut self) {
        self.containers.pop();
    }
}
