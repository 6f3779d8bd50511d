//! `editor:copy-file`, `rename-file`, `close-file` and `delete-file` (`actions.md` 3.5), on the disk.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use atelier_content::action::EditorAction;
use camino::{Utf8Path, Utf8PathBuf};

use super::outcome::{Effect, Outcome};
use crate::anchor::{Anchor, Held};
use crate::beside::{BesideFile, BesideFolder};
use crate::dashboards::EDITOR;
use crate::documents;
use crate::folders::{Folders, PathError};

/// Folders nested deeper than this are not copied.
const DEPTH: usize = 100;

/// Why a file was not copied, moved or deleted. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
enum FileError {
    #[error(transparent)]
    Path(#[from] PathError),
    #[error("there is no file or folder {0}")]
    Missing(String),
    #[error("{0} is a folder of the session itself and stays where it is")]
    OwnFolder(String),
    #[error("{0} is a folder already, and would be lost; name the file in it")]
    FolderInTheWay(String),
    #[error("{0} is a file, so that nothing can lie in it")]
    FileInTheWay(String),
    #[error("{0} cannot go into itself")]
    IntoItself(String),
    #[error("{0} is neither a file nor a folder")]
    Special(String),
    #[error("{0} holds folders nested deeper than {DEPTH}")]
    TooDeep(String),
    #[error("the folder {0} is not empty; only an empty one is deleted")]
    NotEmpty(String),
    #[error("{path}: {}", crate::refusal::told(source))]
    Io { path: String, source: io::Error },
}

/// Performs the action; any other is none of this file's. `writing` keeps saves of open documents out meanwhile.
pub(super) async fn perform(
    action: &EditorAction,
    folders: &Folders,
    writing: Arc<Mutex<()>>,
) -> Outcome {
    let (action, folders) = (action.clone(), folders.clone());
    let done = tokio::task::spawn_blocking(move || {
        let _held = writing.lock().unwrap_or_else(PoisonError::into_inner);
        act(&action, &folders)
    });
    match done.await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(error)) => Outcome::failed(error.to_string()),
        Err(error) => Outcome::failed(format!("the file could not be handled: {error}")),
    }
}

/// What a file management action moves, overwrites or deletes.
pub(crate) fn touched(action: &EditorAction, folders: &Folders) -> Vec<Utf8PathBuf> {
    let written = match action {
        EditorAction::CopyFile { src, dest, .. } | EditorAction::RenameFile { src, dest, .. } => {
            vec![src, dest]
        }
        EditorAction::DeleteFile { file } => vec![file],
        _ => Vec::new(),
    };
    let paths = written
        .into_iter()
        .filter_map(|it| folders.resolve(it).ok());
    paths.collect()
}

fn act(action: &EditorAction, folders: &Folders) -> Result<Outcome, FileError> {
    match action {
        EditorAction::CopyFile { src, dest, open } => {
            let pair = Pair::new(folders, src, dest)?;
            if pair.from != pair.to {
                pair.copy()?;
            }
            let reload = Effect::ReloadDocument {
                path: pair.to.clone(),
            };
            Ok(opened(folders, vec![show(), reload], &pair.to, *open))
        }
        EditorAction::RenameFile { src, dest, open } => {
            let pair = Pair::new(folders, src, dest)?;
            let mut effects = vec![show()];
            if pair.from != pair.to {
                pair.rename()?;
                effects.push(Effect::MoveDocument {
                    from: pair.from.clone(),
                    to: pair.to.clone(),
                });
                effects.push(Effect::ReloadDocument {
                    path: pair.to.clone(),
                });
            }
            Ok(opened(folders, effects, &pair.to, *open))
        }
        EditorAction::CloseFile { file } => {
            let path = folders.resolve(file)?;
            let deleted = false;
            Ok(Outcome::done(vec![Effect::CloseDocument { path, deleted }]))
        }
        EditorAction::DeleteFile { file } => {
            let path = folders.resolve(file)?;
            delete(&path, folders)?;
            let deleted = true;
            Ok(Outcome::done(vec![Effect::CloseDocument { path, deleted }]))
        }
        _ => Ok(Outcome::failed("this action manages no files")),
    }
}

fn show() -> Effect {
    Effect::ShowDashboard {
        id: EDITOR.to_owned(),
    }
}

/// Opens the result, where there is a text to open.
fn opened(folders: &Folders, mut effects: Vec<Effect>, path: &Utf8Path, open: bool) -> Outcome {
    if !open || path.is_dir() {
        return Outcome::done(effects);
    }
    match documents::read_in(folders, path) {
        Ok(_) => {
            effects.push(Effect::OpenDocument {
                path: path.to_owned(),
                line: None,
            });
            Outcome::done(effects)
        }
        Err(error) => Outcome::done(effects).warn(format!(
            "done, but it cannot be shown in the editor: {error}; say `open: false` if that is meant"
        )),
    }
}

