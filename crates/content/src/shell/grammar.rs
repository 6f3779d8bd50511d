//! Where in a text for bash a command can start.

use super::lexer::{self, Kind, Token};
use super::{Command, Word};

/// What one level of a text holds.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) commands: Vec<Command>,
    pub(super) defined: Vec<String>,
    pub(super) written: Vec<String>,
    /// Texts that the shell runs to expand a word, and where.
    pub(super) inner: Vec<(usize, String)>,
    pub(super) is_clear: bool,
    pub(super) is_list: bool,
}

/// What is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    If,
    Loop,
    Case,
    Brace,
    Paren,
}

/// What the next token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A command may start.
    Start,
    /// Words of a command.
    Words,
    /// The words of `for x in …`, up to the line's end.
    List,
    /// `case WORD in`
    Subject,
    /// Up to the `)` of a case's pattern.
    Pattern,
    /// Up to `]]`.
    Test,
    /// The name after `function`.
    Name,
    /// The `)` of `name()`.
    Brackets,
}

pub(super) fn read(text: &str) -> Found {
    let (tokens, is_clear) = lexer::tokens(text);
    let mut reader = Reader {
        found: Found {
            is_clear,
            is_list: true,
            ..Found::default()
        },
        open: Vec::new(),
        place: Place::Start,
        words: Vec::new(),
        writes: Vec::new(),
        reads: Vec::new(),
        at: 0,
    };
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        if let Kind::Word { inner, .. } = &token.kind {
            let inner = inner.iter().map(|text| (token.at, text.clone()));
            reader.found.inner.extend(inner);
        }
        if let Kind::Redirect(sign) = token.kind {
            if let Some(Token {
                kind: Kind::Word { word, inner, .. },
                at,
            }) = tokens.next_if(|next| matches!(next.kind, Kind::Word { .. }))
            {
                reader.redirected(sign, word, inner, at);
            } else {
                reader.found.is_clear = false;
            }
            continue;
        }
        let before_paren = matches!(
            tokens.peek(),
            Some(Token {
                kind: Kind::Operator("("),
                ..
            })
        );
        if reader.token(token, before_paren).is_none() {
            reader.found.is_clear = false;
            break;
        }
    }
    reader.end_command();
    reader.found.is_clear &= reader.open.is_empty();
    reader.found
}

struct Reader {
    found: Found,
    open: Vec<Open>,
    place: Place,
    words: Vec<Word>,
    writes: Vec<Word>,
    reads: Vec<Word>,
    /// Where the command starts.
    at: usize,
}

impl Reader {
    /// Takes a token; `None` when it cannot stand here.
    fn token(&mut self, token: Token, before_paren: bool) -> Option<()> {
        let at = token.at;
        match token.kind {
            Kind::Arithmetic => {
                self.found.is_list = false;
                (self.place == Place::Start || self.place == Place::List).then_some(())
            }
            Kind::Operator(sign) => self.operator(sign),
            Kind::Word { word, is_bare, .. } => self.word(word, is_bare, at, before_paren),
            Kind::Redirect(_) => Some(()),
        }
    }

    fn operator(&mut self, sign: &str) -> Option<()> {
        match (self.place, sign) {
            // Brackets and signs of a test are its own.
            (Place::Test, _) => return Some(()),
            (Place::Pattern, ")") => self.place = Place::Start,
            (Place::Pattern, "(" | "|" | "\n") | (Place::Subject, "\n") => {}
            (Place::Brackets, ")") => self.place = Place::Start,
            (Place::Pattern | Place::Subject | Place::Name | Place::Brackets, _) => return None,
            (Place::Words, "(") => {
                // Only `name()` has a bracket after a word.
                let [name] = &self.words[..] else { return None };
                self.found.defined.push(name.text.clone());
                self.words.clear();
                self.place = Place::Brackets;
            }
            (_, "(") => {
                self.open.push(Open::Paren);
                self.place = Place::Start;
            }
            (_, ")") => {
                self.end_command();
                self.close(Open::Paren)?;
            }
            (_, ";;" | ";&" | ";;&") => {
                self.end_command();
                (self.open.last() == Some(&Open::Case)).then_some(())?;
                self.place = Place::Pattern;
            }
            _ => {
                let before = self.found.commands.len();
                self.end_command();
                if sign == "||" && self.found.commands.len() > before {
                    let last = self.found.commands.last_mut();
                    last.into_iter().for_each(|last| last.may_fail = true);
                }
            }
        }
        self.found.is_list &= !matches!(sign, "(" | ")");
        Some(())
    }

