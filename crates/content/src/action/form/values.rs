//! What a form holds: at the start, while it is filled in, and as the author of a test gives it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    Choice, Control, Field, Form, FormItem, FormValue, FormValues, List, MAX_CONTROLS, MAX_ITEMS,
    MAX_TEXT, TextKind, is_truthy, place, text_of,
};

/// A control of a form that is being filled in: a field in its place.
pub(super) struct Instance<'a> {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) field: &'a Field,
}

/// A list of a form that is being filled in.
pub(super) struct ListInstance<'a> {
    pub(super) id: String,
    pub(super) list: &'a List,
    pub(super) count: usize,
}

/// Everything in a form with lists of certain lengths.
#[derive(Default)]
pub(super) struct Instances<'a> {
    pub(super) fields: Vec<Instance<'a>>,
    pub(super) lists: Vec<ListInstance<'a>>,
}

impl Form {
    /// What it holds at the start.
    pub fn initial(&self) -> FormValues {
        let at = self.instances(&|list, id| self.initial_count(list, id));
        let mut values = FormValues::new();
        for list in &at.lists {
            values.insert(list.id.clone(), FormValue::Items(list.count as u32));
        }
        for instance in &at.fields {
            for (id, value) in self.initial_of(instance) {
                values.insert(id, value);
            }
        }
        values
    }

    /// What a new item of a list holds; positions are still `[]`.
    pub fn blank(&self, list: &List) -> FormValues {
        let mut at = Instances::default();
        for item in &list.items {
            walk(item, &mut Vec::new(), &|_, _| 1, &mut at);
        }
        let mut values = FormValues::new();
        for inner in &at.lists {
            let count = self.initial_count(inner.list, &inner.id);
            values.insert(inner.list.id.clone(), FormValue::Items(count as u32));
        }
        for instance in &at.fields {
            let template = Instance {
                id: instance.field.id.clone(),
                name: instance.field.name.clone(),
                field: instance.field,
            };
            values.extend(self.initial_of(&template));
        }
        values
    }

    /// What of some values may be kept on disk: those of its own controls, without passwords.
    pub fn draft(&self, values: &FormValues) -> FormValues {
        let at = self.instances(&|list, id| self.count(list, id, values));
        let mut draft = FormValues::new();
        let mut keep = |id: String| {
            if let Some(value) = values.get(&id).filter(|value| value.fits()) {
                draft.insert(id, value.clone());
            }
        };
        for list in &at.lists {
            keep(list.id.clone());
        }
        for instance in at.fields {
            match &instance.field.control {
                _ if instance.field.is_secret() => {}
                Control::Checkboxes { options } => {
                    for box_id in box_ids(&instance.id, options) {
                        keep(box_id);
                    }
                }
                _ => keep(instance.id),
            }
        }
        draft
    }

    /// The passwords in some values.
    pub fn secrets(&self, values: &FormValues) -> Vec<String> {
        let at = self.instances(&|list, id| self.count(list, id, values));
        let secrets = at.fields.iter().filter(|each| each.field.is_secret());
        let texts = secrets.flat_map(|each| match values.get(&each.id) {
            Some(own) => vec![own.clone()],
            None => self
                .initial_of(each)
                .into_iter()
                .map(|(_, value)| value)
                .collect(),
        });
        texts
            .filter_map(|value| match value {
                FormValue::Text(text) if !text.is_empty() => Some(text),
                _ => None,
            })
            .collect()
    }

