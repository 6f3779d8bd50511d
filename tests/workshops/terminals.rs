//! When a command in a terminal has passed, failed, or is left running.

use atelier_tests::WorkshopTest;

#[test]
fn passes_when_every_line_ended_with_0() {
    let run = WorkshopTest::page(
        "
        ```terminal:execute
        command: |-
          echo first
          (exit 7)
          echo last
        ```
        ",
    )
    .test()
    .fails()
    .rows_are(&["click failed: the command in terminal 1 ended with exit status 7"]);
    assert_eq!(run.row(0).exit_code, Some(7));
    assert!(
        run.row(0).output().contains("last"),
        "all lines ran: {:?}",
        run.row(0).output
    );
}

#[test]
fn several_lines_may_be_one_command() {
    let run = WorkshopTest::page(
        "
        ```terminal:execute
        command: |
          for n in 1 2; do
            echo line $n
          done
          cat <<END
          here
          END
          # a comment
        ```
        ",
    )
    .test()
    .passes();
    assert_eq!(run.row(0).exit_code, Some(0));
    assert!(run.row(0).output().contains("line 2"), "{:?}", run.row(0));
}

#[test]
fn keeps_the_last_4_kib_of_output_as_plain_text() {
    let run = WorkshopTest::page(
        r"
        ```terminal:execute
        command: seq 1 5000; printf '\e[31mred\e[0m\n'
        ```
        ",
    )
    .test()
    .passes();
    let output = run.row(0).output();
    assert!(output.len() <= 4096, "{}", output.len());
    assert!(output.contains("4999\n5000\nred"), "{output}");
}

#[test]
fn a_program_that_waits_for_input_is_typed_into() {
    let run = WorkshopTest::page(
        r#"
        ```terminal:execute
        command: read -p 'Name? ' name && echo "Hello $name"
        ```
        ```terminal:input
        text: Ada
        ```
        ```terminal:execute
        command: echo "and $name"
        test: {output: and Ada}
        ```
        "#,
    )
    .test()
    .passes();
    assert_eq!(
        run.row(0).message(),
        "still running; it waits for input",
        "{:?}",
        run.row(0)
    );
    assert_eq!(run.row(0).exit_code, None);
    assert_eq!(
        run.row(1).message(),
        "typed into the program that runs there"
    );
}

#[test]
fn a_server_is_left_running_once_it_listens() {
    let run = WorkshopTest::page(
        "
        ```terminal:execute
        command: python3 -m http.server --bind 127.0.0.1 27311
        ```
        ```terminal:execute
        command: echo beside it
        session: 2
        ```
        ",
    )
    .test()
    .passes();
    assert_eq!(
        run.row(0).message(),
        "still running; it listens on port 27311"
    );
}

#[test]
fn a_command_that_is_interrupted_later_is_left_running() {
    let run = WorkshopTest::page(
        "
        ```terminal:execute
        command: sleep 600
        ```
        ```terminal:interrupt
        ```
        ```terminal:interrupt
        ```
        ```terminal:execute
        command: echo back
        ```
        ",
    )
    .test()
    .passes();
    assert_eq!(run.row(0).message(), "still running");
    assert_eq!(run.row(1).exit_code, Some(130), "ours, so it passes");
    assert_eq!(run.row(3).exit_code, Some(0));
}

#[test]
fn the_last_command_of_a_page_may_be_silent() {
    let run = WorkshopTest::page("```terminal:execute\ncommand: sleep 600\n```")
        .test()
        .passes()
        .rows_are(&["click passed: still running"]);
    assert!(run.row(0).millis >= 3000, "{}", run.row(0).millis);
}

#[test]
fn clearing_and_showing_a_terminal_is_no_use_of_it() {
    WorkshopTest::page(
        "
        ```terminal:execute
        command: sleep 600
        ```
        ```terminal:clear
        ```
        ```terminal:select
        session: 1
        ```
        ",
    )
    .arg("--timeout")
    .arg("60")
    .test()
    .passes()
    .rows_are(&[
        "click passed: still running",
        "click passed",
        "click passed",
    ]);
}

#[test]
fn a_quiet_command_with_another_after_it_is_waited_for() {
    WorkshopTest::page(
        "
        ```terminal:execute
        command: sleep 600
        ```
        ```terminal:execute
        command: echo never
        ```
        ",
    )
    .arg("--timeout")
    .arg("4")
    .test()
    .fails()
    .rows_are(&[
        "click failed: still running after 4 s; say `test: {background: true}` if that is meant",
        "- skipped: not reached",
    ]);
}

#[test]
fn an_interrupt_further_on_does_not_excuse_an_earlier_command() {
    WorkshopTest::page(
        "
        ```terminal:execute
        command: sleep 1.5; (exit 4)
        ```

        ```terminal:execute
        command: sleep 600
        ```

        ```terminal:interrupt
        ```
        ",
    )
    .arg("--keep-going")
    .test()
    .fails()
    .rows_are(&[
        "click failed: the command in terminal 1 ended with exit status 4",
        "click passed: still running",
        "click passed",
    ]);
}

