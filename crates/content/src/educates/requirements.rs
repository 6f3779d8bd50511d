//! `workshop/requirements.yaml`: programs that the author says the workshop needs. Educates itself ignores the file.

use serde_yaml::Value;

use super::files::Files;
use super::yaml::{self, scalar};
use crate::diagnostic::{Diagnostic, FileId, Sources, Span};
use crate::workshop::Requirement;

/// What is read of the file at most.
const MOST: usize = 100;
/// The longest hint, in characters.
const LONGEST_HINT: usize = 300;

/// Reads the file, if there is one. What cannot be read of it is reported and left out.
pub(super) fn read(files: &mut Files, sources: &mut Sources) -> Vec<Requirement> {
    let path = files.layout.beside("requirements.yaml");
    if !files.is_file(&path) {
        return Vec::new();
    }
    let Some(file) = files.read(&path, sources) else {
        return Vec::new();
    };
    let report = &mut files.diagnostics;
    let documents = yaml::documents(sources, file, "invalid-requirements", report);
    let items = match documents.first().map(yaml::Document::value) {
        Some(Value::Sequence(items)) => items,
        Some(Value::Null) | None => return Vec::new(),
        Some(_) => {
            let all = Span::new(file, 0..0);
            report.push(wrong(
                all,
                format!("{path} is not a list of programs"),
                "here",
            ));
            return Vec::new();
        }
    };
    let text = sources.file(file).text();
    let mut found: Vec<Requirement> = Vec::new();
    for (at, item) in items.iter().take(MOST).enumerate() {
        let span = item_span(file, text, at);
        match requirement(item, &span, report) {
            Some(requirement) if found.iter().any(|known| known.name == requirement.name) => {
                let message = format!("`{}` is named twice", requirement.name);
                report.push(wrong(span, message, "this one is ignored"));
            }
            requirement => found.extend(requirement),
        }
    }
    found
}

fn requirement(item: &Value, span: &Span, report: &mut Vec<Diagnostic>) -> Option<Requirement> {
    let mut problem =
        |message: String, label: &str| report.push(wrong(span.clone(), message, label));
    let name = match item {
        Value::Mapping(_) => item.get("name").and_then(scalar),
        item => scalar(item),
    };
    let Some(name) = name else {
        problem("a requirement names no program".to_owned(), "it is ignored");
        return None;
    };
    if !is_program(&name) {
        let message = format!(
            "`{name}` is no name of a program: letters, digits, `.`, `_`, `+` and `-` only"
        );
        problem(message, "it is ignored");
        return None;
    }
    let mut minimum = None;
    match item.get("version") {
        None | Some(Value::Null) => {}
        Some(Value::Number(number)) if !number.is_f64() => minimum = Some(number.to_string()),
        Some(Value::String(text)) if is_version(text) => minimum = Some(text.clone()),
        Some(Value::Number(number)) => problem(
            format!(
                "the version of `{name}` must stand in quotes: without them it is the number {number}, which may be another version"
            ),
            "any version will do",
        ),
        Some(_) => problem(
            format!("the version of `{name}` must be numbers and dots, such as \"3.11\""),
            "any version will do",
        ),
    }
    let hint = item.get("hint").and_then(scalar);
    if let Value::Mapping(keys) = item {
        let unknown = keys.keys().filter_map(scalar);
        for key in unknown.filter(|key| !matches!(key.as_str(), "name" | "version" | "hint")) {
            problem(
                format!(
                    "`{key}` says nothing about `{name}`; a requirement has `name`, `version` and `hint`"
                ),
                "it is ignored",
            );
        }
    }
    let hint = hint.map(|hint| hint.trim().chars().take(LONGEST_HINT).collect());
    Some(Requirement {
        name,
        minimum,
        hint,
    })
}

fn wrong(span: Span, message: String, label: &str) -> Diagnostic {
    Diagnostic::warning("invalid-requirements", message).at(span, label)
}

fn is_program(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '+' | '-');
    name.len() <= 64
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(plain)
}

fn is_version(text: &str) -> bool {
    text.len() <= 32 && text.split('.').all(|part| part.parse::<u32>().is_ok())
}

/// The line where an item of the list starts: good enough to point at.
fn item_span(file: FileId, text: &str, item: usize) -> Span {
    let mut at = 0;
    let mut starts = Vec::new();
    let mut indent = None;
    for line in text.split_inclusive('\n') {
        let blank = line.len() - line.trim_start().len();
        if line[blank..].starts_with('-')
            && !line.starts_with("---")
            && *indent.get_or_insert(blank) == blank
        {
            starts.push(at + blank..at + line.trim_end().len());
        }
        at += line.len();
    }
    Span::new(file, starts.get(item).cloned().unwrap_or(0..0))
}
