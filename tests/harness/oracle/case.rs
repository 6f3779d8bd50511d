//! A recorded case, as `shared/oracle/README.md` describes it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

/// Files of a home directory: a text, `true` for an empty folder (the path ends in `/`), null for what is gone.
pub type Files = BTreeMap<String, Value>;

/// What the reference did with some files.
#[derive(Debug, Clone, Deserialize)]
#[allow(missing_docs, reason = "the README of the cases says it")]
pub struct Case {
    pub id: String,
    pub files: Files,
    pub actions: Vec<Action>,
    pub after: Files,
    pub selection: Option<Selection>,
    pub ok: bool,
    pub failed_at: Option<usize>,
    pub compare: Option<String>,
    pub reformat: Option<bool>,
    pub quirk: Option<String>,
    pub sane: Option<Sane>,
}

/// One action and its properties.
#[derive(Debug, Clone, Deserialize)]
#[allow(missing_docs, reason = "the README of the cases says it")]
pub struct Action {
    pub action: String,
    pub args: Map<String, Value>,
}

/// What would be saner, where that is not the reference's.
#[derive(Debug, Clone, Default, Deserialize)]
#[allow(missing_docs, reason = "the README of the cases says it")]
pub struct Sane {
    pub after: Option<Files>,
    pub selection: Option<Selection>,
    pub ok: Option<bool>,
}

/// What is selected, in which file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[allow(missing_docs, reason = "the README of the cases says it")]
pub struct Selection {
    pub file: String,
    pub start: Place,
    pub end: Place,
}

/// A place in a text, from 0, in UTF-16.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Place {
    pub line: u32,
    pub character: u32,
}

/// What a case is expected to end as.
#[derive(Debug, Clone)]
pub(crate) struct Expected {
    pub(crate) ok: bool,
    pub(crate) after: Files,
    pub(crate) selection: Option<Selection>,
}

impl Case {
    pub(crate) fn expected(&self) -> Expected {
        Expected {
            ok: self.ok,
            after: self.after.clone(),
            selection: self.selection.clone(),
        }
    }

    pub(crate) fn saner(&self, sane: &Sane) -> Expected {
        let as_recorded = self.expected();
        Expected {
            ok: sane.ok.unwrap_or(as_recorded.ok),
            after: sane.after.clone().unwrap_or(as_recorded.after),
            selection: sane.selection.clone().or(as_recorded.selection),
        }
    }

    /// The action that the case is about: the last one that does more than write its file.
    pub fn subject(&self) -> &str {
        let others = self
            .actions
            .iter()
            .rev()
            .find(|action| action.action != "editor:create-file");
        let first = || self.actions.first();
        others.or_else(first).map_or("", |action| &action.action)
    }

    /// Whether data counts, and not how it is written.
    pub(crate) fn writes_yaml(&self) -> bool {
        self.actions.iter().any(|action| {
            action.action.contains("yaml") && action.action != "editor:select-yaml-path"
        })
    }

    /// As it stands in the file of cases, short enough to be read.
    pub fn brief(&self) -> String {
        let actions: Vec<_> = self
            .actions
            .iter()
            .map(|action| format!("{} {}", action.action, Value::Object(action.args.clone())))
            .collect();
        actions.join("\n    ")
    }
}
