//! The form of an action's `inputs`: the part of jsonform that is played (`actions.md` 5.5), as typed values.
//!
//! A control is known by its *id*. Inside a list the id holds `[]` where the position stands, as in `people[].name`; the
//! control of the second person is `people[1].name`. The id is also the key under which the test receives the value, unless the
//! same field stands in the form twice.

mod answer;
mod fields;
mod keys;
mod layout;
mod read;
mod schema;
#[cfg(test)]
mod tests;
mod values;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::yaml::Step;

pub(super) use read::read;

/// How many controls a filled-in form may have, items of lists counted each.
pub(crate) const MAX_CONTROLS: usize = 1000;
/// How many items a list may have.
pub(crate) const MAX_ITEMS: usize = 100;
/// How long one value may be, in bytes.
pub const MAX_TEXT: usize = 64 * 1024;

/// A form to fill in before an action is performed.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// What it shows, in order.
    pub items: Vec<FormItem>,
    /// What its button says.
    pub submit: String,
    /// Defaults that stand around a field instead of at it, by id: those of objects and lists, and `value`.
    presets: BTreeMap<String, Value>,
}

/// A part of a form.
#[derive(Debug, Clone, PartialEq)]
pub enum FormItem {
    /// Words between the controls, as harmless inline HTML.
    Help(String),
    /// Several parts under one heading.
    Group(Group),
    /// A control.
    Field(Box<Field>),
    /// The same parts again and again, as often as the learner likes.
    List(List),
}

/// Several parts under one heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Its heading.
    pub title: Option<String>,
    /// Words below the heading.
    pub description: Option<String>,
    /// What stands in it.
    pub items: Vec<FormItem>,
    /// Closed until the learner opens it.
    pub folded: bool,
}

/// A control with one value.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its own, with `[]` for positions in lists.
    pub id: String,
    /// The key of its value, with `[]` for positions in lists.
    pub name: String,
    /// What it is called: its title, or the last word of its key.
    pub label: String,
    /// The author does not want the label in sight.
    pub label_hidden: bool,
    /// Words below it.
    pub description: Option<String>,
    /// Shown while it is empty.
    pub placeholder: Option<String>,
    /// Must not be empty. Means nothing for a checkbox.
    pub required: bool,
    /// Keeps its default.
    pub read_only: bool,
    /// What kind of control it is.
    pub control: Control,
    /// Its value at the start, as its own definition gives it.
    default: Option<Value>,
}

/// A list of the same parts.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// Its own, with `[]` for positions in lists around it.
    pub id: String,
    /// Its heading.
    pub title: Option<String>,
    /// Words below the heading.
    pub description: Option<String>,
    /// The parts of one item; their ids begin with the list's and `[]`.
    pub items: Vec<FormItem>,
    /// No fewer items than this.
    pub min: usize,
    /// No more items than this.
    pub max: usize,
}

/// A kind of control.
#[derive(Debug, Clone, PartialEq)]
pub enum Control {
    /// A line, or several, of text.
    Text {
        /// What is typed.
        kind: TextKind,
        /// In characters; an empty text is judged by `required` alone.
        min_length: Option<usize>,
        /// In characters.
        max_length: Option<usize>,
    },
    /// A number.
    Number {
        /// Without a fraction.
        integer: bool,
        /// Chosen with a slider.
        slider: bool,
        /// The smallest.
        min: Option<f64>,
        /// The largest.
        max: Option<f64>,
        /// Between two neighbours; any number without.
        step: Option<f64>,
    },
    /// A box to tick.
    Checkbox,
    /// One of several.
    Choice {
        /// How they are offered.
        style: ChoiceStyle,
        /// In order.
        options: Vec<Choice>,
    },
    /// Any of several, each a box of its own: the id of the third is the field's and `[2]`.
    Checkboxes {
        /// In order.
        options: Vec<Choice>,
    },
    /// Not shown; sent along.
    Hidden,
}

/// What is typed into a text control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum TextKind {
    Line,
    Area,
    /// Not shown, and never stored.
    Password,
    Email,
    Url,
    Tel,
    /// `2026-11-22`.
    Date,
    /// `18:08` or `18:08:30`.
    Time,
}

/// How one of several is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum ChoiceStyle {
    Select,
    Radios,
    Buttons,
}

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub title: String,
}

/// What a control holds while the form is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FormValue {
    /// Of a checkbox, or of one box of several.
    Ticked(bool),
    /// Of a list: how many items it has.
    Items(u32),
    /// Of everything else.
    Text(String),
}

/// What the controls of a form hold, by id. What is not named holds its default.
pub type FormValues = BTreeMap<String, FormValue>;

/// What is wrong with what a control holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongValue {
    /// The control, or the list.
    pub id: String,
    /// What it is called.
    pub label: String,
    /// What to do, in a few words: `fill this in`.
    pub message: String,
}

/// What of `inputs` cannot be played.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FormProblem {
    /// Where, from `inputs` down.
    pub(super) path: Vec<Step>,
    pub(super) message: String,
    pub(super) help: String,
}

/// An id with the positions put in for its `[]`, from the left.
pub(crate) fn place(id: &str, positions: &[usize]) -> String {
    let mut parts = id.split("[]");
    let mut placed = parts.next().unwrap_or_default().to_owned();
    for (at, part) in parts.enumerate() {
        match positions.get(at) {
            Some(position) => placed.push_str(&format!("[{position}]")),
            None => placed.push_str("[]"),
        }
        placed.push_str(part);
    }
    placed
}

/// A scalar as JavaScript writes it; `None` for null, arrays and objects.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 1e15 => {
                format!("{float:.0}")
            }
            _ => number.to_string(),
        }),
        _ => None,
    }
}

/// JavaScript's truth.
fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64().is_some_and(|number| number != 0.0),
        Value::String(text) => !text.is_empty(),
        _ => true,
    }
}
