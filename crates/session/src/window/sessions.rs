//! The list of sessions, and what can be done with each of them whether or not it is open.

use std::collections::{BTreeMap, HashMap};
use std::fs;

use camino::Utf8PathBuf;

use super::library::Library;
use super::reset::{blocking, named, size_of};
use super::transfer::Dialogs;
use crate::error::SessionError;
use crate::export::export;
use crate::folders::Folders;
use crate::journal;
use crate::protocol::{
    ActionStatus, ChecksView, ExportScope, ExportedView, LeftOutView, LossView, SessionsView,
    StoredSessionView,
};
use crate::snapshots::{Limits, SnapshotError, Snapshots, Tree};
use crate::state_files;
use crate::store::StoredSession;
use crate::stored;

/// What an export may hold: far more than is kept of every page.
const EXPORTED: Limits = Limits {
    file: 4 << 30,
    bytes: 16 << 30,
    entries: 1_000_000,
};

/// Bytes of an environment; a longer file is none that was written by a session.
const ENVIRONMENT: u64 = 4 << 20;

impl Library {
    /// Every session, without its size: that takes a while.
    pub fn sessions(&self) -> SessionsView {
        let mut titles = HashMap::new();
        let sessions = self.store().sessions();
        SessionsView {
            sessions: sessions
                .iter()
                .map(|session| self.session_view(session, &mut titles))
                .collect(),
            unused_archives: self.store().unused_archives().len() as u32,
        }
    }

    fn session_view(
        &self,
        session: &StoredSession,
        titles: &mut HashMap<String, Option<String>>,
    ) -> StoredSessionView {
        let progress = &session.progress;
        let workshop = &session.header.workshop;
        let title = titles
            .entry(workshop.clone())
            .or_insert_with(|| title(workshop));
        let verdicts = progress.checks.values();
        let open = !self.store().is_free(session);
        StoredSessionView {
            name: session.name.clone(),
            title: title.clone().unwrap_or_else(|| plain_name(session)),
            workshop: workshop.clone(),
            missing: title.is_none(),
            set_aside: progress.set_aside,
            open,
            checks: ChecksView {
                passed: verdicts.clone().filter(|passed| **passed).count() as u32,
                total: verdicts.count() as u32,
            },
            finished: progress.finished,
            last_used: progress.last.min(journal::now()),
            containers: if open {
                Vec::new()
            } else {
                session.containers()
            },
        }
    }

    /// Bytes of a session on the disk.
    pub fn session_size(&self, name: &str) -> u64 {
        self.store().size_of(name)
    }

    /// What would be lost with a session.
    ///
    /// # Errors
    /// When there is none of this name.
    pub async fn losses(&self, name: &str) -> Result<LossView, SessionError> {
        let session = self.known(name)?;
        let progress = session.progress.clone();
        let folders = folders(&session);
        let first = progress.starts.first().cloned();
        let root = session.root.clone();
        let (size, compared, home) = blocking(move || {
            let snapshots = Snapshots::new(&folders);
            let now = snapshots.look();
            let compared = first.and_then(|first| {
                let before = snapshots.tree(&first.tree).ok()?;
                let changes = before.changes_to(now.as_ref().ok()?, None);
                Some((changes.len() as u32, named(&changes)))
            });
            let home = now.ok().map(|now| sizes(&folders, &now));
            Ok((stored::size(&root), compared, home))
        })
        .await?;
        let done = progress.actions.iter().filter(|(action, update)| {
            update.status == ActionStatus::Done && !crate::journal::is_gone(action)
        });
        let (changed, changes) = compared.unzip();
        let (exercises_size, home_size) = home.unzip();
        Ok(LossView {
            name: session.name.clone(),
            title: title(&session.header.workshop).unwrap_or_else(|| plain_name(&session)),
            size,
            changed,
            changes: changes.unwrap_or_default(),
            actions_done: done.count() as u32,
            checks_passed: progress.checks.values().filter(|passed| **passed).count() as u32,
            exercises_size,
            home_size,
            containers: session.told_of_containers(),
        })
    }

    /// Asks where a session's files are to be saved as an archive, and saves them. None when the dialog was closed.
    ///
    /// # Errors
    /// When there is no such session, or the archive cannot be written.
    pub async fn export(
        &self,
        name: &str,
        scope: ExportScope,
        dialogs: &impl Dialogs,
    ) -> Result<Option<ExportedView>, SessionError> {
        let session = self.known(name)?;
        let folders = folders(&session);
        let Some(to) = dialogs.save_as(&format!("{name}.zip")).await else {
            return Ok(None);
        };
        let shown = to.file_name().unwrap_or_default();
        let shown = shown.to_string_lossy().into_owned();
        let inside = session.name.clone();
        let place = Utf8PathBuf::from(to.to_string_lossy().into_owned());
        let exported = blocking(move || {
            let tree = Snapshots::new(&folders).within(EXPORTED).look()?;
            let below = match scope {
                ExportScope::Exercises => folders.exercises(),
                ExportScope::Home => folders.home.clone(),
            };
            let below = below.strip_prefix(&folders.home).unwrap_or(&below);
            export(&folders.home, below, &tree, &inside, &to)
                .map_err(|source| SnapshotError::of(&place, source))
        })
        .await?;
        let left = exported
            .left_out
            .into_iter()
            .map(|(path, reason)| LeftOutView {
                path: format!("~/{path}"),
                reason,
            });
        Ok(Some(ExportedView {
            name: shown,
            files: exported.files,
            size: exported.size,
            left_out: left.take(super::reset::NAMED).collect(),
        }))
    }

    /// A session by its name.
    ///
    /// # Errors
    /// When there is none.
    pub fn known(&self, name: &str) -> Result<StoredSession, SessionError> {
        let session = self.store().session(name);
        session.ok_or_else(|| SessionError::UnknownSession(name.to_owned()))
    }
}

/// The folders of a session, which need not be open: its exercises are where its programs last found them.
fn folders(session: &StoredSession) -> Folders {
    let folders = Folders::new(session.root.clone(), None);
    let path = state_files::folder(&folders).join(state_files::ENVIRONMENT);
    // It lies in the home, where anything can have taken its place.
    let is_whole = fs::symlink_metadata(&path)
        .is_ok_and(|about| about.is_file() && about.len() <= ENVIRONMENT);
    if is_whole && let Ok(bytes) = fs::read(&path) {
        let environment: BTreeMap<String, String> =
            serde_json::from_slice(&bytes).unwrap_or_default();
        folders.start_in(environment.get("EXERCISES_DIR").map(String::as_str));
    }
    folders
}

/// Bytes of the exercises, and of the whole home.
fn sizes(folders: &Folders, now: &Tree) -> (u64, u64) {
    let exercises = folders.exercises();
    let below = exercises.strip_prefix(&folders.home).unwrap_or(&exercises);
    let inside = Tree {
        nodes: now
            .nodes
            .iter()
            .filter(|(path, _)| path.starts_with(below))
            .map(|(path, node)| (path.clone(), node.clone()))
            .collect(),
        ..Tree::default()
    };
    (size_of(&inside), size_of(now))
}

/// Of a workshop that is still there.
fn title(workshop: &str) -> Option<String> {
    let loaded = atelier_content::load(workshop.into()).ok()?;
    Some(loaded.workshop.title)
}

/// The session's name without its digits: the workshop's.
fn plain_name(session: &StoredSession) -> String {
    let name = session.name.rsplit_once('-');
    name.map_or(session.name.as_str(), |(name, _)| name)
        .to_owned()
}
