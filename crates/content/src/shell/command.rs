//! Which program a command starts, past `sudo`, `env` and their like.

use super::{Command, Word};

/// Run what follows them: their options that take a value, and how many values of their own come before the command.
const PREFIXES: &[(&str, &[&str], usize)] = &[
    ("builtin", &[], 0),
    ("command", &[], 0),
    ("env", &["-u", "--unset", "-C", "--chdir"], 0),
    ("exec", &["-a"], 0),
    ("nice", &["-n"], 0),
    ("nohup", &[], 0),
    ("setsid", &[], 0),
    ("stdbuf", &["-i", "-o", "-e"], 0),
    ("sudo", &["-u", "-g", "-C", "-h", "-p", "-U", "-r", "-t"], 0),
    ("time", &["-f", "-o"], 0),
    ("timeout", &["-k", "-s", "--signal", "--kill-after"], 1),
    ("unbuffer", &[], 0),
    ("watch", &["-n", "--interval"], 0),
    (
        "xargs",
        &["-I", "-n", "-P", "-d", "-L", "-a", "-s", "-E"],
        0,
    ),
];

/// Shells that take a text with `-c`.
const SHELLS: &[&str] = &["bash", "sh", "zsh", "dash"];

/// The command without what only changes how it runs, and without the names of what runs it: `sudo -u x docker ps` is
/// `sudo` and `docker ps`.
pub fn plain_commands(command: &Command) -> Vec<&[Word]> {
    let mut found = Vec::new();
    let mut rest = &command.words[..];
    while let Some(first) = rest.first() {
        found.push(rest);
        let name = first.text.as_str();
        let Some((_, valued, own)) = PREFIXES.iter().find(|(prefix, ..)| *prefix == name) else {
            break;
        };
        let mut at = 1;
        let mut own = *own;
        while let Some(word) = rest.get(at) {
            let text = word.text.as_str();
            // `command -v docker` asks whether it is there: nothing runs.
            if name == "command" && matches!(text, "-v" | "-V") {
                return found;
            }
            let is_assignment = matches!(name, "env" | "sudo")
                && text.split_once('=').is_some_and(|(name, _)| is_name(name));
            if valued.contains(&text) {
                at += 2;
            } else if is_assignment || (text.starts_with('-') && text.len() > 1) {
                at += 1;
            } else if own > 0 {
                own -= 1;
                at += 1;
            } else {
                break;
            }
        }
        rest = rest.get(at..).unwrap_or_default();
    }
    found
}

/// The program that a command starts by its name; `None` for what is only known at run time, and for files named by a path.
pub(crate) fn program_of(words: &[Word]) -> Option<&str> {
    let first = words.first().filter(|word| word.is_literal)?;
    let name = first.text.as_str();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '+' | '-');
    let starts = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    // Letters: `0`, `2.5` and the like are typed into calculators.
    let has_letter = name.contains(|c: char| c.is_ascii_alphabetic());
    (starts && has_letter && name.len() <= 64 && name.chars().all(plain)).then_some(name)
}

/// The text that a command hands to a shell: `bash -c TEXT`, `eval TEXT`.
pub(super) fn text_within(command: &Command) -> Option<&str> {
    let words = *plain_commands(command).last()?;
    let name = program_of(words)?;
    let text = if name == "eval" {
        words.get(1).filter(|_| words.len() == 2)?
    } else if SHELLS.contains(&name) {
        let flags = words.iter().position(|word| {
            let text = word.text.as_str();
            text.starts_with('-') && !text.starts_with("--") && text.ends_with('c')
        })?;
        words.get(flags + 1)?
    } else {
        return None;
    };
    Some(&text.text)
}

/// The names that `alias` gives.
pub(super) fn aliases(command: &Command) -> Vec<String> {
    match command.words.split_first() {
        Some((first, rest)) if first.text == "alias" => rest
            .iter()
            .filter_map(|word| Some(word.text.split_once('=')?.0.to_owned()))
            .collect(),
        _ => Vec::new(),
    }
}

pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !text.starts_with(|c: char| c.is_ascii_digit())
}
