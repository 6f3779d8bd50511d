//! The start of a page, put back when the learner asks for it.

mod recover;
mod view;

use std::collections::BTreeSet;
use std::fs;
use std::sync::{Arc, PoisonError};

use atelier_content::PageId;
use atelier_content::action::Action;
use camino::{Utf8Path, Utf8PathBuf};

use super::open::OpenSession;
use crate::error::SessionError;
use crate::journal::{Entry, KeptFiles, Progress, Unfinished};
use crate::protocol::{Effect, Event, RestoredView, UnsavedText};
use crate::session::check_name;
use crate::snapshots::{Change, SnapshotError, Snapshots, Tree};
use crate::store::{random_hex, utc};

pub(super) use self::recover::given_up;
pub(crate) use self::recover::recover;
pub(super) use self::view::{NAMED, named, size_of};

impl OpenSession {
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

pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SnapshotError> + Send + 'static,
) -> Result<T, SessionError> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|error| SessionError::Interrupted(error.to_string()))??)
}
