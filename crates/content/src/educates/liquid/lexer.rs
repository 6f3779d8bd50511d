//! A classic page's source → text and Liquid tags, white space trimmed where `-` says so.

use std::ops::Range;

/// A piece of a source; ranges are bytes of its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// What stands between tags.
    Text(Range<usize>),
    /// `{{ expression }}`
    Output {
        inner: Range<usize>,
        whole: Range<usize>,
    },
    /// `{% name arguments %}`
    Tag {
        name: Range<usize>,
        arguments: Range<usize>,
        whole: Range<usize>,
    },
    /// `{{`, `{%`, `{% raw %}` or `{% comment %}` that nothing closes.
    Unclosed(Range<usize>),
}

/// Splits a range of a source.
pub(super) fn tokens(source: &str, range: Range<usize>) -> Vec<Token> {
    let mut lexer = Lexer {
        source: &source[..range.end],
        at: range.start,
        found: Vec::new(),
        endless: Vec::new(),
    };
    lexer.run();
    lexer.found
}

struct Lexer<'s> {
    /// Up to the end of the range.
    source: &'s str,
    at: usize,
    found: Vec<Token>,
    /// Tags that nothing closes from here on: looked for once, not again for each of them.
    endless: Vec<&'static str>,
}

impl Lexer<'_> {
    fn run(&mut self) {
        let mut search = self.at;
        while let Some(open) = self.find(search, "{") {
            let close = match self.source.as_bytes().get(open + 1) {
                Some(b'{') => "}}",
                Some(b'%') => "%}",
                _ => {
                    search = open + 1;
                    continue;
                }
            };
            self.text_before(open, open + 2);
            let Some(end) = self.find(open + 2, close) else {
                self.found.push(Token::Unclosed(open..open + 2));
                // What was not closed here is not closed further on: the rest is text.
                self.at = open + 2;
                break;
            };
            self.at = self.after(end);
            if close == "}}" {
                self.found.push(Token::Output {
                    inner: self.inner(open, end),
                    whole: open..end + 2,
                });
            } else {
                self.tag(open, end);
            }
            search = self.at;
        }
        self.push_text(self.at..self.source.len());
    }

    fn tag(&mut self, open: usize, end: usize) {
        let inner = self.inner(open, end);
        let text = &self.source[inner.clone()];
        let length = if text.starts_with('#') { 1 } else { word(text) };
        let name = inner.start..inner.start + length;
        let verbatim = match &text[..length] {
            "raw" => Some("raw"),
            "comment" => Some("comment"),
            _ => None,
        };
        if let Some(verbatim) = verbatim {
            match self.closing(verbatim) {
                Some((close, close_end)) => {
                    if verbatim == "raw" {
                        self.text_before(close, close + 2);
                    }
                    self.at = self.after(close_end);
                }
                None => self.found.push(Token::Unclosed(open..end + 2)),
            }
            return;
        }
        if &text[..length] == "liquid" {
            return self.lines(name.end..inner.end);
        }
        self.found.push(Token::Tag {
            arguments: name.end..inner.end,
            name,
            whole: open..end + 2,
        });
    }

    /// `{% liquid %}`: every line is a tag.
    fn lines(&mut self, range: Range<usize>) {
        let mut at = range.start;
        let mut in_comment = false;
        for line in self.source[range].split_inclusive('\n') {
            let text = line.trim();
            let start = at + (line.len() - line.trim_start().len());
            at += line.len();
            let length = if text.starts_with('#') { 1 } else { word(text) };
            in_comment = match &text[..length] {
                "comment" => true,
                "endcomment" => false,
                _ if in_comment || text.is_empty() => in_comment,
                _ => {
                    let whole = start..start + text.len();
                    self.found.push(Token::Tag {
                        name: start..start + length,
                        arguments: start + length..whole.end,
                        whole,
                    });
                    false
                }
            };
        }
    }

    /// Where `{% endraw %}` and its kin opens, and its `%}`.
    fn closing(&mut self, name: &'static str) -> Option<(usize, usize)> {
        if self.endless.contains(&name) {
            return None;
        }
        let mut at = self.at;
        while let Some(end) = self.find(at, "%}") {
            if let Some(open) = self.source[at..end].rfind("{%").map(|found| at + found) {
                let word = self.source[open + 2..end].trim_matches('-').trim();
                if word.strip_prefix("end") == Some(name) {
                    return Some((open, end));
                }
            }
            at = end + 2;
        }
        self.endless.push(name);
        None
    }

    /// Text up to a tag, which trims it when it starts with `-`.
    fn text_before(&mut self, open: usize, inner: usize) {
        let mut end = open;
        if self.source[inner..].starts_with('-') {
            let text = &self.source[self.at..open];
            end = self.at + text.trim_end().len();
        }
        self.push_text(self.at..end);
    }

    fn push_text(&mut self, range: Range<usize>) {
        if !range.is_empty() {
            self.found.push(Token::Text(range));
        }
    }

    /// What stands between the brackets, without `-` and white space.
    fn inner(&self, open: usize, end: usize) -> Range<usize> {
        let text = &self.source[open + 2..end];
        let text = text.strip_prefix('-').unwrap_or(text);
        let text = text.strip_suffix('-').unwrap_or(text);
        let text = text.trim();
        let start = text.as_ptr() as usize - self.source.as_ptr() as usize;
        start..start + text.len()
    }

    /// Where to go on after a tag whose closing bracket is at `end`.
    fn after(&self, end: usize) -> usize {
        let rest = &self.source[end + 2..];
        if self.source[..end].ends_with('-') {
            end + 2 + (rest.len() - rest.trim_start().len())
        } else {
            end + 2
        }
    }

    fn find(&self, from: usize, what: &str) -> Option<usize> {
        self.source[from..].find(what).map(|found| from + found)
    }
}

/// The length of the name that a text starts with.
fn word(text: &str) -> usize {
    text.find(|c: char| !(c.is_alphanumeric() || c == '_'))
        .unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lex(source: &str) -> String {
        let show = |token: &Token| match token {
            Token::Text(range) => format!("{:?}", &source[range.clone()]),
            Token::Output { inner, whole } => {
                format!("{} = {:?}", &source[whole.clone()], &source[inner.clone()])
            }
            Token::Tag {
                name, arguments, ..
            } => format!(
                "%{} {:?}",
                &source[name.clone()],
                &source[arguments.clone()]
            ),
            Token::Unclosed(range) => format!("unclosed {}", &source[range.clone()]),
        };
        let found = tokens(source, 0..source.len());
        found.iter().map(show).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn splits_and_trims() {
        insta::assert_snapshot!(lex("a {{ x }} b {{- y -}} c {%- if z -%} d{%endif%}"), @r#"
        "a "
        {{ x }} = "x"
        " b"
        {{- y -}} = "y"
        "c"
        %if " z"
        "d"
        %endif ""
        "#);
        insta::assert_snapshot!(lex("{% raw -%} {{ a }}{% if %} {%- endraw %}{% comment %}{{ x {% endcomment %}.{% # y %}"), @r#"
        "{{ a }}{% if %}"
        "."
        %# " y"
        "#);
        insta::assert_snapshot!(lex("{{-}} {%%} {{}}"), @r#"
        {{-}} = ""
        % ""
        " "
        {{}} = ""
        "#);
    }

    #[test]
    fn what_is_not_closed_is_text() {
        insta::assert_snapshot!(lex("{% raw %} a {% comment %} b {{ c"), @r#"
        unclosed {% raw %}
        " a "
        unclosed {% comment %}
        " b "
        unclosed {{
        " c"
        "#);
    }
}
