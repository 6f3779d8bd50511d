//! What `check` finds in the workshops of the field and in the bundled ones is a list with a reason for each line.

use atelier_tests::WorkshopTest;
use camino::Utf8Path;

/// `WORKSHOP CODE FILE:LINE -- REASON`, a finding a line.
const LIST: &str = include_str!("fixtures/corpus-findings.txt");

fn known(workshop: &str) -> Vec<&'static str> {
    let lines = LIST
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    let lines = lines.map(|line| line.split_once(" -- ").expect("a reason").0);
    let own = lines.filter_map(|line| line.strip_prefix(workshop)?.strip_prefix(' '));
    own.collect()
}

fn found(workshop: &Utf8Path) -> Vec<String> {
    let checked = WorkshopTest::at(workshop).check();
    let findings = checked.findings.iter();
    findings
        .map(|found| {
            let file = found.file.as_deref().unwrap_or("-");
            format!("{} {file}:{}", found.code, found.line.unwrap_or_default())
        })
        .collect()
}

#[test]
#[allow(clippy::print_stderr, reason = "a skipped test says so")]
fn every_finding_is_explained() {
    let root = Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["../../shared/corpus", "../workshops"] {
        let Ok(entries) = root.join(folder).read_dir_utf8() else {
            eprintln!("skipped: there is no corpus in {folder}");
            continue;
        };
        for entry in entries.flatten().filter(|entry| entry.path().is_dir()) {
            assert_eq!(
                found(entry.path()),
                known(entry.file_name()),
                "{}",
                entry.path()
            );
        }
    }
}