#[test]
fn a_command_that_fails_in_one_of_all_terminals_fails() {
    let run = WorkshopTest::page(
        "
        ```terminal:execute-all
        command: test $TERMINAL_SESSION_ID = 1
        ```
        ",
    )
    .test()
    .fails()
    .rows_are(&["click failed: the command in terminal 2 ended with exit status 1"]);
    assert_eq!(run.row(0).exit_code, Some(1));
}

#[test]
fn an_unknown_terminal_fails_and_the_known_ones_are_named() {
    let page = "
        ```terminal:execute
        command: ls
        session: build
        ```
        ```terminal:select
        session: build
        ```
        ";
    let message = "click failed: there is no terminal \"build\"; there is \"1\", \"2\"";
    assert_eq!(
        WorkshopTest::page(page).check().brief(),
        [
            "warning unknown-terminal workshop/content/01-page.md:1:1",
            "warning unknown-terminal workshop/content/01-page.md:5:1",
        ]
    );
    WorkshopTest::page(page)
        .arg("--keep-going")
        .test()
        .fails()
        .rows_are(&[message, message]);
}

#[test]
fn a_terminal_that_a_tab_of_any_page_opens_is_known() {
    let page = "
        ```terminal:execute
        command: ls
        session: build
        ```
        ";
    let tab = "
        ```dashboard:create-dashboard
        name: Build
        url: terminal:build
        ```
        ";
    let test = WorkshopTest::page(page).and_page("02-tab", tab);
    assert_eq!(test.check().brief(), Vec::<String>::new());
}

#[test]
fn a_terminal_whose_shell_has_ended_takes_no_command() {
    WorkshopTest::page(
        "
        ```terminal:execute
        command: exit
        ```
        ```terminal:execute
        command: touch never
        ```
        ",
    )
    .test()
    .fails()
    .rows_are(&[
        "click passed: the shell of terminal 1 has ended",
        "click failed: the shell of terminal 1 has ended…",
    ]);
}

#[test]
fn reloading_the_terminals_starts_an_ended_shell_again() {
    WorkshopTest::page(
        "
        ```terminal:execute
        command: exit
        ```
        ```dashboard:reload-dashboard
        name: terminal
        ```
        ```terminal:execute
        command: echo back
        ```
        ",
    )
    .test()
    .passes();
}

#[test]
fn a_terminal_in_a_tab_of_its_own_is_one_too() {
    WorkshopTest::page(
        "
        ```dashboard:create-dashboard
        name: Build
        url: terminal:build
        ```
        ```terminal:execute
        command: test $TERMINAL_SESSION_ID = build
        session: build
        ```
        ",
    )
    .test()
    .passes();
}

#[test]
fn a_line_that_the_shell_refuses_fails() {
    WorkshopTest::page("```terminal:execute\ncommand: if then\n```")
        .test()
        .fails();
}

#[test]
fn a_command_that_is_not_closed_is_warned_of() {
    WorkshopTest::page(
        "
        ```terminal:execute
        command: echo \"no end
        ```
        ",
    )
    .test()
    .fails()
    .rows_are(&["click warned: the shell of terminal 1 waits for the rest of this command…"]);
}

#[test]
fn the_rest_of_a_command_may_come_later() {
    WorkshopTest::page(
        "
        ```terminal:execute
        command: cat > note <<END
        ```

        ```terminal:input
        text: first line
        ```

        ```terminal:input
        text: END
        ```
        ",
    )
    .test()
    .passes();
}

#[test]
fn what_a_program_does_not_read_is_warned_of() {
    WorkshopTest::page(
        "
        ```terminal:execute
        command: sleep 1000
        test: {background: true}
        ```

        ```terminal:execute
        command: echo for nobody
        ```

        ```terminal:interrupt
        ```
        ",
    )
    .arg("--keep-going")
    .test()
    .fails()
    .rows_are(&[
        "click passed…",
        "click warned: the program that runs in terminal 1 does not read what is typed…",
        "click passed…",
    ]);
}

#[test]
fn a_program_that_has_asked_before_may_be_at_work_for_long() {
    WorkshopTest::page(
        "
        ```terminal:execute
        command: bash -c 'read line; sleep 1000'
        ```

        ```terminal:execute
        command: echo work for long
        ```

        ```terminal:execute
        command: echo for the next question
        ```
        ",
    )
    .test()
    .passes();
}

#[test]
fn an_interrupt_of_a_shell_that_is_only_starting_takes_nothing_of_what_follows() {
    for _ in 0..3 {
        let run = WorkshopTest::page(
            "
            ```terminal:interrupt
            ```

            ```terminal:execute
            command: echo whole
            test: {output: ^whole$}
            ```
            ",
        )
        .test()
        .passes();
        assert_eq!(run.row(1).exit_code, Some(0));
    }
}
