//! Changes that give a node another value.

use serde_yaml::Value;

use super::super::text_edit::Change;
use super::emit::{Style, Written};
use super::splice::change;
use super::tree::{Document, Entry, Holder, Kind, Node, ScalarStyle};

/// A node gets another value. Its anchor stays, its tag goes: that said something about the old value.
pub(super) fn replace(
    document: &Document<'_>,
    holder: Holder<'_>,
    node: &Node,
    value: &Value,
    style: &Style,
) -> Vec<Change> {
    let anchor = node
        .anchor
        .as_ref()
        .map_or(String::new(), |anchor| format!("&{} ", anchor.name));
    let in_flow = match holder {
        Holder::Root => node.is_flow(),
        Holder::Item(parent, _) | Holder::Entry(parent, _) => parent.is_flow(),
    };
    if in_flow {
        let insert = anchor + &style.flow(value);
        return vec![match holder {
            Holder::Entry(_, entry) if node.is_empty() && entry.colon.is_none() => {
                change(entry.end, entry.end, format!(": {insert}"))
            }
            _ if node.is_empty() && node.properties_end().is_none() => {
                change(node.start, node.start, format!(" {insert}"))
            }
            _ => change(node.outer, node.end, insert),
        }];
    }
    let (indicator, written) = match holder {
        Holder::Root => return vec![replace_root(document, node, value, &anchor, style)],
        Holder::Entry(_, entry) => {
            let column = document.column(entry.start);
            let Some(colon) = entry.colon else {
                return vec![value_without_colon(document, entry, value, style)];
            };
            // Below `:` of an explicit key there is no other key on the line.
            (colon + 1, style.after_key(value, column))
        }
        Holder::Item(_, item) => {
            let column = document.column(item.start) + 1;
            let gap = document.text[item.start + 1..node.outer.max(item.start + 1)]
                .bytes()
                .take_while(|byte| *byte == b' ')
                .count();
            let gap = if node.is_empty() || !document.same_line(item.start, node.outer) {
                1
            } else {
                gap.max(1)
            };
            (item.start + 1, style.after_dash(value, column + gap))
        }
    };
    let properties = node.properties_end();
    let head_end = properties.unwrap_or(indicator);
    if node.is_empty() || document.same_line(head_end, node.start) {
        replace_on_line(document, node, indicator, &anchor, written)
    } else {
        replace_below(
            document, node, holder, indicator, &anchor, value, written, style,
        )
    }
}

/// The old value begins on the line of its key or dash.
fn replace_on_line(
    document: &Document<'_>,
    node: &Node,
    indicator: usize,
    anchor: &str,
    written: Written,
) -> Vec<Change> {
    let Written { head, below } = written;
    let head = format!("{anchor}{head}");
    let head = head.trim_end();
    let below: String = below.iter().map(|line| format!("\n{line}")).collect();
    let is_block = matches!(
        node.kind,
        Kind::Scalar {
            style: ScalarStyle::Block,
            ..
        }
    );
    // What is written keeps its distance from the indicator.
    let first = if node.outer > indicator
        && document.same_line(indicator, node.outer)
        && !head.is_empty()
        && !node.is_empty()
    {
        change(node.outer, node.end, head)
    } else {
        let head = if head.is_empty() {
            String::new()
        } else {
            format!(" {head}")
        };
        change(indicator, node.end.max(indicator), head)
    };
    if is_block {
        let header = first.range.start.max(node.start);
        let blank = document.text[header..].find([' ', '\t', '\n']);
        let header_end = blank.map_or(document.text.len(), |blank| header + blank);
        let line_end = document.line_end(node.start);
        let first = change(first.range.start, header_end.min(node.end), first.insert);
        let rest = change(line_end.max(first.range.end), node.end.max(line_end), below);
        return vec![first, rest];
    }
    let line_end = document.line_end(first.range.end);
    if below.is_empty() {
        return vec![first];
    }
    vec![first, change(line_end, line_end, below)]
}

