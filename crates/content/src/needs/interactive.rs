//! When what is typed next goes to another program than the shell.

use crate::shell::{Command, Script, Word, plain_commands, program_of};

/// Read commands of their own when they are started with so few arguments beside options.
const READERS: &[(&str, usize)] = &[
    ("bc", 0),
    ("ghci", 0),
    ("irb", 0),
    ("jshell", 0),
    ("mariadb", 1),
    ("mongosh", 1),
    ("mysql", 1),
    ("node", 0),
    ("psql", 2),
    ("python", 0),
    ("python3", 0),
    ("redis-cli", 0),
    ("sqlite3", 1),
    ("ssh", 1),
    ("telnet", 2),
];

/// With one of these they do one thing and end.
const ONCE: &[&str] = &[
    "-c",
    "-e",
    "-f",
    "-l",
    "-m",
    "-p",
    "-V",
    "-v",
    "--command",
    "--eval",
    "--file",
    "--help",
    "--list",
    "--version",
];

/// Shells that somebody enters in a container.
const SHELLS: &[&str] = &[
    "ash",
    "bash",
    "sh",
    "zsh",
    "/bin/ash",
    "/bin/bash",
    "/bin/sh",
    "/bin/zsh",
];

/// Whether the text leaves the terminal to a program that reads what is typed.
pub(super) fn stays(script: &Script) -> bool {
    matches!(&script.commands[..], [command] if takes_over(command))
}

/// Whether the command reads what is typed after it.
pub fn takes_over(command: &Command) -> bool {
    let plain = plain_commands(command);
    let Some(words) = plain.last() else {
        return false;
    };
    let Some(name) = program_of(words) else {
        return false;
    };
    let rest = &words[1..];
    if matches!(
        name,
        "docker" | "podman" | "nerdctl" | "kubectl" | "oc" | "docker-compose"
    ) {
        return is_entered(rest);
    }
    let others = rest.iter().filter(|word| !word.text.starts_with('-'));
    READERS
        .iter()
        .any(|(reader, most)| *reader == name && others.clone().count() <= *most)
        && !rest.iter().any(|word| ONCE.contains(&word.text.as_str()))
}

/// `run -it IMAGE sh`, `exec -it NAME psql …`
fn is_entered(words: &[Word]) -> bool {
    let is_open = words.iter().any(|word| {
        let flags = word.text.strip_prefix('-').unwrap_or_default();
        word.text == "--interactive"
            || (!flags.starts_with('-') && flags.contains('i') && flags.len() <= 4)
    });
    let starts_reader = words.iter().skip(1).any(|word| {
        let text = word.text.as_str();
        SHELLS.contains(&text) || READERS.iter().any(|(reader, _)| *reader == text)
    });
    let does_one_thing = words
        .iter()
        .any(|word| matches!(word.text.as_str(), "-c" | "-lc"));
    is_open && starts_reader && !does_one_thing
}

/// Whether a text ends the program that reads it.
pub fn is_exit(text: &str) -> bool {
    let last = text.trim_end().lines().last().unwrap_or_default().trim();
    matches!(
        last.trim_end_matches(';'),
        "exit"
            | "exit()"
            | "quit"
            | "quit()"
            | "\\q"
            | ".exit"
            | ".quit"
            | "/exit"
            | ":q"
            | "logout"
            | "<ctrl-d>"
            | "<ctrl+d>"
    )
}
