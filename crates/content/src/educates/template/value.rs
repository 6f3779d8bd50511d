//! What templates compute with.

use std::collections::BTreeMap;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Nothing,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// Printed with entities for HTML's special characters.
    Text(String),
    /// Printed as it is.
    Html(String),
    List(Vec<Value>),
    Map(BTreeMap<String, Value>),
    /// The call at this distance: 0 is the shortcode itself, 1 the one that it stands in.
    Call(usize),
    Page,
    Site,
    /// Variables of the workshop, by name whatever its case.
    Params,
}

impl Value {
    /// Go's notion of truth: nothing, zero and what is empty are false.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Bool(truth) => *truth,
            Self::Int(number) => *number != 0,
            Self::Float(number) => *number != 0.0,
            Self::Text(text) | Self::Html(text) => !text.is_empty(),
            Self::List(items) => !items.is_empty(),
            Self::Map(map) => !map.is_empty(),
            Self::Call(_) | Self::Page | Self::Site | Self::Params => true,
        }
    }

    /// As it is printed, before it is escaped.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Bool(truth) => truth.to_string(),
            Self::Int(number) => number.to_string(),
            Self::Float(number) => number.to_string(),
            Self::Text(text) | Self::Html(text) => text.clone(),
            Self::List(items) => {
                let items: Vec<_> = items.iter().map(Self::text).collect();
                format!("[{}]", items.join(" "))
            }
            Self::Map(map) => {
                let items: Vec<_> = map
                    .iter()
                    .map(|(key, value)| format!("{key}:{}", value.text()))
                    .collect();
                format!("map[{}]", items.join(" "))
            }
            Self::Call(_) | Self::Page | Self::Site | Self::Params => String::new(),
        }
    }

    /// As a number; texts count when they are one.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Int(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            Self::Text(text) | Self::Html(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// How many bytes it holds, roughly.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Text(text) | Self::Html(text) => text.len() + 16,
            Self::List(items) => items.iter().map(Self::size).sum::<usize>() + 16,
            Self::Map(map) => map
                .iter()
                .map(|(key, value)| key.len() + value.size() + 16)
                .sum(),
            _ => 16,
        }
    }
}
