//! The functions that templates may call. Text functions also have the names of Hugo's name spaces.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Range;

use super::eval::{Evaluator, entry};
use super::value::Value;
use super::{OUTPUT, Problem};
use crate::render::escape;

type Result<T, E = Problem> = std::result::Result<T, E>;

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
    for family in [logic, output, texts, numbers, collections] {
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

struct Arguments<'a> {
    values: Vec<Value>,
    name: &'a str,
    place: &'a Range<usize>,
}

impl Arguments<'_> {
    fn at(&self, index: usize) -> Result<&Value> {
        self.values.get(index).ok_or_else(|| {
            Problem::new(
                format!("`{}` needs more values", self.name),
                self.place.clone(),
            )
        })
    }

    fn last(&self) -> Result<&Value> {
        self.at(self.values.len().saturating_sub(1))
    }

    fn number(&self, index: usize) -> Result<f64> {
        self.at(index)?
            .number()
            .ok_or_else(|| Problem::new("this is no number", self.place.clone()))
    }

    fn count(&self, index: usize) -> Result<usize> {
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
        "plainify" | "transform.Plainify" => Value::Text(super::super::custom::without_tags(
            &evaluator.text(given.last()?),
        )),
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
fn like(values: &[Value], text: String) -> Value {
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

fn texts(
    evaluator: &mut Evaluator<'_>,
    name: &str,
    given: &Arguments<'_>,
) -> Result<Option<Value>> {
    let name = name.strip_prefix("strings.").unwrap_or(name);
    // These keep what stands between the tags: only its edges matter.
    if matches!(name, "TrimSpace" | "chomp" | "Chomp") {
        let value = given.last()?;
        let text = value.text();
        let text = if name == "TrimSpace" {
            text.trim()
        } else {
            text.trim_end_matches(['\n', '\r'])
        };
        return Ok(Some(like(std::slice::from_ref(value), text.to_owned())));
    }
    let text = |at: usize| given.at(at).map(|value| evaluator.text(value));
    Ok(Some(match name {
        "trim" | "Trim" => {
            let (subject, cut) = (given.at(0)?, text(1)?);
            let cut: Vec<char> = cut.chars().collect();
            like(
                std::slice::from_ref(subject),
                subject.text().trim_matches(&cut[..]).to_owned(),
            )
        }
        "TrimLeft" | "TrimRight" => {
            let cut: Vec<char> = text(0)?.chars().collect();
            let subject = text(1)?;
            Value::Text(if name == "TrimLeft" {
                subject.trim_start_matches(&cut[..]).to_owned()
            } else {
                subject.trim_end_matches(&cut[..]).to_owned()
            })
        }
        "TrimPrefix" | "TrimSuffix" => {
            let (cut, subject) = (text(0)?, text(1)?);
            let rest = if name == "TrimPrefix" {
                subject.strip_prefix(&*cut)
            } else {
                subject.strip_suffix(&*cut)
            };
            Value::Text(rest.unwrap_or(&subject).to_owned())
        }
        "upper" | "ToUpper" => Value::Text(text(0)?.to_uppercase()),
        "lower" | "ToLower" => Value::Text(text(0)?.to_lowercase()),
        "title" | "Title" => Value::Text(capitalised(&text(0)?, true)),
        "FirstUpper" => Value::Text(capitalised(&text(0)?, false)),
        "humanize" | "inflect.Humanize" => {
            let words = text(0)?.replace(['-', '_'], " ");
            Value::Text(capitalised(&words, false))
        }
        "urlize" | "anchorize" | "urls.URLize" | "urls.Anchorize" => {
            let lower = text(0)?.trim().to_lowercase();
            let kept = lower.chars().filter_map(|c| match c {
                c if c.is_whitespace() => Some('-'),
                c if c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/') => Some(c),
                _ => None,
            });
            Value::Text(kept.collect())
        }
        "hasPrefix" | "HasPrefix" => Value::Bool(text(0)?.starts_with(&text(1)?)),
        "hasSuffix" | "HasSuffix" => Value::Bool(text(0)?.ends_with(&text(1)?)),
        "Contains" => Value::Bool(text(0)?.contains(&text(1)?)),
        "replace" | "Replace" => {
            let (subject, old, new) = (text(0)?, text(1)?, text(2)?);
            let uses = if old.is_empty() {
                subject.len() + 1
            } else {
                subject.matches(&old).count()
            };
            if subject.len() + uses.saturating_mul(new.len()) > OUTPUT {
                return Err(Problem::new(
                    "this makes too long a text",
                    given.place.clone(),
                ));
            }
            like(&given.values[..1], subject.replace(&old, &new))
        }
        "split" | "Split" => {
            let (subject, mark) = (text(0)?, text(1)?);
            let parts: Vec<&str> = if mark.is_empty() {
                subject.split("").filter(|part| !part.is_empty()).collect()
            } else {
                subject.split(&mark).collect()
            };
            Value::List(
                parts
                    .into_iter()
                    .map(|part| Value::Text(part.to_owned()))
                    .collect(),
            )
        }
        "Repeat" => {
            let (times, subject) = (given.count(0)?, text(1)?);
            if times.saturating_mul(subject.len()) > OUTPUT {
                return Err(Problem::new(
                    "this makes too long a text",
                    given.place.clone(),
                ));
            }
            Value::Text(subject.repeat(times))
        }
        "substr" | "Substr" => {
            let (subject, start) = (text(0)?, given.number(1)?);
            let all: Vec<char> = subject.chars().collect();
            let start = if start < 0.0 {
                start + all.len() as f64
            } else {
                start
            }
            .max(0.0) as usize;
            let length = match given.values.get(2) {
                Some(_) => given.count(2)?,
                None => all.len(),
            };
            Value::Text(all.iter().skip(start).take(length).collect())
        }
        "CountWords" | "countwords" => Value::Int(text(0)?.split_whitespace().count() as i64),
        _ => return Ok(None),
    }))
}

fn capitalised(text: &str, every: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut starts = true;
    for c in text.chars() {
        if starts && c.is_alphabetic() {
            out.extend(c.to_uppercase());
            starts = false;
        } else {
            out.push(c);
            starts = if every {
                c.is_whitespace() || (starts && !c.is_alphanumeric())
            } else {
                starts
            };
        }
    }
    out
}

fn numbers(
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

fn collections(
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
