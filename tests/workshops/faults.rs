//! Mistakes that authors make, put into copies of a bundled workshop: each is found where it is, without a false alarm beside
//! it.

mod actions;
mod commands;
mod definition;
mod editor;
mod foreseen;
mod marks;
mod pages;
mod session;
mod slips;
mod values;

use std::fs;

use atelier_tests::WorkshopTest;

/// Which workshop a fault is seeded in.
type Base = Option<&'static str>;

const WEB_APP: Base = Some("web-app");
const TOUR: Base = Some("tour");
/// One of these files alone, with two terminals, editor and examiner.
const NEW: Base = None;

/// What is done to a workshop; paths are relative to it.
enum Change {
    /// One text in a file becomes another.
    Text(&'static str, &'static str, &'static str),
    /// A file of this text.
    File(&'static str, &'static str),
    Mode(&'static str, u32),
    Renamed(&'static str, &'static str),
}

/// Seeds one fault after the other; each is found under one of the codes, and nothing else is.
fn each(codes: &str, faults: &[(Base, &[Change])]) {
    let mut wrong = Vec::new();
    for (number, (base, changes)) in faults.iter().enumerate() {
        let test = match base {
            Some(name) => {
                let workshops = concat!(env!("CARGO_MANIFEST_DIR"), "/../workshops");
                WorkshopTest::copy_of(format!("{workshops}/{name}"))
            }
            None => WorkshopTest::new(&[]),
        };
        let test = changes.iter().fold(test, seeded);
        let found = test.check();
        let known = |code: &str| codes.split(' ').any(|known| known == code);
        if found.findings.is_empty() || !found.findings.iter().all(|finding| known(&finding.code)) {
            wrong.push((number, found.brief()));
        }
        for finding in &found.findings {
            assert!(
                finding.file.is_some(),
                "{codes}, {number}: no place: {finding:?}"
            );
        }
    }
    assert!(wrong.is_empty(), "{codes}: {wrong:#?}");
}

fn seeded(test: WorkshopTest, change: &Change) -> WorkshopTest {
    match change {
        Change::Text(file, from, to) => {
            let path = test.root().join(file);
            let text = fs::read_to_string(&path).expect("a file of the workshop");
            assert!(text.contains(from), "{file} has no {from:?}");
            fs::write(&path, text.replacen(from, to, 1)).expect("a place to write");
            test
        }
        Change::File(file, text) => test.bytes(file, text.as_bytes()),
        Change::Mode(file, mode) => test.mode(file, *mode),
        Change::Renamed(from, to) => {
            let root = test.root();
            fs::rename(root.join(from), root.join(to)).expect("a file of the workshop");
            test
        }
    }
}

#[test]
fn the_tour_itself_has_none() {
    let tour = concat!(env!("CARGO_MANIFEST_DIR"), "/../workshops/tour");
    assert_eq!(WorkshopTest::copy_of(tour).check().brief(), [""; 0]);
}

const PAGES: &str = "workshop/content";

/// The bundled workshop with one text replaced in one file.
fn with(file: &str, from: &str, to: &str) -> WorkshopTest {
    let test = lunch();
    let path = test.root().join(file);
    let text = fs::read_to_string(&path).expect("a file of the workshop");
    assert!(text.contains(from), "{file} has no {from:?}");
    fs::write(&path, text.replacen(from, to, 1)).expect("a place to write");
    test
}

fn lunch() -> WorkshopTest {
    WorkshopTest::copy_of(concat!(env!("CARGO_MANIFEST_DIR"), "/../workshops/web-app"))
}

fn is_found(code: &str, test: &WorkshopTest) {
    let found: Vec<_> = test.check().findings.into_iter().map(|f| f.code).collect();
    assert!(
        !found.is_empty() && found.iter().all(|known| known == code),
        "{code}: {found:?}"
    );
}

#[test]
fn the_workshop_itself_has_none() {
    assert_eq!(lunch().check().brief(), [""; 0]);
}

#[test]
fn check_finds_them_where_they_are() {
    for (code, page, from, to) in [
        (
            "unknown-action",
            "01-start.md",
            "terminal:execute",
            "terminal:exceute",
        ),
        (
            "unknown-property",
            "04-form.md",
            "clear: true",
            "claer: true",
        ),
        ("unknown-property", "02-routes.md", "after: 4", "session: 4"),
        (
            "invalid-yaml",
            "04-form.md",
            "'dish=Noodle salad'",
            "dish: salad",
        ),
        (
            "lost-indentation",
            "02-routes.md",
            "      return \"200",
            "  return \"200",
        ),
        (
            "no-match",
            "02-routes.md",
            "\"ROUTES = {\"",
            "\"ROUTES  = {\"",
        ),
        (
            "no-match",
            "03-page.md",
            "file: ~/exercises/lunch.py",
            "file: ~/exercises/serve.py",
        ),
        (
            "missing-file",
            "02-routes.md",
            "~/exercises/lunch.py",
            "~/exercises/lnuch.py",
        ),
        (
            "missing-test",
            "02-routes.md",
            "name: picks\ntitle: /pick names one of the dishes\n```",
            "name: pikcs\ntitle: /pick names one of the dishes\n```",
        ),
        (
            "undefined-variable",
            "01-start.md",
            "\n---\n\n",
            "\n---\n\n{{< param workshop_nmae >}}\n\n",
        ),
        (
            "classic-variable",
            "01-start.md",
            "\n---\n\n",
            "\n---\n\n{{ workshop_name }}\n\n",
        ),
        (
            "broken-link",
            "01-start.md",
            "\n---\n\n",
            "\n---\n\n[on](02-rotues)\n\n",
        ),
        (
            "missing-image",
            "01-start.md",
            "\n---\n\n",
            "\n---\n\n![a picture](none.png)\n\n",
        ),
        (
            "unbalanced-section",
            "03-page.md",
            "```section:end\nname: why\n```\n",
            "",
        ),
        (
            "missing-path",
            "02-routes.md",
            "command: python3 serve.py",
            "command: cd ~ && python3 serve.py",
        ),
        (
            "unknown-dashboard",
            "03-page.md",
            "dashboard:reload-dashboard\nname: App",
            "dashboard:open-dashboard\nname: Ap",
        ),
        (
            "prompt-in-command",
            "02-routes.md",
            "command: python3",
            "command: $ python3",
        ),
    ] {
        is_found(code, &with(&format!("{PAGES}/{page}"), from, to));
    }
    let definition = "resources/workshop.yaml";
    is_found(
        "missing-port-suffix",
        &with(definition, "$(ingress_port_suffix)/", "/"),
    );
    is_found(
        "unknown-ingress",
        &with(definition, "name: lunch\n", "name: diner\n"),
    );
    let second = with(definition, "layout: split", "layout: default");
    is_found("unknown-terminal", &second);
    let locked = lunch().mode("workshop/examiner/tests/picks", 0o644);
    is_found("test-not-executable", &locked);
    let renamed = lunch();
    let exercises = renamed.root().join("exercises");
    fs::rename(exercises.join("serve.py"), exercises.join("server.py")).expect("a file");
    is_found("missing-path", &renamed);
    for (name, other) in [("setup.d", "setup"), ("profile", "profil")] {
        let renamed = lunch();
        let folder = renamed.root().join("workshop");
        fs::rename(folder.join(name), folder.join(other)).expect("a file");
        is_found("unused-script", &renamed);
    }
}

#[test]
fn playing_finds_what_only_running_shows() {
    let broken = with("workshop/setup.d/01-environment.sh", "\n", "\nexit 1\n");
    broken.test().fails();
    let elsewhere = with("exercises/serve.py", "PORT = 8437", "PORT = 8438");
    let arguments = ["--page", "01-start", "--page", "03-page"];
    arguments
        .into_iter()
        .fold(elsewhere, WorkshopTest::arg)
        .test()
        .fails();
}
