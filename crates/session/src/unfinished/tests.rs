//! What is cleared, and what is nobody's business.

use std::collections::BTreeSet;
use std::os::unix::fs::{PermissionsExt, symlink};

use super::*;

const NUMBER: &str = "0123456789abcdef";

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap().flatten();
    entries
        .map(|entry| entry.file_name().to_str().unwrap().to_owned())
        .collect()
}

fn cleared(folder: &Path, prefix: &str) -> BTreeSet<String> {
    clear(folder, prefix, &mut |_| true);
    names(folder)
}

/// As the system does when a process ends: the lock goes, and what is on the disk stays. Closing would not do: another test's
/// child that is about to become its program has it open too.
fn killed_with_file(folder: &Path) {
    let (file, path) = file_in(folder, BUNDLE).unwrap().into_parts();
    file.set_len(10).unwrap();
    file.unlock().unwrap();
    let _ = path.keep().unwrap();
}

fn killed_with_folder(folder: &Path) -> std::path::PathBuf {
    let Unfinished { folder, lock } = Unfinished::folder_in(folder, WORKSHOP).unwrap();
    lock.unlock().unwrap();
    folder.keep()
}

#[test]
fn what_nobody_holds_is_cleared_and_what_somebody_holds_stays() {
    let dir = tempfile::tempdir().unwrap();
    killed_with_file(dir.path());
    let left = killed_with_folder(dir.path());
    fs::create_dir(left.join("module")).unwrap();
    fs::write(left.join("module/file"), "x").unwrap();
    fs::set_permissions(left.join("module"), fs::Permissions::from_mode(0o500)).unwrap();
    let file = file_in(dir.path(), BUNDLE).unwrap();
    let folder = Unfinished::folder_in(dir.path(), WORKSHOP).unwrap();
    assert_eq!(names(dir.path()).len(), 4);

    cleared(dir.path(), BUNDLE);
    let mut seen = Vec::new();
    clear(dir.path(), WORKSHOP, &mut |path| {
        seen.push(path.to_owned());
        true
    });
    assert_eq!(seen, [left.as_path()]);
    assert!(file.path().exists() && folder.path().exists());
    assert_eq!(names(dir.path()).len(), 2);

    drop((file, folder));
    assert!(names(dir.path()).is_empty());
}

#[test]
fn what_is_not_ours_is_not_cleared() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    for name in [
        BUNDLE,
        ".packing-list",
        ".packing-0123456789abcdeg",
        ".packing-0123456789abcdef0",
        "packing-0123456789abcdef",
    ] {
        fs::write(path(name), "mine").unwrap();
    }
    fs::create_dir(path("target")).unwrap();
    fs::write(path("target/file"), "mine").unwrap();
    symlink("target", path(&format!("{BUNDLE}{NUMBER}"))).unwrap();
    symlink("gone", path(".packing-1123456789abcdef")).unwrap();
    let all = names(dir.path());
    assert_eq!(cleared(dir.path(), BUNDLE), all);
    assert_eq!(names(&path("target")).len(), 1);
    // A folder that is not there, or cannot be listed.
    clear(&path("nowhere"), BUNDLE, &mut |_| true);
    clear(&path(BUNDLE), BUNDLE, &mut |_| true);
}

#[test]
fn what_another_user_has_left_stays() {
    if !rustix::process::geteuid().is_root() {
        // Nobody else may give files away.
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let name = format!("{BUNDLE}{NUMBER}");
    let file = dir.path().join(&name);
    fs::write(&file, "theirs").unwrap();
    std::os::unix::fs::chown(&file, Some(60123), Some(60123)).unwrap();
    assert!(cleared(dir.path(), BUNDLE).contains(&name));
}

#[test]
fn sessions_of_runs_go_unless_they_are_kept_or_open() {
    let dir = tempfile::tempdir().unwrap();
    let run = |prefix: &str| {
        let Unfinished { folder, lock } = Unfinished::folder_in(dir.path(), prefix).unwrap();
        lock.unlock().unwrap();
        let state = folder.path().join("sessions/lab-123456/state");
        fs::create_dir_all(&state).unwrap();
        fs::write(state.join("containers.json"), r#"["db"]"#).unwrap();
        folder.keep()
    };
    let (over, open, kept) = (run(RUN), run(RUN), run("atelier-test-"));
    let state = open.join("sessions/lab-123456/state");
    let lock = crate::SessionLock::take(Utf8Path::from_path(&state).unwrap());
    let told = clear_runs(dir.path());
    assert!(!over.exists() && open.exists() && kept.exists());
    assert!(told[0].contains("-p lab-123456 down"), "{told:?}");
    assert_eq!(told.len(), 1);
    drop(lock);
    clear_runs(dir.path());
    assert!(!open.exists() && kept.exists());
}
