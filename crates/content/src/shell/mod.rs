//! What a text for bash starts: its commands as words, without running anything.
//!
//! Texts come from workshops that nobody has trusted yet, so that reading takes linear time and little stack whatever they hold.
//! Where a text stops making sense as bash, [`Script::is_clear`] says so: what is typed into a program that is no shell must
//! not become a program that is missing.

mod command;
mod grammar;
mod lexer;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

pub(crate) use command::{plain_commands, program_of};

/// A longer text is not looked at beyond this, in bytes.
const LONGEST: usize = 256 * 1024;
/// How deep texts in texts are followed: `$(bash -c "$(…)")`.
const DEEPEST: usize = 6;
/// How many commands of a text are kept.
const MOST: usize = 10_000;

/// A text for bash, taken apart.
#[derive(Debug, Default)]
pub(crate) struct Script {
    /// Every command, those in substitutions, functions and here-documents too, in the order of the text.
    pub(crate) commands: Vec<Command>,
    /// Functions and aliases that the text defines.
    pub(crate) defined: BTreeSet<String>,
    /// Files that it writes with `>`.
    pub(crate) written: BTreeSet<String>,
    /// All of it could be read as bash.
    pub(crate) is_clear: bool,
}

/// One simple command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Command {
    /// Its name and arguments.
    pub(crate) words: Vec<Word>,
    /// Where it starts in the text; in a text within a text, where the outer one starts.
    pub(crate) at: usize,
}

/// A word, its quotes taken away.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Word {
    /// Its text; what is only known at run time stands in it as written.
    pub(crate) text: String,
    /// Nothing in it is only known at run time.
    pub(crate) is_literal: bool,
}

/// Takes a text apart.
pub(crate) fn read(text: &str) -> Script {
    let mut script = Script {
        is_clear: true,
        ..Script::default()
    };
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut texts = vec![(text[..end].to_owned(), None, 0)];
    while let Some((text, place, depth)) = texts.pop() {
        let found = grammar::read(&text);
        script.is_clear &= found.is_clear;
        script.defined.extend(found.defined);
        script.written.extend(found.written);
        let inner = found.inner.into_iter();
        let mut inner: Vec<_> = inner
            .map(|(at, text)| (place.unwrap_or(at), text))
            .collect();
        for mut command in found.commands {
            command.at = place.unwrap_or(command.at);
            script.defined.extend(command::aliases(&command));
            let text = command::text_within(&command).map(str::to_owned);
            inner.extend(text.map(|text| (command.at, text)));
            if script.commands.len() < MOST {
                script.commands.push(command);
            }
        }
        if depth < DEEPEST {
            texts.extend(
                inner
                    .into_iter()
                    .map(|(at, text)| (text, Some(at), depth + 1)),
            );
        }
    }
    script.commands.sort_by_key(|command| command.at);
    script
}
