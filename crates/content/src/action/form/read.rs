//! `inputs` → form. What cannot be played is told, and the rest still works.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::layout::{self, Meaning, Widget};
use super::schema::Definition;
use super::{
    Control, Field, Form, FormItem, FormProblem, Group, List, MAX_CONTROLS, MAX_ITEMS, is_truthy,
    text_of,
};
use crate::yaml::Step;

/// How deep parts may lie in parts.
const MAX_DEPTH: usize = 8;
/// How many parts a form may have; the items of a list count once.
const MAX_PARTS: usize = 300;
/// Properties of `inputs` that mean something.
const KNOWN: [&str; 3] = ["schema", "form", "value"];

/// Reads `inputs`. There is no form without a `schema`.
pub(in crate::action) fn read(inputs: &Value) -> (Option<Form>, Vec<FormProblem>) {
    let mut problems = Vec::new();
    let mut tell = |path: &[&str], message: &str, help: &str| {
        problems.push(FormProblem {
            path: path.iter().map(|key| Step::key(*key)).collect(),
            message: message.to_owned(),
            help: help.to_owned(),
        });
    };
    let Some(inputs) = inputs.as_object() else {
        tell(
            &["inputs"],
            "`inputs` is no form",
            "give it a `schema` that maps the names of fields to their definitions",
        );
        return (None, problems);
    };
    for name in inputs.keys().filter(|name| !KNOWN.contains(&&***name)) {
        tell(
            &["inputs", name],
            &format!("`{name}` is not played"),
            "a form is made of `schema`, `form` and `value`",
        );
    }
    let Some(schema) = inputs.get("schema").and_then(Value::as_object) else {
        tell(
            &["inputs"],
            "`inputs` has no `schema`, so that there is no form",
            "give it a `schema` that maps the names of fields to their definitions",
        );
        return (None, problems);
    };
    let mut reader = Reader {
        root: Definition::root(schema),
        problems,
        presets: BTreeMap::new(),
        ids: HashSet::new(),
        submit: None,
        parts: 0,
    };
    if let Some(value) = inputs.get("value") {
        reader.preset("", value);
    }
    for path in reader.root.strays() {
        let help = "a field is a mapping, such as `{type: string, title: Your name}`";
        reader.tell(path, "this defines no field", help);
    }
    let path = vec![Step::key("inputs"), Step::key("form")];
    let items = match inputs.get("form") {
        None | Some(Value::Null) => reader.all(&path, 0),
        Some(Value::Array(items)) => reader.items(items, &path, "", 0),
        Some(item) => reader.item(item, path, "", 0),
    };
    let form = Form {
        items,
        submit: reader.submit.unwrap_or_else(|| "Submit".to_owned()),
        presets: reader.presets,
    };
    (Some(form), reader.problems)
}

struct Reader<'a> {
    root: Definition<'a>,
    problems: Vec<FormProblem>,
    presets: BTreeMap<String, Value>,
    ids: HashSet<String>,
    submit: Option<String>,
    parts: usize,
}

