//! Values as YAML text, in the style of the document they go into.

use serde_yaml::{Mapping, Value};

use super::scalar::{inline, literal, quoted};
use super::tree::{Document, Kind, Node};

/// How values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Style {
    /// Columns from a key to the keys below it.
    pub(super) step: usize,
    /// Columns from a key to the dashes below it; some write them flush.
    pub(super) list_step: usize,
    /// Whether texts of several lines may be written as `|`.
    pub(super) literals: bool,
    /// Whether collections may be written on lines of their own.
    pub(super) blocks: bool,
    /// The document is JSON and stays JSON.
    pub(super) json: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            step: 2,
            list_step: 2,
            literals: true,
            blocks: true,
            json: false,
        }
    }
}

/// A value after its key or dash.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    /// What stands on the line of the key or dash; empty when all is below.
    pub(super) head: String,
    /// The lines below, indented.
    pub(super) below: Vec<String>,
}

impl Style {
    /// The style of a document, as far as it shows one.
    pub(super) fn of(document: &Document<'_>) -> Self {
        let mut style = Self::default();
        let body = &document.text[document.start..document.end];
        let Some(root) = &document.root else {
            return style;
        };
        style.json = root.is_flow() && serde_json::from_str::<serde::de::IgnoredAny>(body).is_ok();
        if let Some(step) = first_step(document, root, false) {
            style.step = step;
        }
        if let Some(step) = first_step(document, root, true) {
            style.list_step = step;
        } else {
            style.list_step = style.step;
        }
        style
    }

    /// A value after a key that stands at this column.
    pub(super) fn after_key(&self, value: &Value, column: usize) -> Written {
        if self.blocks && !is_empty(value) {
            let column = match value {
                Value::Mapping(_) => column + self.step,
                Value::Sequence(_) => column + self.list_step,
                _ => return self.scalar(value, column + self.step),
            };
            let mut below = self.block(value, column);
            if let Some(first) = below.first_mut() {
                first.insert_str(0, &" ".repeat(column));
            }
            return Written {
                head: String::new(),
                below,
            };
        }
        self.scalar(value, column + self.step)
    }

    /// A value after a dash, beginning at this column.
    pub(super) fn after_dash(&self, value: &Value, column: usize) -> Written {
        let mut lines = self.block(value, column).into_iter();
        Written {
            head: lines.next().unwrap_or_default(),
            below: lines.collect(),
        }
    }

    /// A key and its value at this column, as lines; the first is not indented.
    pub(super) fn entry(&self, key: &Value, value: &Value, column: usize) -> Vec<String> {
        let Written { head, below } = self.after_key(value, column);
        let mut first = format!("{}:", self.flow(key));
        if !head.is_empty() {
            first.push(' ');
            first.push_str(&head);
        }
        std::iter::once(first).chain(below).collect()
    }

    /// The lines of a value that begins at this column; the first is not indented.
    pub(super) fn block(&self, value: &Value, column: usize) -> Vec<String> {
        let parts: Vec<Vec<String>> = match value {
            Value::Mapping(entries) if self.blocks && !entries.is_empty() => entries
                .iter()
                .map(|(key, value)| self.entry(key, value, column))
                .collect(),
            Value::Sequence(items) if self.blocks && !items.is_empty() => items
                .iter()
                .map(|item| self.item(item, column, 2))
                .collect(),
            _ => {
                let Written { head, below } = self.scalar(value, column.max(2));
                return std::iter::once(head).chain(below).collect();
            }
        };
        let indent = " ".repeat(column);
        let mut lines = Vec::new();
        for mut part in parts {
            if !lines.is_empty()
                && let Some(first) = part.first_mut()
            {
                first.insert_str(0, &indent);
            }
            lines.append(&mut part);
        }
        lines
    }

