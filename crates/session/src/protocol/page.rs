//! A page and the state of its actions.

use std::collections::BTreeMap;

use atelier_content::action::FormValues;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::action::ActionUpdate;
use super::form::FormView;

/// A page in the list of contents.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PageEntry {
    /// Its key.
    pub id: String,
    /// What the contents call it.
    pub title: String,
    /// Has been shown before.
    pub visited: bool,
}

/// A rendered page.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PageView {
    /// Its key.
    pub id: String,
    /// Its version: another number after each change of it while it is played.
    pub revision: u32,
    /// What the contents call it.
    pub title: String,
    /// The heading to put above the body, where the body does not bring its own.
    pub heading: Option<String>,
    /// What the button at its end says, where the author has an own word for it.
    pub next_label: Option<String>,
    /// Sanitised; with `<workshop-action data-index="N">` and `<div class="workshop-section" data-section="N">`.
    pub html: String,
    /// By index.
    pub actions: Vec<ActionView>,
    /// By index.
    pub sections: Vec<SectionView>,
}

/// A card.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ActionView {
    /// `01-intro/3`.
    pub id: String,
    /// The fence's name: `terminal:execute`.
    pub kind: String,
    /// `Terminal`.
    pub prefix: String,
    /// `Execute command in terminal "1"`.
    pub title: String,
    /// Preformatted text below the title; also what the copy button copies.
    pub body: Option<String>,
    /// Never shown, but may be fired.
    pub hidden: bool,
    /// `false`: a click does nothing but go on with the cascade.
    pub enabled: bool,
    /// Must be done before the page is left behind.
    pub required: bool,
    /// How soon it may run again.
    pub cooldown: CooldownView,
    /// Actions of one queue run one after another: `terminal:1`, `editor`, `dashboard`; none run at once.
    pub queue: Option<String>,
    /// Is filled in first.
    pub form: Option<FormView>,
    /// The file that must be open, saved and unconflicted before it is performed: `~/exercises/app.py`.
    pub document: Option<String>,
    /// Files and folders that it copies, moves, overwrites or deletes: none of them may wait for the learner's decision.
    pub touches: Vec<String>,
    /// It takes files from the learner.
    pub upload: Option<UploadView>,
    /// It cannot be performed, and why.
    pub problem: Option<ActionProblem>,
    /// What it needs and this computer or session has not, in a sentence.
    pub note: Option<String>,
    /// A check that is tried until it passes: nothing waits for it.
    pub endless: bool,
    /// The mark of a section that it is.
    pub section: Option<u32>,
    /// It is the mark that closes a section, which is never shown when paired.
    pub closes_section: bool,
}

/// What an upload takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct UploadView {
    /// Where it goes: `~/uploads/report.csv`, or the folder.
    pub to: String,
    /// More than one file may be handed over.
    pub several: bool,
}

/// Why a block is an error card.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ActionProblem {
    /// One sentence.
    pub message: String,
    /// Relative to the workshop's folder.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// From 1.
    pub column: u32,
    /// The author's own text of the block.
    pub source: String,
}

/// How soon after it ended an action may run again.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum CooldownView {
    /// At once, even while running.
    None,
    /// After this long.
    For {
        /// Milliseconds.
        millis: u64,
    },
    /// Not before the page is loaded anew.
    Forever,
}

/// A section, between two actions of the page.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SectionView {
    /// Index of the action that opens it.
    pub begin: u32,
    /// Index of the action that closes it.
    pub end: u32,
    /// The section that it lies in.
    pub parent: Option<u32>,
}

/// What is open and done on a page.
#[derive(Debug, Clone, Default, Serialize, TS)]
pub struct PageState {
    /// By action id; an action that is not named is ready.
    pub actions: BTreeMap<String, ActionUpdate>,
    /// When its actions ended, in milliseconds since 1970: what cooldowns count from.
    pub ended: BTreeMap<String, u64>,
    /// What was typed into forms, by action id; passwords are not among it.
    #[ts(type = "Record<string, Record<string, boolean | number | string>>")]
    pub forms: BTreeMap<String, FormValues>,
    /// One for each section.
    pub sections: Vec<SectionState>,
    /// Actions to run now because the page is shown, in order.
    pub autostart: Vec<String>,
    /// Where the page was scrolled to, in CSS pixels.
    pub scroll: f64,
}

/// Whether a section is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SectionState {
    /// Index into the page's sections.
    pub section: u32,
    /// Its content is shown (when its parents' is).
    pub open: bool,
}
