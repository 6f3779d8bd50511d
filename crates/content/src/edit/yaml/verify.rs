//! Whether a text says what was asked for: it is read anew and compared, place by place, with what was there before.

use std::collections::HashMap;

use serde::Deserialize;
use serde_yaml::Value;

use super::deed::Deed;
use super::find::Route;
use super::tree::{Document, Kind, Node, ScalarStyle};

/// Whether the second document is the first one after the deeds, by the tree of the editor and by the library that reads
/// values.
pub(super) fn says(before: &Document<'_>, deeds: &[Deed], after: &Document<'_>) -> bool {
    same_tree(before, deeds, after) && same_value(before, deeds, after)
}

/// Deeds by the route of what they are about.
type Plans<'d> = HashMap<&'d [usize], Vec<&'d Deed>>;

fn same_tree(before: &Document<'_>, deeds: &[Deed], after: &Document<'_>) -> bool {
    let mut plans = Plans::new();
    for deed in deeds {
        let route: &[usize] = match deed {
            Deed::Fill { value } => {
                return before.root.is_none()
                    && after
                        .root
                        .as_ref()
                        .is_some_and(|root| is_value(root, value));
            }
            Deed::Replace { route, .. }
            | Deed::Entries { route, .. }
            | Deed::Items { route, .. }
            | Deed::Remove { route } => route,
        };
        plans.entry(route).or_default().push(deed);
    }
    match (&before.root, &after.root) {
        (Some(before), Some(after)) => same(before, after, &mut Route::new(), &plans),
        (None, None) => true,
        _ => false,
    }
}

