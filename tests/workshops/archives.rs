//! Workshops as files: opened where they are downloaded to, and refused when they are up to something.

use std::fs;
use std::process::Command;

use atelier_session::Store;
use atelier_session::protocol::OpenedView;
use atelier_session::window::Library;
use atelier_tests::WorkshopTest;
use camino::{Utf8Path, Utf8PathBuf};

fn lab() -> WorkshopTest {
    WorkshopTest::page("# Hello\n\n```terminal:execute\ncommand: cat greeting && ./run\n```\n")
        .file("exercises/greeting", "hello from the archive")
        .program("exercises/run", "#!/bin/sh\necho it runs")
}

/// Packs the workshop's folder as `name`, with a folder at the top as GitHub does.
fn packed(lab: &WorkshopTest, name: &str) -> Utf8PathBuf {
    let archive = lab.beside(name);
    let top = lab.beside("lab-main");
    fs::rename(lab.root(), &top).expect("it moves");
    let status = Command::new("tar")
        .args(["-czf", archive.as_str(), "-C"])
        .arg(top.parent().expect("a folder"))
        .arg("lab-main")
        .status();
    assert!(status.expect("tar starts").success());
    fs::rename(&top, lab.root()).expect("it moves back");
    archive
}

#[test]
fn a_downloaded_archive_plays() {
    let lab = lab();
    let archive = packed(&lab, "lab-1.0.tar.gz");
    let test = WorkshopTest::at(archive);
    let checked = test.check();
    assert_eq!(
        (checked.exit, checked.findings.len()),
        (Some(0), 0),
        "{}",
        checked.stderr
    );
    let run = test.test().passes();
    let output = run
        .rows()
        .next()
        .and_then(|row| row.output.clone())
        .unwrap_or_default();
    assert!(
        output.contains("hello from the archive") && output.contains("it runs"),
        "{output}"
    );
    let unpacked = test.beside("atelier/unpacked");
    let folders: Vec<_> = unpacked
        .read_dir_utf8()
        .expect("a folder")
        .flatten()
        .collect();
    assert_eq!(folders.len(), 1, "unpacked once");
}

#[test]
fn an_archive_is_known_again() {
    let lab = lab();
    let archive = packed(&lab, "lab.tgz");
    let library = Library::new(Store::new(lab.beside("atelier")), None);
    let opened = |path: &Utf8Path| match library.resolve(path) {
        Ok(OpenedView::Workshop { path }) => Utf8PathBuf::from(path),
        other => panic!("one workshop, not {other:?}"),
    };
    let folder = opened(&archive);
    assert!(
        folder.starts_with(lab.beside("atelier/unpacked")),
        "{folder}"
    );
    library.trust(&folder, false).expect("trust");
    // Downloaded again, to elsewhere: the same name and content are the same workshop.
    fs::create_dir(lab.beside("elsewhere")).expect("a folder");
    let again = lab.beside("elsewhere/lab.tgz");
    fs::copy(&archive, &again).expect("a copy");
    assert_eq!(opened(&again), folder);
    assert!(library.inspect(&again, None).expect("a workshop").trusted);
}

#[test]
fn a_hostile_archive_is_refused_and_leaves_nothing() {
    let lab = lab();
    let archive = lab.beside("evil.tar.gz");
    let status = Command::new("tar")
        .args([
            "-czf",
            archive.as_str(),
            "--absolute-names",
            "--transform",
            "s,.*,../../evil,",
            "-C",
        ])
        .arg(lab.root())
        .arg("exercises/greeting")
        .status();
    assert!(status.expect("tar starts").success());
    let test = WorkshopTest::at(archive.clone());
    let checked = test.check();
    assert_eq!(checked.exit, Some(2));
    assert_eq!(
        checked.stderr,
        format!(
            "error: {archive} was not opened: `../../evil` is to be written outside of its folder. An archive like this may be \
             damaged or made to do harm; ask whoever made it for another one\n"
        )
    );
    let left = test
        .beside("atelier/unpacked")
        .read_dir_utf8()
        .expect("a folder")
        .count();
    assert_eq!(left, 0);
}

#[test]
fn a_file_that_is_no_archive_is_no_workshop() {
    let lab = lab();
    let file = lab.beside("notes.pdf");
    fs::write(&file, "%PDF").expect("a file");
    let checked = WorkshopTest::at(file.clone()).check();
    assert_eq!(checked.exit, Some(2));
    assert_eq!(
        checked.stderr,
        format!(
            "error: {file} is no archive that Atelier can open; it opens folders, .workshop, .zip, .tar and .tar.gz\n"
        )
    );
    let definition = WorkshopTest::at(lab.root().join("resources/workshop.yaml"));
    assert_eq!(definition.check().exit, Some(0));
}

#[test]
fn an_archive_without_a_workshop_leaves_nothing() {
    let lab = lab();
    let archive = lab.beside("photos.tar.gz");
    let status = Command::new("tar")
        .args(["-czf", archive.as_str(), "-C"])
        .arg(lab.root().join("exercises"))
        .arg("greeting")
        .status();
    assert!(status.expect("tar starts").success());
    let test = WorkshopTest::at(archive.clone());
    let checked = test.check();
    assert_eq!(checked.exit, Some(2));
    assert_eq!(
        checked.stderr,
        format!(
            "error: {archive} holds no workshop: neither resources/workshop.yaml nor pages in workshop/content. Nothing of it \
             was kept\n"
        )
    );
    let unpacked = test.beside("atelier/unpacked");
    assert_eq!(unpacked.read_dir_utf8().expect("a folder").count(), 0);
    let empty = lab.beside("empty.workshop");
    fs::write(&empty, "").expect("a file");
    let checked = WorkshopTest::at(empty.clone()).check();
    assert_eq!(
        (checked.exit, checked.stderr),
        (
            Some(2),
            format!("error: {empty} is an empty file; get it again\n")
        )
    );
}
