//! Lists of every kind.

use std::ops::Range;

use asciidoc_parser::HasSpan;
use asciidoc_parser::blocks::{
    Block, FindBlocks, IsBlock, ListBlock, ListItemMarker, ListType, SimpleBlockStyle,
};
use asciidoc_parser::content::Content;
use pulldown_cmark::{Event, Tag, TagEnd};

use super::blocks::Emitter;

impl<'d> Emitter<'d> {
    pub(super) fn list<'b>(
        &mut self,
        list: &'b ListBlock<'b>,
        block: &'b Block<'b>,
        place: Range<usize>,
    ) where
        'b: 'd,
    {
        self.title(block, &place);
        // The library takes some lists of terms within lists for plain ones.
        let items: Vec<_> = block.child_blocks().collect();
        let is_term = |item: &&Block<'_>| matches!(item, Block::ListItem(it) if matches!(it.list_item_marker(), ListItemMarker::DefinedTerm { .. }));
        // The library puts terms that follow a list into it.
        let terms_from = match list.type_() {
            ListType::Description => 0,
            _ => items.iter().position(is_term).unwrap_or(items.len()),
        };
        let (items, terms) = items.split_at(terms_from);
        if !items.is_empty() {
            self.items(list, items, place.clone());
        }
        if !terms.is_empty() {
            self.event(Event::Start(Tag::DefinitionList), place.clone());
            for item in terms {
                self.term(item);
            }
            self.event(Event::End(TagEnd::DefinitionList), place);
        }
    }

    fn items<'b>(&mut self, list: &'b ListBlock<'b>, items: &[&'b Block<'b>], place: Range<usize>)
    where
        'b: 'd,
    {
        let first = match list.type_() {
            ListType::Ordered => Some(
                list.start()
                    .and_then(|n| u64::try_from(n).ok())
                    .unwrap_or(1),
            ),
            ListType::Callout => Some(1),
            _ => None,
        };
        self.event(Event::Start(Tag::List(first)), place.clone());
        for item in items {
            let place = self.places.range(item.span());
            self.event(Event::Start(Tag::Item), place.clone());
            if let Block::ListItem(it) = item
                && let Some(done) = it.checkbox()
            {
                self.event(Event::TaskListMarker(done), place.clone());
            }
            self.item(item);
            self.event(Event::End(TagEnd::Item), place);
        }
        self.event(Event::End(TagEnd::List(first.is_some())), place);
    }

    /// An item's text without a paragraph around it, then what is attached to it.
    fn item<'b>(&mut self, item: &'b Block<'b>)
    where
        'b: 'd,
    {
        // A paragraph of its own where others follow, as in Markdown.
        let is_loose = item
            .child_blocks()
            .skip(1)
            .any(|child| matches!(child, Block::Simple(_)));
        for (number, child) in item.child_blocks().enumerate() {
            match child {
                Block::Simple(simple)
                    if number == 0 && simple.style() == SimpleBlockStyle::Paragraph =>
                {
                    let place = self.places.range(child.span());
                    let nodes = child.inlines().unwrap_or_default();
                    if is_loose {
                        self.wrapped(nodes, place);
                        continue;
                    }
                    self.inlines(nodes);
                    self.text("\n", self.places.range(child.span()));
                }
                child => self.block(child),
            }
        }
    }

    fn term<'b>(&mut self, item: &'b Block<'b>)
    where
        'b: 'd,
    {
        let place = self.places.range(item.span());
        if let Block::ListItem(it) = item
            && let ListItemMarker::DefinedTerm { term, .. } = it.list_item_marker()
        {
            self.event(Event::Start(Tag::DefinitionListTitle), place.clone());
            self.html_text(term_html(&term), place.clone());
            self.event(Event::End(TagEnd::DefinitionListTitle), place.clone());
        }
        if item.child_blocks().next().is_some() {
            self.event(Event::Start(Tag::DefinitionListDefinition), place.clone());
            self.item(item);
            self.event(Event::End(TagEnd::DefinitionListDefinition), place);
        }
    }
}

/// What a term is called, as HTML of the library's.
fn term_html<'c>(term: &'c Content<'c>) -> &'c str {
    term.rendered_html()
}
