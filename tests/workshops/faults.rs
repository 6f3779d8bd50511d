//! Mistakes that authors make, put into copies of a bundled workshop: each is found where it is, without a false alarm beside
//! it.

use std::fs;

use atelier_tests::WorkshopTest;

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
}

#[test]
fn playing_finds_what_only_running_shows() {
    let broken = with("workshop/setup.d/01-environment.sh", "\n", "\nexit 1\n");
    broken.test().fails();
    let elsewhere = with("resources/workshop.yaml", "port: 8437", "port: 8438");
    let arguments = ["--page", "01-start", "--page", "03-page"];
    arguments
        .into_iter()
        .fold(elsewhere, WorkshopTest::arg)
        .test()
        .fails();
}
