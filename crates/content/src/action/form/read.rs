//! `inputs` → form. What cannot be played is told, and the rest still works.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::fields::MAX_DEPTH;
use super::layout::{self, Meaning, Widget};
use super::schema::Definition;
use super::{Form, FormItem, FormProblem, Group, is_truthy, text_of};
use crate::yaml::Step;

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

pub(super) struct Reader<'a> {
    pub(super) root: Definition<'a>,
    pub(super) problems: Vec<FormProblem>,
    pub(super) presets: BTreeMap<String, Value>,
    pub(super) ids: HashSet<String>,
    pub(super) submit: Option<String>,
    pub(super) parts: usize,
}

impl Reader<'_> {
    pub(super) fn tell(
        &mut self,
        path: Vec<Step>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
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

    pub(super) fn items(
        &mut self,
        items: &[Value],
        path: &[Step],
        list: &str,
        depth: usize,
    ) -> Vec<FormItem> {
        let mut read = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let mut path = path.to_vec();
            path.push(Step::Index(at));
            read.extend(self.item(item, path, list, depth));
        }
        read
    }

    /// One item of `form`. `list` is the id of the list's items that it stands in, such as `people[]`; empty outside.
    pub(super) fn item(
        &mut self,
        item: &Value,
        path: Vec<Step>,
        list: &str,
        depth: usize,
    ) -> Vec<FormItem> {
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
        self.misspelt(layout, &path);
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

    pub(super) fn group(
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

    pub(super) fn help(&mut self, layout: &Map<String, Value>) -> Vec<FormItem> {
        let words = ["helpvalue", "description", "title"];
        let words = words
            .iter()
            .find_map(|key| layout.get(*key).and_then(text_of));
        let html = words.map(|words| INLINE.clean(&words).to_string());
        html.map(FormItem::Help).into_iter().collect()
    }

    /// What stands for a `type` of the form; none when nothing does.
    pub(super) fn widget(&mut self, name: Option<&str>, path: &[Step]) -> Option<Widget> {
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
}

/// Inline elements without attributes.
static INLINE: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = ammonia::Builder::empty();
    cleaner.add_tags(["b", "br", "code", "em", "i", "kbd", "strong", "u"]);
    cleaner
});

pub(super) fn with(mut path: Vec<Step>, key: &str) -> Vec<Step> {
    path.push(Step::key(key));
    path
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
