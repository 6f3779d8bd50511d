//! `files:upload-file` and `files:upload-files` (`actions.md` 3.11 and 6): storing what the learner hands over.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Read, Write};
use std::path::PathBuf;

use atelier_content::Workshop;
use atelier_content::action::{Sample, SampleContent, Upload};
use camino::{Utf8Path, Utf8PathBuf};
use tokio_util::sync::CancellationToken;

use crate::anchor::Anchor;
use crate::beside::BesideFile;
use crate::folders::{Folders, PathError};
use crate::perform::Outcome;
use crate::session::Session;
use crate::size;

const CHUNK: usize = 256 * 1024;

/// A file that the learner hands over.
#[derive(Debug)]
pub struct Offered {
    /// Its own name, without folders.
    pub name: String,
    /// What is in it.
    pub content: OfferedContent,
}

/// What is in a file that is handed over.
#[derive(Debug)]
pub enum OfferedContent {
    /// What this file of the learner's machine holds.
    File(PathBuf),
    /// This text.
    Text(String),
}

/// Why nothing was stored. What was there before is untouched.
#[derive(Debug, thiserror::Error)]
enum UploadError {
    #[error(
        "the workshop does not switch uploads on; its author must set `applications.uploads.enabled: true` in resources/workshop.yaml"
    )]
    Disabled,
    #[error(transparent)]
    Path(#[from] PathError),
    #[error("no file was handed over")]
    Nothing,
    #[error("this takes one file, not {0}")]
    TooMany(usize),
    #[error("{path} leads out of {folder}, the folder of uploads")]
    Outside { path: String, folder: String },
    #[error("only files can be uploaded, and {0} is a folder")]
    SourceFolder(String),
    #[error("only files can be uploaded, and {0} is something else")]
    Special(String),
    #[error("the file {name} cannot be read: {source}")]
    Read { name: String, source: io::Error },
    #[error("two of the files are called {0}")]
    Twice(String),
    #[error("a file cannot be called {0:?} here")]
    Name(String),
    #[error("{0} is a folder already, and would be lost")]
    FolderInTheWay(String),
    #[error("{0} is a file, so that nothing can lie in it")]
    FileInTheWay(String),
    #[error("called off")]
    Cancelled,
    #[error("{path}: {}", crate::refusal::told(source))]
    Io { path: String, source: io::Error },
}

/// Makes the folder of uploads. Where that cannot be, the first upload says so.
pub(crate) fn make_folder(folders: &Folders, workshop: &Workshop) {
    if let Some(uploads) = &workshop.applications.uploads
        && let Ok(folder) = folders.resolve(&format!("~/{uploads}"))
    {
        let _ = Anchor::making(&folders.roots(), &folder.join("_"));
    }
}

/// What `atelier test` hands over: the author's samples, else a small text of its own.
pub(crate) fn samples(
    upload: &Upload,
    samples: &[Sample],
    folders: &Folders,
) -> Result<Vec<Offered>, PathError> {
    if samples.is_empty() {
        let name = match upload {
            Upload::File { path } => path.rsplit('/').next().unwrap_or(path),
            Upload::Files { .. } => "upload.txt",
        };
        let content = OfferedContent::Text("A file that `atelier test` has uploaded.\n".to_owned());
        let name = name.to_owned();
        return Ok(vec![Offered { name, content }]);
    }
    let offered = samples.iter().map(|sample| {
        let content = match &sample.content {
            SampleContent::Text(text) => OfferedContent::Text(text.clone()),
            SampleContent::File(path) => {
                OfferedContent::File(folders.resolve(path)?.into_std_path_buf())
            }
        };
        let name = sample.name.clone();
        Ok(Offered { name, content })
    });
    offered.collect()
}

impl Session {
    /// Stores files in the folder of uploads: all of them, or none.
    pub(crate) async fn upload(
        &self,
        upload: &Upload,
        offered: Vec<Offered>,
        cancel: &CancellationToken,
    ) -> Outcome {
        let Some(uploads) = self.workshop().applications.uploads.clone() else {
            return Outcome::failed(UploadError::Disabled.to_string());
        };
        let (folders, upload, cancel) = (self.folders().clone(), upload.clone(), cancel.clone());
        let stored = tokio::task::spawn_blocking(move || {
            Storing {
                folders: &folders,
                cancel: &cancel,
            }
            .store(&uploads, &upload, offered)
        });
        match stored.await {
            Ok(Ok(stored)) => Outcome {
                output: Some(stored.join("\n")),
                ..Outcome::done(Vec::new())
            },
            Ok(Err(error)) => Outcome::failed(error.to_string()),
            Err(error) => Outcome::failed(format!("the upload broke off: {error}")),
        }
    }
}

struct Storing<'a> {
    folders: &'a Folders,
    cancel: &'a CancellationToken,
}