/// The old value begins on a line below its key or dash.
#[allow(clippy::too_many_arguments, reason = "the place, the old and the new")]
fn replace_below(
    document: &Document<'_>,
    node: &Node,
    holder: Holder<'_>,
    indicator: usize,
    anchor: &str,
    value: &Value,
    written: Written,
    style: &Style,
) -> Vec<Change> {
    let text = document.text;
    let line_start = document.line_start(node.start);
    if !document.begins_line(node.start)
        || !document.same_line(indicator, node.outer) && node.outer != node.start
    {
        // Anchor or tag on a line of their own.
        return vec![change(
            node.outer,
            node.end,
            format!("{anchor}{}", style.flow(value)),
        )];
    }
    let mut changes = Vec::new();
    if let Some(tag) = &node.tag {
        let blank = usize::from(text[..tag.range.start].ends_with(' '));
        changes.push(change(tag.range.start - blank, tag.range.end, ""));
    }
    let is_collection = matches!(value, Value::Mapping(map) if !map.is_empty())
        || matches!(value, Value::Sequence(list) if !list.is_empty());
    if style.blocks && is_collection {
        let least = match holder {
            Holder::Entry(_, entry) => {
                document.column(entry.start) + usize::from(value.is_mapping())
            }
            Holder::Item(_, item) => document.column(item.start) + 1,
            Holder::Root => 0,
        };
        let own = document.column(node.start);
        let column = if own >= least {
            own
        } else {
            least.max(own + style.step)
        };
        let lines = style.block(value, column).join("\n");
        changes.push(change(line_start, node.end, " ".repeat(column) + &lines));
        return changes;
    }
    let Written { head, below } = written;
    let at = node.properties_end().map_or(indicator, |end| {
        let anchor = node
            .anchor
            .as_ref()
            .map_or(indicator, |anchor| anchor.range.end);
        if node.tag.is_some() { anchor } else { end }
    });
    let place = changes.partition_point(|change| change.range.end <= at);
    changes.insert(place, change(at, at, format!(" {head}")));
    if !below.is_empty() {
        let line_end = document.line_end(at);
        let below: String = below.iter().map(|line| format!("\n{line}")).collect();
        changes.push(change(line_end, line_end, below));
    }
    if document.ends_line(node.end) {
        // With the newline before it: what is inserted below goes after the newline at its end.
        changes.push(change(line_start - 1, document.line_end(node.end), ""));
    } else {
        changes.push(change(node.start, node.end, ""));
    }
    changes
}

fn replace_root(
    document: &Document<'_>,
    node: &Node,
    value: &Value,
    anchor: &str,
    style: &Style,
) -> Change {
    let anchor = if anchor.is_empty() {
        String::new()
    } else {
        format!("{}\n", anchor.trim_end())
    };
    let lines = style.block(value, 0).join("\n");
    if node.is_empty() {
        let at = node.start.max(document.start);
        let end = document.text[at..document.end].trim_end().len() + at;
        return change(end, end, format!("\n{lines}"));
    }
    // Nothing of several lines begins after `---`.
    let newline = if document.begins_line(node.outer) {
        ""
    } else {
        "\n"
    };
    let from = document.text[..node.outer].trim_end_matches(' ').len();
    let from = if newline.is_empty() { node.outer } else { from };
    change(from, node.end, format!("{newline}{anchor}{lines}"))
}

/// `? key` alone gets a value.
fn value_without_colon(
    document: &Document<'_>,
    entry: &Entry,
    value: &Value,
    style: &Style,
) -> Change {
    let column = document.column(entry.start);
    let at = document.line_end(entry.end);
    let written = style.after_dash(value, column + 2);
    let mut insert = format!("\n{}: {}", " ".repeat(column), written.head);
    for line in written.below {
        insert.push('\n');
        insert.push_str(&line);
    }
    change(at, at, insert)
}
