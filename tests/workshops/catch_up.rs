//! Having the rest of a page done: the engine chooses as `atelier test` does, and leaves out what is done.

use atelier_session::protocol::{ActionStatus, NextStep};
use atelier_tests::{Engine, WindowSession, WorkshopTest};

/// What came last when nothing is left.
fn done(left_out: &[&str]) -> NextStep {
    NextStep::Done {
        left_out: left_out.iter().map(|id| (*id).to_owned()).collect(),
    }
}

/// The actions that a session's journal says to have ended, in order; ends of sections are not kept by a window.
fn journal(text: &str, ends: &[String]) -> Vec<String> {
    let lines = text.lines().filter_map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).ok()?;
        let of_an_action = line["kind"] == "action" && line["update"]["status"] != "running";
        of_an_action.then(|| line["action"].as_str().map(str::to_owned))?
    });
    lines.filter(|action| !ends.contains(action)).collect()
}

/// A page with sections in sections, cascades, what starts by itself, what is hidden, and a section that closes again.
const BUSY: &str = "
    ```workshop:copy
    text: 0 opens the hidden section
    cascade: true
    pause: 0
    ```
    ```section:begin
    name: shown
    hidden: true
    ```
    - ```workshop:copy
      text: 2 starts by itself
      autostart: true
      ```
    ```workshop:copy
    text: 3
    ```
    ```section:end
    name: shown
    ```
    ```section:begin
    name: closed
    ```
    ```workshop:copy
    text: 6 closes its section with 7 left
    cascade: true
    ```
    ```section:end
    name: closed
    toggle: true
    ```
    ```section:begin
    name: outer
    ```
    ```section:begin
    name: inner
    ```
    ```terminal:execute
    command: echo ten
    ```
    ```section:end
    name: inner
    ```
    ```section:end
    name: outer
    ```
    ```workshop:copy
    text: 13 starts with the page
    autostart: true
    ```
    ```workshop:copy
    text: 14 out of reach
    hidden: true
    ```
    ```section:heading
    ```
    ";

#[test]
fn runs_what_test_runs_in_the_same_order() {
    for (name, workshop, page) in [
        ("busy", WorkshopTest::page(BUSY), "01-page"),
        (
            "content-swap",
            WorkshopTest::from_fixture("content-swap"),
            "01-page",
        ),
        ("steps", WorkshopTest::from_fixture("steps"), "01-page"),
    ] {
        let engine = Engine::open(&workshop, workshop.beside("played")).expect("a session");
        let report = engine.play();
        let ends: Vec<_> = report.pages[0]
            .actions
            .iter()
            .filter(|row| row.kind == "section:end")
            .map(|row| format!("{page}/{}", row.index))
            .collect();
        engine.close();
        let journal_of = |path| journal(&std::fs::read_to_string(path).expect("a journal"), &ends);
        let played = journal_of(workshop.beside("played/state/journal.jsonl"));

        let mut window = WindowSession::open(&workshop);
        window.enter(page);
        let (_, end) = window.catch_up(page);
        assert_eq!(end, done(&[]), "{name}");
        let root = window.session.view().name;
        let caught_up =
            journal_of(workshop.beside(&format!("atelier/sessions/{root}/state/journal.jsonl")));
        window.close();
        assert!(played.len() >= 4, "{name}: {played:?}");
        assert_eq!(caught_up, played, "{name}");
    }
}

#[test]
fn what_is_done_is_not_run_again_and_what_failed_is() {
    let workshop = WorkshopTest::page(
        "
        ```terminal:execute
        command: echo first >> order
        ```
        ```terminal:execute
        command: echo second >> order; test -e fixed
        ```
        ```terminal:execute
        command: echo third >> order
        ```
        ",
    );
    let mut window = WindowSession::open(&workshop);
    window.enter("01-page");
    assert_eq!(window.click("01-page/0").0, ActionStatus::Done);
    let (tried, end) = window.catch_up("01-page");
    assert_eq!(tried, ["01-page/1"]);
    let failed = NextStep::Failed {
        action: "01-page/1".into(),
    };
    assert_eq!(end, failed, "it stops at the first failure");
    // As it does again as long as nothing is put right.
    assert_eq!(window.catch_up("01-page"), (tried, failed));
    let name = window.session.view().name;
    let home = workshop.beside(&format!("atelier/sessions/{name}/home"));
    std::fs::write(home.join("fixed"), "").expect("a file");
    let (tried, end) = window.catch_up("01-page");
    assert_eq!((tried.len(), end), (2, done(&[])));
    assert_eq!(
        std::fs::read_to_string(home.join("order")).expect("a file"),
        "first\nsecond\nsecond\nsecond\nthird\n"
    );
    window.close();
}

