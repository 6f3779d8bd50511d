//! What embedded pages and scripts may ask of the session: the reference's message API (`actions.md` 7.4).
//!
//! A message is `{action: NAME, data: {…}}`. Who may send one is decided elsewhere: [`crate::window`] for the pages of tabs, the
//! listener for scripts. Nothing but what stands here is understood; everything else is passed over in silence.

use std::time::{Duration, Instant};

use atelier_content::action::{DashboardAction, Target, TerminalAction};
use serde_json::Value;

use crate::perform::{Effect, Outcome, Performed};
use crate::session::Session;

/// A command or an address that is longer is no honest one.
const LONGEST: usize = 64 * 1024;
/// So many messages may come at once …
const BURST: u32 = 20;
/// … and one more each time this has passed.
const REFILL: Duration = Duration::from_millis(200);

/// What a message asks for.
#[derive(Debug, Clone, PartialEq)]
enum Message {
    Terminal(TerminalAction),
    Dashboard(DashboardAction),
    Finish,
    Leave,
}

impl Session {
    /// Does what a message asks; none when nobody understands it. A command of which `asks` says that the learner is to be asked
    /// first is put before them: to press Enter is theirs.
    pub(crate) fn follow_message(
        &self,
        message: &Value,
        asks: impl Fn(&str) -> bool,
    ) -> Option<Performed> {
        let effect = |effect| Outcome::done(vec![effect]).into();
        Some(match read(message)? {
            Message::Terminal(action) => {
                let action = left_to_the_learner(action, asks);
                let (outcome, typing) = self.act_on_terminals(&action);
                Performed { outcome, typing }
            }
            Message::Dashboard(action) => self.act_on_dashboards(&action).into(),
            Message::Finish => effect(Effect::Finish),
            Message::Leave => effect(Effect::LeaveSession),
        })
    }
}

/// The same without Enter, where that is the learner's to press; of several lines a shell might run the first.
fn left_to_the_learner(action: TerminalAction, asks: impl Fn(&str) -> bool) -> TerminalAction {
    let (text, session) = match &action {
        TerminalAction::Execute {
            command, session, ..
        } => (command, session),
        TerminalAction::Input { text, session, .. } => (text, session),
        _ => return action,
    };
    if !asks(text) {
        return action;
    }
    let text = text.trim();
    if text.contains(['\n', '\r']) {
        let session = match session {
            Target::One(name) => name.clone(),
            Target::All => "1".to_owned(),
        };
        return TerminalAction::Select { session };
    }
    TerminalAction::Input {
        text: text.to_owned(),
        session: session.clone(),
        newline: false,
    }
}

fn read(message: &Value) -> Option<Message> {
    let data = message.get("data").unwrap_or(&Value::Null);
    let text = |key: &str| scalar(data.get(key)?).filter(|text| text.len() <= LONGEST);
    let truthy = |key: &str| data.get(key).is_some_and(is_truthy);
    let unless_false = |key: &str| data.get(key).is_none_or(is_truthy);
    // There is no `*` here: the actions for all have names of their own.
    let session = || {
        text("session")
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| "1".to_owned())
    };
    let one = || Target::One(session());
    let action = message.get("action")?.as_str()?;
    Some(match action {
        "terminal:execute" | "terminal:execute-all" => Message::Terminal(TerminalAction::Execute {
            command: text("command")?,
            session: if action.ends_with("-all") {
                Target::All
            } else {
                one()
            },
            clear: truthy("clear"),
        }),
        "terminal:input" => Message::Terminal(TerminalAction::Input {
            text: text("text")?,
            session: one(),
            newline: false,
        }),
        "terminal:interrupt" => Message::Terminal(TerminalAction::Interrupt { session: one() }),
        "terminal:interrupt-all" => Message::Terminal(TerminalAction::Interrupt {
            session: Target::All,
        }),
        "terminal:clear" => Message::Terminal(TerminalAction::Clear { session: one() }),
        "terminal:clear-all" => Message::Terminal(TerminalAction::Clear {
            session: Target::All,
        }),
        "terminal:select" => Message::Terminal(TerminalAction::Select { session: session() }),
        "dashboard:open-dashboard" => Message::Dashboard(DashboardAction::Open {
            name: text("name")?,
        }),
        "dashboard:create-dashboard" => Message::Dashboard(DashboardAction::Create {
            name: text("name")?,
            url: text("url")?,
            focus: unless_false("focus"),
        }),
        "dashboard:delete-dashboard" => Message::Dashboard(DashboardAction::Delete {
            name: text("name")?,
        }),
        "dashboard:reload-dashboard" => Message::Dashboard(DashboardAction::Reload {
            name: text("name")?,
            url: text("url").filter(|url| !url.is_empty()),
            focus: unless_false("focus"),
        }),
        "dashboard:open-url" => Message::Dashboard(DashboardAction::OpenUrl { url: text("url")? }),
        // An image has a tab of its own, so that it can stand beside the page that shows it.
        "dashboard:preview-image" => Message::Dashboard(DashboardAction::Reload {
            name: "Image".to_owned(),
            url: Some(text("src").filter(|src| !src.is_empty())?),
            focus: true,
        }),
        "dashboard:finished-workshop" => Message::Finish,
        "dashboard:terminate-session" => Message::Leave,
        _ => return None,
    })
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// As JavaScript sees it.
fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// How many messages may still come: a page in a loop must not take the window away from the learner.
#[derive(Debug)]
pub(crate) struct Allowance {
    left: u32,
    since: Instant,
}

