//! Rescues action bodies that are no YAML although what the author meant is plain (`instructions.md` 8).

use serde_yaml::{Mapping, Value};

use super::value::parse;

/// The properties that may be text of several lines; no other takes a line that is not its own.
const OF_LINES: [&str; 5] = ["command", "description", "match", "replacement", "text"];

/// Reads `key: rest of line` with each rest taken as it stands; a line that starts with no known key belongs to the text
/// before it. `None` when the text does not have that shape, or when a `value` is more than a word or a sentence: what
/// was meant as a list or a mapping is no text.
pub(crate) fn recover(text: &str, is_key: impl Fn(&str) -> bool) -> Option<Mapping> {
    let text = dedent(text);
    if let Some(mapping) = without_tabs(&text) {
        return Some(mapping);
    }
    let mut entries: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in text.lines() {
        match line.split_once(':') {
            Some((key, rest))
                if is_key(key.trim_end()) && (rest.is_empty() || rest.starts_with([' ', '\t'])) =>
            {
                entries.push((key.trim_end(), vec![rest.trim()]));
            }
            _ => {
                let (key, lines) = entries.last_mut()?;
                if !line.trim().is_empty() && !OF_LINES.contains(key) {
                    return None;
                }
                lines.push(line);
            }
        }
    }
    let mut mapping = Mapping::new();
    for (key, lines) in entries {
        if key == "value"
            && (lines[0].is_empty() || lines[0].starts_with(['[', '{', '&', '*', '|', '>']))
        {
            return None;
        }
        if mapping.insert(key.into(), value(&lines)).is_some() {
            return None;
        }
    }
    Some(mapping)
}

/// Without what all lines that are not blank begin with, spaces or tabs.
fn dedent(text: &str) -> String {
    let filled = || text.lines().filter(|line| !line.trim().is_empty());
    let margin = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let shared = filled().map(margin).min().unwrap_or(0);
    let first = filled().next().map_or("", |line| &line[..shared]);
    if !filled().all(|line| line.starts_with(first)) {
        return text.to_owned();
    }
    let lines = text
        .lines()
        .map(|line| line.strip_prefix(first).unwrap_or(""));
    lines.map(|line| format!("{line}\n")).collect()
}

/// Reads a text whose structure is indented with tabs, unless a block scalar holds some: those are content.
fn without_tabs(text: &str) -> Option<Mapping> {
    let has_block = |line: &str| line.trim_end_matches(['-', '+']).ends_with(['|', '>']);
    if !text.lines().any(|line| line.starts_with('\t')) || text.lines().any(has_block) {
        return None;
    }
    let spaced = |line: &str| {
        let rest = line.trim_start_matches('\t');
        format!("{}{rest}\n", "  ".repeat(line.len() - rest.len()))
    };
    match parse(&text.lines().map(spaced).collect::<String>()) {
        Ok(Value::Mapping(mapping)) if mapping.values().any(|value| !value.is_string()) => {
            Some(mapping)
        }
        _ => None,
    }
}

fn value(lines: &[&str]) -> Value {
    let (first, rest) = lines
        .split_first()
        .map_or(("", lines), |(first, rest)| (*first, rest));
    if matches!(first, "|" | "|-" | "|+" | ">" | ">-" | ">+") {
        let indent = rest
            .iter()
            .filter(|line| !line.trim().is_empty())
            .map(|line| line.len() - line.trim_start().len())
            .min();
        let lines: Vec<_> = rest
            .iter()
            .map(|line| line.get(indent.unwrap_or(0)..).unwrap_or(""))
            .collect();
        let text = lines.join("\n");
        return Value::String(if first.ends_with('-') {
            text
        } else {
            text + "\n"
        });
    }
    if rest.iter().all(|line| line.trim().is_empty()) {
        // A scalar that reads well on its own (true, 2, 'quoted') keeps its meaning.
        return match parse(first) {
            Ok(value @ (Value::String(_) | Value::Number(_) | Value::Bool(_))) => value,
            _ => Value::String(first.to_owned()),
        };
    }
    Value::String(lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(key: &str) -> bool {
        matches!(
            key,
            "command" | "session" | "text" | "file" | "cascade" | "value"
        )
    }

    fn read(text: &str) -> Option<String> {
        recover(text, known).map(|mapping| serde_json::to_string(&mapping).unwrap())
    }

    #[test]
    fn takes_the_rest_of_the_line_as_it_stands() {
        assert_eq!(
            read("file: a.yaml\ntext: image: nginx:1.27\ncascade: true").unwrap(),
            r#"{"file":"a.yaml","text":"image: nginx:1.27","cascade":true}"#
        );
        assert_eq!(
            read("command: date -f 'Key: %k'").unwrap(),
            r#"{"command":"date -f 'Key: %k'"}"#
        );
    }

    #[test]
    fn gives_further_lines_to_the_key_before_them() {
        assert_eq!(
            read("command: cat <<EOF > a: b\nname: x\nEOF\nsession: 2").unwrap(),
            r#"{"command":"cat <<EOF > a: b\nname: x\nEOF","session":2}"#
        );
        assert_eq!(
            read("text: |\n\ta: b\n\t  c").unwrap(),
            r#"{"text":"a: b\n  c\n"}"#
        );
    }

    #[test]
    fn refuses_what_has_another_shape() {
        assert_eq!(read("just words"), None);
        assert_eq!(read("command: a\ncommand: b: c"), None);
        for text in [
            "file: a.txt\n  text: : x",
            "file: a.txt\nx: [[[",
            "file: a: b\n\nmore",
            "value:\n  a: b: c",
            "value: {a: b: c",
            "value: |\nlines: a: b",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read("value: a: b\n\n").unwrap(), r#"{"value":"a: b"}"#);
    }
}
