//! The paths of the YAML actions (`actions.md` 3.8): `spec.containers[name=web].ports[0]`, `data["app.conf"]`.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A path into a YAML document. Without segments it is the whole document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct YamlPath {
    text: String,
    segments: Vec<(Segment, Range<usize>)>,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// A key of a mapping; digits address an item of a sequence as well.
    Key(String),
    /// An item of a sequence, from 0.
    Index(usize),
    /// The first item of a sequence that is a mapping with this key and value.
    Item {
        /// The key, as text.
        key: String,
        /// Its value, as text.
        value: String,
    },
}

/// Why a text is no path; one sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PathError(String);

impl YamlPath {
    /// The steps, from the root.
    pub fn segments(&self) -> impl Iterator<Item = &Segment> {
        self.segments.iter().map(|(segment, _)| segment)
    }

    /// Whether it means the whole document.
    pub fn is_root(&self) -> bool {
        self.segments.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.segments.len()
    }

    pub(super) fn segment(&self, index: usize) -> Option<&Segment> {
        self.segments.get(index).map(|(segment, _)| segment)
    }

    /// The first steps as they were written; for sentences.
    pub(super) fn prefix(&self, count: usize) -> &str {
        match count
            .checked_sub(1)
            .and_then(|last| self.segments.get(last))
        {
            Some((_, range)) => &self.text[..range.end],
            None => "",
        }
    }
}

impl fmt::Display for YamlPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<YamlPath> for String {
    fn from(path: YamlPath) -> Self {
        path.text
    }
}

impl TryFrom<String> for YamlPath {
    type Error = PathError;

    fn try_from(text: String) -> Result<Self, PathError> {
        text.parse()
    }
}

impl FromStr for YamlPath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let mut segments = Vec::new();
        let mut at = 0;
        while let Some(next) = text[at..].chars().next() {
            let rest = &text[at..];
            match next {
                '.' => at += 1,
                '[' => {
                    let close = rest.find(']').ok_or_else(|| {
                        PathError(format!("the `[` of {rest:?} has no closing `]`"))
                    })?;
                    segments.push((bracket(&rest[1..close])?, at..at + close + 1));
                    at += close + 1;
                }
                _ => {
                    let end = rest.find(['.', '[']).unwrap_or(rest.len());
                    segments.push((Segment::Key(rest[..end].to_owned()), at..at + end));
                    at += end;
                }
            }
        }
        Ok(Self {
            text: text.to_owned(),
            segments,
        })
    }
}

/// What stands between brackets. The `=` test comes first, as in the reference.
fn bracket(content: &str) -> Result<Segment, PathError> {
    if let Some((key, value)) = content.split_once('=') {
        let (key, value) = (key.to_owned(), value.to_owned());
        return Ok(Segment::Item { key, value });
    }
    let quoted = ['"', '\''].iter().find_map(|quote| {
        let inner = content.strip_prefix(*quote)?.strip_suffix(*quote)?;
        Some(inner.to_owned())
    });
    if let Some(key) = quoted {
        return Ok(Segment::Key(key));
    }
    let digits = content.strip_prefix('-').unwrap_or(content);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    match content.parse() {
        Ok(index) if is_number => Ok(Segment::Index(index)),
        _ if is_number && digits.len() < content.len() => Err(PathError(format!(
            "`[{content}]` is negative; items are counted from 0, from the start"
        ))),
        _ if is_number => Err(PathError(format!("`[{content}]` is too large"))),
        _ => Err(PathError(format!(
            "`[{content}]` is neither an index, nor `[key=value]`, nor a quoted key; write `[\"{content}\"]` for a key"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<String>, String> {
        let path: YamlPath = text.parse().map_err(|error: PathError| error.to_string())?;
        Ok(path
            .segments()
            .map(|segment| match segment {
                Segment::Key(key) => key.clone(),
                Segment::Index(index) => format!("#{index}"),
                Segment::Item { key, value } => format!("{key}={value}"),
            })
            .collect())
    }

    #[test]
    fn reads_the_grammar() {
        let cases: &[(&str, &[&str])] = &[
            ("", &[]),
            ("a.b", &["a", "b"]),
            (".a..b.", &["a", "b"]),
            ("a[3].b", &["a", "#3", "b"]),
            ("[0][1]", &["#0", "#1"]),
            ("a[name=x y].b", &["a", "name=x y", "b"]),
            ("a[name=\"x\"]", &["a", "name=\"x\""]),
            ("a[=]", &["a", "="]),
            ("a[\"k.e.y\"]['b']", &["a", "k.e.y", "b"]),
            ("a[\"k=v\"]", &["a", "\"k=v\""]),
            ("a[\"\"]", &["a", ""]),
            ("list.0", &["list", "0"]),
            ("a b.ключ", &["a b", "ключ"]),
            ("a[0]b", &["a", "#0", "b"]),
            ("a]b", &["a]b"]),
        ];
        for (text, segments) in cases {
            assert_eq!(
                read(text).as_deref(),
                Ok(&segments.map_owned()[..]),
                "{text}"
            );
        }
    }

    #[test]
    fn refuses_the_rest() {
        for text in [
            "a[b]",
            "a[",
            "a[0",
            "a[-1]",
            "a[]",
            "a[ 0 ]",
            "a[1.5]",
            "a[99999999999999999999]",
            "a[\"]",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn shows_how_far_it_was_followed() {
        let path: YamlPath = "a.b[0]".parse().unwrap();
        assert_eq!(
            [0, 1, 2, 3].map(|count| path.prefix(count)),
            ["", "a", "a.b", "a.b[0]"]
        );
    }

    trait MapOwned {
        fn map_owned(&self) -> Vec<String>;
    }

    impl MapOwned for &[&str] {
        fn map_owned(&self) -> Vec<String> {
            self.iter().map(|text| (*text).to_owned()).collect()
        }
    }
}
