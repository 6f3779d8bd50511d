//! What is kept of a run's terminals: recordings, and what a failed action's terminals showed.

use atelier_tests::{WorkshopTest, wait_for};
use camino::Utf8Path;
use rustix::process::Signal;
use serde_json::Value;

/// The events of a recording: code and data, held to the format.
fn events(path: &Utf8Path) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut lines = text.lines();
    let header: Value = serde_json::from_str(lines.next().expect("a header")).expect("JSON");
    assert_eq!(header["version"], 2);
    assert!(header["width"].is_u64() && header["height"].is_u64() && header["timestamp"].is_u64());
    let mut last = 0.0;
    lines
        .map(|line| {
            let (time, code, data): (f64, String, String) =
                serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
            assert!(time >= last, "{time} after {last}");
            assert!(["o", "m", "r"].contains(&&*code), "{line}");
            last = time;
            (code, data)
        })
        .collect()
}

fn of(events: &[(String, String)], code: &str) -> Vec<String> {
    let same = events.iter().filter(|(own, _)| own == code);
    same.map(|(_, data)| data.clone()).collect()
}

#[test]
fn a_recording_has_marks_and_what_terminals_show() {
    let first = "
        # One
        ```terminal:execute
        command: printf 'caf\\303\\251 '; printf '\\342'; printf '\\202\\254\\n'
        ```
        ```terminal:execute
        command: echo second
        session: 2
        ```
        ";
    let second = "# Two\n\n```editor:send-to-terminal\ntext: echo third\n```\n";
    let test = WorkshopTest::new(&[])
        .and_page("01-one", first)
        .and_page("02-two", second);
    let file = test.beside("run.cast");
    let output = test.run_with(&["--record", file.as_str()]);
    assert_eq!(output.status.code(), Some(0));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("run.cast") && said.contains("run-3.cast"),
        "{said}"
    );

    let one = events(&file);
    let marks = [
        "1/2 One",
        "Terminal: Execute command in terminal \"1\"",
        "Terminal: Execute command in terminal \"2\"",
        "2/2 Two",
        "Editor: Send text with newline to terminal \"educates\"",
    ];
    assert_eq!(of(&one, "m"), marks);
    let shown = of(&one, "o").concat();
    assert!(shown.contains("caf\u{e9} \u{20ac}"), "{shown:?}");
    assert!(!shown.contains("second") && !shown.contains('\u{fffd}'));

    // A mark stands before what it leads to.
    let two = events(&test.beside("run-2.cast"));
    assert_eq!(of(&two, "m"), ["1/2 One", marks[2], marks[3], marks[4]]);
    let place = |wanted: &str| two.iter().position(|(_, data)| data.contains(wanted));
    assert!(place(marks[2]) < place("second"), "{two:?}");
    assert!(place("second") < place("2/2 Two"), "{two:?}");

    let three = events(&test.beside("run-3.cast"));
    assert!(of(&three, "o").concat().contains("third"));
}

#[test]
fn a_recording_that_is_cut_short_holds_what_was_shown() {
    // The second action keeps the first from being taken for one that may be left running.
    let page = "
        ```terminal:execute
        command: echo $((40+2)) there; sleep 600
        ```
        ```terminal:execute
        command: echo never
        ```
        ";
    let test = WorkshopTest::page(page);
    let file = test.beside("run.cast");
    let test = test.arg("--record").arg(file.as_str());
    let run = test.start();
    let written = || std::fs::read_to_string(&file).is_ok_and(|text| text.contains("42 there"));
    wait_for("the output in the recording, long before the end", written);
    run.signal(Signal::INT);
    assert_eq!(run.end().exit, Some(2));
    assert!(of(&events(&file), "o").concat().contains("42 there"));
}

#[test]
fn a_recording_takes_one_workshop_and_a_place_that_can_be_written() {
    let test = WorkshopTest::page("");
    let refused = test.run_with(&["--record", "run.cast", test.root().as_str()]);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("`--record` takes one workshop"), "{said}");
    let nowhere = test.run_with(&["--record", "/nowhere/run.cast"]);
    assert_eq!(nowhere.status.code(), Some(2));
    let said = String::from_utf8_lossy(&nowhere.stderr);
    assert!(
        said.contains("/nowhere/run.cast could not be written"),
        "{said}"
    );
}

