//! Numbers and marks for lines of code: `{linenos=true hl_lines=[2,"4-6"]}` behind a fence's language, and
//! `"linenos=table,hl_lines=2 4-6"` of `highlight` (`instructions.md` 5.3 and 7.1).

use std::ops::RangeInclusive;

/// A line that is marked lies before this one.
const MAX_LINE: usize = 100_000;

/// How the lines of a block of code are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lines {
    /// The number of the first line, where numbers are shown.
    pub first: Option<usize>,
    /// The lines that are marked, counted from 1 whatever their numbers are.
    pub marked: Vec<RangeInclusive<usize>>,
}

impl Lines {
    /// Whether a line is marked, counted from 1.
    pub(super) fn is_marked(&self, line: usize) -> bool {
        self.marked.iter().any(|lines| lines.contains(&line))
    }

    /// Whether lines look like any others.
    pub(super) fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// Reads options; also returns those whose values make no sense. Others than those of lines mean nothing here.
    pub(crate) fn read(options: &str) -> (Self, Vec<String>) {
        let (mut numbers, mut first, mut marked, mut wrong) = (false, 1, Vec::new(), Vec::new());
        for (key, value) in pairs(options) {
            let is_known = match key.to_ascii_lowercase().as_str() {
                "linenos" => {
                    numbers = !matches!(value, "false" | "0");
                    !numbers || matches!(value, "true" | "1" | "inline" | "table")
                }
                "linenostart" => {
                    let start = value.parse().ok().filter(|it| *it < MAX_LINE);
                    first = start.unwrap_or(first);
                    start.is_some()
                }
                "hl_lines" => {
                    let lines = ranges(value);
                    let is_known = lines.is_some();
                    marked = lines.unwrap_or(marked);
                    is_known
                }
                _ => true,
            };
            if !is_known {
                wrong.push(format!("{key}={value}"));
            }
        }
        let lines = Self {
            first: numbers.then_some(first),
            marked,
        };
        (lines, wrong)
    }
}

/// `key=value`, separated by commas or blanks. A value may be quoted, or a list in brackets; what has no key goes on with the
/// value before it, as in `hl_lines=2 4-6`.
fn pairs(options: &str) -> Vec<(&str, &str)> {
    let mut found: Vec<(&str, &str)> = Vec::new();
    let mut at = 0;
    // Where the value of the last pair starts and ends.
    let mut last = (0, 0);
    while at < options.len() {
        let rest = &options[at..];
        let trimmed = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        at += rest.len() - trimmed.len();
        let end = piece(trimmed);
        if end == 0 {
            break;
        }
        match trimmed[..end].split_once('=') {
            Some((key, value)) => {
                last = (at + key.len() + 1, at + end);
                found.push((key.trim(), unquoted(value)));
            }
            None => {
                last.1 = at + end;
                if let Some(pair) = found.last_mut() {
                    pair.1 = unquoted(&options[last.0..last.1]);
                }
            }
        }
        at += end;
    }
    found
}

/// How long the piece is that a text starts with: up to a blank or a comma that is neither quoted nor in brackets.
fn piece(text: &str) -> usize {
    let (mut quote, mut depth) = (None, 0_usize);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '[') => depth += 1,
            (None, ']') => depth = depth.saturating_sub(1),
            (None, c) if depth == 0 && (c.is_whitespace() || c == ',') => return at,
            _ => {}
        }
    }
    text.len()
}

fn unquoted(value: &str) -> &str {
    value.trim().trim_matches(['"', '\'', '`'])
}

/// `2 4-6`, `[2,"4-6"]`.
fn ranges(value: &str) -> Option<Vec<RangeInclusive<usize>>> {
    value
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '[' | ']'))
        .map(unquoted)
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (from, to) = part.split_once('-').unwrap_or((part, part));
            let (from, to) = (from.parse().ok()?, to.parse().ok()?);
            (0 < from && from <= to && to < MAX_LINE).then_some(from..=to)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_options_as_hugo_writes_them() {
        for (options, first, marked) in [
            ("", None, vec![]),
            ("linenos=true", Some(1), vec![]),
            (
                "linenos=table,hl_lines=8 15-17,linenostart=199",
                Some(199),
                vec![8..=8, 15..=17],
            ),
            (
                "lineNos=inline hl_lines=[1,\"3-4\"]",
                Some(1),
                vec![1..=1, 3..=4],
            ),
            (
                "hl_lines=[\"2-3\"],style=emacs, linenos=false",
                None,
                vec![2..=3],
            ),
            (
                "linenos=\"table\" hl_lines=\"1 2\"",
                Some(1),
                vec![1..=1, 2..=2],
            ),
            ("hl_lines = [1]", None, vec![]),
            ("anchorlinenos=true .class #id", None, vec![]),
        ] {
            let (lines, _) = Lines::read(options);
            assert_eq!((lines.first, lines.marked), (first, marked), "{options}");
        }
    }

    #[test]
    fn says_what_makes_no_sense() {
        for wrong in [
            "hl_lines=[x]",
            "hl_lines=5-2",
            "hl_lines=0",
            "linenos=maybe",
            "linenostart=-1",
        ] {
            assert_eq!(Lines::read(wrong).1, [wrong]);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(options in "[a-z=,\\[\\]\"' 0-9-]{0,40}|.{0,40}") {
            Lines::read(&options);
        }
    }
}
