//! What can be opened, and what the trust sheet shows before anything runs.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::session::DiagnosticView;
use super::trust::ChangesView;
use crate::isolation::Isolation;

/// The start page.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LibraryView {
    /// Bundled workshops first, then by last use.
    pub workshops: Vec<WorkshopCard>,
    /// Where Atelier keeps its sessions.
    pub home: String,
}

/// A workshop on the start page.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names say it")]
pub struct WorkshopCard {
    /// Its folder.
    pub path: String,
    pub title: String,
    pub description: String,
    pub difficulty: Option<String>,
    /// As the author wrote it: `30m`.
    pub duration: Option<String>,
    /// Came with Atelier.
    pub bundled: bool,
    /// Its folder is gone.
    pub missing: bool,
    /// An unfinished or finished session of it.
    pub session: Option<SessionSummary>,
}

/// A session, as a card tells of it.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names say it")]
pub struct SessionSummary {
    pub name: String,
    /// Title of the page that was open.
    pub page_title: String,
    /// Its number, from 1.
    pub step: u32,
    pub pages: u32,
    pub checks_passed: u32,
    pub checks_total: u32,
    pub finished: bool,
    /// Milliseconds since 1970.
    pub last_used: u64,
}

/// What a path that was opened holds.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum OpenedView {
    /// One workshop.
    Workshop {
        /// Its folder: of an archive, where it was unpacked.
        path: String,
    },
    /// Several, of which the learner opens one.
    Several {
        /// What they are called together.
        title: String,
        /// In the order of their catalogue.
        workshops: Vec<WorkshopCard>,
    },
}

/// What the trust sheet shows. Nothing was run to make it.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names say it")]
pub struct InspectionView {
    pub path: String,
    pub title: String,
    pub description: String,
    pub authors: Vec<String>,
    pub vendor: Option<String>,
    pub url: Option<String>,
    pub difficulty: Option<String>,
    pub duration: Option<String>,
    pub pages: u32,
    /// The pathways to choose from; with fewer than two there is nothing to choose.
    pub pathways: Vec<PathwayView>,
    /// The one that this tells of; empty means all pages.
    pub pathway: String,
    /// How many actions type into a terminal.
    pub commands: u32,
    /// How many of these run without a click of their own.
    pub unasked: u32,
    /// What runs by itself, with its text: set-up scripts in their order, start files of terminals, containers as JSON.
    pub setup: Vec<ScriptView>,
    /// Programs that would run in the background.
    pub programs: Vec<PlannedProgram>,
    /// Programs that the workshop needs, the author's own word first.
    pub requirements: Vec<RequirementView>,
    /// What it fetches from elsewhere.
    pub network: Vec<NetworkView>,
    /// What is different on this computer from where it was made for, one sentence each.
    pub differences: Vec<String>,
    /// What of the owner's it uses.
    pub allowances: AllowanceView,
    /// How far its sessions may reach.
    pub isolation: IsolationView,
    /// Where the learner's files will live.
    pub files_at: String,
    /// The learner has trusted exactly this content, or the path as its author.
    pub trusted: bool,
    /// Of what this tells: only this is trusted when the sheet is answered.
    pub content: String,
    /// It was trusted before, and has changed since: what.
    pub changes: Option<ChangesView>,
    /// Bytes of the files that a session receives.
    pub size: u64,
    /// A session of this path that would be resumed.
    pub resume: Option<SessionSummary>,
    /// What its author should fix.
    pub problems: Vec<DiagnosticView>,
}

/// A way through a workshop's pages.
#[derive(Debug, Clone, Serialize, TS)]
#[allow(missing_docs, reason = "the names say it")]
pub struct PathwayView {
    pub name: String,
    /// Its name, where it has no title.
    pub title: String,
    /// May be empty.
    pub description: String,
    pub pages: u32,
}

/// A script that a session would run.
#[derive(Debug, Clone, Serialize, TS)]
#[allow(missing_docs, reason = "the names say it")]
pub struct ScriptView {
    pub name: String,
    pub text: String,
}

/// A program that a session would keep running.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PlannedProgram {
    /// Its name.
    pub name: String,
    /// What runs, as its author wrote it.
    pub command: String,
    /// It starts with the session.
    pub autostart: bool,
}

/// A program that the workshop needs.
#[derive(Debug, Clone, Serialize, TS)]
pub struct RequirementView {
    /// The program's name.
    pub name: String,
    /// How it stands with it.
    pub status: RequirementStatus,
    /// What is wrong, in a sentence.
    pub problem: Option<String>,
    /// How to get it: a command, or a sentence of the author's.
    pub hint: Option<String>,
    /// Where it was found on this machine.
    pub found: Option<String>,
    /// The version that was found, where it matters.
    pub version: Option<String>,
    /// Its author requires it.
    pub declared: bool,
}

/// How it stands with a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum RequirementStatus {
    /// It is here.
    Found,
    /// It is not here.
    Missing,
    /// It is here in a version that will not do.
    TooOld,
    /// It is not here, and may be no program, or come with the workshop.
    Unsure,
}

/// Something that needs the network.
#[derive(Debug, Clone, Serialize, TS)]
pub struct NetworkView {
    /// `git clone https://…`
    pub what: String,
    /// `workshop/content/01-intro.md:12`
    pub place: String,
}

/// What of the owner's the workshop uses, and whether it may.
#[derive(Debug, Clone, Default, Serialize, TS)]
pub struct AllowanceView {
    /// Docker on this machine; none when it does not use it, or there is none.
    pub docker: Option<bool>,
    /// The cluster of the owner's kubeconfig; none when it does not use one, or there is none.
    pub cluster: Option<ClusterView>,
}

/// How far a workshop's sessions may reach, and what of that this machine can do.
#[derive(Debug, Clone, Serialize, TS)]
pub struct IsolationView {
    /// What was chosen, or is chosen unless the learner says otherwise.
    pub level: Isolation,
    /// Sessions can be isolated on this machine.
    pub possible: bool,
    /// Isolation was chosen for this content or the session that goes on, and is not possible any more: nothing starts before
    /// the learner chooses anew.
    pub lost: bool,
    /// Why they cannot, or what their isolation lacks here; whole sentences.
    pub reason: Option<String>,
}

/// A cluster that a workshop may be allowed to use.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ClusterView {
    /// The kubeconfig's current context.
    pub context: String,
    /// It may.
    pub allowed: bool,
}
