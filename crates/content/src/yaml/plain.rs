//! Plain scalars that the reference does not take for text although this library does (`actions.md` 1.3).

use serde_yaml::{Mapping, Value};

use super::layout::key_ranges;

/// Turns the plain numbers of a body that only the reference knows (`010`, `1_000`) into numbers, and names the keys whose
/// plain values are dates there. What stands in quotes, or below `|`, is text.
pub(crate) fn as_the_reference_reads(text: &str, mapping: &mut Mapping) -> Vec<String> {
    let odd = |value: &Value| matches!(value, Value::String(text) if number(text).is_some() || is_date(text));
    if !mapping.values().any(odd) {
        return Vec::new();
    }
    let mut dates = Vec::new();
    for (key, range) in key_ranges(text) {
        let Some(Value::String(value)) = mapping.get(&key) else {
            continue;
        };
        let written = text[range.end..].trim_start();
        let written = written.strip_prefix(':').unwrap_or(written).trim_start();
        let rest = written.strip_prefix(value.as_str());
        let is_plain = rest.is_some_and(|rest| {
            let rest = rest.trim_start_matches([' ', '\t']);
            rest.is_empty() || rest.starts_with(['\n', '\r', '#', ',', '}'])
        });
        if !is_plain {
            continue;
        }
        match number(value) {
            Some(number) => {
                mapping.insert(key.into(), number);
            }
            None if is_date(value) => dates.push(key),
            None => {}
        }
    }
    dates
}

/// Decimal digits with leading zeros or underscores.
fn number(text: &str) -> Option<Value> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '_')
        && !digits.ends_with('_');
    if !is_number {
        return None;
    }
    let text = text.replace('_', "");
    let whole = text.parse::<i64>().map(Value::from);
    whole.or_else(|_| text.parse::<f64>().map(Value::from)).ok()
}

/// `2024-01-31`, or with a time behind it.
fn is_date(text: &str) -> bool {
    let (date, time) = match text.find(['T', 't', ' ', '\t']) {
        Some(at) => (&text[..at], text[at + 1..].trim_start()),
        None => (text, ""),
    };
    let parts: Vec<_> = date.split('-').collect();
    let digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
    let is_day = matches!(parts[..], [year, month, day]
        if year.len() == 4 && matches!(month.len(), 1 | 2) && matches!(day.len(), 1 | 2)
            && parts.iter().all(|part| digits(part)));
    let exact = parts.iter().skip(1).all(|part| part.len() == 2);
    if time.is_empty() {
        return is_day && exact && date == text;
    }
    let zone = time.find(['Z', '+', '-', ' ']).unwrap_or(time.len());
    let clock: Vec<_> = time[..zone].split(':').collect();
    is_day
        && clock.len() == 3
        && clock[..2]
            .iter()
            .all(|part| !part.is_empty() && part.len() <= 2 && digits(part))
        && clock[2].starts_with(|c: char| c.is_ascii_digit())
        && clock[2].chars().all(|c| c.is_ascii_digit() || c == '.')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{js_text, parse};

    fn read(text: &str) -> (Option<String>, bool) {
        let Value::Mapping(mut mapping) = parse(text).unwrap() else {
            panic!("no mapping: {text}");
        };
        let dates = as_the_reference_reads(text, &mut mapping);
        (js_text(&mapping["k"]), dates == ["k"])
    }

    #[test]
    fn plain_numbers_and_dates_are_none_of_text() {
        for (text, value, date) in [
            ("k: 010", "10", false),
            ("k: 1_000 # a thousand", "1000", false),
            ("k: -0_1", "-1", false),
            ("{k: 007, j: 1}", "7", false),
            ("k: 0o10", "8", false),
            ("k: 1_", "1_", false),
            ("k: _1", "_1", false),
            ("k: 010 x", "010 x", false),
            ("k: '010'", "010", false),
            ("k: \"1_000\"", "1_000", false),
            ("k: |-\n  010", "010", false),
            ("k: 2024-01-31", "2024-01-31", true),
            ("k: 2024-1-31", "2024-1-31", false),
            ("k: 2024-01-31 10:00:00", "2024-01-31 10:00:00", true),
            ("k: 2024-01-31T10:00:00Z", "2024-01-31T10:00:00Z", true),
            ("k: '2024-01-31'", "2024-01-31", false),
            ("k: 2024-01-31 at ten", "2024-01-31 at ten", false),
            ("k: 12-34", "12-34", false),
        ] {
            assert_eq!(read(text), (Some(value.to_owned()), date), "{text}");
        }
    }
}
