//! When something has changed in the workshop's folder, and it is quiet again.

use std::collections::HashSet;
use std::io;
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use notify::event::{AccessKind, AccessMode};
use notify::{ErrorKind, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::timeout;

/// One save is a few changes close together: the temporary file, the rename, the mode.
const QUIET: Duration = Duration::from_millis(25);
/// So many files are no save of an editor, but a change of branches, a generator, or a folder that is copied.
const MANY: usize = 6;
/// How long it is to be quiet after those.
const QUIET_AFTER_MANY: Duration = Duration::from_millis(300);
/// A lock of version control that nobody has touched for so long was left behind.
const LEFT_BEHIND: Duration = Duration::from_secs(10);
/// How often it is begun anew to watch a folder of which parts go meanwhile.
const WALKS: usize = 8;
/// While it is there version control is at work on the folder.
const LOCK: &str = ".git/index.lock";
/// What never ends to change is shown now and then.
const AT_MOST: Duration = Duration::from_secs(5);

/// Changes of a folder, wherever below it.
pub(super) struct Changes {
    root: Utf8PathBuf,
    /// Ends the watch when it is dropped. With a part of the folder at the least.
    watcher: Option<RecommendedWatcher>,
    tell: UnboundedSender<Found>,
    found: UnboundedReceiver<Found>,
    /// Why not all of the folder is watched.
    unwatched: Option<String>,
}

enum Found {
    /// A file or folder that may matter.
    Path(Utf8PathBuf),
    /// The folder itself came or went, or one around it.
    Root,
    /// A part of the folder could not be watched.
    Unwatched(String),
    /// Changes were lost, also those that tell of new folders.
    Lost,
    /// What has changed before is not known.
    Unknown,
}

impl Changes {
    /// The first change is there at once.
    ///
    /// # Errors
    /// When nothing can be watched. Of a part see [`Self::unwatched`].
    pub(super) fn watch(root: &Utf8Path) -> io::Result<Self> {
        let (tell, found) = unbounded_channel();
        // Whoever asks has read the folder before: what has changed since then is told to nobody.
        let _ = tell.send(Found::Unknown);
        let (watcher, unwatched) = watcher(root, &tell)?;
        Ok(Self {
            root: root.to_owned(),
            watcher: Some(watcher),
            tell,
            found,
            unwatched,
        })
    }

    /// Why not everything that changes is told, in words.
    pub(super) fn unwatched(&self) -> Option<&str> {
        self.unwatched.as_deref()
    }

    /// Watches what is there now: other folders than before, or the same with more luck.
    fn watch_anew(&mut self) {
        // What the old one holds counts against the system's limits.
        drop(self.watcher.take());
        match watcher(&self.root, &self.tell) {
            Ok((watcher, unwatched)) => {
                (self.watcher, self.unwatched) = (Some(watcher), unwatched);
            }
            Err(error) => self.unwatched = Some(crate::refusal::told(&error)),
        }
    }

    /// Waits for a change, and then until no more come. False when there will be none.
    pub(super) async fn quiet(&mut self) -> bool {
        let Some(first) = self.found.recv().await else {
            return false;
        };
        let was_unwatched = self.unwatched.is_some();
        let mut paths = HashSet::new();
        let mut many = self.take(first, &mut paths);
        if was_unwatched && self.unwatched.is_some() {
            self.watch_anew();
        }
        let begun = Instant::now();
        loop {
            let is_locked = self.root.join(LOCK).exists();
            let wait = match (is_locked, many || paths.len() >= MANY) {
                (true, _) => LEFT_BEHIND,
                (false, true) => QUIET_AFTER_MANY,
                (false, false) => QUIET,
            };
            match timeout(wait, self.found.recv()).await {
                Ok(Some(found)) => many |= self.take(found, &mut paths),
                Ok(None) => return false,
                Err(_) => return true,
            }
            if !is_locked && begun.elapsed() > AT_MOST {
                return true;
            }
        }
    }

    /// Whether it is about more than one file.
    fn take(&mut self, found: Found, paths: &mut HashSet<Utf8PathBuf>) -> bool {
        match found {
            Found::Path(path) => {
                paths.insert(path);
                false
            }
            Found::Unknown => true,
            Found::Unwatched(why) => {
                self.unwatched = Some(why);
                true
            }
            Found::Root | Found::Lost => {
                self.watch_anew();
                true
            }
        }
    }
}

/// Tells of changes until it is dropped, and says why not of all. A folder that is not there is waited for.
fn watcher(
    root: &Utf8Path,
    tell: &UnboundedSender<Found>,
) -> io::Result<(RecommendedWatcher, Option<String>)> {
    let (watched, tell) = (root.to_owned(), tell.clone());
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        for each in meant(&watched, event) {
            // Nobody listens any more when the session is closed.
            let _ = tell.send(each);
        }
    })
    .map_err(refusal)?;
    // Where the folder is replaced as a whole, or comes back, that is told by the one around it.
    let around = |root: &Utf8Path| {
        let around = root.ancestors().skip(1);
        around.map(Utf8Path::to_owned).find(|each| each.is_dir())
    };
    let mut watched = around(root);
    while let Some(folder) = &watched {
        let _ = watcher.watch(folder.as_std_path(), RecursiveMode::NonRecursive);
        let now = around(root);
        if now == watched {
            break;
        }
        watched = now;
    }
    let is_going = |refused: &notify::Error| matches!(refused.kind, ErrorKind::PathNotFound);
    let mut refused = None;
    for _ in 0..WALKS {
        let of_all = watcher.watch(root.as_std_path(), RecursiveMode::Recursive);
        refused = of_all.err().filter(|_| root.is_dir());
        if !refused.as_ref().is_some_and(is_going) {
            break;
        }
    }
    if refused.is_some() {
        // One folder that may not be read is not to keep its neighbours from being watched.
        let parts = root.read_dir_utf8().into_iter().flatten().flatten();
        for part in parts.filter(|part| part.path().is_dir()) {
            let _ = watcher.watch(part.path().as_std_path(), RecursiveMode::Recursive);
        }
    }
    let unwatched = refused.map(|error| crate::refusal::told(&refusal(error)));
    Ok((watcher, unwatched))
}

