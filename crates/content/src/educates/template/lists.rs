//! Functions on numbers, lists and maps.

use std::collections::BTreeMap;

use super::Problem;
use super::eval::Evaluator;
use super::fields::entry;
use super::functions::{Arguments, Result};
use super::value::Value;

/// Calls a function on numbers; nothing when it is none.
pub(super) fn numbers(
    evaluator: &mut Evaluator<'_>,
    name: &str,
    given: &Arguments<'_>,
) -> Result<Option<Value>> {
    let name = match name.strip_prefix("math.") {
        Some(name) => name.to_lowercase(),
        None => name.to_owned(),
    };
    let whole = given
        .values
        .iter()
        .all(|value| !matches!(value, Value::Float(_)));
    let fold = |apply: &dyn Fn(f64, f64) -> f64| -> Result<Value> {
        let mut result = given.number(0)?;
        given.at(1)?;
        for at in 1..given.values.len() {
            result = apply(result, given.number(at)?);
        }
        if !result.is_finite() {
            return Err(Problem::new("this is no number", given.place.clone()));
        }
        Ok(if whole {
            Value::Int(result.trunc() as i64)
        } else {
            Value::Float(result)
        })
    };
    Ok(Some(match name.as_str() {
        "add" => {
            // Also joins texts.
            let joins = given.values.iter().any(|value| value.number().is_none());
            if joins {
                let texts: Vec<_> = given
                    .values
                    .iter()
                    .map(|value| evaluator.text(value))
                    .collect();
                Value::Text(texts.concat())
            } else {
                fold(&|a, b| a + b)?
            }
        }
        "sub" => fold(&|a, b| a - b)?,
        "mul" => fold(&|a, b| a * b)?,
        "div" => fold(&|a, b| a / b)?,
        "mod" => fold(&|a, b| a % b)?,
        "max" => fold(&f64::max)?,
        "min" => fold(&f64::min)?,
        "int" | "cast.ToInt" => Value::Int(given.number(0)? as i64),
        "float" | "cast.ToFloat" => Value::Float(given.number(0)?),
        "string" | "cast.ToString" => Value::Text(evaluator.text(given.at(0)?)),
        _ => return Ok(None),
    }))
}

/// Calls a function on lists and maps; nothing when it is none.
pub(super) fn collections(
    evaluator: &mut Evaluator<'_>,
    name: &str,
    given: &Arguments<'_>,
) -> Result<Option<Value>> {
    let name = name.strip_prefix("collections.").unwrap_or(name);
    let list = |value: &Value| match value {
        Value::List(items) => Ok(items.clone()),
        value if !value.is_true() => Ok(Vec::new()),
        _ => Err(Problem::new("this is no list", given.place.clone())),
    };
    Ok(Some(match name {
        "len" => Value::Int(match given.at(0)? {
            Value::List(items) => items.len(),
            Value::Map(map) => map.len(),
            value => evaluator.text(value).len(),
        } as i64),
        "index" | "Index" => {
            let mut value = given.at(0)?.clone();
            for key in &given.values[1..] {
                value = match &value {
                    Value::List(items) => {
                        let at = key.number().filter(|at| *at >= 0.0).map(|at| at as usize);
                        let found = at.and_then(|at| items.get(at));
                        found.cloned().unwrap_or(Value::Nothing)
                    }
                    Value::Map(map) => entry(map, &key.text()),
                    Value::Params => evaluator.param(&key.text()),
                    Value::Nothing => Value::Nothing,
                    _ => return Err(Problem::new("this has no entries", given.place.clone())),
                };
            }
            value
        }
        "slice" | "Slice" => Value::List(given.values.clone()),
        "dict" | "Dictionary" => {
            let mut map = BTreeMap::new();
            for pair in given.values.chunks(2) {
                if let [key, value] = pair {
                    map.insert(key.text(), value.clone());
                }
            }
            Value::Map(map)
        }
        "first" | "First" => {
            let mut items = list(given.at(1)?)?;
            items.truncate(given.count(0)?);
            Value::List(items)
        }
        "last" | "Last" => {
            let mut items = list(given.at(1)?)?;
            let from = items.len().saturating_sub(given.count(0)?);
            Value::List(items.split_off(from))
        }
        "after" | "After" => {
            let mut items = list(given.at(1)?)?;
            let from = given.count(0)?.min(items.len());
            Value::List(items.split_off(from))
        }
        "in" | "In" => Value::Bool(match given.at(0)? {
            Value::List(items) => items.contains(given.at(1)?),
            value => evaluator
                .text(value)
                .contains(&evaluator.text(given.at(1)?)),
        }),
        "delimit" | "Delimit" => {
            let texts: Vec<_> = list(given.at(0)?)?
                .iter()
                .map(|value| evaluator.text(value))
                .collect();
            Value::Text(texts.join(&given.at(1)?.text()))
        }
        "seq" | "Seq" => {
            let (first, last) = match given.values.len() {
                0 | 1 => (1.0, given.number(0)?),
                2 => (given.number(0)?, given.number(1)?),
                _ => (given.number(0)?, given.number(2)?),
            };
            let step = if given.values.len() == 3 {
                given.number(1)?
            } else if last < first {
                -1.0
            } else {
                1.0
            };
            if step == 0.0 || ((last - first) / step).abs() > 2000.0 {
                return Err(Problem::new("this list is too long", given.place.clone()));
            }
            let count = ((last - first) / step).floor().max(-1.0) as i64;
            Value::List(
                (0..=count)
                    .map(|at| Value::Int((first + step * at as f64) as i64))
                    .collect(),
            )
        }
        "append" | "Append" => {
            let mut items = list(given.last()?)?;
            items.extend(given.values[..given.values.len() - 1].iter().cloned());
            Value::List(items)
        }
        "sort" | "Sort" => {
            let mut items = list(given.at(0)?)?;
            items.sort_by_key(|value| evaluator.text(value));
            Value::List(items)
        }
        _ => return Ok(None),
    }))
}
