//! What the YAML actions do to plain data, told independently of how they are planned.

use atelier_content::edit::yaml::{Segment, YamlOp, YamlPath};
use serde::Deserialize;
use serde_yaml::{Mapping, Value};

/// The first document of a file; `None` when it is not readable.
pub(crate) fn first_document(text: &str) -> Option<Value> {
    let ended = format!("{text}{}", if text.ends_with('\n') { "" } else { "\n" });
    match serde_yaml::Deserializer::from_str(&ended).next() {
        Some(document) => Value::deserialize(document).ok(),
        None => Some(Value::Null),
    }
}

/// What is left of the file after its first document, as far as a line says so.
pub(crate) fn rest(text: &str) -> &str {
    let mut at = 0;
    let mut begun = false;
    for line in text.split_inclusive('\n') {
        if begun && (line.starts_with("---") || line.starts_with("...")) {
            return &text[at..];
        }
        begun |= !line.trim().is_empty() && !line.trim_start().starts_with(['#', '%']);
        at += line.len();
    }
    ""
}

/// The data after an action; `None` when it has to fail.
pub(crate) fn after(op: &YamlOp, root: &Value) -> Option<Value> {
    let mut root = root.clone();
    match op {
        YamlOp::Set { path, value } => {
            let segments: Vec<_> = path.segments().collect();
            set(&mut root, &segments, value)?;
        }
        YamlOp::Insert { path, index, value } => {
            let list = at(&mut root, path)?;
            if list.is_null() {
                *list = Value::Sequence(Vec::new());
            }
            let list = list.as_sequence_mut()?;
            let count = list.len() as i64;
            let index = match index.unwrap_or(count) {
                index if index < 0 => (count + index).max(0),
                index => index.min(count),
            };
            list.insert(index as usize, value.clone());
        }
        YamlOp::Replace { path, value } => *at(&mut root, path)? = value.clone(),
        YamlOp::Delete { path } => {
            let segments: Vec<_> = path.segments().collect();
            let (last, before) = segments.split_last()?;
            let parent = before
                .iter()
                .try_fold(&mut root, |value, segment| child(value, segment))?;
            let index = number(parent, last)?;
            match plain(parent) {
                Value::Sequence(items) => drop(items.remove(index)),
                Value::Mapping(entries) => {
                    let key = entries.keys().nth(index)?.clone();
                    entries.shift_remove(&key);
                }
                _ => return None,
            }
        }
        YamlOp::Merge { path, values } => {
            let target = at(&mut root, path)?;
            if target.is_null() {
                *target = Value::Mapping(Mapping::new());
            }
            let Value::Mapping(entries) = plain(target) else {
                return None;
            };
            for (key, value) in values {
                let name = Segment::Key(key.as_str().unwrap_or_default().to_owned());
                match number(&mut Value::Mapping(entries.clone()), &name) {
                    Some(index) => *entries.values_mut().nth(index)? = value.clone(),
                    None => drop(entries.insert(key.clone(), value.clone())),
                }
            }
        }
        YamlOp::Select { path } => drop(at(&mut root, path)?),
        YamlOp::InsertValue { path, value } => {
            if misses_an_item(&mut root, path) {
                return Some(root);
            }
            let target = at(&mut root, path)?;
            match (plain(target), value) {
                (Value::Sequence(items), Value::Sequence(new)) => items.extend(new.iter().cloned()),
                (Value::Sequence(items), value) => items.push(value.clone()),
                (Value::Mapping(entries), Value::Mapping(new)) => {
                    for (key, value) in new {
                        let name = Segment::Key(key.as_str().unwrap_or_default().to_owned());
                        if number(&mut Value::Mapping(entries.clone()), &name).is_some() {
                            return None;
                        }
                        entries.insert(key.clone(), value.clone());
                    }
                }
                (Value::Mapping(_), _) => return None,
                _ => {}
            }
        }
    }
    Some(root)
}

/// Whether a path ends in an item that its list does not have: the deprecated action passes over it.
fn misses_an_item(root: &mut Value, path: &YamlPath) -> bool {
    let segments: Vec<_> = path.segments().collect();
    let Some((last, before)) = segments.split_last() else {
        return false;
    };
    let Some(parent) = before
        .iter()
        .try_fold(root, |value, segment| child(value, segment))
    else {
        return false;
    };
    let is_item = match last {
        Segment::Index(_) => true,
        Segment::Key(key) => key.parse::<usize>().is_ok(),
        Segment::Item { .. } => false,
    };
    is_item && plain(parent).is_sequence() && number(parent, last).is_none()
}

fn set(value: &mut Value, path: &[&Segment], new: &Value) -> Option<()> {
    let Some((first, rest)) = path.split_first() else {
        *value = new.clone();
        return Some(());
    };
    if let Some(index) = number(value, first) {
        let child = match plain(value) {
            Value::Sequence(items) => items.get_mut(index)?,
            Value::Mapping(entries) => entries.values_mut().nth(index)?,
            _ => return None,
        };
        return set(child, rest, new);
    }
    let mut made = Value::Null;
    set(&mut made, rest, new)?;
    match (plain(value), first) {
        (Value::Mapping(entries), Segment::Key(key)) => {
            entries.insert(key.clone().into(), made);
        }
        (Value::Sequence(items), Segment::Index(_)) => items.push(made),
        (Value::Sequence(items), Segment::Key(key)) if key.parse::<usize>().is_ok() => {
            items.push(made)
        }
        (value @ Value::Null, Segment::Key(key)) => {
            *value = Value::Mapping(std::iter::once((key.clone().into(), made)).collect());
        }
        (value @ Value::Null, Segment::Index(0)) => *value = Value::Sequence(vec![made]),
        _ => return None,
    }
    Some(())
}

fn at<'v>(root: &'v mut Value, path: &YamlPath) -> Option<&'v mut Value> {
    path.segments()
        .try_fold(root, |value, segment| child(value, segment))
}

fn child<'v>(value: &'v mut Value, segment: &Segment) -> Option<&'v mut Value> {
    let index = number(value, segment)?;
    match plain(value) {
        Value::Sequence(items) => items.get_mut(index),
        Value::Mapping(entries) => entries.values_mut().nth(index),
        _ => None,
    }
}

fn plain(value: &mut Value) -> &mut Value {
    match value {
        Value::Tagged(tagged) => plain(&mut tagged.value),
        value => value,
    }
}

/// Which child a segment names.
fn number(value: &mut Value, segment: &Segment) -> Option<usize> {
    match (plain(value), segment) {
        (Value::Sequence(items), Segment::Index(index)) => (*index < items.len()).then_some(*index),
        (Value::Sequence(items), Segment::Key(key)) => {
            key.parse().ok().filter(|index| *index < items.len())
        }
        (Value::Sequence(items), Segment::Item { key, value }) => items.iter().position(|item| {
            item.as_mapping().is_some_and(|entries| {
                entries
                    .iter()
                    .any(|(name, found)| text(name) == *key && text(found) == *value)
            })
        }),
        (Value::Mapping(entries), Segment::Key(key)) => entries
            .keys()
            .position(|name| text(name) == *key || name.is_null() && key == "~")
            .or_else(|| {
                entries
                    .keys()
                    .position(|name| name.as_f64() == Some(1.0) && key == "1")
            }),
        (Value::Mapping(entries), Segment::Index(index)) => entries
            .keys()
            .position(|name| text(name) == index.to_string()),
        _ => None,
    }
}

/// A scalar as text; what paths in these tests are made of.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Tagged(tagged) => text(&tagged.value),
        _ => "\u{0}".to_owned(),
    }
}
