//! `files:download-file` and `files:copy-file` (`actions.md` 3.11 and 6): what they hand over.

use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use atelier_content::action::{FileSource, FilesAction};
use camino::{Utf8Path, Utf8PathBuf};
use percent_encoding::percent_decode_str;
use tokio_util::sync::CancellationToken;

use crate::beside::BesideFile;
use crate::fetch::{FetchError, fetch};
use crate::folders::{Folders, PathError};
use crate::perform::{Effect, Outcome};
use crate::session::Session;
use crate::size;
use crate::urls::{OwnPage, Place};

/// A file from elsewhere is no larger than this, in bytes.
const FETCHED: u64 = 256 * 1024 * 1024;
/// No more than this goes to the clipboard, in bytes.
const COPIED: u64 = 1024 * 1024;
/// How much is copied at a time, in bytes.
const CHUNK: usize = 256 * 1024;
/// Of a file that is shown on a card, in bytes.
const SHOWN: usize = 32 * 1024;

/// A file that is ready to be handed over. What was fetched for it is gone with the last copy of this.
#[derive(Debug, Clone)]
pub struct Payload {
    path: Utf8PathBuf,
    /// Opened when it was judged: another file in its place is not handed over.
    file: Arc<fs::File>,
    _fetched: Option<Arc<tempfile::TempPath>>,
    /// The session's, which is told of what is being written.
    state: Utf8PathBuf,
}

impl Payload {
    /// Where its bytes are.
    pub fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// Its beginning, for a card.
    pub(crate) fn preview(&self) -> Option<String> {
        let mut bytes = vec![0; SHOWN + 4];
        let mut filled = 0;
        loop {
            match self.file.read_at(&mut bytes[filled..], filled as u64) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(_) => return None,
            }
        }
        bytes.truncate(filled);
        preview_of(&bytes)
    }

    /// Writes it where the learner wants it, whole or not at all. Returns its size in bytes.
    ///
    /// # Errors
    /// When it cannot be read, or the place cannot be written.
    pub fn save(&self, to: &std::path::Path) -> io::Result<u64> {
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(std::path::Path::new("."));
        let mut copy = BesideFile::new(&self.state, folder)?;
        let mut bytes = 0;
        let mut chunk = vec![0; CHUNK];
        loop {
            let read = self.file.read_at(&mut chunk, bytes)?;
            if read == 0 {
                break;
            }
            copy.write_all(&chunk[..read])?;
            bytes += read as u64;
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::Permissions::from_mode(0o644);
            copy.as_file().set_permissions(mode)?;
        }
        copy.persist(to)?;
        Ok(bytes)
    }
}

impl PartialEq for Payload {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path
    }
}

/// Why nothing is handed over.
#[derive(Debug, thiserror::Error)]
enum DownloadError {
    #[error(
        "the workshop does not switch downloads on; its author must set `applications.files.enabled: true` in resources/workshop.yaml"
    )]
    Disabled,
    #[error(transparent)]
    Path(#[from] PathError),
    #[error("{path} leads out of {root}, the folder of files")]
    OutsideRoot { path: String, root: String },
    #[error("there is no file {0}")]
    Missing(String),
    #[error("{0} is a folder; name a file in it")]
    Folder(String),
    #[error("{0} is no file that could be read")]
    Special(String),
    #[error("{0} is not a text file, so that it cannot go to the clipboard; download it instead")]
    NotText(String),
    #[error(
        "{name} is larger than {limit}, too large for the clipboard; download it instead",
        limit = size::human(COPIED)
    )]
    TooLarge { name: String },
    #[error("{0} is no address of a file; write http:// or https://")]
    Address(String),
    /// The address belongs to something that there is only on a cluster, as a sentence.
    #[error("{0}")]
    Absent(String),
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error("{path}: {}", crate::refusal::told(source))]
    Io { path: String, source: io::Error },
}

/// Where a file is to be had.
enum Found {
    File(Utf8PathBuf),
    Web { url: String, local: bool },
}

/// What is needed to get a file, apart from the session: the work is done on a thread of its own.
struct Request {
    folders: Folders,
    found: Found,
    cancel: CancellationToken,
}

