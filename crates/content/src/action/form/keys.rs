//! What stands in the definitions and the items of a form and means nothing there, though it was meant to.

use serde_json::{Map, Value};

use super::layout::{self, Meaning};
use super::read::{Reader, with};
use super::schema::Definition;
use super::text_of;
use crate::near::near_within;
use crate::yaml::Step;

/// Keys of definitions and of items, those that only change the looks of a page too.
const KNOWN: &[&str] = &[
    "activeClass",
    "additionalProperties",
    "allowEmpty",
    "append",
    "default",
    "description",
    "disabled",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "expandable",
    "fieldHtmlClass",
    "format",
    "helpvalue",
    "htmlClass",
    "htmlMetaData",
    "id",
    "inlinetitle",
    "items",
    "key",
    "labelHtmlClass",
    "legend",
    "maxItems",
    "maxLength",
    "maximum",
    "maxlength",
    "minItems",
    "minLength",
    "minimum",
    "name",
    "notitle",
    "options",
    "pattern",
    "placeholder",
    "prepend",
    "properties",
    "readOnly",
    "readonly",
    "required",
    "step",
    "title",
    "titleMap",
    "type",
    "uniqueItems",
    "value",
];

impl Reader<'_> {
    /// Tells of the keys of a mapping that were probably meant to be known ones.
    pub(super) fn misspelt(&mut self, map: &Map<String, Value>, path: &[Step]) {
        for key in map.keys().filter(|key| !KNOWN.contains(&key.as_str())) {
            let free = KNOWN
                .iter()
                .copied()
                .filter(|name| !map.contains_key(*name));
            let Some(meant) = near_within(key, free, |known| 1 + known.len() / 8) else {
                continue;
            };
            self.tell(
                with(path.to_vec(), key),
                format!("`{key}` means nothing in a form"),
                format!("did you mean `{}`?", meant.name),
            );
        }
    }

    /// Tells of a definition's type that there is not: the field is a line of text.
    pub(super) fn no_type(&mut self, definition: &Definition<'_>) {
        let name = definition.map.get("type").and_then(Value::as_str);
        if let Some(name) = name
            && name != "null"
            && matches!(layout::meaning(name), Meaning::Unknown)
        {
            self.tell(
                with(definition.path.clone(), "type"),
                format!("there is no type `{name}`; the field is a line of text"),
                "write `string`, `integer`, `number`, `boolean`, `object` or `array`",
            );
        }
    }

    /// Tells of titles for values that the field does not have.
    pub(super) fn needless_titles(
        &mut self,
        layout: &Map<String, Value>,
        definition: &Definition<'_>,
        path: &[Step],
    ) {
        let Some(Value::Object(titles)) = layout.get("titleMap") else {
            return;
        };
        let items = definition.items();
        let values = items.as_ref().unwrap_or(definition).map.get("enum");
        let Some(values) = values.and_then(Value::as_array) else {
            return;
        };
        let values: Vec<String> = values.iter().filter_map(text_of).collect();
        for name in titles.keys().filter(|name| !values.contains(*name)) {
            self.tell(
                with(with(path.to_vec(), "titleMap"), name),
                format!("`{name}` is none of the values of the field"),
                format!("give a title to one of its `enum`: {}", values.join(", ")),
            );
        }
    }
}
