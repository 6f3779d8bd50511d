//! Values of an action's body that YAML reads as something else than their author wrote: which, and in quotes.

use std::ops::Range;

use serde_yaml::Value;

use crate::yaml;

/// The properties whose values are text that people write as it comes.
const TEXTS: [&str; 8] = [
    "command",
    "description",
    "match",
    "replacement",
    "text",
    "title",
    "url",
    "prefix",
];

/// A line `key: value` of the body's mapping whose value ends with it.
pub(super) struct Line<'t> {
    pub(super) key: &'t str,
    /// The value, without blanks around it; a comment belongs to it.
    pub(super) value: Range<usize>,
}

/// The lines of a body that say a value on the same line, and nothing below.
pub(super) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut at = 0;
    let mut found = Vec::new();
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let start = at;
        at += line.len();
        let goes_on = lines
            .clone()
            .find(|next| !next.trim().is_empty())
            .is_some_and(|next| next.starts_with([' ', '\t']) || next.starts_with("- "));
        let Some((key, value)) = line.split_once(':') else {
            continue;
        };
        let is_key = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let value_text = value.trim();
        if !is_key || goes_on || value_text.is_empty() || !value.starts_with([' ', '\t']) {
            continue;
        }
        let from = start + key.len() + 1 + (value.len() - value.trim_start().len());
        found.push(Line {
            key,
            value: from..from + value_text.len(),
        });
    }
    found
}

/// A value in quotes that YAML reads as just this text.
pub(super) fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// How much of a value without quotes stands before a comment.
pub(super) fn before_comment(value: &str) -> usize {
    let comment = value.match_indices('#').map(|(at, _)| &value[..at]);
    let mut before = comment.filter(|before| before.ends_with([' ', '\t']));
    before.next().unwrap_or(value).trim_end().len()
}

/// The text with the values in quotes that are no YAML where they stand, and which those are.
pub(super) fn mend(
    text: &str,
    may: impl Fn(&Line<'_>) -> bool,
) -> Option<(String, Vec<Range<usize>>)> {
    let is_scalar = |value: &str| {
        let value = yaml::parse(&format!("k: {value}\n"));
        let value = value.ok().and_then(|value| value.get("k").cloned());
        matches!(
            value,
            Some(Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null)
        ) || matches!(value, Some(Value::Sequence(_) | Value::Mapping(_)))
    };
    let ranges: Vec<_> = lines(text)
        .into_iter()
        .filter(|line| may(line) && !is_scalar(&text[line.value.clone()]))
        .map(|line| line.value)
        .collect();
    if ranges.is_empty() {
        return None;
    }
    let mut mended = text.to_owned();
    for range in ranges.iter().rev() {
        mended.replace_range(range.clone(), &quoted(&text[range.clone()]));
    }
    Some((mended, ranges))
}

/// A value of which YAML takes a part away.
pub(super) struct CutOff<'t> {
    pub(super) key: &'t str,
    /// What begins there.
    pub(super) sign: &'static str,
    /// What YAML takes it for.
    pub(super) taken_for: &'static str,
    /// What is taken away.
    pub(super) lost: Range<usize>,
    /// Nothing is left.
    pub(super) is_whole: bool,
}

/// The texts of a body that are cut off.
pub(super) fn cut_off(text: &str) -> Vec<CutOff<'_>> {
    let texts = lines(text)
        .into_iter()
        .filter(|line| TEXTS.contains(&line.key));
    texts
        .filter_map(|line| {
            let value = &text[line.value.clone()];
            let whole = |sign, taken_for| CutOff {
                key: line.key,
                sign,
                taken_for,
                lost: line.value.clone(),
                is_whole: true,
            };
            match value.chars().next()? {
                '#' => return Some(whole("#", "a comment")),
                '&' => return Some(whole("&", "the name of a value")),
                '\'' | '"' | '|' | '>' | '[' | '{' | '*' | '!' => return None,
                _ => {}
            }
            let at = value.find(" #")?;
            // Behind a command that is whole, a comment does no harm.
            let kept = &value[..at];
            let is_open = kept.matches('"').count() % 2 == 1 || kept.matches('\'').count() % 2 == 1;
            if line.key == "command" && !is_open {
                return None;
            }
            Some(CutOff {
                key: line.key,
                sign: "#",
                taken_for: "a comment",
                lost: line.value.start + at + 1..line.value.end,
                is_whole: false,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_are_no_yaml_are_mended_with_quotes() {
        let mended = |text: &str| mend(text, |_| true).map(|(text, _)| text);
        for (text, expected) in [
            ("command: echo a: b\n", Some("command: 'echo a: b'\n")),
            ("text: @me\n", Some("text: '@me'\n")),
            ("text: `it's`\n", Some("text: '`it''s`'\n")),
            (
                "title: a: b\nargs:\n- 1\n",
                Some("title: 'a: b'\nargs:\n- 1\n"),
            ),
            ("text: [ -f x ] && y\n", Some("text: '[ -f x ] && y'\n")),
            ("text: plain\nsession: 1\n", None),
            ("text: |\n  a: b: c\n", None),
        ] {
            assert_eq!(mended(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn comments_end_a_value() {
        for (value, kept) in [("8080 # the port", "8080"), ("1\t#", "1"), ("a#b", "a#b")] {
            assert_eq!(&value[..before_comment(value)], kept);
        }
    }

    #[test]
    fn comments_that_were_meant_as_text_are_told() {
        let cut = |text: &str| cut_off(text).len();
        assert_eq!(cut("text: a # b\n"), 1);
        assert_eq!(cut("text: #!/bin/sh\n"), 1);
        assert_eq!(cut("command: echo 'a # b'\n"), 1);
        assert_eq!(cut("command: ls # all of them\n"), 0);
        assert_eq!(cut("text: 'a # b'\nsession: 1 # the first\n"), 0);
        assert_eq!(cut("text: |\n  a # b\n"), 0);
        assert_eq!(cut("text: a#b\n"), 0);
    }
}