impl Session {
    /// Makes the file of a download ready to be saved.
    pub(crate) async fn download(
        &self,
        source: &FileSource,
        name: &str,
        cancel: &CancellationToken,
    ) -> Outcome {
        let ready = self.request(source, cancel);
        match in_background(ready, |request| request.payload()).await {
            Ok(file) => Outcome::done(vec![Effect::SaveFile {
                file,
                name: name.to_owned(),
            }]),
            Err(error) => Outcome::failed(error.to_string()),
        }
    }

    /// Puts a file's text on the clipboard.
    pub(crate) async fn copy_file(
        &self,
        source: &FileSource,
        cancel: &CancellationToken,
    ) -> Outcome {
        let ready = self.request(source, cancel);
        match in_background(ready, |request| request.text(COPIED)).await {
            Ok(text) => Outcome::done(vec![Effect::CopyText { text }]),
            Err(error) => Outcome::failed(error.to_string()),
        }
    }

    /// What the card of an action shows of its file; `None` when it shows none, or there is none that could be shown. What a
    /// web server has is not asked for here.
    pub(crate) fn preview(&self, action: &FilesAction) -> Option<String> {
        match self.found(previewed(action)?).ok()? {
            Found::File(path) => {
                let place = self.folders().anchor_target(&path);
                let mut bytes = Vec::new();
                let file = place.and_then(|place| place.read()).ok()?;
                // One character may be cut in two at the end.
                file.take(SHOWN as u64 + 4).read_to_end(&mut bytes).ok()?;
                preview_of(&bytes)
            }
            Found::Web { .. } => None,
        }
    }

    /// As [`Self::preview`], of what a web server has.
    pub(crate) async fn preview_from_web(
        &self,
        action: &FilesAction,
        cancel: &CancellationToken,
    ) -> Option<String> {
        let request = self.request(previewed(action)?, cancel).ok()?;
        if matches!(request.found, Found::File(_)) {
            return None;
        }
        let text = in_background(Ok(request), |request| request.text(COPIED)).await;
        text.ok().map(|text| clipped(&text))
    }

    fn request(
        &self,
        source: &FileSource,
        cancel: &CancellationToken,
    ) -> Result<Request, DownloadError> {
        Ok(Request {
            folders: self.folders().clone(),
            found: self.found(source)?,
            cancel: cancel.clone(),
        })
    }

    fn found(&self, source: &FileSource) -> Result<Found, DownloadError> {
        let workshop = self.workshop();
        let root = workshop.applications.files.as_ref();
        let root = root.ok_or(DownloadError::Disabled)?;
        let url = match source {
            FileSource::Path(path) => return self.file(root, path),
            FileSource::Url(url) => url,
        };
        match self.addresses().place(url) {
            Place::Local(url)
            | Place::Ingress { browser: url, .. }
            | Place::Own(OwnPage::Slides, url) => Ok(Found::Web { url, local: true }),
            Place::Remote(url) => {
                let local = self.addresses().is_here(&url);
                Ok(Found::Web { url, local })
            }
            // What the session serves itself need not go through its listener.
            Place::Own(OwnPage::File(_), address) => match address.split_once("/files/") {
                Some((_, path)) => {
                    let path = path.split(['?', '#']).next().unwrap_or_default();
                    let path = percent_decode_str(path).decode_utf8();
                    let path = path.map_err(|_| DownloadError::Address(address.clone()))?;
                    self.file(root, &path)
                }
                None => Err(DownloadError::Address(address)),
            },
            Place::Absent(why) => Err(DownloadError::Absent(why)),
            Place::Terminal(_) | Place::Terminals | Place::Unusable(_) => {
                Err(DownloadError::Address(url.clone()))
            }
        }
    }

    fn file(&self, root: &Utf8Path, path: &str) -> Result<Found, DownloadError> {
        let folders = self.folders();
        let root = folders.resolve(&format!("~/{root}"))?;
        let file = folders.resolve(&format!("{root}/{path}"))?;
        let name = folders.display(&file);
        let outside = || DownloadError::OutsideRoot {
            path: name.clone(),
            root: folders.display(&root),
        };
        if !file.starts_with(&root) {
            return Err(outside());
        }
        let about = match fs::metadata(&file) {
            Ok(about) => about,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(DownloadError::Missing(name));
            }
            Err(source) => return Err(DownloadError::Io { path: name, source }),
        };
        let (real, real_root) = (file.canonicalize_utf8(), root.canonicalize_utf8());
        if !real.is_ok_and(|real| real_root.is_ok_and(|root| real.starts_with(root))) {
            return Err(outside());
        }
        match about {
            about if about.is_dir() => Err(DownloadError::Folder(name)),
            about if about.is_file() => Ok(Found::File(file)),
            _ => Err(DownloadError::Special(name)),
        }
    }
}

