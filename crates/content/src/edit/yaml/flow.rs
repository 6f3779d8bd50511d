//! Changes inside brackets and braces.

use serde_yaml::{Mapping, Value};

use super::super::text_edit::Change;
use super::deed::is_pair;
use super::emit::Style;
use super::splice::change;
use super::tree::{Document, Kind, Node, is_blank};

/// New entries after the last one.
pub(super) fn entries(
    document: &Document<'_>,
    mapping: &Node,
    new: &Mapping,
    style: &Style,
) -> Vec<Change> {
    let new: Vec<_> = new
        .iter()
        .map(|(key, value)| style.flow_entry(key, value))
        .collect();
    if is_pair(mapping) {
        let insert = format!(", {} }}", new.join(", "));
        return vec![
            change(mapping.start, mapping.start, "{ "),
            change(mapping.end, mapping.end, insert),
        ];
    }
    let old = spans(mapping);
    append(
        document,
        mapping,
        &old,
        &new,
        if style.json { "" } else { " " },
    )
}

/// New items before an item, or after the last one.
pub(super) fn items(
    document: &Document<'_>,
    list: &Node,
    index: usize,
    new: &[Value],
    style: &Style,
) -> Vec<Change> {
    let new: Vec<_> = new.iter().map(|value| style.flow(value)).collect();
    let old = spans(list);
    if new.is_empty() {
        return Vec::new();
    }
    let Some((next, _)) = old.get(index) else {
        return append(document, list, &old, &new, "");
    };
    let separator = separator(document, *next);
    let insert: String = new
        .iter()
        .map(|item| format!("{item},{separator}"))
        .collect();
    vec![change(*next, *next, insert)]
}

/// Where items or entries begin and end.
pub(super) fn spans(collection: &Node) -> Vec<(usize, usize)> {
    match &collection.kind {
        Kind::Sequence { items, .. } => items
            .iter()
            .map(|item| (item.node.outer, item.end))
            .collect(),
        Kind::Mapping { entries, .. } => entries
            .iter()
            .map(|entry| (entry.start, entry.end))
            .collect(),
        _ => Vec::new(),
    }
}

/// What stands between one member and the next: a blank, or a new line where members have lines of their own.
fn separator(document: &Document<'_>, member: usize) -> String {
    if document.begins_line(member) {
        format!("\n{}", &document.text[document.line_start(member)..member])
    } else {
        " ".to_owned()
    }
}

/// The comma after a member that ends here.
pub(super) fn comma_after(document: &Document<'_>, end: usize, close: usize) -> Option<usize> {
    let mut at = end;
    let text = document.text;
    while at < close {
        match text.as_bytes()[at] {
            b',' => return Some(at),
            b'#' => at = document.line_end(at),
            byte if byte.is_ascii_whitespace() => at += 1,
            _ => return None,
        }
    }
    None
}

fn append(
    document: &Document<'_>,
    collection: &Node,
    old: &[(usize, usize)],
    new: &[String],
    padding: &str,
) -> Vec<Change> {
    let text = document.text;
    let open = collection.start + 1;
    let close = collection.end.saturating_sub(1).max(open);
    let Some((first, last)) = old.last().copied() else {
        let new = new.join(", ");
        return vec![if is_blank(&text[open..close]) {
            change(open, close, format!("{padding}{new}{padding}"))
        } else {
            change(open, open, format!(" {new}"))
        }];
    };
    let separator = separator(document, first);
    let own_lines = separator.starts_with('\n');
    let comma = comma_after(document, last, close);
    let new = new.join(&format!(",{separator}"));
    match comma {
        Some(comma) if own_lines => {
            // Below the line of the last member, which may end in a comment.
            let at = document.line_end(comma).min(close);
            vec![change(at, at, format!("{separator}{new},"))]
        }
        Some(comma) => vec![change(comma + 1, comma + 1, format!(" {new}"))],
        None if own_lines && document.line_end(last) < close => {
            let at = document.line_end(last);
            vec![
                change(last, last, ","),
                change(at, at, format!("{separator}{new}")),
            ]
        }
        None => vec![change(last, last, format!(",{separator}{new}"))],
    }
}
