//! Where a session's files live, and which paths an action may name (`product.md`, "Where things live").

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use crate::anchor::Anchor;
use crate::rewrite::{Moved, Reader, TEMPORARY, rewrite};

/// The folders of one session.
#[derive(Debug, Clone)]
pub struct Folders {
    /// The session's own folder.
    pub root: Utf8PathBuf,
    /// The session's `$HOME`.
    pub home: Utf8PathBuf,
    /// What the reference keeps in `/opt/workshop`.
    pub workshop: Utf8PathBuf,
    /// First on PATH.
    pub bin: Utf8PathBuf,
    /// Generated start-up files.
    pub shell: Utf8PathBuf,
    /// `$TMPDIR`.
    pub tmp: Utf8PathBuf,
    /// Where downloads go.
    pub downloads: Utf8PathBuf,
    /// Journal, logs, lock.
    pub state: Utf8PathBuf,
    /// Where terminals start, if it is there: `exercises` below the home, or what `EXERCISES_DIR` says.
    pub(crate) start: Arc<Mutex<Utf8PathBuf>>,
    /// The session's programs find the reference's own folders where they are spelled out (see [`crate::isolation`]).
    pub(crate) are_real: bool,
    /// The machine's folders for temporary files are closed to the session's programs, which use [`Self::tmp`] in their place.
    pub(crate) has_own_temporary: bool,
}

/// Why a path cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// The path leads out of the session's folders.
    #[error("{0} lies outside the session; an action reaches only files below ~")]
    Outside(String),
    /// The path is empty.
    #[error("the path is empty")]
    Empty,
    /// The path holds a NUL character.
    #[error("the path {0:?} holds a NUL character")]
    Nul(String),
}

/// Name of the folder below the home where terminals start, unless `EXERCISES_DIR` says otherwise.
const EXERCISES: &str = "exercises";

impl Folders {
    /// The folders of a session below `root`; `home` may be elsewhere (`atelier test --home`).
    pub fn new(root: Utf8PathBuf, home: Option<Utf8PathBuf>) -> Self {
        let home = home.unwrap_or_else(|| root.join("home"));
        Self {
            start: Arc::new(Mutex::new(home.join(EXERCISES))),
            are_real: false,
            has_own_temporary: false,
            home,
            workshop: root.join("workshop"),
            bin: root.join("bin"),
            shell: root.join("shell"),
            tmp: root.join("tmp"),
            downloads: root.join("downloads"),
            state: root.join("state"),
            root,
        }
    }

    /// Makes every folder, readable for its owner alone.
    ///
    /// # Errors
    /// When a folder cannot be made.
    pub fn create(&self) -> io::Result<()> {
        let home_is_ours = self.home.starts_with(&self.root);
        make_private(&self.root)?;
        for folder in [
            &self.workshop,
            &self.bin,
            &self.shell,
            &self.tmp,
            &self.downloads,
            &self.state,
            &self.shared(),
        ] {
            make_private(folder)?;
        }
        if home_is_ours {
            make_private(&self.home)
        } else {
            std::fs::create_dir_all(&self.home)
        }
    }

    /// What of the state the session's own programs read: the socket of `supervisorctl`, the file of its containers.
    pub(crate) fn shared(&self) -> Utf8PathBuf {
        self.state.join("shared")
    }

    /// Root of the file tree and folder of the terminals: the exercises where there are some, else the home.
    pub fn exercises(&self) -> Utf8PathBuf {
        let start = self.start.lock().unwrap_or_else(PoisonError::into_inner);
        if start.is_dir() {
            start.clone()
        } else {
            self.home.clone()
        }
    }

    /// Takes over what `EXERCISES_DIR` says, a folder below the home. One that leads out of it is ignored.
    pub(crate) fn start_in(&self, written: Option<&str>) {
        let named = written.filter(|written| !written.trim().is_empty());
        let start = named.and_then(|written| self.resolve(written).ok());
        if let Some(start) = start.filter(|start| start.starts_with(&self.home)) {
            *self.start.lock().unwrap_or_else(PoisonError::into_inner) = start;
        }
    }

