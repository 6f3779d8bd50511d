//! What stands inside a paragraph.

use std::ops::Range;

use asciidoc_parser::HasSpan;
use asciidoc_parser::inlines::{
    CharRef, InlineNode, RawForm, Ref, RefVariant, StemNotation, StyleVariant, Styled, UiKind,
};
use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

use super::blocks::Emitter;
use crate::render::expanded::{escape, unescape};
use crate::render::targets::size_label;

impl<'d> Emitter<'d> {
    pub(super) fn inlines<'b>(&mut self, nodes: &'b [InlineNode<'b>])
    where
        'b: 'd,
    {
        for node in nodes {
            self.inline(node);
        }
    }

    fn inline<'b>(&mut self, node: &'b InlineNode<'b>)
    where
        'b: 'd,
    {
        let place = self.places.range(node.span());
        match node {
            InlineNode::Text { value, .. } => self.text(value.as_ref(), place),
            InlineNode::CharRef { value, .. } => match value {
                CharRef::Special(c) => self.text(&c.to_string(), place),
                // Without the places where a line may break, which nobody sees and every copy carries along.
                CharRef::Replacement(text) => self.text(&text.replace('\u{200B}', ""), place),
                CharRef::Entity(entity) => self.entity(entity.as_ref(), place),
            },
            InlineNode::Raw { value, form, .. } => match form {
                RawForm::Escaped => self.text(value.as_ref(), place),
                RawForm::AsIs => self.raw(value.as_ref(), place),
            },
            InlineNode::Styled(styled) => self.styled(styled, place),
            InlineNode::Ref(reference) => self.reference(reference, place),
            InlineNode::Image(image) if image.is_icon => {
                let alt = image.alt.as_deref().unwrap_or_default().to_owned();
                self.text(&format!("[{alt}]"), place);
            }
            InlineNode::Image(image) => {
                let alt = image.alt.as_deref().unwrap_or_default().to_owned();
                let of = |it: &Option<asciidoc_parser::strings::CowStr<'_>>| {
                    it.as_deref().unwrap_or_default().to_owned()
                };
                let size = size_label(&of(&image.width), &of(&image.height));
                self.image(image.target.as_ref(), &alt, &size, place);
            }
            InlineNode::Footnote(footnote) => {
                if let Some(number) = &footnote.number {
                    let label = number.as_ref().to_owned();
                    self.event(Event::FootnoteReference(CowStr::from(label.clone())), place);
                    if !footnote.is_reference {
                        self.notes.push((label, &footnote.children));
                    }
                } else {
                    self.find("invalid-asciidoc", place, "this footnote is not defined");
                }
            }
            InlineNode::Anchor(anchor) => {
                self.trusted(format!("<a id=\"{}\"></a>", escape(&anchor.id)), place);
            }
            InlineNode::Ui(ui) => self.ui(&ui.kind, place),
            InlineNode::IndexTerm(term) => {
                if term.visible {
                    let text = term.terms.first().map(|it| it.as_ref().to_owned());
                    self.text(&unescape(&text.unwrap_or_default()), place);
                }
            }
            InlineNode::Callout(callout) => {
                self.trusted(format!("<b>({})</b>", escape(&callout.number)), place);
            }
            InlineNode::Stem(stem) => {
                let code = unescape(stem.value.as_ref());
                self.event(
                    match stem.notation {
                        StemNotation::LatexMath => Event::InlineMath(CowStr::from(code)),
                        StemNotation::AsciiMath => Event::Code(CowStr::from(code)),
                    },
                    place,
                );
            }
            InlineNode::LineBreak { .. } => self.event(Event::HardBreak, place),
        }
    }

    fn styled<'b>(&mut self, styled: &'b Styled<'b>, place: Range<usize>)
    where
        'b: 'd,
    {
        if let Some(id) = &styled.id {
            self.trusted(format!("<a id=\"{}\"></a>", escape(id)), place.clone());
        }
        let role = |name: &str| styled.roles.iter().any(|role| role.as_ref() == name);
        let (open, close) = match styled.variant {
            StyleVariant::Strong => {
                self.event(Event::Start(Tag::Strong), place.clone());
                self.inlines(&styled.children);
                return self.event(Event::End(TagEnd::Strong), place);
            }
            StyleVariant::Emphasis => {
                self.event(Event::Start(Tag::Emphasis), place.clone());
                self.inlines(&styled.children);
                return self.event(Event::End(TagEnd::Emphasis), place);
            }
            StyleVariant::Code => match plain(&styled.children) {
                Some(code) => return self.event(Event::Code(CowStr::from(code)), place),
                None => ("<code>", "</code>"),
            },
            StyleVariant::Superscript => ("<sup>", "</sup>"),
            StyleVariant::Subscript => ("<sub>", "</sub>"),
            StyleVariant::DoubleQuote => ("“", "”"),
            StyleVariant::SingleQuote => ("‘", "’"),
            StyleVariant::Mark => ("<mark>", "</mark>"),
            StyleVariant::Unquoted if role("line-through") => ("<del>", "</del>"),
            StyleVariant::Unquoted if role("underline") => ("<u>", "</u>"),
            _ => ("", ""),
        };
        self.trusted(open.to_owned(), place.clone());
        self.inlines(&styled.children);
        self.trusted(close.to_owned(), place);
    }

