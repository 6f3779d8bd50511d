//! YAML text → value, with the place of the first error.

use std::ops::Range;

use serde_yaml::Value;

use super::depth::too_deep;
use super::layout::key_ranges;

/// Why a text is not one YAML document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct YamlError {
    /// What is wrong, in one sentence without a place.
    pub message: String,
    /// Where, in bytes of the text.
    pub range: Range<usize>,
}

/// Reads one YAML document. `<<` merges are applied; unknown tags and duplicate keys are errors; an empty text is null.
///
/// # Errors
/// At the first place where the text is not YAML, or not what the reference accepts.
pub fn parse(text: &str) -> Result<Value, YamlError> {
    if let Some(at) = too_deep(text) {
        return Err(YamlError {
            message: "brackets are nested too deep".to_owned(),
            range: at..at + 1,
        });
    }
    let mut value: Value = serde_yaml::from_str(text).map_err(|error| locate(text, &error))?;
    if let Some(tag) = unknown_tag(&value) {
        let at = text.find(&tag).unwrap_or(0);
        return Err(YamlError {
            message: format!("the tag {tag} is not known"),
            range: at..at + tag.len(),
        });
    }
    value.apply_merge().map_err(|error| locate(text, &error))?;
    Ok(value)
}

/// A scalar as JavaScript turns it into text; `None` for null, sequences and mappings.
pub(crate) fn js_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(match number.as_f64() {
            Some(float) if float.is_infinite() => {
                if float > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
            }
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 1e15 => {
                format!("{float:.0}")
            }
            _ => number.to_string(),
        }),
        _ => None,
    }
}

fn locate(text: &str, error: &serde_yaml::Error) -> YamlError {
    let full = error.to_string();
    let message = full.split(" at line ").next().unwrap_or(&full).to_owned();
    if message.contains("duplicate entry") {
        return duplicate(text, message);
    }
    if message.contains("more than one document") {
        return several_documents(text);
    }
    let mut offset = error
        .location()
        .map_or(0, |at| byte_offset(text, at.line(), at.column()));
    if message.contains("could not find expected ':'") {
        // Told after the line that lacks it.
        let before = text[..offset].trim_end();
        let line = before.rfind('\n').map_or(0, |end| end + 1);
        offset = line + before[line..].len() - before[line..].trim_start().len();
    }
    YamlError {
        message,
        range: offset..offset,
    }
}

/// The library reports a duplicate key at the mapping's start; the second occurrence is the useful place.
fn duplicate(text: &str, message: String) -> YamlError {
    let keys = key_ranges(text);
    let second = keys
        .iter()
        .enumerate()
        .find(|(at, (key, _))| keys[..*at].iter().any(|(earlier, _)| earlier == key));
    match second {
        Some((_, (key, range))) => YamlError {
            message: format!("the key `{key}` stands here twice"),
            range: range.clone(),
        },
        None => YamlError {
            message,
            range: 0..0,
        },
    }
}

/// The second document is what there is too much of.
fn several_documents(text: &str) -> YamlError {
    let mut at = 0;
    let mut marks = text.split_inclusive('\n').filter_map(|line| {
        let start = at;
        at += line.len();
        (start > 0 && line.trim_end() == "---").then_some(start)
    });
    let start = marks.next().unwrap_or(0);
    YamlError {
        message: "a second document begins here; the body must be one".to_owned(),
        range: start..(start + 3).min(text.len()),
    }
}

/// Line and column count from 1; columns are characters.
fn byte_offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    let rest = &text[start..];
    let width: usize = rest
        .chars()
        .take(column.saturating_sub(1))
        .take_while(|c| *c != '\n')
        .map(char::len_utf8)
        .sum();
    start + width
}

fn unknown_tag(value: &Value) -> Option<String> {
    match value {
        Value::Tagged(tagged) => Some(tagged.tag.to_string()),
        Value::Sequence(items) => items.iter().find_map(unknown_tag),
        Value::Mapping(entries) => entries
            .iter()
            .find_map(|(key, value)| unknown_tag(key).or_else(|| unknown_tag(value))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> (String, &str) {
        let error = parse(text).unwrap_err();
        (error.message, &text[error.range.start..])
    }

    #[test]
    fn places_errors() {
        assert_eq!(error("a: 1\nb: 2\na: 3\n").1, "a: 3\n");
        assert_eq!(
            error("a: 1\nb: !ruby x\n"),
            ("the tag !ruby is not known".into(), "!ruby x\n")
        );
        assert!(
            error("command: a: b\n").1.starts_with(": b"),
            "{:?}",
            error("command: a: b\n")
        );
    }

    #[test]
    fn applies_merges() {
        let value = parse("base: &b {x: 1}\nuse:\n  <<: *b\n  y: 2\n").unwrap();
        assert_eq!(value["use"]["x"].as_i64(), Some(1));
    }

    #[test]
    fn survives_a_bomb() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for level in 1..12 {
            let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
            text.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
        }
        assert!(parse(&text).is_err());
    }

    #[test]
    fn writes_scalars_as_javascript_does() {
        let text = |yaml: &str| js_text(&parse(yaml).unwrap());
        assert_eq!(text("8080"), Some("8080".into()));
        assert_eq!(text("1.0"), Some("1".into()));
        assert_eq!(text("1.5"), Some("1.5".into()));
        assert_eq!(text("true"), Some("true".into()));
        assert_eq!(text(".inf"), Some("Infinity".into()));
        assert_eq!(text("~"), None);
    }
}
