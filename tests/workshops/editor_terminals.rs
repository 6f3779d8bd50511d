//! The editor's own terminals, played by the real command.

use atelier_tests::WorkshopTest;

#[test]
fn text_that_ends_with_enter_is_a_command_and_waited_for() {
    let run = WorkshopTest::page(
        r#"
        ```editor:open-terminal
        session: build
        ```
        ```editor:send-to-terminal
        session: build
        text: |
          PLACE=$PWD
          sleep 0.3; echo "here: ${PLACE##*/}, ${TERMINAL_SESSION_ID-none}"
        test: {output: "^here: exercises, none"}
        ```
        ```editor:send-to-terminal
        session: build
        text: test "${PLACE##*/}" = exercises && (exit 3)
        ```
        "#,
    )
    .file("exercises/a.txt", "a")
    .test()
    .fails()
    .rows_are(&[
        "click passed",
        "click passed",
        "click failed: the command in the editor's terminal \"build\" ended with exit status 3",
    ]);
    assert_eq!(run.row(1).exit_code, Some(0));
    assert_eq!(run.row(2).exit_code, Some(3));
}

#[test]
fn a_terminal_of_the_dashboard_with_the_same_name_is_another_one() {
    WorkshopTest::page(
        r#"
        ```terminal:execute
        command: WHO=dashboard
        ```
        ```editor:send-to-terminal
        session: 1
        text: test -z "$WHO" && WHO=editor
        ```
        ```terminal:execute
        command: test "$WHO" = dashboard
        ```
        ```terminal:execute-all
        command: test "$WHO" != editor
        ```
        ```editor:close-terminal
        session: 1
        ```
        ```terminal:execute
        command: test "$WHO" = dashboard
        ```
        "#,
    )
    .test()
    .passes();
}

#[test]
fn without_enter_the_text_waits_for_the_rest() {
    WorkshopTest::page(
        r#"
        ```editor:send-to-terminal
        text: echo one and
        endl: false
        ```
        ```editor:send-to-terminal
        text: " two"
        test: {output: "^one and two"}
        ```
        ```editor:send-to-terminal
        text: read -p 'Name? ' name
        ```
        ```editor:send-to-terminal
        text: Ada
        ```
        ```editor:send-to-terminal
        text: test "$name" = Ada
        ```
        "#,
    )
    .test()
    .passes()
    .rows_are(&[
        "click passed: typed; Enter is still to be pressed",
        "click passed",
        "click passed: still running; it waits for input",
        "click passed: typed into the program that runs there",
        "click passed",
    ]);
}

#[test]
fn an_interrupt_ends_what_runs_and_leaves_the_shell() {
    let run = WorkshopTest::page(
        r#"
        ```editor:send-to-terminal
        text: mark=kept; sleep 600
        ```
        ```editor:interrupt-terminal
        ```
        ```editor:clear-terminal
        ```
        ```editor:send-to-terminal
        text: test "$mark" = kept
        ```
        "#,
    )
    .test()
    .passes();
    assert_eq!(run.row(0).message(), "still running");
    assert_eq!(run.row(1).exit_code, Some(130));
}

#[test]
fn what_is_not_there_need_not_be_interrupted_cleared_or_closed() {
    WorkshopTest::page(
        r#"
        ```editor:interrupt-terminal
        session: nobody
        ```
        ```editor:clear-terminal
        session: nobody
        ```
        ```editor:close-terminal
        session: nobody
        ```
        ```editor:send-to-terminal
        session: gone
        text: exit
        ```
        ```editor:interrupt-terminal
        session: gone
        ```
        ```editor:send-to-terminal
        session: gone
        text: echo "a new shell"
        test: {output: ^a new shell}
        ```
        "#,
    )
    .test()
    .passes();
}

#[test]
fn closing_ends_a_daemon_that_was_started_there_and_no_other() {
    WorkshopTest::page(
        r#"
        ```editor:send-to-terminal
        session: server
        text: |
          setsid -f sh -c 'echo $$ > ~/own.pid; trap "" HUP TERM; exec sleep 600' >/dev/null 2>&1 </dev/null
          until test -s ~/own.pid; do sleep 0.05; done
        ```
        ```terminal:execute
        command: |
          setsid -f sh -c 'echo $$ > ~/other.pid; exec sleep 600' >/dev/null 2>&1 </dev/null
          until test -s ~/other.pid; do sleep 0.05; done
        ```
        ```terminal:execute
        command: lives() { grep -qs '^State:.*[RSD] ' /proc/$(cat ~/$1.pid)/status; }; lives own
        ```
        ```editor:close-terminal
        session: server
        ```
        ```terminal:execute
        command: lives own
        test: {expect: fail}
        ```
        ```terminal:execute
        command: lives other
        ```
        "#,
    )
    .test()
    .passes();
}

#[test]
fn a_server_is_left_and_closed_by_a_later_action() {
    let run = WorkshopTest::page(
        "
        ```editor:send-to-terminal
        session: app
        text: python3 -m http.server --bind 127.0.0.1 27313
        ```
        ```editor:close-terminal
        session: app
        ```
        ```terminal:execute
        command: python3 -c 'import socket; socket.create_server((\"127.0.0.1\", 27313))'
        ```
        ",
    )
    .test()
    .passes();
    assert!(
        run.row(0).message().starts_with("still running"),
        "{:?}",
        run.row(0)
    );
}

#[test]
fn without_an_editor_there_are_none() {
    let run = WorkshopTest::page(
        "
        ```editor:open-terminal
        ```
        ",
    )
    .spec(
        "
        session:
          applications:
            terminal: {enabled: true}
            editor: {enabled: false}
      ",
    )
    .test()
    .fails();
    assert!(
        run.row(0).message().contains("switch the editor on"),
        "{:?}",
        run.row(0)
    );
}
