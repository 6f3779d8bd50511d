//! The words of a shell's command line, as far as they can be told without running it.

/// One simple command of a line.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Simple {
    /// Its words without redirections; what a shell would expand stands as it is written.
    pub(super) words: Vec<Word>,
    /// The files that it writes to.
    pub(super) writes: Vec<Word>,
}

/// A word.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    /// Nothing of it would be expanded but a tilde in front.
    pub(super) plain: bool,
}

/// The simple commands of a text, in order; none when it is more than a list and pipes of them: a here-document, a function, a
/// loop, a substitution.
pub(super) fn split(text: &str) -> Option<Vec<Simple>> {
    let mut commands = Vec::new();
    let mut command = Simple::default();
    let mut word: Option<Word> = None;
    let mut writes = false;
    let mut chars = text.chars().peekable();
    let finish_word = |word: &mut Option<Word>, command: &mut Simple, writes: &mut bool| {
        if let Some(word) = word.take() {
            if std::mem::take(writes) {
                command.writes.push(word);
            } else {
                command.words.push(word);
            }
        }
    };
    let started = || Word {
        text: String::new(),
        plain: true,
    };
    while let Some(c) = chars.next() {
        match c {
            '\'' => {
                let word = word.get_or_insert_with(started);
                loop {
                    match chars.next()? {
                        '\'' => break,
                        c => word.text.push(c),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_with(started);
                loop {
                    match chars.next()? {
                        '"' => break,
                        '\\' => word.text.push(chars.next()?),
                        '`' => return None,
                        '$' if chars.peek() == Some(&'(') => return None,
                        c => {
                            word.plain &= c != '$';
                            word.text.push(c);
                        }
                    }
                }
            }
            '\\' => match chars.next() {
                Some('\n') | None => {}
                Some(c) => word.get_or_insert_with(started).text.push(c),
            },
            '#' if word.is_none() => {
                while chars.peek().is_some_and(|c| *c != '\n') {
                    chars.next();
                }
            }
            '`' | '(' | ')' => return None,
            '<' => {
                finish_word(&mut word, &mut command, &mut writes);
                if chars.peek() == Some(&'<') {
                    return None;
                }
            }
            '>' => {
                // The number of a stream stands right before.
                match &word {
                    Some(number) if number.text.chars().all(|c| c.is_ascii_digit()) => word = None,
                    _ => finish_word(&mut word, &mut command, &mut writes),
                }
                while chars.next_if(|c| matches!(c, '>' | '|')).is_some() {}
                if chars.next_if_eq(&'&').is_some() {
                    while chars.next_if(|c| c.is_ascii_digit() || *c == '-').is_some() {}
                } else {
                    writes = true;
                }
            }
            ';' | '&' | '|' | '\n' => {
                if c == '&' && chars.next_if_eq(&'>').is_some() {
                    finish_word(&mut word, &mut command, &mut writes);
                    writes = true;
                    continue;
                }
                finish_word(&mut word, &mut command, &mut writes);
                writes = false;
                commands.push(std::mem::take(&mut command));
            }
            c if c.is_whitespace() => finish_word(&mut word, &mut command, &mut writes),
            c => {
                let word = word.get_or_insert_with(started);
                word.plain &= !matches!(c, '$' | '*' | '?' | '[' | '{');
                word.text.push(c);
            }
        }
    }
    finish_word(&mut word, &mut command, &mut writes);
    commands.push(command);
    commands.retain(|command| !command.words.is_empty() || !command.writes.is_empty());
    Some(commands)
}

impl Simple {
    /// The program and its arguments, without settings of variables and without what merely starts another program.
    pub(super) fn program(&self) -> Option<(&str, &[Word])> {
        let mut words = &self.words[..];
        while let Some((first, rest)) = words.split_first() {
            let sets = first
                .text
                .split_once('=')
                .is_some_and(|(name, _)| is_name(name));
            if sets
                || matches!(
                    &*first.text,
                    "sudo" | "time" | "env" | "nohup" | "exec" | "command"
                )
            {
                words = rest;
            } else {
                return Some((&first.text, rest));
            }
        }
        None
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
