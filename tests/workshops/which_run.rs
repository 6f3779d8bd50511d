//! Which actions run, once each, and what becomes of the others.

use std::time::Instant;

use atelier_tests::{PATIENCE, WorkshopTest};

#[test]
fn clicks_what_is_visible_in_document_order() {
    let run = WorkshopTest::page(
        "
        ```terminal:execute
        command: echo a >> order
        ```
        - in a list

          ```terminal:execute
          command: echo b >> order
          ```

        > in a quote
        >
        > ```terminal:execute
        > command: echo c >> order
        > ```

        ```terminal:execute
        command: cat order
        test: {output: ^a$}
        ```
        ",
    )
    .test()
    .passes()
    .rows_are(&["click passed"; 4]);
    assert!(
        run.row(3).output().contains("a\nb\nc"),
        "{:?}",
        run.row(3).output
    );
    let sources: Vec<_> = run
        .rows()
        .map(|row| (row.index, &*row.source.file, row.source.line))
        .collect();
    let file = "workshop/content/01-page.md";
    assert_eq!(
        sources,
        [(0, file, 1), (1, file, 6), (2, file, 12), (3, file, 16)]
    );
}

#[test]
fn what_autostart_or_a_cascade_ran_is_not_clicked_again() {
    let run = WorkshopTest::page(
        "
        ```terminal:execute
        command: echo clicked >> order
        cascade: true
        ```
        ```terminal:execute
        command: echo followed >> order
        ```
        ```terminal:execute
        command: echo started >> order
        autostart: true
        cascade: true
        ```
        ```terminal:execute
        command: echo followed the start >> order
        ```
        ```terminal:execute
        command: cat order
        ```
        ",
    )
    .test()
    .passes()
    .rows_are(&[
        "click passed",
        "cascade passed",
        "autostart passed",
        "cascade passed",
        "click passed",
    ]);
    let order = "started\nfollowed the start\nclicked\nfollowed";
    assert!(
        run.row(4).output().contains(order),
        "{:?}",
        run.row(4).output
    );
}

#[test]
fn a_failure_stops_its_cascade() {
    WorkshopTest::page(
        "
        ```editor:open-file
        file: ~/missing.txt
        cascade: true
        ```
        ```workshop:copy
        text: followed
        hidden: true
        ```
        ",
    )
    .arg("--keep-going")
    .test()
    .fails()
    .rows_are(&[
        "click failed…",
        "- skipped: it is hidden and nothing fires it",
    ]);
}

#[test]
fn a_command_leads_on_whatever_its_status() {
    // As in the window, where a cascade does not wait for the shell (actions.md 2.4).
    WorkshopTest::page(
        "
        ```terminal:execute
        command: 'false'
        cascade: true
        ```
        ```workshop:copy
        text: followed
        hidden: true
        ```
        ",
    )
    .arg("--keep-going")
    .test()
    .fails()
    .rows_are(&["click failed…", "cascade passed"]);
}

#[test]
fn a_pause_is_not_waited_for_nor_a_cooldown() {
    let started = Instant::now();
    WorkshopTest::page(
        "
        ```terminal:execute
        command: 'true'
        cascade: true
        pause: 600000
        cooldown: 3600
        ```
        ```terminal:execute
        command: 'true'
        ```
        ",
    )
    .test()
    .passes()
    .rows_are(&["click passed", "cascade passed"]);
    assert!(started.elapsed() < PATIENCE);
}

#[test]
fn an_action_that_is_switched_off_only_leads_on() {
    let run = WorkshopTest::page(
        "
        ```terminal:execute
        command: touch off
        enabled: false
        cascade: true
        ```
        ```terminal:execute
        command: test ! -e off
        ```
        ",
    )
    .test()
    .passes();
    run.rows_are(&["click passed", "cascade passed"]);
}

const TWO_FAILURES: &str = "
    ```terminal:execute
    command: (exit 3)
    ```
    ```terminal:execute
    command: echo on
    ```
    ```terminal:execute
    command: (exit 4)
    ```
    ";

#[test]
fn after_the_first_failure_nothing_is_reached() {
    let run = WorkshopTest::page(TWO_FAILURES)
        .and_page("02-next", "```terminal:execute\ncommand: echo next\n```")
        .test()
        .fails()
        .rows_are(&[
            "click failed: the command in terminal 1 ended with exit status 3",
            "- skipped: not reached",
            "- skipped: not reached",
            "- skipped: not reached",
        ]);
    assert_eq!(run.row(0).exit_code, Some(3));
    assert_eq!(
        (run.report().totals.failed, run.report().totals.skipped),
        (1, 3)
    );
}

#[test]
fn keeps_going_when_asked_to() {
    WorkshopTest::page(TWO_FAILURES)
        .arg("--keep-going")
        .test()
        .fails()
        .rows_are(&[
            "click failed: the command in terminal 1 ended with exit status 3",
            "click passed",
            "click failed: the command in terminal 1 ended with exit status 4",
        ]);
}

#[test]
fn a_block_that_cannot_be_read_is_a_row_that_failed() {
    let run = WorkshopTest::page(
        "
        ```editor:open-file
        file: [
        ```
        ```terminal:execute
        session: 1
        ```
        ",
    )
    .arg("--keep-going")
    .test()
    .fails();
    let kinds: Vec<_> = run
        .rows()
        .map(|row| (&*row.kind, &*row.status, row.message.is_some()))
        .collect();
    assert_eq!(
        kinds,
        [
            ("editor:open-file", "failed", true),
            ("terminal:execute", "failed", true)
        ]
    );
    assert!(
        run.row(1).message().contains("command"),
        "{:?}",
        run.row(1).message
    );
}

#[test]
fn visits_only_the_pages_that_were_asked_for() {
    let page = "```terminal:execute\ncommand: echo hi\n```";
    let test = WorkshopTest::page(page)
        .and_page("02-two", page)
        .and_page("03/three", page);
    let names = |run: &atelier_tests::Played| {
        let pages = run.report().pages.iter();
        pages.map(|page| page.name.clone()).collect::<Vec<_>>()
    };
    let run = test
        .arg("--page")
        .arg("03/three")
        .arg("--page")
        .arg("01-page");
    assert_eq!(names(&run.test().passes()), ["01-page", "03/three"]);
}

#[test]
fn events_and_unknown_blocks_do_not_disturb() {
    WorkshopTest::page(
        "
        ```terminal:exceute
        command: 'false'
        ```
        ```terminal:execute
        command: 'true'
        event: {clicked: yes}
        ```
        ",
    )
    .test()
    .passes()
    .rows_are(&["click passed"]);
}
