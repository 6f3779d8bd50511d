//! Files of the instructions' folder that are programs, and would not be run as one.

use atelier_content::{Diagnostic, Workshop};
use camino::Utf8Path;

use super::home;
use crate::received::Received;

/// What is wrong with them.
pub(super) fn wrong(workshop: &Workshop, received: &[Received]) -> Vec<Diagnostic> {
    let texts = home::own_texts(workshop, received, |path| path.starts_with("setup.d"));
    let is_candidate = |path: &Utf8Path, text: &str| {
        path.components().count() == 2 && path.extension() != Some("sh") && text.starts_with("#!")
    };
    if !texts.iter().any(|(path, text)| is_candidate(path, text)) {
        return Vec::new();
    }
    // Pages, programs and the profile may run one, too, by more than its name.
    let elsewhere = home::own_texts(workshop, received, |path| !path.starts_with("setup.d"));
    let mut found = Vec::new();
    for (path, text) in &texts {
        let name = path.file_name().unwrap_or_default();
        // Another script may run it.
        let is_named = texts.iter().any(|(_, other)| other.contains(name))
            || elsewhere
                .iter()
                .any(|(_, other)| other.contains(path.as_str()));
        if is_candidate(path, text) && !is_named {
            let message = format!("`workshop/{path}` is not run: its name does not end with `.sh`");
            found.push(
                Diagnostic::warning("unused-script", message)
                    .help(format!("name it `workshop/{}`", path.with_extension("sh"))),
            );
        }
    }
    found
}

/// By these a line is known that may make files, or let them run.
const MAKES: [&str; 9] = [
    "> ", ">~", ">$", "chmod ", "clone ", "cp ", "ln ", "mkdir ", "touch ",
];

/// The scripts with which terminals start that may make files: a page's commands come behind them.
pub(super) fn making(workshop: &Workshop, received: &[Received]) -> Vec<String> {
    let texts = home::own_texts(workshop, received, |path| {
        path == "profile" || path == "terminal.sh" || path.starts_with("terminal")
    });
    let texts = texts.into_iter().map(|(_, text)| text);
    texts
        .filter(|text| MAKES.iter().any(|sign| text.contains(sign)))
        .collect()
}

/// Whether a program that is a text says what reads it, in its first line.
pub(super) fn has_interpreter(text: &str) -> bool {
    text.is_empty() || text.starts_with("#!")
}