impl Allowance {
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            left: BURST,
            since: now,
        }
    }

    /// Whether one more may come.
    pub(crate) fn take(&mut self, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.since);
        let refills = u32::try_from(passed.as_millis() / REFILL.as_millis()).unwrap_or(u32::MAX);
        if refills > 0 {
            self.left = self.left.saturating_add(refills).min(BURST);
            self.since = now;
        }
        let allowed = self.left > 0;
        self.left = self.left.saturating_sub(1);
        allowed
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn enter_is_left_to_the_learner_where_they_are_to_be_asked() {
        let execute = |command: &str| TerminalAction::Execute {
            command: command.to_owned(),
            session: Target::One("2".to_owned()),
            clear: false,
        };
        let left = |command| left_to_the_learner(execute(command), |text| text.contains("sudo"));
        assert_eq!(left("ls"), execute("ls"));
        let typed = TerminalAction::Input {
            text: "sudo ls".to_owned(),
            session: Target::One("2".to_owned()),
            newline: false,
        };
        assert_eq!(left("sudo ls\n"), typed);
        let shown = TerminalAction::Select {
            session: "2".to_owned(),
        };
        assert_eq!(left("ls\nsudo ls"), shown);
    }

    #[test]
    fn understands_what_is_listed_and_nothing_else() {
        let execute = |command: &str, session, clear| {
            Some(Message::Terminal(TerminalAction::Execute {
                command: command.to_owned(),
                session,
                clear,
            }))
        };
        let one = |name: &str| Target::One(name.to_owned());
        for (message, meaning) in [
            (
                json!({"action": "terminal:execute", "data": {"command": "ls"}}),
                execute("ls", one("1"), false),
            ),
            (
                json!({"action": "terminal:execute", "data": {"command": "ls", "session": 2, "clear": true}}),
                execute("ls", one("2"), true),
            ),
            (
                json!({"action": "terminal:execute", "data": {"command": "ls", "session": "*"}}),
                execute("ls", one("*"), false),
            ),
            (
                json!({"action": "terminal:execute-all", "data": {"command": "ls"}}),
                execute("ls", Target::All, false),
            ),
            (
                json!({"action": "terminal:input", "data": {"text": "y", "endl": true}}),
                Some(Message::Terminal(TerminalAction::Input {
                    text: "y".to_owned(),
                    session: one("1"),
                    newline: false,
                })),
            ),
            (
                json!({"action": "terminal:interrupt"}),
                Some(Message::Terminal(TerminalAction::Interrupt {
                    session: one("1"),
                })),
            ),
            (
                json!({"action": "terminal:clear-all"}),
                Some(Message::Terminal(TerminalAction::Clear {
                    session: Target::All,
                })),
            ),
            (
                json!({"action": "dashboard:reload-dashboard", "data": {"name": "A", "focus": false}}),
                Some(Message::Dashboard(DashboardAction::Reload {
                    name: "A".to_owned(),
                    url: None,
                    focus: false,
                })),
            ),
            (
                json!({"action": "dashboard:preview-image", "data": {"src": "/slides/a.png", "title": "A"}}),
                Some(Message::Dashboard(DashboardAction::Reload {
                    name: "Image".to_owned(),
                    url: Some("/slides/a.png".to_owned()),
                    focus: true,
                })),
            ),
            (
                json!({"action": "dashboard:preview-image", "data": {"src": ""}}),
                None,
            ),
            (
                json!({"action": "dashboard:finished-workshop"}),
                Some(Message::Finish),
            ),
            (
                json!({"action": "dashboard:terminate-session"}),
                Some(Message::Leave),
            ),
            (json!({"action": "terminal:execute"}), None),
            (
                json!({"action": "terminal:execute", "data": {"command": {"a": 1}}}),
                None,
            ),
            (
                json!({"action": "terminal:execute", "data": {"command": "x".repeat(LONGEST + 1)}}),
                None,
            ),
            (
                json!({"action": "editor:append-lines-to-file", "data": {"file": "a", "text": "b"}}),
                None,
            ),
            (
                json!({"action": "examiner:execute-test", "data": {"name": "a"}}),
                None,
            ),
            (json!({"action": ["terminal:clear"]}), None),
            (json!("terminal:clear"), None),
            (json!([]), None),
            (json!(null), None),
        ] {
            assert_eq!(read(&message), meaning, "{message:.200}");
        }
    }

    #[test]
    fn a_flood_is_cut_off() {
        let start = Instant::now();
        let mut allowance = Allowance::new(start);
        let mut taken = |after: Duration, count: usize| {
            (0..count).filter(|_| allowance.take(start + after)).count()
        };
        assert_eq!(taken(Duration::ZERO, 1000), BURST as usize);
        assert_eq!(taken(REFILL * 3, 1000), 3);
        assert_eq!(taken(Duration::from_secs(3600), 1000), BURST as usize);
    }
}
