//! A classic page's source → Markdown with variables filled in (`instructions.md` 6.5 and 7.3).
//!
//! Variables, `{% raw %}` and `{% comment %}` are played; other tags and filters are reported.

use std::ops::Range;

use super::lint::undefined;
use crate::diagnostic::{Diagnostic, FileId, Span};
use crate::render::{Builder, Dialect, Expanded, Markup, SlotKind};
use crate::variables::Variables;

/// Expands a range of a page's file.
pub(super) fn expand(
    source: &str,
    range: Range<usize>,
    file: FileId,
    variables: &Variables,
) -> Expanded {
    let mut page = Page {
        source,
        end: range.end,
        file,
        variables,
        builder: Builder::new(source, Markup::Markdown(Dialect::CLASSIC), 0),
        endless: Vec::new(),
    };
    page.expand(range.start);
    page.builder.finish()
}

struct Page<'a> {
    source: &'a str,
    end: usize,
    file: FileId,
    variables: &'a Variables,
    builder: Builder<'a>,
    /// Tags that nothing closes from here on: looked for once, not again for each of them.
    endless: Vec<&'static str>,
}

impl Page<'_> {
    fn expand(&mut self, start: usize) {
        let mut at = start;
        while let Some(found) = self.source[at..self.end].find('{').map(|found| at + found) {
            let close = match self.source.as_bytes().get(found + 1) {
                Some(b'{') => "}}",
                Some(b'%') => "%}",
                _ => {
                    self.text(at..found + 1);
                    at = found + 1;
                    continue;
                }
            };
            let inner = found + 2;
            let trims = self.source[inner..self.end].starts_with('-');
            let before = &self.source[at..found];
            self.text(
                at..at
                    + if trims {
                        before.trim_end().len()
                    } else {
                        before.len()
                    },
            );
            let Some(end) = self.source[inner..self.end]
                .find(close)
                .map(|end| inner + end)
            else {
                self.builder.report(
                    Diagnostic::error(
                        "unclosed-liquid",
                        format!("`{}` is not closed", &self.source[found..inner]),
                    )
                    .at(self.span(found..inner), "opens here"),
                );
                self.builder.card(format!(
                    "`{}` is not closed on this page",
                    &self.source[found..inner]
                ));
                // What was not closed here is not closed further on: the rest is text.
                self.text(found..self.end);
                return;
            };
            let whole = found..end + 2;
            let expression = self.source[inner..end].trim_matches('-').trim();
            at = if close == "}}" {
                self.output(expression, whole)
            } else {
                self.tag(expression, whole)
            };
            if self.source[inner..end].ends_with('-') {
                let rest = &self.source[at..self.end];
                at += rest.len() - rest.trim_start().len();
            }
        }
        self.text(at..self.end);
    }

    /// `{{ name }}`: the value as raw text, before Markdown is read.
    fn output(&mut self, expression: &str, whole: Range<usize>) -> usize {
        let end = whole.end;
        let (name, filters) = match expression.split_once('|') {
            Some((name, filters)) => (name.trim(), Some(filters)),
            None => (expression, None),
        };
        if matches!(name, "copy" | "< copy >" | "<copy>") {
            if name != "copy" {
                self.builder.report(
                    Diagnostic::warning("shortcode-in-classic", "classic pages have no shortcodes")
                        .at(self.span(whole.clone()), "prints `false` elsewhere")
                        .help("write `{{copy}}`"),
                );
            }
            self.builder.slot(SlotKind::Copy, whole);
            return end;
        }
        if filters.is_some() {
            self.builder.report(
                Diagnostic::warning("unsupported-liquid", "filters are not played yet")
                    .at(self.span(whole.clone()), "the value is left as it is"),
            );
        }
        let quoted = name.len() >= 2
            && ['"', '\'']
                .iter()
                .any(|quote| name.starts_with(*quote) && name.ends_with(*quote));
        match self.variables.get(name) {
            Some(value) => self.builder.replace(value, whole),
            None if quoted => self.builder.replace(&name[1..name.len() - 1], whole),
            None => {
                let diagnostic = undefined(name, self.span(whole), self.variables);
                self.builder.report(diagnostic);
            }
        }
        end
    }

    /// `{% name … %}`; says where to go on.
    fn tag(&mut self, expression: &str, whole: Range<usize>) -> usize {
        let name = expression.split_whitespace().next().unwrap_or_default();
        match name {
            "raw" | "comment" => {
                let name = if name == "raw" { "raw" } else { "comment" };
                if !self.endless.contains(&name) {
                    if let Some(close) = self.closing_tag(whole.end, name) {
                        if name == "raw" {
                            self.text(whole.end..close.start);
                        }
                        return close.end;
                    }
                    self.endless.push(name);
                }
                self.broken(
                    "unclosed-liquid",
                    format!("`{{% {name} %}}` is not closed"),
                    whole.clone(),
                );
            }
            _ if KNOWN.contains(&name) => self.broken(
                "unsupported-liquid",
                format!("`{{% {name} %}}` is not played yet"),
                whole.clone(),
            ),
            _ => {
                let message = format!("there is no tag `{{% {name} %}}`");
                self.builder
                    .card(format!("This page has an error: {message}"));
                self.broken("unknown-liquid-tag", message, whole.clone());
            }
        }
        whole.end
    }

    fn broken(&mut self, code: &'static str, message: String, whole: Range<usize>) {
        let label = self.source[whole.clone()].to_owned();
        self.builder.report(
            Diagnostic::error(code, message.clone())
                .at(self.span(whole.clone()), "shown as it is written"),
        );
        self.builder.slot(SlotKind::Chip { message, label }, whole);
    }

    /// `{% endraw %}` after a place.
    fn closing_tag(&self, from: usize, name: &str) -> Option<Range<usize>> {
        let mut at = from;
        while let Some(end) = self.source[at..self.end].find("%}").map(|found| at + found) {
            if let Some(open) = self.source[at..end].rfind("{%").map(|found| at + found) {
                let word = self.source[open + 2..end].trim_matches('-').trim();
                if word.strip_prefix("end") == Some(name) {
                    return Some(open..end + 2);
                }
            }
            at = end + 2;
        }
        None
    }

    /// Text, with `%name%` for every variable there is.
    fn text(&mut self, range: Range<usize>) {
        let mut copied = range.start;
        let mut at = range.start;
        while let Some(open) = self.source[at..range.end].find('%').map(|found| at + found) {
            let rest = &self.source[open + 1..range.end];
            let length = rest
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            let value = rest[length..]
                .starts_with('%')
                .then(|| self.variables.get(&rest[..length]))
                .flatten();
            at = open + 1 + length;
            if let Some(value) = value {
                self.builder.copy(copied..open);
                at += 1;
                self.builder.replace(value, open..at);
                copied = at;
            }
        }
        self.builder.copy(copied..range.end);
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, range)
    }
}

/// Tags of the language that are not played yet.
const KNOWN: [&str; 20] = [
    "if",
    "elsif",
    "else",
    "endif",
    "unless",
    "endunless",
    "case",
    "when",
    "endcase",
    "for",
    "endfor",
    "assign",
    "capture",
    "endcapture",
    "include",
    "render",
    "increment",
    "decrement",
    "cycle",
    "tablerow",
];
