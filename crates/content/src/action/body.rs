//! The body of a block as a mapping.

use serde_yaml::{Mapping, Value};

use super::BrokenAction;
use super::catalog::Reader;
use super::properties::Properties;
use super::read::Block;
use super::unknown;
use crate::diagnostic::Diagnostic;
use crate::yaml;

impl Block<'_> {
    /// The body as a mapping: strict YAML first, then what can be rescued of it.
    pub(super) fn mapping(&mut self) -> Result<Mapping, BrokenAction> {
        let text = self.yaml_text();
        match yaml::parse(&text) {
            Ok(Value::Mapping(mapping)) => Ok(self.unindented(&text, &mapping).unwrap_or(mapping)),
            Ok(Value::String(_) | Value::Sequence(_)) if self.needs_nothing() => {
                let span = self.span(0..text.trim_end().len());
                self.diagnostics.push(
                    Diagnostic::warning(
                        "invalid-action",
                        "the body is not made of lines of `property: value`",
                    )
                    .at(span, "not read")
                    .help("remove it, or write one property a line"),
                );
                Ok(Mapping::new())
            }
            Ok(Value::Null) if text.trim().is_empty() => Ok(Mapping::new()),
            Ok(_) => {
                let message = "the body must be lines of `property: value`";
                let broken = self.broken("invalid-action", message, 0..text.trim_end().len());
                if let (Some(help), Some(found)) =
                    (self.missing_property(&text), self.diagnostics.last_mut())
                {
                    found.help = Some(help);
                }
                Err(broken)
            }
            Err(error) => {
                if let Some(range) = unknown::goes_on(&text) {
                    let message = "its block does not end: what follows it is read as a part of it";
                    let broken = self.broken("unclosed-fence", message, range);
                    if let Some(found) = self.diagnostics.last_mut() {
                        found.help = Some("write ``` in a line of its own above".to_owned());
                    }
                    return Err(broken);
                }
                let quoted = self.quoting_all(&text);
                let Some(mapping) = yaml::recover(&text, |key| self.knows(key)) else {
                    let message = format!("the body is not valid YAML: {}", error.message);
                    let broken = self.broken("invalid-yaml", &message, error.range);
                    if let (Some((fix, _)), Some(found)) = (quoted, self.diagnostics.last_mut()) {
                        found.help = Some(
                            "put the value into quotes, or on lines of its own below `|-`"
                                .to_owned(),
                        );
                        found.fix = Some(Box::new(fix));
                    }
                    return Err(broken);
                };
                let span = self.span(error.range);
                let fix = quoted
                    .filter(|(_, same)| *same == mapping)
                    .map(|(fix, _)| fix);
                let mut diagnostic =
                    Diagnostic::warning("rescued-yaml", format!("this is not valid YAML: {}", error.message))
                        .at(span, "read as plain text to the end of the line")
                        .help("quote the value, or write it on lines of its own below `|-`; Educates refuses it as it is");
                diagnostic.fix = fix.map(Box::new);
                self.diagnostics.push(diagnostic);
                Ok(mapping)
            }
        }
    }

    /// What a body without properties may have been meant as.
    fn missing_property(&self, text: &str) -> Option<String> {
        let line = text.lines().find(|line| !line.trim().is_empty())?.trim();
        if let Some((key, _)) = line.split_once(':')
            && self.knows(key)
        {
            return Some(format!("write a space after `{key}:`"));
        }
        let main = ["command", "text", "file", "name", "url"]
            .into_iter()
            .find(|name| self.entry.properties.contains(name))?;
        Some(format!("write `{main}: …`"))
    }

    /// Whether the action can do without any property.
    fn needs_nothing(&self) -> bool {
        let mut nothing = Properties::new(Mapping::new(), Vec::new());
        matches!(self.entry.reader, Reader::Yaml(read) if read(&mut nothing).is_ok())
    }

    /// A body that is YAML by chance alone: the lines below `|` are not indented, so that they are properties nobody knows.
    fn unindented(&mut self, text: &str, mapping: &Mapping) -> Option<Mapping> {
        let empty = mapping
            .iter()
            .any(|(_, value)| matches!(value, Value::String(text) if text.trim().is_empty()));
        let has_block = text.lines().any(|line| {
            let line = line
                .trim_end()
                .trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+'));
            line.ends_with(": |") || line.ends_with(": >")
        });
        if !empty || !has_block {
            return None;
        }
        let strange = mapping
            .keys()
            .filter_map(yaml::js_text)
            .find(|key| !self.knows(key))?;
        let rescued = yaml::recover(text, |key| self.knows(key))?;
        let span = self.key_span(&strange);
        self.diagnostics.push(
            Diagnostic::warning("rescued-yaml", "the lines below `|` are not indented")
                .at(span, "read as part of the text above")
                .help("indent the text below `|`; Educates takes it for properties"),
        );
        Some(rescued)
    }

    /// Blank lines around the body do not count; the last line ends properly, so that a block scalar keeps its newline.
    pub(super) fn yaml_text(&self) -> String {
        let body = self.fence.body.trim_end();
        if body.is_empty() {
            String::new()
        } else {
            format!("{body}\n")
        }
    }
}