#[test]
fn a_run_without_terminals_has_a_recording_of_its_marks() {
    let test = WorkshopTest::page("# Nothing\n\n```workshop:copy\ntext: a\n```\n");
    let file = test.beside("run.cast");
    assert_eq!(
        test.run_with(&["--record", file.as_str()]).status.code(),
        Some(0)
    );
    let found: Vec<_> = events(&file).into_iter().map(|(code, _)| code).collect();
    assert_eq!(found, ["m", "m"]);
}

#[test]
fn a_failed_row_shows_the_terminals_concerned() {
    let page = "
        ```terminal:execute
        command: seq 1 40; false
        test: {expect: fail}
        ```
        ```terminal:execute
        command: echo in $((1+1)); false
        session: 2
        ```
        ```examiner:execute-test
        name: fails
        ```
        ```editor:append-lines-to-file
        file: ~/nowhere/a.txt
        text: a
        ```
        ";
    let test = WorkshopTest::page(page)
        .examiner("fails", "echo no file; exit 1")
        .arg("--keep-going");
    let played = test.test().fails();
    // What fails as its author expects has passed.
    assert!(played.row(0).terminals.is_empty());
    let names = |index: usize| -> Vec<_> {
        let terminals = played.row(index).terminals.iter();
        terminals.map(|terminal| terminal.name.clone()).collect()
    };
    assert_eq!(names(1), ["2"]);
    assert!(played.row(1).terminals[0].screen.contains("\nin 2\n"));
    assert_eq!(names(2), ["1", "2"]);
    let first = &played.row(2).terminals[0];
    // The screen has 30 lines.
    assert!(!first.screen.contains("\n1\n") && first.transcript.contains("\n1\n"));
    assert!(first.transcript.ends_with(&first.screen));
    assert!(names(3).is_empty());

    let human = test.run_with(&[]);
    let said = String::from_utf8_lossy(&human.stdout);
    assert!(said.contains("terminal 1 shows:\n"), "{said}");
    assert!(said.contains("\u{2502} 40\n"), "{said}");

    let junit = test.run_with(&["--format", "junit"]);
    let text = String::from_utf8(junit.stdout).expect("text");
    let report = quick_junit::Report::deserialize_from_str(&text).expect("JUnit");
    let cases = &report.test_suites[0].test_cases;
    let printed = |at: usize| {
        cases[at]
            .system_out
            .as_ref()
            .map(|out| out.as_str().to_owned())
    };
    assert!(
        printed(2)
            .is_some_and(|out| out.contains("no file") && out.contains("--- terminal 2 ---\n"))
    );
}

#[test]
fn several_workshops_are_counted_together() {
    let good = WorkshopTest::page("```terminal:execute\ncommand: 'true'\n```\n");
    let bad = WorkshopTest::page("```terminal:execute\ncommand: 'false'\n```\n");
    let gone = good.beside("gone");
    let paths = [bad.root().as_str(), gone.as_str()];
    let run = |format: &str| {
        let output = good.run_with(&["--format", format, paths[0], paths[1]]);
        assert_eq!(output.status.code(), Some(2), "{format}");
        String::from_utf8(output.stdout).expect("text")
    };
    let human = run("human");
    let last = human.lines().last().unwrap_or_default();
    assert_eq!(
        last,
        "3 workshops: 1 passed, 1 failed, 1 not played; 1 actions passed, 0 warned, 1 failed, 0 skipped"
    );
    let json: Value = serde_json::from_str(&run("json")).expect("JSON");
    let outcomes = json.as_array().expect("a list").iter();
    let outcomes: Vec<_> = outcomes.map(|report| report["outcome"].as_str()).collect();
    assert_eq!(outcomes, [Some("failed"), Some("passed")]);
    let junit = quick_junit::Report::deserialize_from_str(&run("junit")).expect("JUnit");
    assert_eq!((junit.tests, junit.failures, junit.errors), (3, 1, 1));
    assert_eq!(junit.test_suites[2].name.as_str(), gone.as_str());
}
