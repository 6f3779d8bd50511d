//! Reads configuration that has a key twice as the platform does: the last one counts. The others are told of.

use std::cell::RefCell;
use std::fmt;
use std::ops::Range;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde_yaml::value::{Tag, TaggedValue};
use serde_yaml::{Mapping, Value};
use yaml_edit::{Document, YamlNode};

/// Reads one document; `repeated` gets the names of keys that are there once more, in the order of the text.
///
/// # Errors
/// When the document is no YAML.
pub(crate) fn read(
    document: serde_yaml::Deserializer<'_>,
    repeated: &RefCell<Vec<String>>,
) -> Result<Value, serde_yaml::Error> {
    LastWins(repeated).deserialize(document)
}

/// Where keys of a text's first document stand again in their mapping, in the order of the text.
pub(crate) fn repeated_keys(text: &str) -> Vec<Range<usize>> {
    fn walk(node: YamlNode, found: &mut Vec<Range<usize>>) {
        match node {
            YamlNode::Mapping(mapping) => {
                let mut known = std::collections::HashSet::new();
                for entry in mapping.entries() {
                    if let Some(YamlNode::Scalar(key)) = entry.key_node()
                        && !known.insert(key.as_string())
                    {
                        let range = key.byte_range();
                        found.push(range.start as usize..range.end as usize);
                    }
                    if let Some(value) = entry.value_node() {
                        walk(value, found);
                    }
                }
            }
            YamlNode::Sequence(sequence) => {
                for item in sequence.values() {
                    walk(item, found);
                }
            }
            _ => {}
        }
    }
    let (document, _) = Document::from_str_relaxed(text);
    let mut found = Vec::new();
    if let Some(mapping) = document.as_mapping() {
        walk(YamlNode::Mapping(mapping), &mut found);
    }
    found.sort_by_key(|range| range.start);
    found
}

#[derive(Clone, Copy)]
struct LastWins<'a>(&'a RefCell<Vec<String>>);

impl<'de> DeserializeSeed<'de> for LastWins<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for LastWins<'_> {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("any YAML value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        self.deserialize(from)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            all.push(item);
        }
        Ok(Value::Sequence(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut all = Mapping::new();
        while let Some(key) = entries.next_key_seed(self)? {
            if all.contains_key(&key) {
                let name = key.as_str().map_or_else(String::new, str::to_owned);
                self.0.borrow_mut().push(name);
            }
            let value = entries.next_value_seed(self)?;
            all.insert(key, value);
        }
        Ok(Value::Mapping(all))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Value, A::Error> {
        let (tag, content) = tagged.variant::<String>()?;
        let value = content.newtype_variant_seed(self)?;
        if tag.trim_start_matches('!').is_empty() {
            return Ok(value);
        }
        Ok(Value::Tagged(Box::new(TaggedValue {
            tag: Tag::new(tag),
            value,
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    fn lenient(text: &str) -> (Value, Vec<String>) {
        let repeated = RefCell::default();
        let value = read(serde_yaml::Deserializer::from_str(text), &repeated).unwrap();
        (value, repeated.into_inner())
    }

    #[test]
    fn the_last_one_counts() {
        let text = "a: 1\nb:\n  c: 1\n  d: [{e: 1, e: 2}]\n  c: 2\na: {x: y}\n";
        let (value, repeated) = lenient(text);
        assert_eq!(
            serde_json::to_string(&value).unwrap(),
            r#"{"a":{"x":"y"},"b":{"c":2,"d":[{"e":2}]}}"#
        );
        assert_eq!(repeated, ["e", "c", "a"]);
        let places = repeated_keys(text);
        assert_eq!(
            places
                .iter()
                .map(|at| &text[at.clone()])
                .collect::<Vec<_>>(),
            ["e", "c", "a"]
        );
        assert_eq!(places[2].start, text.find("a: {x").unwrap());
    }

    #[test]
    fn reads_as_the_library_does_otherwise() {
        for text in [
            "",
            "~",
            "a: [1, -2, 3.5, .inf, true, null, 'x', !t y, !t {z: 1}]\n? [k]\n: v\n",
            "x: &a {b: c}\ny: *a\nz:\n  <<: *a\n  d: 2\n",
            "big: 18446744073709551615\ntext: |\n  a\n  b\n",
        ] {
            let library = Value::deserialize(serde_yaml::Deserializer::from_str(text)).unwrap();
            assert_eq!(lenient(text), (library, Vec::new()), "{text}");
        }
    }
}
