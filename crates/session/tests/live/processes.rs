//! No process of a session outlives it.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use atelier_session::launch::{Ending, Launcher, Program, RunOptions, end_leftovers};
use tokio_util::sync::CancellationToken;

use crate::lab::{Lab, environment, eventually, run, until_prompt};

/// The pids that a script has noted in a file, once there are as many as expected.
pub(crate) async fn noted(lab: &Lab, count: usize) -> Vec<u32> {
    let file = lab.home().join("pids");
    let read = || fs::read_to_string(&file).unwrap_or_default();
    eventually("the start of all processes", || {
        read().lines().count() >= count
    })
    .await;
    read()
        .lines()
        .map(|line| line.parse().expect("a pid"))
        .collect()
}

pub(crate) fn state(pid: u32) -> Option<char> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(") ")?.1.chars().next()
}

/// Neither there, nor a zombie of ours. (What was orphaned is reaped by the system's first process, when it likes.)
pub(crate) fn gone(pid: u32) -> bool {
    state(pid).is_none_or(|state| state == 'Z') && !our_zombies().contains(&pid)
}

fn our_zombies() -> Vec<u32> {
    let own = std::process::id().to_string();
    let stat = |entry: fs::DirEntry| fs::read_to_string(entry.path().join("stat")).ok();
    let entries = fs::read_dir("/proc").expect("there is /proc");
    let zombie = |text: &String| {
        let fields: Vec<_> = text.rsplit_once(") ")?.1.split(' ').collect();
        (fields[0] == "Z" && fields[1] == own)
            .then(|| text.split(' ').next()?.parse().ok())
            .flatten()
    };
    entries
        .flatten()
        .filter_map(stat)
        .filter_map(|text| zombie(&text))
        .collect()
}

/// Ways to leave a shell, each noting its pid in `pids`.
const ESCAPES: &str = r#"
sleep 301 & echo $! >> pids
nohup sleep 302 > /dev/null 2>&1 & echo $! >> pids
(setsid sh -c 'echo $$ >> pids; exec sleep 303' &)
setsid -f sh -c 'echo $$ >> pids; exec sleep 304'
env -i setsid -f /bin/sh -c 'echo $$ >> pids; exec /bin/sleep 305'
(trap '' HUP TERM INT; sh -c 'echo $$ >> pids; exec sleep 306' &)
disown -a
python3 -c 'import os,sys,time
if os.fork(): sys.exit()
os.setsid()
if os.fork(): sys.exit()
open("pids","a").write(str(os.getpid()) + "\n"); os.closerange(0, 3); time.sleep(307)'
"#;
const ESCAPED: usize = 7;

