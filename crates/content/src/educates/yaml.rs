//! Lenient reading of configuration: what has the wrong type is reported and treated as absent.

use std::cell::RefCell;

use serde_yaml::Value;

use crate::diagnostic::{Diagnostic, FileId, Sources, Span};
use crate::yaml::{read_lenient, repeated_keys, too_deep};

/// A YAML document of a configuration file.
#[derive(Debug)]
pub(super) struct Document<'r> {
    root: Value,
    file: FileId,
    text: &'r str,
    code: &'static str,
}

/// Reads every document of a file; a syntax error is reported and ends the list.
pub(super) fn documents<'r>(
    sources: &'r Sources,
    file: FileId,
    code: &'static str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Document<'r>> {
    let text = sources.file(file).text();
    let mut found = Vec::new();
    if let Some(at) = too_deep(text) {
        let path = sources.file(file).path();
        diagnostics.push(
            Diagnostic::error(
                code,
                format!("{path} is not read: its brackets are nested too deep"),
            )
            .at(Span::new(file, at..at + 1), "this one is too much")
            .help("close brackets that are open, or quote text that has brackets in it"),
        );
        return found;
    }
    let repeated = RefCell::default();
    for document in serde_yaml::Deserializer::from_str(text) {
        match read_lenient(document, &repeated) {
            Ok(mut root) => {
                // A merge key that is no mapping stays an ordinary key.
                let _ = root.apply_merge();
                found.push(Document {
                    root,
                    file,
                    text,
                    code,
                });
            }
            Err(error) => {
                let at = place(text, &error);
                let path = sources.file(file).path();
                diagnostics.push(
                    Diagnostic::error(code, format!("{path} is not valid YAML"))
                        .at(Span::new(file, at..at), reason(&error)),
                );
                break;
            }
        }
    }
    report_repeated(&repeated.into_inner(), file, text, diagnostics);
    found
}

fn report_repeated(names: &[String], file: FileId, text: &str, diagnostics: &mut Vec<Diagnostic>) {
    if names.is_empty() {
        return;
    }
    // Those of further documents, and what is written in an unusual way, have no place.
    let mut places = repeated_keys(text).into_iter().peekable();
    for name in names {
        let place = places.next_if(|place| text[place.clone()].contains(name.as_str()));
        diagnostics.push(
            Diagnostic::warning(
                "duplicate-key",
                format!("the key `{name}` stands twice in its mapping"),
            )
            .at(
                Span::new(file, place.unwrap_or(0..0)),
                "this one counts, the earlier one is lost",
            )
            .help("put what both hold below one of them"),
        );
    }
}

/// What a YAML error says, without its place.
pub(super) fn reason(error: &serde_yaml::Error) -> String {
    let text = error.to_string();
    match text.split(" at line ").next() {
        Some(reason) => reason.to_owned(),
        None => text,
    }
}

/// Where in the text a YAML error is.
pub(super) fn place(text: &str, error: &serde_yaml::Error) -> usize {
    let Some(location) = error.location() else {
        return 0;
    };
    let line = text
        .split_inclusive('\n')
        .take(location.line().saturating_sub(1))
        .map(str::len)
        .sum::<usize>()
        .min(text.len());
    let column = location.column().saturating_sub(1);
    text[line..]
        .char_indices()
        .nth(column)
        .map_or(text.len(), |(at, _)| line + at)
}

impl<'r> Document<'r> {
    pub(super) fn value(&self) -> &Value {
        &self.root
    }

    /// The value at a route of keys: `spec.session.env`.
    pub(super) fn get(&self, route: &str) -> Option<&Value> {
        route
            .split('.')
            .try_fold(&self.root, |value, key| value.get(key))
            .filter(|value| !value.is_null())
    }

    /// Whether there is something at a route.
    pub(super) fn has(&self, route: &str) -> bool {
        self.get(route).is_some_and(|value| !is_empty(value))
    }

