//! What commands that were killed have left behind is cleared away by the next ones.

use std::fs;
use std::process::Command;

use atelier_tests::{WorkshopTest, processes_with, wait_for};
use camino::{Utf8Path, Utf8PathBuf};
use rustix::process::Signal;

use crate::new::{run, text};

const NUMBER: &str = "0123456789abcdef";

/// The one folder in a folder.
fn only_in(folder: &Utf8Path) -> Utf8PathBuf {
    let entries = folder.read_dir_utf8().expect("a folder");
    let entries: Vec<_> = entries.flatten().collect();
    assert_eq!(entries.len(), 1, "{entries:?}");
    entries[0].path().to_owned()
}

/// The session's programs run on when their keeper is killed too.
fn kill_keeper_of(session: &str) {
    for process in processes_with(&format!("--keep-session {session}")) {
        let pid = process.split(' ').next().expect("a pid");
        // It may have come to its end by now.
        let _ = Command::new("kill").args(["-9", pid]).status();
    }
}

#[test]
fn a_killed_test_leaves_nothing_to_the_next_one() {
    let page = "```terminal:execute\ncommand: \"[ -e ~/again ] || { touch ~/again; sleep 98765; }\"\n```\n";
    let test = WorkshopTest::page(page);
    let home = test.beside("own");
    let test = test
        .arg("--home")
        .arg(&home)
        .arg("--isolation")
        .arg("folder");
    let first = test.start();
    wait_for("the command", || home.join("again").exists());
    let run = only_in(&test.temporary());
    let session = only_in(&run.join("sessions"));
    first.signal(Signal::KILL);
    kill_keeper_of(session.file_name().expect("a name"));
    let _ = first.end();

    // Killed while it wrote a file in the home.
    let half = home.join(format!(".atelier-{NUMBER}"));
    let other = home.join(format!(".atelier-1{}", &NUMBER[1..]));
    fs::write(&half, "half").expect("a file");
    fs::write(&other, "the learner's").expect("a file");
    fs::create_dir_all(session.join("state/writing")).expect("a folder");
    let note = format!("{{\"made\":\"{half}\"}}");
    fs::write(session.join("state/writing").join(NUMBER), note).expect("a note");

    // It holds itself to leaving no process and no folder.
    test.test().passes();
    assert!(!half.exists() && other.exists());
    assert!(!run.exists());
    let running = processes_with("sleep 98765");
    assert!(running.is_empty(), "{running:#?}");
}

#[test]
fn a_killed_pack_is_cleared_away_and_not_packed() {
    let dir = tempfile::tempdir().expect("a folder");
    let root = Utf8Path::from_path(dir.path()).expect("a plain name");
    let says = |folder: &Utf8Path, args: &[&str]| {
        let output = run(folder, args);
        let said = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {said}");
        said
    };
    let lab = root.join("lab");
    fs::create_dir_all(lab.join(format!(".atelier-new-{NUMBER}/lab"))).expect("a folder");
    fs::create_dir(root.join(format!(".atelier-new-{NUMBER}"))).expect("a folder");
    says(root, &["new", "lab"]);
    let files = says(&lab, &["pack", "."]);
    fs::write(lab.join(format!(".packing-{NUMBER}")), "half").expect("a file");
    assert_eq!(says(&lab, &["pack", "."]), files);
    for folder in [root, &lab] {
        let names = folder.read_dir_utf8().expect("a folder").flatten();
        let mut left = names.filter(|entry| entry.file_name().ends_with(NUMBER));
        assert!(left.next().is_none());
    }
}
