//! What is asked before an action types a command that reaches beyond the ordinary (`session.md` 19.7).
//!
//! This is for commands that somebody would want to see first, and no wall: a workshop that hides one is held by its session's
//! isolation alone.

use atelier_content::ActionId;
use atelier_content::action::{
    Action, EditorTerminalAction, EditorTerminalVerb, PageAction, TerminalAction,
};
use atelier_content::shell::{Danger, dangers};

use super::open::OpenSession;
use crate::allowances;
use crate::error::SessionError;
use crate::isolation::Isolation;
use crate::journal::Entry;
use crate::protocol::{ActionResult, Outcome};

/// A command that waits for the learner's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Question {
    /// What would be typed, as the workshop has it.
    command: String,
    /// Why that is asked about; whole sentences.
    reasons: Vec<String>,
    /// The owner's cluster that it would use, by the name of its context.
    cluster: Option<String>,
}

impl Question {
    /// In the words of the protocol.
    pub(super) fn asked(self) -> Outcome {
        Outcome::NeedsConfirmation {
            command: self.command,
            reasons: self.reasons,
        }
    }
}

impl OpenSession {
    /// What the learner is to be asked before an action is performed; none when there is nothing to ask, or when they have said
    /// yes: `agreed` is the command that they said it to. It counts for the rest of the session.
    ///
    /// # Errors
    /// When the journal does not take the answer: then it does not count.
    pub(super) fn question(
        &self,
        action: &PageAction,
        agreed: Option<&str>,
    ) -> Result<Option<Question>, SessionError> {
        let text = typed_by(action).filter(|_| action.options.enabled);
        let Some(question) = text.and_then(|text| self.question_of(text)) else {
            return Ok(None);
        };
        if agreed != Some(&question.command) {
            return Ok(Some(question));
        }
        self.session.record(Entry::Agreed {
            command: question.command,
            cluster: question.cluster,
        })?;
        Ok(None)
    }

    /// The answer to a click of which nothing was done, and from which nothing follows.
    pub(super) fn not_begun(&self, id: &ActionId, outcome: Outcome) -> ActionResult {
        ActionResult {
            outcome,
            next: Vec::new(),
            sections: None,
            revision: self.session.page_revision(&id.page),
            wrong_fields: Vec::new(),
        }
    }

    /// What is to be asked about a text, unless the learner has agreed to it.
    pub(super) fn question_of(&self, text: &str) -> Option<Question> {
        let mut found = dangers(text);
        if !self.session.allowed().cluster {
            found.retain(|danger| !matches!(danger, Danger::Cluster { .. }));
        }
        if found.is_empty() {
            return None;
        }
        let agreed = self.session.journal().progress().agreed;
        if agreed.commands.contains(text) {
            return None;
        }
        let mut cluster = None;
        if found
            .iter()
            .any(|danger| matches!(danger, Danger::Cluster { .. }))
        {
            let context = context();
            if agreed.clusters.contains(&context) {
                found.retain(|danger| !matches!(danger, Danger::Cluster { .. }));
            } else {
                cluster = Some(context);
            }
        }
        let mut reasons: Vec<String> = Vec::new();
        for danger in &found {
            let reason = reason(danger, self.isolation, cluster.as_deref());
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        (!reasons.is_empty()).then(|| Question {
            command: text.to_owned(),
            reasons,
            cluster,
        })
    }
}

/// The current context of the owner's kubeconfig; empty when it has none any more.
fn context() -> String {
    allowances::kubeconfig(&|name| std::env::var(name).ok())
        .map(|found| found.context)
        .unwrap_or_default()
}

/// What an action types into a terminal.
fn typed_by(action: &PageAction) -> Option<&str> {
    match action.action.as_ref().ok()? {
        Action::Terminal(TerminalAction::Execute { command, .. }) => Some(command),
        Action::Terminal(TerminalAction::Input { text, .. }) => Some(text),
        Action::EditorTerminal(EditorTerminalAction {
            verb: EditorTerminalVerb::Send { text, .. },
            ..
        }) => Some(text),
        _ => None,
    }
}

/// Why it is asked about, in whole sentences that are true at this level.
fn reason(danger: &Danger, level: Isolation, cluster: Option<&str>) -> String {
    let isolated = level == Isolation::Isolated;
    match danger {
        Danger::Administrator { program } if isolated => format!(
            "`{program}` asks for the rights of an administrator. This session is isolated: nothing in it gets them, so that the command will probably fail."
        ),
        Danger::Administrator { program } => format!(
            "`{program}` asks for the rights of an administrator: with them a command can change anything on this computer. It may ask for your password."
        ),
        Danger::Deletes {
            folder,
            is_home: true,
        } => format!(
            "It deletes all files in the home of this session (`{folder}`), those that you have made included."
        ),
        Danger::Deletes { folder, .. } if isolated => format!(
            "It deletes `{folder}` with everything in it. This session is isolated: only its own files can be deleted."
        ),
        Danger::Deletes { folder, .. } => {
            format!("It deletes `{folder}` on this computer, with everything in it that it may.")
        }
        Danger::Cluster { .. } => format!(
            "It uses the cluster of your kubeconfig (`{}`), which this workshop may use. Once you agree, this session does not ask about that cluster again.",
            cluster.unwrap_or_default()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_a_danger_is_true_at_its_level() {
        let sudo = Danger::Administrator {
            program: "sudo".to_owned(),
        };
        let root = Danger::Deletes {
            folder: "/".to_owned(),
            is_home: false,
        };
        for (danger, level, expected) in [
            (&sudo, Isolation::Folder, "can change anything"),
            (&sudo, Isolation::Isolated, "nothing in it gets them"),
            (&root, Isolation::Folder, "on this computer"),
            (&root, Isolation::Isolated, "only its own files"),
        ] {
            let told = reason(danger, level, None);
            assert!(told.contains(expected), "{danger:?} {level:?}: {told}");
        }
    }
}