impl Reader<'_> {
    fn tell(&mut self, path: Vec<Step>, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(FormProblem {
            path,
            message: message.into(),
            help: help.into(),
        });
    }

    /// Every field of the schema.
    fn all(&mut self, path: &[Step], depth: usize) -> Vec<FormItem> {
        let names = self.root.names().into_iter();
        let fields = names.map(|name| self.field(name, &Map::new(), path.to_vec(), "", depth));
        fields.flatten().collect()
    }

    fn items(&mut self, items: &[Value], path: &[Step], list: &str, depth: usize) -> Vec<FormItem> {
        let mut read = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let mut path = path.to_vec();
            path.push(Step::Index(at));
            read.extend(self.item(item, path, list, depth));
        }
        read
    }

    /// One item of `form`. `list` is the id of the list's items that it stands in, such as `people[]`; empty outside.
    fn item(&mut self, item: &Value, path: Vec<Step>, list: &str, depth: usize) -> Vec<FormItem> {
        if depth > MAX_DEPTH {
            self.tell(path, "this lies too deep in the form", "take it apart");
            return Vec::new();
        }
        match item {
            Value::String(key) if key == "*" && list.is_empty() => self.all(&path, depth),
            Value::String(key) => self.field(key, &Map::new(), path, list, depth),
            Value::Object(layout) => self.layout(layout, path, list, depth),
            _ => {
                let help =
                    "write a field's key, `\"*\"` for all, or a mapping with `key` or `type`";
                self.tell(path, "this is no part of a form", help);
                Vec::new()
            }
        }
    }

    fn layout(
        &mut self,
        layout: &Map<String, Value>,
        path: Vec<Step>,
        list: &str,
        depth: usize,
    ) -> Vec<FormItem> {
        self.report_scripts(layout, &path);
        if let Some(key) = layout.get("key").and_then(Value::as_str) {
            return self.field(key, layout, path, list, depth);
        }
        let name = layout.get("type").and_then(Value::as_str);
        let Some(widget) = self.widget(name, &path) else {
            return Vec::new();
        };
        match widget {
            // `{items: […]}` alone is a group as well.
            _ if name.is_none() && layout.contains_key("items") => {
                self.group(layout, path, list, depth, false)
            }
            Widget::Group { folded } => self.group(layout, path, list, depth, folded),
            Widget::Help => self.help(layout),
            Widget::Submit => {
                let title = ["title", "value"].iter().find_map(|key| layout.get(*key));
                let title = title.and_then(text_of).filter(|title| !title.is_empty());
                self.submit
                    .get_or_insert(title.unwrap_or_else(|| "Submit".to_owned()));
                Vec::new()
            }
            Widget::Actions => {
                let items = layout.get("items").and_then(Value::as_array);
                let items = items.map_or(&[][..], Vec::as_slice);
                self.items(items, &with(path, "items"), list, depth + 1)
            }
            Widget::List => match list_of(layout) {
                Some(key) => self.field(&key, layout, path, list, depth),
                None => self.without_key(path),
            },
            _ => self.without_key(path),
        }
    }

    fn without_key(&mut self, path: Vec<Step>) -> Vec<FormItem> {
        self.tell(
            path,
            "this part of the form has no `key`",
            "name a field of the `schema`",
        );
        Vec::new()
    }

    /// A field of the schema, as the item of the form wants it.
    fn field(
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

    fn group(
        &mut self,
        layout: &Map<String, Value>,
        path: Vec<Step>,
        list: &str,
        depth: usize,
        folded: bool,
    ) -> Vec<FormItem> {
        let items = match layout.get("items") {
            Some(Value::Array(items)) => self.items(items, &with(path, "items"), list, depth + 1),
            Some(item) => self.item(item, with(path, "items"), list, depth + 1),
            None => Vec::new(),
        };
        let own = |name: &str| {
            layout
                .get(name)
                .and_then(text_of)
                .filter(|text| !text.is_empty())
        };
        let expandable = layout.get("expandable").is_some_and(is_truthy);
        vec![FormItem::Group(Group {
            title: own("title").or_else(|| own("legend")),
            description: own("description"),
            items,
            folded: folded || expandable,
        })]
    }

    fn help(&mut self, layout: &Map<String, Value>) -> Vec<FormItem> {
        let words = ["helpvalue", "description", "title"];
        let words = words
            .iter()
            .find_map(|key| layout.get(*key).and_then(text_of));
        let html = words.map(|words| INLINE.clean(&words).to_string());
        html.map(FormItem::Help).into_iter().collect()
    }

    /// What stands for a `type` of the form; none when nothing does.
    fn widget(&mut self, name: Option<&str>, path: &[Step]) -> Option<Widget> {
        // Without a name and a key it is a group, or nothing.
        let Some(name) = name else {
            return Some(Widget::Group { folded: false });
        };
        let help = "use a kind of control that the documentation of forms names";
        let place = with(path.to_vec(), "type");
        match layout::meaning(name) {
            Meaning::Played(widget) => Some(widget),
            Meaning::Instead(widget) => {
                self.tell(
                    place,
                    format!("`{name}` is not played; a plain control stands for it"),
                    help,
                );
                Some(widget)
            }
            Meaning::LeftOut => {
                self.tell(
                    place,
                    format!("`{name}` is not played and is left out"),
                    help,
                );
                None
            }
            Meaning::Unknown => {
                self.tell(place, format!("there is no control `{name}`"), help);
                None
            }
        }
    }

    /// Anything that needs a program in the page.
    fn report_scripts(&mut self, layout: &Map<String, Value>, path: &[Step]) {
        let scripts = layout.keys().filter(|name| {
            name.strip_prefix("on")
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
        });
        for name in scripts {
            let help = "remove it: pages hold no programs";
            self.tell(
                with(path.to_vec(), name),
                format!("`{name}` is not run"),
                help,
            );
        }
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
    fn preset(&mut self, id: &str, value: &Value) {
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

/// Inline elements without attributes.
static INLINE: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = ammonia::Builder::empty();
    cleaner.add_tags(["b", "br", "code", "em", "i", "kbd", "strong", "u"]);
    cleaner
});

fn with(mut path: Vec<Step>, key: &str) -> Vec<Step> {
    path.push(Step::key(key));
    path
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

/// The list that an item without a key stands for: the one around the first key in it.
fn list_of(layout: &Map<String, Value>) -> Option<String> {
    fn first(value: &Value) -> Option<&str> {
        match value {
            Value::String(key) => Some(key),
            Value::Array(items) => items.iter().find_map(first),
            Value::Object(map) => map
                .get("key")
                .and_then(Value::as_str)
                .or_else(|| first(map.get("items")?)),
            _ => None,
        }
    }
    let key = first(layout.get("items")?)?;
    let (list, _) = key.split_once("[]")?;
    Some(list.to_owned())
}