enum Expected<'a> {
    Kept(usize, &'a Node),
    New(&'a Value),
}

fn same(before: &Node, after: &Node, route: &mut Route, plans: &Plans<'_>) -> bool {
    let name = |node: &Node| node.anchor.as_ref().map(|anchor| anchor.name.clone());
    if name(before) != name(after) {
        return false;
    }
    let own = plans.get(&**route).map_or(&[][..], |deeds| deeds);
    if let Some(Deed::Replace { value, .. }) = own.first() {
        return after.tag.is_none() && is_value(after, value);
    }
    let tag = |node: &Node| node.tag.as_ref().map(|tag| tag.name.clone());
    if tag(before) != tag(after) {
        return false;
    }
    match (&before.kind, &after.kind) {
        (
            Kind::Scalar { text, style },
            Kind::Scalar {
                text: other,
                style: now,
            },
        ) => text == other && (*style == ScalarStyle::Plain) == (*now == ScalarStyle::Plain),
        (Kind::Alias { name, .. }, Kind::Alias { name: other, .. }) => name == other,
        (Kind::Sequence { items, .. }, Kind::Sequence { items: now, .. }) => {
            let mut expected: Vec<Expected<'_>> = Vec::new();
            for (index, item) in items.iter().enumerate() {
                if !is_removed(route, index, plans) {
                    expected.push(Expected::Kept(index, &item.node));
                }
            }
            if let Some(Deed::Items { index, items, .. }) = own.first() {
                expected.splice(index..index, items.iter().map(Expected::New));
            }
            expected.len() == now.len()
                && expected
                    .iter()
                    .zip(now)
                    .all(|(expected, now)| match expected {
                        Expected::New(value) => is_value(&now.node, value),
                        Expected::Kept(index, before) => {
                            deeper(route, *index, |route| same(before, &now.node, route, plans))
                        }
                    })
        }
        (Kind::Mapping { entries, .. }, Kind::Mapping { entries: now, .. }) => {
            let mut now = now.iter();
            let none = Plans::new();
            let kept = entries.iter().enumerate().all(|(index, entry)| {
                is_removed(route, index, plans)
                    || now.next().is_some_and(|now| {
                        same(&entry.key, &now.key, &mut Route::new(), &none)
                            && deeper(route, index, |route| {
                                same(&entry.value, &now.value, route, plans)
                            })
                    })
            });
            let new = own.iter().all(|deed| match deed {
                Deed::Entries { entries, .. } => entries.iter().all(|(key, value)| {
                    now.next()
                        .is_some_and(|now| is_value(&now.key, key) && is_value(&now.value, value))
                }),
                _ => false,
            });
            kept && new && now.next().is_none()
        }
        _ => false,
    }
}

fn deeper(route: &mut Route, index: usize, check: impl FnOnce(&mut Route) -> bool) -> bool {
    route.push(index);
    let result = check(route);
    route.pop();
    result
}

fn is_removed(route: &mut Route, index: usize, plans: &Plans<'_>) -> bool {
    deeper(route, index, |route| {
        plans
            .get(&**route)
            .is_some_and(|deeds| matches!(deeds.first(), Some(Deed::Remove { .. })))
    })
}

/// Whether a node was written for this value.
fn is_value(node: &Node, value: &Value) -> bool {
    match (&node.kind, value) {
        (Kind::Scalar { text, style }, Value::String(wanted)) => {
            text == wanted
                && (*style != ScalarStyle::Plain || resolved(node, text).as_str() == Some(wanted))
        }
        (
            Kind::Scalar {
                text,
                style: ScalarStyle::Plain,
            },
            _,
        ) => resolved(node, text) == *value,
        (Kind::Sequence { items, .. }, Value::Sequence(values)) => {
            items.len() == values.len()
                && items
                    .iter()
                    .zip(values)
                    .all(|(item, value)| is_value(&item.node, value))
        }
        (Kind::Mapping { entries, .. }, Value::Mapping(values)) => {
            entries.len() == values.len()
                && entries.iter().zip(values).all(|(entry, (key, value))| {
                    is_value(&entry.key, key) && is_value(&entry.value, value)
                })
        }
        _ => false,
    }
}

fn resolved(node: &Node, text: &str) -> Value {
    if node.is_empty() {
        return Value::Null;
    }
    serde_yaml::from_str(text).unwrap_or(Value::Null)
}

/// The second opinion. Where the library cannot read the text before, or where aliases multiply what is changed, there is
/// none to ask.
fn same_value(before: &Document<'_>, deeds: &[Deed], after: &Document<'_>) -> bool {
    let Some(mut expected) = value_of(&ended(before.text)) else {
        return true;
    };
    let Some(found) = value_of(after.text) else {
        return false;
    };
    if before.aliases {
        return true;
    }
    // From behind, so that numbers stay what they are.
    for deed in deeds.iter().rev() {
        if apply(&mut expected, deed).is_none() {
            return false;
        }
    }
    expected == found
}

fn value_of(text: &str) -> Option<Value> {
    let mut documents = serde_yaml::Deserializer::from_str(text);
    match documents.next() {
        Some(document) => Value::deserialize(document).ok(),
        None => Some(Value::Null),
    }
}

/// A block scalar at the very end is another one once the newline is there.
fn ended(text: &str) -> String {
    let newline = if text.ends_with('\n') { "" } else { "\n" };
    format!("{text}{newline}")
}

fn apply(root: &mut Value, deed: &Deed) -> Option<()> {
    match deed {
        Deed::Fill { value } => *root = value.clone(),
        Deed::Replace { route, value } => *at(root, route)? = value.clone(),
        Deed::Entries { route, entries } => match untagged(at(root, route)?) {
            Value::Mapping(mapping) => mapping.extend(entries.clone()),
            _ => return None,
        },
        Deed::Items {
            route,
            index,
            items,
        } => match untagged(at(root, route)?) {
            Value::Sequence(list) => drop(list.splice(index..index, items.iter().cloned())),
            _ => return None,
        },
        Deed::Remove { route } => {
            let (last, before) = route.split_last()?;
            match untagged(at(root, before)?) {
                Value::Sequence(items) => drop(items.remove(*last)),
                Value::Mapping(entries) => {
                    let key = entries.keys().nth(*last)?.clone();
                    entries.shift_remove(&key);
                }
                _ => return None,
            }
        }
    }
    Some(())
}

fn at<'v>(root: &'v mut Value, route: &[usize]) -> Option<&'v mut Value> {
    route
        .iter()
        .try_fold(root, |value, index| match untagged(value) {
            Value::Sequence(items) => items.get_mut(*index),
            Value::Mapping(entries) => entries.values_mut().nth(*index),
            _ => None,
        })
}

fn untagged(value: &mut Value) -> &mut Value {
    match value {
        Value::Tagged(tagged) => untagged(&mut tagged.value),
        value => value,
    }
}
