//! Text files as the editor sees them: a version for each state of the disk, one line end, byte order mark kept.

use std::fs;
use std::io::{self, Write};

use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest, Sha256};

use crate::folders::Folders;

/// Files beyond this many bytes are not edited.
pub const LIMIT: u64 = 2 * 1024 * 1024;

const BOM: &str = "\u{feff}";

/// A text file as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// `\n` line ends, no byte order mark.
    pub text: String,
    /// Hash of the bytes on disk.
    pub version: String,
    /// The file may not be written by this user.
    pub read_only: bool,
}

/// Why a file cannot be shown or saved.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// There is no such file.
    #[error("there is no file {0}")]
    NotFound(String),
    /// The path names a folder.
    #[error("{0} is a folder")]
    Folder(String),
    /// Not UTF-8, or with NUL characters.
    #[error("{0} is not a text file")]
    NotText(String),
    /// Beyond [`LIMIT`].
    #[error("{0} is larger than 2 MiB, too large for the editor")]
    TooLarge(String),
    /// The disk does not hold the version that was edited.
    #[error("{0} was changed by another program in the meantime")]
    Conflict(String),
    /// The folder to write into does not exist.
    #[error("{folder} does not exist; create it first")]
    NoFolder {
        /// Which.
        folder: String,
    },
    /// The system refused.
    #[error("{path}: {}", crate::refusal::told(source))]
    Io {
        /// Which file.
        path: String,
        /// What it said.
        source: io::Error,
    },
}

/// Reads a text file. `name` is what messages call it.
///
/// # Errors
/// When it is missing, a folder, too large or no text.
pub fn read(path: &Utf8Path, name: &str) -> Result<Document, DocumentError> {
    let target = path.canonicalize_utf8().map_err(unreadable(name))?;
    read_at(&target, name)
}

/// As [`read`], of exactly this place: a link there is not followed.
fn read_at(path: &Utf8Path, name: &str) -> Result<Document, DocumentError> {
    let bytes = read_bytes(path, name)?;
    let version = version(&bytes);
    let text = decode(bytes, name)?;
    let read_only = fs::metadata(path).is_ok_and(|metadata| metadata.permissions().readonly());
    Ok(Document {
        text: to_editor(&text),
        version,
        read_only,
    })
}

/// Reads a text file of a session, which its programs cannot turn into another one meanwhile.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_in(folders: &Folders, path: &Utf8Path) -> Result<Document, DocumentError> {
    let name = folders.display(path);
    let place = folders.anchor_target(path).map_err(unreadable(&name))?;
    read_at(place.path(), &name)
}

/// Saves a text file of a session as [`save`] does; its programs cannot lead that elsewhere meanwhile.
///
/// # Errors
/// As [`save`].
pub(crate) fn save_in(
    folders: &Folders,
    path: &Utf8Path,
    text: &str,
    expected: Option<&str>,
) -> Result<String, DocumentError> {
    let name = folders.display(path);
    let place = folders.anchor_target(path).map_err(|source| {
        let is_there = path.parent().is_some_and(Utf8Path::is_dir);
        match source.kind() {
            _ if expected.is_some() && path.symlink_metadata().is_err() => {
                DocumentError::Conflict(name.clone())
            }
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory if !is_there => {
                DocumentError::NoFolder {
                    folder: parent_name(&name),
                }
            }
            _ => unreadable(&name)(source),
        }
    })?;
    let backups = folders.state.join("backups");
    save_at(place.path(), &name, text, expected, &backups)
}

fn unreadable(name: &str) -> impl FnOnce(io::Error) -> DocumentError + use<> {
    let name = name.to_owned();
    move |source| match source.kind() {
        io::ErrorKind::NotFound => DocumentError::NotFound(name),
        _ => DocumentError::Io { path: name, source },
    }
}

/// The version of the file on disk; `None` when there is none.
pub fn disk_version(path: &Utf8Path) -> Option<String> {
    let target = path.canonicalize_utf8().ok()?;
    let bytes = plain_file(&target).and_then(read_all).ok()?;
    Some(version(&bytes))
}

/// Saves a text with the file's own line ends, byte order mark and mode, durably and never half. `expected` is the version
/// that was edited; `None` means the file must not exist yet. `backups` keeps a copy when the file can only be written in
/// place. Returns the new version.
///
/// # Errors
/// [`DocumentError::Conflict`] when the disk holds another version; otherwise as the system says.
pub fn save(
    path: &Utf8Path,
    name: &str,
    text: &str,
    expected: Option<&str>,
    backups: &Utf8Path,
) -> Result<String, DocumentError> {
    let target = path.canonicalize_utf8().unwrap_or_else(|_| path.to_owned());
    save_at(&target, name, text, expected, backups)
}

