//! Verbatim blocks: code, and the actions of a page.

use std::ops::Range;

use asciidoc_parser::HasSpan;
use asciidoc_parser::blocks::{Block, IsBlock};
use asciidoc_parser::document::InterpretedValue;
use asciidoc_parser::inlines::{CharRef, InlineNode};
use pulldown_cmark::{CodeBlockKind, CowStr, Event, Tag, TagEnd};

use super::blocks::Emitter;
use crate::action;

impl<'d> Emitter<'d> {
    /// A block of code, or an action: its role is the action's name (`actions.md` 1.1).
    pub(super) fn verbatim<'b>(
        &mut self,
        block: &'b Block<'b>,
        is_source: bool,
        place: Range<usize>,
    ) where
        'b: 'd,
    {
        let roles = block.roles();
        let named = roles
            .iter()
            .find(|role| action::is_action(role))
            .or_else(|| roles.iter().find(|role| role.contains(':')));
        let attributes = block.attrlist();
        let language = attributes
            .filter(|_| is_source)
            .and_then(|it| it.named_or_positional_attribute("language", 2))
            .map(|it| it.value().to_owned());
        let info = match named {
            Some(role) => (*role).to_owned(),
            None => {
                self.title(block, &place);
                language.unwrap_or_default()
            }
        };
        let is_action = named.is_some();
        let kind = CodeBlockKind::Fenced(CowStr::from(info));
        self.event(Event::Start(Tag::CodeBlock(kind)), place.clone());
        self.code(block.inlines().unwrap_or_default(), is_action);
        // The library leaves the last line without its end.
        self.text("\n", place.end..place.end);
        self.event(Event::End(TagEnd::CodeBlock), place);
    }

    /// A formula of its own. Those in AsciiMath are shown as they are written.
    pub(super) fn stem<'b>(&mut self, block: &'b Block<'b>, place: Range<usize>)
    where
        'b: 'd,
    {
        let code = text_of(block.inlines().unwrap_or_default());
        let is_latex = match block.declared_style() {
            Some("stem") => matches!(
                self.document.attribute_value("stem"),
                InterpretedValue::Value(notation) if ["latexmath", "latex", "tex"].contains(&&*notation)
            ),
            style => style == Some("latexmath"),
        };
        if is_latex {
            return self.event(Event::DisplayMath(CowStr::from(code)), place);
        }
        let kind = CodeBlockKind::Fenced(CowStr::Borrowed(""));
        self.event(Event::Start(Tag::CodeBlock(kind)), place.clone());
        self.text(&code, place.clone());
        self.event(Event::End(TagEnd::CodeBlock), place);
    }

    /// Code line by line, so that every line keeps its own place.
    fn code(&mut self, nodes: &[InlineNode<'_>], is_action: bool) {
        for node in nodes {
            let (text, line) = match node {
                InlineNode::Callout(_) if is_action => continue,
                InlineNode::Callout(callout) => {
                    (format!("({})", callout.number.as_ref()), node.span().line())
                }
                node => (text_of(std::slice::from_ref(node)), node.span().line()),
            };
            for (number, piece) in text.split_inclusive('\n').enumerate() {
                let place = self.places.piece(line + number, piece);
                self.text(piece, place);
            }
        }
    }
}

/// The text of verbatim nodes, as it is.
pub(super) fn text_of(nodes: &[InlineNode<'_>]) -> String {
    let mut text = String::new();
    for node in nodes {
        match node {
            InlineNode::Text { value, .. } | InlineNode::Raw { value, .. } => {
                text.push_str(value.as_ref());
            }
            InlineNode::CharRef { value, .. } => match value {
                CharRef::Special(c) => text.push(*c),
                CharRef::Replacement(value) => text.push_str(value),
                CharRef::Entity(value) => text.push_str(value.as_ref()),
            },
            InlineNode::Styled(styled) => text.push_str(&text_of(&styled.children)),
            InlineNode::Ref(reference) => text.push_str(&text_of(&reference.children)),
            node => text.push_str(node.span().data()),
        }
    }
    text
}
