//! Follows a path through a document.

use super::path::{Segment, YamlPath};
use super::problem::Problem;
use super::tree::{Kind, Node, ScalarStyle};
use crate::yaml::js_text;

/// Where a path leads: the numbers of items and entries from the root.
pub(super) type Route = Vec<usize>;

/// What the value of `[key=value]` may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Any single value, by how it reads.
    Scalar,
    /// Text, not a number that reads like it.
    Text,
}

/// How far a path could be followed.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) route: Route,
    /// How many segments lead there; fewer than the path has when something is missing.
    pub(super) followed: usize,
}

impl Found {
    pub(super) fn is_complete(&self, path: &YamlPath) -> bool {
        self.followed == path.len()
    }
}

/// Follows as much as there is; a null is where something may be made.
pub(super) fn follow(root: &Node, path: &YamlPath, wanted: Wanted) -> Result<Found, Problem> {
    let mut node = root;
    let mut route = Route::new();
    for (count, segment) in path.segments().enumerate() {
        match step(root, node, segment, wanted, || {
            path.prefix(count).to_owned()
        })? {
            Some(index) => {
                route.push(index);
                let Some(next) = node.child(index) else { break };
                node = next;
            }
            None => {
                return Ok(Found {
                    route,
                    followed: count,
                });
            }
        }
    }
    Ok(Found {
        route,
        followed: path.len(),
    })
}

/// The number of what a segment names in a node; `None` when that may be made.
fn step(
    root: &Node,
    node: &Node,
    segment: &Segment,
    wanted: Wanted,
    path: impl Fn() -> String,
) -> Result<Option<usize>, Problem> {
    match (&node.kind, segment) {
        (Kind::Mapping { entries, .. }, Segment::Key(key)) => Ok(entry_number(entries, key)),
        (Kind::Mapping { entries, .. }, Segment::Index(index)) => {
            let key = index.to_string();
            match entries
                .iter()
                .position(|entry| is_written(&entry.key, &key))
            {
                Some(entry) => Ok(Some(entry)),
                None => Err(Problem::NotAListFor {
                    path: path(),
                    segment: format!("item {index}"),
                }),
            }
        }
        (Kind::Mapping { .. }, Segment::Item { key, value }) => Err(Problem::NotAListFor {
            path: path(),
            segment: format!("item with `{key}` {value:?}"),
        }),
        (Kind::Sequence { items, .. }, Segment::Index(index)) => {
            Ok((*index < items.len()).then_some(*index))
        }
        (Kind::Sequence { items, .. }, Segment::Key(key)) => match item_number(key) {
            Some(index) => Ok((index < items.len()).then_some(index)),
            None => Err(Problem::ListHasNoKeys {
                path: path(),
                key: key.clone(),
            }),
        },
        (Kind::Sequence { items, .. }, Segment::Item { key, value }) => {
            let position = items
                .iter()
                .position(|item| has_value(root, &item.node, key, value, wanted));
            position.map(Some).ok_or_else(|| Problem::NoItem {
                path: path(),
                key: key.clone(),
                value: value.clone(),
            })
        }
        (Kind::Alias { name, .. }, _) => Err(Problem::ThroughAlias {
            path: path(),
            name: name.clone(),
        }),
        (Kind::Scalar { .. }, _) if node.is_null() => Ok(None),
        (Kind::Scalar { .. }, _) => Err(Problem::NothingBelow { path: path() }),
    }
}

/// A key that addresses an item of a sequence.
pub(super) fn item_number(key: &str) -> Option<usize> {
    let is_number = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit());
    key.parse().ok().filter(|_| is_number)
}

/// The entry whose key reads like this; a number or a truth value reads as it is written.
pub(super) fn entry_number(entries: &[super::tree::Entry], key: &str) -> Option<usize> {
    let reads = |node: &Node| readings(node).iter().any(|reading| reading == key);
    entries
        .iter()
        .position(|entry| is_written(&entry.key, key))
        .or_else(|| entries.iter().position(|entry| reads(&entry.key)))
}

fn is_written(node: &Node, key: &str) -> bool {
    matches!(&node.kind, Kind::Scalar { text, .. } if text == key && !node.is_empty())
}

fn has_value(root: &Node, node: &Node, key: &str, value: &str, wanted: Wanted) -> bool {
    let Kind::Mapping { entries, .. } = &node.kind else {
        return false;
    };
    let Some(entry) = entry_number(entries, key) else {
        return false;
    };
    let mut found = &entries[entry].value;
    if let Kind::Alias { id, .. } = &found.kind {
        match anchored(root, *id) {
            Some(target) => found = target,
            None => return false,
        }
    }
    (wanted == Wanted::Scalar || is_text(found))
        && readings(found).iter().any(|reading| reading == value)
}

fn is_text(node: &Node) -> bool {
    match &node.kind {
        Kind::Scalar { text, style } => {
            *style != ScalarStyle::Plain
                || node.tag.as_ref().is_some_and(|tag| tag.name == "!!str")
                || serde_yaml::from_str(text)
                    .is_ok_and(|value: serde_yaml::Value| value.is_string())
        }
        _ => false,
    }
}

/// A scalar as it is written, and as a program prints it.
fn readings(node: &Node) -> Vec<String> {
    let Kind::Scalar { text, style } = &node.kind else {
        return Vec::new();
    };
    if node.is_null() {
        let written = if node.is_empty() { "null" } else { text };
        return vec![written.to_owned(), "null".to_owned()];
    }
    let mut readings = vec![text.clone()];
    if *style == ScalarStyle::Plain && node.tag.is_none() {
        readings.extend(serde_yaml::from_str(text).ok().as_ref().and_then(js_text));
    }
    readings
}

fn anchored(node: &Node, id: usize) -> Option<&Node> {
    if node.anchor.as_ref().is_some_and(|anchor| anchor.id == id) {
        return Some(node);
    }
    node.children()
        .into_iter()
        .find_map(|child| anchored(child, id))
}
