//! What `check` finds in the workshops of the field and in the bundled ones is a list with a reason for each line.

use atelier_tests::{Checked, WorkshopTest};
use camino::Utf8Path;

use crate::corpus;

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

fn found(checked: &Checked) -> Vec<String> {
    let findings = checked.findings.iter();
    findings
        .map(|found| {
            let file = found.file.as_deref().unwrap_or("-");
            format!("{} {file}:{}", found.code, found.line.unwrap_or_default())
        })
        .collect()
}

#[test]
fn every_finding_is_explained() {
    for (workshop, checked) in corpus::checked() {
        let name = workshop.file_name().unwrap_or_default();
        assert_eq!(found(checked), known(name), "{workshop}");
    }
    let bundled = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../workshops");
    let entries = bundled.read_dir_utf8().expect("the bundled workshops");
    for entry in entries.flatten().filter(|entry| entry.path().is_dir()) {
        let checked = WorkshopTest::at(entry.path()).check();
        let name = entry.file_name();
        assert_eq!(found(&checked), known(name), "{name}");
    }
}
