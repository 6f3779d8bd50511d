//! Blocks: sections, lists, code and actions, admonitions, images.

use std::ops::Range;

use asciidoc_parser::blocks::{
    AdmonitionVariant, Block, BreakType, CompoundDelimitedContext, FindBlocks, IsBlock, QuoteType,
    SimpleBlockStyle,
};
use asciidoc_parser::inlines::InlineNode;
use asciidoc_parser::{Document, HasSpan, Span};
use pulldown_cmark::{BlockQuoteKind, CowStr, Event, HeadingLevel, Tag, TagEnd};

use super::code::text_of;
use super::places::Places;
use super::{Finding, Reading};
use crate::render::expanded::escape;
use crate::render::targets::size_label;

/// Writes events.
pub(super) struct Emitter<'d> {
    pub(super) document: &'d Document<'static>,
    pub(super) places: Places<'d>,
    pub(super) reading: Reading,
    /// Footnotes: label and text.
    pub(super) notes: Vec<(String, &'d [InlineNode<'d>])>,
}

impl<'d> Emitter<'d> {
    pub(super) fn new(document: &'d Document<'static>, places: Places<'d>) -> Self {
        Self {
            document,
            places,
            reading: Reading::default(),
            notes: Vec::new(),
        }
    }

    pub(super) fn event(&mut self, event: Event<'static>, place: Range<usize>) {
        self.reading.events.push((event, place));
    }

    /// HTML of our own; everything in it that is not is escaped.
    pub(super) fn trusted(&mut self, html: String, place: Range<usize>) {
        if !html.is_empty() {
            self.reading.trusted.insert(self.reading.events.len());
            self.event(Event::InlineHtml(CowStr::from(html)), place);
        }
    }

    /// HTML of the author's.
    pub(super) fn raw(&mut self, html: &str, place: Range<usize>) {
        self.event(Event::InlineHtml(CowStr::from(html.to_owned())), place);
    }

    pub(super) fn text(&mut self, text: &str, place: Range<usize>) {
        if !text.is_empty() {
            self.event(Event::Text(CowStr::from(text.to_owned())), place);
        }
    }

    pub(super) fn find(&mut self, code: &'static str, place: Range<usize>, message: &str) {
        self.reading.findings.push(Finding {
            code,
            place,
            message: message.to_owned(),
        });
    }

    pub(super) fn block<'b>(&mut self, block: &'b Block<'b>)
    where
        'b: 'd,
    {
        let place = self.places.range(block.span());
        if !matches!(block, Block::Section(_) | Block::ListItem(_))
            && let Some(id) = block.id()
        {
            self.trusted(format!("<a id=\"{}\"></a>", escape(id)), place.clone());
        }
        match block {
            Block::Preamble(_) => self.children(block),
            Block::Section(section) => {
                let level = heading(section.level());
                self.heading(
                    level,
                    block,
                    section.section_title(),
                    section.section_title_source(),
                );
                self.children(block);
            }
            Block::Simple(simple) => match simple.style() {
                SimpleBlockStyle::Paragraph => self.paragraph(block, place),
                style => {
                    let is_source = style == SimpleBlockStyle::Source;
                    self.verbatim(block, is_source, place);
                }
            },
            Block::RawDelimited(_) => match block.resolved_context().as_ref() {
                "comment" => {}
                "pass" => {
                    let html = text_of(block.inlines().unwrap_or_default());
                    self.raw(&html, place);
                }
                "stem" => {
                    self.title(block, &place);
                    self.stem(block, place);
                }
                "verse" => self.paragraph(block, place),
                _ => self.verbatim(block, block.declared_style() == Some("source"), place),
            },
            Block::List(list) => self.list(list, block, place),
            Block::ListItem(_) => self.children(block),
            Block::Admonition(admonition) => {
                let kind = match admonition.variant() {
                    AdmonitionVariant::Note => BlockQuoteKind::Note,
                    AdmonitionVariant::Tip => BlockQuoteKind::Tip,
                    AdmonitionVariant::Important => BlockQuoteKind::Important,
                    AdmonitionVariant::Caution => BlockQuoteKind::Caution,
                    AdmonitionVariant::Warning => BlockQuoteKind::Warning,
                };
                self.event(Event::Start(Tag::BlockQuote(Some(kind))), place.clone());
                self.title(block, &place);
                match admonition.content() {
                    Some(content) => self.wrapped(content.inlines(), place.clone()),
                    None => self.children(block),
                }
                self.event(Event::End(TagEnd::BlockQuote(Some(kind))), place);
            }
            Block::CompoundDelimited(compound) => {
                let class = match compound.context_kind() {
                    CompoundDelimitedContext::Example => "example",
                    CompoundDelimitedContext::Sidebar => "sidebar",
                    CompoundDelimitedContext::Open => "open",
                };
                self.boxed(class, block, place);
            }
            Block::Quote(quote) => {
                self.title(block, &place);
                self.event(Event::Start(Tag::BlockQuote(None)), place.clone());
                match quote.content() {
                    Some(content) if quote.type_() == QuoteType::Verse => {
                        self.trusted("<pre class=\"verse\">".to_owned(), place.clone());
                        self.inlines(content.inlines());
                        self.trusted("</pre>".to_owned(), place.clone());
                    }
                    Some(content) => self.wrapped(content.inlines(), place.clone()),
                    None => self.children(block),
                }
                let from: Vec<_> = [quote.attribution(), quote.citetitle()]
                    .into_iter()
                    .flatten()
                    .collect();
                if !from.is_empty() {
                    self.trusted("<p class=\"attribution\">— ".to_owned(), place.clone());
                    self.html_text(&from.join(", "), place.clone());
                    self.trusted("</p>".to_owned(), place.clone());
                }
                self.event(Event::End(TagEnd::BlockQuote(None)), place);
            }
            Block::Table(table) => self.table(table, block, place),
            Block::Media(media) => {
                let target = media.resolved_target().to_owned();
                let attributes = media.macro_attrlist();
                let get = |name, at| {
                    let found = attributes.named_or_positional_attribute(name, at);
                    found.map(|it| it.value().to_owned()).unwrap_or_default()
                };
                let (alt, size) = (
                    get("alt", 1),
                    size_label(&get("width", 2), &get("height", 3)),
                );
                let link = attributes.named_attribute("link");
                let link = link.map(|it| it.value().to_owned());
                self.media(media.type_(), &target, (&alt, &size), link, block, place);
            }
            Block::Break(rule) => {
                if rule.type_() == BreakType::Thematic {
                    self.event(Event::Rule, place);
                }
            }
            Block::Toc(_) => {
                let message = "a list of contents is not shown: the window has its own";
                self.find("unsupported-asciidoc", place, message);
            }
            Block::DocumentAttribute(_) => {}
            _ => {
                let message = "this kind of block is not shown";
                self.find("unsupported-asciidoc", place, message);
            }
        }
    }