/// Where from and where to.
struct Pair<'a> {
    folders: &'a Folders,
    from: Utf8PathBuf,
    to: Utf8PathBuf,
}

impl<'a> Pair<'a> {
    /// Checks all that can be checked before anything is touched.
    fn new(folders: &'a Folders, src: &str, dest: &str) -> Result<Self, FileError> {
        let (from, to) = (folders.resolve(src)?, folders.resolve(dest)?);
        let pair = Self { folders, from, to };
        if fs::symlink_metadata(&pair.from).is_err() {
            return Err(FileError::Missing(folders.display(&pair.from)));
        }
        if pair.from == pair.to {
            return Ok(pair);
        }
        if pair.to.is_dir() {
            return Err(FileError::FolderInTheWay(folders.display(&pair.to)));
        }
        let place = pair.to.ancestors().skip(1).find(|place| place.exists());
        if let Some(place) = place {
            if !place.is_dir() {
                return Err(FileError::FileInTheWay(folders.display(place)));
            }
            let (real, source) = (place.canonicalize_utf8(), pair.from.canonicalize_utf8());
            if let (Ok(real), Ok(source)) = (real, source)
                && real.starts_with(&source)
            {
                return Err(FileError::IntoItself(folders.display(&pair.from)));
            }
        }
        Ok(pair)
    }

    fn copy(&self) -> Result<(), FileError> {
        let about = fs::metadata(&self.from).map_err(self.at(&self.from))?;
        if about.is_dir() {
            self.copy_folder()
        } else if about.is_file() {
            self.copy_file()
        } else {
            Err(FileError::Special(self.folders.display(&self.from)))
        }
    }

    /// Whole or not at all: what was there stays until the copy is complete.
    fn copy_file(&self) -> Result<(), FileError> {
        let mut source = self
            .folders
            .anchor_target(&self.from)
            .and_then(|place| place.read())
            .map_err(self.at(&self.from))?;
        let place = self.place()?;
        let folder = place.path().parent().unwrap_or(Utf8Path::new("."));
        let mut write = || -> io::Result<()> {
            let copy = BesideFile::new(&self.folders.state, folder.as_std_path())?;
            io::copy(&mut source, &mut copy.as_file())?;
            copy.as_file()
                .set_permissions(source.metadata()?.permissions())?;
            copy.persist(place.path().as_std_path())
        };
        write().map_err(self.at(&self.to))
    }

    fn copy_folder(&self) -> Result<(), FileError> {
        let place = self.place()?;
        let folder = place.path().parent().unwrap_or(Utf8Path::new("."));
        let copy = BesideFolder::new(&self.folders.state, folder.as_std_path())
            .map_err(self.at(&self.to))?;
        let inside = copy.path().join("copy");
        let source = self.folders.anchor_target(&self.from);
        let source = source.map_err(self.at(&self.from))?;
        fs::create_dir(&inside).map_err(self.at(&self.to))?;
        let into = Held::open(&inside).map_err(self.at(&self.to))?;
        let from = source.path().as_std_path();
        let permissions = self.copy_tree(from, into.path(), Path::new(""), 0)?;
        self.put(&inside, place.path())?;
        // Only now: a folder that forbids to write into it cannot be moved into another one.
        let copied = if cfg!(target_os = "linux") {
            into.path()
        } else {
            place.path().as_std_path()
        };
        fs::set_permissions(copied, permissions).map_err(self.at(&self.to))
    }