    fn reference<'b>(&mut self, reference: &'b Ref<'b>, place: Range<usize>)
    where
        'b: 'd,
    {
        let written = reference.target.as_ref();
        let resolved = reference.resolved.as_ref();
        let (target, fallback) = match reference.variant {
            RefVariant::Link => {
                let shown = written.strip_prefix("mailto:").unwrap_or(written);
                (written.to_owned(), shown.to_owned())
            }
            RefVariant::Xref if reference.derived.is_some() => {
                (written.to_owned(), written.to_owned())
            }
            RefVariant::Xref => {
                let text = resolved.and_then(|found| found.text.clone());
                // A section may be referred to by its title.
                let id = resolved.map(|found| found.href.clone());
                (
                    id.unwrap_or_else(|| format!("#{written}")),
                    text.unwrap_or_else(|| format!("[{written}]")),
                )
            }
        };
        let tag = Tag::Link {
            link_type: LinkType::Inline,
            dest_url: CowStr::from(target),
            title: CowStr::Borrowed(""),
            id: CowStr::Borrowed(""),
        };
        self.event(Event::Start(tag), place.clone());
        if reference.children.is_empty() {
            self.html_text(&fallback, place.clone());
        } else {
            self.inlines(&reference.children);
        }
        self.event(Event::End(TagEnd::Link), place);
    }

    pub(super) fn image(&mut self, target: &str, alt: &str, size: &str, place: Range<usize>) {
        let tag = Tag::Image {
            link_type: LinkType::Inline,
            dest_url: CowStr::from(self.in_images(target)),
            title: CowStr::Borrowed(""),
            id: CowStr::from(size.to_owned()),
        };
        self.event(Event::Start(tag), place.clone());
        self.text(&unescape(alt), place.clone());
        self.event(Event::End(TagEnd::Image), place);
    }

    fn ui(&mut self, kind: &UiKind<'_>, place: Range<usize>) {
        // These texts are escaped by the library.
        let html = match kind {
            UiKind::Keyboard(keys) => keys
                .iter()
                .map(|key| format!("<kbd>{}</kbd>", clean(key.as_ref())))
                .collect::<Vec<_>>()
                .join("+"),
            UiKind::Button(label) => format!("<strong>[{}]</strong>", clean(label.as_ref())),
            UiKind::Menu {
                menu,
                submenus,
                item,
            } => std::iter::once(menu)
                .chain(submenus)
                .chain(item)
                .map(|part| format!("<strong>{}</strong>", clean(part.as_ref())))
                .collect::<Vec<_>>()
                .join(" › "),
        };
        self.trusted(html, place);
    }

    /// HTML that the library made of a title: its text as text, its tags for the sanitiser.
    pub(super) fn html_text(&mut self, html: &str, place: Range<usize>) {
        let mut rest = html;
        while let Some(at) = rest.find('<') {
            let (text, tag) = rest.split_at(at);
            self.decoded(text, place.clone());
            let end = tag.find('>').map_or(tag.len(), |end| end + 1);
            self.raw(&tag[..end], place.clone());
            rest = &tag[end..];
        }
        self.decoded(rest, place);
    }

    fn decoded(&mut self, text: &str, place: Range<usize>) {
        let mut rest = text;
        while let Some(at) = rest.find('&') {
            self.text(&rest[..at], place.clone());
            let end = rest[at..].find(';').map_or(rest.len(), |end| at + end + 1);
            self.entity(&rest[at..end], place.clone());
            rest = &rest[end..];
        }
        self.text(rest, place);
    }

    fn entity(&mut self, entity: &str, place: Range<usize>) {
        let name = entity.strip_prefix('&').and_then(|it| it.strip_suffix(';'));
        let decoded = match name {
            Some("lt") => Some('<'),
            Some("gt") => Some('>'),
            Some("amp") => Some('&'),
            Some("quot") => Some('"'),
            Some(name) => name.strip_prefix('#').and_then(|number| {
                let code = match number.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16).ok(),
                    None => number.parse().ok(),
                };
                code.and_then(char::from_u32).filter(|c| !c.is_control())
            }),
            None => None,
        };
        match (decoded, name) {
            (Some(c), _) => self.text(&c.to_string(), place),
            (None, Some(name)) if name.bytes().all(|b| b.is_ascii_alphanumeric()) => {
                self.trusted(entity.to_owned(), place);
            }
            _ => self.text(entity, place),
        }
    }
}

/// Text that is escaped already, without anything that could still be a tag.
fn clean(text: &str) -> String {
    escape(&unescape(text)).into_owned()
}

/// Nodes that are nothing but text.
pub(super) fn plain(nodes: &[InlineNode<'_>]) -> Option<String> {
    let mut text = String::new();
    for node in nodes {
        match node {
            InlineNode::Text { value, .. } => text.push_str(value.as_ref()),
            InlineNode::CharRef { value, .. } => match value {
                CharRef::Special(c) => text.push(*c),
                CharRef::Replacement(value) => text.push_str(value),
                CharRef::Entity(_) => return None,
            },
            InlineNode::Raw {
                value,
                form: RawForm::Escaped,
                ..
            } => text.push_str(value.as_ref()),
            _ => return None,
        }
    }
    Some(text)
}
