//! Rescues action bodies that are no YAML although what the author meant is plain (`instructions.md` 8).

use serde_yaml::{Mapping, Value};

use super::value::parse;

/// Reads `key: rest of line` with each rest taken as it stands; a line that starts with no known key belongs to the key
/// before it. `None` when the text does not have that shape.
pub(crate) fn recover(text: &str, is_key: impl Fn(&str) -> bool) -> Option<Mapping> {
    let mut entries: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in text.lines() {
        match line.split_once(':') {
            Some((key, rest))
                if is_key(key.trim_end()) && (rest.is_empty() || rest.starts_with([' ', '\t'])) =>
            {
                entries.push((key.trim_end(), vec![rest.trim()]));
            }
            _ => entries.last_mut()?.1.push(line),
        }
    }
    let mut mapping = Mapping::new();
    for (key, lines) in entries {
        if mapping.insert(key.into(), value(&lines)).is_some() {
            return None;
        }
    }
    Some(mapping)
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
        matches!(key, "command" | "session" | "text" | "file" | "cascade")
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
    }
}
