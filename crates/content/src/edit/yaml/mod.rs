//! Acts on YAML files (`actions.md` 3.8): the first document of a file changes where it must, and nowhere else.
//!
//! An act becomes deeds on the data ([`deed`]), deeds become changes of the text ([`splice`]), and what comes out is read
//! anew and compared ([`verify`]): a change that would say anything else than what was asked for is refused.

mod aliases;
mod deed;
mod emit;
mod find;
mod flow;
mod limits;
mod new_keys;
mod path;
mod problem;
mod read;
mod remove;
mod replace;
mod scalar;
mod splice;
#[cfg(test)]
mod tests;
mod tree;
mod verify;

use std::ops::Range;

use serde::{Deserialize, Serialize};
use serde_yaml::{Mapping, Value};

pub(crate) use emit::to_yaml;
pub use new_keys::{NewKey, new_item, new_keys};
pub use path::{PathError, Segment, YamlPath};
pub use problem::Problem;

use super::plan::{EditError, Plan, Warning};
use super::text_edit::{Change, TextEdit};
use deed::{Deed, Insertion};
use emit::Style;
use find::Route;
use tree::{Document, Entry, Holder, Node};

/// A change or a selection of a YAML file (`actions.md` 3.8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
#[allow(
    missing_docs,
    reason = "the fields are the properties of the specification"
)]
pub enum YamlOp {
    Set {
        path: YamlPath,
        value: Value,
    },
    /// Without an index at the end; a negative one counts from there.
    Insert {
        path: YamlPath,
        index: Option<i64>,
        value: Value,
    },
    Replace {
        path: YamlPath,
        value: Value,
    },
    Delete {
        path: YamlPath,
    },
    Merge {
        path: YamlPath,
        values: Mapping,
    },
    Select {
        path: YamlPath,
    },
    /// `editor:insert-value-into-yaml`, which is deprecated.
    InsertValue {
        path: YamlPath,
        value: Value,
    },
}

/// Plans what a YAML act does to a text.
pub(super) fn plan(op: &YamlOp, file: &str, text: &str) -> Result<Plan, EditError> {
    plan_document(op, file, text).map_err(|problem| EditError::Yaml {
        file: file.to_owned(),
        problem,
    })
}

/// Plans a YAML act for a file that is not there; only the deprecated act makes one.
pub(super) fn plan_missing(op: &YamlOp) -> Option<Plan> {
    match op {
        YamlOp::InsertValue { value, .. } => Some(super::lines::create(&to_yaml(value))),
        _ => None,
    }
}

fn plan_document(op: &YamlOp, file: &str, text: &str) -> Result<Plan, Problem> {
    let document = &read::read(text)?;
    let deeds = match op {
        YamlOp::Select { path } => return select(document, path),
        YamlOp::Set { path, value } => vec![deed::set(document, path, value)?],
        YamlOp::Insert { path, index, value } => {
            vec![deed::insert(document, path, *index, value)?]
        }
        YamlOp::Replace { path, value } => vec![deed::replace(document, path, value)?],
        YamlOp::Delete { path } => vec![deed::remove(document, path)?],
        YamlOp::Merge { path, values } => deed::merge(document, path, values)?,
        YamlOp::InsertValue { path, value } => match deed::insert_value(document, path, value)? {
            Insertion::Deed(deed) => vec![deed],
            Insertion::Nothing => {
                return Ok(Plan::nothing(Warning::NothingTaken {
                    file: file.to_owned(),
                    path: path.to_string(),
                }));
            }
        },
    };
    for deed in &deeds {
        deed.check_aliases(document)?;
    }
    write(op, document, &deeds)
}

/// Tries the nicest way to write it first.
fn write(op: &YamlOp, document: &Document<'_>, deeds: &[Deed]) -> Result<Plan, Problem> {
    let nicest = Style::of(document);
    let without_literals = Style {
        literals: false,
        ..nicest
    };
    let on_one_line = Style {
        blocks: false,
        ..without_literals
    };
    for style in [nicest, without_literals, on_one_line] {
        let mut changes = Vec::new();
        for deed in deeds {
            changes.extend(splice::changes(document, deed, &style)?);
        }
        changes.sort_by_key(|change| change.range.start);
        let edit = TextEdit {
            changes,
            select: None,
        };
        if edit.check(document.text).is_err() {
            continue;
        }
        let edit = tidy(document, edit);
        let text = edit.apply(document.text);
        let rest = &document.text[document.end..];
        if !text.ends_with(rest) && !text.trim_end().ends_with(rest.trim_end()) {
            continue;
        }
        let Ok(after) = read::read(&text) else {
            continue;
        };
        if verify::says(document, deeds, &after) {
            let select = selection(op, document, deeds, &edit, &after);
            return Ok(Plan::change(TextEdit { select, ..edit }));
        }
    }
    Err(Problem::Unfaithful)
}