#[test]
fn goes_on_when_a_command_may_be_left_running() {
    let workshop = WorkshopTest::page(
        "
        ```terminal:execute
        command: sleep 600
        test: {background: true}
        ```
        ```terminal:execute
        command: cat
        session: 2
        ```
        ```terminal:input
        text: hello
        session: 2
        ```
        ```terminal:interrupt
        session: 2
        ```
        ```terminal:interrupt
        ```
        ",
    );
    let mut window = WindowSession::open(&workshop);
    window.enter("01-page");
    let (tried, end) = window.catch_up("01-page");
    assert_eq!((tried.len(), end), (5, done(&[])));
    // The command that was left is watched to its real end.
    assert_eq!(window.end_of("01-page/0").exit_code, Some(130));
    window.close();
}

#[test]
fn a_command_that_goes_on_is_told_of_and_watched_to_its_end() {
    let workshop = WorkshopTest::page(
        "
        ```terminal:execute
        command: mkfifo go; cat go; (exit 3)
        ```
        ```workshop:copy
        text: b
        ```
        ",
    );
    let mut window = WindowSession::open(&workshop);
    window.enter("01-page");
    assert_eq!(window.click("01-page/0").0, ActionStatus::Running);
    // It is at work: neither run again nor in the way.
    assert_eq!(
        window.catch_up("01-page"),
        (vec!["01-page/1".into()], done(&[]))
    );
    // Whoever turns the page and comes back finds it running.
    let state = window.enter("01-page");
    assert_eq!(state.actions["01-page/0"].status, ActionStatus::Running);
    let name = window.session.view().name;
    let home = workshop.beside(&format!("atelier/sessions/{name}/home"));
    std::fs::write(home.join("go"), "").expect("somebody who reads it");
    let end = window.end_of("01-page/0");
    assert_eq!((end.status, end.exit_code), (ActionStatus::Failed, Some(3)));
    window.close();
}

#[test]
fn a_check_without_end_is_tried_while_the_rest_is_done() {
    let workshop = WorkshopTest::page(
        "
        ```examiner:execute-test
        name: there
        retries: -1
        cascade: true
        ```
        ```terminal:execute
        command: touch after-the-check
        ```
        ```terminal:execute
        command: touch there
        ```
        ",
    )
    .examiner("there", "test -e ~/there");
    let mut window = WindowSession::open(&workshop);
    window.enter("01-page");
    let (tried, end) = window.catch_up("01-page");
    assert_eq!(tried, ["01-page/0", "01-page/1", "01-page/2"]);
    assert_eq!(end, done(&[]));
    assert_eq!(
        window.enter("01-page").actions["01-page/0"].status,
        ActionStatus::Done,
        "it is waited for in the end"
    );
    window.close();
}

#[test]
fn stops_where_the_learner_is_needed() {
    let workshop = WorkshopTest::page(
        "
        ```workshop:copy
        text: a
        ```
        ```examiner:execute-test
        name: asks
        inputs:
          schema:
            answer: {type: string}
        ```
        ```workshop:copy
        text: b
        ```
        ",
    );
    let mut window = WindowSession::open(&workshop);
    window.enter("01-page");
    let ask = NextStep::Ask {
        action: "01-page/1".into(),
    };
    assert_eq!(window.catch_up("01-page"), (vec!["01-page/0".into()], ask));
    window.close();
}

#[test]
fn an_expected_failure_is_no_failure_and_what_is_left_out_is_named() {
    let workshop = WorkshopTest::page(
        "
        ```examiner:execute-test
        name: not-yet
        test: {expect: fail}
        ```
        ```terminal:execute
        command: touch never
        test: {expect: skip}
        ```
        ```editor:open-file
        file: a
        file: b
        ```
        ```terminal:execute
        command: test ! -e never
        ```
        ",
    )
    .examiner("not-yet", "exit 1");
    let mut window = WindowSession::open(&workshop);
    window.enter("01-page");
    let (tried, end) = window.catch_up("01-page");
    assert_eq!(tried, ["01-page/0", "01-page/3"]);
    assert_eq!(end, done(&["01-page/1", "01-page/2"]));
    // What failed as expected is done.
    assert_eq!(window.catch_up("01-page").0, Vec::<String>::new());
    window.close();
}
