//! Where things stand in a YAML text, as `yaml-edit` sees it.

use std::ops::Range;

use yaml_edit::{Document, YamlNode};

/// The keys of the root mapping and the bytes they take, in order; also of a text with errors, as far as it can be read.
pub(crate) fn key_ranges(text: &str) -> Vec<(String, Range<usize>)> {
    let (document, _) = Document::from_str_relaxed(text);
    let Some(mapping) = document.as_mapping() else {
        return Vec::new();
    };
    mapping
        .entries()
        .filter_map(|entry| match entry.key_node()? {
            YamlNode::Scalar(key) => {
                let range = key.byte_range();
                Some((key.as_string(), range.start as usize..range.end as usize))
            }
            _ => None,
        })
        .collect()
}

/// A step from a collection to a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// Into the value of a key.
    Key(String),
    /// Into an item, from 0.
    Index(usize),
}

impl Step {
    pub(crate) fn key(name: impl Into<String>) -> Self {
        Self::Key(name.into())
    }
}

/// The bytes of the key that a path leads to, or of the item; where it leads nowhere, of the last part on the way.
pub(crate) fn range_at(text: &str, path: &[Step]) -> Option<Range<usize>> {
    let (document, _) = Document::from_str_relaxed(text);
    let mut node = YamlNode::Mapping(document.as_mapping()?);
    let mut found = None;
    for step in path {
        let next = match (step, &node) {
            (Step::Key(name), YamlNode::Mapping(mapping)) => mapping.entries().find_map(|entry| {
                let YamlNode::Scalar(key) = entry.key_node()? else {
                    return None;
                };
                let range = key.byte_range();
                (key.as_string() == *name).then(|| (range, entry.value_node()))
            }),
            (Step::Index(at), YamlNode::Sequence(sequence)) => {
                let item = sequence.get(*at)?;
                let range = match &item {
                    YamlNode::Scalar(scalar) => scalar.byte_range(),
                    YamlNode::Mapping(mapping) => mapping.byte_range(),
                    YamlNode::Sequence(sequence) => sequence.byte_range(),
                    _ => break,
                };
                Some((range, Some(item)))
            }
            _ => None,
        };
        let Some((range, value)) = next else {
            break;
        };
        found = Some(range.start as usize..range.end as usize);
        match value {
            Some(value) => node = value,
            None => break,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_to_a_part() {
        let text = "name: t\ninputs:\n  schema: {a: {type: x}}\n  form:\n  - \"*\"\n  - type: ace\n    key: a\n";
        let at =
            |path: &[Step]| range_at(text, path).map(|range| text[range].trim_end().to_owned());
        let key = |name: &str| Step::key(name);
        assert_eq!(
            at(&[key("inputs"), key("schema"), key("a"), key("type")]).as_deref(),
            Some("type")
        );
        assert_eq!(
            at(&[key("inputs"), key("form"), Step::Index(0)]).as_deref(),
            Some("\"*\"")
        );
        assert_eq!(
            at(&[key("inputs"), key("form"), Step::Index(1), key("type")]).as_deref(),
            Some("type")
        );
        assert_eq!(
            at(&[key("inputs"), key("nowhere")]).as_deref(),
            Some("inputs")
        );
        assert_eq!(at(&[key("nowhere")]), None);
    }

    #[test]
    fn finds_the_keys() {
        let text = "command: |\n  a: b\n\"session\": 2\n";
        let keys: Vec<_> = key_ranges(text)
            .into_iter()
            .map(|(key, range)| (key, text[range].to_owned()))
            .collect();
        assert_eq!(
            keys,
            [
                ("command".into(), "command".into()),
                ("session".into(), "\"session\"".into())
            ]
        );
    }

    #[test]
    fn finds_keys_around_errors() {
        assert_eq!(key_ranges("a: 1\na: 2\n").len(), 2);
        assert!(key_ranges("").is_empty());
        assert!(key_ranges("- x\n").is_empty());
    }
}
