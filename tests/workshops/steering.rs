//! What an author says with `test:`.

use atelier_tests::WorkshopTest;

#[test]
fn an_expected_failure_passes_and_an_unexpected_success_fails() {
    WorkshopTest::page(
        "
        ```terminal:execute
        command: cat missing
        test: {expect: fail}
        ```
        ```terminal:execute
        command: 'true'
        test: {expect: fail}
        ```
        ",
    )
    .test()
    .fails()
    .rows_are(&[
        "click passed: the command in terminal 1 ended with exit status 1",
        "click failed: it passed, although its author says `test: {expect: fail}`",
    ]);
}

#[test]
fn a_warning_is_an_expected_failure() {
    WorkshopTest::page(
        "
        ```editor:select-matching-text
        file: ~/exercises/a.txt
        text: two
        test: {expect: fail}
        ```
        ```editor:select-matching-text
        file: ~/exercises/a.txt
        text: one
        test: {expect: fail}
        ```
        ",
    )
    .file("exercises/a.txt", "one\n")
    .test()
    .fails()
    .rows_are(&[
        "click passed…",
        "click failed: it passed, although its author says `test: {expect: fail}`",
    ]);
}

#[test]
fn an_action_can_be_left_out() {
    WorkshopTest::page(
        "
        ```terminal:execute
        command: touch left-out
        test: {expect: skip}
        cascade: true
        ```
        ```terminal:execute
        command: test ! -e left-out
        ```
        ",
    )
    .test()
    .passes()
    .rows_are(&[
        "- skipped: its author says `test: {expect: skip}`",
        "click passed",
    ]);
}

#[test]
fn a_limit_of_its_own_goes_before_the_runs() {
    WorkshopTest::page(
        "
        ```terminal:execute
        command: while :; do :; done
        test: {timeout: 0.5}
        ```
        ",
    )
    .test()
    .fails()
    .rows_are(&[
        "click failed: still running after 0.5 s; say `test: {background: true}` if that is meant",
    ]);
}

#[test]
fn the_runs_limit_counts_where_the_author_gives_none() {
    WorkshopTest::page("```terminal:execute\ncommand: while :; do :; done\n```")
        .arg("--timeout")
        .arg("1")
        .test()
        .fails()
        .rows_are(&[
            "click failed: still running after 1 s; say `test: {background: true}` if that is meant",
        ]);
}

#[test]
fn output_must_match_a_line() {
    WorkshopTest::page(
        r"
        ```terminal:execute
        command: printf 'one\ntwo 22\n'
        test: {output: '^two \d+$'}
        ```
        ```workshop:copy
        text: copied text
        test: {output: copied}
        ```
        ```terminal:execute
        command: echo three
        test: {output: '^four$'}
        ```
        ",
    )
    .test()
    .fails()
    .rows_are(&[
        "click passed",
        "click passed",
        "click failed: no line of its output matches `^four$`",
    ]);
}

#[test]
fn a_failure_that_is_expected_must_say_the_expected() {
    WorkshopTest::page(
        "
        ```terminal:execute
        command: cat missing
        test: {expect: fail, output: No such file}
        ```
        ```terminal:execute
        command: cat missing
        test: {expect: fail, output: Permission denied}
        ```
        ",
    )
    .test()
    .fails()
    .rows_are(&[
        "click passed: the command in terminal 1 ended with exit status 1",
        "click failed: no line of its output matches `Permission denied`",
    ]);
}

#[test]
fn an_expression_without_end_is_stopped() {
    let run = WorkshopTest::page(
        r"
        ```terminal:execute
        command: printf 'a%.0s' {1..60}; echo
        test: {output: '^(a+)+$x'}
        ```
        ",
    )
    .test()
    .fails();
    let message = run.row(0).message();
    assert!(message.contains("takes longer than 1 s"), "{message}");
}

#[test]
fn a_background_command_is_left_running() {
    let run = WorkshopTest::page(
        "
        ```terminal:execute
        command: while :; do :; done
        test: {background: true}
        ```
        ```terminal:execute
        command: echo beside it
        session: 2
        ```
        ",
    )
    .test()
    .passes()
    .rows_are(&["click passed: still running", "click passed"]);
    assert_eq!(run.row(0).exit_code, None);
}

#[test]
fn a_key_that_is_misspelt_is_told() {
    let checked =
        WorkshopTest::page("```terminal:execute\ncommand: ls\ntest: {expcet: fail}\n```").check();
    assert_eq!(
        checked.brief(),
        ["warning unknown-property workshop/content/01-page.md:3:8"]
    );
}
