//! The start of a page: kept when it is first shown, put back when the learner asks for it.

use std::collections::BTreeSet;
use std::fs;
use std::sync::{Arc, Mutex, PoisonError};

use atelier_content::PageId;
use atelier_content::action::Action;
use camino::{Utf8Path, Utf8PathBuf};
use tokio::runtime::Handle;
use tokio::sync::watch;

use super::open::OpenSession;
use crate::error::SessionError;
use crate::folders::Folders;
use crate::journal::{Entry, Journal, KeptFiles, Progress, Unfinished};
use crate::protocol::{
    ActionStatus, Effect, Event, FileChange, FileChangeKind, KeptVersionView, LeftOutView,
    RestoreView, RestoredView, UnsavedText,
};
use crate::session::{Session, check_name};
use crate::snapshots::{Change, Node, SnapshotError, Snapshots, Tree};
use crate::store::{random_hex, utc};

/// Changed files beyond this many are counted, not named.
pub(super) const NAMED: usize = 200;

/// The snapshots of the open session.
pub(super) struct Starts {
    pub(super) snapshots: Arc<Snapshots>,
    /// For how many the files are being read.
    reading: watch::Sender<u32>,
    /// How many are not in the journal yet.
    pending: watch::Sender<u32>,
    /// Why the start of a page could not be kept.
    problem: Arc<Mutex<Option<String>>>,
    /// Pages are also turned from outside of it.
    runtime: Handle,
}

impl Starts {
    /// Must be called within a runtime.
    pub(super) fn new(folders: &Folders) -> Self {
        Self {
            snapshots: Arc::new(Snapshots::new(folders)),
            reading: watch::Sender::new(0),
            pending: watch::Sender::new(0),
            problem: Arc::default(),
            runtime: Handle::current(),
        }
    }

    /// Keeps the files as they are when a page is shown for the first time, on a thread of its own.
    pub(super) fn keep(&self, session: &Arc<Session>, page: &PageId) {
        if session.journal().progress().start_of(&page.0).is_some() {
            return;
        }
        // What set-up makes belongs to the start of every page that was read meanwhile.
        let ready = session.readiness();
        let (session, page) = (Arc::downgrade(session), page.0.clone());
        let (snapshots, problem) = (Arc::clone(&self.snapshots), Arc::clone(&self.problem));
        // Also a panic must let go of those who wait.
        let (reading, pending) = (Waited::new(&self.reading), Waited::new(&self.pending));
        let keep = move || {
            let _pending = pending;
            let Some(session) = session.upgrade() else {
                return;
            };
            let taken = snapshots.take();
            drop(reading);
            let kept = taken.and_then(|tree| snapshots.save(&tree));
            let noted = kept.map_err(|error| error.to_string()).and_then(|tree| {
                let entry = Entry::PageStart { page, tree };
                session.record(entry).map_err(|error| error.to_string())
            });
            *problem.lock().unwrap_or_else(PoisonError::into_inner) = noted.err();
        };
        self.runtime.spawn(async move {
            // Closed before it was ready, it has nothing to keep.
            if ready.await.is_ok() {
                tokio::task::spawn_blocking(keep);
            }
        });
    }

    /// Nothing changes a file before it has been kept.
    pub(super) async fn files_read(&self) {
        let mut reading = self.reading.subscribe();
        let _ = reading.wait_for(|count| *count == 0).await;
    }

    /// Every start is in the journal that is to be.
    pub(super) async fn settled(&self) {
        let mut pending = self.pending.subscribe();
        let _ = pending.wait_for(|count| *count == 0).await;
    }
}

/// Counts for as long as it lives.
struct Waited(watch::Sender<u32>);

impl Waited {
    fn new(count: &watch::Sender<u32>) -> Self {
        count.send_modify(|count| *count += 1);
        Self(count.clone())
    }
}

