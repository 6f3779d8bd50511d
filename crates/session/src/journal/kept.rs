//! Starts of pages, and the versions of the learner's that gave way to them.

use std::collections::{BTreeMap, BTreeSet};

use super::moved::{Moves, is_gone};
use super::progress::{Progress, is_of_page};
use super::{Entry, KeptFiles};
use crate::protocol::{ActionUpdate, SectionState};

/// More kept versions than this are not offered: the oldest give way.
pub(crate) const KEPT: usize = 10;

/// The files as they were when a page was first shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageStart {
    /// The page.
    pub page: String,
    /// The tree in `state/snapshots`.
    pub tree: String,
    /// When, in milliseconds since 1970.
    pub at: u64,
}

/// A version of the learner's that can be brought back.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptVersion {
    /// Its folder and tree.
    pub files: KeptFiles,
    /// When it gave way, in milliseconds since 1970.
    pub at: u64,
    /// The page whose start took its place.
    pub page: String,
    /// The one file that it is about, relative to the home.
    pub file: Option<String>,
    marks: Marks,
}

/// A restore whose files may not all be in their places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// What is put in place.
    pub tree: String,
    /// One file alone, relative to the home.
    pub file: Option<String>,
    /// The version that gives way.
    pub kept: KeptFiles,
    /// The version that is brought back.
    pub from: Option<String>,
}

/// How far the learner had come on some pages.
#[derive(Debug, Clone, Default, PartialEq)]
struct Marks {
    /// The pages whose starts are not known any more, then the page itself.
    pages: Vec<String>,
    names_of_checks: Vec<String>,
    actions: BTreeMap<String, ActionUpdate>,
    ended: BTreeMap<String, u64>,
    sections: BTreeMap<String, Vec<SectionState>>,
    visited: BTreeSet<String>,
    checks: BTreeMap<String, bool>,
    starts: Vec<PageStart>,
    finished: bool,
}

impl KeptVersion {
    /// As the marks of the session: when it is brought back, they fit the pages as they are then.
    pub(super) fn move_marks(&mut self, moves: &Moves<'_>) {
        let marks = &mut self.marks;
        moves.keys(&mut marks.actions);
        moves.keys(&mut marks.ended);
        moves.sections(&mut marks.sections);
        moves.names(&mut marks.visited);
        let starts = marks.starts.iter_mut().map(|start| &mut start.page);
        let names = marks.pages.iter_mut().chain(starts);
        for name in names.chain([&mut self.page]) {
            moves.rename(name);
        }
    }
}

impl Progress {
    /// The start of a page.
    pub fn start_of(&self, page: &str) -> Option<&PageStart> {
        self.starts.iter().find(|start| start.page == page)
    }

    /// The page, and those that were first shown after it: they lose their marks with it.
    pub fn pages_from(&self, page: &str) -> Vec<String> {
        let shown = self.starts.iter().map(|start| start.page.clone());
        shown.skip_while(|shown| shown != page).collect()
    }

    /// Every tree that is still needed.
    pub(crate) fn trees(&self) -> std::collections::HashSet<String> {
        let set_aside = self.kept.iter().flat_map(|kept| &kept.marks.starts);
        let starts = self.starts.iter().chain(set_aside);
        let kept = self.kept.iter().map(|kept| kept.files.tree.clone());
        let unfinished = self.unfinished.iter().map(|each| each.tree.clone());
        starts
            .map(|start| start.tree.clone())
            .chain(kept)
            .chain(unfinished)
            .collect()
    }

    /// True when the entry is one of these.
    pub(super) fn apply_kept(&mut self, entry: &Entry, at: u64) -> bool {
        match entry {
            Entry::PageStart { page, tree } if self.start_of(page).is_none() => {
                self.starts.push(PageStart {
                    page: page.clone(),
                    tree: tree.clone(),
                    at,
                });
            }
            Entry::PageStart { .. } => {}
            Entry::Restored {
                page,
                tree,
                file,
                pages,
                checks,
                kept,
            } => {
                let marks = self.take_marks(page, pages, checks);
                self.keep(kept, at, page, file.as_ref(), marks);
                self.unfinished = Some(Unfinished {
                    tree: tree.clone(),
                    file: file.clone(),
                    kept: kept.clone(),
                    from: None,
                });
            }
            Entry::BroughtBack { version, kept } => {
                let found = self
                    .kept
                    .iter()
                    .position(|each| each.files.version == *version);
                let Some(back) = found.map(|at| self.kept.remove(at)) else {
                    return true;
                };
                let Marks {
                    pages,
                    names_of_checks,
                    ..
                } = &back.marks;
                let marks = self.take_marks(&back.page, pages, names_of_checks);
                self.keep(kept, at, &back.page, back.file.as_ref(), marks);
                self.unfinished = Some(Unfinished {
                    tree: back.files.tree.clone(),
                    file: back.file.clone(),
                    kept: kept.clone(),
                    from: Some(version.clone()),
                });
                self.put_marks(back.marks);
            }
            Entry::FilesInPlace => (self.unfinished, self.given_up) = (None, None),
            Entry::RestoreGivenUp { why } => {
                (self.unfinished, self.given_up) = (None, Some(why.clone()));
            }
            Entry::KeptDeleted { version } => {
                self.kept.retain(|kept| kept.files.version != *version);
            }
            Entry::SetAside => self.set_aside = true,
            Entry::Chosen => self.set_aside = false,
            _ => return false,
        }
        true
    }

    fn keep(
        &mut self,
        files: &KeptFiles,
        at: u64,
        page: &str,
        file: Option<&String>,
        marks: Marks,
    ) {
        self.kept.push(KeptVersion {
            files: files.clone(),
            at,
            page: page.to_owned(),
            file: file.cloned(),
            marks,
        });
        if self.kept.len() > KEPT {
            self.kept.remove(0);
        }
    }

    /// Forgets how far the learner has come on these pages. The page itself is shown, and keeps its start.
    fn take_marks(&mut self, page: &str, pages: &[String], checks: &[String]) -> Marks {
        let of_one = |action: &str| pages.iter().any(|page| is_of_page(action, page));
        let later = |other: &str| other != page && pages.iter().any(|page| page == other);
        let finished = self.finished;
        self.finished &= pages.is_empty();
        Marks {
            finished,
            pages: pages.to_vec(),
            names_of_checks: checks.to_vec(),
            actions: self.actions.extract_if(.., |id, _| of_one(id)).collect(),
            ended: self.ended.extract_if(.., |id, _| of_one(id)).collect(),
            sections: self
                .sections
                .extract_if(.., |of, _| pages.contains(of) || is_gone(of) && of_one(of))
                .collect(),
            visited: self.visited.extract_if(.., |each| later(each)).collect(),
            checks: self
                .checks
                .extract_if(.., |check, _| checks.contains(check))
                .collect(),
            starts: self
                .starts
                .extract_if(.., |start| later(&start.page))
                .collect(),
        }
    }

    fn put_marks(&mut self, marks: Marks) {
        self.actions.extend(marks.actions);
        self.ended.extend(marks.ended);
        self.sections.extend(marks.sections);
        self.visited.extend(marks.visited);
        self.checks.extend(marks.checks);
        self.starts.extend(marks.starts);
        self.finished |= marks.finished;
    }
}
