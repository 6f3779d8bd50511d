//! The player's own folder: sessions, their locks, what was trusted and opened (`product.md`, "Where things live").

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};

use camino::{Utf8Path, Utf8PathBuf};

use crate::compose;
use crate::folders::make_private;
use crate::journal::{self, Header, Progress};
use crate::trust::TrustStore;

/// How the names of files begin that are being written.
pub(crate) const TEMPORARY: &str = ".atelier-";

/// `ATELIER_HOME`: everything that the player keeps on this machine.
#[derive(Debug, Clone)]
pub struct Store {
    root: Utf8PathBuf,
}

/// A session on the disk.
#[derive(Debug, Clone)]
pub struct StoredSession {
    /// Its name: its folder's.
    pub name: String,
    /// Its folder.
    pub root: Utf8PathBuf,
    /// Which workshop it is of.
    pub header: Header,
    /// Where it stands.
    pub progress: Progress,
}

impl StoredSession {
    /// Services whose containers may run although nobody has the session open.
    pub fn containers(&self) -> Vec<String> {
        compose::left_behind(&self.root.join("state"))
    }

    /// What is to be said of them.
    pub fn told_of_containers(&self) -> Option<String> {
        let left = self.containers();
        (!left.is_empty()).then(|| compose::told(&self.name, &left))
    }
}

/// Keeps other processes from changing what all of them share, for as long as it lives.
#[derive(Debug)]
pub(crate) struct StoreLock {
    _file: Held,
}

/// Keeps other processes off a session for as long as it lives.
#[derive(Debug)]
pub struct SessionLock {
    _file: Held,
}

/// A lock that ends with it. Closing the file is not enough: a child that is about to become its program has it open too.
#[derive(Debug)]
struct Held(File);

impl Drop for Held {
    fn drop(&mut self) {
        // It ends with the last who has the file open, then.
        let _ = self.0.unlock();
    }
}

impl Store {
    /// The store in this folder.
    pub fn new(root: Utf8PathBuf) -> Self {
        Self { root }
    }

    /// The owner's store: `ATELIER_HOME`, else the platform's place for a program's data.
    ///
    /// # Errors
    /// When the system names no such place.
    pub fn of_owner() -> io::Result<Self> {
        let from_environment = std::env::var("ATELIER_HOME")
            .ok()
            .filter(|path| !path.is_empty());
        let root = match from_environment {
            Some(path) => Utf8PathBuf::from(path),
            None => {
                let nowhere = || {
                    io::Error::new(
                        io::ErrorKind::NotFound,
                        "the system names no folder for a program's data",
                    )
                };
                let places = directories::BaseDirs::new().ok_or_else(nowhere)?;
                let data = Utf8PathBuf::from_path_buf(places.data_dir().to_owned())
                    .map_err(|_| nowhere())?;
                data.join("atelier")
            }
        };
        let root = if root.is_absolute() {
            root
        } else {
            camino::absolute_utf8(&root)?
        };
        Ok(Self { root })
    }

    /// Its folder.
    pub fn root(&self) -> &Utf8Path {
        &self.root
    }

    /// What was trusted.
    pub fn trust(&self) -> TrustStore {
        TrustStore::new(self.root.join("trust.json"))
    }

    /// Every session, by last use. A folder without a readable journal is none.
    pub fn sessions(&self) -> Vec<StoredSession> {
        let Ok(entries) = self.sessions_folder().read_dir_utf8() else {
            return Vec::new();
        };
        let mut sessions: Vec<_> = entries
            .flatten()
            .filter_map(|entry| stored(entry.path()))
            .collect();
        sessions.sort_by_key(|session| std::cmp::Reverse(session.progress.last));
        sessions
    }

    /// The session of this workshop that would be resumed: the one used last that was not set aside.
    pub fn session_of(&self, workshop: &Utf8Path) -> Option<StoredSession> {
        self.sessions()
            .into_iter()
            .find(|session| session.header.workshop == workshop && !session.progress.set_aside)
    }

    /// The session of this name.
    pub fn session(&self, name: &str) -> Option<StoredSession> {
        self.sessions()
            .into_iter()
            .find(|session| session.name == name)
    }

