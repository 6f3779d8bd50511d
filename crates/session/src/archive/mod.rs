//! Workshops as archives: `.zip`, `.workshop`, `.tar` and `.tar.gz`, unpacked into the player's own folder.
//!
//! An archive is somebody else's file. Nothing is written outside the folder that it is unpacked into, no more than
//! [`Limits`] allow, and nothing but plain files, folders and links within. What breaks a rule refuses the whole archive:
//! half a workshop would be a riddle.

mod names;
mod spellings;
mod tarball;
#[cfg(test)]
mod tests;
mod write;
mod zipped;

use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek};

use atelier_content::{LoadError, load, workshop_around};
use camino::{Utf8Path, Utf8PathBuf};
use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};

pub(crate) use self::names::problem as problem_of_name;
pub(crate) use self::spellings::Spellings;
use self::write::Writer;
use crate::store::Store;

/// What an archive may hold.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of the archive itself.
    pub packed: u64,
    /// Bytes of all its files.
    pub unpacked: u64,
    /// Bytes of one file.
    pub file: u64,
    /// Files, folders and links.
    pub entries: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            packed: 256 << 20,
            unpacked: 512 << 20,
            file: 128 << 20,
            entries: 20_000,
        }
    }
}

/// Why an archive is not unpacked.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// It is no archive of a kind that is known.
    #[error(
        "{0} is no archive that Atelier can open; it opens folders, .workshop, .zip, .tar and .tar.gz"
    )]
    Unknown(Utf8PathBuf),
    /// It is no archive, but a file of a workshop.
    #[error("{path} is a file of the workshop {whole}; name that folder")]
    PartOf {
        /// As it was named.
        path: Utf8PathBuf,
        /// The workshop's folder.
        whole: Utf8PathBuf,
    },
    /// There is nothing in it, not even an archive: a download that was broken off, mostly.
    #[error("{0} is an empty file; get it again")]
    Empty(Utf8PathBuf),
    /// It holds other things.
    #[error(
        "{0} holds no workshop: neither resources/workshop.yaml nor pages in workshop/content. Nothing of it was kept"
    )]
    NoWorkshop(Utf8PathBuf),
    /// It breaks a rule.
    #[error(
        "{path} was not opened: {reason}. An archive like this may be damaged or made to do harm; ask whoever made it for another one"
    )]
    Refused {
        /// The archive.
        path: Utf8PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// It holds more than it may.
    #[error(
        "{path} was not opened: {reason}. Unpack it yourself and open the folder if you trust it"
    )]
    TooLarge {
        /// The archive.
        path: Utf8PathBuf,
        /// What there is too much of.
        reason: String,
    },
    /// The system refused.
    #[error("{path} could not be unpacked: {source}")]
    Io {
        /// Which.
        path: Utf8PathBuf,
        /// What it said.
        source: io::Error,
    },
}

