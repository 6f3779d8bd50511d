//! The first document of a YAML text, with the place of everything in it.

use std::ops::Range;

/// A node and the bytes it takes.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// Where it begins with its anchor and tag.
    pub(super) outer: usize,
    /// Where its content begins: a quote, a bracket, the `|` of a block scalar, the first key or dash.
    pub(super) start: usize,
    /// Where its content ends; blanks, blank lines and comments after it are outside. Equal to `start` when empty.
    pub(super) end: usize,
    /// Beyond `end` when blank lines after it belong to a `|+` scalar: the start of the next line.
    pub(super) full_end: usize,
    pub(super) anchor: Option<Anchor>,
    pub(super) tag: Option<Tag>,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone)]
pub(super) struct Anchor {
    pub(super) id: usize,
    pub(super) name: String,
    pub(super) range: Range<usize>,
}

#[derive(Debug, Clone)]
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) range: Range<usize>,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Scalar {
        text: String,
        style: ScalarStyle,
    },
    Sequence {
        flow: bool,
        items: Vec<Item>,
    },
    Mapping {
        style: MappingStyle,
        entries: Vec<Entry>,
    },
    /// The id of the anchor.
    Alias {
        id: usize,
        name: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScalarStyle {
    /// Also what is not there at all.
    Plain,
    Quoted,
    /// `|` or `>`.
    Block,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MappingStyle {
    Block,
    Flow,
    /// A single pair in a flow sequence, without braces: `[a: 1]`.
    Pair,
}

#[derive(Debug, Clone)]
pub(super) struct Item {
    /// The dash; the node itself in a flow sequence.
    pub(super) start: usize,
    /// Where the item ends, also when it is only a dash.
    pub(super) end: usize,
    pub(super) node: Node,
}

#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The key with its anchor and tag, or the `?` before it.
    pub(super) start: usize,
    /// Where the entry ends, also when it has no value.
    pub(super) end: usize,
    pub(super) key: Node,
    pub(super) colon: Option<usize>,
    pub(super) value: Node,
}

/// Where a node is held.
#[derive(Debug, Clone, Copy)]
pub(super) enum Holder<'a> {
    Root,
    Item(&'a Node, &'a Item),
    Entry(&'a Node, &'a Entry),
}

impl Node {
    pub(super) fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Null, however it is spelled.
    pub(super) fn is_null(&self) -> bool {
        match &self.kind {
            Kind::Scalar {
                text,
                style: ScalarStyle::Plain,
            } => {
                self.tag.as_ref().is_none_or(|tag| tag.name == "!!null")
                    && (self.is_empty() || matches!(&**text, "~" | "null" | "Null" | "NULL"))
            }
            _ => false,
        }
    }

    pub(super) fn is_flow(&self) -> bool {
        match &self.kind {
            Kind::Sequence { flow, .. } => *flow,
            Kind::Mapping { style, .. } => *style != MappingStyle::Block,
            _ => false,
        }
    }

    /// Where anchor and tag end; `None` without them.
    pub(super) fn properties_end(&self) -> Option<usize> {
        let anchor = self.anchor.as_ref().map(|anchor| anchor.range.end);
        let tag = self.tag.as_ref().map(|tag| tag.range.end);
        anchor.max(tag)
    }

    pub(super) fn children(&self) -> Vec<&Node> {
        match &self.kind {
            Kind::Sequence { items, .. } => items.iter().map(|item| &item.node).collect(),
            Kind::Mapping { entries, .. } => entries
                .iter()
                .flat_map(|entry| [&entry.key, &entry.value])
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The value of the entry or the item of this number.
    pub(super) fn child(&self, index: usize) -> Option<&Node> {
        match &self.kind {
            Kind::Sequence { items, .. } => items.get(index).map(|item| &item.node),
            Kind::Mapping { entries, .. } => entries.get(index).map(|entry| &entry.value),
            _ => None,
        }
    }

    /// The node at the end of a route: the numbers of items and entries from here.
    pub(super) fn at(&self, route: &[usize]) -> Option<&Node> {
        route
            .iter()
            .try_fold(self, |node, index| node.child(*index))
    }

    /// What holds the node at the end of a route.
    pub(super) fn holder(&self, route: &[usize]) -> Option<Holder<'_>> {
        let Some((last, before)) = route.split_last() else {
            return Some(Holder::Root);
        };
        let parent = self.at(before)?;
        match &parent.kind {
            Kind::Sequence { items, .. } => Some(Holder::Item(parent, items.get(*last)?)),
            Kind::Mapping { entries, .. } => Some(Holder::Entry(parent, entries.get(*last)?)),
            _ => None,
        }
    }
}

/// The first document of a text.
#[derive(Debug)]
pub(super) struct Document<'t> {
    pub(super) text: &'t str,
    /// `None` when there is nothing in it.
    pub(super) root: Option<Node>,
    /// Where its content may begin: after `---`.
    pub(super) start: usize,
    /// Where it ends: at `...`, at the next `---`, at the end of the text.
    pub(super) end: usize,
    /// Whether it has aliases.
    pub(super) aliases: bool,
}

impl Document<'_> {
    pub(super) fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// Before the newline.
    pub(super) fn line_end(&self, at: usize) -> usize {
        self.text[at..]
            .find('\n')
            .map_or(self.text.len(), |newline| at + newline)
    }

    /// After the newline.
    pub(super) fn next_line(&self, at: usize) -> usize {
        (self.line_end(at) + 1).min(self.text.len())
    }

    pub(super) fn column(&self, at: usize) -> usize {
        self.text[self.line_start(at)..at].chars().count()
    }

    /// Whether only blanks stand before this on its line.
    pub(super) fn begins_line(&self, at: usize) -> bool {
        is_blank(&self.text[self.line_start(at)..at])
    }

    /// Whether only blanks stand after this on its line.
    pub(super) fn ends_line(&self, at: usize) -> bool {
        is_blank(&self.text[at..self.line_end(at)])
    }

    pub(super) fn same_line(&self, from: usize, to: usize) -> bool {
        !self.text[from..to].contains('\n')
    }

    /// Counts from 1.
    pub(super) fn line_number(&self, at: usize) -> usize {
        self.text[..at].matches('\n').count() + 1
    }
}

pub(super) fn is_blank(text: &str) -> bool {
    text.bytes()
        .all(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
}
