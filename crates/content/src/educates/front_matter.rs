//! The header of a page: YAML between `---`, TOML between `+++`, or a JSON object (`instructions.md` 3.1 and 3.6).

use std::ops::Range;

use super::yaml;
use crate::near::near_within;

/// What a header says.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct FrontMatter {
    /// Where the body starts.
    pub(super) body: usize,
    pub(super) title: Option<String>,
    pub(super) weight: i64,
    pub(super) draft: bool,
    /// As written: dates in ISO form compare as text.
    pub(super) date: Option<String>,
    /// Keys that are close to one that orders or hides pages, and that one.
    pub(super) misspelt: Vec<(String, &'static str)>,
    /// Why it cannot be read, and where.
    pub(super) problem: Option<(String, Range<usize>)>,
}

/// Reads the header of a page.
pub(super) fn read(text: &str) -> FrontMatter {
    let blank = text.len() - text.trim_start().len();
    let found = read_at_start(&text[blank..]);
    if blank == 0 || found == FrontMatter::default() {
        return found;
    }
    // Blank lines before a header do not count.
    FrontMatter {
        body: found.body + blank,
        problem: found
            .problem
            .map(|(reason, at)| (reason, at.start + blank..at.end + blank)),
        ..found
    }
}

fn read_at_start(text: &str) -> FrontMatter {
    if let Some(found) = fenced(text, "---") {
        return read_fenced(found, yaml_fields);
    }
    if let Some(found) = fenced(text, "+++") {
        return read_fenced(found, toml_fields);
    }
    if text.starts_with('{') && !text.starts_with("{{") {
        return json(text);
    }
    FrontMatter::default()
}

type Fields = Vec<(String, String)>;
type Problem = (String, Range<usize>);

struct Fenced<'t> {
    header: &'t str,
    start: usize,
    /// None when the header does not end.
    body: Option<usize>,
}

fn fenced<'t>(text: &'t str, mark: &str) -> Option<Fenced<'t>> {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    if first.trim_end() != mark {
        return None;
    }
    let start = text.len() - rest.len();
    let mut at = start;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == mark {
            return Some(Fenced {
                header: &text[start..at],
                start,
                body: Some(at + line.len()),
            });
        }
        at += line.len();
    }
    Some(Fenced {
        header: "",
        start,
        body: None,
    })
}

fn read_fenced(found: Fenced<'_>, fields: impl Fn(&str) -> Result<Fields, Problem>) -> FrontMatter {
    let Some(body) = found.body else {
        return FrontMatter {
            body: found.start,
            problem: Some((
                "the page's header does not end".to_owned(),
                0..found.start.saturating_sub(1),
            )),
            ..FrontMatter::default()
        };
    };
    match fields(found.header) {
        Ok(fields) => FrontMatter {
            body,
            ..from_fields(fields)
        },
        Err((message, range)) => FrontMatter {
            body,
            problem: Some((message, found.start + range.start..found.start + range.end)),
            ..FrontMatter::default()
        },
    }
}

fn yaml_fields(header: &str) -> Result<Fields, Problem> {
    if let Some(at) = crate::yaml::too_deep(header) {
        return Err(("its brackets are nested too deep".to_owned(), at..at + 1));
    }
    let value: serde_yaml::Value = serde_yaml::from_str(header).map_err(|error| {
        let at = yaml::place(header, &error);
        (yaml::reason(&error), at..at)
    })?;
    match value {
        serde_yaml::Value::Null => Ok(Fields::new()),
        serde_yaml::Value::Mapping(map) => Ok(map
            .iter()
            .filter_map(|(key, value)| Some((yaml::scalar(key)?, yaml::scalar(value)?)))
            .collect()),
        _ => Err((
            "it is not a list of `key: value`".to_owned(),
            0..header.len(),
        )),
    }
}

fn toml_fields(header: &str) -> Result<Fields, Problem> {
    let table: toml::Table = toml::from_str(header).map_err(|error: toml::de::Error| {
        (error.message().to_owned(), error.span().unwrap_or(0..0))
    })?;
    let text = |value: toml::Value| match value {
        toml::Value::String(text) => Some(text),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Float(number) => Some(number.to_string()),
        toml::Value::Boolean(flag) => Some(flag.to_string()),
        toml::Value::Datetime(date) => Some(date.to_string()),
        _ => None,
    };
    Ok(table
        .into_iter()
        .filter_map(|(key, value)| Some((key, text(value)?)))
        .collect())
}