/// What is wrong with an entry, before the archive's name is known.
#[derive(Debug)]
enum Fault {
    Refused(String),
    TooLarge(String),
    Io(io::Error),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Fault {
    fn of(self, path: &Utf8Path) -> ArchiveError {
        let path = path.to_owned();
        match self {
            Self::Refused(reason) => ArchiveError::Refused { path, reason },
            Self::TooLarge(reason) => ArchiveError::TooLarge { path, reason },
            Self::Io(source) => ArchiveError::Io { path, source },
        }
    }
}

/// Unpacks an archive into the store and says where. The same archive, by its name and content, is unpacked once.
///
/// # Errors
/// When it is no archive, breaks a rule, holds too much or no workshop, or the disk refuses.
pub fn unpack(path: &Utf8Path, store: &Store) -> Result<Utf8PathBuf, ArchiveError> {
    let folder = store.unpacked_folder();
    unpack_within(path, &folder, Limits::default(), holds_workshop)
}

/// Whether there is anything below a folder that can be opened.
fn holds_workshop(folder: &Utf8Path) -> bool {
    !matches!(
        load(folder),
        Err(LoadError::NotAWorkshop(_) | LoadError::PartOf { .. })
    )
}

/// The folder behind a path: of an archive, where it is unpacked; any other path as it is.
///
/// # Errors
/// As [`unpack`].
pub fn folder_of(path: &Utf8Path, store: &Store) -> Result<Utf8PathBuf, ArchiveError> {
    // A definition stands for its workshop.
    let is_definition = matches!(path.extension(), Some("yaml" | "yml"));
    if path.is_file() && !is_definition {
        return unpack(path, store);
    }
    Ok(path.to_owned())
}

fn unpack_within(
    path: &Utf8Path,
    folder: &Utf8Path,
    limits: Limits,
    is_usable: fn(&Utf8Path) -> bool,
) -> Result<Utf8PathBuf, ArchiveError> {
    let failed = |source| Fault::Io(source).of(path);
    let mut file = File::open(path).map_err(failed)?;
    let about = file.metadata().map_err(failed)?;
    if !about.is_file() {
        return Err(ArchiveError::Unknown(path.to_owned()));
    }
    if about.len() == 0 {
        return Err(ArchiveError::Empty(path.to_owned()));
    }
    if about.len() > limits.packed {
        let reason = format!("it is larger than {}", megabytes(limits.packed));
        return Err(Fault::TooLarge(reason).of(path));
    }
    let kind = kind(&mut file).map_err(failed)?;
    let Some(kind) = kind else {
        let path = path.to_owned();
        return Err(match workshop_around(&path) {
            Some(whole) => ArchiveError::PartOf { path, whole },
            None => ArchiveError::Unknown(path),
        });
    };
    let print = fingerprint(&mut file).map_err(failed)?;
    let target = folder.join(format!("{}-{print}", slug(path)));
    if target.is_dir() {
        return Ok(target);
    }
    fs::create_dir_all(folder).map_err(failed)?;
    // What is half unpacked is not cleared away meanwhile; where there are no locks nothing is.
    let held = File::open(folder).map_err(failed)?;
    let _ = held.lock_shared();
    // Under another name until it is whole: a crash leaves nothing that looks like a workshop.
    let building = tempfile::Builder::new()
        .prefix(UNPACKING)
        .tempdir_in(folder)
        .map_err(failed)?;
    let root = Utf8Path::from_path(building.path())
        .ok_or_else(|| failed(io::ErrorKind::InvalidData.into()))?;
    let inside = root.join("content");
    fs::create_dir(&inside).map_err(failed)?;
    let mut writer = Writer::new(inside.clone(), limits);
    let done = match kind {
        Kind::Zip => zipped::read(file, limits, &mut writer),
        Kind::Tar => tarball::read(BufReader::new(file), limits, &mut writer),
        Kind::GzippedTar => tarball::read(
            MultiGzDecoder::new(BufReader::new(file)),
            limits,
            &mut writer,
        ),
    };
    done.and_then(|()| writer.finish())
        .map_err(|fault| fault.of(path))?;
    if !is_usable(&inside) {
        return Err(ArchiveError::NoWorkshop(path.to_owned()));
    }
    match fs::rename(&inside, &target) {
        // Another process was faster: what it unpacked is the same.
        Err(_) if target.is_dir() => Ok(target),
        renamed => renamed.map(|()| target).map_err(failed),
    }
}

/// Deletes what processes that were killed have left half unpacked, unless somebody unpacks something now.
pub(crate) fn clear_unfinished(folder: &Utf8Path) {
    let Ok(held) = File::open(folder) else {
        return;
    };
    if held.try_lock().is_err() {
        return;
    }
    for entry in folder.read_dir_utf8().into_iter().flatten().flatten() {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && entry.file_name().starts_with(UNPACKING) {
            crate::stored::make_deletable(entry.path());
            // What stays is deleted the next time.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Whether a file is an archive of a kind that is known, by what it starts with.
pub(crate) fn is_archive(path: &Utf8Path) -> io::Result<bool> {
    let mut file = File::open(path)?;
    Ok(file.metadata()?.is_file() && kind(&mut file)?.is_some())
}

/// How the names of folders begin into which something is being unpacked.
const UNPACKING: &str = ".unpacking-";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Zip,
    Tar,
    GzippedTar,
}

/// By what it starts with: names lie.
fn kind(file: &mut File) -> io::Result<Option<Kind>> {
    let mut head = [0_u8; 512];
    let mut filled = 0;
    while filled < head.len() {
        match file.read(&mut head[filled..])? {
            0 => break,
            more => filled += more,
        }
    }
    file.rewind()?;
    let head = &head[..filled];
    Ok(
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            Some(Kind::Zip)
        } else if head.starts_with(b"\x1f\x8b") {
            Some(Kind::GzippedTar)
        } else if head.get(257..262) == Some(b"ustar") {
            Some(Kind::Tar)
        } else {
            None
        },
    )
}

/// The first 16 hexadecimal digits of the file's SHA-256.
fn fingerprint(file: &mut File) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0_u8; 64 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            more => hash.update(&buffer[..more]),
        }
    }
    file.rewind()?;
    Ok(hash
        .finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

/// The archive's name without what says that it is one.
fn slug(path: &Utf8Path) -> String {
    let name = path.file_name().unwrap_or_default();
    let name = [".tar.gz", ".tgz", ".tar", ".zip", ".workshop"]
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .unwrap_or(name);
    let mut slug = crate::dashboards::slug(name);
    slug.truncate(60);
    if slug.is_empty() {
        "workshop".clone_into(&mut slug);
    }
    slug
}

pub(crate) fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes >> 20)
}
