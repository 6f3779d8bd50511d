//! What the call, its page and the site can be asked for.

use std::collections::BTreeMap;
use std::ops::Range;

use super::eval::{Call, Evaluator, Result};
use super::value::Value;
use super::{INNER, Problem};

impl Evaluator<'_> {
    /// Follows fields; the last one gets the arguments.
    pub(super) fn fields(
        &mut self,
        mut value: Value,
        parts: &[String],
        arguments: Vec<Value>,
        place: &Range<usize>,
    ) -> Result<Value> {
        let Some((last, before)) = parts.split_last() else {
            return match arguments.is_empty() {
                true => Ok(value),
                false => Err(Problem::new("this is no function", place.clone())),
            };
        };
        for part in before {
            self.step(place)?;
            value = self.field(&value, part, &[], place)?;
        }
        self.field(&value, last, &arguments, place)
    }

    fn field(
        &mut self,
        value: &Value,
        name: &str,
        arguments: &[Value],
        place: &Range<usize>,
    ) -> Result<Value> {
        let known = match value {
            Value::Call(at) => self.of_call(*at, name, arguments),
            Value::Page => self.of_page(name, arguments),
            Value::Site => match name {
                "Params" => Some(Value::Params),
                "Title" => Some(self.param("workshop_title")),
                "BaseURL" => Some(Value::Text(format!("{}/", self.scope.base))),
                "Param" => arguments.first().map(|name| self.param(&name.text())),
                _ => None,
            },
            Value::Params => Some(self.param(name)),
            Value::Map(map) => Some(entry(map, name)),
            Value::Nothing => Some(Value::Nothing),
            _ => None,
        };
        known.ok_or_else(|| Problem::unsupported(format!("`.{name}` is not played"), place.clone()))
    }

    fn of_call(&self, at: usize, name: &str, arguments: &[Value]) -> Option<Value> {
        let call = self.scope.calls.get(at)?;
        Some(match name {
            "Get" => argument(call, arguments.first()?),
            "Params" if call.named.is_empty() => {
                Value::List(call.positional.iter().cloned().map(Value::Text).collect())
            }
            "Params" => {
                let named = call.named.iter();
                Value::Map(
                    named
                        .map(|(name, value)| (name.clone(), Value::Text(value.clone())))
                        .collect(),
                )
            }
            "Inner" | "InnerDeindent" if at == 0 => match &call.inner {
                Some(inner) if !inner.is_empty() => Value::Html(INNER.to_string()),
                _ => Value::Html(String::new()),
            },
            "IsNamedParams" => Value::Bool(!call.named.is_empty()),
            "Name" => Value::Text(call.name.clone()),
            "Ordinal" => Value::Int(call.ordinal as i64),
            "Page" => Value::Page,
            "Site" => Value::Site,
            "Parent" if at + 1 < self.scope.calls.len() => Value::Call(at + 1),
            "Parent" => Value::Nothing,
            _ => return None,
        })
    }

    fn of_page(&mut self, name: &str, arguments: &[Value]) -> Option<Value> {
        Some(match name {
            "Title" | "LinkTitle" => Value::Text(self.scope.page.title.clone()),
            "Permalink" => Value::Text(format!("{}{}", self.host(), self.scope.page.address)),
            "RelPermalink" => Value::Text(self.scope.page.address.clone()),
            "Site" => Value::Site,
            "Page" => Value::Page,
            "Params" => Value::Map(BTreeMap::new()),
            "Param" => self.param(&arguments.first()?.text()),
            "RenderString" => self.markdown(arguments.last()?),
            "Kind" => Value::Text("page".to_owned()),
            "IsPage" => Value::Bool(true),
            "IsHome" | "IsSection" => Value::Bool(false),
            _ => return None,
        })
    }

    /// The session's host, without a final slash.
    fn host(&self) -> &str {
        let base = self.scope.base;
        base.strip_suffix("/workshop/content").unwrap_or(base)
    }

    /// A variable of the workshop; an unknown one is nothing.
    pub(super) fn param(&self, name: &str) -> Value {
        match self.scope.variables.get_ignoring_case(name) {
            Some(value) => Value::Text(value.to_owned()),
            None => Value::Nothing,
        }
    }
}

fn argument(call: &Call, wanted: &Value) -> Value {
    let found = match wanted {
        Value::Int(at) => usize::try_from(*at).ok().and_then(|at| {
            let named = call.named.get(at).map(|(_, value)| value);
            call.positional.get(at).or(named)
        }),
        name => {
            let name = name.text();
            let found = call.named.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| value)
        }
    };
    found.map_or(Value::Text(String::new()), |value| {
        Value::Text(value.clone())
    })
}

/// The entry of a map, by its key or by one that differs only in case.
pub(super) fn entry(map: &BTreeMap<String, Value>, key: &str) -> Value {
    let found = map.get(key).or_else(|| {
        map.iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(key))
            .map(|(_, value)| value)
    });
    found.cloned().unwrap_or(Value::Nothing)
}