    pub(super) fn children<'b>(&mut self, block: &'b Block<'b>)
    where
        'b: 'd,
    {
        for child in block.child_blocks() {
            self.block(child);
        }
    }

    fn heading<'b>(
        &mut self,
        level: HeadingLevel,
        block: &'b Block<'b>,
        title: &str,
        source: Span<'_>,
    ) where
        'b: 'd,
    {
        let place = self.places.range(source);
        let tag = Tag::Heading {
            level,
            id: block.id().map(|id| CowStr::from(id.to_owned())),
            classes: Vec::new(),
            attrs: Vec::new(),
        };
        self.event(Event::Start(tag), place.clone());
        self.html_text(title, place.clone());
        self.event(Event::End(TagEnd::Heading(level)), place);
    }

    fn paragraph<'b>(&mut self, block: &'b Block<'b>, place: Range<usize>)
    where
        'b: 'd,
    {
        self.title(block, &place);
        self.wrapped(block.inlines().unwrap_or_default(), place);
    }

    pub(super) fn wrapped<'b>(&mut self, nodes: &'b [InlineNode<'b>], place: Range<usize>)
    where
        'b: 'd,
    {
        self.event(Event::Start(Tag::Paragraph), place.clone());
        self.inlines(nodes);
        self.event(Event::End(TagEnd::Paragraph), place);
    }

    /// `.Title` above a block.
    pub(super) fn title<'b>(&mut self, block: &'b Block<'b>, place: &Range<usize>)
    where
        'b: 'd,
    {
        if let Some(title) = block.title() {
            let title = title.to_owned();
            self.trusted("<p class=\"block-title\">".to_owned(), place.clone());
            self.html_text(&title, place.clone());
            self.trusted("</p>".to_owned(), place.clone());
        }
    }

    fn boxed<'b>(&mut self, class: &str, block: &'b Block<'b>, place: Range<usize>)
    where
        'b: 'd,
    {
        self.trusted(format!("<div class=\"{class}\">"), place.clone());
        // A container of its own: a section that begins in it ends in it.
        self.event(Event::Start(Tag::HtmlBlock), place.clone());
        self.title(block, &place);
        self.children(block);
        self.event(Event::End(TagEnd::HtmlBlock), place.clone());
        self.trusted("</div>".to_owned(), place);
    }

    /// The texts of the footnotes, at the end.
    pub(super) fn footnotes(&mut self) {
        let mut written = 0;
        while let Some((label, nodes)) = self.notes.get(written).cloned() {
            written += 1;
            let label = CowStr::from(label);
            self.event(Event::Start(Tag::FootnoteDefinition(label)), 0..0);
            self.wrapped(nodes, 0..0);
            self.event(Event::End(TagEnd::FootnoteDefinition), 0..0);
        }
    }
}

/// `==` is the second level: the first is the page's own.
fn heading(level: usize) -> HeadingLevel {
    match level {
        0 => HeadingLevel::H1,
        1 => HeadingLevel::H2,
        2 => HeadingLevel::H3,
        3 => HeadingLevel::H4,
        4 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}
