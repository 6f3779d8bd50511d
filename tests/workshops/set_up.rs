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

/// `workshop/config.yaml` with a variable that takes its value from `COLOUR`.
const COLOUR: &str = "params:\n- name: colour\n  value: grey\n  aliases: [COLOUR]\n";

#[test]
fn what_profiles_export_reaches_terminals_tests_and_pages() {
    WorkshopTest::page(
        "
        ```terminal:execute
        command: echo \"$COLOUR-$SHADE-${GONE-gone}-${HIDDEN-hidden}\"
        test: {output: ^teal-dark teal-gone-hidden$}
        ```
        ```terminal:execute
        command: echo {{< param colour >}}
        test: {output: ^teal$}
        ```
        ```examiner:execute-test
        name: sees
        ```
        ",
    )
    .file("workshop/config.yaml", COLOUR)
    .file(
        "workshop/setup.d/01.sh",
        r#"echo "GONE=still-here BASE=teal" >> "$WORKSHOP_ENV""#,
    )
    // Scripts of `setup.d` come first, `sh.local` last, and other files are none.
    .file(
        "workshop/profile.d/a.sh",
        "export COLOUR=$BASE; unset GONE; HIDDEN=1",
    )
    .file(
        "workshop/profile.d/sh.local",
        "export SHADE=\"dark $COLOUR\"",
    )
    .file("workshop/profile.d/z.sh", "export COLOUR=\"$COLOUR\"")
    .file("workshop/profile.d/data.txt", "exit 1")
    .examiner("sees", r#"[ "$SHADE" = 'dark teal' ]"#)
    .test()
    .passes();
}

#[test]
fn a_profile_that_fails_is_a_failed_step_and_the_others_count() {
    let test = WorkshopTest::page(
        "```terminal:execute\ncommand: echo \"$BEFORE$AFTER$LAST\"\ntest: {output: ^123$}\n```",
    )
    .file(
        "workshop/profile.d/a.sh",
        "export BEFORE=1\nno-such-command\nexport NEVER=1",
    )
    .file("workshop/profile.d/b.sh", "if then")
    .file("workshop/profile.d/c.sh", "export AFTER=2; echo seen")
    .file("workshop/profile.d/d.sh", "export LAST=3; exit 0")
    .arg("--keep-going");
    let run = test.test().fails().rows_are(&["click passed"]);
    let steps: Vec<_> = run
        .report()
        .setup
        .iter()
        .map(|step| (&*step.name, &*step.status))
        .collect();
    assert_eq!(
        steps,
        [
            ("profile.d/a.sh", "failed"),
            ("profile.d/b.sh", "failed"),
            ("profile.d/c.sh", "passed"),
            ("profile.d/d.sh", "passed"),
        ]
    );
    let setup = &run.report().setup;
    assert!(setup[0].log.contains("no-such-command: command not found"));
    assert!(setup[1].log.contains("syntax error"), "{:?}", setup[1]);
    assert!(setup[2].log.contains("seen"), "{:?}", setup[2]);
}

#[test]
fn a_failure_leaves_its_mark_and_all_is_in_the_log() {
    let test = WorkshopTest::page(NOTHING)
        .file(
            "workshop/setup.d/01.sh",
            r#"
            echo "A='one two'" >> "$WORKSHOP_ENV"
            [ -e "$HOME/repaired" ] || exit 3
            "#,
        )
        .file("workshop/profile.d/p.sh", "export P=1")
        .arg("--home")
        .arg("home");
    let state = test.beside("home/.local/share/workshop");
    let failed = state.join("setup-scripts.failed");
    test.test().fails();
    assert!(failed.exists(), "the mark of a failure");
    std::fs::write(test.beside("home/repaired"), "").expect("a file");
    test.test().passes();
    assert!(!failed.exists(), "it is gone when all has passed");
    let log = std::fs::read_to_string(state.join("setup-scripts.log")).expect("the log");
    let lines: Vec<_> = log
        .lines()
        .filter(|line| !line.starts_with('+'))
        .map(|line| line.replace(line.split("/workshop/").next().unwrap_or_default(), "…"))
        .collect();
    assert!(log.contains("+ exit 3\n"), "{log}");
    assert!(lines[0].contains("setup.d/01.sh"), "{log}");
    assert_eq!(log.matches("Executing ").count(), 4, "{log}");
    assert_eq!(log.matches("\nA='one two'\n").count(), 2, "{log}");
    assert!(log.contains("01.sh ended with status 3"), "{log}");
}

#[test]
fn a_workshop_folder_in_the_home_has_its_turn_after_the_workshops_own() {
    let test = WorkshopTest::page(
        "```terminal:execute\ncommand: echo \"$FROM\"\ntest: {output: ^profile own home$}\n```",
    )
    .file(
        "workshop/setup.d/01.sh",
        r#"
        mkdir -p ~/workshop/setup.d ~/workshop/profile.d
        echo 'echo "FROM=\"$FROM own\"" >> "$WORKSHOP_ENV"' > ~/workshop/setup.d/own.sh
        echo 'export FROM="$FROM home"' > ~/workshop/profile.d/home.sh
        "#,
    )
    .file("workshop/profile.d/p.sh", "export FROM=profile");
    let run = test.test().passes();
    let names: Vec<_> = run.report().setup.iter().map(|step| &*step.name).collect();
    assert_eq!(
        names,
        [
            "01.sh",
            "profile.d/p.sh",
            "~/workshop/setup.d/own.sh",
            "~/workshop/profile.d/home.sh"
        ]
    );
}

#[test]
fn terminals_begin_in_the_exercises_that_a_script_has_made() {
    WorkshopTest::page(
        "```terminal:execute\ncommand: echo \"$(basename \"$PWD\") $(basename \"$TERMINAL_HOME\")\"\ntest: {output: ^exercises exercises$}\n```",
    )
    .file("workshop/setup.d/01.sh", "mkdir ~/exercises")
    .test()
    .passes();
}

#[test]
fn files_that_cannot_be_read_are_all_named_and_nothing_starts() {
    let run = WorkshopTest::page(NOTHING)
        .file("exercises/a.txt", "a")
        .mode("exercises/a.txt", 0o000)
        .file("exercises/b.txt", "b")
        .mode("exercises/b.txt", 0o000)
        .without_privilege()
        .test();
    assert_eq!(run.exit, Some(2), "{}", run.stderr);
    for part in [
        "2 files of the workshop",
        "exercises/a.txt: ",
        "exercises/b.txt: ",
    ] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
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

#[test]
fn what_a_script_leaves_running_prints_on_into_the_log() {
    let page = "```terminal:execute\ncommand: |-\n  echo heard > ~/pipe\n  cat ~/answer\n  until grep -x 'still here' ~/.local/share/workshop/setup-scripts.log; do sleep 0.1; done\n```";
    WorkshopTest::page(page)
        .file(
            "workshop/setup.d/01-starts.sh",
            "set +x; mkfifo ~/pipe ~/answer; { read word < ~/pipe; echo still here; echo $word > ~/answer; } &",
        )
        .test()
        .passes();
}
