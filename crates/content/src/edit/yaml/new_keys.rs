//! Keys that an act would add to a mapping that has others.

use serde::Deserialize;
use serde_yaml::{Deserializer, Value};

use super::YamlOp;
use super::path::Segment;

/// A key that an act would add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// Its name.
    pub name: String,
    /// The keys that are there already and hold the same: a mapping, a list or a single value.
    pub beside: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Mapping,
    List,
    Single,
}

/// The keys that an act would add to mappings of the first document of a text that are there.
pub fn new_keys(op: &YamlOp, text: &str) -> Vec<NewKey> {
    let (path, merged, value) = match op {
        YamlOp::Set { path, value } => (path, None, Some(value)),
        YamlOp::Merge { path, values } => (path, Some(values), None),
        _ => return Vec::new(),
    };
    let document = Deserializer::from_str(text).next();
    let document = document.and_then(|document| Value::deserialize(document).ok());
    let Some(mut at) = document.as_ref() else {
        return Vec::new();
    };
    let mut segments = path.segments().peekable();
    while let Some(segment) = segments.next() {
        let next = match (segment, at) {
            (Segment::Key(name), Value::Mapping(_)) => match at.get(name.as_str()) {
                Some(next) => next,
                None => {
                    let holds = match (segments.peek(), value) {
                        (Some(Segment::Key(_)), _) => Holds::Mapping,
                        (Some(_), _) => Holds::List,
                        (None, Some(value)) => holds(value),
                        (None, None) => Holds::Mapping,
                    };
                    return new_key(name, holds, at).into_iter().collect();
                }
            },
            (Segment::Key(index), Value::Sequence(items)) => {
                match index.parse().ok().and_then(|index: usize| items.get(index)) {
                    Some(next) => next,
                    None => return Vec::new(),
                }
            }
            (Segment::Index(index), Value::Sequence(items)) => match items.get(*index) {
                Some(next) => next,
                None => return Vec::new(),
            },
            (Segment::Item { key, value }, Value::Sequence(items)) => {
                let is_meant = |item: &&Value| {
                    let held = item.get(key.as_str());
                    held.is_some_and(|held| super::to_yaml(held).trim() == value)
                };
                match items.iter().find(is_meant) {
                    Some(next) => next,
                    None => return Vec::new(),
                }
            }
            _ => return Vec::new(),
        };
        at = next;
    }
    let merged = merged.into_iter().flatten();
    merged
        .filter_map(|(key, value)| {
            let name = key.as_str()?;
            let is_new = at.get(name).is_none();
            is_new.then(|| new_key(name, holds(value), at)).flatten()
        })
        .collect()
}

/// How many items the list has behind which a path goes on, of a document's first, where its items are mappings of several
/// keys; and the only key that the new item would have.
pub fn new_item(op: &YamlOp, text: &str) -> Option<(usize, String)> {
    let YamlOp::Set { path, .. } = op else {
        return None;
    };
    let document = Deserializer::from_str(text).next()?;
    let document = Value::deserialize(document).ok()?;
    let mut at = &document;
    let mut segments = path.segments();
    while let Some(segment) = segments.next() {
        at = match (segment, at) {
            (Segment::Key(name), Value::Mapping(_)) => at.get(name.as_str())?,
            (Segment::Index(index), Value::Sequence(items)) => match items.get(*index) {
                Some(next) => next,
                None => {
                    let has_more =
                        |item: &Value| item.as_mapping().is_some_and(|keys| keys.len() > 1);
                    let Some(Segment::Key(key)) = segments.next() else {
                        return None;
                    };
                    let is_whole = !items.is_empty() && items.iter().all(has_more);
                    return is_whole.then(|| (items.len(), key.clone()));
                }
            },
            _ => return None,
        };
    }
    None
}

fn new_key(name: &str, held: Holds, mapping: &Value) -> Option<NewKey> {
    let entries = mapping.as_mapping()?.iter();
    let alike = entries.filter(|(_, value)| holds(value) == held);
    let beside = alike.filter_map(|(key, _)| Some(key.as_str()?.to_owned()));
    Some(NewKey {
        name: name.to_owned(),
        beside: beside.collect(),
    })
}

fn holds(value: &Value) -> Holds {
    match value {
        Value::Mapping(_) => Holds::Mapping,
        Value::Sequence(_) => Holds::List,
        Value::Tagged(tagged) => holds(&tagged.value),
        _ => Holds::Single,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_already_is_no_new_key() {
        let text =
            "spec:\n  replicas: 1\n  list: []\n  ports:\n  - {name: web, port: 80}\n---\na: 1\n";
        let set = |path: &str, value: &str| {
            let op = YamlOp::Set {
                path: path.parse().unwrap(),
                value: serde_yaml::from_str(value).unwrap(),
            };
            let found = new_keys(&op, text);
            let told = found
                .iter()
                .map(|key| format!("{} {:?}", key.name, key.beside));
            told.collect::<Vec<_>>().join("; ")
        };
        assert_eq!(set("spec.replicas", "2"), "");
        assert_eq!(set("spec.replcas", "2"), r#"replcas ["replicas"]"#);
        assert_eq!(set("spec.replcas.x", "2"), "replcas []");
        assert_eq!(set("spec.port[0].x", "2"), r#"port ["list", "ports"]"#);
        assert_eq!(
            set("spec.ports[name=web].prt", "2"),
            r#"prt ["name", "port"]"#
        );
        assert_eq!(set("spec.ports[0].port", "2"), "");
        assert_eq!(set("spec.ports[name=none].port", "2"), "");
        let item = |path: &str| {
            let op = YamlOp::Set {
                path: path.parse().unwrap(),
                value: Value::from(1),
            };
            new_item(&op, text)
        };
        assert_eq!(item("spec.ports[1].port"), Some((1, "port".to_owned())));
        assert_eq!(item("spec.ports[0].port"), None);
        assert_eq!(item("spec.ports[1]"), None);
        assert_eq!(item("spec.list[0].port"), None);
        let merge = YamlOp::Merge {
            path: "spec".parse().unwrap(),
            values: serde_yaml::from_str("{replicas: 2, replica: 3}").unwrap(),
        };
        let names: Vec<_> = new_keys(&merge, text)
            .into_iter()
            .map(|key| key.name)
            .collect();
        assert_eq!(names, ["replica"]);
    }
}