    /// A folder for a new session of a workshop: `SLUG-6hex`.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn new_session(&self, workshop_name: &str) -> io::Result<Utf8PathBuf> {
        let slug = crate::dashboards::slug(workshop_name);
        let slug = if slug.is_empty() {
            "workshop".to_owned()
        } else {
            slug
        };
        loop {
            let name = format!("{slug}-{}", &random_hex()?[..6]);
            let folder = self.sessions_folder().join(name);
            // Six digits can come twice, and the other session is not this one's.
            if folder.symlink_metadata().is_err() {
                return Ok(folder);
            }
        }
    }

    /// Where archives are unpacked.
    pub(crate) fn unpacked_folder(&self) -> Utf8PathBuf {
        self.root.join("unpacked")
    }

    /// Where sessions wait that are being deleted.
    pub(crate) fn removed_folder(&self) -> Utf8PathBuf {
        self.root.join("removed")
    }

    /// Writes a file that all processes share, durably and never half.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_shared(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let _held = StoreLock::take(&self.root)?;
        write_private(&self.root.join(name), bytes)
    }

    /// Deletes what processes that were killed have left half written in the store's own folders, and sessions that never began.
    pub fn clear_unfinished(&self) {
        // A store that is not there, or cannot be written, has nothing to be cleared.
        if self.root.is_dir()
            && let Ok(_held) = StoreLock::take(&self.root)
        {
            clear_temporary(self.root.as_std_path());
            clear_temporary(self.root.join("trusted").as_std_path());
        }
        crate::archive::clear_unfinished(&self.unpacked_folder());
        self.clear_abandoned();
    }

    pub(crate) fn sessions_folder(&self) -> Utf8PathBuf {
        self.root.join("sessions")
    }
}

impl StoreLock {
    /// Waits until no other process changes what lies in the store's own folder. Nobody has it for longer than a file takes to be
    /// read and written.
    ///
    /// # Errors
    /// When the lock file cannot be made, or the file system has no locks.
    pub(crate) fn take(root: &Utf8Path) -> io::Result<Self> {
        make_private(root)?;
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let file = options.open(root.join("lock"))?;
        file.lock()?;
        Ok(Self { _file: Held(file) })
    }
}

impl SessionLock {
    /// Takes the lock of the session in this state folder; `None` when another process has it.
    ///
    /// # Errors
    /// When the lock file cannot be made.
    pub fn take(state: &Utf8Path) -> io::Result<Option<Self>> {
        let _door = door(state);
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(state.join("lock"))?;
        match file.try_lock() {
            Ok(()) => {
                // Who has it is for people who look; the lock holds without, on a full disk too.
                let _ = file
                    .set_len(0)
                    .and_then(|()| write!(file, "{}", std::process::id()));
                Ok(Some(Self { _file: Held(file) }))
            }
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) => Err(error),
        }
    }

    /// Whether no process has the lock. Nobody who takes it meanwhile is turned away by the question.
    pub(crate) fn is_free(state: &Utf8Path) -> bool {
        let _door = door(state);
        match File::open(state.join("lock")) {
            Ok(file) => {
                let is_free = file.try_lock_shared().is_ok();
                drop(Held(file));
                is_free
            }
            // One that was never opened, or whose disk can only be read.
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        }
    }
}

/// Who asks for a lock, or only whether it is free, goes through one door at a time: the short hold of the question must not
/// pass for a window that is open.
fn door(state: &Utf8Path) -> Option<Held> {
    let folder = File::open(state).ok()?;
    // Without it everything works as before, unless two ask in the same moment.
    folder.lock().ok()?;
    Some(Held(folder))
}

/// Writes a file durably and never half, readable for its owner alone.
///
/// # Errors
/// When the file cannot be written.
pub fn write_private(path: &Utf8Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Utf8Path::new("."));
    make_private(folder)?;
    let mut file = temporary_in(folder.as_std_path())?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    // A power cut may take the new name otherwise. Some systems do not let a folder be waited for; the file itself is safe.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

/// A file that is to get its name when it is whole. What a killed player leaves of it is cleared away by its name, which is why
/// this is for folders of Atelier's own alone; in the learner's there is [`crate::beside`].
///
/// # Errors
/// When it cannot be made.
pub(crate) fn temporary_in(folder: &std::path::Path) -> io::Result<tempfile::NamedTempFile> {
    tempfile::Builder::new()
        .prefix(TEMPORARY)
        .tempfile_in(folder)
}

