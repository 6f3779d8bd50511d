//! The functions that templates may call. Text functions also have the names of Hugo's name spaces.

use std::cmp::Ordering;
use std::ops::Range;

use super::eval::Evaluator;
use super::fields::entry;
use super::value::Value;
use super::{OUTPUT, Problem, lists, texts};
use crate::render::escape;

pub(super) type Result<T, E = Problem> = std::result::Result<T, E>;

/// Calls a function by its name.
pub(super) fn call(
    evaluator: &mut Evaluator<'_>,
    name: &str,
    arguments: Vec<Value>,
    place: &Range<usize>,
) -> Result<Value> {
    evaluator.step(place)?;
    let arguments = Arguments {
        values: arguments,
        name,
        place,
    };
    if let Some(value) = constant(name) {
        return Ok(value);
    }
    for family in [
        logic,
        output,
        texts::call,
        lists::numbers,
        lists::collections,
    ] {
        if let Some(value) = family(evaluator, name, &arguments)? {
            return Ok(value);
        }
    }
    Err(Problem::unsupported(
        format!("the function `{name}` is not played"),
        place.clone(),
    ))
}

fn constant(name: &str) -> Option<Value> {
    Some(match name {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        "nil" => Value::Nothing,
        "site" => Value::Site,
        "page" => Value::Page,
        _ => return None,
    })
}

pub(super) struct Arguments<'a> {
    pub(super) values: Vec<Value>,
    name: &'a str,
    pub(super) place: &'a Range<usize>,
}

impl Arguments<'_> {
    pub(super) fn at(&self, index: usize) -> Result<&Value> {
        self.values.get(index).ok_or_else(|| {
            Problem::new(
                format!("`{}` needs more values", self.name),
                self.place.clone(),
            )
        })
    }

    pub(super) fn last(&self) -> Result<&Value> {
        self.at(self.values.len().saturating_sub(1))
    }

    pub(super) fn number(&self, index: usize) -> Result<f64> {
        self.at(index)?
            .number()
            .ok_or_else(|| Problem::new("this is no number", self.place.clone()))
    }

    pub(super) fn count(&self, index: usize) -> Result<usize> {
        Ok(self.number(index)?.clamp(0.0, OUTPUT as f64) as usize)
    }
}

fn logic(
    evaluator: &mut Evaluator<'_>,
    name: &str,
    given: &Arguments<'_>,
) -> Result<Option<Value>> {
    let compare = |at: usize| -> Result<Option<Ordering>> {
        Ok(ordering(evaluator, given.at(0)?, given.at(at)?))
    };
    Ok(Some(match name {
        // `eq a b c` asks whether the first is any of the others.
        "eq" => {
            given.at(1)?;
            let mut equal = false;
            for at in 1..given.values.len() {
                equal |= compare(at)? == Some(Ordering::Equal);
            }
            Value::Bool(equal)
        }
        "ne" => Value::Bool(compare(1)? != Some(Ordering::Equal)),
        "lt" => Value::Bool(compare(1)? == Some(Ordering::Less)),
        "le" => Value::Bool(matches!(
            compare(1)?,
            Some(Ordering::Less | Ordering::Equal)
        )),
        "gt" => Value::Bool(compare(1)? == Some(Ordering::Greater)),
        "ge" => Value::Bool(matches!(
            compare(1)?,
            Some(Ordering::Greater | Ordering::Equal)
        )),
        "not" => Value::Bool(!given.at(0)?.is_true()),
        "default" | "compare.Default" => {
            let value = given.values.get(1).filter(|value| value.is_true());
            value.unwrap_or(given.at(0)?).clone()
        }
        "cond" | "compare.Conditional" => {
            let at = if given.at(0)?.is_true() { 1 } else { 2 };
            given.at(at)?.clone()
        }
        "isset" | "collections.IsSet" => Value::Bool(match (given.at(0)?, given.at(1)?) {
            (Value::List(items), at) => at
                .number()
                .is_some_and(|at| at >= 0.0 && (at as usize) < items.len()),
            (Value::Map(map), key) => map.contains_key(&key.text()),
            (Value::Params, key) => evaluator.param(&key.text()) != Value::Nothing,
            _ => false,
        }),
        _ => return Ok(None),
    }))
}

/// How two values compare; those of different kinds do only when both are numbers or texts.
fn ordering(evaluator: &Evaluator<'_>, a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Int(_) | Value::Float(_), _) | (_, Value::Int(_) | Value::Float(_)) => {
            a.number()?.partial_cmp(&b.number()?)
        }
        (Value::Text(_) | Value::Html(_), Value::Text(_) | Value::Html(_)) => {
            Some(evaluator.text(a).cmp(&evaluator.text(b)))
        }
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        // What an unknown variable or a missing entry is compared with is a text mostly.
        (Value::Nothing, Value::Text(text)) | (Value::Text(text), Value::Nothing)
            if text.is_empty() =>
        {
            Some(Ordering::Equal)
        }
        _ => (a == b).then_some(Ordering::Equal),
    }
}

