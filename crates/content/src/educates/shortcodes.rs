//! Finds shortcodes in a page's body (`instructions.md` 5.1).

use std::borrow::Cow;
use std::ops::Range;

/// A piece of a page's body; ranges are bytes of the page's file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'s> {
    /// Anything else.
    Text(Range<usize>),
    /// `{{</* note */>}}`: what it prints.
    Literal(Range<usize>, String),
    /// A shortcode.
    Tag(Tag<'s>),
    /// What starts like a shortcode and is none.
    Broken(Range<usize>, &'static str),
}

/// One shortcode tag.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag<'s> {
    pub(super) range: Range<usize>,
    pub(super) name: &'s str,
    pub(super) arguments: Arguments<'s>,
    /// Written as `{{% %}}`: its output is read as Markdown.
    pub(super) percent: bool,
    pub(super) form: Form,
}

/// How a tag stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `{{< name >}}`
    Open,
    /// `{{< /name >}}`
    Close,
    /// `{{< name />}}`
    Alone,
}

/// What stands after a shortcode's name.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Arguments<'s> {
    pub(super) positional: Vec<Cow<'s, str>>,
    pub(super) named: Vec<(&'s str, Cow<'s, str>)>,
}

impl Arguments<'_> {
    /// The argument of a name.
    pub(super) fn named(&self, name: &str) -> Option<&str> {
        let found = self.named.iter().find(|(key, _)| *key == name)?;
        Some(&found.1)
    }

    /// The argument at a place.
    pub(super) fn at(&self, index: usize) -> Option<&str> {
        self.positional.get(index).map(|value| &**value)
    }
}

/// Splits a range of a page's file into shortcodes and the rest.
pub(super) fn tokens(source: &str, range: Range<usize>) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut text_from = range.start;
    let mut at = range.start;
    // Whether an escaped shortcode may still end further on: found out once, not again for every one that does not.
    let mut literals_end = [true; 2];
    while let Some(open) = source[at..range.end].find("{{").map(|found| found + at) {
        let percent = match source.as_bytes().get(open + 2) {
            Some(b'<') => false,
            Some(b'%') => true,
            _ => {
                at = open + 1;
                continue;
            }
        };
        let mut lexer = Lexer {
            source: &source[..range.end],
            at: open + 3,
            percent,
        };
        let token = lexer.token(open, &mut literals_end[usize::from(percent)]);
        at = lexer.at;
        if text_from < open {
            found.push(Token::Text(text_from..open));
        }
        text_from = at;
        found.push(token);
    }
    if text_from < range.end {
        found.push(Token::Text(text_from..range.end));
    }
    found
}

struct Lexer<'s> {
    source: &'s str,
    at: usize,
    percent: bool,
}

