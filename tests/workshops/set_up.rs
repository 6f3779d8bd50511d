//! Set-up scripts and the environment they leave.

use atelier_tests::WorkshopTest;

const NOTHING: &str = "```workshop:copy\ntext: hi\n```";

#[test]
fn runs_every_script_in_order_with_its_trace_in_the_log() {
    let test =
        WorkshopTest::page("```terminal:execute\ncommand: cat ~/order\ntest: {output: ^one$}\n```")
            .file(
                "workshop/setup.d/02-two.sh",
                "#!/bin/sh\n[[ -e order ]] && echo two >> order",
            )
            .file(
                "workshop/setup.d/01-one.sh",
                "echo one >> order; echo to the log",
            )
            .file("workshop/setup.d/data.txt", "exit 1");
    let run = test.test().passes();
    let setup = &run.report().setup;
    let names: Vec<_> = setup.iter().map(|row| &*row.name).collect();
    assert_eq!(names, ["01-one.sh", "02-two.sh"]);
    assert!(
        setup[0].log.contains("+ echo to the log\nto the log\n"),
        "{:?}",
        setup[0]
    );
    assert_eq!((setup[0].exit_code, &*setup[0].status), (Some(0), "passed"));
}

#[test]
fn a_script_that_fails_fails_the_run_but_not_the_scripts_after_it() {
    let test = WorkshopTest::page(NOTHING)
        .file(
            "workshop/setup.d/01-fails.sh",
            "echo why it failed >&2; exit 3",
        )
        .file("workshop/setup.d/02-runs.sh", "true");
    let run = test.test().fails().rows_are(&["- skipped: not reached"]);
    let setup = &run.report().setup;
    assert_eq!((&*setup[0].status, setup[0].exit_code), ("failed", Some(3)));
    assert!(setup[0].log.contains("why it failed"), "{:?}", setup[0]);
    assert_eq!(setup[1].status, "passed");
    // Playing goes on when asked to; the run has failed all the same.
    test.arg("--keep-going")
        .test()
        .fails()
        .rows_are(&["click passed"]);
}

#[test]
fn what_a_script_puts_into_its_environment_reaches_everything_after_it() {
    WorkshopTest::page(
        "
        ```terminal:execute
        command: echo \"$GREETING/$NEXT\"
        test: {output: ^good day/good day 2$}
        ```
        ```terminal:execute
        command: which tool
        test: {output: /tools/tool$}
        ```
        ```examiner:execute-test
        name: sees
        ```
        ",
    )
    .file(
        "workshop/setup.d/01.sh",
        r#"
        echo "GREETING='good day'" >> "$WORKSHOP_ENV"
        mkdir tools; printf '#!/bin/sh\n' > tools/tool; chmod +x tools/tool
        echo "PATH=$HOME/tools:\$PATH" >> "$WORKSHOP_ENV"
        "#,
    )
    .file(
        "workshop/setup.d/02.sh",
        r#"echo "NEXT='$GREETING 2'" >> "$WORKSHOP_ENV""#,
    )
    .examiner("sees", r#"[ "$NEXT" = 'good day 2' ]"#)
    .test()
    .passes();
}

#[test]
fn an_environment_that_cannot_be_read_is_a_failure() {
    let run = WorkshopTest::page(NOTHING)
        .file("workshop/setup.d/01.sh", r#"echo 'A=(' >> "$WORKSHOP_ENV""#)
        .test()
        .fails();
    assert!(
        run.setup().log.contains("WORKSHOP_ENV could not be read"),
        "{:?}",
        run.setup()
    );
}

#[test]
fn a_program_that_it_leaves_behind_is_not_waited_for_and_ends_with_the_run() {
    let run = WorkshopTest::page("```terminal:execute\ncommand: kill -0 $(cat ~/left)\n```")
        .file("workshop/setup.d/01.sh", "sleep 600 & echo $! > left")
        .test()
        .passes();
    assert!(run.setup().millis < 10_000, "{:?}", run.setup());
}

#[test]
fn a_script_gets_no_input_and_the_folders_of_the_session() {
    WorkshopTest::page(NOTHING)
        .file(
            "workshop/setup.d/01.sh",
            r#"
            ! read line
            [ "$PWD" = "$HOME" ]
            [ -d "$HOME/exercises" ]
            [ -f /opt/workshop/setup.d/01.sh ] || [ -f "$(dirname "$0")/01.sh" ]
            "#,
        )
        .file("exercises/a.txt", "a")
        .test()
        .passes();
}

#[test]
fn the_profile_of_the_workshop_reaches_its_terminals() {
    WorkshopTest::page(
        "```terminal:execute\ncommand: greet\ntest: {output: ^hello from the profile$}\n```",
    )
    .file(
        "workshop/profile",
        "greet() { echo hello from the profile; }",
    )
    .test()
    .passes();
}

#[test]
fn a_long_log_is_whole_on_the_disk_and_its_end_in_the_report() {
    let test = WorkshopTest::page(NOTHING)
        .file("workshop/setup.d/01.sh", "seq 1 20000")
        .arg("--home")
        .arg("home");
    let run = test.test().passes();
    let log = test.beside("home/.local/share/workshop/setup-scripts.log");
    let log = std::fs::read_to_string(log).expect("the log");
    assert!(log.contains("+ seq 1 20000\n1\n2\n") && log.contains("\n20000\n"));
    let shown = &run.setup().log;
    assert!(shown.len() <= 16 * 1024 && shown.ends_with("\n20000\n"));
}

#[test]
fn progress_bars_and_colours_are_shown_as_text() {
    let script = r"{ set +x; } 2> /dev/null
        for part in 10 50 100; do printf '\rFetching %d%%' $part; done
        printf '\r\033[K\033[32mFetched\033[0m everything\n'";
    let run = WorkshopTest::page(NOTHING)
        .file("workshop/setup.d/01.sh", script)
        .test()
        .passes();
    assert_eq!(run.setup().log, "Fetched everything\n");
}
