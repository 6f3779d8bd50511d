//! Workshops end alike at both levels, by every means: those of the project, and those of the field where they are beside it.

use std::sync::Mutex;

use atelier_tests::{WorkshopTest, means};
use camino::{Utf8Path, Utf8PathBuf};

/// Where it cannot be so: means, workshop, page and number of the action.
const DIFFERENT: &[[&str; 4]] = &[
    // It lists `/`. Landlock's rules are for whole trees: who may list that may list the owner's home.
    ["landlock", "lab-docker-intro", "04-executing-commands", "6"],
];

/// As many workshops are played at a time.
const AT_A_TIME: usize = 3;

type Ends = Vec<[String; 3]>;

/// Page, number and state of every action.
fn play(workshop: &Utf8Path, level: &str, means: &str) -> Ends {
    let played = WorkshopTest::at(workshop)
        .arg("--keep-going")
        .arg(format!("--isolation={level}"))
        .env("ATELIER_ISOLATE_WITH", means)
        .test();
    let report = played.report();
    assert_ne!(report.outcome, "error", "{workshop}: {}", played.stderr);
    let pages = report.pages.iter();
    let rows = pages.flat_map(|page| page.actions.iter().map(move |row| (page, row)));
    rows.map(|(page, row)| [page.name.clone(), row.index.to_string(), row.status.clone()])
        .collect()
}

/// What ended differently.
fn differences(workshop: &Utf8Path) -> Vec<String> {
    let expected = play(workshop, "folder", "none");
    let name = workshop.file_name().unwrap_or_default();
    let mut found = Vec::new();
    for means in means() {
        let ends = play(workshop, "isolated", means);
        assert_eq!(ends.len(), expected.len(), "{means}: {workshop}");
        for (there, here) in ends.iter().zip(&expected) {
            let [page, number, _] = there;
            let is_known = DIFFERENT.contains(&[means, name, page, number]);
            if (there != here) != is_known {
                found.push(format!("{name}, {means}: {there:?} and not {here:?}"));
            }
        }
    }
    found
}

fn end_alike(folder: &Utf8Path) {
    let entries = folder.read_dir_utf8().expect("it is there").flatten();
    let workshops = entries.map(|entry| entry.into_path());
    let left: Vec<Utf8PathBuf> = workshops.filter(|path| path.is_dir()).collect();
    assert!(!left.is_empty(), "there is no workshop in {folder}");
    let left = Mutex::new(left);
    let found = Mutex::new(Vec::new());
    let next = || left.lock().expect("no panic").pop();
    std::thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                while let Some(workshop) = next() {
                    let differences = differences(&workshop);
                    found.lock().expect("no panic").extend(differences);
                }
            });
        }
    });
    let found = found.into_inner().expect("no panic");
    assert_eq!(found, [""; 0]);
}

#[test]
fn bundled_workshops_end_alike_at_both_levels() {
    end_alike(&Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../workshops"));
}

#[test]
#[allow(clippy::print_stderr, reason = "a skipped test says so")]
fn workshops_of_the_field_end_alike_at_both_levels() {
    let corpus = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    if !corpus.is_dir() {
        eprintln!("skipped: there is no corpus in {corpus}");
        return;
    }
    end_alike(&corpus);
}
