//! What a session gets, and that nothing of it stays.

use std::fs;

use atelier_tests::{WorkshopTest, wait_for};
use rustix::process::Signal;

#[test]
fn has_a_home_and_an_environment_of_its_own() {
    let run = WorkshopTest::page(
        "
        ```terminal:execute
        command: env > ~/exercises/env.txt; declare -p HOME PATH
        ```
        ```examiner:execute-test
        name: env
        ```
        ",
    )
    .file("exercises/a.txt", "a")
    .file("workshop/setup.d/01.sh", "env")
    .examiner("env", "env; cat exercises/env.txt")
    .env("AWS_SECRET_ACCESS_KEY", "do-not-leak-me")
    .env("SSH_AUTH_SOCK", "/do-not-leak-me")
    .env("LANG", "C.UTF-8")
    .test()
    .passes();
    assert!(!run.stdout.contains("do-not-leak-me"), "{}", run.stdout);
    let seen = run.row(1).output();
    assert!(seen.contains("LANG=C.UTF-8"), "{seen}");
    let value = |name: &str| {
        let line = seen.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_else(|| panic!("no {name} in {seen}"))
            .to_owned()
    };
    let home = value("HOME=");
    let session = home
        .strip_suffix("/home")
        .expect("home lies in the session");
    assert!(
        value("PATH=").starts_with(&format!("{session}/bin:{home}/.local/bin:{home}/bin:")),
        "{seen}"
    );
    assert_ne!(home, std::env::var("HOME").expect("a home"));
}

#[test]
fn a_variable_that_is_no_text_does_not_stop_it() {
    use std::os::unix::ffi::OsStringExt;
    WorkshopTest::page("```workshop:copy\ntext: hi\n```")
        .env("ODD", std::ffi::OsString::from_vec(vec![0xff, 0xfe]))
        .test()
        .passes();
}

#[test]
fn works_on_a_copy() {
    let test = WorkshopTest::page(
        "
        ```terminal:execute
        command: pwd; rm a.txt && cat sub/link && test -x run.sh && ! test -e ../.git
        ```
        ```terminal:execute
        command: test -e ~/README.md && ! test -e ~/workshop
        ```
        ",
    )
    .file("README.md", "read me")
    .file(".git/config", "")
    .file("exercises/a.txt", "a")
    .file("exercises/b.txt", "b")
    .link("exercises/sub/link", "../b.txt")
    .program("exercises/run.sh", "true");
    let run = test.test().passes();
    assert!(
        run.row(0).output().contains("/home/exercises"),
        "{:?}",
        run.row(0)
    );
    assert!(test.root().join("exercises/a.txt").exists());
}

#[test]
fn a_link_that_leads_out_is_refused() {
    for target in ["/etc/passwd", "../../../outside", "../workshop/../../x"] {
        let test =
            WorkshopTest::page("```workshop:copy\ntext: hi\n```").link("exercises/link", target);
        let run = test.test();
        assert_eq!(run.exit, Some(2), "{}", run.stderr);
        assert_eq!(run.report().outcome, "error");
        assert!(run.report().pages.is_empty());
        assert!(
            run.stderr.contains("exercises/link is a link to")
                && run.stderr.contains("outside the workshop"),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn a_home_of_its_own_is_kept_and_nothing_in_it_deleted() {
    let test = WorkshopTest::page("```terminal:execute\ncommand: echo changed >> a.txt\n```")
        .file("exercises/a.txt", "original\n");
    let home = test.beside("deep/home");
    fs::create_dir_all(home.join("exercises")).expect("a folder");
    fs::write(home.join("exercises/mine.txt"), "mine").expect("a file");
    fs::write(home.join("exercises/a.txt"), "old").expect("a file");
    let test = test.arg("--home").arg("deep/../deep/home");
    test.test().passes();
    let read = |name: &str| fs::read_to_string(home.join(name)).expect("a file");
    assert_eq!(read("exercises/a.txt"), "original\nchanged\n");
    assert_eq!(read("exercises/mine.txt"), "mine");
}

#[test]
fn what_may_not_be_written_to_is_replaced_in_a_home_that_was_there() {
    let test =
        WorkshopTest::page("```terminal:execute\ncommand: cat a.txt\ntest: {output: ^a$}\n```")
            .file("exercises/a.txt", "a")
            .mode("exercises/a.txt", 0o444)
            .without_privilege()
            .arg("--home")
            .arg("home");
    test.test().passes();
    test.test().passes();
}

#[test]
fn nothing_of_the_players_own_lies_in_the_home() {
    let test = WorkshopTest::page("```terminal:execute\ncommand: 'true'\n```")
        .file("exercises/a.txt", "a")
        .file("workshop/setup.d/01-log.sh", "echo to the log")
        .arg("--home")
        .arg("home");
    test.test().passes();
    let home = test.beside("home");
    let mut found = Vec::new();
    let mut folders = vec![home.clone()];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir_utf8().expect("a folder").flatten() {
            match entry.path().is_dir() {
                true => folders.push(entry.into_path()),
                false => found.push(entry.path().strip_prefix(&home).expect("below").to_string()),
            }
        }
    }
    found.sort();
    let log = ".local/share/workshop/setup-scripts.log";
    // Scripts know these names.
    let theirs = [
        log,
        ".local/share/workshop/workshop-definition.json",
        ".local/share/workshop/workshop-environment.json",
        ".local/share/workshop/workshop-variables.json",
        "exercises/a.txt",
        "resources/workshop.yaml",
    ];
    assert_eq!(
        found
            .iter()
            .filter(|path| *path != ".bash_history")
            .collect::<Vec<_>>(),
        theirs.iter().collect::<Vec<_>>()
    );
    let log = fs::read_to_string(home.join(log)).expect("the log");
    assert!(
        log.contains("01-log.sh") && log.contains("to the log\n"),
        "{log}"
    );
}

#[test]
fn a_home_is_made_and_reached_by_the_editor_however_it_is_spelt() {
    let test = WorkshopTest::page("```editor:create-file\nfile: ~/a.txt\ntext: hi\n```");
    let home = test.beside("made");
    fs::create_dir(test.beside("real")).expect("a folder");
    std::os::unix::fs::symlink(test.beside("real"), test.beside("alias")).expect("a link");
    for spelt in ["./x/../made", "alias"] {
        fs::create_dir_all(test.beside("x")).expect("a folder");
        let output = test.run_with(&["--home", spelt, "--format", "json"]);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stdout)
        );
    }
    assert!(home.join("a.txt").exists() && test.beside("real/a.txt").exists());
}

