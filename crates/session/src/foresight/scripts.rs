//! Files of the instructions' folder that are programs, and would not be run as one.

use atelier_content::{Diagnostic, Workshop};

use super::home;
use crate::received::Received;

/// What is wrong with them.
pub(super) fn wrong(workshop: &Workshop, received: &[Received]) -> Vec<Diagnostic> {
    let texts = home::own_texts(workshop, received, |path| path.starts_with("setup.d"));
    let others: Vec<_> = texts.iter().map(|(_, text)| text.as_str()).collect();
    let mut found = Vec::new();
    for (path, text) in &texts {
        let is_direct = path.components().count() == 2;
        let name = path.file_name().unwrap_or_default();
        // Another script may run it.
        let is_named = others.iter().any(|other| other.contains(name));
        if is_direct && path.extension() != Some("sh") && text.starts_with("#!") && !is_named {
            let message = format!("`workshop/{path}` is not run: its name does not end with `.sh`");
            found.push(
                Diagnostic::warning("unused-script", message)
                    .help(format!("name it `workshop/{}`", path.with_extension("sh"))),
            );
        }
    }
    found
}

/// Whether a program that is a text says what reads it, in its first line.
pub(super) fn has_interpreter(text: &str) -> bool {
    text.is_empty() || text.starts_with("#!")
}
