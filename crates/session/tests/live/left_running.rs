//! Commands that go on: when they are left, and when they are not.

use std::time::{Duration, Instant};

use atelier_session::command_end::StillRunning::{
    Background, LaterAction, ListensOn, Silent, WaitsForInput,
};
use atelier_session::command_end::{CommandEnd, CommandWait, LaterUse, interrupt, run_command};
use atelier_session::terminal::Terminal;

use crate::lab::{Lab, PATIENCE, PLAIN, ended, run, still, until};

async fn with(terminal: &Terminal, text: &str, wait: CommandWait) -> (CommandEnd, Duration) {
    let started = Instant::now();
    let end = run_command(terminal, text, wait).await;
    (end, started.elapsed())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_left_once_it_listens() {
    let lab = Lab::new();
    let terminal = lab.terminal("1");
    run(&terminal, "true").await;
    let before = terminal.listening().await;
    let end = run(&terminal, "python3 -u -m http.server 0 --bind 127.0.0.1").await;
    let port = terminal.new_ports(&before).await;
    assert_eq!(end, still(ListensOn { port: port[0] }));
    let stopped = interrupt(&terminal, PLAIN.limit).await;
    assert_eq!(
        stopped,
        ended(0),
        "Python's server answers Ctrl+C with 0\n{}",
        terminal.text()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_background_command_is_left() {
    let lab = Lab::new();
    let terminal = lab.terminal("1");
    let wait = CommandWait {
        background: true,
        ..PLAIN
    };
    assert_eq!(
        with(&terminal, "sleep 300", wait).await.0,
        still(Background)
    );
    assert_eq!(
        interrupt(&terminal, PLAIN.limit).await,
        CommandEnd::Ended {
            exit_code: 130,
            interrupted: true
        }
    );
    assert_eq!(
        with(&terminal, "no-such-server", wait).await.0,
        ended(127),
        "a failure is still noticed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_a_later_action_deals_with_is_left() {
    let lab = Lab::new();
    let terminal = lab.terminal("1");
    let later = LaterUse {
        interrupted_or_used_later: true,
        last_on_page: false,
    };
    let wait = CommandWait { later, ..PLAIN };
    assert_eq!(
        with(&terminal, "sleep 0.05; false", wait).await.0,
        ended(1),
        "a short command is waited for"
    );
    let (end, took) = with(&terminal, "sleep 300", wait).await;
    assert_eq!(end, still(LaterAction));
    assert!(took < PATIENCE, "{took:?}");
    interrupt(&terminal, PLAIN.limit).await;
    let (end, took) = with(&terminal, "while :; do date; done", wait).await;
    assert_eq!(end, still(LaterAction), "also one that never is quiet");
    assert!(took < PATIENCE, "{took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_command_of_a_page_is_left_when_silent() {
    let lab = Lab::new();
    let terminal = lab.terminal("1");
    let later = LaterUse {
        interrupted_or_used_later: false,
        last_on_page: true,
    };
    let (end, took) = with(
        &terminal,
        "echo started; sleep 300",
        CommandWait { later, ..PLAIN },
    )
    .await;
    assert_eq!(end, still(Silent));
    assert!(took >= Duration::from_secs(3), "{took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_at_work_is_never_left_for_being_quiet() {
    let limit = Duration::from_secs(5);
    let later = LaterUse {
        interrupted_or_used_later: false,
        last_on_page: true,
    };
    let lab = Lab::new();
    let (busy, asleep) = (lab.terminal("1"), lab.terminal("2"));
    let (busy, asleep) = tokio::join!(
        with(
            &busy,
            "while :; do :; done",
            CommandWait {
                later,
                limit,
                ..PLAIN
            }
        ),
        with(&asleep, "sleep 300", CommandWait { limit, ..PLAIN }),
    );
    assert_eq!(
        (busy.0, asleep.0),
        (CommandEnd::TimedOut, CommandEnd::TimedOut)
    );
}

/// Watches the terminal and a pipe, as apt does while dpkg works in a session of its own.
const WATCHER: &str = "import os, select, subprocess, sys
subprocess.Popen(['sh', '-c', sys.argv[1]], start_new_session=True, stdin=subprocess.DEVNULL)
select.select([0, os.pipe()[0]], [], [])";

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_could_take_input_while_its_child_works_is_not_waiting() {
    let lab = Lab::with(|folder| {
        std::fs::write(folder.join("home/watcher.py"), WATCHER).expect("a program")
    });
    let limit = Duration::from_secs(4);
    let (busy, idle) = (lab.terminal("1"), lab.terminal("2"));
    let (busy, idle) = tokio::join!(
        with(
            &busy,
            "python3 watcher.py 'while :; do :; done'",
            CommandWait { limit, ..PLAIN }
        ),
        with(&idle, "python3 watcher.py 'exec sleep 300'", PLAIN),
    );
    assert_eq!(
        (busy.0, idle.0),
        (CommandEnd::TimedOut, still(WaitsForInput))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn interrupts() {
    let lab = Lab::new();
    let terminal = lab.terminal("1");
    run(&terminal, "true").await;
    assert_eq!(
        interrupt(&terminal, PLAIN.limit).await,
        ended(0),
        "at an empty prompt"
    );
    assert_eq!(
        run(&terminal, "true").await,
        ended(0),
        "the interrupt's end mark is not the command's"
    );
    run(&terminal, "python3 -q").await;
    assert_eq!(
        interrupt(&terminal, PLAIN.limit).await,
        still(WaitsForInput)
    );
    until(&terminal, "the interrupt", |text| {
        text.contains("KeyboardInterrupt")
    })
    .await;
}
