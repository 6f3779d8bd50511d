//! Functions on texts.

use super::eval::Evaluator;
use super::functions::{Arguments, Result, like};
use super::value::Value;
use super::{OUTPUT, Problem};

/// Calls one of them; nothing when it is none.
pub(super) fn call(
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