impl Drop for Waited {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

impl OpenSession {
    /// What restoring the start of a page would do; with a file, to that file alone.
    ///
    /// # Errors
    /// When the path leads out of the home, or the files cannot be read.
    pub async fn restore_view(
        &self,
        page: &str,
        file: Option<&str>,
    ) -> Result<RestoreView, SessionError> {
        self.starts.settled().await;
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
    /// When there is no start of the page, or the disk refuses; then no file has changed, or what is missing is put in place
    /// when the session is next opened.
    pub async fn restore(
        self: &Arc<Self>,
        page: &str,
        file: Option<&str>,
        unsaved: Vec<UnsavedText>,
    ) -> Result<RestoredView, SessionError> {
        self.starts.settled().await;
        let scope = file.map(|file| self.in_home(file)).transpose()?;
        let progress = self.session.journal().progress();
        let start = progress
            .start_of(page)
            .cloned()
            .ok_or_else(|| SessionError::NoStart(page.to_owned()))?;
        let pages = match scope {
            Some(_) => Vec::new(),
            None => progress.pages_from(page),
        };
        let checks = self.checks_of(&pages).into_iter().collect();
        let page = page.to_owned();
        self.replace(scope.clone(), unsaved, move |kept| Entry::Restored {
            page,
            tree: start.tree,
            file: scope.map(Utf8PathBuf::into_string),
            pages,
            checks,
            kept,
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
        self.starts.settled().await;
        let progress = self.session.journal().progress();
        let kept = progress.kept.iter();
        let found = kept.clone().find(|kept| kept.files.version == version);
        let found = found.ok_or_else(|| SessionError::NoVersion(version.to_owned()))?;
        let scope = found.file.clone().map(Utf8PathBuf::from);
        let version = version.to_owned();
        self.replace(scope, unsaved, move |kept| Entry::BroughtBack {
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

    async fn replace(
        self: &Arc<Self>,
        scope: Option<Utf8PathBuf>,
        unsaved: Vec<UnsavedText>,
        entry: impl FnOnce(KeptFiles) -> Entry + Send + 'static,
    ) -> Result<RestoredView, SessionError> {
        let open = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || {
            let writing = open.session.writing();
            let _held = writing.lock().unwrap_or_else(PoisonError::into_inner);
            open.replace_now(scope.as_deref(), &unsaved, entry)
        });
        done.await
            .map_err(|error| SessionError::Interrupted(error.to_string()))?
    }

    fn replace_now(
        &self,
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
        session.leave();
        session.record(entry(kept.clone()))?;
        let progress = session.journal().progress();
        let Some(unfinished) = progress.unfinished.clone() else {
            return Err(SessionError::NoVersion(kept.version));
        };
        finish(snapshots, session.journal(), &unfinished, &now)?;
        let folders = session.folders();
        let target = snapshots.tree(&unfinished.tree)?;
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
        let found = self.session.workshop().page(&PageId(page.to_owned()));
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

/// Puts files in place that a crash has kept from it, before anything else is done in the session.
///
/// # Errors
/// When a file cannot be read or written.
pub(crate) fn recover(folders: &Folders, journal: &Journal) -> Result<(), SessionError> {
    let Some(unfinished) = journal.progress().unfinished else {
        return Ok(());
    };
    let snapshots = Snapshots::new(folders);
    let now = snapshots.look()?;
    finish(&snapshots, journal, &unfinished, &now)
}

fn finish(
    snapshots: &Snapshots,
    journal: &Journal,
    unfinished: &Unfinished,
    now: &Tree,
) -> Result<(), SessionError> {
    let target = snapshots.tree(&unfinished.tree)?;
    let scope = unfinished.file.as_deref().map(Utf8Path::new);
    snapshots.restore(now, &target, &unfinished.kept.version, scope)?;
    if let Some(from) = &unfinished.from {
        snapshots.bring_back_left_out(&target, from, &unfinished.kept.version)?;
    }
    let path = journal.path().to_owned();
    journal
        .record(Entry::FilesInPlace)
        .map_err(|source| SessionError::Journal { path, source })
}

fn marks(progress: &Progress, pages: &[String]) -> u32 {
    let of_one = |action: &str| {
        let of = |page: &String| crate::journal::is_of_page(action, page);
        pages.iter().any(of)
    };
    let done = |status| matches!(status, ActionStatus::Done | ActionStatus::Warned);
    let actions = progress.actions.iter();
    actions
        .filter(|(action, update)| of_one(action) && done(update.status))
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