fn output(
    evaluator: &mut Evaluator<'_>,
    name: &str,
    given: &Arguments<'_>,
) -> Result<Option<Value>> {
    Ok(Some(match name {
        "markdownify" | "transform.Markdownify" => {
            let value = given.last()?.clone();
            evaluator.markdown(&value)
        }
        // What a page may hold is decided by the sanitiser, whatever the template vouches for.
        "safeHTML" | "safe.HTML" | "safeHTMLAttr" | "safe.HTMLAttr" => {
            Value::Html(given.last()?.text())
        }
        "safeURL" | "safe.URL" | "safeCSS" | "safe.CSS" | "safeJS" | "safe.JS" => {
            Value::Text(given.last()?.text())
        }
        "htmlEscape" | "html" | "transform.HTMLEscape" => {
            Value::Html(escape(&evaluator.text(given.last()?)).into_owned())
        }
        "htmlUnescape" | "transform.HTMLUnescape" => {
            Value::Text(crate::render::unescape(&evaluator.text(given.last()?)))
        }
        "plainify" | "transform.Plainify" => {
            Value::Text(super::without_tags(&evaluator.text(given.last()?)))
        }
        "emojify" | "transform.Emojify" | "print" | "println" | "fmt.Print" | "fmt.Println" => {
            let texts: Vec<_> = given.values.iter().map(Value::text).collect();
            like(&given.values, texts.concat())
        }
        "printf" | "fmt.Printf" => printf(evaluator, given)?,
        "errorf" | "warnf" | "fmt.Errorf" | "fmt.Warnf" => {
            let text = printf(evaluator, given)?.text();
            evaluator.output.complaints.push(text);
            Value::Nothing
        }
        "ref" | "relref" | "urls.Ref" | "urls.RelRef" => {
            let target = match given.last()? {
                Value::Map(map) => entry(map, "path").text(),
                value => value.text(),
            };
            match (evaluator.scope.page_address)(&target) {
                Some(address) => Value::Text(address),
                None => {
                    return Err(Problem::new(
                        format!("there is no page `{target}`"),
                        given.place.clone(),
                    ));
                }
            }
        }
        "absURL" | "relURL" | "urls.AbsURL" | "urls.RelURL" => {
            let path = given.last()?.text();
            if crate::render::scheme(&path).is_some() {
                Value::Text(path)
            } else {
                let base = evaluator.scope.base;
                Value::Text(format!("{base}/{}", path.trim_start_matches('/')))
            }
        }
        _ => return Ok(None),
    }))
}

/// A text that is HTML when the values were.
pub(super) fn like(values: &[Value], text: String) -> Value {
    if values.iter().any(|value| matches!(value, Value::Html(_))) {
        Value::Html(text)
    } else {
        Value::Text(text)
    }
}

/// `%s`, `%v`, `%d`, `%q`, `%t`, `%f` and `%%`, with a width or without.
fn printf(evaluator: &Evaluator<'_>, given: &Arguments<'_>) -> Result<Value> {
    let format = evaluator.text(given.at(0)?);
    let mut out = String::new();
    let mut next = 1;
    let mut rest = format.as_str();
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let flags = after
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | ' ' | '#')))
            .unwrap_or(after.len());
        let Some(verb) = after[flags..].chars().next() else {
            return Err(Problem::new(
                "this format does not end",
                given.place.clone(),
            ));
        };
        rest = &after[flags + verb.len_utf8()..];
        if verb == '%' {
            out.push('%');
            continue;
        }
        let value = given.at(next)?;
        next += 1;
        let text = match verb {
            'q' => format!("{:?}", value.text()),
            'd' => match value.number() {
                Some(number) => (number as i64).to_string(),
                None => value.text(),
            },
            'f' => {
                let places = after[..flags]
                    .split_once('.')
                    .and_then(|(_, places)| places.parse().ok());
                format!(
                    "{:.*}",
                    places.unwrap_or(6_usize).min(20),
                    value.number().unwrap_or_default()
                )
            }
            's' | 'v' | 't' => value.text(),
            _ => {
                return Err(Problem::unsupported(
                    format!("`%{verb}` is not played"),
                    given.place.clone(),
                ));
            }
        };
        let width: usize = after[..flags]
            .split('.')
            .next()
            .unwrap_or_default()
            .trim_start_matches(['-', '+', ' ', '#'])
            .parse()
            .unwrap_or(0)
            .min(200);
        let missing = width.saturating_sub(text.chars().count());
        let fill = if after.starts_with('0') { "0" } else { " " };
        if after.starts_with('-') {
            out.push_str(&text);
            out.push_str(&" ".repeat(missing));
        } else {
            out.push_str(&fill.repeat(missing));
            out.push_str(&text);
        }
        if out.len() > OUTPUT {
            return Err(Problem::new(
                "this makes too long a text",
                given.place.clone(),
            ));
        }
    }
    out.push_str(rest);
    // The texts of `printf "<b>%s</b>" .Inner` were escaped by nobody; only `safeHTML` vouches for the format.
    Ok(like(&given.values[..1], out))
}