    /// The file that an action means: `~/x`, `$HOME/x` and relative paths lie in the home; absolute ones must lie in the
    /// session. Links are followed as far as the path exists, and must not lead out either.
    ///
    /// # Errors
    /// When the path is empty or leads out of the session.
    pub fn resolve(&self, written: &str) -> Result<Utf8PathBuf, PathError> {
        if written.trim().is_empty() {
            return Err(PathError::Empty);
        }
        if written.contains('\0') {
            return Err(PathError::Nul(written.to_owned()));
        }
        let outside = || PathError::Outside(written.to_owned());
        let home = written
            .strip_prefix("~/")
            .or_else(|| written.strip_prefix("$HOME/"));
        let path = match home {
            Some(rest) => self.home.join(rest.trim_start_matches('/')),
            None => self.home.join(self.localise_place(written)),
        };
        let path = normalise(&path).ok_or_else(outside)?;
        if self.holds(&path) && self.holds_really(&path) {
            Ok(path)
        } else {
            Err(outside())
        }
    }

    /// `~/exercises/app.py` for a file in the home, the absolute path for any other.
    pub fn display(&self, path: &Utf8Path) -> String {
        match path.strip_prefix(&self.home) {
            Ok(rest) if rest.as_str().is_empty() => "~".to_owned(),
            Ok(rest) => format!("~/{rest}"),
            Err(_) => path.to_string(),
        }
    }

    /// The reference's own folders, where a text for a program of the session spells them out, become this session's, unless
    /// the program finds them where they are.
    pub fn localise(&self, text: &str) -> String {
        if self.are_real {
            return text.to_owned();
        }
        rewrite(text, &self.moved_for_programs(), Reader::Anyone)
    }

    /// The same for a path that the player itself uses, or another program outside of the session.
    pub(crate) fn localise_place(&self, text: &str) -> String {
        rewrite(text, &self.moved(), Reader::Anyone)
    }

    /// As [`Self::localise`], for what a shell reads: a path with spaces stays one word.
    pub fn localise_command(&self, text: &str) -> String {
        if self.are_real {
            return text.to_owned();
        }
        rewrite(text, &self.moved_for_programs(), Reader::Shell)
    }

    /// As [`Self::moved`], with what else the session's programs find elsewhere.
    pub(crate) fn moved_for_programs(&self) -> Vec<Moved<'_>> {
        let mut moved = self.moved().to_vec();
        if self.has_own_temporary {
            moved.extend(TEMPORARY.map(|folder| (folder, &*self.tmp)));
        }
        moved
    }

    /// The reference's folders, and where they are in this session.
    pub(crate) fn moved(&self) -> [Moved<'_>; 3] {
        [
            ("/home/eduk8s", &self.home),
            ("/opt/workshop", &self.workshop),
            ("/opt/eduk8s/workshop", &self.workshop),
        ]
    }

    /// Whether a path is one of the folders that make the session, or holds one.
    pub(crate) fn is_own(&self, path: &Utf8Path) -> bool {
        self.reachable()
            .into_iter()
            .any(|folder| folder.starts_with(path))
    }

    /// The place of a path that [`Self::resolve`] has returned, held against links that programs put on the way meanwhile.
    ///
    /// # Errors
    /// When it is not inside any more, or its folder is not there.
    pub(crate) fn anchor(&self, path: &Utf8Path) -> io::Result<Anchor> {
        Anchor::at(&self.roots(), path)
    }

    /// As [`Self::anchor`], of what a link at the end of the path leads to, if it leads anywhere.
    ///
    /// # Errors
    /// As [`Self::anchor`].
    pub(crate) fn anchor_target(&self, path: &Utf8Path) -> io::Result<Anchor> {
        if path.symlink_metadata().is_ok() {
            Anchor::of_target(&self.roots(), path)
        } else {
            self.anchor(path)
        }
    }

    /// The folders that actions reach.
    pub(crate) fn roots(&self) -> [&Utf8Path; 4] {
        self.reachable().map(|folder| folder.as_path())
    }

    fn reachable(&self) -> [&Utf8PathBuf; 4] {
        [&self.home, &self.workshop, &self.tmp, &self.downloads]
    }

    fn holds(&self, path: &Utf8Path) -> bool {
        self.reachable()
            .into_iter()
            .any(|folder| path.starts_with(folder))
    }

    /// The same for what the path really is, once links are followed.
    fn holds_really(&self, path: &Utf8Path) -> bool {
        let Some(real) = path
            .ancestors()
            .find_map(|existing| existing.canonicalize_utf8().ok())
        else {
            return false;
        };
        let dangling = path
            .ancestors()
            .any(|part| part.is_symlink() && !part.exists());
        let inside = |folder: &Utf8PathBuf| {
            folder
                .canonicalize_utf8()
                .is_ok_and(|folder| real.starts_with(folder))
        };
        !dangling && self.reachable().into_iter().any(inside)
    }
}

