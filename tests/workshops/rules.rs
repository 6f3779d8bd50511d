//! One small workshop for each code, and the report that people read of it. A fixture is a folder of
//! `fixtures/rules`, named as its code: the files of the workshop; `report.txt`; `arguments.txt`, more arguments of the command;
//! `made.txt`, files that are made for the test, `link PATH TARGET` or `large PATH BYTES`.
//!
//! `ATELIER_WRITE_REPORTS=1 cargo test -p atelier-tests --test workshops rules` writes the reports anew.

use std::collections::BTreeSet;
use std::fs;

use atelier_tests::WorkshopTest;
use camino::{Utf8Path, Utf8PathBuf};

const DOCUMENTATION: &str = include_str!("../../docs/diagnostics.md");
const NOT_OF_THE_WORKSHOP: [&str; 3] = ["report.txt", "arguments.txt", "made.txt"];

fn folder() -> &'static Utf8Path {
    Utf8Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/workshops/fixtures/rules"
    ))
}

fn fixtures() -> BTreeSet<String> {
    let entries = folder().read_dir_utf8().expect("a folder");
    let names = entries.flatten().map(|entry| entry.file_name().to_owned());
    names.collect()
}

fn documented() -> BTreeSet<String> {
    let codes = DOCUMENTATION
        .lines()
        .filter_map(|line| line.strip_prefix("### "));
    codes.map(str::to_owned).collect()
}

fn add(mut test: WorkshopTest, root: &Utf8Path, below: &Utf8Path) -> WorkshopTest {
    for entry in root
        .join(below)
        .read_dir_utf8()
        .expect("a folder")
        .flatten()
    {
        let path = below.join(entry.file_name());
        if entry.path().is_dir() {
            test = add(test, root, &path);
        } else if !NOT_OF_THE_WORKSHOP.contains(&path.as_str()) {
            let bytes = fs::read(entry.path()).expect("a file");
            test = test.bytes(path.as_str(), &bytes);
            if path.as_str().contains("examiner/tests") && path.file_name() != Some("locked") {
                test = test.mode(path.as_str(), 0o755);
            }
        }
    }
    test
}

/// The workshop of a fixture, as it is played.
fn workshop(code: &str) -> WorkshopTest {
    let root = folder().join(code);
    let mut test = add(WorkshopTest::new(&[]), &root, Utf8Path::new(""));
    let lines = |name: &str| fs::read_to_string(root.join(name)).unwrap_or_default();
    for line in lines("made.txt").lines() {
        test = match line.split(' ').collect::<Vec<_>>()[..] {
            ["link", path, target] => test.link(path, target),
            ["large", path, bytes] => {
                test.bytes(path, &vec![b'x'; bytes.parse().expect("a number")])
            }
            _ => panic!("{code}: {line}"),
        };
    }
    for argument in lines("arguments.txt").split_whitespace() {
        test = test.arg(argument);
    }
    test
}

/// What people read of this code, and the line that counts; of a machine what programs read, without versions.
fn report(code: &str) -> String {
    let test = workshop(code);
    let arguments = fs::read_to_string(folder().join(code).join("arguments.txt"));
    if arguments.is_ok_and(|arguments| arguments.contains("--machine")) {
        let findings = test.check().findings.into_iter();
        let lines = findings
            .filter(|finding| finding.code == code)
            .map(|finding| {
                let message = finding.message.split([',', ';']).next().unwrap_or_default();
                format!("{}: {message}\n", finding.brief())
            });
        return lines.collect();
    }
    let output = test.run("check");
    let text = String::from_utf8(output.stdout).expect("text");
    let text = text.replace(test.root().as_str(), "LAB");
    let mark = format!("[{code}]");
    let parts: Vec<_> = text.trim_end().split("\n\n").collect();
    let last = parts.len() - 1;
    let parts = parts.iter().enumerate();
    let told: Vec<_> = parts
        .filter(|(at, part)| *at == last || part.contains(&mark))
        .map(|(_, part)| part.trim_end())
        .collect();
    told.join("\n\n") + "\n"
}

#[test]
fn every_code_has_a_fixture_and_every_fixture_a_code() {
    assert_eq!(documented(), fixtures());
}

#[test]
fn reports_are_as_people_read_them() {
    let write = std::env::var_os("ATELIER_WRITE_REPORTS").is_some();
    let mut wrong = Vec::new();
    for code in fixtures() {
        let path: Utf8PathBuf = folder().join(&code).join("report.txt");
        let told = report(&code);
        let is_told = told.contains(&format!("[{code}]")) || told.contains(&format!(" {code} "));
        assert!(is_told, "{code} is not found in its own fixture:\n{told}");
        if write {
            fs::write(&path, &told).expect("a place to write");
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        if kept != told {
            wrong.push(format!("{code}\n--- kept\n{kept}\n--- now\n{told}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn codes_are_explained_by_their_sections() {
    for code in [
        "missing-program",
        "old-program",
        "needs-network",
        "needs-docker",
        "needs-cluster",
        "ingress-port",
    ] {
        let output = std::process::Command::new(atelier_tests::atelier())
            .args(["check", "--explain", code])
            .output()
            .expect("atelier starts");
        assert_eq!(output.status.code(), Some(0), "{code}");
        let heading = format!("### {code}\n");
        let (_, section) = DOCUMENTATION.split_once(&heading).expect("a section");
        let section = section.split("\n#").next().unwrap_or_default().trim();
        let text = String::from_utf8(output.stdout).expect("text");
        assert_eq!(text, format!("{code}\n\n{section}\n"));
    }
    let empty = DOCUMENTATION
        .split("\n### ")
        .find(|section| section.trim().lines().count() < 2);
    assert_eq!(empty, None);
}
