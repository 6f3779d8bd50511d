//! Deeds as changes of the text: as few bytes as possible, every comment and every other line as it is.

use serde_yaml::{Mapping, Value};

use super::super::text_edit::Change;
use super::deed::{Deed, node};
use super::emit::Style;
use super::flow;
use super::problem::Problem;
use super::remove;
use super::replace::replace;
use super::tree::{Document, Item, Kind, Node};

/// The changes of one deed.
pub(super) fn changes(
    document: &Document<'_>,
    deed: &Deed,
    style: &Style,
) -> Result<Vec<Change>, Problem> {
    let root = document.root.as_ref();
    let needed = || root.ok_or(Problem::Unfaithful);
    match deed {
        Deed::Fill { value } => Ok(vec![fill(document, value, style)]),
        Deed::Replace { route, value } => {
            let root = needed()?;
            let holder = root.holder(route).ok_or(Problem::Unfaithful)?;
            Ok(replace(document, holder, node(root, route)?, value, style))
        }
        Deed::Entries { route, entries } => {
            let mapping = node(needed()?, route)?;
            Ok(if entries.is_empty() {
                Vec::new()
            } else if mapping.is_flow() {
                flow::entries(document, mapping, entries, style)
            } else {
                vec![append_entries(document, mapping, entries, style)]
            })
        }
        Deed::Items {
            route,
            index,
            items,
        } => {
            let list = node(needed()?, route)?;
            Ok(if list.is_flow() {
                flow::items(document, list, *index, items, style)
            } else {
                insert_items(document, list, *index, items, style)
            })
        }
        Deed::Remove { route } => {
            let root = needed()?;
            remove::changes(document, root, route)
        }
    }
}

pub(super) fn change(start: usize, end: usize, insert: impl Into<String>) -> Change {
    Change {
        range: start..end,
        insert: insert.into(),
    }
}

/// The whole document, where there is none: at its end, after the comments that it may hold.
fn fill(document: &Document<'_>, value: &Value, style: &Style) -> Change {
    let text = document.text;
    let at = document.start + text[document.start..document.end].trim_end().len();
    let lines = style.block(value, 0).join("\n");
    if at == 0 {
        return change(0, 0, lines + "\n");
    }
    change(at, at, format!("\n{lines}"))
}

/// New entries go after the last one.
fn append_entries(
    document: &Document<'_>,
    mapping: &Node,
    entries: &Mapping,
    style: &Style,
) -> Change {
    let first = match &mapping.kind {
        Kind::Mapping { entries, .. } => entries.first().map_or(mapping.start, |entry| entry.start),
        _ => mapping.start,
    };
    let column = document.column(first);
    let lines = entries
        .iter()
        .flat_map(|(key, value)| indented(style.entry(key, value, column), column))
        .collect();
    append_lines(document, mapping, lines)
}

fn indented(mut lines: Vec<String>, column: usize) -> Vec<String> {
    if let Some(first) = lines.first_mut() {
        first.insert_str(0, &" ".repeat(column));
    }
    lines
}

/// Lines after the last line of a block collection.
fn append_lines(document: &Document<'_>, collection: &Node, lines: Vec<String>) -> Change {
    let lines = lines.join("\n");
    if collection.full_end > collection.end {
        // Blank lines that belong to a text stay before what is new.
        let at = collection.full_end;
        return if document.text[..at].ends_with('\n') {
            change(at, at, lines + "\n")
        } else {
            change(at, at, format!("\n{lines}"))
        };
    }
    let at = document.line_end(collection.end);
    change(at, at, format!("\n{lines}"))
}

fn insert_items(
    document: &Document<'_>,
    list: &Node,
    index: usize,
    values: &[Value],
    style: &Style,
) -> Vec<Change> {
    let Kind::Sequence { items, .. } = &list.kind else {
        return Vec::new();
    };
    let column = document.column(list.start);
    let gap = items.first().map_or(2, |item| gap(document, item));
    let lines: Vec<_> = values
        .iter()
        .flat_map(|value| indented(style.item(value, column, gap), column))
        .collect();
    if lines.is_empty() {
        return Vec::new();
    }
    let Some(next) = items.get(index) else {
        return vec![append_lines(document, list, lines)];
    };
    let mut at = document.line_start(next.start);
    if !document.begins_line(next.start) {
        // The first item of a list in a list shares its line with the outer dash.
        let first = lines.join("\n");
        let insert = format!("{}\n{}", first.trim_start_matches(' '), " ".repeat(column));
        return vec![change(next.start, next.start, insert)];
    }
    // Comments above an item are about it.
    let floor = match index.checked_sub(1).and_then(|before| items.get(before)) {
        Some(before) => document.next_line(before.end.max(before.node.full_end.saturating_sub(1))),
        None => document.start,
    };
    while at > floor && document.column_of_comment(at - 1) == Some(column) {
        at = document.line_start(at - 1);
    }
    vec![change(at, at, lines.join("\n") + "\n")]
}

/// Columns from a dash to its value.
fn gap(document: &Document<'_>, item: &Item) -> usize {
    if item.node.is_empty() || !document.same_line(item.start, item.node.outer) {
        return 2;
    }
    document.text[item.start..item.node.outer]
        .chars()
        .count()
        .max(2)
}

impl Document<'_> {
    /// Where the `#` of a line that holds only a comment stands; `at` is anywhere on the line.
    pub(super) fn column_of_comment(&self, at: usize) -> Option<usize> {
        let line = &self.text[self.line_start(at)..self.line_end(at)];
        let blank = line.len() - line.trim_start_matches(' ').len();
        line[blank..].starts_with('#').then_some(blank)
    }
}