impl<'s> Lexer<'s> {
    /// Reads what follows the opening delimiter at `open`. Never looks further than the next one, so that a page of
    /// broken tags is read in one go.
    fn token(&mut self, open: usize, literals_end: &mut bool) -> Token<'s> {
        let close = if self.percent { "%}}" } else { ">}}" };
        if self.rest().starts_with("/*") {
            return self.literal(open, close, literals_end);
        }
        match self.tag(open, close) {
            Ok(tag) => Token::Tag(tag),
            Err(reason) => {
                self.at = open + 3;
                Token::Broken(open..open + 3, reason)
            }
        }
    }

    fn literal(&mut self, open: usize, close: &str, literals_end: &mut bool) -> Token<'s> {
        let inner = &self.rest()[2..];
        let ending = format!("*/{close}");
        let found = if *literals_end {
            inner.find(&ending)
        } else {
            None
        };
        *literals_end = found.is_some();
        match found {
            Some(end) => {
                let text = format!("{}{}{close}", &self.source[open..open + 3], &inner[..end]);
                self.at += 2 + end + ending.len();
                Token::Literal(open..self.at, text)
            }
            None => Token::Broken(open..open + 3, "this escaped shortcode does not end"),
        }
    }

    fn tag(&mut self, open: usize, close: &str) -> Result<Tag<'s>, &'static str> {
        const ENDLESS: &str = "this shortcode does not end";
        self.skip_space();
        let mut form = Form::Open;
        if self.rest().starts_with('/') {
            form = Form::Close;
            self.at += 1;
            self.skip_space();
        }
        let name = self.word();
        if name.is_empty() {
            return Err("a shortcode needs a name");
        }
        let mut arguments = Arguments::default();
        loop {
            self.skip_space();
            let rest = self.rest();
            if rest.starts_with(close) {
                self.at += close.len();
                break;
            }
            if rest.starts_with('/') && rest[1..].trim_start().starts_with(close) {
                form = Form::Alone;
                self.at += 1;
                continue;
            }
            if rest.is_empty() || rest.starts_with("{{") {
                return Err(ENDLESS);
            }
            if rest.starts_with('}') || rest.starts_with("%}}") || rest.starts_with(">}}") {
                return Err("this shortcode opens and closes with different marks");
            }
            self.argument(&mut arguments)?;
        }
        Ok(Tag {
            range: open..self.at,
            name,
            arguments,
            percent: self.percent,
            form,
        })
    }

    fn argument(&mut self, arguments: &mut Arguments<'s>) -> Result<(), &'static str> {
        let start = self.at;
        if !self.rest().starts_with(['"', '`']) {
            let name = self.word();
            if self.rest().starts_with('=') && !name.is_empty() {
                self.at += 1;
                let value = self.value()?;
                arguments.named.push((name, value));
                return Ok(());
            }
            self.at = start;
        }
        let value = self.value()?;
        arguments.positional.push(value);
        Ok(())
    }

    fn value(&mut self) -> Result<Cow<'s, str>, &'static str> {
        const OPEN_QUOTE: &str = "a quote of this shortcode does not end";
        let rest = self.rest();
        match rest.chars().next() {
            Some('`') => {
                let end = rest[1..].find('`').ok_or(OPEN_QUOTE)?;
                self.at += end + 2;
                Ok(Cow::Borrowed(&rest[1..=end]))
            }
            Some('"') => {
                let mut escaped = false;
                let end = rest[1..].bytes().position(|b| {
                    let ends = matches!(b, b'"' | b'\n') && !escaped;
                    escaped = b == b'\\' && !escaped;
                    ends
                });
                let end = end.filter(|end| rest.as_bytes()[end + 1] == b'"');
                let end = end.ok_or(OPEN_QUOTE)?;
                self.at += end + 2;
                let value = &rest[1..=end];
                Ok(if value.contains('\\') {
                    Cow::Owned(value.replace("\\\"", "\"").replace("\\\\", "\\"))
                } else {
                    Cow::Borrowed(value)
                })
            }
            _ => {
                let close = if self.percent { '%' } else { '>' };
                let end = rest
                    .char_indices()
                    .find(|(at, c)| {
                        c.is_whitespace()
                            || matches!(c, '{' | '}' | '"' | '`')
                            || (*c == close && rest[at + 1..].starts_with("}}"))
                            || (*c == '/' && rest[at + 1..].starts_with(close))
                    })
                    .map_or(rest.len(), |(at, _)| at);
                if end == 0 {
                    return Err("this shortcode cannot be read");
                }
                self.at += end;
                Ok(Cow::Borrowed(&rest[..end]))
            }
        }
    }

    fn word(&mut self) -> &'s str {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/')))
            .unwrap_or(rest.len());
        // `copy/>` is `copy` that closes itself.
        let end = rest[..end].trim_end_matches('/').len();
        self.at += end;
        &rest[..end]
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn rest(&self) -> &'s str {
        &self.source[self.at..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A readable form of what was found.
    fn lex(source: &str) -> String {
        let show = |token: &Token<'_>| match token {
            Token::Text(range) => format!("{:?}", &source[range.clone()]),
            Token::Literal(_, text) => format!("literal {text}"),
            Token::Broken(range, reason) => format!("broken {}: {reason}", &source[range.clone()]),
            Token::Tag(tag) => format!(
                "{}{:?} {} {:?} {:?}",
                if tag.percent { "% " } else { "" },
                tag.form,
                tag.name,
                tag.arguments.positional,
                tag.arguments.named
            ),
        };
        let found = tokens(source, 0..source.len());
        found.iter().map(show).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn reads_every_form() {
        insta::assert_snapshot!(lex("a {{<copy>}}{{< param x>}} {{% param session_name %}}"), @r#"
        "a "
        Open copy [] []
        Open param ["x"] []
        " "
        % Open param ["session_name"] []
        "#);
        insta::assert_snapshot!(lex("{{< note title=\"A \\\"b\\\" c\" >}}x{{< /note >}}{{</note>}}"), @r#"
        Open note [] [("title", "A \"b\" c")]
        "x"
        Close note [] []
        Close note [] []
        "#);
        insta::assert_snapshot!(lex("{{< a `raw \"q\"` b/c.png k=`v`\n x />}}{{< copy/>}}"), @r#"
        Alone a ["raw \"q\"", "b/c.png", "x"] [("k", "v")]
        Alone copy [] []
        "#);
        insta::assert_snapshot!(lex("{{</* note title=\"x\" */>}} {{%/* a */%}}"), @r#"
        literal {{< note title="x" >}}
        " "
        literal {{% a %}}
        "#);
    }

    #[test]
    fn leaves_other_templates_alone_and_reports_what_is_broken() {
        insta::assert_snapshot!(lex("{{.Names}} {{ x }} {% if %} {{{"), @r#""{{.Names}} {{ x }} {% if %} {{{""#);
        insta::assert_snapshot!(lex("{{< note \n{{< copy >}}"), @r#"
        broken {{<: this shortcode does not end
        " note \n"
        Open copy [] []
        "#);
        insta::assert_snapshot!(lex("{{< a %}} {{< >}} {{<"), @r#"
        broken {{<: this shortcode opens and closes with different marks
        " a %}} "
        broken {{<: a shortcode needs a name
        " >}} "
        broken {{<: a shortcode needs a name
        "#);
        insta::assert_snapshot!(lex("{{< a \"b\n\" >}}{{</* x"), @r#"
        broken {{<: a quote of this shortcode does not end
        " a \"b\n\" >}}"
        broken {{<: this escaped shortcode does not end
        "/* x"
        "#);
    }
}