/// As [`save`], in exactly this place: a link there is not followed.
fn save_at(
    target: &Utf8Path,
    name: &str,
    text: &str,
    expected: Option<&str>,
    backups: &Utf8Path,
) -> Result<String, DocumentError> {
    let io_error = |source| DocumentError::Io {
        path: name.to_owned(),
        source,
    };
    let old = match plain_file(target).and_then(read_all) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(_) if target.is_dir() => return Err(DocumentError::Folder(name.to_owned())),
        Err(error) => return Err(io_error(error)),
    };
    if old.as_deref().map(version).as_deref() != expected {
        return Err(DocumentError::Conflict(name.to_owned()));
    }
    // A file without any line end forgets which one it had; a note among the backups does not.
    let note = backups.join(format!("crlf-{}", &version(name.as_bytes())[..16]));
    let bytes = match &old {
        Some(old) => {
            let old = String::from_utf8_lossy(old);
            let ends = if old.contains(['\r', '\n']) {
                LineEnds::of(&old)
            } else if note.is_file() {
                LineEnds::Crlf
            } else {
                LineEnds::Lf
            };
            if text.contains('\n') || ends == LineEnds::Lf {
                let _ = fs::remove_file(&note);
            } else {
                let _ = fs::create_dir_all(backups).and_then(|()| fs::write(&note, ""));
            }
            from_editor(text, &old, ends).into_bytes()
        }
        None => {
            let _ = fs::remove_file(&note);
            text.to_owned().into_bytes()
        }
    };
    let new = version(&bytes);
    if old.as_deref() == Some(&*bytes) {
        return Ok(new);
    }
    let folder = target.parent().unwrap_or(Utf8Path::new("."));
    if !folder.is_dir() {
        return Err(DocumentError::NoFolder {
            folder: parent_name(name),
        });
    }
    match &old {
        Some(old) if !replaceable(target, folder) => {
            back_up(target, old, backups).map_err(io_error)?;
            write_in_place(target, &bytes, old).map_err(io_error)?;
        }
        _ => replace(target, folder, &bytes).map_err(io_error)?,
    }
    Ok(new)
}

fn parent_name(name: &str) -> String {
    name.rsplit_once('/').map_or_else(
        || "its folder".to_owned(),
        |(folder, _)| format!("the folder {folder}"),
    )
}

fn read_bytes(path: &Utf8Path, name: &str) -> Result<Vec<u8>, DocumentError> {
    let io_error = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => DocumentError::NotFound(name.to_owned()),
        _ => DocumentError::Io {
            path: name.to_owned(),
            source,
        },
    };
    let file = crate::snapshots::open(path).map_err(io_error)?;
    let metadata = file.metadata().map_err(io_error)?;
    if metadata.is_dir() {
        return Err(DocumentError::Folder(name.to_owned()));
    }
    if !metadata.is_file() {
        return Err(DocumentError::NotText(name.to_owned()));
    }
    match read_all(file) {
        Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
            Err(DocumentError::TooLarge(name.to_owned()))
        }
        read => read.map_err(io_error),
    }
}

/// Opens a file that is no pipe, which could keep its reader waiting.
fn plain_file(path: &Utf8Path) -> io::Result<fs::File> {
    let file = crate::snapshots::open(path)?;
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is no ordinary file",
        )),
    }
}

