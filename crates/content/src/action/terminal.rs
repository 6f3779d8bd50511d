//! `terminal:*` and the raw `execute` forms (`actions.md` 3.1).

use super::catalog::{self, Entry, Meaning};
use super::properties::{Problem, Properties, missing};
use super::{Action, Target, TerminalAction};

/// Typed as a command, these interrupt instead (`actions.md` 1.2).
const INTERRUPTS: [&str; 2] = ["<ctrl+c>", "<ctrl-c>"];

/// In the order of the specification.
pub(super) const ENTRIES: &[Entry] = &[
    catalog::raw("execute", "Terminal", 1, |body| raw(body, "1")),
    catalog::raw("execute-1", "Terminal", 1, |body| raw(body, "1")),
    catalog::raw("execute-2", "Terminal", 1, |body| raw(body, "2")),
    catalog::raw("execute-3", "Terminal", 1, |body| raw(body, "3")),
    catalog::raw("execute-all", "Terminal", 1, raw_all),
    catalog::yaml(
        "terminal:execute",
        "Terminal",
        1,
        &["command", "session", "clear"],
        execute,
    ),
    catalog::yaml(
        "terminal:execute-all",
        "Terminal",
        1,
        &["command", "clear"],
        execute_all,
    ),
    catalog::yaml(
        "terminal:input",
        "Terminal",
        1,
        &["text", "session", "endl"],
        input,
    ),
    catalog::yaml("terminal:interrupt", "Terminal", 1, &["session"], interrupt),
    catalog::yaml("terminal:interrupt-all", "Terminal", 1, &[], interrupt_all),
    catalog::yaml("terminal:clear", "Terminal", 1, &["session"], clear),
    catalog::yaml("terminal:clear-all", "Terminal", 1, &[], clear_all),
    catalog::yaml("terminal:select", "Terminal", 1, &["session"], select),
];

pub(super) fn raw(body: &str, session: &str) -> Meaning {
    execute_in(
        body.trim().to_owned(),
        Target::One(session.to_owned()),
        false,
    )
    .with_body(body)
}

pub(super) fn raw_all(body: &str) -> Meaning {
    execute_in(body.trim().to_owned(), Target::All, false).with_body(body)
}

pub(super) fn execute(properties: &mut Properties) -> Result<Meaning, Problem> {
    let command = properties
        .strict_text("command")?
        .ok_or_else(|| missing("command"))?;
    Ok(execute_in(
        command,
        target(properties)?,
        properties.truthy("clear"),
    ))
}

pub(super) fn execute_all(properties: &mut Properties) -> Result<Meaning, Problem> {
    let command = properties
        .strict_text("command")?
        .ok_or_else(|| missing("command"))?;
    Ok(execute_in(command, Target::All, properties.truthy("clear")))
}

pub(super) fn input(properties: &mut Properties) -> Result<Meaning, Problem> {
    let text = properties
        .strict_text("text")?
        .ok_or_else(|| missing("text"))?;
    let session = target(properties)?;
    // Only an absent or literally true `endl` ends the line.
    let newline = properties
        .get("endl")
        .is_none_or(|endl| endl.as_bool() == Some(true));
    let how = if newline {
        "with newline"
    } else {
        "without newline"
    };
    let into = match &session {
        Target::One(_) if !newline => {
            return Ok(say(
                TerminalAction::Input {
                    text: text.clone(),
                    session: session.clone(),
                    newline,
                },
                format!("Input text into terminal \"{}\"", name(&session)),
            )
            .with_body(text));
        }
        Target::One(name) => format!("terminal \"{name}\""),
        Target::All => "all terminals".to_owned(),
    };
    let title = format!("Input text {how} into {into}");
    Ok(say(
        TerminalAction::Input {
            text: text.clone(),
            session,
            newline,
        },
        title,
    )
    .with_body(text))
}

pub(super) fn interrupt(properties: &mut Properties) -> Result<Meaning, Problem> {
    Ok(interrupt_in(target(properties)?).with_body("<ctrl+c>"))
}

pub(super) fn interrupt_all(_: &mut Properties) -> Result<Meaning, Problem> {
    Ok(interrupt_in(Target::All).with_body("<ctrl+c>"))
}

pub(super) fn clear(properties: &mut Properties) -> Result<Meaning, Problem> {
    Ok(clear_in(target(properties)?))
}

pub(super) fn clear_all(_: &mut Properties) -> Result<Meaning, Problem> {
    Ok(clear_in(Target::All))
}

pub(super) fn select(properties: &mut Properties) -> Result<Meaning, Problem> {
    let session = session(properties)?;
    let title = format!("Select terminal \"{session}\"");
    Ok(say(TerminalAction::Select { session }, title))
}

fn execute_in(command: String, session: Target, clear: bool) -> Meaning {
    if INTERRUPTS.contains(&&*command) {
        return interrupt_in(session).with_body(command);
    }
    let title = match &session {
        Target::One(name) => format!("Execute command in terminal \"{name}\""),
        Target::All => "Execute command in all terminals".to_owned(),
    };
    say(
        TerminalAction::Execute {
            command: command.clone(),
            session,
            clear,
        },
        title,
    )
    .with_body(command)
}

fn interrupt_in(session: Target) -> Meaning {
    let title = match &session {
        Target::One(name) => format!("Interrupt command in terminal \"{name}\""),
        Target::All => "Interrupt commands in all terminals".to_owned(),
    };
    say(TerminalAction::Interrupt { session }, title)
}

fn clear_in(session: Target) -> Meaning {
    let title = match &session {
        Target::One(name) => format!("Clear terminal \"{name}\""),
        Target::All => "Clear all terminals".to_owned(),
    };
    say(TerminalAction::Clear { session }, title)
}

fn say(action: TerminalAction, title: impl Into<String>) -> Meaning {
    Meaning::new(Action::Terminal(action), title)
}

fn name(target: &Target) -> &str {
    match target {
        Target::One(name) => name,
        Target::All => "*",
    }
}

fn target(properties: &Properties) -> Result<Target, Problem> {
    let session = session(properties)?;
    Ok(if session == "*" {
        Target::All
    } else {
        Target::One(session)
    })
}

/// Absent, empty and 0 are terminal 1.
fn session(properties: &Properties) -> Result<String, Problem> {
    let session = properties
        .text("session")?
        .filter(|session| !session.is_empty() && session != "0");
    Ok(session.unwrap_or_else(|| "1".to_owned()))
}