/// Deletes what [`temporary_in`] has left in a folder. Who writes there is kept off meanwhile.
pub(crate) fn clear_temporary(folder: &std::path::Path) {
    let Ok(held) = crate::anchor::Held::open(folder) else {
        return;
    };
    for entry in fs::read_dir(held.path()).into_iter().flatten().flatten() {
        let is_ours = entry
            .file_name()
            .as_encoded_bytes()
            .starts_with(TEMPORARY.as_bytes());
        if is_ours && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            // What stays is deleted the next time.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// 16 random hexadecimal digits.
///
/// # Errors
/// When the system gives no random bytes.
pub(crate) fn random_hex() -> io::Result<String> {
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes).map_err(io::Error::from)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Now in UTC, fit for a file's name: `2026-11-22T21-40-12`.
pub(crate) fn utc() -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let seconds = now.map_or(0, |since| since.as_secs());
    let (year, month, day) = civil(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year}-{month:02}-{day:02}T{hour:02}-{minute:02}-{second:02}")
}

/// Year, month and day of a count of days since 1970 (Howard Hinnant's `civil_from_days`).
pub(crate) fn civil(days: u64) -> (u64, u8, u8) {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year + era * 400 + u64::from(month <= 2);
    (year, month as u8, day as u8)
}

fn stored(root: &Utf8Path) -> Option<StoredSession> {
    let (header, progress) = journal::peek(&root.join("state/journal.jsonl")).ok()?;
    Some(StoredSession {
        name: root.file_name()?.to_owned(),
        root: root.to_owned(),
        header,
        progress,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Entry, Journal};

    #[test]
    fn finds_the_session_that_was_used_last() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::new(Utf8PathBuf::from_path_buf(dir.path().to_owned()).unwrap());
        let mut names = Vec::new();
        for _ in 0..2 {
            let root = store.new_session("Lab: One").unwrap();
            assert!(root.file_name().unwrap().starts_with("lab-one-"));
            fs::create_dir_all(root.join("state")).unwrap();
            let journal = Journal::open(&root.join("state/journal.jsonl"), "/w").unwrap();
            journal.record(Entry::Opened).unwrap();
            names.push(root.file_name().unwrap().to_owned());
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        fs::create_dir_all(dir.path().join("sessions/broken")).unwrap();
        assert_eq!(
            store.session_of(Utf8Path::new("/w")).unwrap().name,
            names[1]
        );
        assert_eq!(store.sessions().len(), 2);
        assert!(store.session_of(Utf8Path::new("/other")).is_none());
    }

    #[test]
    fn counts_days() {
        for (days, date) in [
            (0, (1970, 1, 1)),
            (59, (1970, 3, 1)),
            (11_016, (2000, 2, 29)),
            (20_514, (2026, 3, 2)),
        ] {
            assert_eq!(civil(days), date);
        }
    }

    #[test]
    fn who_only_asks_turns_nobody_away() {
        let dir = tempfile::tempdir().unwrap();
        let state = Utf8PathBuf::from_path_buf(dir.path().to_owned()).unwrap();
        drop(SessionLock::take(&state).unwrap());
        let stop = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                        let _ = SessionLock::is_free(&state);
                    }
                });
            }
            let turned_away = (0..500)
                .filter(|_| SessionLock::take(&state).unwrap().is_none())
                .count();
            stop.store(true, std::sync::atomic::Ordering::Relaxed);
            assert_eq!(turned_away, 0);
        });
        let held = SessionLock::take(&state).unwrap();
        assert!(!SessionLock::is_free(&state));
        drop(held);
        assert!(SessionLock::is_free(&state));
    }

    #[test]
    fn one_process_holds_a_session() {
        let dir = tempfile::tempdir().unwrap();
        let state = Utf8PathBuf::from_path_buf(dir.path().to_owned()).unwrap();
        let held = SessionLock::take(&state).unwrap().unwrap();
        assert!(SessionLock::take(&state).unwrap().is_none());
        drop(held);
        assert!(SessionLock::take(&state).unwrap().is_some());
    }

    #[test]
    fn what_killed_processes_have_left_half_written_is_cleared() {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8PathBuf::from_path_buf(dir.path().to_owned()).unwrap();
        let store = Store::new(root.join("atelier"));
        // Nothing is made where there is nothing.
        store.clear_unfinished();
        assert!(!store.root().exists());
        store.write_shared("window.json", b"{}").unwrap();
        let unpacked = store.unpacked_folder();
        fs::create_dir_all(unpacked.join(".unpacking-abc/content")).unwrap();
        fs::create_dir_all(unpacked.join("lab-1")).unwrap();
        fs::create_dir(root.join("elsewhere")).unwrap();
        fs::write(root.join("elsewhere/.atelier-abcdef"), "theirs").unwrap();
        std::os::unix::fs::symlink(root.join("elsewhere"), store.root().join("trusted")).unwrap();
        fs::write(store.root().join(".atelier-abcdef"), "half").unwrap();
        fs::create_dir(store.root().join(".atelier-folder")).unwrap();
        store.clear_unfinished();
        assert!(!store.root().join(".atelier-abcdef").exists());
        assert!(!unpacked.join(".unpacking-abc").exists());
        for kept in [
            store.root().join("window.json"),
            store.root().join(".atelier-folder"),
            unpacked.join("lab-1"),
            root.join("elsewhere/.atelier-abcdef"),
        ] {
            assert!(kept.exists(), "{kept}");
        }
    }
}