    fn word(&mut self, word: Word, is_bare: bool, at: usize, before_paren: bool) -> Option<()> {
        if self.place == Place::Start && is_bare && self.reserved(&word.text)? {
            return Some(());
        }
        match self.place {
            Place::Words => self.words.push(word),
            Place::List => {}
            Place::Brackets => return None,
            Place::Name => {
                self.found.defined.push(word.text);
                self.place = Place::Start;
            }
            Place::Test if is_bare && word.text == "]]" => self.place = Place::Start,
            Place::Test => {}
            Place::Subject if is_bare && word.text == "in" => self.place = Place::Pattern,
            Place::Subject => {}
            Place::Pattern if is_bare && word.text == "esac" => {
                self.close(Open::Case)?;
                self.place = Place::Start;
            }
            Place::Pattern => {}
            Place::Start if !before_paren && is_assignment(&word.text) => {}
            Place::Start => {
                self.at = at;
                self.words.push(word);
                self.place = Place::Words;
            }
        }
        Some(())
    }

    /// Takes a reserved word; `Some(false)` when it is none.
    fn reserved(&mut self, word: &str) -> Option<bool> {
        match word {
            "if" => self.open.push(Open::If),
            "then" | "elif" | "else" => {
                (self.open.last() == Some(&Open::If)).then_some(())?;
            }
            "fi" => self.close(Open::If)?,
            "while" | "until" => self.open.push(Open::Loop),
            "for" | "select" => {
                self.open.push(Open::Loop);
                self.place = Place::List;
            }
            "do" => (self.open.last() == Some(&Open::Loop)).then_some(())?,
            "done" => self.close(Open::Loop)?,
            "case" => {
                self.open.push(Open::Case);
                self.place = Place::Subject;
            }
            "esac" => self.close(Open::Case)?,
            "{" => self.open.push(Open::Brace),
            "}" => self.close(Open::Brace)?,
            "[[" => self.place = Place::Test,
            "function" => self.place = Place::Name,
            "!" | "coproc" => {}
            _ => return Some(false),
        }
        self.found.is_list = false;
        Some(true)
    }

    fn close(&mut self, what: Open) -> Option<()> {
        (self.open.pop() == Some(what)).then_some(())
    }

    fn redirected(&mut self, sign: &str, word: Word, inner: Vec<String>, at: usize) {
        self.found
            .inner
            .extend(inner.into_iter().map(|text| (at, text)));
        match sign {
            ">" | ">>" | ">|" | "&>" | "&>>" => {
                if word.is_literal {
                    self.found.written.push(word.text.clone());
                }
                self.writes.push(word);
            }
            "<" => self.reads.push(word),
            _ => {}
        }
    }

    fn end_command(&mut self) {
        let writes = std::mem::take(&mut self.writes);
        let reads = std::mem::take(&mut self.reads);
        if !self.words.is_empty() || !writes.is_empty() {
            let words = std::mem::take(&mut self.words);
            let at = self.at;
            self.found.commands.push(Command {
                words,
                at,
                writes,
                reads,
                may_fail: false,
            });
        }
        self.place = Place::Start;
    }
}

/// `NAME=…`, `NAME+=…`, `NAME[…]=…`
fn is_assignment(word: &str) -> bool {
    let Some((name, _)) = word.split_once('=') else {
        return false;
    };
    let name = name.strip_suffix('+').unwrap_or(name);
    let name = name.split('[').next().unwrap_or(name);
    super::command::is_name(name)
}
