//! The properties of one action body, read by name with the conversions of `actions.md` 1.3.

use std::time::Duration;

use serde_yaml::{Mapping, Value};

use super::form::FormProblem;
use crate::edit::Context;
use crate::yaml::js_text;

/// The mapping of a body. A reader takes what it knows; what it cannot use is a [`Problem`] of that property.
pub(super) struct Properties {
    mapping: Mapping,
    /// Properties that hold a bare number or truth value where the reference wants text.
    pub(super) bare: Vec<String>,
    /// Properties that have no effect as they are written, and why.
    pub(super) ignored: Vec<(&'static str, &'static str)>,
    /// Properties whose plain values are dates in the reference.
    dates: Vec<String>,
    /// What of a form cannot be played.
    pub(super) form: Vec<FormProblem>,
}

/// What is wrong with a property.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) message: String,
    /// The property that stands in the body and is wrong; `None` when it is missing.
    pub(super) property: Option<&'static str>,
    /// The property that is missing.
    pub(super) missing: Option<&'static str>,
}

impl Properties {
    pub(super) fn new(mapping: Mapping, dates: Vec<String>) -> Self {
        Self {
            mapping,
            bare: Vec::new(),
            ignored: Vec::new(),
            dates,
            form: Vec::new(),
        }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = String> + '_ {
        self.mapping
            .keys()
            .map(|key| js_text(key).unwrap_or_default())
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.mapping.contains_key(name)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.mapping.get(name)
    }

    /// Text, or a scalar written as text. Null is absent. No file, path or command line can hold a NUL.
    pub(super) fn text(&self, name: &'static str) -> Result<Option<String>, Problem> {
        match self.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.contains('\0') => {
                Err(wrong(name, "holds a NUL character"))
            }
            Some(value) => js_text(value)
                .map(Some)
                .ok_or_else(|| wrong(name, "must be text, not a list or a mapping")),
        }
    }

    /// Text where the reference fails on a bare number or truth value; noted for the author.
    pub(super) fn strict_text(&mut self, name: &'static str) -> Result<Option<String>, Problem> {
        let is_bare = |value: &Value| matches!(value, Value::Number(_) | Value::Bool(_));
        if self.get(name).is_some_and(is_bare) || self.dates.iter().any(|date| date == name) {
            self.bare.push(name.to_owned());
        }
        self.text(name)
    }

    /// Text that must be there and not be empty.
    pub(super) fn required(&self, name: &'static str) -> Result<String, Problem> {
        match self.text(name)? {
            Some(text) if !text.is_empty() => Ok(text),
            Some(_) => Err(wrong(name, "must not be empty")),
            None => Err(missing(name)),
        }
    }

    /// As [`Self::required`], noting bare scalars.
    pub(super) fn required_strict(&mut self, name: &'static str) -> Result<String, Problem> {
        self.strict_text(name)?;
        self.required(name)
    }

    /// JavaScript's truth: the text `"false"` is true; 0, `""` and null are false.
    pub(super) fn truthy(&self, name: &str) -> bool {
        self.get(name).is_some_and(is_truthy)
    }

    /// True unless the property is literally `false`.
    pub(super) fn unless_false(&self, name: &str) -> bool {
        self.get(name) != Some(&Value::Bool(false))
    }

    /// A whole number; `.INF` is the largest. A number given as text counts.
    pub(super) fn integer(&self, name: &'static str) -> Result<Option<i64>, Problem> {
        match self.number(name)? {
            Some(number) if number.is_finite() && number.fract() != 0.0 => {
                Err(wrong(name, "must be a whole number"))
            }
            number => Ok(number.map(|number| number as i64)),
        }
    }

    /// A number; a number given as text counts. Null is absent.
    pub(super) fn number(&self, name: &'static str) -> Result<Option<f64>, Problem> {
        let number = match self.get(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Number(number)) => number.as_f64(),
            Some(Value::String(text)) => text.trim().parse().ok(),
            Some(_) => None,
        };
        match number {
            Some(number) if !number.is_nan() => Ok(Some(number)),
            _ => Err(wrong(name, "must be a number")),
        }
    }

    /// Seconds; absent, zero and negative are the default.
    pub(super) fn seconds(
        &self,
        name: &'static str,
        default: Duration,
    ) -> Result<Duration, Problem> {
        Ok(match self.number(name)? {
            Some(seconds) if seconds > 0.0 => duration(seconds),
            _ => default,
        })
    }

    /// How many lines around a match: negative, null and `.INF` are all of them; `None` when absent.
    pub(super) fn context(&self, name: &'static str) -> Result<Option<Context>, Problem> {
        if !self.contains(name) {
            return Ok(None);
        }
        Ok(Some(match self.number(name)? {
            Some(lines) if lines >= 0.0 && lines.is_finite() => Context::Lines(lines as usize),
            _ => Context::All,
        }))
    }

    /// Any value, as JSON; what JSON cannot hold is null.
    pub(super) fn json(&self, name: &str) -> Option<serde_json::Value> {
        self.get(name)
            .map(|value| serde_json::to_value(value).unwrap_or_default())
    }
}

pub(super) fn missing(name: &'static str) -> Problem {
    Problem {
        message: format!("`{name}` is missing"),
        property: None,
        missing: Some(name),
    }
}

pub(super) fn wrong(name: &'static str, what: &str) -> Problem {
    Problem {
        message: format!("`{name}` {what}"),
        property: Some(name),
        missing: None,
    }
}

/// Seconds as a duration; a century at most.
pub(super) fn duration(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds.clamp(0.0, 3.2e9))
}

fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number
            .as_f64()
            .is_some_and(|number| number != 0.0 && !number.is_nan()),
        Value::String(text) => !text.is_empty(),
        _ => true,
    }
}
