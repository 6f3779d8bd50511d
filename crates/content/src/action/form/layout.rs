//! The `form` of a form: which control stands for a field.

use serde_json::{Map, Value};

use super::schema::{Definition, Type};
use super::{Choice, ChoiceStyle, Control, TextKind, text_of};

/// What an item of `form` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Widget {
    Text(TextKind),
    Number,
    Slider,
    Checkbox,
    Choice(ChoiceStyle),
    Checkboxes,
    Hidden,
    Group {
        folded: bool,
    },
    List,
    Help,
    Submit,
    /// Something around the buttons.
    Actions,
}

/// What a name means here.
pub(super) enum Meaning {
    Played(Widget),
    /// Not played; this stands for it.
    Instead(Widget),
    /// Not played, and nothing stands for it.
    LeftOut,
    Unknown,
}

pub(super) fn meaning(name: &str) -> Meaning {
    use Meaning::{Instead, LeftOut, Played};
    let text = Widget::Text;
    match name {
        "text" | "string" | "search" | "any" => Played(text(TextKind::Line)),
        "password" => Played(text(TextKind::Password)),
        "textarea" => Played(text(TextKind::Area)),
        "email" => Played(text(TextKind::Email)),
        "date" => Played(text(TextKind::Date)),
        "time" => Played(text(TextKind::Time)),
        "url" => Played(text(TextKind::Url)),
        "tel" => Played(text(TextKind::Tel)),
        "number" | "integer" => Played(Widget::Number),
        "range" => Played(Widget::Slider),
        "checkbox" | "boolean" => Played(Widget::Checkbox),
        "select" => Played(Widget::Choice(ChoiceStyle::Select)),
        "radios" => Played(Widget::Choice(ChoiceStyle::Radios)),
        "radiobuttons" => Played(Widget::Choice(ChoiceStyle::Buttons)),
        "checkboxes" => Played(Widget::Checkboxes),
        "hidden" => Played(Widget::Hidden),
        "fieldset" | "section" | "object" => Played(Widget::Group { folded: false }),
        "advancedfieldset" => Played(Widget::Group { folded: true }),
        "array" => Played(Widget::List),
        "help" => Played(Widget::Help),
        "submit" => Played(Widget::Submit),
        "actions" => Played(Widget::Actions),
        "color" | "datetime" | "datetime-local" | "month" | "week" => Instead(text(TextKind::Line)),
        "ace" | "wysihtml5" | "textarea-wysihtml5" => Instead(text(TextKind::Area)),
        "imageselect" | "iconselect" => Instead(Widget::Choice(ChoiceStyle::Select)),
        "tabarray" => Instead(Widget::List),
        "authfieldset" | "optionfieldset" | "selectfieldset" | "tabs" | "tab" => {
            Instead(Widget::Group { folded: false })
        }
        "button" | "reset" | "file" | "file-hosted-public" | "file-transloadit" | "image" => {
            LeftOut
        }
        _ => Meaning::Unknown,
    }
}

/// The control for a field that the form says nothing about.
pub(super) fn by_schema(definition: &Definition<'_>) -> Widget {
    let chosen = definition.map.get("enum").is_some_and(Value::is_array);
    match definition.kind() {
        Type::Object => Widget::Group { folded: false },
        Type::Array => Widget::List,
        Type::Boolean => Widget::Checkbox,
        _ if chosen => Widget::Choice(ChoiceStyle::Select),
        Type::Integer | Type::Number => Widget::Number,
        Type::Text => Widget::Text(TextKind::Line),
    }
}

/// The control that a widget makes of a field; `Err` says why it cannot.
pub(super) fn control(
    widget: Widget,
    definition: &Definition<'_>,
    layout: &Map<String, Value>,
) -> Result<Control, &'static str> {
    let number = |name: &str| {
        [definition.map, layout]
            .into_iter()
            .find_map(|map| map.get(name).and_then(number_of))
    };
    let length = |name: &str| number(name).filter(|n| *n >= 0.0).map(|n| n as usize);
    Ok(match widget {
        Widget::Text(kind) => Control::Text {
            kind,
            min_length: length("minLength"),
            max_length: length("maxLength").or_else(|| length("maxlength")),
        },
        Widget::Number | Widget::Slider => {
            let integer = definition.kind() == Type::Integer;
            Control::Number {
                integer,
                slider: widget == Widget::Slider,
                min: number("minimum"),
                max: number("maximum"),
                step: number("step")
                    .filter(|step| *step > 0.0)
                    .or(integer.then_some(1.0)),
            }
        }
        Widget::Checkbox => Control::Checkbox,
        Widget::Choice(style) => Control::Choice {
            style,
            options: some(options(definition, layout))?,
        },
        Widget::Checkboxes => {
            let items = definition.items();
            let options = options(items.as_ref().unwrap_or(definition), layout);
            Control::Checkboxes {
                options: some(options)?,
            }
        }
        Widget::Hidden => Control::Hidden,
        Widget::Group { .. } | Widget::List | Widget::Help | Widget::Submit | Widget::Actions => {
            return Err("is no control for a field");
        }
    })
}

fn some(options: Vec<Choice>) -> Result<Vec<Choice>, &'static str> {
    if options.is_empty() {
        return Err("has nothing to choose from");
    }
    Ok(options)
}

/// `options` of the form where it has some, else the field's `enum`; with the titles of `titleMap`.
fn options(definition: &Definition<'_>, layout: &Map<String, Value>) -> Vec<Choice> {
    let titles = layout.get("titleMap").map(pairs).unwrap_or_default();
    if let Some(own) = layout.get("options") {
        let own = pairs(own);
        if !own.is_empty() {
            return own;
        }
    }
    let values = definition.map.get("enum").and_then(Value::as_array);
    let Some(values) = values else {
        return match definition.kind() {
            Type::Boolean if titles.is_empty() => ["true", "false"].map(plain).into(),
            _ => titles,
        };
    };
    let title = |value: &String| {
        let titled = titles.iter().find(|choice| choice.value == *value);
        titled.map_or_else(|| value.clone(), |choice| choice.title.clone())
    };
    let values = values.iter().filter_map(text_of);
    values
        .map(|value| Choice {
            title: title(&value),
            value,
        })
        .collect()
}

/// `{value: title}`, `[value, …]` or `[{value, name or title}, …]`.
fn pairs(value: &Value) -> Vec<Choice> {
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(value, title)| Choice {
                value: value.clone(),
                title: title_of(title).unwrap_or_else(|| value.clone()),
            })
            .collect(),
        Value::Array(items) => items
            .iter()
            .filter_map(|item| match item {
                Value::Object(map) => {
                    let value = map.get("value").and_then(text_of)?;
                    let title = ["title", "name"].iter().find_map(|key| map.get(*key));
                    Some(Choice {
                        title: title.and_then(text_of).unwrap_or_else(|| value.clone()),
                        value,
                    })
                }
                other => text_of(other).map(|text| plain(&text)),
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn title_of(title: &Value) -> Option<String> {
    text_of(title).or_else(|| title.get("title").and_then(text_of))
}

fn plain(text: &str) -> Choice {
    Choice {
        value: text.to_owned(),
        title: text.to_owned(),
    }
}

/// A number, also one that is written as text.
pub(super) fn number_of(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    number.filter(|number| number.is_finite())
}
