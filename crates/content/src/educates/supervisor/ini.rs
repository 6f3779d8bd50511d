//! The dialect of INI that supervisor's files are written in: Python's, with comments after values.
//!
//! No library reads it: a value goes on in lines that are indented deeper, ` ;` and ` #` begin a comment, and every key must
//! be found again for a diagnostic.

use std::ops::Range;

/// A section with its entries; the same name may come up again.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Section {
    /// What stands between the brackets.
    pub(super) name: String,
    /// The header, in bytes.
    pub(super) span: Range<usize>,
    pub(super) entries: Vec<Entry>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// In small letters.
    pub(super) key: String,
    /// Its lines, without comments and the space around them.
    pub(super) value: String,
    /// The key, in bytes.
    pub(super) span: Range<usize>,
}

/// A line that means nothing, and what it should be.
pub(super) type Stray = (Range<usize>, &'static str);

/// Reads a file; what cannot be read is left out and returned beside it.
pub(super) fn sections(text: &str) -> (Vec<Section>, Vec<Stray>) {
    let mut sections: Vec<Section> = Vec::new();
    let mut strays = Vec::new();
    // How deep the entry is indented that may go on.
    let mut open: Option<usize> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let content = without_comment(line).trim_end();
        let indent = content.len() - content.trim_start().len();
        let content = content.trim_start();
        if content.is_empty() {
            continue;
        }
        let span = start + indent..start + indent + content.len();
        let last = sections.last_mut();
        if let (Some(depth), Some(section)) = (open, last)
            && indent > depth
            && let Some(entry) = section.entries.last_mut()
        {
            entry.value.push('\n');
            entry.value.push_str(content);
            continue;
        }
        open = None;
        if let Some(header) = content.strip_prefix('[') {
            match header.rfind(']') {
                Some(end) if end > 0 => sections.push(Section {
                    name: header[..end].to_owned(),
                    span,
                    entries: Vec::new(),
                }),
                _ => strays.push((span, "a section begins with `[program:NAME]`")),
            }
            continue;
        }
        let Some(middle) = content.find(['=', ':']) else {
            strays.push((span, "a line is `key=value`"));
            continue;
        };
        let Some(section) = sections.last_mut() else {
            strays.push((span, "it stands before the first section"));
            continue;
        };
        let key = content[..middle].trim_end();
        section.entries.push(Entry {
            key: key.to_lowercase(),
            value: content[middle + 1..].trim_start().to_owned(),
            span: span.start..span.start + key.len(),
        });
        open = Some(indent);
    }
    (sections, strays)
}

/// A line up to where its comment begins.
fn without_comment(line: &str) -> &str {
    let starts = line.char_indices().filter(|(_, c)| matches!(c, ';' | '#'));
    let mut comments = starts.filter(|(at, _)| {
        let before = &line[..*at];
        before.is_empty() || before.ends_with(char::is_whitespace)
    });
    comments.next().map_or(line, |(at, _)| &line[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, Vec<(String, String)>)> {
        let pairs = |section: Section| {
            let entries = section.entries.into_iter();
            let entries = entries.map(|entry| (entry.key, entry.value)).collect();
            (section.name, entries)
        };
        sections(text).0.into_iter().map(pairs).collect()
    }

    fn pair(key: &str, value: &str) -> (String, String) {
        (key.to_owned(), value.to_owned())
    }

    #[test]
    fn reads_keys_comments_and_lines_that_go_on() {
        let text = "; a comment\n[program:web]  ; another\nCommand = run --a=b ; here\n\n# all of it\nenvironment=A=\"1;2\",\n    B=\"3\" # no\n  ; between\n  C=4\nurl: http://x#y\n";
        let expected = [
            pair("command", "run --a=b"),
            pair("environment", "A=\"1;2\",\nB=\"3\"\nC=4"),
            pair("url", "http://x#y"),
        ];
        assert_eq!(read(text), [("program:web".to_owned(), expected.to_vec())]);
    }

    #[test]
    fn points_at_what_means_nothing() {
        let text = "a=1\n[broken\n[program:x]\nnonsense\ncommand=y\n";
        let (read, strays) = sections(text);
        let at: Vec<_> = strays.iter().map(|(span, _)| &text[span.clone()]).collect();
        assert_eq!(at, ["a=1", "[broken", "nonsense"]);
        let entry = &read[0].entries[0];
        assert_eq!((&text[entry.span.clone()], &*entry.value), ("command", "y"));
    }
}
