//! The scripts of a workshop spell out folders that a session has elsewhere: its copy of them is adapted
//! (`session.md` section 3). Files of the home, the exercises too, stay as they are.

use std::fs;
use std::io;

use camino::Utf8Path;

use crate::anchor::Anchor;
use crate::folders::Folders;
use crate::rewrite::{Reader, mentions, rewrite};

/// Folders and files of the workshop's that hold scripts.
const SCRIPTS: &[&str] = &[
    "setup.d",
    "profile",
    "profile.d",
    "terminal",
    "terminal.sh",
    "supervisor",
    "examiner/tests",
];

/// No script is larger, in bytes; what is, is data.
const LARGEST: u64 = 1024 * 1024;

/// Adapts the copy of a script, which keeps its mode and gets the time of the original. Anything else is left alone: other
/// files, binary ones, and those that do not spell out a folder. `name` is where the copy belongs, `copy` how it is reached.
pub(super) fn adapt(
    original: &Utf8Path,
    copy: &Utf8Path,
    name: &Utf8Path,
    folders: &Folders,
) -> io::Result<()> {
    let is_script = name
        .strip_prefix(&folders.workshop)
        .is_ok_and(|path| SCRIPTS.iter().any(|script| path.starts_with(script)));
    if !is_script || folders.are_real || fs::metadata(copy)?.len() > LARGEST {
        return Ok(());
    }
    // Where even its owner may not read it, nothing could run it either.
    let Ok(bytes) = fs::read(copy) else {
        return Ok(());
    };
    let moved = folders.moved_for_programs();
    if bytes.contains(&0) || !mentions(&bytes, &moved) {
        return Ok(());
    }
    let Ok(text) = std::str::from_utf8(&bytes) else {
        return Ok(());
    };
    let adapted = rewrite(text, &moved, Reader::Shell);
    if adapted == text {
        return Ok(());
    }
    let original = fs::metadata(original)?;
    let time = original.modified()?;
    let mode = original.permissions();
    // It may not be writable; the copy is replaced, not written into.
    fs::remove_file(copy)?;
    fs::write(copy, adapted)?;
    fs::File::options()
        .append(true)
        .open(copy)?
        .set_modified(time)?;
    fs::set_permissions(copy, mode)
}

/// Adapts the scripts of a session that may have been made where nothing had to be. What cannot be adapted stays as it is: it
/// says so itself when it runs.
pub(crate) fn adapt_all(folders: &Folders) {
    if folders.are_real {
        return;
    }
    let mut left: Vec<_> = SCRIPTS
        .iter()
        .map(|script| folders.workshop.join(script))
        .collect();
    while let Some(path) = left.pop() {
        // Links are the session's own business.
        let Ok(meta) = fs::symlink_metadata(&path) else {
            continue;
        };
        if meta.is_file() {
            // A folder above it may be a link by now.
            if let Ok(place) = Anchor::at(&[&folders.workshop], &path) {
                let _ = adapt(place.path(), place.path(), &path, folders);
            }
        } else if meta.is_dir()
            && let Ok(entries) = path.read_dir_utf8()
        {
            left.extend(entries.flatten().map(|entry| entry.into_path()));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::time::{Duration, SystemTime};

    use super::*;

    #[test]
    fn adapts_scripts_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(dir.path()).unwrap();
        let folders = Folders::new(root.join("my lab"), None);
        folders.create().unwrap();
        let text = "ls /home/eduk8s/x \"/opt/workshop/y\"\n";
        let adapted = format!(
            "ls {}/x \"{}/y\"\n",
            folders.home.as_str().replace(' ', "\\ "),
            folders.workshop
        );
        let large = text.repeat(40_000);
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        for (path, bytes, expected) in [
            ("workshop/setup.d/a.sh", text.as_bytes(), adapted.as_bytes()),
            (
                "workshop/setup.d/data/a.txt",
                text.as_bytes(),
                adapted.as_bytes(),
            ),
            ("workshop/profile", text.as_bytes(), adapted.as_bytes()),
            (
                "workshop/profile.d/x.sh",
                text.as_bytes(),
                adapted.as_bytes(),
            ),
            (
                "workshop/terminal/1.sh",
                text.as_bytes(),
                adapted.as_bytes(),
            ),
            ("workshop/terminal.sh", text.as_bytes(), adapted.as_bytes()),
            (
                "workshop/supervisor/a.conf",
                text.as_bytes(),
                adapted.as_bytes(),
            ),
            (
                "workshop/examiner/tests/sub/a",
                text.as_bytes(),
                adapted.as_bytes(),
            ),
            ("workshop/files/a.sh", text.as_bytes(), text.as_bytes()),
            ("workshop/profiles", text.as_bytes(), text.as_bytes()),
            ("home/exercises/a.sh", text.as_bytes(), text.as_bytes()),
            ("home/setup.d/a.sh", text.as_bytes(), text.as_bytes()),
            (
                "workshop/setup.d/large.sh",
                large.as_bytes(),
                large.as_bytes(),
            ),
            (
                "workshop/setup.d/tool",
                b"\x7fELF\0/home/eduk8s/x",
                b"\x7fELF\0/home/eduk8s/x",
            ),
            (
                "workshop/setup.d/latin.sh",
                b"ls /home/eduk8s/\xe9",
                b"ls /home/eduk8s/\xe9",
            ),
        ] {
            let (original, copy) = (root.join("original"), folders.root.join(path));
            let _ = fs::remove_file(&original);
            fs::write(&original, bytes).unwrap();
            let file = fs::File::options().append(true).open(&original).unwrap();
            file.set_modified(long_ago).unwrap();
            fs::set_permissions(&original, fs::Permissions::from_mode(0o540)).unwrap();
            fs::create_dir_all(copy.parent().unwrap()).unwrap();
            fs::copy(&original, &copy).unwrap();
            adapt(&original, &copy, &copy, &folders).unwrap();
            assert_eq!(fs::read(&copy).unwrap(), expected, "{path}");
            let meta = fs::metadata(&copy).unwrap();
            assert_eq!(meta.permissions().mode() & 0o777, 0o540, "{path}");
            if bytes != expected {
                assert_eq!(meta.modified().unwrap(), long_ago, "{path}");
            }
        }
    }

    #[test]
    fn leaves_scripts_alone_where_the_folders_are_real_and_adapts_them_when_they_no_longer_are() {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(dir.path()).unwrap();
        let mut folders = Folders::new(root.join("lab"), None);
        folders.create().unwrap();
        let script = folders.workshop.join("setup.d/sub/a.sh");
        fs::create_dir_all(script.parent().unwrap()).unwrap();
        let text = "ls /home/eduk8s/x\n";
        fs::write(&script, text).unwrap();
        folders.are_real = true;
        adapt(&script, &script, &script, &folders).unwrap();
        adapt_all(&folders);
        assert_eq!(fs::read_to_string(&script).unwrap(), text);
        folders.are_real = false;
        adapt_all(&folders);
        assert_eq!(
            fs::read_to_string(&script).unwrap(),
            format!("ls {}/x\n", folders.home)
        );
    }
}