impl Request {
    fn payload(&self) -> Result<Payload, DownloadError> {
        let (url, local) = match &self.found {
            Found::File(path) => {
                // What may not be read is told now, not when the learner has chosen a place.
                let place = self.folders.anchor_target(path);
                let file = place.and_then(|place| place.read());
                return Ok(Payload {
                    path: path.clone(),
                    file: Arc::new(file.map_err(self.at(path))?),
                    _fetched: None,
                    state: self.folders.state.clone(),
                });
            }
            Found::Web { url, local } => (url, *local),
        };
        let at = self.at(&self.folders.tmp);
        let mut file = tempfile::Builder::new()
            .prefix(".download-")
            .tempfile_in(&self.folders.tmp)
            .map_err(at)?;
        fetch(url, local, FETCHED, file.as_file_mut(), &self.cancel)?;
        let (file, fetched) = file.into_parts();
        let path = Utf8PathBuf::from_path_buf(fetched.to_path_buf())
            .map_err(|path| DownloadError::Special(path.display().to_string()))?;
        Ok(Payload {
            path,
            file: Arc::new(file),
            _fetched: Some(Arc::new(fetched)),
            state: self.folders.state.clone(),
        })
    }

    fn text(&self, limit: u64) -> Result<String, DownloadError> {
        let (name, bytes) = match &self.found {
            Found::File(path) => {
                let name = self.folders.display(path);
                let place = self.folders.anchor_target(path);
                let file = place.and_then(|place| place.read());
                let file = file.map_err(self.at(path))?;
                let mut bytes = Vec::new();
                file.take(limit + 1)
                    .read_to_end(&mut bytes)
                    .map_err(self.at(path))?;
                if bytes.len() as u64 > limit {
                    return Err(DownloadError::TooLarge { name });
                }
                (name, bytes)
            }
            Found::Web { url, local } => {
                let mut bytes = Vec::new();
                match fetch(url, *local, limit, &mut bytes, &self.cancel) {
                    Err(FetchError::TooLarge { url, .. }) => {
                        return Err(DownloadError::TooLarge { name: url });
                    }
                    done => done?,
                }
                (url.clone(), bytes)
            }
        };
        let text = String::from_utf8(bytes)
            .ok()
            .filter(|text| !text.contains('\0'))
            .ok_or(DownloadError::NotText(name))?;
        // A byte order mark is no part of the text, as in browsers.
        Ok(match text.strip_prefix('\u{feff}') {
            Some(text) => text.to_owned(),
            None => text,
        })
    }

    fn at(&self, path: &Utf8Path) -> impl FnOnce(io::Error) -> DownloadError + use<> {
        let path = self.folders.display(path);
        move |source| DownloadError::Io { path, source }
    }
}

async fn in_background<T: Send + 'static>(
    request: Result<Request, DownloadError>,
    work: impl FnOnce(&Request) -> Result<T, DownloadError> + Send + 'static,
) -> Result<T, DownloadError> {
    let request = request?;
    let cancel = request.cancel.clone();
    let done = tokio::task::spawn_blocking(move || work(&request));
    tokio::select! {
        done = done => done.unwrap_or(Err(DownloadError::Fetch(FetchError::Cancelled))),
        () = cancel.cancelled() => Err(DownloadError::Fetch(FetchError::Cancelled)),
    }
}

/// The file that the card shows.
fn previewed(action: &FilesAction) -> Option<&FileSource> {
    match action {
        FilesAction::Download {
            source, preview, ..
        }
        | FilesAction::Copy { source, preview } => preview.then_some(source),
        FilesAction::Upload { .. } => None,
    }
}

/// The beginning of a text file.
fn preview_of(bytes: &[u8]) -> Option<String> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if bytes.len() > SHOWN && error.valid_up_to() >= SHOWN => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    (!text.contains('\0')).then(|| clipped(text.strip_prefix('\u{feff}').unwrap_or(text)))
}

pub(crate) fn clipped(text: &str) -> String {
    if text.len() <= SHOWN {
        return text.to_owned();
    }
    let end = (0..=SHOWN).rev().find(|at| text.is_char_boundary(*at));
    format!("{}\n…", &text[..end.unwrap_or(0)])
}