impl Storing<'_> {
    /// Returns a line for each file: where it is, and its size.
    fn store(
        &self,
        uploads: &Utf8Path,
        upload: &Upload,
        offered: Vec<Offered>,
    ) -> Result<Vec<String>, UploadError> {
        let folder = self.folders.resolve(&format!("~/{uploads}"))?;
        let places = places(upload, &offered)?;
        // What cannot be stored is told before any folder is made.
        for file in &offered {
            self.look_at(file)?;
        }
        self.making(&folder.join("_"))?;
        let targets = places.iter().map(|place| self.target(&folder, place));
        let targets = targets.collect::<Result<Vec<_>, _>>()?;
        let mut ready = Vec::with_capacity(offered.len());
        for (file, target) in offered.iter().zip(targets) {
            let place = self.making(&target)?;
            let (temporary, bytes) = self.write(file, &target, &place)?;
            ready.push((temporary, (target, place), bytes));
        }
        let store =
            |(temporary, (target, place), bytes): (BesideFile, (Utf8PathBuf, Anchor), u64)| {
                let name = self.folders.display(&target);
                match temporary.persist(place.path().as_std_path()) {
                    Ok(_) => Ok(format!("{name} ({})", size::human(bytes))),
                    Err(source) => Err(UploadError::Io { path: name, source }),
                }
            };
        ready.into_iter().map(store).collect()
    }

    fn look_at(&self, file: &Offered) -> Result<(), UploadError> {
        let OfferedContent::File(path) = &file.content else {
            return Ok(());
        };
        let about = fs::metadata(path).map_err(unreadable(&file.name))?;
        match about {
            about if about.is_dir() => Err(UploadError::SourceFolder(file.name.clone())),
            about if about.is_file() => Ok(()),
            _ => Err(UploadError::Special(file.name.clone())),
        }
    }

    /// Where a file goes: in truth, and not only by name, below the folder of uploads.
    fn target(&self, folder: &Utf8Path, place: &Utf8Path) -> Result<Utf8PathBuf, UploadError> {
        let target = folder.join(place);
        let name = self.folders.display(&target);
        let outside = || UploadError::Outside {
            path: name.clone(),
            folder: self.folders.display(folder),
        };
        let written = format!("{folder}/{place}");
        let resolved = self.folders.resolve(&written).map_err(|_| outside())?;
        let existing = resolved
            .ancestors()
            .find_map(|part| part.canonicalize_utf8().ok());
        let real_folder = folder.canonicalize_utf8().ok();
        let inside = existing
            .zip(real_folder)
            .is_some_and(|(existing, folder)| existing.starts_with(folder));
        if resolved != target || !inside {
            return Err(outside());
        }
        if target.is_dir() {
            return Err(UploadError::FolderInTheWay(name));
        }
        Ok(target)
    }

    /// A place; the folders on the way to it are made if missing.
    fn making(&self, path: &Utf8Path) -> Result<Anchor, UploadError> {
        Anchor::making(&self.folders.roots(), path).map_err(|source| {
            let folder = path.parent().unwrap_or(path);
            let there = folder.ancestors().find(|place| place.exists());
            match there.filter(|place| !place.is_dir()) {
                Some(file) => UploadError::FileInTheWay(self.folders.display(file)),
                None => UploadError::Io {
                    path: self.folders.display(folder),
                    source,
                },
            }
        })
    }

    /// Writes a file beside its place, piece by piece.
    fn write(
        &self,
        file: &Offered,
        target: &Utf8Path,
        place: &Anchor,
    ) -> Result<(BesideFile, u64), UploadError> {
        let name = self.folders.display(target);
        let failed = || {
            let path = name.clone();
            move |source| UploadError::Io { path, source }
        };
        let folder = place.path().parent().unwrap_or(Utf8Path::new("."));
        let mut temporary =
            BesideFile::new(&self.folders.state, folder.as_std_path()).map_err(failed())?;
        let mut source: Box<dyn Read> = match &file.content {
            OfferedContent::File(path) => {
                Box::new(fs::File::open(path).map_err(unreadable(&file.name))?)
            }
            OfferedContent::Text(text) => Box::new(text.as_bytes()),
        };
        let mut chunk = vec![0; CHUNK];
        let mut bytes = 0;
        loop {
            if self.cancel.is_cancelled() {
                return Err(UploadError::Cancelled);
            }
            let read = source.read(&mut chunk).map_err(unreadable(&file.name))?;
            if read == 0 {
                break;
            }
            temporary.write_all(&chunk[..read]).map_err(failed())?;
            bytes += read as u64;
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::Permissions::from_mode(0o644);
            temporary
                .as_file()
                .set_permissions(mode)
                .map_err(failed())?;
        }
        temporary.as_file().sync_all().map_err(failed())?;
        Ok((temporary, bytes))
    }
}

fn unreadable(name: &str) -> impl FnOnce(io::Error) -> UploadError + use<> {
    let name = name.to_owned();
    move |source| UploadError::Read { name, source }
}

/// Where each file goes, below the folder of uploads.
fn places(upload: &Upload, offered: &[Offered]) -> Result<Vec<Utf8PathBuf>, UploadError> {
    let directory = match upload {
        _ if offered.is_empty() => return Err(UploadError::Nothing),
        Upload::File { .. } if offered.len() > 1 => {
            return Err(UploadError::TooMany(offered.len()));
        }
        Upload::File { path } => return Ok(vec![Utf8PathBuf::from(path)]),
        Upload::Files { directory } => Utf8Path::new(directory),
    };
    let mut taken = HashSet::new();
    let place = |file: &Offered| {
        let name = &*file.name;
        let usable = !matches!(name, "" | "." | "..") && !name.contains(['/', '\\', '\0']);
        if !usable {
            return Err(UploadError::Name(name.to_owned()));
        }
        if !taken.insert(name.to_owned()) {
            return Err(UploadError::Twice(name.to_owned()));
        }
        Ok(directory.join(name))
    };
    offered.iter().map(place).collect()
}
