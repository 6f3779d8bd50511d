//! Where a session stands: what its journal comes to.

use std::collections::{BTreeMap, BTreeSet};

use atelier_content::ActionLook;
use atelier_content::action::FormValues;

use super::kept::{KeptVersion, PageStart, Unfinished};
use super::{Entry, Line};
use crate::dashboards::{DashboardChange, slug};
use crate::protocol::{ActionStatus, ActionUpdate, SectionState, ViewState};

/// A pause longer than this is not counted as time spent: the lid was closed, or the learner was away.
const IDLE_LIMIT: u64 = 15 * 60 * 1000;

/// Where a session stands: the fold of its journal.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Progress {
    /// The pathway that is taken; none was noted where the workshop has nothing to choose.
    pub pathway: Option<String>,
    /// Where the other pathways were left: the page, and whether the finish screen was reached.
    pub pathways: BTreeMap<String, (Option<String>, bool)>,
    /// The page that was shown last, on this pathway.
    pub page: Option<String>,
    /// Pages that have been shown.
    pub visited: BTreeSet<String>,
    /// How actions ended last, by id.
    pub actions: BTreeMap<String, ActionUpdate>,
    /// When actions ended last, in milliseconds since 1970; a command has when it is typed. What cooldowns count from.
    pub ended: BTreeMap<String, u64>,
    /// What was typed into forms, by action.
    pub forms: BTreeMap<String, FormValues>,
    /// What the learner has agreed to.
    pub agreed: Agreed,
    /// Sections, by page.
    pub sections: BTreeMap<String, Vec<SectionState>>,
    /// Actions that their author has taken out, by the names under which their marks wait.
    pub gone: BTreeMap<String, ActionLook>,
    /// The last verdict of each examiner test, by its name and arguments.
    pub checks: BTreeMap<String, bool>,
    /// What actions have done to the tabs, in order.
    pub dashboards: Vec<DashboardChange>,
    /// How the window stood.
    pub view: ViewState,
    /// Scroll position of each page.
    pub scroll: BTreeMap<String, f64>,
    /// The pages whose starts are kept, in the order in which they were first shown.
    pub starts: Vec<PageStart>,
    /// The learner's versions that gave way to the start of a page, the last one last.
    pub kept: Vec<KeptVersion>,
    /// A restore that was begun.
    pub unfinished: Option<Unfinished>,
    /// Why a restore that was interrupted was given up. Told until the session is closed, or files are put back again.
    pub given_up: Option<String>,
    /// The learner has started over: another session takes its place.
    pub set_aside: bool,
    /// The workshop's files have been copied.
    pub received: bool,
    /// Set-up has gone through without a failure, or the learner has gone on without it.
    pub set_up: bool,
    /// Set-up has begun and did not come to its end.
    pub setting_up: bool,
    /// The finish screen was reached.
    pub finished: bool,
    /// Milliseconds for which the session was open.
    pub millis: u64,
    /// When something last happened, in milliseconds since 1970.
    pub last: u64,
    /// The process that opened it last did not close it.
    pub open: bool,
    opened_at: u64,
}

/// What the learner has agreed to when they were asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Agreed {
    /// Commands, as the workshop has them.
    pub commands: BTreeSet<String>,
    /// Clusters, by the names of their contexts.
    pub clusters: BTreeSet<String>,
}

/// Lines of a later version are skipped.
pub(super) fn fold(lines: &[&[u8]]) -> Progress {
    let mut progress = Progress::default();
    for line in lines {
        if let Ok(line) = serde_json::from_slice(line) {
            progress.apply(line);
        }
    }
    progress
}

impl Progress {
    /// Changes to another pathway; each keeps its own place.
    fn take(&mut self, pathway: String) {
        if self.pathway.as_ref() == Some(&pathway) {
            return;
        }
        if let Some(left) = self.pathway.replace(pathway.clone()) {
            self.pathways
                .insert(left, (self.page.take(), self.finished));
            (self.page, self.finished) = self.pathways.remove(&pathway).unwrap_or_default();
        }
    }

    pub(super) fn apply(&mut self, line: Line) {
        if self.open {
            self.millis += line
                .at
                .saturating_sub(self.last.max(self.opened_at))
                .min(IDLE_LIMIT);
        }
        self.last = line.at;
        if self.apply_kept(&line.entry, line.at) {
            return;
        }
        match line.entry {
            Entry::Opened => {
                // No session is opened before its files are copied.
                (self.open, self.received) = (true, true);
                self.opened_at = line.at;
            }
            Entry::Closed => (self.open, self.given_up) = (false, None),
            Entry::Pathway { pathway } => self.take(pathway),
            Entry::Received => self.received = true,
            Entry::SetupBegun => (self.set_up, self.setting_up) = (false, true),
            Entry::Setup { failed } => {
                self.received = true;
                (self.set_up, self.setting_up) = (failed.is_empty(), false);
            }
            Entry::SetupPassedOver => (self.set_up, self.setting_up) = (true, false),
            Entry::Page { page } => {
                self.visited.insert(page.clone());
                self.view.scroll = self.scroll.get(&page).copied().unwrap_or(0.0);
                self.page = Some(page);
            }
            Entry::PagesChanged { pages } => self.move_marks(&pages),
            Entry::PageChanged(page) => self.move_marks(&[page]),
            Entry::Reloaded { page } => self.ended.retain(|action, _| !is_of_page(action, &page)),
            Entry::Action { action, update } => {
                let before = self.actions.insert(action.clone(), update);
                let was_running =
                    before.is_some_and(|before| before.status == ActionStatus::Running);
                if !(was_running && self.ended.contains_key(&action)) {
                    self.ended.insert(action, line.at);
                }
            }
            Entry::Form { action, values } => {
                self.forms.insert(action, values);
            }
            Entry::Agreed { command, cluster } => {
                self.agreed.commands.insert(command);
                self.agreed.clusters.extend(cluster);
            }
            Entry::Check { test, passed } => {
                self.checks.insert(test, passed);
            }
            Entry::Sections { page, sections } => {
                let known = self.sections.entry(page).or_default();
                for state in sections {
                    match known.binary_search_by_key(&state.section, |known| known.section) {
                        Ok(at) => known[at] = state,
                        Err(at) => known.insert(at, state),
                    }
                }
            }
            Entry::Dashboard { change } => {
                // Only the last word on a tab counts; one made anew stands at the end.
                let same = |known: &DashboardChange| slug(&known.name) == slug(&change.name);
                let known = self.dashboards.iter().rposition(same);
                match known {
                    Some(at) if change.url.is_some() && self.dashboards[at].url.is_some() => {
                        self.dashboards[at] = change;
                    }
                    _ => {
                        if change.url.is_none() {
                            self.dashboards.retain(|known| !same(known));
                        }
                        self.dashboards.push(change);
                    }
                }
            }
            Entry::View { page, view } => {
                self.scroll.insert(page, view.scroll);
                self.view = view;
            }
            Entry::Finished => self.finished = true,
            // The others are told of in `kept.rs`.
            _ => {}
        }
    }
}

/// Whether an action's id, `PAGE/INDEX`, is of this page.
pub(crate) fn is_of_page(action: &str, page: &str) -> bool {
    action
        .strip_prefix(page)
        .and_then(|rest| rest.strip_prefix('/'))
        .is_some_and(|index| !index.contains('/'))
}