    /// The scalar at a route, as text.
    pub(super) fn text(&self, route: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
        let value = self.get(route)?;
        let text = scalar(value);
        if text.is_none() {
            diagnostics.push(self.wrong(route, "text"));
        }
        text
    }

    /// The boolean at a route, else the default.
    pub(super) fn flag(
        &self,
        route: &str,
        default: bool,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> bool {
        match self.get(route) {
            None => default,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => {
                diagnostics.push(self.wrong(route, "`true` or `false`"));
                default
            }
        }
    }

    /// The items of the list at a route.
    pub(super) fn list(&self, route: &str, diagnostics: &mut Vec<Diagnostic>) -> &[Value] {
        match self.get(route) {
            Some(Value::Sequence(items)) => items,
            None => &[],
            Some(_) => {
                diagnostics.push(self.wrong(route, "a list"));
                &[]
            }
        }
    }

    /// The scalars of the list at a route.
    pub(super) fn texts(&self, route: &str, diagnostics: &mut Vec<Diagnostic>) -> Vec<String> {
        let items = self.list(route, diagnostics);
        items.iter().filter_map(scalar).collect()
    }

    fn wrong(&self, route: &str, expected: &str) -> Diagnostic {
        Diagnostic::warning(
            self.code,
            format!("`{route}` must be {expected}; it is ignored"),
        )
        .at(self.span(route), "this key")
    }

    /// Where a part of a value stands in the file: in the value if that is written as it reads, else where the part comes
    /// first.
    pub(super) fn find(&self, part: &str, value: &str) -> Option<Span> {
        let from = self.text.find(value).unwrap_or(0);
        let at = from + self.text[from..].find(part)?;
        Some(Span::new(self.file, at..at + part.len()))
    }

    /// Where a text stands last.
    pub(super) fn last(&self, text: &str) -> Span {
        let at = self.text.rfind(text).unwrap_or_default();
        Span::new(self.file, at..(at + text.len()).min(self.text.len()))
    }

    /// Where a key is written, whatever it is below of; the first one where there are several.
    pub(super) fn key(&self, key: &str) -> Span {
        let mut at = 0;
        for line in self.text.split_inclusive('\n') {
            let named = line.match_indices(key).map(|(found, _)| found);
            let mut named = named.filter(|found| {
                let before = line[..*found].trim_end_matches(['"', '\'']);
                let after = line[found + key.len()..].trim_start_matches(['"', '\'']);
                let is_key = before.ends_with([' ', '{', '-', '\t']) || before.is_empty();
                is_key && after.trim_start().starts_with(':')
            });
            if let Some(found) = named.next() {
                return Span::new(self.file, at + found..at + found + key.len());
            }
            at += line.len();
        }
        Span::new(self.file, 0..0)
    }

    /// The key at the end of a route in the file's text: good enough to point at, not to edit.
    pub(super) fn span(&self, route: &str) -> Span {
        let mut from = 0;
        let mut found = 0..0;
        for key in route.split('.') {
            let mut at = from;
            for line in self.text[from..].split_inclusive('\n') {
                let indent = line.len() - line.trim_start_matches([' ', '-']).len();
                let rest = &line[indent..];
                let named = rest.strip_prefix(key).or_else(|| {
                    let quoted = rest.strip_prefix(['"', '\''])?;
                    quoted.strip_prefix(key)?.strip_prefix(['"', '\''])
                });
                if named.is_some_and(|rest| rest.trim_start().starts_with(':')) {
                    found = at + indent..at + indent + key.len();
                    from = at + line.len();
                    break;
                }
                at += line.len();
            }
        }
        Span::new(self.file, found)
    }
}

/// A scalar as text; `null` and collections are none.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Tagged(tagged) => scalar(&tagged.value),
        _ => None,
    }
}

/// The scalar at a key of a mapping, as text.
pub(super) fn field(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(scalar)
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Sequence(items) => items.is_empty(),
        Value::Mapping(map) => map.is_empty(),
        _ => false,
    }
}
