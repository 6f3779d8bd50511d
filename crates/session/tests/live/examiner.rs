//! Examiner tests: found, run, retried.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use atelier_session::examiner::{
    Attempt, Examiner, LOG, Progress, Retries, TestCall, TestOutcome, Tries,
};
use tokio_util::sync::CancellationToken;

use crate::lab::{Lab, environment, eventually};

fn lab(tests: &[(&str, u32, &str)]) -> (Lab, Examiner) {
    let lab = Lab::with(|folder| {
        for (name, mode, text) in tests {
            write(
                &folder.join("workshop/examiner/tests").join(name),
                *mode,
                text,
            );
        }
    });
    let folder = lab.folder.path().join("workshop/examiner/tests");
    let folders = vec![lab.folder.path().join("missing"), folder];
    let examiner = Examiner {
        folders,
        home: lab.home(),
        env: environment(&lab.home()),
    };
    (lab, examiner)
}

fn write(path: &Path, mode: u32, text: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    fs::write(path, text).expect("a test");
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("its mode");
}

async fn attempt(lab: &Lab, examiner: &Examiner, call: &TestCall) -> Attempt {
    examiner
        .run(&lab.launcher, call, &CancellationToken::new())
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn outcomes() {
    let (lab, examiner) = lab(&[
        ("pass", 0o755, "#!/bin/sh\nexit 0"),
        ("sub/fail", 0o755, "#!/bin/sh\nexit 7"),
        ("crash", 0o755, "#!/bin/sh\nkill -9 $$"),
        ("not-executable", 0o644, "#!/usr/bin/env sh\nexit 5"),
        ("no-first-line", 0o755, "exit 6"),
        ("data", 0o644, "exit 0"),
        ("bad-interpreter", 0o755, "#!/no/such/program\n"),
    ]);
    for (name, expected) in [
        ("pass", TestOutcome::Passed),
        ("sub/fail", TestOutcome::Failed { status: 7 }),
        ("crash", TestOutcome::Killed { signal: 9 }),
        ("not-executable", TestOutcome::Failed { status: 5 }),
        ("no-first-line", TestOutcome::Failed { status: 6 }),
        ("data", TestOutcome::NotFound),
        ("missing", TestOutcome::NotFound),
        ("sub", TestOutcome::NotFound),
        ("a b", TestOutcome::NotFound),
        ("", TestOutcome::NotFound),
    ] {
        assert_eq!(
            attempt(&lab, &examiner, &TestCall::new(name)).await.outcome,
            expected,
            "{name}"
        );
    }
    let outcome = attempt(&lab, &examiner, &TestCall::new("bad-interpreter"))
        .await
        .outcome;
    assert!(
        outcome
            .to_string()
            .contains("bad-interpreter: the program named in its first line"),
        "{outcome}"
    );
    let nul = TestCall {
        args: vec!["a\0b".to_owned()],
        ..TestCall::new("pass")
    };
    assert!(matches!(
        attempt(&lab, &examiner, &nul).await.outcome,
        TestOutcome::Impossible { .. }
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_outside_its_folder_is_not_found() {
    let (lab, examiner) = lab(&[("inside", 0o755, "#!/bin/sh\nexit 0")]);
    let tests = lab.folder.path().join("workshop/examiner/tests");
    write(
        &lab.folder.path().join("workshop/examiner/outside"),
        0o755,
        "#!/bin/sh\nexit 0",
    );
    symlink("../outside", tests.join("link")).expect("a link");
    symlink("inside", tests.join("fine")).expect("a link");
    for (name, found) in [
        ("../outside", false),
        ("link", false),
        ("/bin/true", false),
        ("fine", true),
    ] {
        assert_eq!(examiner.find(name).is_some(), found, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_gets_its_arguments_form_and_home_and_is_logged() {
    let text = "#!/bin/sh\npwd; printf '%s|' \"$@\"; cat; echo; echo wrong >&2; exit 1";
    let (lab, examiner) = lab(&[("echo", 0o755, text)]);
    let call = TestCall {
        args: vec!["a b".to_owned(), "$HOME".to_owned()],
        input: serde_json::json!({"name": "Ä"}),
        ..TestCall::new("echo")
    };
    let expected = format!(
        "{}\na b|$HOME|{{\"name\":\"Ä\"}}\nwrong\n",
        lab.home().display()
    );
    assert_eq!(attempt(&lab, &examiner, &call).await.output, expected);
    let log = fs::read_to_string(lab.home().join(LOG)).expect("a log");
    assert_eq!(
        log,
        expected
            .lines()
            .map(|line| format!("echo: {line}\n"))
            .collect::<String>()
    );
    let plain = attempt(&lab, &examiner, &TestCall::new("echo")).await;
    assert!(plain.output.contains("|{}\n"), "{}", plain.output);
}

#[tokio::test(flavor = "multi_thread")]
async fn output_is_the_end_and_whole_characters() {
    let (lab, examiner) = lab(&[(
        "long",
        0o755,
        "#!/bin/sh\ni=0; while [ $i -lt 2000 ]; do printf 'äöü'; i=$((i+1)); done; printf end",
    )]);
    let output = attempt(&lab, &examiner, &TestCall::new("long"))
        .await
        .output;
    assert!((4090..=4096).contains(&output.len()), "{}", output.len());
    assert!(
        output.ends_with("end") && !output.contains('\u{fffd}'),
        "{output:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_test_is_ended_with_its_children() {
    let text = "#!/bin/sh\ntrap '' TERM\nsleep 320 & echo $! > child; wait; wait; sleep 321";
    let (lab, examiner) = lab(&[("slow", 0o755, text)]);
    // Long enough for the test to have come to its wait.
    let timeout = Duration::from_secs(3);
    let call = TestCall {
        timeout,
        ..TestCall::new("slow")
    };
    assert_eq!(
        attempt(&lab, &examiner, &call).await.outcome,
        TestOutcome::TimedOut { after: timeout }
    );
    let child = fs::read_to_string(lab.home().join("child")).expect("its child's pid");
    let pid: u32 = child.trim().parse().expect("a pid");
    eventually("the child's end", || {
        !lab.launcher.processes().contains(&pid)
    })
    .await;
}

fn tries(retries: Retries, delay: Duration) -> Tries<'static> {
    Tries {
        retries,
        delay,
        progress: None,
    }
}

/// Passes at its third run.
const THIRD: &str = "#!/bin/sh\necho run >> runs; [ $(wc -l < runs) -ge 3 ]";

#[tokio::test(flavor = "multi_thread")]
async fn retries() {
    let token = CancellationToken::new();
    let delay = Duration::from_millis(10);
    for (retries, outcome, attempts) in [
        (Retries::Times(1), TestOutcome::Failed { status: 1 }, 2),
        (Retries::Times(5), TestOutcome::Passed, 3),
        (Retries::Unlimited, TestOutcome::Passed, 3),
    ] {
        let (lab, examiner) = lab(&[("third", 0o755, THIRD)]);
        let call = TestCall::new("third");
        let last = examiner
            .run_until_passed(&lab.launcher, &call, tries(retries, delay), &token)
            .await;
        assert_eq!(
            (last.outcome, last.attempts),
            (outcome, attempts),
            "{retries:?}"
        );
    }
    let (lab, examiner) = lab(&[]);
    let missing = TestCall::new("missing");
    let last = examiner
        .run_until_passed(
            &lab.launcher,
            &missing,
            tries(Retries::Unlimited, delay),
            &token,
        )
        .await;
    assert_eq!(
        (last.outcome, last.attempts),
        (TestOutcome::NotFound, 0),
        "what is missing is not retried"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn unlimited_retries_end_when_cancelled() {
    let (lab, examiner) = lab(&[("never", 0o755, "#!/bin/sh\necho run >> runs; exit 1")]);
    let token = CancellationToken::new();
    let call = TestCall::new("never");
    let runs = lab.home().join("runs");
    let delay = Duration::from_secs(60);
    let run = examiner.run_until_passed(
        &lab.launcher,
        &call,
        tries(Retries::Unlimited, delay),
        &token,
    );
    let (last, ()) = tokio::join!(run, async {
        eventually("the first run", || runs.exists()).await;
        token.cancel();
    });
    assert_eq!(last.outcome, TestOutcome::Cancelled);
}

#[tokio::test(flavor = "multi_thread")]
async fn tells_how_far_it_is() {
    let (lab, examiner) = lab(&[("third", 0o755, THIRD)]);
    let told = Mutex::new(Vec::new());
    let listen = |progress: Progress| told.lock().expect("the list").push(progress);
    let delay = Duration::from_millis(10);
    let tries = Tries {
        progress: Some(&listen),
        ..tries(Retries::Times(9), delay)
    };
    let call = TestCall::new("third");
    let cancel = CancellationToken::new();
    examiner
        .run_until_passed(&lab.launcher, &call, tries, &cancel)
        .await;
    let expected = [(1, Some(delay)), (2, None), (2, Some(delay)), (3, None)];
    let expected = expected.map(|(attempt, wait)| Progress {
        attempt,
        of: Some(10),
        wait,
    });
    assert_eq!(*told.lock().expect("the list"), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_impossible_is_not_tried_again() {
    let (lab, examiner) = lab(&[("pass", 0o755, "#!/bin/sh\necho run >> runs")]);
    let call = TestCall {
        args: vec!["a\0b".to_owned()],
        ..TestCall::new("pass")
    };
    let forever = tries(Retries::Unlimited, Duration::from_secs(60));
    let cancel = CancellationToken::new();
    let last = examiner
        .run_until_passed(&lab.launcher, &call, forever, &cancel)
        .await;
    assert_eq!(last.attempts, 1);
    assert!(!lab.home().join("runs").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_neither_shown_nor_logged() {
    let (lab, examiner) = lab(&[("echo", 0o755, "#!/bin/sh\ncat; exit 1")]);
    let call = TestCall {
        input: serde_json::json!({"p": "s3cret", "n": "abc"}),
        secrets: vec!["s3cret".to_owned(), "abc".to_owned()],
        ..TestCall::new("echo")
    };
    let output = attempt(&lab, &examiner, &call).await.output;
    assert_eq!(output, "{\"p\":\"••••\",\"n\":\"abc\"}");
    let log = fs::read_to_string(lab.home().join(LOG)).expect("a log");
    assert!(!log.contains("s3cret"), "{log}");
}