/// No more than an editor can have.
fn read_all(file: fs::File) -> io::Result<Vec<u8>> {
    use std::io::Read;
    let mut bytes = Vec::new();
    file.take(LIMIT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LIMIT {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

fn decode(bytes: Vec<u8>, name: &str) -> Result<String, DocumentError> {
    match String::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => Ok(text),
        _ => Err(DocumentError::NotText(name.to_owned())),
    }
}

fn version(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A carriage return alone ends a line too, as it does for every editor.
fn to_editor(text: &str) -> String {
    let text = text.strip_prefix(BOM).unwrap_or(text);
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// How the lines of a file end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LineEnds {
    Lf,
    Crlf,
}

impl LineEnds {
    /// What most lines have, as the reference counts them.
    fn of(text: &str) -> Self {
        let returns = text.matches('\r').count();
        if returns * 2 > to_editor(text).matches('\n').count() {
            Self::Crlf
        } else {
            Self::Lf
        }
    }
}

/// Puts the file's own mark back and gives every line its line end. A text that was not changed stays what it was.
fn from_editor(text: &str, old: &str, ends: LineEnds) -> String {
    if to_editor(old) == text {
        return old.to_owned();
    }
    let mark = if old.starts_with(BOM) { BOM } else { "" };
    match ends {
        LineEnds::Crlf => format!("{mark}{}", text.replace('\n', "\r\n")),
        LineEnds::Lf => format!("{mark}{text}"),
    }
}

/// A rename would break hard links, and needs a folder that may be written.
fn replaceable(target: &Utf8Path, folder: &Utf8Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        if fs::metadata(target).is_ok_and(|metadata| metadata.nlink() > 1) {
            return false;
        }
        rustix::fs::access(folder.as_std_path(), rustix::fs::Access::WRITE_OK).is_ok()
    }
    #[cfg(not(unix))]
    {
        let _ = (target, folder);
        true
    }
}

fn replace(target: &Utf8Path, folder: &Utf8Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = tempfile::Builder::new()
        .prefix(".atelier-")
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    set_mode(file.as_file(), target)?;
    file.as_file().sync_all()?;
    file.persist(target).map_err(|error| error.error)?;
    fs::File::open(folder).and_then(|folder| folder.sync_all())
}

/// The mode of the file that is replaced; a new file gets what any program's new file gets.
#[cfg(unix)]
fn set_mode(file: &fs::File, target: &Utf8Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = match fs::metadata(target) {
        Ok(metadata) => metadata.permissions(),
        Err(_) => fs::Permissions::from_mode(0o644),
    };
    file.set_permissions(mode)
}

#[cfg(not(unix))]
fn set_mode(_: &fs::File, _: &Utf8Path) -> io::Result<()> {
    Ok(())
}

/// Writes over what a file holds. When that fails it holds again what it did: room is asked for before anything is touched.
fn write_in_place(target: &Utf8Path, bytes: &[u8], old: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits() as i32);
    }
    let mut file = options.open(target)?;
    make_room(&file, bytes.len() as u64)?;
    let written = overwrite(&mut file, bytes);
    if written.is_err() {
        // It had room before; what it held lies among the backups as well.
        let _ = overwrite(&mut file, old);
    }
    written
}

fn overwrite(file: &mut fs::File, bytes: &[u8]) -> io::Result<()> {
    use std::io::Seek;
    file.rewind()?;
    file.write_all(bytes)?;
    file.set_len(bytes.len() as u64)?;
    file.sync_all()
}

#[cfg(target_os = "linux")]
fn make_room(file: &fs::File, size: u64) -> io::Result<()> {
    use rustix::fs::{FallocateFlags, fallocate};
    match fallocate(file, FallocateFlags::KEEP_SIZE, 0, size.max(1)) {
        Err(error @ (rustix::io::Errno::NOSPC | rustix::io::Errno::DQUOT)) => Err(error.into()),
        // Not every file system can tell.
        _ => Ok(()),
    }
}

#[cfg(not(target_os = "linux"))]
fn make_room(_: &fs::File, _: u64) -> io::Result<()> {
    Ok(())
}