    /// The values that `test: {inputs: …}` gives, and the names in it that no control has. Objects and lists may be written
    /// as such or with flat keys (`address.street`, `tags[0]`); several checkboxes also as a list of what is ticked.
    pub fn answers(&self, inputs: &Value) -> (FormValues, Vec<String>) {
        let mut given = BTreeMap::new();
        flatten("", inputs, &mut given);
        let count = |list: &List, id: &str| {
            let named = given.keys().filter_map(|key| position(key, id)).max();
            match (given.get(id), named) {
                (Some(Value::Array(items)), named) => {
                    items.len().max(named.map_or(0, |at| at + 1)).min(MAX_ITEMS)
                }
                (_, Some(at)) => (at + 1).min(MAX_ITEMS),
                (_, None) => self.initial_count(list, id),
            }
        };
        let at = self.instances(&count);
        let mut values = self.initial();
        let mut used = BTreeSet::new();
        for list in &at.lists {
            used.insert(list.id.clone());
            values.insert(list.id.clone(), FormValue::Items(list.count as u32));
        }
        for instance in &at.fields {
            used.insert(instance.id.clone());
            match &instance.field.control {
                Control::Checkboxes { options } => {
                    let whole = given.get(&instance.id).and_then(|value| value.as_array());
                    let named = whole.filter(|items| items.iter().any(Value::is_string));
                    for (at, item) in named.into_iter().flatten().enumerate() {
                        // One that is not offered stays unused.
                        if options.iter().any(|choice| item == &*choice.value) {
                            used.insert(format!("{}[{at}]", instance.id));
                        }
                    }
                    for (choice, id) in options.iter().zip(box_ids(&instance.id, options)) {
                        let value = match named {
                            Some(items) => Some(items.iter().any(|item| item == &*choice.value)),
                            None => given.get(&id).map(|value| is_ticked(value)),
                        };
                        if named.is_none() {
                            used.insert(id.clone());
                        }
                        if let Some(value) = value {
                            values.insert(id, FormValue::Ticked(value));
                        }
                    }
                }
                control => {
                    if let Some(value) = given.get(&instance.id) {
                        values.insert(instance.id.clone(), value_of(control, value));
                    }
                }
            }
        }
        let unknown = given
            .iter()
            .filter(|(name, value)| !used.contains(*name) && !is_container(value))
            .map(|(name, _)| name.clone())
            .collect();
        (values, unknown)
    }

    /// The controls and lists, with lists as long as `count` says.
    pub(super) fn instances<'a>(
        &'a self,
        count: &dyn Fn(&'a List, &str) -> usize,
    ) -> Instances<'a> {
        let mut at = Instances::default();
        for item in &self.items {
            walk(item, &mut Vec::new(), count, &mut at);
        }
        at
    }

    /// How long a list is while the form is filled in.
    pub(super) fn count(&self, list: &List, id: &str, values: &FormValues) -> usize {
        match values.get(id) {
            Some(FormValue::Items(count)) => (*count as usize).min(MAX_ITEMS),
            _ => self.initial_count(list, id),
        }
    }

    /// A list starts with one item for the learner to fill in, unless its default says otherwise.
    fn initial_count(&self, list: &List, id: &str) -> usize {
        let preset = self.presets.get(id).or_else(|| self.presets.get(&list.id));
        let preset = preset.and_then(Value::as_array).map(Vec::len);
        preset.unwrap_or(0).max(list.min).max(1).min(list.max)
    }

    /// A control's value at the start; several for several boxes.
    pub(super) fn initial_of(&self, instance: &Instance<'_>) -> Vec<(String, FormValue)> {
        let field = instance.field;
        let preset = [&instance.name, &field.name]
            .into_iter()
            .find_map(|name| self.presets.get(name));
        let default = preset.or(field.default.as_ref());
        match &field.control {
            Control::Checkboxes { options } => {
                let ticked = default
                    .and_then(|value| chosen(value, options))
                    .unwrap_or_default();
                let values = box_ids(&instance.id, options).enumerate();
                values
                    .map(|(at, id)| (id, FormValue::Ticked(ticked.contains(&at))))
                    .collect()
            }
            control => {
                let value = match default {
                    Some(value) => value_of(control, value),
                    None => empty(control),
                };
                vec![(instance.id.clone(), fallback(control, value))]
            }
        }
    }
}

impl Field {
    fn is_secret(&self) -> bool {
        let kind = TextKind::Password;
        matches!(&self.control, Control::Text { kind: own, .. } if *own == kind)
    }
}

impl FormValue {
    fn fits(&self) -> bool {
        !matches!(self, Self::Text(text) if text.len() > MAX_TEXT)
    }
}

