//! The editor's own terminals (`actions.md` 3.9). They share nothing with the dashboard's but the look.

use super::Action;
use super::catalog::{Entry, Meaning, editor};
use super::properties::{Problem, Properties, missing};

/// The terminal of an action that names none.
const DEFAULT: &str = "educates";
/// The longest name, in characters.
const LONGEST: usize = 200;

/// In the order of the specification.
pub(super) const ENTRIES: &[Entry] = &[
    editor("editor:open-terminal", &["session"], open),
    editor(
        "editor:send-to-terminal",
        &["session", "text", "endl"],
        send,
    ),
    editor("editor:interrupt-terminal", &["session"], interrupt),
    editor("editor:clear-terminal", &["session"], clear),
    editor("editor:close-terminal", &["session"], close),
];

/// `editor:*-terminal`: what is done to which of the editor's terminals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditorTerminalAction {
    /// The terminal's name. A terminal of the dashboard with this name is another one.
    pub session: String,
    /// What is done to it.
    pub verb: EditorTerminalVerb,
}

/// What is done to a terminal of the editor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditorTerminalVerb {
    /// Shows it; makes it if there is none.
    Open,
    /// Shows it, made if there is none, and types text: every line break is Enter.
    Send {
        /// The text as written.
        text: String,
        /// Enter follows, unless the text ends with one.
        enter: bool,
    },
    /// Sends Ctrl+C, if there is such a terminal.
    Interrupt,
    /// Shows it and drops what it has printed, if there is such a terminal.
    Clear,
    /// Ends everything in it, if there is such a terminal.
    Close,
}

impl EditorTerminalVerb {
    /// Whether the terminal is made when there is none of its name.
    pub fn creates(&self) -> bool {
        matches!(self, Self::Open | Self::Send { .. })
    }
}

fn open(properties: &mut Properties) -> Result<Meaning, Problem> {
    let session = session(properties)?;
    let title = format!("Open terminal \"{session}\"");
    Ok(meaning(session, EditorTerminalVerb::Open, title))
}

fn send(properties: &mut Properties) -> Result<Meaning, Problem> {
    let text = properties
        .strict_text("text")?
        .ok_or_else(|| missing("text"))?;
    let session = session(properties)?;
    let enter = properties.unless_false("endl");
    let what = if enter { "text with newline" } else { "text" };
    let title = format!("Send {what} to terminal \"{session}\"");
    let body = text.clone();
    Ok(meaning(session, EditorTerminalVerb::Send { text, enter }, title).with_body(body))
}

fn interrupt(properties: &mut Properties) -> Result<Meaning, Problem> {
    let session = session(properties)?;
    let title = format!("Interrupt terminal \"{session}\"");
    Ok(meaning(session, EditorTerminalVerb::Interrupt, title).with_body("<ctrl+c>"))
}

fn clear(properties: &mut Properties) -> Result<Meaning, Problem> {
    let session = session(properties)?;
    let title = format!("Clear terminal \"{session}\"");
    Ok(meaning(session, EditorTerminalVerb::Clear, title))
}

fn close(properties: &mut Properties) -> Result<Meaning, Problem> {
    let session = session(properties)?;
    let title = format!("Close terminal \"{session}\"");
    Ok(meaning(session, EditorTerminalVerb::Close, title))
}

fn meaning(session: String, verb: EditorTerminalVerb, title: String) -> Meaning {
    let action = EditorTerminalAction { session, verb };
    Meaning::new(Action::EditorTerminal(action), title)
}

/// Absent and empty are the default. A name is one line of text.
fn session(properties: &Properties) -> Result<String, Problem> {
    let name = properties
        .text("session")?
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| DEFAULT.to_owned());
    if name.chars().count() > LONGEST || name.contains(char::is_control) {
        let what = format!("must be one line of at most {LONGEST} characters");
        return Err(super::properties::wrong("session", &what));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::super::catalog::{self, Reader};
    use super::*;

    /// `session|verb|title|body`, or why it cannot be read.
    fn read(name: &str, body: &str) -> String {
        let entry = catalog::find(name).expect("a name of the catalogue");
        assert_eq!((entry.prefix, entry.cooldown), ("Editor", 3), "{name}");
        let Reader::Yaml(read) = entry.reader else {
            panic!("{name} is not read");
        };
        let mapping = if body.is_empty() {
            serde_yaml::Mapping::new()
        } else {
            serde_yaml::from_str(body).expect("a mapping")
        };
        let meaning = match read(&mut Properties::new(mapping, Vec::new())) {
            Ok(meaning) => meaning,
            Err(problem) => return problem.message,
        };
        let Action::EditorTerminal(EditorTerminalAction { session, verb }) = meaning.action else {
            panic!("{name} is another action");
        };
        let body = meaning.body.unwrap_or_else(|| "-".to_owned());
        format!("{session}|{verb:?}|{}|{body}", meaning.title)
    }

    #[test]
    fn reads_each_action_as_the_specification_says() {
        for (name, body, is) in [
            (
                "editor:open-terminal",
                "",
                "educates|Open|Open terminal \"educates\"|-",
            ),
            (
                "editor:open-terminal",
                "session: build server",
                "build server|Open|Open terminal \"build server\"|-",
            ),
            (
                "editor:send-to-terminal",
                "text: ls\nsession: 1",
                "1|Send { text: \"ls\", enter: true }|Send text with newline to terminal \"1\"|ls",
            ),
            (
                "editor:send-to-terminal",
                "text: ls\nendl: false",
                "educates|Send { text: \"ls\", enter: false }|Send text to terminal \"educates\"|ls",
            ),
            (
                "editor:send-to-terminal",
                "text: |\n  a\n  b\n",
                "educates|Send { text: \"a\\nb\\n\", enter: true }|Send text with newline to terminal \"educates\"|a\nb\n",
            ),
            (
                "editor:send-to-terminal",
                "text: 42",
                "educates|Send { text: \"42\", enter: true }|Send text with newline to terminal \"educates\"|42",
            ),
            ("editor:send-to-terminal", "session: 1", "`text` is missing"),
            (
                "editor:interrupt-terminal",
                "session: true",
                "true|Interrupt|Interrupt terminal \"true\"|<ctrl+c>",
            ),
            (
                "editor:clear-terminal",
                "session: 1.5",
                "1.5|Clear|Clear terminal \"1.5\"|-",
            ),
            (
                "editor:close-terminal",
                "session:",
                "educates|Close|Close terminal \"educates\"|-",
            ),
        ] {
            assert_eq!(read(name, body), is, "{name}: {body}");
        }
    }

    #[test]
    fn only_a_literal_false_keeps_enter_away() {
        for (endl, enter) in [
            ("false", false),
            ("true", true),
            ("'false'", true),
            ("0", true),
            ("", true),
        ] {
            let is = read("editor:send-to-terminal", &format!("text: x\nendl: {endl}"));
            assert_eq!(is.contains("enter: true"), enter, "endl: {endl}");
        }
    }

    #[test]
    fn a_name_is_one_line_of_text() {
        assert!(read("editor:open-terminal", "session: ''").starts_with("educates|"));
        assert!(read("editor:open-terminal", "session: ' a '").starts_with("a|"));
        for name in [
            "\"a\\nb\"".to_owned(),
            "\"\\e[31m\"".to_owned(),
            "x".repeat(201),
        ] {
            assert_eq!(
                read("editor:open-terminal", &format!("session: {name}")),
                "`session` must be one line of at most 200 characters"
            );
        }
        assert_eq!(
            read("editor:open-terminal", "session: [a]"),
            "`session` must be text, not a list or a mapping"
        );
    }
}
