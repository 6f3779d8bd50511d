//! Files of a session's that the player itself writes or reads. The session's programs may have put a link in their place, or in
//! the place of a folder above: none is followed, so that the player never does for them what they may not do themselves.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;

use camino::Utf8Path;
use rustix::fs::{AtFlags, CWD, Mode, OFlags, mkdirat, openat, renameat, unlinkat};
use rustix::io::Errno;

/// No file of these is larger, in bytes.
const LARGEST: u64 = 64 * 1024 * 1024;

const FOLDER: OFlags = OFlags::DIRECTORY
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);

/// Opens a file below `root` to add to its end; it and its folders are made if missing.
///
/// # Errors
/// When one of them is a link or no plain file, or the system refuses.
pub(crate) fn append(root: &Utf8Path, path: &Utf8Path) -> io::Result<File> {
    let (folder, name) = folder_of(root, path)?;
    let flags = OFlags::WRONLY | OFlags::APPEND | OFlags::CREATE;
    plain(&folder, name, flags)
}

/// Replaces a file below `root` in one step; it is readable for its owner alone.
///
/// # Errors
/// As [`append`].
pub(crate) fn replace(root: &Utf8Path, path: &Utf8Path, bytes: &[u8]) -> io::Result<()> {
    let (folder, name) = folder_of(root, path)?;
    let temporary = format!(".{name}.{}", crate::store::random_hex()?);
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mode = Mode::RUSR | Mode::WUSR;
    let mut file = File::from(openat(&folder, &temporary, flags, mode)?);
    let written = file
        .write_all(bytes)
        .and_then(|()| file.sync_all())
        .and_then(|()| Ok(renameat(&folder, &temporary, &folder, name)?));
    if written.is_err() {
        // What is left would only take up room.
        let _ = unlinkat(&folder, &temporary, AtFlags::empty());
    }
    written
}

/// The bytes of a file below `root`.
///
/// # Errors
/// As [`append`], and when the file is not there or too large.
pub(crate) fn read(root: &Utf8Path, path: &Utf8Path) -> io::Result<Vec<u8>> {
    let (folder, name) = folder_of(root, path)?;
    let mut file = plain(&folder, name, OFlags::RDONLY)?;
    if file.metadata()?.len() > LARGEST {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let mut bytes = Vec::new();
    Read::by_ref(&mut file)
        .take(LARGEST)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn plain(folder: &OwnedFd, name: &str, flags: OFlags) -> io::Result<File> {
    // A pipe in its place would be waited for.
    let flags = flags | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = File::from(openat(folder, name, flags, Mode::from_raw_mode(0o644))?);
    if !file.metadata()?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    Ok(file)
}

/// The folder of a path below `root`, step by step, and the path's last name.
fn folder_of<'a>(root: &Utf8Path, path: &'a Utf8Path) -> io::Result<(OwnedFd, &'a str)> {
    let below = path
        .strip_prefix(root)
        .map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
    let name = below.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    // The root itself is the player's, and may be reached through a link of the owner's.
    let flags = OFlags::DIRECTORY | OFlags::CLOEXEC;
    let mut folder = openat(CWD, root.as_std_path(), flags, Mode::empty())?;
    for part in below.parent().into_iter().flat_map(Utf8Path::components) {
        match mkdirat(&folder, part.as_str(), Mode::from_raw_mode(0o755)) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
        }
        folder = openat(&folder, part.as_str(), FOLDER, Mode::empty())?;
    }
    Ok((folder, name))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn follows_no_link_at_any_step() {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(dir.path()).unwrap();
        let (home, outside) = (root.join("home"), root.join("outside"));
        for folder in [&home.join("a"), &outside] {
            fs::create_dir_all(folder).unwrap();
        }
        fs::write(outside.join("secret"), "secret").unwrap();
        symlink(&outside, home.join("link")).unwrap();
        symlink(outside.join("secret"), home.join("a/secret")).unwrap();
        for path in ["link/secret", "link/new/x", "a/secret", "../outside/secret"] {
            let path = home.join(path);
            assert!(read(&home, &path).is_err(), "{path}");
            assert!(append(&home, &path).is_err(), "{path}");
        }
        // What takes a link's place does not go where it leads.
        replace(&home, &home.join("a/secret"), b"own").unwrap();
        assert!(replace(&home, &home.join("link/new"), b"x").is_err());
        assert_eq!(
            fs::read_to_string(outside.join("secret")).unwrap(),
            "secret"
        );
        assert_eq!(outside.read_dir_utf8().unwrap().count(), 1);

        let path = home.join("b/c/log");
        append(&home, &path).unwrap().write_all(b"one\n").unwrap();
        append(&home, &path).unwrap().write_all(b"two\n").unwrap();
        assert_eq!(read(&home, &path).unwrap(), b"one\ntwo\n");
        assert_eq!(read(&home, &home.join("a/secret")).unwrap(), b"own");
    }
}
