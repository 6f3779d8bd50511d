//! Examiner tests as actions run them.

use atelier_tests::WorkshopTest;

/// An examiner action with these properties.
fn act(properties: &str) -> String {
    format!("```examiner:execute-test\n{properties}\n```\n")
}

#[test]
fn passes_with_0_and_hands_on_its_arguments() {
    let run = WorkshopTest::page(&act("name: sub/args\nargs: [one, two words, 3]"))
        .examiner(
            "sub/args",
            r#"
            printf '<%s>' "$@"; echo
            cat; echo
            [ "$PWD" = "$HOME" ] && [ "$2" = 'two words' ]
            "#,
        )
        .test()
        .passes()
        .rows_are(&["click passed"]);
    assert_eq!(run.row(0).output(), "<one><two words><3>\n{}\n");
}

#[test]
fn a_failure_shows_what_it_printed_and_says_what_to_do() {
    let run = WorkshopTest::page(&act("name: fails"))
        .examiner("fails", "echo no index.html yet >&2; exit 7")
        .test()
        .fails()
        .rows_are(&[
            "click failed: not there yet: the test ended with exit status 7; go through the step again, then try the test again",
        ]);
    assert_eq!(run.row(0).output(), "no index.html yet\n");
}

#[test]
fn a_test_that_hangs_is_ended_with_all_it_started() {
    // `leaves_nothing` of the harness sees to the sleepers.
    let run = WorkshopTest::page(&act("name: hangs\ntimeout: 4"))
        .examiner("hangs", "trap '' TERM; sleep 600 & echo before; sleep 600")
        .test()
        .fails();
    let row = run.row(0);
    assert!(
        row.message().starts_with("the test did not end within 4 s"),
        "{row:?}"
    );
    assert_eq!(row.output(), "before\n");
}

#[test]
fn is_tried_again_as_often_as_its_author_says() {
    let run = WorkshopTest::page(&act("name: third\nretries: 2\ndelay: 0.1"))
        .examiner("third", "echo x >> tries; [ $(wc -l < tries) -ge 3 ]")
        .test()
        .passes();
    assert!(
        (200..3000).contains(&run.row(0).millis),
        "two delays: {:?}",
        run.row(0)
    );
    WorkshopTest::page(&act("name: third\nretries: 1\ndelay: 0.1"))
        .examiner("third", "echo x >> tries; [ $(wc -l < tries) -ge 3 ]")
        .test()
        .fails();
}

#[test]
fn without_end_it_waits_for_a_later_action() {
    let page = act("name: there\nretries: .INF\ncascade: true")
        + "
```workshop:copy
text: after the test
hidden: true
```
```workshop:copy
text: too early
```
```terminal:execute
command: touch ~/there
```
```workshop:copy
text: later
```
";
    let run = WorkshopTest::page(&page)
        .examiner("there", "echo x >> tries; test -e there")
        .test()
        .passes()
        .rows_are(&[
            "click passed",
            "cascade passed",
            "click passed",
            "click passed",
            "click passed",
        ]);
    assert_eq!(run.row(0).kind, "examiner:execute-test");
}

#[test]
fn without_end_it_is_tried_after_what_starts_by_itself_and_in_a_cascade() {
    let page = act("name: there\nretries: -1\nautostart: true")
        + "
```terminal:execute
command: touch ~/there
autostart: true
```
";
    WorkshopTest::page(&page)
        .examiner("there", "test -e there")
        .test()
        .passes()
        .rows_are(&["autostart passed", "autostart passed"]);
    let page = act("name: there\nretries: -1")
        + "
```terminal:execute
command: touch ~/there
cascade: true
```
```terminal:execute
command: rm ~/there
```
";
    WorkshopTest::page(&page)
        .examiner("there", "test -e there")
        .test()
        .passes()
        .rows_are(&["click passed", "click passed", "cascade passed"]);
}

#[test]
fn without_end_it_fails_with_the_page() {
    let run = WorkshopTest::page(&act("name: never\nretries: -1"))
        .and_page("02-next", "```workshop:copy\ntext: next\n```")
        .examiner("never", "echo still nothing; false")
        .arg("--keep-going")
        .test()
        .fails()
        .rows_are(&[
            "click failed: it had not passed when the page ended; not there yet…",
            "click passed",
        ]);
    assert_eq!(run.row(0).output(), "still nothing\n");
}

#[test]
fn without_end_it_is_not_blamed_for_what_was_not_reached() {
    let page = act("name: never\nretries: -1") + "```terminal:execute\ncommand: 'false'\n```\n";
    WorkshopTest::page(&page)
        .examiner("never", "false")
        .test()
        .fails()
        .rows_are(&["- skipped: not reached", "click failed…"]);
}

#[test]
fn a_missing_program_fails_at_once() {
    let run = WorkshopTest::page(&act("name: gone\nretries: 5\ndelay: 5"))
        .test()
        .fails();
    assert!(
        run.row(0)
            .message()
            .starts_with("the workshop has no examiner test `gone`"),
        "{:?}",
        run.row(0)
    );
    assert!(run.row(0).millis < 2000);
}

#[test]
fn a_run_bit_that_was_lost_is_made_up_for_by_the_first_line() {
    let path = "workshop/examiner/tests/lost";
    WorkshopTest::page(&act("name: lost"))
        .examiner("lost", "true")
        .mode(path, 0o644)
        .test()
        .passes();
    let run = WorkshopTest::page(&act("name: lost"))
        .file(path, "true\n")
        .mode(path, 0o644)
        .test()
        .fails();
    assert!(run.row(0).message().contains("`lost`"), "{:?}", run.row(0));
}

#[test]
fn an_interpreter_that_is_not_there_is_told() {
    let run = WorkshopTest::page(&act("name: odd"))
        .program("workshop/examiner/tests/odd", "#!/no/such/interpreter\n")
        .test()
        .fails();
    assert!(
        run.row(0).message().contains("first line does not exist"),
        "{:?}",
        run.row(0)
    );
}

#[test]
fn a_workshop_must_switch_the_examiner_on() {
    let run = WorkshopTest::page(&act("name: passes"))
        .file(
            "resources/workshop.yaml",
            "
            apiVersion: training.educates.dev/v1beta1
            kind: Workshop
            metadata: {name: lab}
            spec: {title: Lab, description: Lab}
            ",
        )
        .examiner("passes", "true")
        .test()
        .fails();
    assert!(
        run.row(0)
            .message()
            .contains("does not switch the examiner on"),
        "{:?}",
        run.row(0)
    );
}

#[test]
fn a_test_cannot_be_called_by_a_path_that_leads_out() {
    WorkshopTest::page(&act("name: ../../setup.d/script"))
        .program("workshop/setup.d/script", "#!/bin/bash\ntrue\n")
        .test()
        .fails();
}
