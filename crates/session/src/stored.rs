//! Sessions that nobody has open: how large they are, starting over, removing them; and archives that nobody needs any more.

use std::fs;
use std::io;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};

use crate::error::SessionError;
use crate::folders::make_private;
use crate::journal::{Entry, Journal};
use crate::launch;
use crate::session::GRACE;
use crate::store::{SessionLock, Store, StoredSession, random_hex};

impl Store {
    /// Whether no process has this session open.
    pub fn is_free(&self, session: &StoredSession) -> bool {
        is_free(&session.root)
    }

    /// The learner starts over: the session keeps its files, and the next start of its workshop makes a new one.
    ///
    /// # Errors
    /// When it is open, unknown, or its journal cannot be written.
    pub fn set_aside(&self, name: &str) -> Result<(), SessionError> {
        self.note(name, Entry::SetAside)
    }

    /// The next start of its workshop takes up this session.
    ///
    /// # Errors
    /// As [`Self::set_aside`].
    pub fn choose(&self, name: &str) -> Result<(), SessionError> {
        self.note(name, Entry::Chosen)
    }

    /// Deletes a session. It is gone at once, whatever interrupts the rest: see [`Self::clear_removed`].
    ///
    /// # Errors
    /// When it is open, unknown, or cannot be moved away.
    pub fn remove(&self, name: &str) -> Result<(), SessionError> {
        let session = self.known(name)?;
        let _held = hold(&session)?;
        let removed = self.removed_folder();
        let suffix = random_hex().map_err(SessionError::io(&removed))?;
        let place = removed.join(format!("{name}-{suffix}"));
        make_private(&removed).map_err(SessionError::io(&removed))?;
        fs::rename(&session.root, &place).map_err(SessionError::io(&session.root))?;
        delete(&place).map_err(SessionError::io(&place))
    }

    /// Deletes what is left of sessions whose removal was interrupted.
    pub fn clear_removed(&self) {
        for entry in self.removed_folder().read_dir_utf8().into_iter().flatten() {
            // What cannot be deleted now is tried again at the next start.
            let _ = entry.map(|entry| delete(entry.path()));
        }
    }

    /// Deletes folders of sessions that were killed before they had any record: nothing is in them.
    pub(crate) fn clear_abandoned(&self) {
        for entry in self
            .sessions_folder()
            .read_dir_utf8()
            .into_iter()
            .flatten()
            .flatten()
        {
            let made = entry.metadata().and_then(|about| about.modified());
            // A session that is being made now looks the same.
            let is_old = made.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > BEING_MADE));
            if is_old && is_abandoned(entry.path()) {
                // What stays is deleted the next time.
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }

    /// Bytes of everything in a session's folder, without following links.
    pub fn size_of(&self, name: &str) -> u64 {
        self.session(name).map_or(0, |session| size(&session.root))
    }

    /// Folders of unpacked archives that no session is of.
    pub fn unused_archives(&self) -> Vec<Utf8PathBuf> {
        let sessions = self.sessions();
        let used = |folder: &Utf8Path| {
            let is_below = |session: &StoredSession| {
                Utf8Path::new(&session.header.workshop).starts_with(folder)
            };
            sessions.iter().any(is_below)
        };
        let root = self.unpacked_folder();
        let root = root.canonicalize_utf8().unwrap_or(root);
        let entries = root.read_dir_utf8().into_iter().flatten().flatten();
        let folders = entries.filter(|entry| {
            entry.file_type().is_ok_and(|kind| kind.is_dir()) && !entry.file_name().starts_with('.')
        });
        folders
            .map(|entry| entry.into_path())
            .filter(|folder| !used(folder))
            .collect()
    }

    /// Deletes the unpacked archives that no session is of. Their archives can be opened again.
    ///
    /// # Errors
    /// When one cannot be moved away.
    pub fn remove_unused_archives(&self) -> Result<(), SessionError> {
        let removed = self.removed_folder();
        for folder in self.unused_archives() {
            let suffix = random_hex().map_err(SessionError::io(&removed))?;
            let place = removed.join(suffix);
            make_private(&removed).map_err(SessionError::io(&removed))?;
            fs::rename(&folder, &place).map_err(SessionError::io(&folder))?;
            delete(&place).map_err(SessionError::io(&place))?;
        }
        Ok(())
    }

    fn known(&self, name: &str) -> Result<StoredSession, SessionError> {
        let session = self.session(name);
        session.ok_or_else(|| SessionError::UnknownSession(name.to_owned()))
    }

    fn note(&self, name: &str, entry: Entry) -> Result<(), SessionError> {
        let session = self.known(name)?;
        let _held = hold(&session)?;
        let path = session.root.join("state/journal.jsonl");
        let journal = Journal::open(&path, &session.header.workshop);
        let noted = journal.and_then(|journal| journal.record(entry));
        noted.map_err(|source| SessionError::Journal { path, source })
    }
}

