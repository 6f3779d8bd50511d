//! Which of this machine's places an isolated session sees, whoever runs Atelier.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

use super::policy::{Places, View};

/// Where a system keeps its programs and settings; all else at the top of the file system is not there in a session.
const SYSTEM: &[&str] = &[
    "bin", "etc", "gnu", "lib", "lib32", "lib64", "libx32", "nix", "opt", "sbin", "snap", "srv",
    "sys", "usr", "var",
];

/// What in these is people's own, or changes hands between their programs.
const OTHERS: &[&str] = &[
    "/var/crash",
    "/var/home",
    "/var/lib/systemd/coredump",
    "/var/log/journal",
    "/var/mail",
    "/var/run",
    "/var/spool",
    "/var/tmp",
];

/// Where the system keeps files from some of those who use it, and how deep they are looked for. Whoever runs Atelier may
/// be allowed to read them: as root, or in a group.
const PRIVATE: &[(&str, usize)] = &[("/etc", 5), ("/opt", 4), ("/srv", 4), ("/var", 4)];

/// More private places than these are not hidden, which is an error: each is a mount.
const MOST_PRIVATE: usize = 1000;

/// Shows the machine's programs and settings.
pub(super) fn show(places: &mut Places) {
    for name in SYSTEM {
        let path = Path::new("/").join(name);
        match fs::read_link(&path) {
            Ok(target) => places.put(&path, View::Link(target)),
            Err(_) => places.show(&path),
        }
    }
    for path in OTHERS {
        // Usually a link into `/run`, of which nothing is shown, and as such to be kept.
        if !Path::new(path).is_symlink() {
            places.hide(Path::new(path));
        }
    }
    names_of_hosts(places);
}

/// Hides what is not for everybody to read, and the homes of all people.
///
/// # Errors
/// When there is too much of it: see [`Crowded`].
pub(super) fn hide_private(places: &mut Places) -> Result<(), Crowded> {
    let mut found = Vec::new();
    for (folder, depth) in PRIVATE {
        private(Path::new(folder), *depth, &mut found)?;
    }
    found.extend(homes());
    for path in found {
        places.hide(&path);
    }
    Ok(())
}

/// Whether there is too much of it.
pub(super) fn crowded() -> Option<Crowded> {
    hide_private(&mut Places::default()).err()
}

/// More private places than can be hidden one by one.
#[derive(Debug, thiserror::Error)]
#[error(
    "more than {MOST_PRIVATE} files and folders of the system's are not for everybody to read, too many to hide from a session one by one. Most of them lie in {}: let its administrator close that folder as a whole (`chmod o-rx`), or choose the level of the session folder for this workshop", folder.display()
)]
pub(crate) struct Crowded {
    /// Where most of them are.
    folder: PathBuf,
}

impl Crowded {
    fn of(found: &[PathBuf]) -> Self {
        let mut counts: BTreeMap<&Path, usize> = BTreeMap::new();
        for folder in found.iter().filter_map(|path| path.parent()) {
            *counts.entry(folder).or_default() += 1;
        }
        let most = counts.into_iter().max_by_key(|(_, count)| *count);
        Self {
            folder: most.map_or_else(PathBuf::new, |(folder, _)| folder.to_path_buf()),
        }
    }
}

/// The file that says how names of hosts are found may be a link to one in `/run`.
fn names_of_hosts(places: &mut Places) {
    let mut path = PathBuf::from("/etc/resolv.conf");
    // As many links as the system itself would follow.
    for _ in 0..40 {
        let Ok(target) = fs::read_link(&path) else {
            break;
        };
        path = normal(&path.parent().unwrap_or(Path::new("/")).join(target));
        places.show(&path);
    }
    if let Ok(real) = path.canonicalize() {
        places.show(&real);
    }
}

/// A path without `.` and `..`, by name alone.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// What not everybody may read or enter, but we may.
fn private(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), Crowded> {
    use std::os::unix::fs::MetadataExt;
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries.flatten() {
        let (path, Ok(meta)) = (entry.path(), entry.metadata()) else {
            continue;
        };
        let for_all = if meta.is_dir() { 0o005 } else { 0o004 };
        if meta.is_symlink() {
            continue;
        } else if meta.mode() & for_all != for_all {
            if access(&path, Access::READ_OK).is_ok() || access(&path, Access::EXEC_OK).is_ok() {
                if found.len() >= MOST_PRIVATE {
                    return Err(Crowded::of(found));
                }
                found.push(path);
            }
        } else if meta.is_dir() && depth > 1 {
            private(&path, depth - 1, found)?;
        }
    }
    Ok(())
}

/// The homes of the people whom the system knows. Those of its services lie in places of the system.
fn homes() -> Vec<PathBuf> {
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let home = |line: &str| {
        let mut fields = line.split(':').skip(2);
        let id: u32 = fields.next()?.parse().ok()?;
        let home = PathBuf::from(fields.nth(2)?);
        let is_person = id == 0 || id >= 1000 && id != 65534;
        (is_person && is_private_home(&home)).then_some(home)
    };
    users.lines().filter_map(home).collect()
}

/// Whether a home can be hidden as a whole: services have had `/`, `/usr/sbin` or `/bin` for one.
pub(super) fn is_private_home(home: &Path) -> bool {
    let is_system = [
        "/usr", "/bin", "/sbin", "/lib", "/etc", "/proc", "/sys", "/dev", "/nix",
    ]
    .iter()
    .any(|folder| home.starts_with(folder));
    let holds_system = SYSTEM
        .iter()
        .any(|name| Path::new("/").join(name).starts_with(home));
    home.is_absolute() && !is_system && !holds_system
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn too_many_private_places_are_an_error_that_names_where_most_of_them_are() {
        let dir = tempfile::tempdir().unwrap();
        let (few, many) = (dir.path().join("few"), dir.path().join("many"));
        let closed = |path: PathBuf| {
            fs::write(&path, "").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        };
        for (folder, count) in [(&few, 3), (&many, MOST_PRIVATE - 3)] {
            fs::create_dir(folder).unwrap();
            fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
            (0..count).for_each(|number| closed(folder.join(number.to_string())));
        }
        let look = || {
            let mut found = Vec::new();
            private(dir.path(), 3, &mut found).map(|()| found.len())
        };
        assert_eq!(look().unwrap(), MOST_PRIVATE);
        closed(many.join("one more"));
        let told = look().unwrap_err().to_string();
        assert!(told.contains(&*many.to_string_lossy()), "{told}");
        assert!(told.contains("session folder"), "{told}");
    }
}
