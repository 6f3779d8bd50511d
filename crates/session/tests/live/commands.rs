//! When a typed command has ended, and what came of it.

use std::time::Instant;

use atelier_session::command_end::CommandEnd;
use atelier_session::command_end::StillRunning::{Unfinished, WaitsForInput};

use crate::lab::{Lab, ended, run, still};

async fn table(rows: &[(&str, CommandEnd)]) {
    let lab = Lab::new();
    let terminal = lab.terminal("1");
    for (text, expected) in rows {
        let started = Instant::now();
        let end = run(&terminal, text).await;
        assert_eq!(
            end,
            *expected,
            "{text:?} after {:?}\n{}",
            started.elapsed(),
            terminal.text()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn simple_commands() {
    table(&[
        ("true", ended(0)),
        ("false", ended(1)),
        ("(exit 42)", ended(42)),
        ("cd /tmp && ls /nowhere", ended(2)),
        ("no-such-program-here", ended(127)),
        ("printf 'no final newline'", ended(0)),
        ("sleep 300 &", ended(0)),
        ("kill %1; wait", ended(0)),
        ("# only a comment", ended(0)),
        ("", ended(0)),
        ("\n\n", ended(0)),
        ("false; true", ended(0)),
        ("true | false", ended(1)),
        ("sleep 0.3; false", ended(1)),
        (
            "kill -9 $BASHPID_NONE 2>/dev/null; (kill -9 $BASHPID)",
            ended(137),
        ),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blank_line_does_not_repeat_an_old_status() {
    table(&[
        ("false", ended(1)),
        ("", ended(0)),
        ("# comment", ended(0)),
        ("(exit 2)", ended(2)),
        ("", ended(0)),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_lines() {
    table(&[
        ("true\nfalse\ntrue", ended(1)),
        ("(exit 3)\n(exit 4)", ended(3)),
        ("true\n\n# comment\ntrue\n", ended(0)),
        ("sleep 0.2\nsleep 0.2\nfalse", ended(1)),
        ("cat <<END\none\ntwo\nEND", ended(0)),
        ("cat <<'END' | grep -q three\none\nEND", ended(1)),
        ("for i in 1 2 3\ndo\n  echo $i\ndone\nfalse", ended(1)),
        ("echo a \\\n  b \\\n  c", ended(0)),
        ("f() {\n  return 7\n}\nf", ended(7)),
        ("if true\r\nthen false\r\nfi", ended(1)),
        ("false\rtrue", ended(1)),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_bash_refuses() {
    table(&[
        ("if ; then", ended(2)),
        ("if ; then", ended(2)),
        ("true\n)\ntrue", ended(2)),
        ("!nosuchevent", ended(1)),
        ("!nosuchevent", ended(1)),
        ("true", ended(0)),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_that_a_program_reads() {
    table(&[
        ("python3 -q\nprint(6 * 7)\nexit(5)", ended(5)),
        ("true", ended(0)),
    ])
    .await;
    // bash has the terminal in raw mode when the second line arrives, so that its Enter ends no line for `read`:
    // that is how terminals are, here and in the reference.
    table(&[
        ("read x\nhello", still(WaitsForInput)),
        ("", CommandEnd::TypedIntoProgram),
        ("true", ended(0)),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_that_wait_for_input() {
    table(&[
        ("read -p 'name? ' name", still(WaitsForInput)),
        ("typed", CommandEnd::TypedIntoProgram),
        ("", ended(0)),
        ("cat", still(WaitsForInput)),
        ("\x04", CommandEnd::TypedIntoProgram),
        ("false", ended(1)),
        ("python3 -q", still(WaitsForInput)),
        (
            "import time; time.sleep(0.5); exit(3)",
            CommandEnd::TypedIntoProgram,
        ),
        ("[ $? = 3 ] && (exit 4)", ended(4)),
    ])
    .await;
    table(&[
        ("python3 -q", still(WaitsForInput)),
        ("1 + 1", CommandEnd::TypedIntoProgram),
    ])
    .await;
    table(&[("less /etc/passwd", still(WaitsForInput))]).await;
    table(&[("while :; do :; done & read answer", still(WaitsForInput))]).await;
    table(&[("read -s -p 'Password: ' secret", still(WaitsForInput))]).await;
    table(&[("echo 'unfinished", still(Unfinished)), ("rest'", ended(0))]).await;
    table(&[(
        "sh -c 'printf \"sure? \"; read answer; exit 3'",
        still(WaitsForInput),
    )])
    .await;
    table(&[(
        "python3 -c 'import getpass; getpass.getpass()'",
        still(WaitsForInput),
    )])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn shells_in_shells() {
    table(&[
        ("bash", still(WaitsForInput)),
        ("true", ended(0)),
        ("(exit 9)", ended(9)),
        ("exit", ended(9)),
        ("exec bash", still(WaitsForInput)),
        ("false", ended(1)),
        ("true\ntrue", ended(0)),
        ("exit 3", CommandEnd::Exited { status: 3 }),
        ("true", CommandEnd::Exited { status: 3 }),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn shells_that_end() {
    table(&[("exit", CommandEnd::Exited { status: 0 })]).await;
    table(&[
        ("set -e", ended(0)),
        ("true", ended(0)),
        ("false", CommandEnd::Exited { status: 1 }),
    ])
    .await;
    table(&[("exec sh -c 'exit 4'", CommandEnd::Exited { status: 4 })]).await;
    table(&[("kill -9 $$", CommandEnd::Exited { status: 137 })]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn learners_may_change_their_shell() {
    table(&[
        ("PROMPT_COMMAND='echo mine'", ended(0)),
        ("false", ended(1)),
        ("PS1='> '", ended(0)),
        ("false", ended(1)),
        ("unset PROMPT_COMMAND", ended(0)),
        ("false", ended(1)),
        ("PROMPT_COMMAND='PS1=abc'", ended(0)),
        ("(exit 3)", ended(3)),
        ("PS0=", ended(0)),
        ("false", ended(1)),
        ("trap 'true' DEBUG", ended(0)),
        ("false", ended(1)),
        ("set -u", ended(0)),
        ("set -x", ended(0)),
        ("(exit 6)", ended(6)),
        ("set +xu", ended(0)),
        ("exec > /dev/null", ended(0)),
        ("false", ended(1)),
        ("exec > /dev/tty; OLD=$PS1; PS1=\"(venv) $PS1\"", ended(0)),
        ("false", ended(1)),
        ("PS1=$OLD", ended(0)),
        ("PS1='one\\ntwo $(true) '", ended(0)),
        ("(exit 8)", ended(8)),
        // The one way to lose the marks: everything that keeps them alive, in a single command.
        (
            "PROMPT_COMMAND=(true); PS1='x '; PS0=",
            still(WaitsForInput),
        ),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_ends_like_any_command() {
    let lab = Lab::new();
    let terminal = lab.terminal("1");
    assert_eq!(run(&terminal, "seq 400000; false").await, ended(1));
    assert!(terminal.text().contains("400000"));
}

// One thread, so that the clicks have an order.
#[tokio::test]
async fn commands_for_one_terminal_are_typed_in_the_order_of_their_clicks() {
    let lab = Lab::new();
    let terminal = lab.terminal("1");
    // The terminal has yet to start, as on a page whose first actions start by themselves.
    let clicks = (0..6).map(|number| {
        let terminal = std::sync::Arc::clone(&terminal);
        async move {
            run(
                &terminal,
                &format!("echo {number} >> order; (exit {number})"),
            )
            .await
        }
    });
    let mut tasks = Vec::new();
    for click in clicks {
        tasks.push(tokio::spawn(click));
        tokio::task::yield_now().await;
    }
    for (number, task) in tasks.into_iter().enumerate() {
        let end = task.await.expect("no panic");
        assert_eq!(end, ended(number as i32), "{}", terminal.text());
    }
    let order = std::fs::read_to_string(lab.home().join("order")).expect("a file");
    assert_eq!(order, "0\n1\n2\n3\n4\n5\n");
}
