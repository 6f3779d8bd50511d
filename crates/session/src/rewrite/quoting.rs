//! Where in the text of a POSIX shell one is: between quotes or not. Good enough to write a path; it judges nothing.

/// What encloses the place that has been reached, innermost last.
#[derive(Debug, Default)]
pub(super) struct Quoting {
    open: Vec<Open>,
    /// The last character, which a backslash, a word or an operator may go on from.
    before: Option<char>,
    escaped: bool,
    /// The word that is being read after `<<`.
    naming: Option<Document>,
    /// Here-documents whose text begins with the next line.
    announced: Vec<Document>,
    /// The line of a here-document so far.
    line: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Single,
    Double,
    Backtick,
    /// `(`, also that of `$(`.
    Parenthesis,
    /// `${`, in which `#` begins no comment.
    Brace,
    Comment,
    /// The first of [`Quoting::announced`].
    HereDocument,
}

#[derive(Debug, Default)]
struct Document {
    /// Its last line.
    end: String,
    /// `<<-`: the last line may be indented with tabs.
    indented: bool,
    quote: Option<char>,
}

impl Quoting {
    /// Goes on to the end of this text.
    pub(super) fn read(&mut self, text: &str) {
        for c in text.chars() {
            self.step(c);
            self.before = Some(c);
        }
    }

    /// Whether quotes have just ended, or here is what a here-document holds.
    pub(super) fn is_past_quotes_or_in_a_document(&self) -> bool {
        let is_quoted = matches!(self.open.last(), Some(Open::Single | Open::Double));
        self.open.contains(&Open::HereDocument)
            || !is_quoted && !self.escaped && matches!(self.before, Some('"' | '\''))
    }

    /// A path as it must be written here.
    pub(super) fn written(&self, path: &str) -> String {
        let escape = |special: fn(char) -> bool| {
            let mut out = String::with_capacity(path.len() + 8);
            for c in path.chars() {
                if special(c) {
                    out.push('\\');
                }
                out.push(c);
            }
            out
        };
        match self.open.last() {
            Some(Open::Single) => path.replace('\'', r"'\''"),
            Some(Open::Double) => escape(|c| matches!(c, '"' | '$' | '`' | '\\')),
            Some(Open::Comment | Open::HereDocument) => path.to_owned(),
            _ => escape(super::is_special),
        }
    }

    fn step(&mut self, c: char) {
        match self.open.last() {
            Some(Open::Single) => {
                if c == '\'' {
                    self.open.pop();
                }
            }
            Some(Open::Comment) => {
                if c == '\n' {
                    self.open.pop();
                    self.line_ends();
                }
            }
            Some(Open::HereDocument) => self.in_document(c),
            Some(Open::Double) => self.in_double(c),
            _ => self.outside(c),
        }
    }

    fn in_double(&mut self, c: char) {
        if std::mem::take(&mut self.escaped) {
            return;
        }
        match c {
            '\\' => self.escaped = true,
            '"' => drop(self.open.pop()),
            '`' => self.backtick(),
            '(' if self.before == Some('$') => self.open.push(Open::Parenthesis),
            _ => {}
        }
    }

    fn outside(&mut self, c: char) {
        if std::mem::take(&mut self.escaped) {
            return;
        }
        if self.naming.is_some() && self.name(c) {
            return;
        }
        match c {
            '\\' => self.escaped = true,
            '\'' => self.open.push(Open::Single),
            '"' => self.open.push(Open::Double),
            '`' => self.backtick(),
            '(' => self.open.push(Open::Parenthesis),
            '{' if self.before == Some('$') => self.open.push(Open::Brace),
            ')' => self.close(Open::Parenthesis),
            '}' => self.close(Open::Brace),
            '#' if self.begins_word() => self.open.push(Open::Comment),
            '<' if self.before == Some('<') && !self.in_arithmetic() => {
                self.naming = Some(Document::default());
            }
            '\n' => self.line_ends(),
            _ => {}
        }
    }

    fn close(&mut self, kind: Open) {
        if self.open.last() == Some(&kind) {
            self.open.pop();
        }
    }

    fn backtick(&mut self) {
        if let Some(at) = self.open.iter().rposition(|open| *open == Open::Backtick) {
            self.open.truncate(at);
        } else {
            self.open.push(Open::Backtick);
        }
    }

    fn begins_word(&self) -> bool {
        self.open.last() != Some(&Open::Brace)
            && self
                .before
                .is_none_or(|c| c.is_whitespace() || matches!(c, ';' | '&' | '|' | '(' | ')'))
    }

    /// `((`, in which `<<` shifts.
    fn in_arithmetic(&self) -> bool {
        self.open.ends_with(&[Open::Parenthesis, Open::Parenthesis])
    }

    /// Reads on in the word after `<<`; whether the character belonged to it.
    fn name(&mut self, c: char) -> bool {
        let Some(document) = &mut self.naming else {
            return false;
        };
        let is_empty = document.end.is_empty() && document.quote.is_none();
        match (document.quote, c) {
            (Some(quote), _) if c == quote => document.quote = None,
            (Some(_), _) => document.end.push(c),
            // `<<<` takes a word, no document.
            (None, '<') => self.naming = None,
            (None, '-') if is_empty && !document.indented => document.indented = true,
            (None, ' ' | '\t') if is_empty => {}
            (None, '\'' | '"') => document.quote = Some(c),
            (None, '\\') => {}
            (None, _) if c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '!') => {
                document.end.push(c);
            }
            (None, _) => {
                let named = self.naming.take().filter(|named| !named.end.is_empty());
                self.announced.extend(named);
                return false;
            }
        }
        true
    }

    fn line_ends(&mut self) {
        if !self.announced.is_empty() {
            self.open.push(Open::HereDocument);
            self.line.clear();
        }
    }

    fn in_document(&mut self, c: char) {
        if c != '\n' {
            self.line.push(c);
            return;
        }
        let line = std::mem::take(&mut self.line);
        let is_end = self.announced.first().is_some_and(|document| {
            let line = if document.indented {
                line.trim_start_matches('\t')
            } else {
                &line
            };
            line == document.end
        });
        if is_end {
            self.announced.remove(0);
            self.open.pop();
            self.line_ends();
        }
    }
}
