//! Where things stand in a YAML text, as `yaml-edit` sees it.

use std::ops::Range;

use yaml_edit::{Document, YamlNode};

/// The keys of the root mapping and the bytes they take, in order; also of a text with errors, as far as it can be read.
pub fn key_ranges(text: &str) -> Vec<(String, Range<usize>)> {
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

#[cfg(test)]
mod tests {
    use super::*;

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