fn back_up(target: &Utf8Path, old: &[u8], backups: &Utf8Path) -> io::Result<Utf8PathBuf> {
    fs::create_dir_all(backups)?;
    let name = format!(
        "{}-{}",
        &version(old)[..12],
        target.file_name().unwrap_or("file")
    );
    let copy = backups.join(name);
    crate::store::write_private(&copy, old)?;
    Ok(copy)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Disk {
        _dir: tempfile::TempDir,
        file: Utf8PathBuf,
        backups: Utf8PathBuf,
    }

    fn disk(bytes: &[u8]) -> Disk {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8PathBuf::from_path_buf(dir.path().to_owned()).unwrap();
        let file = root.join("a.txt");
        fs::write(&file, bytes).unwrap();
        Disk {
            _dir: dir,
            file,
            backups: root.join("backups"),
        }
    }

    impl Disk {
        fn read(&self) -> Document {
            read(&self.file, "a.txt").unwrap()
        }

        fn save(&self, text: &str, expected: Option<&str>) -> Result<String, DocumentError> {
            save(&self.file, "a.txt", text, expected, &self.backups)
        }

        fn bytes(&self) -> String {
            fs::read_to_string(&self.file).unwrap()
        }
    }

    #[test]
    fn keeps_line_ends_and_mark() {
        let disk = disk("\u{feff}a\r\nb\nc\r\n".as_bytes());
        let document = disk.read();
        assert_eq!(document.text, "a\nb\nc\n");
        let version = disk.save("a\nb\nX\nc\n", Some(&document.version)).unwrap();
        assert_eq!(disk.bytes(), "\u{feff}a\r\nb\r\nX\r\nc\r\n");
        assert_eq!(disk.read().version, version);
    }

    #[test]
    fn an_emptied_file_keeps_its_line_ends() {
        let disk = disk(b"a\r\nb\r\n");
        let mut version = disk.read().version;
        for (text, bytes) in [("", ""), ("one line", "one line"), ("c\nd\n", "c\r\nd\r\n")] {
            version = disk.save(text, Some(&version)).unwrap();
            assert_eq!(disk.bytes(), bytes);
        }
        fs::write(&disk.file, "x\n").unwrap();
        version = disk.save("", Some(&disk.read().version)).unwrap();
        disk.save("y\n", Some(&version)).unwrap();
        assert_eq!(disk.bytes(), "y\n", "what it had last counts");
    }

    #[test]
    fn the_line_end_of_most_lines_wins() {
        for (before, edited, after) in [
            ("a\r\nb\nc\r\n", "b\nc\n", "b\r\nc\r\n"),
            ("a\r\nb\n", "b\n", "b\n"),
            ("a\rb\rc\r", "a\nx\nc\n", "a\r\nx\r\nc\r\n"),
            ("a\r\nb\nc\r\n", "a\nb\nc\n", "a\r\nb\nc\r\n"),
        ] {
            let disk = disk(before.as_bytes());
            let version = disk.read().version;
            disk.save(edited, Some(&version)).unwrap();
            assert_eq!(disk.bytes(), after);
        }
    }

    #[test]
    fn refuses_to_overwrite_what_it_has_not_read() {
        let disk = disk(b"mine");
        let document = disk.read();
        fs::write(&disk.file, "theirs").unwrap();
        assert!(matches!(
            disk.save("edited", Some(&document.version)),
            Err(DocumentError::Conflict(_))
        ));
        assert!(matches!(
            disk.save("edited", None),
            Err(DocumentError::Conflict(_))
        ));
        assert_eq!(disk.bytes(), "theirs");
        fs::remove_file(&disk.file).unwrap();
        assert!(matches!(
            disk.save("edited", Some(&document.version)),
            Err(DocumentError::Conflict(_))
        ));
        disk.save("new", None).unwrap();
        assert_eq!(disk.bytes(), "new");
    }

    #[test]
    fn says_what_is_no_text() {
        assert!(matches!(
            read(&disk(b"a\0b").file, "a"),
            Err(DocumentError::NotText(_))
        ));
        assert!(matches!(
            read(&disk(&[0xff, 0xfe]).file, "a"),
            Err(DocumentError::NotText(_))
        ));
        assert!(matches!(
            read(&disk(&vec![b'x'; LIMIT as usize + 1]).file, "a"),
            Err(DocumentError::TooLarge(_))
        ));
        let disk = disk(b"");
        assert!(matches!(
            read(disk.file.parent().unwrap(), "a"),
            Err(DocumentError::Folder(_))
        ));
        let missing = disk.file.parent().unwrap().join("no/such");
        let error = save(&missing, "~/no/such", "x", None, &disk.backups).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the folder ~/no does not exist; create it first"
        );
    }

    #[cfg(unix)]
    #[test]
    fn keeps_mode_links_and_hard_links() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
        let disk = disk(b"#!/bin/sh\n");
        fs::set_permissions(&disk.file, fs::Permissions::from_mode(0o755)).unwrap();
        let link = disk.file.with_file_name("link");
        symlink("a.txt", &link).unwrap();
        let document = read(&link, "link").unwrap();
        let version = save(
            &link,
            "link",
            "#!/bin/bash\n",
            Some(&document.version),
            &disk.backups,
        )
        .unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::metadata(&disk.file).unwrap().mode() & 0o777, 0o755);
        fs::hard_link(&disk.file, disk.file.with_file_name("twin")).unwrap();
        disk.save("#!/bin/dash\n", Some(&version)).unwrap();
        assert_eq!(
            fs::read_to_string(disk.file.with_file_name("twin")).unwrap(),
            "#!/bin/dash\n"
        );
        assert_eq!(
            fs::read_dir(&disk.backups).unwrap().count(),
            1,
            "what is written in place is backed up first"
        );
    }
}