fn refusal(error: notify::Error) -> io::Error {
    match error.kind {
        ErrorKind::Io(error) => error,
        ErrorKind::MaxFilesWatch => io::Error::other(if cfg!(target_os = "linux") {
            "as many folders as the system permits are watched already (fs.inotify.max_user_watches)"
        } else {
            "as many folders as the system permits are watched already"
        }),
        kind => io::Error::other(notify::Error::new(kind)),
    }
}

fn meant(root: &Utf8Path, event: notify::Result<notify::Event>) -> Vec<Found> {
    let event = match event {
        Ok(event) => event,
        Err(error) if matches!(error.kind, ErrorKind::MaxFilesWatch) => {
            return vec![Found::Unwatched(crate::refusal::told(&refusal(error)))];
        }
        Err(_) => return vec![Found::Lost],
    };
    if event.need_rescan() {
        return vec![Found::Lost];
    }
    let is_read = match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => false,
        EventKind::Access(_) => true,
        _ => false,
    };
    if is_read {
        return Vec::new();
    }
    let paths = event.paths.iter();
    let found = paths.filter_map(|path| {
        let path = Utf8Path::from_path(path)?;
        if root.starts_with(path) {
            // Its own times change with every file in it.
            let moved = matches!(event.kind, EventKind::Create(_) | EventKind::Remove(_))
                || matches!(
                    event.kind,
                    EventKind::Modify(notify::event::ModifyKind::Name(_))
                );
            return moved.then_some(Found::Root);
        }
        let below = path.strip_prefix(root).ok()?;
        let matters = below == LOCK || !is_passing(below);
        matters.then(|| Found::Path(path.to_owned()))
    });
    found.collect()
}

/// What editors, file managers and version control leave for a moment.
pub(super) fn is_passing(below: &Utf8Path) -> bool {
    if below.components().any(|part| part.as_str() == ".git") {
        return true;
    }
    let Some(name) = below.file_name() else {
        return true;
    };
    let extension = below.extension().unwrap_or_default();
    name.ends_with('~')
        || name == "4913"
        || name == ".DS_Store"
        || name.starts_with(".#")
        || name.starts_with(".goutputstream-")
        || name.starts_with(".~lock.")
        || (name.starts_with('#') && name.ends_with('#'))
        || name.ends_with("___jb_tmp___")
        || name.ends_with("___jb_old___")
        || name.ends_with(".kate-swp")
        || extension == "tmp"
        || (name.starts_with('.') && matches!(extension, "swp" | "swo" | "swn" | "swx"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_has_changed_before_the_watch_is_taken_for_a_change_once() {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap();
        let mut changes = Changes::watch(root).unwrap();
        assert!(changes.quiet().await);
        let next = timeout(Duration::from_millis(100), changes.quiet()).await;
        assert!(next.is_err());
    }

    #[tokio::test]
    async fn what_cannot_be_watched_is_told_until_it_can() {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap();
        let mut changes = Changes::watch(root).unwrap();
        assert!(changes.quiet().await);
        assert_eq!(changes.unwatched(), None);
        for found in meant(root, Err(notify::Error::new(ErrorKind::MaxFilesWatch))) {
            changes.tell.send(found).ok().unwrap();
        }
        assert!(changes.quiet().await);
        assert!(changes.unwatched().unwrap().contains("watched already"));
        // With the next change it is tried again.
        std::fs::write(root.join("a.md"), "").unwrap();
        assert!(changes.quiet().await);
        assert_eq!(changes.unwatched(), None);
    }

    #[tokio::test]
    async fn a_folder_that_goes_with_those_around_it_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap().join("a/b/c");
        std::fs::create_dir_all(root.join("d")).unwrap();
        let mut changes = Changes::watch(&root).unwrap();
        assert!(changes.quiet().await);
        std::fs::remove_dir_all(folder.path().join("a")).unwrap();
        assert!(changes.quiet().await);
        std::fs::create_dir_all(root.join("d")).unwrap();
        // It may come in several steps.
        while changes.quiet().await && !root.is_dir() {}
        while timeout(QUIET_AFTER_MANY, changes.quiet()).await.is_ok() {}
        std::fs::write(root.join("d/page.md"), "").unwrap();
        assert!(changes.quiet().await);
    }

    #[test]
    fn what_editors_leave_for_a_moment_is_passed_over() {
        for name in [
            "workshop/content/.01-intro.md.swp",
            "workshop/content/.01-intro.md.swx",
            "workshop/content/4913",
            "workshop/content/01-intro.md~",
            "workshop/content/.#01-intro.md",
            "workshop/content/#01-intro.md#",
            "workshop/content/01-intro.md___jb_tmp___",
            "workshop/content/.goutputstream-ABC123",
            "workshop/content/01-intro.md.tmp",
            ".git/index",
            ".git/refs/heads/main",
        ] {
            assert!(is_passing(Utf8Path::new(name)), "{name}");
        }
        for name in [
            "workshop/content/01-intro.md",
            "workshop/content",
            "exercises/.bashrc",
            "exercises/code.swift",
            "exercises/#1.txt",
            ".gitignore",
        ] {
            assert!(!is_passing(Utf8Path::new(name)), "{name}");
        }
    }
}