/// The ids of several boxes.
pub(super) fn box_ids<'a>(id: &'a str, options: &'a [Choice]) -> impl Iterator<Item = String> + 'a {
    (0..options.len()).map(move |at| format!("{id}[{at}]"))
}

fn walk<'a>(
    item: &'a FormItem,
    positions: &mut Vec<usize>,
    count: &dyn Fn(&'a List, &str) -> usize,
    at: &mut Instances<'a>,
) {
    if at.fields.len() >= MAX_CONTROLS {
        return;
    }
    match item {
        FormItem::Help(_) => {}
        FormItem::Group(group) => {
            for item in &group.items {
                walk(item, positions, count, at);
            }
        }
        FormItem::Field(field) => at.fields.push(Instance {
            id: place(&field.id, positions),
            name: place(&field.name, positions),
            field,
        }),
        FormItem::List(list) => {
            let id = place(&list.id, positions);
            let count_here = count(list, &id);
            at.lists.push(ListInstance {
                id,
                list,
                count: count_here,
            });
            for position in 0..count_here {
                positions.push(position);
                for item in &list.items {
                    walk(item, positions, count, at);
                }
                positions.pop();
            }
        }
    }
}

fn empty(control: &Control) -> FormValue {
    match control {
        Control::Checkbox => FormValue::Ticked(false),
        _ => FormValue::Text(String::new()),
    }
}

/// Where a browser has a value of its own: the first of a drop-down list, the middle of a slider.
fn fallback(control: &Control, value: FormValue) -> FormValue {
    match (control, &value) {
        (
            Control::Choice {
                style: super::ChoiceStyle::Select,
                options,
            },
            FormValue::Text(text),
        ) if !options.iter().any(|choice| choice.value == *text) => {
            let first = options.first().map(|choice| choice.value.clone());
            FormValue::Text(first.unwrap_or_default())
        }
        (
            Control::Number {
                slider: true,
                min,
                max,
                step,
                ..
            },
            FormValue::Text(text),
        ) if text.is_empty() => {
            let (min, max) = (min.unwrap_or(0.0), max.unwrap_or(100.0));
            let step = step.unwrap_or(1.0);
            let middle = min + ((max - min) / 2.0 / step).round() * step;
            FormValue::Text(middle.max(min).to_string())
        }
        _ => value,
    }
}

/// A value as an author writes it.
fn value_of(control: &Control, value: &Value) -> FormValue {
    match control {
        Control::Checkbox => FormValue::Ticked(is_ticked(value)),
        _ => FormValue::Text(text_of(value).unwrap_or_default()),
    }
}

/// As JavaScript has it, but for the texts with which people say no.
fn is_ticked(value: &Value) -> bool {
    match value.as_str() {
        Some(text) => !matches!(text, "" | "0" | "false"),
        None => is_truthy(value),
    }
}

/// The places of the options that a list names.
fn chosen(value: &Value, options: &[Choice]) -> Option<Vec<usize>> {
    let names: Vec<_> = value.as_array()?.iter().filter_map(text_of).collect();
    let place = |name: &String| options.iter().position(|choice| choice.value == *name);
    names.iter().map(place).collect()
}

/// Every part of a value by its flat name, lists as a whole as well.
fn flatten<'a>(name: &str, value: &'a Value, into: &mut BTreeMap<String, &'a Value>) {
    if into.len() > 4 * MAX_CONTROLS {
        return;
    }
    if !name.is_empty() {
        into.insert(name.to_owned(), value);
    }
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let name = if name.is_empty() {
                    key.clone()
                } else {
                    format!("{name}.{key}")
                };
                flatten(&name, value, into);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                flatten(&format!("{name}[{at}]"), item, into);
            }
        }
        _ => {}
    }
}

fn is_container(value: &Value) -> bool {
    match value {
        Value::Object(map) => !map.is_empty(),
        Value::Array(_) => true,
        _ => false,
    }
}

/// 3 for `tags[3]` and `tags[3].name`, of the list `tags`.
fn position(name: &str, list: &str) -> Option<usize> {
    let (number, _) = name
        .strip_prefix(list)?
        .strip_prefix('[')?
        .split_once(']')?;
    number.parse().ok()
}