/// Drops what a change leaves as it is, and gives the text the newline that it may lack at its end.
fn tidy(document: &Document<'_>, edit: TextEdit) -> TextEdit {
    let text = document.text;
    let mut changes: Vec<Change> = edit
        .changes
        .into_iter()
        .map(|change| shrink(text, change))
        .filter(|change| !change.range.is_empty() || !change.insert.is_empty())
        .collect();
    let edit = TextEdit {
        changes: changes.clone(),
        select: None,
    };
    let is_last = !text[document.end..]
        .lines()
        .any(|line| line.starts_with("---"));
    let after = edit.apply(text);
    if is_last && !after.is_empty() && !after.ends_with('\n') {
        match changes.last_mut() {
            Some(last) if last.range.end == text.len() => last.insert.push('\n'),
            _ => changes.push(splice::change(text.len(), text.len(), "\n")),
        }
    }
    TextEdit {
        changes,
        select: None,
    }
}

/// Without what is the same at both ends.
fn shrink(text: &str, change: Change) -> Change {
    let Change {
        mut range,
        mut insert,
    } = change;
    let old = &text[range.clone()];
    let common = |a: &mut dyn Iterator<Item = char>, b: &mut dyn Iterator<Item = char>| -> usize {
        a.zip(b)
            .take_while(|(a, b)| a == b)
            .map(|(a, _)| a.len_utf8())
            .sum()
    };
    let head = common(&mut old.chars(), &mut insert.chars());
    let tail = common(
        &mut old[head..].chars().rev(),
        &mut insert[head..].chars().rev(),
    );
    insert.truncate(insert.len() - tail);
    insert.drain(..head);
    range = range.start + head..range.end - tail;
    Change { range, insert }
}

/// What was changed, where it is afterwards; a caret where something is gone.
fn selection(
    op: &YamlOp,
    document: &Document<'_>,
    deeds: &[Deed],
    edit: &TextEdit,
    after: &Document<'_>,
) -> Option<Range<usize>> {
    let caret = || {
        let at = edit.changes.first()?.range.start.min(after.text.len());
        Some(at..at)
    };
    let Some(root) = &after.root else {
        return caret();
    };
    let spans = deeds
        .iter()
        .filter_map(|deed| deed.result(document))
        .flat_map(|(first, last)| [first, last])
        .filter_map(|route| span(root, &route));
    let Some(range) = spans.reduce(|all, span| all.start.min(span.start)..all.end.max(span.end))
    else {
        return caret();
    };
    let whole_lines = matches!(op, YamlOp::InsertValue { .. }) && is_alone(after, deeds, &range);
    if whole_lines {
        return Some(after.line_start(range.start)..after.next_line(range.end));
    }
    Some(range)
}

/// Whether what was inserted has lines of its own.
fn is_alone(after: &Document<'_>, deeds: &[Deed], range: &Range<usize>) -> bool {
    let in_block = deeds.iter().all(|deed| match deed {
        Deed::Items { route, .. } | Deed::Entries { route, .. } => after
            .root
            .as_ref()
            .and_then(|root| root.at(route))
            .is_some_and(|node| !node.is_flow()),
        _ => false,
    });
    in_block && after.ends_line(range.end)
}

/// Plans `editor:select-yaml-path`.
fn select(document: &Document<'_>, path: &YamlPath) -> Result<Plan, Problem> {
    let root = document.root.as_ref().ok_or(Problem::NoValue)?;
    let route: Route = deed::existing(root, path)?;
    let range = span(root, &route).ok_or(Problem::NoValue)?;
    Ok(Plan::select(range))
}

/// A value with its key, or without its dash (`actions.md` 3.8, "select-yaml-path ranges").
fn span(root: &Node, route: &[usize]) -> Option<Range<usize>> {
    let node = root.at(route)?;
    Some(match root.holder(route)? {
        Holder::Entry(_, Entry { key, .. }) => {
            let end = match node.properties_end() {
                _ if !node.is_empty() => node.end,
                Some(end) => end,
                None => key.end,
            };
            key.start..end.max(key.end)
        }
        Holder::Item(..) | Holder::Root => node.outer..node.end.max(node.outer),
    })
}