fn can_escape(folder: &Path) {
    fs::write(folder.join("home/escape.sh"), ESCAPES).expect("a script");
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_ends_every_process() {
    everything_ends(Lab::with(can_escape)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_ends_every_process_without_a_keeper() {
    everything_ends(Lab::without_keeper(can_escape)).await;
}

async fn everything_ends(lab: Lab) {
    let terminal = lab.terminal("1");
    run(&terminal, ". ./escape.sh").await;
    let pids = noted(&lab, ESCAPED).await;
    for pid in &pids {
        assert!(!gone(*pid), "{pid} lives");
        assert!(lab.launcher.processes().contains(pid), "{pid} is known");
    }
    let shell = terminal.pid();
    assert_eq!(lab.launcher.end_all(Duration::from_millis(300)).await, 0);
    assert_eq!(pids.iter().filter(|pid| !gone(**pid)).count(), 0);
    assert!(gone(shell) && state(shell).is_none(), "the shell is reaped");
    assert_eq!(lab.launcher.processes(), Vec::<u32>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_starts_once_a_session_closes() {
    let lab = Lab::new();
    lab.launcher.end_all(Duration::ZERO).await;
    let error = lab
        .launcher
        .spawn_piped(&Program::new("true", "/"))
        .expect_err("closed");
    assert_eq!(
        error.to_string(),
        "the session is closing, so true was not started"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn dropping_the_launcher_ends_every_process() {
    let lab = Lab::with(can_escape);
    let terminal = lab.terminal("1");
    run(&terminal, ". ./escape.sh").await;
    let mut pids = noted(&lab, ESCAPED).await;
    pids.push(terminal.pid());
    drop(terminal);
    let Lab {
        launcher,
        terminals,
        folder,
        ..
    } = lab;
    drop((terminals, launcher));
    eventually("the end of every process", || {
        pids.iter().all(|pid| gone(*pid))
    })
    .await;
    drop(folder);
}

#[tokio::test(flavor = "multi_thread")]
async fn dropping_a_terminal_ends_its_programs() {
    let lab = Lab::new();
    let terminal = lab.terminal("1");
    run(
        &terminal,
        "(trap '' HUP; sh -c 'echo $$ >> pids; exec sleep 308' &)\nsleep 309 & echo $! >> pids",
    )
    .await;
    let pids = noted(&lab, 2).await;
    let shell = terminal.pid();
    drop(terminal);
    lab.terminals.close("1");
    eventually("the end of its programs", || {
        pids.iter().chain([&shell]).all(|pid| gone(*pid))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_crash_left_behind_is_ended_by_its_id() {
    let id = format!("crashed-{}", std::process::id());
    let mut left = Command::new("sleep")
        .arg("310")
        .env("ATELIER_SESSION", &id)
        .spawn()
        .expect("a process");
    let mut other = Command::new("sleep")
        .arg("311")
        .env("ATELIER_SESSION", format!("{id}0"))
        .spawn()
        .expect("another");
    let ended =
        tokio::task::spawn_blocking(move || end_leftovers(&id, Duration::from_secs(1))).await;
    assert_eq!(ended.expect("no panic"), 0);
    assert!(!left.wait().expect("a status").success());
    assert!(
        other.try_wait().expect("a status").is_none(),
        "another session's process lives on"
    );
    other.kill().expect("it lives");
    other.wait().expect("a status");
}

pub(crate) fn program(lab: &Lab, script: &str) -> Program {
    let mut program = Program::new("sh", lab.home());
    program.args = vec!["-c".into(), script.into()];
    program.env = environment(&lab.home());
    program
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_gets_its_input_and_keeps_the_end_of_its_output() {
    input_and_output(Lab::new()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_without_a_keeper_does_too() {
    input_and_output(Lab::without_keeper(|_| {})).await;
}

async fn input_and_output(lab: Lab) {
    let options = RunOptions {
        stdin: b"one two".to_vec(),
        keep: 9,
        ..RunOptions::default()
    };
    let finished = lab
        .launcher
        .run(
            &program(&lab, "cat; echo -err >&2; echo -out; exit 3"),
            options,
        )
        .await
        .expect("it runs");
    assert_eq!(String::from_utf8_lossy(&finished.output), "err\n-out\n");
    assert_eq!(
        (
            finished.ending,
            finished.status.and_then(|status| status.code())
        ),
        (Ending::Itself, Some(3))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_takes_too_long_is_ended_with_its_children() {
    let lab = Lab::new();
    let script = "trap '' TERM; sleep 312 & echo $! >> pids; echo $$ >> pids; echo waiting; while :; do wait; done";
    let options = RunOptions {
        // Long enough for the script to have come to its wait.
        timeout: Some(Duration::from_secs(3)),
        grace: Duration::from_millis(200),
        ..RunOptions::default()
    };
    let finished = lab
        .launcher
        .run(&program(&lab, script), options)
        .await
        .expect("it runs");
    assert_eq!(finished.ending, Ending::TimedOut);
    assert_eq!(String::from_utf8_lossy(&finished.output), "waiting\n");
    let pids = noted(&lab, 2).await;
    eventually("the end of the group", || pids.iter().all(|pid| gone(*pid))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_can_be_cancelled() {
    let lab = Lab::new();
    let cancel = CancellationToken::new();
    let options = RunOptions {
        cancel: cancel.clone(),
        ..RunOptions::default()
    };
    let program = program(&lab, "echo $$ >> pids; exec sleep 313");
    let (finished, ()) = tokio::join!(lab.launcher.run(&program, options), async {
        noted(&lab, 1).await;
        cancel.cancel();
    });
    assert_eq!(finished.expect("it ran").ending, Ending::Cancelled);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_does_not_wait_for_what_it_leaves_in_the_background() {
    let lab = Lab::new();
    let script = "sleep 314 & echo $! >> pids; echo done";
    let finished = lab
        .launcher
        .run(&program(&lab, script), RunOptions::default())
        .await
        .expect("it runs");
    assert_eq!(String::from_utf8_lossy(&finished.output), "done\n");
    let pids = noted(&lab, 1).await;
    assert!(!gone(pids[0]), "it belongs to the session now");
    lab.launcher.end_all(Duration::ZERO).await;
    assert!(gone(pids[0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_name_the_thing() {
    errors(&Lab::new());
    errors(&Lab::without_keeper(|_| {}));
    assert!(Launcher::new("").is_err() && Launcher::new("a\0b").is_err());
}

fn errors(lab: &Lab) {
    let missing = lab
        .launcher
        .spawn_piped(&Program::new("no-such-program", "/"))
        .expect_err("missing");
    assert!(
        missing
            .to_string()
            .starts_with("no-such-program could not be started: "),
        "{missing}"
    );
    let folder = lab
        .launcher
        .spawn_pty(&Program::new("sh", "/nowhere"), 80, 24)
        .expect_err("no folder");
    assert_eq!(
        folder.to_string(),
        "sh was not started: the folder /nowhere does not exist"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_zombie_remains() {
    let lab = Lab::new();
    let terminal = lab.terminal("1");
    until_prompt(&terminal).await;
    let running = lab
        .launcher
        .spawn_piped(&program(&lab, "exec sleep 315"))
        .expect("it starts");
    let pids = [terminal.pid(), running.pid];
    drop(running);
    lab.launcher.end_all(Duration::from_millis(100)).await;
    assert_eq!(pids.map(state), [None, None]);
}
