//! Changes that remove an entry or an item.

use super::super::text_edit::Change;
use super::flow::{comma_after, spans};
use super::problem::Problem;
use super::splice::change;
use super::tree::{Document, Holder, Kind, Node, is_blank};

/// The changes that remove what a route leads to.
pub(super) fn changes(
    document: &Document<'_>,
    root: &Node,
    route: &[usize],
) -> Result<Vec<Change>, Problem> {
    let (index, before) = route.split_last().ok_or(Problem::WholeDocument)?;
    let collection = root.at(before).ok_or(Problem::Unfaithful)?;
    let gone = collection.child(*index).ok_or(Problem::Unfaithful)?;
    let members = spans_of(collection);
    let (start, end) = *members.get(*index).ok_or(Problem::Unfaithful)?;
    if collection.is_flow() {
        return Ok(from_flow(document, collection, &spans(collection), *index));
    }
    if members.len() == 1 {
        let holder = root.holder(before).ok_or(Problem::Unfaithful)?;
        return Ok(last_of_block(document, collection, holder, start, end));
    }
    let next = members.get(index + 1).map(|(start, _)| *start);
    let before = index
        .checked_sub(1)
        .and_then(|before| collection.child(before));
    Ok(vec![from_block(document, gone, start, end, next, before)])
}

/// Where members of a block collection begin, with their dash or `?`, and end.
fn spans_of(collection: &Node) -> Vec<(usize, usize)> {
    match &collection.kind {
        Kind::Sequence { items, .. } => items.iter().map(|item| (item.start, item.end)).collect(),
        _ => spans(collection),
    }
}

fn from_block(
    document: &Document<'_>,
    gone: &Node,
    start: usize,
    end: usize,
    next: Option<usize>,
    before: Option<&Node>,
) -> Change {
    let text = document.text;
    if !document.begins_line(start)
        && let Some(next) = next
    {
        // The first member shares its line with a dash: what follows takes its place.
        let line_end = document.line_end(end);
        let to = match text[line_end.min(next)..next].find('#') {
            Some(comment) => line_end + comment,
            None => next,
        };
        return change(start, to, "");
    }
    let mut to = if gone.full_end > gone.end {
        gone.full_end
    } else {
        document.next_line(end)
    };
    // Comments that are indented deeper are about what is gone.
    let column = document.column(start);
    let limit = next.map_or(document.end, |next| document.line_start(next));
    let mut line = to;
    while line < limit {
        let content = &text[line..document.line_end(line)];
        if !is_blank(content) {
            match document.column_of_comment(line) {
                Some(at) if at > column => to = document.next_line(line),
                _ => break,
            }
        }
        line = document.next_line(line);
    }
    // Blank lines would become a part of a text before them that keeps its blank lines.
    if before.is_some_and(|before| before.full_end > before.end) {
        while to < limit && is_blank(&text[to..document.line_end(to)]) {
            to = document.next_line(to);
        }
    }
    change(document.line_start(start), to, "")
}

/// A collection that loses its only member stays as `{}` or `[]`.
fn last_of_block(
    document: &Document<'_>,
    collection: &Node,
    holder: Holder<'_>,
    start: usize,
    end: usize,
) -> Vec<Change> {
    let empty = match collection.kind {
        Kind::Sequence { .. } => "[]",
        _ => "{}",
    };
    let indicator = match holder {
        Holder::Root => None,
        Holder::Item(_, item) => Some(item.start + 1),
        Holder::Entry(_, entry) => entry.colon.map(|colon| colon + 1),
    };
    let Some(indicator) = indicator else {
        return vec![change(start, end, empty)];
    };
    let at = collection.properties_end().unwrap_or(indicator);
    if document.same_line(at, start) || !document.begins_line(start) {
        return vec![change(start, end, empty)];
    }
    let gone = collection
        .child(0)
        .map_or(end, |gone| gone.full_end.max(end));
    let to = if gone > end {
        gone
    } else {
        document.next_line(end)
    };
    let mut changes = vec![change(at, at, format!(" {empty}"))];
    changes.push(change(document.line_start(start), to, ""));
    changes
}

fn from_flow(
    document: &Document<'_>,
    collection: &Node,
    members: &[(usize, usize)],
    index: usize,
) -> Vec<Change> {
    let text = document.text;
    let (start, end) = members[index];
    let close = collection.end.saturating_sub(1);
    if members.len() == 1 {
        if super::deed::is_pair(collection) {
            return vec![change(start, end, "{}")];
        }
        let inside = collection.start + 1..close;
        if !text[inside.clone()].contains('#') {
            return vec![change(inside.start, inside.end, "")];
        }
        let to = comma_after(document, end, close).map_or(end, |comma| comma + 1);
        return vec![change(start, to, "")];
    }
    let comma = comma_after(document, end, close);
    let after = comma.map_or(end, |comma| comma + 1);
    let own_line = document.begins_line(start) && {
        let rest = text[after..document.line_end(after)].trim_start();
        rest.is_empty() || rest.starts_with('#')
    };
    let mut changes = Vec::new();
    // No comma is left behind: JSON has none before its bracket.
    if comma.is_none() && index > 0 {
        let (_, before) = members[index - 1];
        if let Some(comma) = comma_after(document, before, start) {
            if !own_line && !text[comma..start].contains('#') {
                return vec![change(comma, end, "")];
            }
            changes.push(change(comma, comma + 1, ""));
        }
    }
    if own_line {
        changes.push(change(
            document.line_start(start),
            document.next_line(after),
            "",
        ));
    } else {
        let to = match members.get(index + 1) {
            Some((next, _)) if !text[after..*next].contains('#') => *next,
            _ => after,
        };
        changes.push(change(start, to, ""));
    }
    changes
}