/// Keeps other processes off a session that is about to be put away, and ends what a crash has left running of it: nobody
/// will open it and do so.
fn hold(session: &StoredSession) -> Result<SessionLock, SessionError> {
    let state = session.root.join("state");
    let lock = SessionLock::take(&state).map_err(SessionError::io(&state))?;
    let held = lock.ok_or_else(|| SessionError::Busy(session.name.clone()))?;
    // What cannot be ended is another user's by now; that is no reason to keep the files.
    let _ = launch::end_leftovers(&session.name, GRACE);
    Ok(held)
}

/// Whether no process has the session in this folder open.
pub(crate) fn is_free(root: &Utf8Path) -> bool {
    SessionLock::is_free(&root.join("state"))
}

/// Bytes of the files below a folder.
pub(crate) fn size(folder: &Utf8Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let sizes = entries.map(|entry| match entry.metadata() {
        Ok(about) if about.is_dir() => Utf8PathBuf::from_path_buf(entry.path())
            .map(|below| size(&below))
            .unwrap_or(0),
        Ok(about) => about.len(),
        Err(_) => 0,
    });
    sizes.sum()
}

/// No session is without a record for longer, from the moment its folder is made.
const BEING_MADE: Duration = Duration::from_secs(600);

/// Whether a session's folder holds nothing but empty folders, a lock that nobody has and a record in which nothing is.
fn is_abandoned(root: &Utf8Path) -> bool {
    let state = root.join("state");
    let is_nothing = |path: &Utf8Path| {
        let is_lock = path == state.join("lock");
        let is_record = path == state.join("journal.jsonl");
        is_lock || is_record && fs::metadata(path).is_ok_and(|about| about.len() == 0)
    };
    fn holds_nothing(folder: &Utf8Path, is_nothing: &dyn Fn(&Utf8Path) -> bool) -> bool {
        let Ok(mut entries) = folder.read_dir_utf8() else {
            return false;
        };
        entries.all(|entry| {
            entry.is_ok_and(|entry| match entry.file_type() {
                Ok(kind) if kind.is_dir() => holds_nothing(entry.path(), is_nothing),
                Ok(kind) => kind.is_file() && is_nothing(entry.path()),
                Err(_) => false,
            })
        })
    }
    !root.is_symlink() && holds_nothing(root, &is_nothing) && SessionLock::is_free(&state)
}

fn delete(folder: &Utf8Path) -> io::Result<()> {
    make_deletable(folder);
    fs::remove_dir_all(folder)
}

/// Folders without the write bit, as some package managers leave them, cannot be emptied; those without the read bit cannot
/// even be listed.
pub(crate) fn make_deletable(folder: &Utf8Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o700));
        for entry in folder.read_dir_utf8().into_iter().flatten().flatten() {
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                make_deletable(entry.path());
            }
        }
    }
    #[cfg(not(unix))]
    let _ = folder;
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn what_was_killed_before_it_had_a_record_is_deleted_and_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8PathBuf::from_path_buf(dir.path().to_owned()).unwrap();
        let store = Store::new(root.clone());
        let make = |name: &str, is_old: bool| {
            let session = root.join("sessions").join(name);
            for folder in ["home", "state"] {
                fs::create_dir_all(session.join(folder)).unwrap();
            }
            fs::write(session.join("state/lock"), "1").unwrap();
            fs::write(session.join("state/journal.jsonl"), "").unwrap();
            if is_old {
                let then = std::time::SystemTime::now() - 2 * BEING_MADE;
                let folder = fs::File::open(&session).unwrap();
                folder.set_modified(then).unwrap();
            }
            session
        };
        let (empty, new) = (make("empty", true), make("new", false));
        let (worked, noted) = (make("worked", true), make("noted", true));
        let held = make("held", true);
        fs::write(worked.join("home/work"), "of hours").unwrap();
        fs::write(noted.join("state/journal.jsonl"), "{}\n").unwrap();
        let _lock = SessionLock::take(&held.join("state")).unwrap().unwrap();
        store.clear_abandoned();
        assert!(!empty.exists());
        for kept in [new, worked, noted, held] {
            assert!(kept.exists(), "{kept}");
        }
    }

    #[test]
    fn folders_without_any_permission_are_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
        let closed = root.join("session/home/closed");
        fs::create_dir_all(closed.join("inner")).unwrap();
        fs::write(closed.join("inner/file"), "text").unwrap();
        for (path, mode) in [(closed.join("inner"), 0o300), (closed, 0o000)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        }
        make_deletable(&root.join("session"));
        let opened = fs::metadata(root.join("session/home/closed/inner")).unwrap();
        assert_eq!(opened.permissions().mode() & 0o777, 0o700);
        delete(&root.join("session")).unwrap();
        assert!(!root.join("session").exists());
    }
}
