//! The command line: exit statuses, several workshops, what people read.

use std::fs;
use std::process::Output;

use atelier_tests::WorkshopTest;

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Without ` (1.2 s)`, which only slow actions have.
fn without_times(text: &str) -> String {
    let mut parts = text.split(" (");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(" s)") {
            Some((time, rest)) if time.parse::<f64>().is_ok() => out.push_str(rest),
            _ => out.push_str(&format!(" ({part}")),
        }
    }
    out
}

fn good() -> WorkshopTest {
    WorkshopTest::page("```workshop:copy\ntext: hi\n```")
}

#[test]
fn exit_statuses_tell_success_findings_and_inability_apart() {
    assert_eq!(good().test().exit, Some(0));
    assert_eq!(
        WorkshopTest::page("```terminal:execute\ncommand: 'false'\n```")
            .test()
            .exit,
        Some(1)
    );
    let missing = WorkshopTest::at("/no/such/workshop").test();
    assert_eq!((missing.exit, &*missing.stdout), (Some(2), ""));
    assert!(
        missing.stderr.contains("/no/such/workshop"),
        "{}",
        missing.stderr
    );
    let status = |test: WorkshopTest| test.test().exit;
    assert_eq!(status(good().arg("--timeout").arg("0")), Some(2));
    assert_eq!(status(good().arg("--nonsense")), Some(2));
    let page = good().arg("--page").arg("nope").test();
    assert_eq!(page.exit, Some(2));
    assert!(
        page.stderr
            .contains("has no page `nope`; its pages are 01-page"),
        "{}",
        page.stderr
    );
    let folder = WorkshopTest::new(&[]);
    fs::remove_dir_all(folder.root().join("resources")).expect("removed");
    let none = folder.test();
    assert_eq!(none.exit, Some(2));
    assert!(none.stderr.contains("is not a workshop"), "{}", none.stderr);
    assert!(
        none.stderr
            .contains("`atelier new FOLDER` makes a workshop"),
        "{}",
        none.stderr
    );
}

#[test]
fn several_workshops_are_played_one_after_the_other() {
    let failing = WorkshopTest::page("```terminal:execute\ncommand: 'false'\n```");
    let reports = |output: &Output| -> Vec<String> {
        let reports: Vec<serde_json::Value> =
            serde_json::from_slice(&output.stdout).expect("a list");
        reports
            .iter()
            .map(|report| report["outcome"].to_string())
            .collect()
    };
    let test = good().arg(failing.root().as_str());
    let output = test.run_with(&["--format", "json"]);
    assert_eq!(
        (output.status.code(), reports(&output)),
        (Some(1), vec!["\"failed\"".into(), "\"passed\"".into()])
    );
    let test = good().arg("/no/such/workshop");
    let output = test.run_with(&["--format", "json"]);
    assert_eq!(
        (output.status.code(), reports(&output)),
        (Some(2), vec!["\"passed\"".into()])
    );
}

#[test]
fn people_read_one_line_an_action() {
    let test = WorkshopTest::page(
        "
        # First steps

        ```terminal:execute
        command: echo hi
        ```
        ```terminal:execute
        command: (echo some output; exit 3)
        ```
        ```workshop:copy
        text: hi
        ```
        ",
    )
    .file("workshop/setup.d/01-prepare.sh", "true");
    let output = test.run_with(&[]);
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(without_times(&text(&output.stdout)), @r#"
    Lab
      passed  set-up: 01-prepare.sh

    1/1 First steps
      passed  Terminal: Execute command in terminal "1"
      FAILED  Terminal: Execute command in terminal "1" — the command in terminal 1 ended with exit status 3
          at workshop/content/01-page.md:6
          │ (echo some output; exit 3)
          │ some output
          │ [~] $
      skipped Workshop: Copy text to paste buffer — not reached

    lab: failed; 1 passed, 0 warned, 1 failed, 1 skipped
    "#);
}

#[test]
fn a_reader_that_has_gone_is_no_error() {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let (status, complaint) = good().write_to(writer.into());
    assert_eq!((status, &*complaint), (Some(0), ""));
}

#[test]
fn check_points_at_the_place() {
    let test = WorkshopTest::page(
        "```terminal:execute\ncommand: ls\nsesion: 2\n```\n\n```editor:open-file\nline: 3\n```\n",
    );
    let output = test.run("check");
    assert_eq!(
        output.status.code(),
        Some(1),
        "a missing property is an error"
    );
    let shown = text(&output.stdout).replace(test.root().as_str(), "LAB");
    insta::assert_snapshot!(shown, @r"
    warning[unknown-property]: unknown property `sesion`
     --> LAB/workshop/content/01-page.md:3:1
      |
    3 | sesion: 2
      | ^^^^^^ not a property of `terminal:execute`
      |
      = help: did you mean `session`?

    error[missing-property]: `editor:open-file` cannot be read: `file` is missing
     --> LAB/workshop/content/01-page.md:6:1
      |
    6 | ```editor:open-file
      | ^^^^^^^^^^^^^^^^^^^ `file` is missing

    LAB: 1 page, 1 error, 1 warning; `--fix` mends 1 of them
    ");
    let checked = test.check();
    assert_eq!(checked.exit, Some(1));
    assert_eq!(
        checked.brief(),
        [
            "warning unknown-property workshop/content/01-page.md:3:1",
            "error missing-property workshop/content/01-page.md:6:1",
        ]
    );
    assert_eq!(
        checked.findings[0].help.as_deref(),
        Some("did you mean `session`?")
    );
    assert_eq!(checked.findings[0].workshop, test.root().as_str());
}

#[test]
fn check_allows_warnings_and_does_not_run_anything() {
    let test = WorkshopTest::page("```terminal:execute\ncommand: ls\nsesion: 2\n```");
    let mark = test.beside("ran");
    let test = test.file("workshop/setup.d/01.sh", &format!("touch {mark}"));
    let checked = test.check();
    assert_eq!((checked.exit, checked.findings.len()), (Some(0), 1));
    assert!(!mark.exists());
    assert_eq!(WorkshopTest::at("/no/such/workshop").check().exit, Some(2));
}

#[test]
fn render_prints_the_pages() {
    let test = WorkshopTest::page("# One\n\nHello *{{< param workshop_name >}}*")
        .and_page("02-two", "Second");
    let all = test.run("render");
    assert_eq!(all.status.code(), Some(0));
    insta::assert_snapshot!(text(&all.stdout), @r#"
    <article data-page="01-page">
    <h1 id="one">One</h1>
    <p>Hello <em>lab</em></p>
    </article>
    <article data-page="02-two">
    <p>Second</p>
    </article>
    "#);
    let test = test.arg("--page").arg("02-two");
    let one = text(&test.run("render").stdout);
    assert!(one.contains("Second") && !one.contains("Hello"), "{one}");
    let test = good().arg("--page").arg("gone");
    assert_eq!(test.run("render").status.code(), Some(2));
}
