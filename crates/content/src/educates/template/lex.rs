//! Template text → words.

use std::ops::Range;

use super::Problem;

/// A word of an action.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Word {
    /// `if`, `printf`, `strings.ToUpper`
    Name(String),
    /// `.Get`, `.Site.Params.x`; `.` alone has no parts.
    Field(Vec<String>),
    /// `$x`, `$`
    Variable(String),
    Text(String),
    Int(i64),
    Float(f64),
    Open,
    Close,
    Pipe,
    Comma,
    /// `:=`
    Declare,
    /// `=`
    Assign,
}

/// A piece of a template.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    Text(String),
    /// The words between the braces, with their places; where the whole stands.
    Action(Vec<(Word, Range<usize>)>, Range<usize>),
}

/// Splits a template into text and actions; marks that trim have done so.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece>, Problem> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut trims = false;
    loop {
        let open = text[at..].find("{{").map(|open| at + open);
        let mut literal = &text[at..open.unwrap_or(text.len())];
        if trims {
            literal = literal.trim_start();
        }
        let Some(open) = open else {
            push_text(&mut found, literal);
            return Ok(found);
        };
        let mut lexer = Lexer {
            text,
            at: open + 2,
            words: Vec::new(),
        };
        if lexer.rest().starts_with('-') && lexer.rest()[1..].starts_with(char::is_whitespace) {
            literal = literal.trim_end();
            lexer.at += 1;
        }
        push_text(&mut found, literal);
        if lexer.rest().trim_start().starts_with("/*") {
            let end = lexer.rest().find("*/").map(|end| lexer.at + end + 2);
            lexer.at =
                end.ok_or_else(|| Problem::new("this comment does not end", open..open + 2))?;
            trims = lexer.close(open)?;
        } else {
            trims = lexer.words(open)?;
            found.push(Piece::Action(lexer.words, open..lexer.at));
        }
        at = lexer.at;
    }
}

fn push_text(found: &mut Vec<Piece>, text: &str) {
    if !text.is_empty() {
        found.push(Piece::Text(text.to_owned()));
    }
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    words: Vec<(Word, Range<usize>)>,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Whether the action ends here, and whether its end trims what follows.
    fn end(&mut self) -> Option<bool> {
        let rest = self.rest();
        if rest.starts_with("}}") {
            self.at += 2;
            return Some(false);
        }
        let spaced = self.text[..self.at].ends_with(char::is_whitespace);
        if rest.starts_with("-}}") && spaced {
            self.at += 3;
            return Some(true);
        }
        None
    }

    fn close(&mut self, open: usize) -> Result<bool, Problem> {
        self.skip_space();
        self.end()
            .ok_or_else(|| Problem::new("this action does not end", open..open + 2))
    }

    fn words(&mut self, open: usize) -> Result<bool, Problem> {
        loop {
            self.skip_space();
            if let Some(trims) = self.end() {
                return Ok(trims);
            }
            if self.rest().is_empty() || self.rest().starts_with("{{") {
                return Err(Problem::new("this action does not end", open..open + 2));
            }
            let start = self.at;
            let word = self.word()?;
            self.words.push((word, start..self.at));
        }
    }

    fn word(&mut self) -> Result<Word, Problem> {
        let rest = self.rest();
        for (mark, word) in [
            (":=", Word::Declare),
            ("=", Word::Assign),
            ("|", Word::Pipe),
            (",", Word::Comma),
            ("(", Word::Open),
            (")", Word::Close),
        ] {
            if rest.starts_with(mark) {
                self.at += mark.len();
                return Ok(word);
            }
        }
        match rest.as_bytes()[0] {
            b'"' | b'`' => self.string(),
            b'.' if !rest[1..].starts_with(|c: char| c.is_ascii_digit()) => {
                Ok(Word::Field(self.fields()))
            }
            b'$' => {
                self.at += 1;
                Ok(Word::Variable(self.name().to_owned()))
            }
            b'0'..=b'9' | b'-' | b'+' | b'.' => self.number(),
            _ => {
                let name = self.name();
                if name.is_empty() {
                    let length = rest.chars().next().map_or(0, char::len_utf8);
                    return Err(Problem::new(
                        "this cannot be read",
                        self.at..self.at + length,
                    ));
                }
                let mut name = name.to_owned();
                // Functions have names of two parts: `strings.ToUpper`. `site.Params.x` is the site's field.
                if name != "site"
                    && name != "page"
                    && name != "hugo"
                    && self.rest().starts_with('.')
                {
                    for part in self.fields() {
                        name.push('.');
                        name.push_str(&part);
                    }
                }
                Ok(Word::Name(name))
            }
        }
    }

    /// `.a.b`, from its first dot.
    fn fields(&mut self) -> Vec<String> {
        let mut parts = Vec::new();
        while self.rest().starts_with('.') {
            self.at += 1;
            let name = self.name();
            if name.is_empty() {
                break;
            }
            parts.push(name.to_owned());
        }
        parts
    }

    fn name(&mut self) -> &'t str {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn string(&mut self) -> Result<Word, Problem> {
        let rest = self.rest();
        let start = self.at;
        let endless = || Problem::new("this text does not end", start..start + 1);
        if let Some(raw) = rest.strip_prefix('`') {
            let end = raw.find('`').ok_or_else(endless)?;
            self.at += end + 2;
            return Ok(Word::Text(raw[..end].to_owned()));
        }
        let mut text = String::new();
        let mut escaped = false;
        for (at, c) in rest.char_indices().skip(1) {
            if escaped {
                text.push(match c {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    other => other,
                });
                escaped = false;
            } else if c == '\\' {
                escaped = true;
            } else if c == '"' {
                self.at += at + 1;
                return Ok(Word::Text(text));
            } else if c == '\n' {
                break;
            } else {
                text.push(c);
            }
        }
        Err(endless())
    }

    fn number(&mut self) -> Result<Word, Problem> {
        let rest = self.rest();
        let end = rest
            .char_indices()
            .skip(1)
            .find(|(_, c)| !(c.is_ascii_alphanumeric() || *c == '.'))
            .map_or(rest.len(), |(at, _)| at);
        let written = &rest[..end];
        self.at += end;
        if let Ok(number) = written.parse() {
            return Ok(Word::Int(number));
        }
        match written.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Word::Float(number)),
            _ => Err(Problem::new(
                "this number cannot be read",
                self.at - end..self.at,
            )),
        }
    }
}