    /// Copies what is in a folder into a new one, which is to get the permissions that are returned. Both are named through
    /// folders that are held open: what takes the place of one meanwhile is neither copied nor written into. `below` is their
    /// path below what is copied.
    fn copy_tree(
        &self,
        from: &Path,
        into: &Path,
        below: &Path,
        depth: usize,
    ) -> Result<fs::Permissions, FileError> {
        if depth > DEPTH {
            return Err(FileError::TooDeep(self.folders.display(&self.from)));
        }
        let failed = |source| FileError::Io {
            path: self.name_of(below),
            source,
        };
        let held = Held::open(from).map_err(failed)?;
        for entry in fs::read_dir(held.path()).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name();
            let (from, to) = (held.path().join(&name), into.join(&name));
            let below = below.join(&name);
            let failed = |source| FileError::Io {
                path: self.name_of(&below),
                source,
            };
            let kind = entry.file_type().map_err(failed)?;
            if kind.is_dir() {
                fs::create_dir(&to).map_err(failed)?;
                let into = Held::open(&to).map_err(failed)?;
                let permissions = self.copy_tree(&from, into.path(), &below, depth + 1)?;
                // Last: a folder may forbid to write into it.
                fs::set_permissions(into.path(), permissions).map_err(failed)?;
            } else if kind.is_symlink() {
                // As it is: where it leads is looked at when somebody follows it.
                let target = fs::read_link(&from).map_err(failed)?;
                link(&target, &to).map_err(failed)?;
            } else if kind.is_file() {
                copy_plain(&from, &to).map_err(failed)?;
            } else {
                return Err(FileError::Special(self.name_of(&below)));
            }
        }
        let about = fs::metadata(held.path()).map_err(failed)?;
        Ok(about.permissions())
    }

    fn rename(&self) -> Result<(), FileError> {
        if self.folders.is_own(&self.from) {
            return Err(FileError::OwnFolder(self.folders.display(&self.from)));
        }
        let place = self.place()?;
        let source = self.folders.anchor(&self.from);
        let source = source.map_err(self.at(&self.from))?;
        match self.put(source.path().as_std_path(), place.path()) {
            Err(FileError::Io { source: why, .. }) if why.kind() == ErrorKind::CrossesDevices => {
                self.copy()?;
                let from = source.path();
                let removed = if from.is_dir() && !from.is_symlink() {
                    fs::remove_dir_all(from)
                } else {
                    fs::remove_file(from)
                };
                removed.map_err(self.at(&self.from))
            }
            done => done,
        }
    }

    /// Renames something to the destination. A folder cannot take a file's place in one step: the file comes back when it
    /// does not work.
    fn put(&self, what: &Path, place: &Utf8Path) -> Result<(), FileError> {
        let rename = || -> io::Result<()> {
            let is_folder = fs::symlink_metadata(what)?.is_dir();
            let is_file_there = fs::symlink_metadata(place).is_ok_and(|there| !there.is_dir());
            if !is_folder || !is_file_there {
                // A folder that was made meanwhile gives way only when it is empty.
                return fs::rename(what, place);
            }
            let aside = BesideFolder::aside(&self.folders.state, place)?;
            match fs::rename(what, place) {
                Ok(()) => Ok(()),
                Err(error) => Err(aside.put_back(place).err().unwrap_or(error)),
            }
        };
        rename().map_err(self.at(&self.to))
    }

    /// The destination, its folders made.
    fn place(&self) -> Result<Anchor, FileError> {
        let place = Anchor::making(&self.folders.roots(), &self.to);
        place.map_err(self.at(self.to.parent().unwrap_or(&self.to)))
    }

    fn at(&self, path: &Utf8Path) -> impl FnOnce(io::Error) -> FileError + use<> {
        let path = self.folders.display(path);
        move |source| FileError::Io { path, source }
    }

    /// What is copied is called by its destination, not by the place where it is made.
    fn name_of(&self, below: &Path) -> String {
        let to = self.folders.display(&self.to);
        match below.as_os_str().is_empty() {
            true => to,
            false => format!("{to}/{}", below.display()),
        }
    }
}

fn delete(path: &Utf8Path, folders: &Folders) -> Result<(), FileError> {
    let name = folders.display(path);
    let Ok(about) = fs::symlink_metadata(path) else {
        return Err(FileError::Missing(name));
    };
    if folders.is_own(path) {
        return Err(FileError::OwnFolder(name));
    }
    let removed = folders.anchor(path).and_then(|place| {
        if about.is_dir() {
            fs::remove_dir(place.path())
        } else {
            fs::remove_file(place.path())
        }
    });
    removed.map_err(|source| match source.kind() {
        ErrorKind::DirectoryNotEmpty => FileError::NotEmpty(name),
        _ => FileError::Io { path: name, source },
    })
}

/// Copies a file with its permissions; nothing that has taken its place.
fn copy_plain(from: &Path, to: &Path) -> io::Result<()> {
    let mut source = crate::snapshots::open(from)?;
    let about = source.metadata()?;
    if !about.is_file() {
        return Err(io::Error::other("it has changed while it was copied"));
    }
    let mut copy = fs::File::create_new(to)?;
    io::copy(&mut source, &mut copy)?;
    copy.set_permissions(about.permissions())
}

#[cfg(unix)]
fn link(target: &Path, to: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, to)
}

#[cfg(windows)]
fn link(target: &Path, to: &Path) -> io::Result<()> {
    std::os::windows::fs::symlink_file(target, to)
}
