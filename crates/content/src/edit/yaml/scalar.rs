//! Scalars as text: plain where that reads back as the same value, else in double quotes.

use serde_yaml::{Number, Value};

/// A scalar on one line; `flow` when it stands in brackets or braces.
pub(super) fn inline(value: &Value, flow: bool) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number_text(number),
        Value::String(text) => string(text, flow),
        _ => String::new(),
    }
}

fn number_text(number: &Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() && float.is_nan() => ".nan".to_owned(),
        Some(float) if number.is_f64() && float == f64::INFINITY => ".inf".to_owned(),
        Some(float) if number.is_f64() && float == f64::NEG_INFINITY => "-.inf".to_owned(),
        _ => number.to_string(),
    }
}

fn string(text: &str, flow: bool) -> String {
    if may_be_plain(text, flow) && !is_no_text(text) && reads_as_itself(text) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// In double quotes, on one line.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_printable(c) => out.push(c),
            c if u32::from(c) < 0x100 => out.push_str(&format!("\\x{:02X}", u32::from(c))),
            c if u32::from(c) < 0x1_0000 => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push_str(&format!("\\U{:08X}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

/// The lines of a text in the `|` style and its header; `None` when that style cannot hold it.
pub(super) fn literal(text: &str) -> Option<(&'static str, Vec<&str>)> {
    let (header, content) = match text.strip_suffix('\n') {
        Some(content) => ("|", content),
        None => ("|-", text),
    };
    let holds = text.contains('\n')
        && !content.ends_with('\n')
        && !content.starts_with([' ', '\n'])
        && content
            .chars()
            .all(|c| c == '\n' || c == '\t' || is_printable(c));
    let lines: Vec<&str> = content.split('\n').collect();
    let plain =
        |line: &&str| !line.starts_with('\t') && (line.is_empty() || !line.trim().is_empty());
    (holds && !content.is_empty() && lines.iter().all(plain)).then_some((header, lines))
}

/// Stays what it is in every style, and is no line end to any reader.
fn is_printable(c: char) -> bool {
    !c.is_control()
        && !matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
        && (u32::from(c) < 0x1_0000 || u32::from(c) & 0xfffe != 0xfffe)
}

fn may_be_plain(text: &str, flow: bool) -> bool {
    let mut chars = text.chars();
    let Some(first) = chars.next() else {
        return false;
    };
    let second = chars.next();
    let first_allowed = match first {
        '-' | '?' | ':' => second.is_some_and(|c| !c.is_whitespace() && !flow),
        ',' | '[' | ']' | '{' | '}' | '#' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%'
        | '@' | '`' => false,
        _ => true,
    };
    first_allowed
        && text.trim() == text
        && text.chars().all(is_printable)
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.contains('\u{a0}')
        && !text.ends_with(':')
        && !text.starts_with("---")
        && !text.starts_with("...")
        && !(flow && text.contains([',', '[', ']', '{', '}', '?']))
        && !(flow && text.contains(":\""))
}

/// What is null, true, false or a number when it is written plain, by the core schema of YAML 1.2.
pub(super) fn is_no_text(text: &str) -> bool {
    let keyword = matches!(
        text,
        "" | "~"
            | "null"
            | "Null"
            | "NULL"
            | "true"
            | "True"
            | "TRUE"
            | "false"
            | "False"
            | "FALSE"
    );
    keyword || is_number(text)
}

fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let radix = |prefix: &str, base: u32| {
        text.strip_prefix(prefix)
            .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_digit(base)))
    };
    if radix("0x", 16) || radix("0o", 8) {
        return true;
    }
    if matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let exponent_fits =
        exponent.is_none_or(|text| digits(text.strip_prefix(['-', '+']).unwrap_or(text)));
    let mantissa_fits = match mantissa.split_once('.') {
        Some((whole, part)) => {
            (whole.is_empty() && digits(part))
                || (digits(whole) && (part.is_empty() || digits(part)))
        }
        None => digits(mantissa),
    };
    exponent_fits && mantissa_fits
}

/// Some readers know more numbers than the core schema.
fn reads_as_itself(text: &str) -> bool {
    matches!(serde_yaml::from_str(text), Ok(Value::String(read)) if read == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        inline(&Value::String(text.to_owned()), false)
    }

    #[test]
    fn text_is_plain_where_it_stays_text() {
        for text in [
            "x",
            "a b",
            "nginx:1.25",
            "-x",
            "a#b",
            "yes",
            "on",
            "2024-01-02",
            "1_000",
            "C:\\path\\x",
            "日本語",
            "😀 emoji",
            "http://a/b?c=d",
            "12:30:45",
            "a, b",
            "{{",
            "0x",
            "1.2.3",
            "=",
            "é: x".trim_end_matches(": x"),
        ] {
            let expected = if text == "{{" { "\"{{\"" } else { text };
            assert_eq!(written(text), expected);
        }
        for text in [
            "", " a", "a ", "8080", "true", "Null", "~", "0x1f", "0o7", "1e3", ".5", "1.", "-.inf",
            ".NaN", "012", "# hash", "a # b", "a: b", "a:", "- a", "-", "?", "@at", "[brk", "%x",
            "--- x", "...", "0b101", "a\tb", "\u{85}",
        ] {
            assert!(
                written(text).starts_with('"'),
                "{text:?}: {}",
                written(text)
            );
        }
    }

    #[test]
    fn everything_reads_back() {
        for text in [
            "a\tb\r\n\u{0}\u{7f}\u{85}\u{a0}\u{2028}\u{feff}\u{10ffff}\"\\",
            "\u{1f600}",
            "\n",
            "'",
        ] {
            assert_eq!(
                serde_yaml::from_str::<String>(&written(text)).unwrap(),
                text,
                "{}",
                written(text)
            );
        }
        for number in [
            "1",
            "-7",
            "3.5",
            "1.0",
            ".inf",
            "-.inf",
            "1e300",
            "18446744073709551615",
        ] {
            let value: Value = serde_yaml::from_str(number).unwrap();
            assert_eq!(
                serde_yaml::from_str::<Value>(&inline(&value, false)).unwrap(),
                value
            );
        }
    }

    #[test]
    fn literals_hold_lines() {
        assert_eq!(literal("a\n\nb\n"), Some(("|", vec!["a", "", "b"])));
        assert_eq!(literal("a \nb"), Some(("|-", vec!["a ", "b"])));
        for text in [
            "a", "\n", "a\n\n", "\na", " a\nb", "a\n \nb", "a\n\tb", "a\rb\nc",
        ] {
            assert_eq!(literal(text), None, "{text:?}");
        }
    }
}