fn json(text: &str) -> FrontMatter {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
    match values.next() {
        Some(Ok(serde_json::Value::Object(map))) => {
            let end = values.byte_offset();
            let rest = &text[end..];
            let newline = usize::from(rest.starts_with('\n'));
            let fields = map
                .into_iter()
                .filter_map(|(key, value)| match value {
                    serde_json::Value::String(text) => Some((key, text)),
                    value @ (serde_json::Value::Number(_) | serde_json::Value::Bool(_)) => {
                        Some((key, value.to_string()))
                    }
                    _ => None,
                })
                .collect();
            FrontMatter {
                body: end + newline,
                ..from_fields(fields)
            }
        }
        Some(Err(error)) => FrontMatter {
            problem: Some((error.to_string(), 0..1)),
            ..FrontMatter::default()
        },
        _ => FrontMatter::default(),
    }
}

/// Keys count however they are capitalised.
fn from_fields(fields: Fields) -> FrontMatter {
    let mut found = FrontMatter::default();
    for (key, value) in fields {
        match key.to_ascii_lowercase().as_str() {
            "title" => found.title = Some(value).filter(|title| !title.trim().is_empty()),
            "weight" => {
                found.weight = value
                    .trim()
                    .parse::<f64>()
                    .map_or(0, |weight| weight as i64);
            }
            "draft" => found.draft = value == "true",
            "date" => found.date = Some(value),
            other => {
                // `height` may be a key of a theme.
                let meant = near_within(other, ["weight", "draft"], |_| 1)
                    .filter(|near| other.starts_with(&near.name[..1]));
                found
                    .misspelt
                    .extend(meant.map(|near| (key.clone(), near.name)));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_three_forms() {
        let cases = [
            "---\nTitle: A: b\n---\nbody",
            "---\ntitle: \"T\"\nweight: 3\ndraft: true\ndate: 2024-01-02\ntags: [x]\n---\nbody",
            "+++\ntitle = 'T'\nweight = 3\ndraft = true\ndate = 2024-01-02\n+++\nbody",
            "{\"title\": \"T\", \"weight\": 3, \"draft\": true, \"date\": \"2024-01-02\"}\nbody",
            "no header",
            "{{< note >}}x{{< /note >}}",
            "---\n---\nbody",
        ];
        let found: Vec<_> = cases.map(read).to_vec();
        assert!(found[0].problem.is_some());
        for (found, text) in found[1..4].iter().zip(&cases[1..4]) {
            assert_eq!(&text[found.body..], "body");
            assert_eq!(found.title.as_deref(), Some("T"));
            assert_eq!((found.weight, found.draft), (3, true));
            assert_eq!(found.date.as_deref(), Some("2024-01-02"));
        }
        assert_eq!(found[4], FrontMatter::default());
        assert_eq!(found[5], FrontMatter::default());
        assert_eq!((found[6].body, &found[6].problem), (8, &None));
        let late = "\n \n---\ntitle: T\nweight: 10.0\n---\nbody";
        let found = read(late);
        assert_eq!((&late[found.body..], found.weight), ("body", 10));
        assert_eq!(read("\n\nno header").body, 0);
    }

    #[test]
    fn points_at_what_is_wrong_and_keeps_the_body() {
        for (text, at) in [
            ("---\ntitle: a\nb: [\n---\nbody", 4..=20),
            ("+++\ntitle = x\n+++\nbody", 4..=17),
            ("---\n- a\n---\nbody", 4..=8),
        ] {
            let found = read(text);
            assert_eq!(&text[found.body..], "body");
            let (_, range) = found.problem.expect("a problem");
            assert!(at.contains(&range.start), "{text:?} {range:?}");
        }
        let open = read("---\ntitle: a\n");
        assert_eq!(open.body, 4);
        assert!(open.problem.is_some());
        assert!(read("{\"a\": ").problem.is_some());
    }
}
