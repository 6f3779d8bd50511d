//! The bodies of actions as a JSON Schema, for editors and for programs that write pages.
//!
//! Names and properties are the catalogue's, what is required is asked of its readers, and descriptions are those of
//! `docs/actions.md`: none of it is said twice. Only what a value may be is said here ([`shapes`]); the tests hold that to the
//! readers.

mod descriptions;
mod shapes;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};
use serde_yaml::Mapping;

use self::descriptions::Descriptions;
use super::catalog::{self, COMMON, Entry, Reader};
use super::properties::Properties;

/// Where the properties stand that every action may carry.
const EVERY: &str = "every-action";

/// The schema (JSON Schema 2020-12). `#/$defs/NAME` describes the body of an action; as a whole it takes an object with one
/// action, `{NAME: BODY}`.
///
/// What is in a text (an expression, a path into a YAML file) and in a form is not judged.
pub fn schema() -> Value {
    let descriptions = Descriptions::read();
    let entries = || catalog::entries();
    let mut definitions: Map<_, _> = entries()
        .map(|entry| (entry.name.to_owned(), definition(entry, &descriptions)))
        .collect();
    let common = COMMON.iter();
    let common: Map<_, _> = common
        .map(|name| ((*name).to_owned(), property("", name, &descriptions)))
        .collect();
    definitions.insert(
        EVERY.into(),
        json!({"description": "What every action may carry.", "properties": common}),
    );
    let actions: Map<_, _> = entries()
        .map(|entry| {
            let to = format!("#/$defs/{}", entry.name);
            (entry.name.to_owned(), json!({"$ref": to}))
        })
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Actions of workshops",
        "description": "The body of a fenced block by the block's name. Made by `cargo xtask schema`.",
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": false,
        "properties": actions,
        "$defs": definitions,
    })
}

/// What the body of an action may be.
fn definition(entry: &Entry, descriptions: &Descriptions) -> Value {
    let mut definition = Map::new();
    if let Some(text) = descriptions.action(entry.name) {
        definition.insert("description".into(), text.into());
    }
    let Reader::Yaml(read) = entry.reader else {
        definition.insert("type".into(), "string".into());
        return definition.into();
    };
    definition.insert("type".into(), "object".into());
    let required = required(entry, &|body| {
        read(&mut Properties::new(body, Vec::new())).is_ok()
    });
    if !required.is_empty() {
        definition.insert("required".into(), required.into());
    }
    // A download has a path or an address.
    if entry.properties.contains(&"path") && entry.properties.contains(&"url") {
        let either = json!([{"required": ["path"]}, {"required": ["url"]}]);
        definition.insert("anyOf".into(), either);
    }
    let mut properties = Map::new();
    for name in entry.properties {
        let own = property(entry.name, name, descriptions);
        properties.insert((*name).to_owned(), own);
    }
    for name in COMMON {
        let same = shapes::shape(entry.name, name) == shapes::shape("", name);
        let common = if same {
            json!({"$ref": format!("#/$defs/{EVERY}/properties/{name}")})
        } else {
            property(entry.name, name, descriptions)
        };
        properties.entry(*name).or_insert(common);
    }
    definition.insert("properties".into(), properties.into());
    definition.insert("additionalProperties".into(), false.into());
    definition.into()
}

/// What the value of a property may be, and what it means.
fn property(action: &str, name: &str, descriptions: &Descriptions) -> Value {
    let mut shape = shapes::shape(action, name);
    if name == "test" {
        describe_test(&mut shape, descriptions);
    }
    if let (Some(text), Value::Object(shape)) = (descriptions.property(action, name), &mut shape) {
        shape.insert("description".into(), text.into());
    }
    shape
}

fn describe_test(shape: &mut Value, descriptions: &Descriptions) {
    let keys = shape.get_mut("properties").and_then(Value::as_object_mut);
    for (name, key) in keys.into_iter().flatten() {
        if let (Some(text), Value::Object(key)) = (descriptions.test(name), key) {
            key.insert("description".into(), text.into());
        }
    }
}

/// The properties without which the reader takes no body.
fn required(entry: &Entry, reads: &dyn Fn(Mapping) -> bool) -> Vec<&'static str> {
    let whole: Mapping = entry
        .properties
        .iter()
        .map(|name| ((*name).into(), shapes::sample(entry.name, name)))
        .collect();
    let without = |name: &str| {
        let mut body = whole.clone();
        body.remove(name);
        body
    };
    let all = entry.properties.iter().copied();
    all.filter(|name| !reads(without(name))).collect()
}
