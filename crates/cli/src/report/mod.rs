//! What the command prints. Nothing else writes to the standard streams.

pub(crate) mod diagnostics;
pub(crate) mod explain;
pub(crate) mod github;
pub(crate) mod junit;
pub(crate) mod machine;
pub(crate) mod run;
pub(crate) mod sarif;

use std::error::Error;
use std::io::{self, IsTerminal, Write};

use atelier_content::{Diagnostic, LoadError, Workshop};
use serde::Serialize;

pub(crate) use diagnostics::Finding;

/// Writes to standard output.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Writes one JSON document to standard output.
pub(crate) fn print_json(value: &impl Serialize) -> anyhow::Result<()> {
    Ok(print(&(serde_json::to_string_pretty(value)? + "\n"))?)
}

/// Says on standard error what was done.
pub(crate) fn tell(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// One line on a finding that was mended.
pub(crate) fn mended(workshop: &Workshop, finding: &Diagnostic) -> String {
    let title = finding.fix.as_ref().map(|fix| fix.title.as_str());
    let place = finding.span().map(|span| {
        let at = workshop.sources.position(span);
        let path = workshop.sources.file(span.file).path();
        format!("{path}:{}:{}: ", at.line, at.column)
    });
    format!(
        "{} [{}] {}{}\n",
        paint(colours(), "32", "fixed"),
        finding.code,
        place.unwrap_or_default(),
        title.unwrap_or_default()
    )
}

/// Says on standard error what is worth knowing.
pub(crate) fn remark(text: &str) {
    let _ = writeln!(io::stderr().lock(), "note: {text}");
}

/// Says on standard error why the command could not do its work: the chain of causes, one a line.
pub(crate) fn complain(error: &anyhow::Error) {
    let mut err = io::stderr().lock();
    let mut said = error.to_string();
    let _ = writeln!(err, "error: {said}");
    for cause in error.chain().skip(1).map(ToString::to_string) {
        // Some sentences end with their own reason already.
        if !said.ends_with(&cause) {
            let _ = writeln!(err, "  because: {cause}");
        }
        said = cause;
    }
    let is_none = |cause: &(dyn Error + 'static)| {
        matches!(cause.downcast_ref(), Some(LoadError::NotAWorkshop(_)))
    };
    if error.chain().any(is_none) {
        let _ = writeln!(err, "  help: `atelier new FOLDER` makes a workshop");
    }
}

/// The reader of our output has gone: `atelier check … | head`.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|e| e.kind() == io::ErrorKind::BrokenPipe)
}

/// Colours are for people at a terminal who did not refuse them.
pub(crate) fn colours() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// A workshop's text, without anything that a terminal would obey: a control character is shown as its picture.
pub(crate) fn plain(text: &str) -> String {
    let picture = |c: char| match c {
        '\t' | '\n' => c,
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        c if c.is_control() => '\u{fffd}',
        c => c,
    };
    text.chars().map(picture).collect()
}

/// A text in a colour (an SGR code), where colours are wanted.
pub(crate) fn paint(colours: bool, code: &str, text: &str) -> String {
    if colours {
        format!("\x1b[{code}m{text}\x1b[0m")
    } else {
        text.to_owned()
    }
}
