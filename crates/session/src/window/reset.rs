//! The start of a page, put back when the learner asks for it.

use std::collections::BTreeSet;
use std::fs;
use std::sync::{Arc, PoisonError};

use atelier_content::PageId;
use atelier_content::action::Action;
use camino::{Utf8Path, Utf8PathBuf};

use super::open::OpenSession;
use crate::error::SessionError;
use crate::folders::Folders;
use crate::journal::{Entry, Journal, KeptFiles, Progress, Unfinished};
use crate::protocol::{
    ActionStatus, Effect, Event, FileChange, FileChangeKind, KeptVersionView, LeftOutView,
    RestoreView, RestoredView, UnsavedText,
};
use crate::session::check_name;
use crate::snapshots::{Change, Node, SnapshotError, Snapshots, Tree};
use crate::store::{random_hex, utc};

/// Changed files beyond this many are counted, not named.
pub(super) const NAMED: usize = 200;

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

    /// Puts back the files as they were when the page was first shown, or one of them; the learner's version is kept.
    ///
    /// # Errors
    /// When set-up has not ended, there is no start of the page, or the disk refuses; then no file has changed, or what is
    /// missing is put in place when the session is next opened.
    pub async fn restore(
        self: &Arc<Self>,
        page: &str,
        file: Option<&str>,
        unsaved: Vec<UnsavedText>,
    ) -> Result<RestoredView, SessionError> {
        self.starts_settled().await?;
        let scope = file.map(|file| self.in_home(file)).transpose()?;
        let progress = self.session.journal().progress();
        let start = progress
            .start_of(page)
            .cloned()
            .ok_or_else(|| SessionError::NoStart(page.to_owned()))?;
        let (open, page, tree) = (Arc::clone(self), page.to_owned(), start.tree.clone());
        self.replace(tree, scope.clone(), unsaved, move |kept| {
            // Asked only now: another page may have been shown meanwhile.
            let pages = match scope {
                Some(_) => Vec::new(),
                None => open.session.journal().progress().pages_from(&page),
            };
            Entry::Restored {
                checks: open.checks_of(&pages).into_iter().collect(),
                page,
                tree: start.tree,
                file: scope.map(Utf8PathBuf::into_string),
                pages,
                kept,
            }
        })
        .await
    }

    /// Brings back a kept version, its files and its marks. What gives way is kept in its turn.
    ///
    /// # Errors
    /// As [`Self::restore`].
    pub async fn bring_back(
        self: &Arc<Self>,
        version: &str,
        unsaved: Vec<UnsavedText>,
    ) -> Result<RestoredView, SessionError> {
        self.starts_settled().await?;
        let progress = self.session.journal().progress();
        let kept = progress.kept.iter();
        let found = kept.clone().find(|kept| kept.files.version == version);
        let found = found.ok_or_else(|| SessionError::NoVersion(version.to_owned()))?;
        let scope = found.file.clone().map(Utf8PathBuf::from);
        let (version, tree) = (version.to_owned(), found.files.tree.clone());
        self.replace(tree, scope, unsaved, move |kept| Entry::BroughtBack {
            version,
            kept,
        })
        .await
    }

    /// The folder with the files of a kept version that gave way.
    ///
    /// # Errors
    /// When there is no such version.
    pub fn kept_folder(&self, version: &str) -> Result<Utf8PathBuf, SessionError> {
        let progress = self.session.journal().progress();
        let known = progress
            .kept
            .iter()
            .any(|kept| kept.files.version == version);
        let folder = self.starts.snapshots.backup(version);
        if known && folder.is_dir() {
            Ok(folder)
        } else {
            Err(SessionError::NoVersion(version.to_owned()))
        }
    }

    /// The session's home.
    pub fn home(&self) -> &Utf8Path {
        &self.session.folders().home
    }

    /// Every start is in the journal that is to be. While set-up has not ended that could take for ever.
    async fn starts_settled(&self) -> Result<(), SessionError> {
        self.check_set_up()?;
        self.starts.settled().await;
        Ok(())
    }

    fn check_set_up(&self) -> Result<(), SessionError> {
        if self.session.is_ready() {
            Ok(())
        } else {
            Err(SessionError::NotSetUp)
        }
    }

    async fn replace(
        self: &Arc<Self>,
        tree: String,
        scope: Option<Utf8PathBuf>,
        unsaved: Vec<UnsavedText>,
        entry: impl FnOnce(KeptFiles) -> Entry + Send + 'static,
    ) -> Result<RestoredView, SessionError> {
        let open = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || {
            let writing = open.session.writing();
            let _held = writing.lock().unwrap_or_else(PoisonError::into_inner);
            // It may have been started again meanwhile.
            open.check_set_up()?;
            open.replace_now(&tree, scope.as_deref(), &unsaved, entry)
        });
        done.await
            .map_err(|error| SessionError::Interrupted(error.to_string()))?
    }

    fn replace_now(
        &self,
        target: &str,
        scope: Option<&Utf8Path>,
        unsaved: &[UnsavedText],
        entry: impl FnOnce(KeptFiles) -> Entry,
    ) -> Result<RestoredView, SessionError> {
        let (session, snapshots) = (&self.session, &self.starts.snapshots);
        let (now, tree) = snapshots.keep()?;
        let suffix = random_hex().map_err(SessionError::io(&session.folders().state))?;
        let version = format!("{}-{}", utc(), &suffix[..4]);
        self.keep_unsaved(&version, unsaved)?;
        let kept = KeptFiles { version, tree };
        // What can fail does so before the journal says that the page begins anew.
        let target = snapshots.tree(target)?;
        let staged = snapshots.stage(&now, &target, &kept.version, scope)?;
        session.leave();
        session.record(entry(kept.clone()))?;
        let progress = session.journal().progress();
        let Some(unfinished) = progress.unfinished.clone() else {
            return Err(SessionError::NoVersion(kept.version));
        };
        snapshots.put_in_place(&now, &target, &staged, &kept.version, scope)?;
        put_left_out(snapshots, &unfinished, &target)?;
        session.record(Entry::FilesInPlace)?;
        let folders = session.folders();
        let changes = target.changes_to(&now, scope);
        let mut effects = Vec::new();
        for (path, change) in &changes {
            let path = folders.display(&folders.home.join(path));
            effects.push(match change {
                Change::Added => Effect::CloseDocument {
                    path,
                    deleted: true,
                },
                _ => Effect::ReloadDocument { path },
            });
        }
        self.clear_old(&progress);
        (self.events)(Event::ChecksChanged {
            checks: session.checks(),
        });
        Ok(RestoredView {
            version: kept.version,
            changed: changes.len() as u32,
            effects,
            checks: session.checks(),
            homeless: self.homeless(),
        })
    }

    /// What was typed into documents whose file has changed on the disk lies beside the files that give way.
    fn keep_unsaved(&self, version: &str, unsaved: &[UnsavedText]) -> Result<(), SessionError> {
        let folder = self.starts.snapshots.backup(version).join("unsaved");
        for text in unsaved {
            let place = folder.join(self.in_home(&text.path)?);
            let parent = place.parent().unwrap_or(&folder);
            fs::create_dir_all(parent)
                .and_then(|()| fs::write(&place, &text.text))
                .map_err(SessionError::io(&place))?;
        }
        Ok(())
    }

    /// Deletes what belongs to versions that are offered no more.
    fn clear_old(&self, progress: &Progress) {
        let snapshots = Arc::clone(&self.starts.snapshots);
        let trees = progress.trees();
        let versions: BTreeSet<_> = progress
            .kept
            .iter()
            .map(|kept| kept.files.version.clone())
            .collect();
        let backups = self.session.folders().state.join("backups");
        // Nothing depends on it: what stays is deleted the next time.
        let _ = snapshots.sweep(&trees);
        for entry in backups.read_dir_utf8().into_iter().flatten().flatten() {
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_folder && !versions.contains(entry.file_name()) {
                crate::stored::make_deletable(entry.path());
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }

    /// Terminals whose shell stands in a folder that is gone.
    fn homeless(&self) -> Vec<String> {
        let gone = |pid: u32| {
            fs::read_link(format!("/proc/{pid}/cwd"))
                .is_ok_and(|folder| folder.to_string_lossy().ends_with(" (deleted)"))
        };
        let terminals = self.session.terminals();
        let names = terminals.all().into_iter();
        names
            .filter(|name| terminals.started(name).is_some_and(|each| gone(each.pid())))
            .collect()
    }

    fn in_home(&self, path: &str) -> Result<Utf8PathBuf, SessionError> {
        let folders = self.session.folders();
        let file = folders.resolve(path)?;
        let relative = file.strip_prefix(&folders.home);
        let outside = |_| crate::folders::PathError::Outside(path.to_owned());
        Ok(relative.map_err(outside)?.to_owned())
    }

    fn title(&self, page: &str) -> String {
        let workshop = self.session.workshop();
        let found = workshop.page(&PageId(page.to_owned()));
        found.map_or_else(|| page.to_owned(), |page| page.title.clone())
    }

    /// The tests that these pages ask for.
    fn checks_of(&self, pages: &[String]) -> BTreeSet<String> {
        let pages = pages.iter().map(|page| PageId(page.clone()));
        let rendered = pages.filter_map(|page| self.session.page(&page).ok());
        let mut checks = BTreeSet::new();
        for page in rendered {
            checks.extend(
                page.actions
                    .iter()
                    .filter_map(|action| match &action.action {
                        Ok(Action::Examiner(test)) => Some(check_name(test)),
                        _ => None,
                    }),
            );
        }
        checks
    }

    fn kept_views(&self, progress: &Progress) -> Vec<KeptVersionView> {
        let view = |kept: &crate::journal::KeptVersion| KeptVersionView {
            version: kept.files.version.clone(),
            at: kept.at,
            page: self.title(&kept.page),
            file: kept.file.as_ref().map(|file| format!("~/{file}")),
        };
        progress.kept.iter().rev().map(view).collect()
    }
}

/// Puts files in place that a crash has kept from it, before anything else is done in the session. When that cannot be done
/// at all it is given up, so that the session can be opened.
///
/// # Errors
/// When the disk is full, or the journal cannot be written.
pub(crate) fn recover(folders: &Folders, journal: &Journal) -> Result<(), SessionError> {
    let Some(unfinished) = journal.progress().unfinished else {
        return Ok(());
    };
    let ended = match put_in_place(&Snapshots::new(folders), &unfinished) {
        Ok(()) => Entry::FilesInPlace,
        // Room can be made, and then it comes to its end.
        Err(error @ SnapshotError::Full { .. }) => return Err(error.into()),
        Err(error) => Entry::RestoreGivenUp {
            why: error.to_string(),
        },
    };
    let path = journal.path().to_owned();
    journal
        .record(ended)
        .map_err(|source| SessionError::Journal { path, source })
}

fn put_in_place(snapshots: &Snapshots, unfinished: &Unfinished) -> Result<(), SnapshotError> {
    let now = snapshots.look()?;
    let target = snapshots.tree(&unfinished.tree)?;
    let scope = unfinished.file.as_deref().map(Utf8Path::new);
    snapshots.restore(&now, &target, &unfinished.kept.version, scope)?;
    put_left_out(snapshots, unfinished, &target)
}

/// Moves back what no tree could hold of a version that is brought back.
fn put_left_out(
    snapshots: &Snapshots,
    unfinished: &Unfinished,
    target: &Tree,
) -> Result<(), SnapshotError> {
    let version = &unfinished.kept.version;
    unfinished.from.as_ref().map_or(Ok(()), |from| {
        snapshots.bring_back_left_out(target, from, version)
    })
}

/// What the learner is told when a restore that was interrupted was given up.
pub(super) fn given_up(why: &str) -> String {
    format!(
        "Atelier was interrupted while it put files back, and could not finish that: {why}. Your files stay as they are now; some may have been put back already. The version that you had before is kept and can be brought back: choose to restore the page in the menu."
    )
}

fn marks(progress: &Progress, pages: &[String]) -> u32 {
    let of_one = |action: &str| {
        let of = |page: &String| crate::journal::is_of_page(action, page);
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

pub(super) fn named(changes: &std::collections::BTreeMap<Utf8PathBuf, Change>) -> Vec<FileChange> {
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

pub(super) fn left_out(tree: &Tree) -> Vec<LeftOutView> {
    let worth = |path: &&Utf8PathBuf| !path.as_str().starts_with('.');
    let of = tree.left_out.iter().filter(|(path, _)| worth(path));
    of.take(NAMED)
        .map(|(path, why)| LeftOutView {
            path: format!("~/{path}"),
            reason: why.reason().to_owned(),
        })
        .collect()
}

pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SnapshotError> + Send + 'static,
) -> Result<T, SessionError> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|error| SessionError::Interrupted(error.to_string()))??)
}

/// Bytes of the files of a tree.
pub(super) fn size_of(tree: &Tree) -> u64 {
    let sizes = tree.nodes.values().map(|node| match node {
        Node::File { size, .. } => *size,
        _ => 0,
    });
    sizes.sum()
}
