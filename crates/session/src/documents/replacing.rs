//! How a new text takes the place of the old one.

use std::fs;
use std::io::{self, Write};

use camino::{Utf8Path, Utf8PathBuf};

use super::reading::version;
use crate::beside::BesideFile;

/// A rename would break hard links, and needs a folder that may be written.
pub(super) fn replaceable(target: &Utf8Path, folder: &Utf8Path) -> bool {
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

/// Puts a file with these bytes in the place of what is there, in one step.
pub(super) fn replace(
    target: &Utf8Path,
    folder: &Utf8Path,
    state: &Utf8Path,
    bytes: &[u8],
) -> io::Result<()> {
    let mut file = BesideFile::new(state, folder.as_std_path())?;
    file.write_all(bytes)?;
    set_mode(file.as_file(), target)?;
    file.persist(target.as_std_path())?;
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
pub(super) fn write_in_place(target: &Utf8Path, bytes: &[u8], old: &[u8]) -> io::Result<()> {
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

pub(super) fn back_up(
    target: &Utf8Path,
    old: &[u8],
    backups: &Utf8Path,
) -> io::Result<Utf8PathBuf> {
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