    /// A dash and its value, the value so many columns after the dash; the first line is not indented.
    pub(super) fn item(&self, value: &Value, column: usize, gap: usize) -> Vec<String> {
        let Written { head, below } = self.after_dash(value, column + gap);
        let dash = format!("{:<gap$}", "-");
        std::iter::once(dash + &head).chain(below).collect()
    }

    /// A value that is no block collection; the lines of a literal are indented this far.
    fn scalar(&self, value: &Value, indent: usize) -> Written {
        if let Value::String(text) = value
            && self.literals
            && let Some((header, lines)) = literal(text)
        {
            let indent = " ".repeat(indent);
            let below = lines.into_iter().map(|line| match line {
                "" => String::new(),
                line => format!("{indent}{line}"),
            });
            return Written {
                head: header.to_owned(),
                below: below.collect(),
            };
        }
        let head = match value {
            Value::Mapping(_) | Value::Sequence(_) => self.flow(value),
            _ => inline(value, false),
        };
        Written {
            head,
            below: Vec::new(),
        }
    }

    /// A value on one line, as it stands in brackets and braces.
    pub(super) fn flow(&self, value: &Value) -> String {
        match value {
            Value::Mapping(entries) if entries.is_empty() => "{}".to_owned(),
            Value::Mapping(entries) => {
                let entries: Vec<_> = entries
                    .iter()
                    .map(|(key, value)| self.flow_entry(key, value))
                    .collect();
                let entries = entries.join(", ");
                if self.json {
                    format!("{{{entries}}}")
                } else {
                    format!("{{ {entries} }}")
                }
            }
            Value::Sequence(items) => {
                let items: Vec<_> = items.iter().map(|item| self.flow(item)).collect();
                format!("[{}]", items.join(", "))
            }
            Value::String(text) if self.json => quoted_as_json(text),
            _ => inline(value, true),
        }
    }

    pub(super) fn flow_entry(&self, key: &Value, value: &Value) -> String {
        let key = match key {
            Value::String(text) if self.json => quoted_as_json(text),
            key if self.json => quoted(&inline(key, true)),
            key => self.flow(key),
        };
        format!("{key}: {}", self.flow(value))
    }
}

/// A value as it would stand in a file of its own; ends with a newline.
pub(crate) fn to_yaml(value: &Value) -> String {
    Style::default().block(value, 0).join("\n") + "\n"
}

fn quoted_as_json(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_else(|_| quoted(text))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Mapping(entries) => Mapping::is_empty(entries),
        Value::Sequence(items) => items.is_empty(),
        _ => false,
    }
}

/// How far the first block mapping, or list, below a key of a block mapping is indented.
fn first_step(document: &Document<'_>, node: &Node, list: bool) -> Option<usize> {
    if let Kind::Mapping { entries, .. } = &node.kind
        && !node.is_flow()
    {
        for entry in entries {
            let wanted = match &entry.value.kind {
                Kind::Sequence { .. } => list,
                Kind::Mapping { .. } => !list,
                _ => false,
            };
            let below = wanted && !entry.value.is_flow() && document.begins_line(entry.value.start);
            if below {
                let columns = document
                    .column(entry.value.start)
                    .checked_sub(document.column(entry.start));
                return columns.filter(|step| list || *step > 0);
            }
        }
    }
    node.children()
        .into_iter()
        .find_map(|child| first_step(document, child, list))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_values() {
        let text = "name: init\ncommand:\n  - echo\n  - - a\n    - b\n  - x: 1\n    y: |\n      l\n\n      m\nempty: {}\nnone: null\nlist: []\n";
        let value: Value = serde_yaml::from_str(text).unwrap();
        assert_eq!(to_yaml(&value), text);
        assert_eq!(
            Style::default().flow(&value),
            r#"{ name: init, command: [echo, [a, b], { x: 1, y: "l\n\nm\n" }], empty: {}, none: null, list: [] }"#
        );
        assert_eq!(to_yaml(&"a\nb".into()), "|-\n  a\n  b\n");
    }
}
