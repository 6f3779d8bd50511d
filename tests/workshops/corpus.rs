//! Workshops as they are in the field. They lie beside the project's folder; without them these tests say so and pass.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use atelier_tests::{Checked, Played, WorkshopTest, workshop_of};
use camino::{Utf8Path, Utf8PathBuf};

/// A workshop of the corpus, or a word on why the test is skipped.
fn corpus(name: &str) -> Option<WorkshopTest> {
    let folder = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    let workshop = folder.join(name);
    if workshop.is_dir() {
        return Some(WorkshopTest::at(workshop));
    }
    skipped(&folder);
    None
}

#[allow(clippy::print_stderr, reason = "a skipped test says so")]
fn skipped(folder: &Utf8Path) {
    eprintln!("skipped: there is no corpus in {folder}");
}

fn all() -> Vec<Utf8PathBuf> {
    let folder = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    let Ok(entries) = folder.read_dir_utf8() else {
        skipped(&folder);
        return Vec::new();
    };
    let folders = entries.flatten().map(|entry| entry.into_path());
    let mut all: Vec<_> = folders.filter(|path| path.is_dir()).collect();
    all.sort();
    all
}

/// What `check` says of each of them, by its folder: asked once for all tests.
pub(crate) fn checked() -> &'static BTreeMap<Utf8PathBuf, Checked> {
    static CHECKED: OnceLock<BTreeMap<Utf8PathBuf, Checked>> = OnceLock::new();
    let check = |workshop: Utf8PathBuf| (workshop.clone(), WorkshopTest::at(workshop).check());
    CHECKED.get_or_init(|| all().into_iter().map(check).collect())
}

#[test]
fn every_workshop_loads_and_knows_what_the_specification_knows() {
    for (workshop, checked) in checked() {
        assert!(
            matches!(checked.exit, Some(0 | 1)),
            "{workshop}: {}",
            checked.stderr
        );
        // Shortcodes of the author's own, whose templates the corpus leaves out; and the classic sample, which has one
        // terminal, types into a second.
        let own = [
            "`registry-available`",
            "`registry-unavailable`",
            "no terminal `2`",
        ];
        let unknown: Vec<_> = checked
            .findings
            .iter()
            .filter(|found| found.code.starts_with("unknown-"))
            .filter(|found| !own.iter().any(|name| found.message.contains(name)))
            .collect();
        assert!(unknown.is_empty(), "{workshop}: {unknown:#?}");
    }
}

#[test]
fn every_workshop_is_rendered() {
    for workshop in all() {
        let output = WorkshopTest::at(workshop.clone()).run("render");
        assert_eq!(output.status.code(), Some(0), "{workshop}");
        assert!(output.stdout.starts_with(b"<article "), "{workshop}");
    }
}

fn play(name: &str) -> Option<Played> {
    Some(corpus(name)?.arg("--keep-going").test())
}

/// The run of the examiner's lab, whose pages wait a good deal: played once for all tests.
fn examiner_lab() -> Option<&'static Played> {
    static RUN: OnceLock<Option<Played>> = OnceLock::new();
    RUN.get_or_init(|| play("lab-examiner-actions")).as_ref()
}

#[test]
fn terminal_actions_pass() {
    if let Some(run) = play("lab-terminal-actions") {
        assert_eq!(run.passes().report().totals.skipped, 0);
    }
}

#[test]
fn section_actions_pass() {
    if let Some(run) = play("lab-section-actions") {
        let run = run.passes();
        let skipped: Vec<_> = run.rows().filter(|row| row.status == "skipped").collect();
        // The page shows that a hidden section that stands open needs no card.
        assert_eq!(skipped.len(), 1, "{skipped:#?}");
        assert_eq!(skipped[0].kind, "section:begin");
    }
}

#[test]
fn pages_without_actions_pass() {
    if let Some(run) = play("lab-markdown-basics") {
        assert_eq!(run.passes().report().pages.len(), 10);
    }
}

#[test]
fn dashboard_actions_pass() {
    if let Some(run) = play("lab-dashboard-actions") {
        run.passes();
    }
}

#[test]
fn files_actions_pass() {
    if let Some(run) = play("lab-files-actions") {
        assert_eq!(run.passes().report().totals.skipped, 0);
    }
}

#[test]
fn what_fails_of_the_others_says_why() {
    let editor = play("lab-editor-actions");
    for (name, run) in [("editor", editor.as_ref()), ("examiner", examiner_lab())] {
        let Some(run) = run else { return };
        assert_ne!(run.report().outcome, "error", "{}", run.stderr);
        let silent: Vec<_> = run
            .rows()
            .filter(|row| row.status != "passed" && row.message().is_empty())
            .collect();
        assert!(silent.is_empty(), "{name}: {silent:#?}");
    }
}

#[test]
fn the_examiner_lab_fails_where_its_pages_say_so() {
    let Some(run) = examiner_lab() else { return };
    let places = |row: &atelier_tests::report::Row| {
        let page = row.source.file.rsplit('/').next().unwrap_or_default();
        (page.to_owned(), row.source.line)
    };
    let failed: Vec<_> = run
        .rows()
        .filter(|row| row.status != "passed")
        .map(places)
        .collect();
    let announced = [
        ("01-basic-test.md", 40),
        ("02-test-with-args.md", 47),
        ("02-test-with-args.md", 94),
        ("03-timeout.md", 50),
        ("04-retries-and-delay.md", 28),
    ];
    assert_eq!(
        failed,
        announced.map(|(page, line)| (page.to_owned(), line))
    );
}

#[test]
fn commands_are_understood() {
    for (lab, expected) in [
        ("lab-docker-intro", "curl docker python3"),
        ("lab-container-basics", "curl docker"),
        ("lab-terminal-actions", ""),
        ("lab-workshop-session", ""),
    ] {
        let Some(test) = corpus(lab) else { return };
        let (workshop, variables) = workshop_of(&test);
        let pages = workshop.pages.iter();
        let pages: Vec<_> = pages
            .map(|page| atelier_content::render(&workshop, page, &variables))
            .collect();
        let needs = atelier_session::machine::needs(&workshop, &pages);
        let programs = needs.programs.iter().filter(|program| program.is_clear);
        let names: Vec<_> = programs.map(|program| program.name.as_str()).collect();
        assert_eq!(names.join(" "), expected, "{lab}");
    }
}
