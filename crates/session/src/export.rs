//! A session's files as an archive for the learner to keep.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use camino::{Utf8Path, Utf8PathBuf};
use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipWriter};

use crate::anchor::open_below;
use crate::snapshots::{LeftOut, Node, Tree};

/// What came of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// Files and links in it.
    pub files: u32,
    /// Bytes of the archive.
    pub size: u64,
    /// What is not in it, and why. Paths are relative to the home.
    pub left_out: Vec<(Utf8PathBuf, String)>,
}

/// Writes what `tree` holds of the home below `scope` as a zip archive with one folder, `name`. The same files make the same
/// archive. Links that lead out of the home are left out. An archive that cannot be finished is not left behind.
///
/// # Errors
/// When the archive cannot be written.
pub fn export(
    home: &Utf8Path,
    scope: &Utf8Path,
    tree: &Tree,
    name: &str,
    to: &Path,
) -> io::Result<Exported> {
    let folder = to.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    let is_of_it = |path: &Utf8Path| path.starts_with(scope) && path != scope;
    let left_out = tree.left_out.iter().filter(|(path, _)| is_of_it(path));
    let mut exported = Exported {
        files: 0,
        size: 0,
        left_out: left_out
            .map(|(path, why)| (path.clone(), why.reason().to_owned()))
            .collect(),
    };
    {
        let mut zip = ZipWriter::new(BufWriter::new(file.as_file_mut()));
        for (path, node) in tree.nodes.iter().filter(|(path, _)| is_of_it(path)) {
            let below = path.strip_prefix(scope).unwrap_or(path);
            let inside = format!("{name}/{below}");
            if let Err(why) = add(&mut zip, home, path, &inside, node)? {
                exported.left_out.push((path.clone(), why));
            } else if !matches!(node, Node::Folder { .. }) {
                exported.files += 1;
            }
        }
        zip.finish()?.flush()?;
    }
    file.as_file().sync_all()?;
    exported.size = file.as_file().metadata()?.len();
    exported.left_out.sort();
    let file = file.persist(to).map_err(|error| error.error)?;
    readable(&file)?;
    Ok(exported)
}

/// Adds an entry, or says why it is left out.
fn add(
    zip: &mut ZipWriter<impl Write + io::Seek>,
    home: &Utf8Path,
    path: &Utf8Path,
    inside: &str,
    node: &Node,
) -> io::Result<Result<(), String>> {
    let plain = SimpleFileOptions::default().last_modified_time(DateTime::default());
    match node {
        Node::Folder { mode } => zip.add_directory(inside, plain.unix_permissions(*mode))?,
        Node::Link { to } => {
            if leads_out(home, path, to) {
                return Ok(Err("a link that leads out of the session".to_owned()));
            }
            zip.add_symlink(inside, to, plain)?;
        }
        Node::File { mode, size, .. } => {
            let Ok(mut file) = open_below(home, path) else {
                return Ok(Err(LeftOut::Unreadable.reason().to_owned()));
            };
            let about = file.metadata()?;
            let options = plain
                .unix_permissions(*mode)
                .large_file(*size > u64::from(u32::MAX / 2))
                .last_modified_time(modified(&about));
            zip.start_file(inside, options)?;
            io::copy(&mut file, zip)?;
        }
    }
    Ok(Ok(()))
}

/// Whether a link of the home leads out of it, by its name or by what it meets.
fn leads_out(home: &Utf8Path, path: &Utf8Path, to: &str) -> bool {
    if Utf8Path::new(to).is_absolute() {
        return true;
    }
    let mut depth = path.components().count() as i64 - 1;
    for part in Utf8Path::new(to).components() {
        match part {
            camino::Utf8Component::ParentDir => depth -= 1,
            camino::Utf8Component::Normal(_) => depth += 1,
            _ => {}
        }
        if depth < 0 {
            return true;
        }
    }
    let (Ok(real), Ok(home)) = (
        home.join(path).canonicalize_utf8(),
        home.canonicalize_utf8(),
    ) else {
        // One that leads nowhere does no harm.
        return false;
    };
    !real.starts_with(home)
}

/// In local time nobody could compare two archives; the zip format has no zone.
fn modified(about: &fs::Metadata) -> DateTime {
    let seconds = about
        .modified()
        .ok()
        .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok())
        .map_or(0, |since| since.as_secs());
    let (year, month, day) = crate::store::civil(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    u16::try_from(year)
        .ok()
        .and_then(|year| {
            DateTime::from_date_and_time(year, month, day, hour as u8, minute as u8, second as u8)
                .ok()
        })
        .unwrap_or_default()
}

/// As other programs save their files; what is temporary is made for its owner alone.
#[cfg(unix)]
fn readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &File) -> io::Result<()> {
    Ok(())
}
