//! What a text for bash starts: its commands as words, without running anything.
//!
//! Texts come from workshops that nobody has trusted yet, so that reading takes linear time and little stack whatever they hold.
//! Where a text stops making sense as bash, [`Script::is_clear`] says so: what is typed into a program that is no shell must
//! not become a program that is missing.

mod command;
mod danger;
mod grammar;
mod lexer;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

pub use command::plain_commands;
pub(crate) use command::program_of;
pub use danger::{Danger, dangers};

/// A longer text is not looked at beyond this, in bytes.
const LONGEST: usize = 256 * 1024;
/// How deep texts in texts are followed: `$(bash -c "$(…)")`.
const DEEPEST: usize = 6;
/// How many commands of a text are kept.
const MOST: usize = 10_000;

/// A text for bash, taken apart.
#[derive(Debug, Default)]
pub struct Script {
    /// Every command, those in substitutions, functions and here-documents too, in the order of the text.
    pub commands: Vec<Command>,
    /// Functions and aliases that the text defines.
    pub defined: BTreeSet<String>,
    /// Files that it writes with `>`.
    pub written: BTreeSet<String>,
    /// All of it could be read as bash.
    pub is_clear: bool,
    /// It is a list of commands and pipes of them: no condition, loop, function, bracket or substitution.
    pub is_list: bool,
}

/// One simple command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Its name and arguments.
    pub words: Vec<Word>,
    /// Where it starts in the text; in a text within a text, where the outer one starts.
    pub at: usize,
    /// The files that it writes to.
    pub writes: Vec<Word>,
    /// The files that it is given to read with `<`.
    pub reads: Vec<Word>,
    /// `||` stands behind it: its author knows that it may fail.
    pub may_fail: bool,
}

/// A word, its quotes taken away.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Word {
    /// Its text; what is only known at run time stands in it as written.
    pub text: String,
    /// Nothing in it is only known at run time.
    pub is_literal: bool,
}

/// Takes a text apart.
pub fn read(text: &str) -> Script {
    let mut script = Script {
        is_clear: true,
        is_list: true,
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
        script.is_list &= found.is_list && found.inner.is_empty();
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