/// Resolves `.` and `..` by name alone; `None` when the path climbs above the root.
fn normalise(path: &Utf8Path) -> Option<Utf8PathBuf> {
    let mut out = Utf8PathBuf::new();
    for component in path.components() {
        match component {
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir => {
                if !out.pop() {
                    return None;
                }
            }
            other => out.push(other),
        }
    }
    Some(out)
}

/// Makes a folder, and those above it that are missing, for its owner alone.
#[cfg(unix)]
pub(crate) fn make_private(folder: &Utf8Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

#[cfg(not(unix))]
pub(crate) fn make_private(folder: &Utf8Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn session() -> (tempfile::TempDir, Folders) {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8PathBuf::from_path_buf(dir.path().canonicalize().unwrap()).unwrap();
        let folders = Folders::new(root.join("lab-1"), None);
        folders.create().unwrap();
        (dir, folders)
    }

    #[test]
    fn leads_every_spelling_into_the_home() {
        let (_dir, folders) = session();
        for written in [
            "~/exercises/a b.txt",
            "$HOME/exercises/a b.txt",
            "exercises/./x/../a b.txt",
            "/home/eduk8s/exercises/a b.txt",
        ] {
            assert_eq!(
                folders.resolve(written).unwrap(),
                folders.home.join("exercises/a b.txt"),
                "{written}"
            );
        }
        assert_eq!(
            folders.resolve("/opt/workshop/files/x").unwrap(),
            folders.workshop.join("files/x")
        );
        let absolute = folders.home.join("a");
        assert_eq!(folders.resolve(absolute.as_str()).unwrap(), absolute);
        assert_eq!(folders.display(&absolute), "~/a");
    }

    #[test]
    fn rewrites_for_itself_alone_where_the_folders_are_real() {
        let (_dir, mut folders) = session();
        folders.are_real = true;
        let text = "ls /home/eduk8s /opt/workshop/x";
        assert_eq!(folders.localise(text), text);
        assert_eq!(folders.localise_command(text), text);
        assert_eq!(
            folders.resolve("/home/eduk8s/a").unwrap(),
            folders.home.join("a")
        );
    }

    #[test]
    fn refuses_what_leads_out() {
        let (dir, folders) = session();
        std::fs::write(dir.path().join("secret"), "").unwrap();
        symlink(dir.path(), folders.home.join("out")).unwrap();
        symlink("/nowhere/at/all", folders.home.join("dangling")).unwrap();
        symlink("real", folders.home.join("inside")).unwrap();
        std::fs::create_dir(folders.home.join("real")).unwrap();
        for written in [
            "../state/journal.jsonl",
            "/etc/passwd",
            "~/../../secret",
            "~/out/secret",
            "~/out/new",
            "~/dangling",
            "/home/eduk8s2/x",
            "../../../../../../../../../etc/passwd",
        ] {
            assert!(
                matches!(folders.resolve(written), Err(PathError::Outside(_))),
                "{written}"
            );
        }
        assert_eq!(folders.resolve(" "), Err(PathError::Empty));
        assert!(folders.resolve("~/inside/new").is_ok());
    }

    #[test]
    fn exercises_may_have_another_name_and_stay_in_the_home() {
        let (_dir, folders) = session();
        std::fs::create_dir_all(folders.home.join("lab/src")).unwrap();
        for (written, expected) in [
            (None, ""),
            (Some("lab/src"), "lab/src"),
            (Some("../state"), "lab/src"),
            (Some("/opt/workshop"), "lab/src"),
            (Some(" "), "lab/src"),
            (Some("~/lab"), "lab"),
            (Some("missing"), ""),
        ] {
            folders.start_in(written);
            let found = folders.exercises();
            assert_eq!(
                found.strip_prefix(&folders.home).unwrap(),
                expected,
                "{written:?}"
            );
        }
    }
}
