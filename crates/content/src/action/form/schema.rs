//! The `schema` of a form: which fields there are.

use serde_json::{Map, Value};

use crate::yaml::Step;

/// The definition of a field, and where it stands.
#[derive(Clone)]
pub(super) struct Definition<'a> {
    pub(super) map: &'a Map<String, Value>,
    pub(super) required: bool,
    pub(super) path: Vec<Step>,
}

/// What a definition describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Text,
    Integer,
    Number,
    Boolean,
    Object,
    Array,
}

impl<'a> Definition<'a> {
    /// The whole schema: a map of fields, or a JSON schema with `properties`.
    pub(super) fn root(schema: &'a Map<String, Value>) -> Self {
        Self {
            map: schema,
            required: false,
            path: vec![Step::key("inputs"), Step::key("schema")],
        }
    }

    /// The type; what stands in the definition decides where it names none.
    pub(super) fn kind(&self) -> Type {
        let named = match self.map.get("type") {
            Some(Value::String(name)) => Some(name.as_str()),
            // `[string, null]`
            Some(Value::Array(names)) => names
                .iter()
                .filter_map(Value::as_str)
                .find(|n| *n != "null"),
            _ => None,
        };
        match named {
            Some("integer") => Type::Integer,
            Some("number") => Type::Number,
            Some("boolean") => Type::Boolean,
            Some("object") => Type::Object,
            Some("array") => Type::Array,
            Some(_) => Type::Text,
            None if self.map.get("properties").is_some_and(Value::is_object) => Type::Object,
            None if self.map.get("items").is_some_and(Value::is_object) => Type::Array,
            None => Type::Text,
        }
    }

    /// The names of an object's fields. The schema itself may be a bare map of them.
    pub(super) fn names(&self) -> Vec<&'a str> {
        let fields = self
            .field_map()
            .0
            .iter()
            .filter(|(_, value)| value.is_object());
        fields.map(|(name, _)| name.as_str()).collect()
    }

    /// Entries of the map of fields that define none, and where they stand.
    pub(super) fn strays(&self) -> Vec<Vec<Step>> {
        let (map, path) = self.field_map();
        let strays = map.iter().filter(|(_, value)| !value.is_object());
        strays
            .map(|(name, _)| {
                let mut path = path.clone();
                path.push(Step::key(name));
                path
            })
            .collect()
    }

    fn field(&self, name: &str) -> Option<Definition<'a>> {
        let (fields, mut path) = self.field_map();
        let map = fields.get(name)?.as_object()?;
        path.push(Step::key(name));
        Some(Definition {
            map,
            required: self.requires(name, map),
            path,
        })
    }

    /// The definition of a list's items.
    pub(super) fn items(&self) -> Option<Definition<'a>> {
        let map = self.map.get("items")?.as_object()?;
        let mut path = self.path.clone();
        path.push(Step::key("items"));
        Some(Definition {
            map,
            required: map.get("required").is_some_and(|value| value == true),
            path,
        })
    }

    /// The definition that a key such as `people[].name` leads to.
    pub(super) fn find(&self, key: &str) -> Option<Definition<'a>> {
        let mut found = self.clone();
        for word in key.split('.') {
            let name = word.trim_end_matches("[]");
            if name.is_empty() {
                return None;
            }
            found = found.field(name)?;
            for _ in 0..(word.len() - name.len()) / 2 {
                found = found.items()?;
            }
        }
        Some(found)
    }

    fn field_map(&self) -> (&'a Map<String, Value>, Vec<Step>) {
        static NONE: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
        let mut path = self.path.clone();
        match self.map.get("properties").and_then(Value::as_object) {
            Some(properties) => {
                path.push(Step::key("properties"));
                (properties, path)
            }
            None if path.len() == 2 => (self.map, path),
            None => (&NONE, path),
        }
    }

    /// `required: true` at the field, or its name in the `required` of the object around it.
    fn requires(&self, name: &str, field: &Map<String, Value>) -> bool {
        let listed = match self.map.get("required") {
            Some(Value::Array(names)) => names.iter().any(|each| each.as_str() == Some(name)),
            _ => false,
        };
        listed || field.get("required").is_some_and(|value| value == true)
    }
}
