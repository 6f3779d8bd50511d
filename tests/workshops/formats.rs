//! What `check` and `test` print for other programs.

use atelier_tests::WorkshopTest;
use serde_json::Value;

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

fn faulty() -> WorkshopTest {
    WorkshopTest::page(
        "```terminal:execute\ncommand: ls\nsesion: 2\n```\n\n```editor:open-file\nline: 3\n```\n",
    )
}

#[test]
fn github_gets_a_line_a_finding() {
    let test = faulty().arg("--format").arg("github");
    let output = test.run("check");
    assert_eq!(output.status.code(), Some(1));
    // Seen from the folder in which the command was started.
    insta::assert_snapshot!(text(&output.stdout), @"
    ::warning file=workshop/workshop/content/01-page.md,line=3,col=1,title=unknown-property::unknown property `sesion`%0Adid you mean `session`?
    ::error file=workshop/workshop/content/01-page.md,line=6,col=1,title=missing-property::`editor:open-file` cannot be read: `file` is missing
    ");
}

#[test]
fn sarif_names_rules_and_places() {
    let output = faulty().arg("--format").arg("sarif").run("check");
    let log: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let run = &log["runs"][0];
    assert_eq!(log["version"], "2.1.0");
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let rules: Vec<_> = rules.iter().map(|rule| rule["id"].as_str()).collect();
    assert_eq!(rules, [Some("missing-property"), Some("unknown-property")]);
    let explained = run["tool"]["driver"]["rules"][0]["fullDescription"]["text"].as_str();
    assert!(explained.is_some_and(|text| text.starts_with("An action lacks")));
    let result = &run["results"][0];
    assert_eq!(result["level"], "warning");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["region"]["startLine"], 3);
    assert_eq!(
        place["artifactLocation"]["uri"],
        "workshop/workshop/content/01-page.md"
    );
}

#[test]
fn a_code_is_explained() {
    let explain = |code: &str| {
        let asked = std::process::Command::new(atelier_tests::atelier())
            .args(["check", "--explain", code])
            .output();
        asked.expect("atelier starts")
    };
    let known = explain("no-match");
    assert_eq!(known.status.code(), Some(0));
    assert!(text(&known.stdout).starts_with("no-match\n\nThe text that an action looks for"));
    let misspelt = explain("no-mach");
    assert_eq!(misspelt.status.code(), Some(2));
    assert!(text(&misspelt.stderr).contains("did you mean `no-match`?"));
}

#[test]
fn junit_has_a_case_an_action() {
    let page = "```terminal:execute\ncommand: echo one\n```\n\n```terminal:execute\ncommand: echo '<two>'; false\n```\n";
    let output = WorkshopTest::page(page)
        .arg("--format")
        .arg("junit")
        .run("test");
    assert_eq!(output.status.code(), Some(1));
    let report = quick_junit::Report::deserialize_from_str(&text(&output.stdout)).expect("JUnit");
    assert_eq!((report.tests, report.failures), (2, 1));
    let suite = &report.test_suites[0];
    assert_eq!(suite.name.as_str(), "lab/01-page");
    let names: Vec<_> = suite
        .test_cases
        .iter()
        .map(|case| case.name.as_str())
        .collect();
    assert_eq!(
        names,
        ["01-page/0 terminal:execute", "01-page/1 terminal:execute"]
    );
    let printed = suite.test_cases[1]
        .system_out
        .as_ref()
        .map(|out| out.as_str());
    assert!(
        printed.is_some_and(|out| out.contains("<two>")),
        "{printed:?}"
    );
}

#[test]
fn what_programs_print_is_allowed_in_junit_and_obeyed_by_no_terminal() {
    let test = WorkshopTest::page(
        "---\ntitle: \"T\\e[2J\"\n---\n\n```terminal:execute\ntitle: \"x\\e]0;evil\\a\"\ncommand: printf 'a\\357\\277\\276b\\357\\277\\277c\\001 ]]> &amp; <d>\\n'; false\n```\n",
    );
    let junit = text(&test.run_with(&["--format", "junit"]).stdout);
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    assert!(junit.chars().all(allowed), "{junit:?}");
    quick_junit::Report::deserialize_from_str(&junit).expect("JUnit");
    assert!(junit.contains("a\u{fffd}b\u{fffd}c"), "{junit}");
    let people = text(&test.run_with(&[]).stdout);
    assert!(people.contains("T\u{241b}[2J"), "{people:?}");
    assert!(people.contains("x\u{241b}]0;evil\u{2407}"), "{people:?}");
    assert!(!people.contains(['\u{1b}', '\u{7}']), "{people:?}");
}
