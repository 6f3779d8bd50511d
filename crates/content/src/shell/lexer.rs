//! Words and operators of a text for bash.

use super::Word;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Where it starts.
    pub(super) at: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Word {
        word: Word,
        /// Nothing of it is quoted or expanded: it may be a reserved word.
        is_bare: bool,
        /// Texts that it has the shell run: `$(…)`, `` `…` ``, `<(…)`.
        inner: Vec<String>,
    },
    /// `|`, `;`, `(`, a line's end and so on.
    Operator(&'static str),
    /// `<`, `>>` and so on; a word follows.
    Redirect(&'static str),
    /// `((…))`
    Arithmetic,
}

/// Longest first.
const OPERATORS: &[&str] = &[
    ";;&", "&&", "||", ";;", ";&", "|&", "|", ";", "&", "(", ")", "\n",
];
const REDIRECTS: &[&str] = &[
    "&>>", "<<<", "<<-", "&>", ">>", ">&", ">|", "<<", "<&", "<>", "<", ">",
];

/// The tokens of a text, and whether all of it could be read.
pub(super) fn tokens(text: &str) -> (Vec<Token>, bool) {
    let mut lexer = Lexer {
        text,
        at: 0,
        tokens: Vec::new(),
        documents: Vec::new(),
    };
    let is_clear = lexer.run().is_some();
    (lexer.tokens, is_clear)
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    tokens: Vec<Token>,
    /// Here-documents whose text begins after the line: the end mark, whether tabs before it count for nothing, and whether
    /// the text is expanded.
    documents: Vec<(String, bool, bool)>,
}

impl Lexer<'_> {
    /// `None` where the text ends too early or makes no sense.
    fn run(&mut self) -> Option<()> {
        loop {
            let rest = self.rest();
            let Some(first) = rest.chars().next() else {
                return self.documents.is_empty().then_some(());
            };
            let at = self.at;
            if rest.starts_with("\\\n") {
                self.at += 2;
            } else if matches!(first, ' ' | '\t' | '\r') {
                self.at += 1;
            } else if first == '#' {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("((") {
                self.at = closing(self.text, at + 1)?;
                self.push(Kind::Arithmetic, at);
            } else if rest.starts_with("<(") || rest.starts_with(">(") {
                self.word()?;
            } else if let Some(sign) = one_of(REDIRECTS, rest) {
                self.at += sign.len();
                self.push(Kind::Redirect(sign), at);
                if matches!(sign, "<<" | "<<-") {
                    self.document_mark(sign == "<<-")?;
                }
            } else if let Some(sign) = one_of(OPERATORS, rest) {
                self.at += sign.len();
                self.push(Kind::Operator(sign), at);
                if sign == "\n" {
                    self.documents()?;
                }
            } else {
                self.word()?;
            }
        }
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn push(&mut self, kind: Kind, at: usize) {
        self.tokens.push(Token { kind, at });
    }

    /// The word after `<<`.
    fn document_mark(&mut self, strips_tabs: bool) -> Option<()> {
        let blank = |c: char| c == ' ' || c == '\t';
        self.at += self.rest().len() - self.rest().trim_start_matches(blank).len();
        self.word()?;
        match self.tokens.last() {
            Some(Token {
                kind: Kind::Word { word, is_bare, .. },
                ..
            }) => {
                let mark = (word.text.clone(), strips_tabs, *is_bare);
                self.documents.push(mark);
                Some(())
            }
            _ => None,
        }
    }

    /// The texts of here-documents, each up to its end mark.
    fn documents(&mut self) -> Option<()> {
        for (mark, strips_tabs, is_expanded) in std::mem::take(&mut self.documents) {
            let start = self.at;
            loop {
                let line = self.rest().split('\n').next().unwrap_or_default();
                let length = line.len();
                let line = line.trim_end_matches('\r');
                let is_end = mark
                    == if strips_tabs {
                        line.trim_start_matches('\t')
                    } else {
                        line
                    };
                let end = self.at;
                let is_last = self.at + length >= self.text.len();
                self.at = (self.at + length + 1).min(self.text.len());
                if is_end {
                    if is_expanded {
                        let body = self.text.get(start..end)?;
                        self.expanded(body, start);
                    }
                    break;
                }
                if is_last {
                    return None;
                }
            }
        }
        Some(())
    }

    /// What an expanded here-document has the shell run: kept as the word of a redirection.
    fn expanded(&mut self, body: &str, at: usize) {
        let mut word = Part::default();
        let mut place = 0;
        while let Some(sign) = body.get(place..).and_then(|rest| rest.chars().next()) {
            if sign == '\\' {
                place += 1 + body[place + 1..].chars().next().map_or(0, char::len_utf8);
            } else if matches!(sign, '$' | '`') {
                match word.expansion(body, place) {
                    Some(end) => place = end,
                    None => return,
                }
            } else {
                place += sign.len_utf8();
            }
        }
        if !word.inner.is_empty() {
            self.push(Kind::Redirect("<<"), at);
            self.push(word.finish(), at);
        }
    }

    fn word(&mut self) -> Option<()> {
        let start = self.at;
        let mut part = Part::new();
        let text = self.text;
        while let Some(sign) = self.rest().chars().next() {
            match sign {
                ' ' | '\t' | '\r' | '\n' | '|' | '&' | ';' | ')' => break,
                '<' | '>' if self.text[self.at + 1..].starts_with('(') => {
                    let end = closing(text, self.at + 1)?;
                    part.inner.push(text[self.at + 2..end - 1].to_owned());
                    part.run_time(&text[self.at..end]);
                    self.at = end;
                }
                '<' | '>' => break,
                // `name=(a b)`, and patterns such as `?(a|b)`.
                '(' if part.text.ends_with(['=', '?', '*', '+', '@', '!']) => {
                    let end = closing(text, self.at)?;
                    part.run_time(&text[self.at..end]);
                    self.at = end;
                }
                '(' => break,
                '\\' => {
                    part.is_bare = false;
                    let next = self.text[self.at + 1..].chars().next();
                    part.text.extend(next.filter(|next| *next != '\n'));
                    self.at += 1 + next.map_or(0, char::len_utf8);
                }
                '\'' => self.at = part.single(text, self.at)?,
                '"' => self.at = part.double(text, self.at)?,
                '$' | '`' => self.at = part.expansion(text, self.at)?,
                _ => {
                    part.text.push(sign);
                    self.at += sign.len_utf8();
                }
            }
        }
        // `2>file`: the number belongs to the redirection.
        let is_number = part.is_bare && part.text.chars().all(|c| c.is_ascii_digit());
        if is_number && self.rest().starts_with(['<', '>']) && !self.rest()[1..].starts_with('(') {
            return Some(());
        }
        // Nothing stands where a word must be: there is no reading on.
        if self.at == start {
            return None;
        }
        self.push(part.finish(), start);
        Some(())
    }
}

/// A word on its way.
#[derive(Debug, Default)]
struct Part {
    text: String,
    is_bare: bool,
    has_run_time: bool,
    inner: Vec<String>,
}

impl Part {
    fn new() -> Self {
        Self {
            is_bare: true,
            ..Self::default()
        }
    }

    fn finish(self) -> Kind {
        Kind::Word {
            word: Word {
                text: self.text,
                is_literal: !self.has_run_time,
            },
            is_bare: self.is_bare,
            inner: self.inner,
        }
    }

    fn run_time(&mut self, source: &str) {
        self.text.push_str(source);
        self.has_run_time = true;
        self.is_bare = false;
    }

    /// `'…'`; returns where it ends.
    fn single(&mut self, text: &str, at: usize) -> Option<usize> {
        self.is_bare = false;
        let length = text[at + 1..].find('\'')?;
        self.text.push_str(&text[at + 1..at + 1 + length]);
        Some(at + length + 2)
    }

    /// `"…"`; returns where it ends.
    fn double(&mut self, text: &str, start: usize) -> Option<usize> {
        self.is_bare = false;
        let mut at = start + 1;
        loop {
            let sign = text.get(at..)?.chars().next()?;
            match sign {
                '"' => return Some(at + 1),
                '\\' => {
                    let next = text[at + 1..].chars().next()?;
                    match next {
                        '"' | '$' | '`' | '\\' => self.text.push(next),
                        '\n' => {}
                        _ => self.text.extend(['\\', next]),
                    }
                    at += 1 + next.len_utf8();
                }
                '$' | '`' => {
                    at = self.expansion(text, at)?;
                    self.is_bare = false;
                }
                _ => {
                    self.text.push(sign);
                    at += sign.len_utf8();
                }
            }
        }
    }

    /// What begins with `$` or `` ` ``; returns where it ends.
    fn expansion(&mut self, text: &str, at: usize) -> Option<usize> {
        let rest = &text[at..];
        let end = if let Some(inner) = rest.strip_prefix('`') {
            let length = backtick(inner)?;
            self.inner.push(inner[..length].to_owned());
            at + length + 2
        } else if rest.starts_with("$((") {
            closing(text, at + 1)?
        } else if rest.starts_with("$(") {
            let end = closing(text, at + 1)?;
            self.inner.push(text[at + 2..end - 1].to_owned());
            end
        } else if rest.starts_with("${") {
            closing(text, at + 1)?
        } else if let Some(quoted) = rest.strip_prefix("$'") {
            at + 2 + unescaped(quoted, '\'')? + 1
        } else {
            let name = rest[1..].find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            let length = name.unwrap_or(rest.len() - 1);
            let special = rest[1..].starts_with(['@', '*', '#', '?', '-', '!', '$']);
            at + 1 + length.max(usize::from(special))
        };
        self.run_time(&text[at..end]);
        Some(end)
    }
}

/// Length up to the next backtick that no backslash stands before.
fn backtick(text: &str) -> Option<usize> {
    unescaped(text, '`')
}

fn unescaped(text: &str, mark: char) -> Option<usize> {
    let mut signs = text.char_indices();
    while let Some((at, sign)) = signs.next() {
        if sign == '\\' {
            signs.next();
        } else if sign == mark {
            return Some(at);
        }
    }
    None
}

/// Past the end of the bracket that opens at a place: `(` or `{`.
fn closing(text: &str, open: usize) -> Option<usize> {
    // What is open: `(`, `{` or `"`. A stack of our own: nesting is the author's.
    let mut open_signs = Vec::new();
    let bytes = text.as_bytes();
    let mut at = open;
    while let Some(sign) = bytes.get(at) {
        let inside = open_signs.last().copied();
        let in_text = inside == Some(b'"');
        match sign {
            b'\\' => at += 1,
            b'"' if in_text => drop(open_signs.pop()),
            b'"' => open_signs.push(b'"'),
            b'\'' if !in_text => at += 1 + text.get(at + 1..)?.find('\'')?,
            b'`' => at += 1 + backtick(text.get(at + 1..)?)?,
            b'$' if matches!(bytes.get(at + 1), Some(b'(' | b'{')) => {
                at += 1;
                open_signs.push(bytes[at]);
            }
            b'(' if !in_text && inside != Some(b'{') => open_signs.push(b'('),
            b'{' if open_signs.is_empty() => open_signs.push(b'{'),
            b')' if inside == Some(b'(') => drop(open_signs.pop()),
            b'}' if inside == Some(b'{') => drop(open_signs.pop()),
            b'#' if inside == Some(b'(') && bytes[at - 1].is_ascii_whitespace() => {
                at += text.get(at..)?.find('\n')?;
            }
            _ => {}
        }
        at += 1;
        if open_signs.is_empty() {
            return Some(at);
        }
    }
    None
}

fn one_of(signs: &[&'static str], text: &str) -> Option<&'static str> {
    signs.iter().copied().find(|sign| text.starts_with(sign))
}
