//! What the learner sees of a start and of kept versions before anything is put back.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use atelier_content::PageId;
use camino::Utf8PathBuf;

use super::blocking;
use crate::error::SessionError;
use crate::journal::{KeptVersion, Progress, is_of_page};
use crate::protocol::{
    ActionStatus, FileChange, FileChangeKind, KeptVersionView, LeftOutView, RestoreView,
};
use crate::snapshots::{Change, Node, Tree};
use crate::window::open::OpenSession;

/// Changed files beyond this many are counted, not named.
pub(in crate::window) const NAMED: usize = 200;

impl OpenSession {
    /// What restoring the start of a page would do; with a file, to that file alone.
    ///
    /// # Errors
    /// When set-up has not ended, the path leads out of the home, or the files cannot be read.
    pub async fn restore_view(
        &self,
        page: &str,
        file: Option<&str>,
    ) -> Result<RestoreView, SessionError> {
        self.starts_settled().await?;
        let scope = file.map(|file| self.in_home(file)).transpose()?;
        let progress = self.session.journal().progress();
        let mut view = RestoreView {
            page: page.to_owned(),
            file: file.map(str::to_owned),
            kept_at: None,
            changes: Vec::new(),
            changed: 0,
            marks: 0,
            checks: 0,
            later_pages: Vec::new(),
            left_out: Vec::new(),
            problem: None,
            kept: self.kept_views(&progress),
        };
        let Some(start) = progress.start_of(page).cloned() else {
            let problem = self.starts.problem.lock();
            let problem = problem.unwrap_or_else(PoisonError::into_inner).clone();
            view.problem = Some(match problem {
                Some(why) => format!("The start of this page was not kept: {why}."),
                None => "This page has not been opened yet, so there is no start of it.".to_owned(),
            });
            return Ok(view);
        };
        view.kept_at = Some(start.at);
        if scope.is_none() {
            let pages = progress.pages_from(page);
            let checks = self.checks_of(&pages);
            view.marks = marks(&progress, &pages);
            let passed = |check: &&String| progress.checks.get(*check) == Some(&true);
            view.checks = checks.iter().filter(passed).count() as u32;
            view.later_pages = pages[1..].iter().map(|page| self.title(page)).collect();
        }
        let snapshots = Arc::clone(&self.starts.snapshots);
        let (target, now) =
            blocking(move || Ok((snapshots.tree(&start.tree)?, snapshots.look()?))).await?;
        if let (Some(scope), Some(file)) = (&scope, file)
            && !target.nodes.contains_key(scope)
        {
            view.problem = Some(match target.left_out.get(scope) {
                Some(why) => format!("{file} was not kept: {}.", why.reason()),
                None => format!("{file} did not exist yet when you came to this page."),
            });
            return Ok(view);
        }
        let changes = target.changes_to(&now, scope.as_deref());
        view.changed = changes.len() as u32;
        view.changes = named(&changes);
        if scope.is_none() {
            view.left_out = left_out(&now);
        }
        Ok(view)
    }

    fn title(&self, page: &str) -> String {
        let workshop = self.session.workshop();
        let found = workshop.page(&PageId(page.to_owned()));
        found.map_or_else(|| page.to_owned(), |page| page.title.clone())
    }

    fn kept_views(&self, progress: &Progress) -> Vec<KeptVersionView> {
        let view = |kept: &KeptVersion| KeptVersionView {
            version: kept.files.version.clone(),
            at: kept.at,
            page: self.title(&kept.page),
            file: kept.file.as_ref().map(|file| format!("~/{file}")),
        };
        progress.kept.iter().rev().map(view).collect()
    }
}

fn marks(progress: &Progress, pages: &[String]) -> u32 {
    let of_one = |action: &str| {
        let of = |page: &String| is_of_page(action, page);
        pages.iter().any(of)
    };
    let done = |status| matches!(status, ActionStatus::Done | ActionStatus::Warned);
    let actions = progress.actions.iter();
    actions
        .filter(|(action, update)| {
            of_one(action) && done(update.status) && !crate::journal::is_gone(action)
        })
        .count() as u32
}

pub(in crate::window) fn named(changes: &BTreeMap<Utf8PathBuf, Change>) -> Vec<FileChange> {
    let view = |(path, change): (&Utf8PathBuf, &Change)| FileChange {
        path: format!("~/{path}"),
        kind: match change {
            Change::Added => FileChangeKind::Added,
            Change::Changed => FileChangeKind::Changed,
            Change::Removed => FileChangeKind::Removed,
        },
    };
    changes.iter().take(NAMED).map(view).collect()
}

fn left_out(tree: &Tree) -> Vec<LeftOutView> {
    let worth = |path: &&Utf8PathBuf| !path.as_str().starts_with('.');
    let of = tree.left_out.iter().filter(|(path, _)| worth(path));
    of.take(NAMED)
        .map(|(path, why)| LeftOutView {
            path: format!("~/{path}"),
            reason: why.reason().to_owned(),
        })
        .collect()
}

/// Bytes of the files of a tree.
pub(in crate::window) fn size_of(tree: &Tree) -> u64 {
    let sizes = tree.nodes.values().map(|node| match node {
        Node::File { size, .. } => *size,
        _ => 0,
    });
    sizes.sum()
}
