//! A field of the schema → a control, a group or a list.

use serde_json::{Map, Value};

use super::layout::{self, Widget};
use super::read::{Reader, with};
use super::schema::Definition;
use super::{Control, Field, FormItem, Group, List, MAX_CONTROLS, MAX_ITEMS, is_truthy, text_of};
use crate::yaml::Step;

/// How deep parts may lie in parts.
pub(super) const MAX_DEPTH: usize = 8;
/// How many parts a form may have; the items of a list count once.
const MAX_PARTS: usize = 300;

impl Reader<'_> {
    /// A field of the schema, as the item of the form wants it.
    pub(super) fn field(
        &mut self,
        key: &str,
        layout: &Map<String, Value>,
        mut path: Vec<Step>,
        list: &str,
        depth: usize,
    ) -> Vec<FormItem> {
        let Some(definition) = self.root.find(key) else {
            let help = "a key is a field of the `schema`; `a.b` is the field `b` of the object `a`";
            self.tell(path, format!("the schema has no field `{key}`"), help);
            return Vec::new();
        };
        if layout.is_empty() {
            // What is wrong with it stands in the schema.
            path.clone_from(&definition.path);
        }
        let in_its_list = key.starts_with(list) && brackets(key) == brackets(list);
        if !in_its_list {
            let message = format!("`{key}` does not stand in its own list");
            self.tell(path, message, "name it among the `items` of its list");
            return Vec::new();
        }
        self.parts += 1;
        if depth > MAX_DEPTH || self.parts > MAX_PARTS {
            if self.parts <= MAX_PARTS + 1 {
                self.tell(path, "the form is too large to be played", "take it apart");
            }
            return Vec::new();
        }
        self.misspelt(definition.map, &definition.path);
        self.no_type(&definition);
        self.needless_titles(layout, &definition, &path);
        let widget = match layout.get("type").and_then(Value::as_str) {
            None => Some(layout::by_schema(&definition)),
            name => self.widget(name, &path),
        };
        let Some(widget) = widget else {
            return Vec::new();
        };
        match widget {
            Widget::Help => self.help(layout),
            Widget::Group { folded } => {
                self.preset_of(&definition, layout, key);
                if layout.contains_key("items") {
                    return self.group(layout, path, list, depth, folded);
                }
                let names = definition.names().into_iter();
                let fields = names.map(|name| {
                    let key = format!("{key}.{name}");
                    self.field(&key, &Map::new(), Vec::new(), list, depth + 1)
                });
                let items = fields.flatten().collect();
                vec![FormItem::Group(Group {
                    title: text("title", layout, &definition),
                    description: text("description", layout, &definition),
                    items,
                    folded,
                })]
            }
            Widget::List => {
                self.preset_of(&definition, layout, key);
                self.list(key, layout, &definition, path, depth)
            }
            _ => self.control(key, widget, layout, &definition, path),
        }
    }

    fn control(
        &mut self,
        key: &str,
        widget: Widget,
        layout: &Map<String, Value>,
        definition: &Definition<'_>,
        path: Vec<Step>,
    ) -> Vec<FormItem> {
        let control = layout::control(widget, definition, layout).or_else(|reason| {
            self.tell(
                path.clone(),
                format!("`{key}` {reason}"),
                "give it an `enum`, or another `type`",
            );
            let plain = layout::by_schema(definition);
            layout::control(plain, definition, layout)
        });
        let Ok(control) = control else {
            return Vec::new();
        };
        if matches!(control, Control::Checkboxes { .. }) {
            self.preset_of(definition, layout, key);
        }
        let mut id = key.to_owned();
        while !self.ids.insert(id.clone()) {
            if id == key {
                let help = "name it once: with `\"*\"` every field stands in the form already";
                let message = format!(
                    "the field `{key}` stands in the form twice, so that the test receives a list"
                );
                self.tell(path.clone(), message, help);
            }
            id.push('\'');
        }
        let own = |name: &str| text(name, layout, definition);
        let title = match control {
            Control::Checkbox => layout
                .get("inlinetitle")
                .and_then(Value::as_str)
                .map(str::to_owned),
            _ => None,
        };
        let last = key.rsplit('.').next().unwrap_or(key).trim_end_matches("[]");
        let truthy = |name: &str| {
            let value = layout.get(name).or_else(|| definition.map.get(name));
            value.is_some_and(is_truthy)
        };
        vec![FormItem::Field(Box::new(Field {
            id,
            name: key.to_owned(),
            label: title
                .or_else(|| own("title"))
                .unwrap_or_else(|| last.to_owned()),
            label_hidden: truthy("notitle"),
            description: own("description"),
            placeholder: own("placeholder"),
            required: definition.required
                || layout.get("required").is_some_and(|value| value == true),
            read_only: truthy("readOnly") || truthy("readonly") || truthy("disabled"),
            default: layout
                .get("value")
                .or_else(|| definition.map.get("default"))
                .cloned(),
            control,
        }))]
    }

    fn list(
        &mut self,
        key: &str,
        layout: &Map<String, Value>,
        definition: &Definition<'_>,
        path: Vec<Step>,
        depth: usize,
    ) -> Vec<FormItem> {
        let inner = format!("{key}[]");
        let items = match layout.get("items") {
            Some(Value::Array(items)) => {
                self.items(items, &with(path.clone(), "items"), &inner, depth + 1)
            }
            Some(item) => self.item(item, with(path.clone(), "items"), &inner, depth + 1),
            None if definition.items().is_some() => {
                self.field(&inner, &Map::new(), Vec::new(), &inner, depth + 1)
            }
            None => {
                let help = "say in `items` what the list is made of, such as `{type: string}`";
                self.tell(path, format!("the list `{key}` has no `items`"), help);
                return Vec::new();
            }
        };
        let bound = |name: &str| {
            let value = definition.map.get(name).and_then(layout::number_of);
            value
                .filter(|n| *n >= 0.0)
                .map(|n| (n as usize).min(MAX_ITEMS))
        };
        let max = bound("maxItems").unwrap_or(MAX_ITEMS);
        vec![FormItem::List(List {
            id: key.to_owned(),
            title: text("title", layout, definition),
            description: text("description", layout, definition),
            items,
            min: bound("minItems").unwrap_or(0).min(max),
            max,
        })]
    }

    fn preset_of(&mut self, definition: &Definition<'_>, layout: &Map<String, Value>, key: &str) {
        let default = layout
            .get("value")
            .or_else(|| definition.map.get("default"));
        if let Some(default) = default {
            self.preset(key, default);
        }
    }

    /// Keeps a default of several fields for each of them. What was kept before wins.
    pub(super) fn preset(&mut self, id: &str, value: &Value) {
        if self.presets.len() > 2 * MAX_CONTROLS {
            return;
        }
        match value {
            Value::Object(map) => {
                for (name, value) in map {
                    let id = if id.is_empty() {
                        name.clone()
                    } else {
                        format!("{id}.{name}")
                    };
                    self.preset(&id, value);
                }
            }
            Value::Array(items) => {
                self.presets
                    .entry(id.to_owned())
                    .or_insert_with(|| value.clone());
                for (at, item) in items.iter().take(MAX_ITEMS).enumerate() {
                    self.preset(&format!("{id}[{at}]"), item);
                }
            }
            _ => {
                self.presets
                    .entry(id.to_owned())
                    .or_insert_with(|| value.clone());
            }
        }
    }
}

fn brackets(key: &str) -> usize {
    key.matches("[]").count()
}

/// Text of an item of the form, else of the field's definition.
fn text(name: &str, layout: &Map<String, Value>, definition: &Definition<'_>) -> Option<String> {
    let own = |map: &Map<String, Value>| map.get(name).and_then(text_of);
    own(layout)
        .or_else(|| own(definition.map))
        .filter(|text| !text.is_empty())
}