#[test]
fn is_kept_when_asked_to() {
    let test = WorkshopTest::page("```terminal:execute\ncommand: touch ~/made\n```").arg("--keep");
    let run = test.test().passes();
    let folder = run
        .stderr
        .trim()
        .strip_prefix("the session is kept in ")
        .expect(&run.stderr);
    assert!(std::path::Path::new(folder).join("home/made").exists());
}

#[test]
fn files_that_refuse_to_be_removed_are_removed() {
    // As a Go module cache is: folders without the permission to write.
    WorkshopTest::page(
        "
        ```terminal:execute
        command: mkdir -p ~/mod/deep && touch ~/mod/deep/file && chmod -R a-w ~/mod && ! touch ~/mod/file
        ```
        ",
    )
    .without_privilege()
    .test()
    .passes();
}

/// Leaves its terminal, its session and its parents behind.
const RUNAWAY: &str = "(setsid nohup sleep 600 >/dev/null 2>&1 &) ; sleep 601 &";

#[test]
fn nothing_runs_on_after_success_or_failure() {
    // The harness looks for processes and files after every run.
    for end in ["true", "false"] {
        let run = WorkshopTest::page(&format!(
            "```terminal:execute\ncommand: |-\n  {RUNAWAY}\n  {end}\n```"
        ))
        .test();
        assert_eq!(run.exit, Some(i32::from(end == "false")), "{}", run.stdout);
    }
}

#[test]
fn a_signal_ends_everything_at_once() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let test = WorkshopTest::new(&[]);
        let mark = test.beside("running");
        let test = test.and_page(
            "01-page",
            &format!("```terminal:execute\ncommand: |-\n  {RUNAWAY}\n  trap '' INT TERM HUP; touch {mark}; while :; do sleep 1; done\n```"),
        );
        // The mark lies where an isolated session cannot write.
        let test = test.arg("--isolation=folder");
        let run = test.start();
        wait_for("the command", || mark.exists());
        run.signal(signal);
        let ended = run.end();
        assert_eq!(ended.exit, Some(2), "{signal:?} {}", ended.stderr);
        assert_eq!(
            ended.stderr,
            "error: interrupted; what the run had started has been ended\n"
        );
        test.leaves_nothing(&ended.stderr);
    }
}

#[test]
fn a_signal_during_the_set_up_ends_everything() {
    let test = WorkshopTest::new(&[]);
    let mark = test.beside("running");
    let test = test.and_page("01-page", "hi").file(
        "workshop/setup.d/01.sh",
        &format!("{RUNAWAY}\ntouch {mark}; sleep 602"),
    );
    let test = test.arg("--isolation=folder");
    let run = test.start();
    wait_for("the script", || mark.exists());
    run.signal(Signal::INT);
    let ended = run.end();
    assert_eq!(ended.exit, Some(2), "{}", ended.stderr);
    test.leaves_nothing(&ended.stderr);
}

#[test]
fn a_signal_while_a_check_is_waited_for_ends_everything() {
    let test = WorkshopTest::page("```examiner:execute-test\nname: hangs\ntimeout: 600\n```");
    let mark = test.beside("running");
    let test = test.examiner("hangs", &format!("touch {mark}; sleep 603"));
    let test = test.arg("--isolation=folder");
    let run = test.start();
    wait_for("the test", || mark.exists());
    run.signal(Signal::TERM);
    let ended = run.end();
    assert_eq!(ended.exit, Some(2), "{}", ended.stderr);
    test.leaves_nothing(&ended.stderr);
}

#[test]
fn the_engine_closes_as_clean_as_the_command() {
    let test = WorkshopTest::page(&format!("```terminal:execute\ncommand: {RUNAWAY}\n```"));
    let root = test.beside("sessions/lab-0a0b0c");
    let engine = atelier_tests::Engine::open(&test, root.clone()).expect("a session");
    assert_eq!(engine.session.name(), "lab-0a0b0c");
    let report = engine.play();
    assert_eq!(report.totals.passed, 1, "{report:#?}");
    let again = atelier_tests::Engine::open(&test, root.clone()).err();
    assert_eq!(
        again.expect("one at a time").to_string(),
        "the session lab-0a0b0c is open in another window"
    );
    assert_eq!(engine.close(), 0);
    assert_eq!(atelier_tests::processes_with(root.as_str()), [""; 0]);
    let resumed = atelier_tests::Engine::open(&test, root).expect("the same session");
    assert!(resumed.session.resumed());
    resumed.close();
}
