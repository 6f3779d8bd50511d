//! What a keeper is for, and what becomes of a session whose keeper is killed.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use atelier_session::command_end::StillRunning;
use atelier_session::launch::{KeeperCommand, LaunchError, Launcher, Program, RunOptions};
use atelier_session::terminal::{Activity, Terminal, Waits};

use crate::lab::{Lab, PATIENCE, ended, environment, eventually, keeper, run, still, until_prompt};
use crate::processes::{gone, noted, program, state};

/// Loses every mark and every tie: the environment, the limit, the session, the group, the parent.
const ESCAPE: &str = r#"env -i /usr/bin/env python3 -c 'import os,resource,sys,time
limit = 15
hard = resource.getrlimit(limit)[1]
resource.setrlimit(limit, (hard, hard))
if os.fork(): sys.exit()
os.setsid()
if os.fork(): sys.exit()
open("pids","a").write(str(os.getpid()) + "\n"); os.closerange(0, 3); time.sleep(320)'
"#;

fn can_escape(folder: &std::path::Path) {
    fs::write(folder.join("home/escape.sh"), ESCAPE).expect("a script");
}

/// As [`ESCAPE`], by a program that does not give up where it is refused something.
const TENACIOUS: &str = r#"env -i /usr/bin/env python3 -c 'import os,resource,sys,time
limit = 15
hard = resource.getrlimit(limit)[1]
for change in (lambda: resource.setrlimit(limit, (hard, hard)), lambda: resource.prlimit(0, limit, (1, hard))):
    try: change()
    except OSError: pass
    except ValueError: pass
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
if os.fork(): sys.exit()
os.setsid()
if os.fork(): sys.exit()
open("pids","a").write(str(os.getpid()) + "\n"); os.closerange(0, 3); time.sleep(320)'
"#;

fn tries_to_escape(folder: &std::path::Path) {
    fs::write(folder.join("home/escape.sh"), TENACIOUS).expect("a script");
}

fn parent(pid: u32) -> u32 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("it lives");
    let fields = stat.rsplit_once(") ").expect("a stat line").1;
    let parent = fields.split(' ').nth(1).expect("a parent");
    parent.parse().expect("a pid")
}

fn send(signal: &str, pid: u32) {
    let sent = Command::new("kill")
        .args([signal, &pid.to_string()])
        .status();
    assert!(sent.expect("there is kill").success());
}

async fn until_exited(terminal: &Terminal) {
    let ended = tokio::time::timeout(PATIENCE, terminal.ended()).await;
    assert!(ended.is_ok(), "nobody was told that the terminal ended");
}

async fn output_of(launcher: &Launcher, program: &Program) -> String {
    let finished = launcher.run(program, RunOptions::default()).await;
    String::from_utf8(finished.expect("it runs").output).expect("text")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_lost_every_mark_is_ended_too() {
    let lab = Lab::with(can_escape);
    let terminal = lab.terminal("1");
    run(&terminal, ". ./escape.sh").await;
    let pid = noted(&lab, 1).await[0];
    assert!(!lab.launcher.processes().contains(&pid), "it has no mark");
    let keeper = parent(terminal.pid());
    eventually("the coming of the orphan to the keeper", || {
        parent(pid) == keeper
    })
    .await;
    assert_eq!(lab.launcher.end_all(Duration::from_secs(1)).await, 0);
    assert_eq!((state(pid), state(keeper)), (None, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_player_that_is_gone_takes_everything_with_it() {
    let lab = Lab::with(can_escape);
    let terminal = lab.terminal("1");
    run(&terminal, ". ./escape.sh").await;
    let pids = [
        noted(&lab, 1).await[0],
        terminal.pid(),
        parent(terminal.pid()),
    ];
    drop(terminal);
    drop(lab);
    eventually("the end of every process", || {
        pids.iter().all(|pid| gone(*pid))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn logging_out_ends_everything_and_a_key_of_the_terminal_nothing() {
    let lab = Lab::with(can_escape);
    let terminal = lab.terminal("1");
    run(&terminal, ". ./escape.sh").await;
    let pid = noted(&lab, 1).await[0];
    let keeper = parent(terminal.pid());
    for key in ["-INT", "-QUIT", "-HUP", "-ALRM"] {
        send(key, keeper);
    }
    assert_eq!(run(&terminal, "true").await, ended(0));
    send("-TERM", keeper);
    until_exited(&terminal).await;
    eventually("the end of the keeper", || gone(keeper)).await;
    assert!(gone(pid));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keeper_that_was_killed_is_followed_by_another() {
    let lab = Lab::new();
    let terminal = lab.terminal("1");
    run(
        &terminal,
        "setsid -f sh -c 'echo $$ >> pids; exec sleep 321'",
    )
    .await;
    let left = noted(&lab, 1).await[0];
    let mut running = lab
        .launcher
        .spawn_piped(&program(&lab, "exec sleep 322"))
        .expect("it starts");
    let keeper = parent(terminal.pid());
    send("-KILL", keeper);
    assert_eq!(running.wait().await, None, "its status is lost");
    until_exited(&terminal).await;
    eventually("the end of what was left", || gone(left)).await;
    drop(terminal);
    let other = lab.terminals.restart("1").expect("it starts again");
    until_prompt(&other).await;
    assert_ne!(parent(other.pid()), keeper);
    assert_eq!(lab.launcher.end_all(Duration::from_secs(1)).await, 0);
    assert_eq!(state(other.pid()), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_keeper_does_not_keep_a_session_from_closing() {
    let lab = Lab::new();
    let terminal = lab.terminal("1");
    until_prompt(&terminal).await;
    let keeper = parent(terminal.pid());
    send("-STOP", keeper);
    assert_eq!(lab.launcher.end_all(Duration::ZERO).await, 0);
    assert!(gone(terminal.pid()) && gone(keeper));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_hanging_keeper_holds_up_nothing_but_what_is_started() {
    let lab = Lab::new();
    let terminal = lab.terminal("1");
    until_prompt(&terminal).await;
    let keeper = parent(terminal.pid());
    send("-STOP", keeper);
    let (begins, begun) = tokio::sync::oneshot::channel();
    let (launcher, program) = (Arc::clone(&lab.launcher), program(&lab, "exit 7"));
    let starting = tokio::spawn(async move {
        begins.send(()).expect("it is waited for");
        launcher.spawn_piped(&program)
    });
    // There is one worker: this goes on only where the start does not hold it up.
    let waking = tokio::spawn(async move {
        begun.await.expect("it begins");
        send("-CONT", keeper);
    });
    waking.await.expect("no panic");
    let started = starting.await.expect("no panic");
    let mut running = started.expect("the keeper answers when it goes on");
    assert!(running.wait().await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keeper_that_does_not_start_says_why() {
    let mut command = KeeperCommand::new("sh", "unkept");
    command.args = ["-c", "echo no room in the sandbox >&2; exit 3"]
        .map(Into::into)
        .into();
    let launcher = Launcher::with_keeper("unkept", command).expect("a command");
    let error = launcher.spawn_piped(&Program::new("true", "/"));
    assert_eq!(
        error.expect_err("no keeper").to_string(),
        "true could not be started, because what starts this session's programs did not start: no room in the sandbox"
    );
    let missing = KeeperCommand::new("/no/such/keeper", "unkept");
    let error = Launcher::with_keeper("unkept", missing).expect_err("no program");
    assert!(
        error
            .to_string()
            .starts_with("/no/such/keeper could not be started: "),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_get_large_environments_and_nothing_else_of_the_player() {
    let lab = Lab::new();
    let mut large = program(
        &lab,
        "echo ${#LARGE} ${#1}; set -- /proc/self/fd/*; echo $#; umask; pwd; env | grep -c LAB_",
    );
    large.env.insert("LARGE".into(), "x".repeat(120_000));
    for number in 0..10 {
        let name = format!("LARGE_{number}");
        large.env.insert(name, "y".repeat(100_000));
    }
    large.args.extend(["sh".into(), "z".repeat(120_000).into()]);
    large.umask = Some(0o027);
    // The shell has the folder that it lists open too.
    let home = lab.home().canonicalize().expect("a home");
    let expected = format!("120000 120000\n4\n0027\n{}\n0\n", home.display());
    assert_eq!(output_of(&lab.launcher, &large).await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_have_their_kinds() {
    let lab = Lab::new();
    let file = lab.home().join("script");
    fs::write(&file, "#!/bin/sh\n").expect("a script");
    let mut refused = program(&lab, "");
    refused.program = file.clone().into();
    let kind = |program: &Program| match lab.launcher.spawn_piped(program) {
        Err(LaunchError::Refused { kind, .. }) => Some(kind),
        _ => None,
    };
    assert_eq!(kind(&refused), Some(ErrorKind::PermissionDenied));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("its permissions");
    let open = File::options().append(true).open(&file).expect("a file");
    assert_eq!(kind(&refused), Some(ErrorKind::ExecutableFileBusy));
    drop(open);
    assert_eq!(kind(&refused), None);
    let mut long = program(&lab, "true");
    long.args.push("x".repeat(4 << 20).into());
    assert_eq!(kind(&long), Some(ErrorKind::ArgumentListTooLong));
    long.args = vec!["a\0b".into()];
    assert!(kind(&long).is_some());
    let mut missing = program(&lab, "true");
    missing.program = "no-such-program".into();
    assert_eq!(kind(&missing), Some(ErrorKind::NotFound));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_short_programs_end_with_their_own_status() {
    let lab = Lab::new();
    let runs = (0..200).map(|number| {
        let script = format!("sh -c 'true & exec true' & exit {}", number % 7);
        (number % 7, program(&lab, &script))
    });
    let mut all = tokio::task::JoinSet::new();
    for (status, program) in runs {
        let launcher = std::sync::Arc::clone(&lab.launcher);
        all.spawn(async move {
            let finished = launcher.run(&program, RunOptions::default()).await;
            (status, finished.expect("it runs").status)
        });
    }
    while let Some(ended) = all.join_next().await {
        let (expected, status) = ended.expect("no panic");
        assert_eq!(status.and_then(|status| status.code()), Some(expected));
    }
    let terminal = lab.terminal("1");
    until_prompt(&terminal).await;
    let keeper = parent(terminal.pid());
    let zombies = || {
        let entries = fs::read_dir("/proc").expect("there is /proc").flatten();
        let stats = entries.filter_map(|entry| fs::read_to_string(entry.path().join("stat")).ok());
        let of_keeper = format!(") Z {keeper} ");
        stats.filter(|stat| stat.contains(&of_keeper)).count()
    };
    eventually("the keeper's leave of all orphans", || zombies() == 0).await;
}

/// With Landlock the programs see their keeper, and can kill it.
#[tokio::test(flavor = "multi_thread")]
async fn who_gains_no_privileges_keeps_the_mark_by_which_it_is_found_without_a_keeper() {
    let lab = Lab::of(tries_to_escape, |id| {
        let mut command = keeper(id);
        let words = ["--no-new-privs".into(), command.program.into()];
        command.args.splice(0..0, words);
        command.program = "setpriv".into();
        Launcher::with_keeper(id, command)
    });
    let terminal = lab.terminal("1");
    assert_eq!(run(&terminal, ". ./escape.sh").await, ended(0));
    let orphan = noted(&lab, 1).await[0];
    let keeper = parent(terminal.pid());
    eventually("the coming of the orphan to the keeper", || {
        parent(orphan) == keeper
    })
    .await;
    send("-KILL", keeper);
    until_exited(&terminal).await;
    assert_eq!(lab.launcher.end_all(Duration::from_secs(1)).await, 0);
    assert!(gone(orphan), "it outlived its session");
}

/// A keeper with processes, terminals and `/dev` of its own; `None` where the system has no such thing.
fn shut_in(id: &str) -> Option<KeeperCommand> {
    let inner = keeper(id);
    let outer = "--bind / / --dev /dev --proc /proc --unshare-pid --";
    let outer: Vec<&str> = outer.split(' ').collect();
    let tried = Command::new("bwrap").args(&outer).arg("true").output();
    if !tried.is_ok_and(|tried| tried.status.success()) {
        return None;
    }
    let mut command = inner.clone();
    command.args = outer.into_iter().map(Into::into).collect();
    command.args.push(inner.program.into());
    command.args.extend(inner.args);
    command.program = "bwrap".into();
    Some(command)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keeper_may_be_shut_in() {
    if shut_in("probe").is_none() {
        #[allow(clippy::print_stderr, reason = "a skipped test says so")]
        {
            eprintln!("skipped: bwrap does not work here");
        }
        return;
    }
    let lab = Lab::of(tries_to_escape, |id| {
        Launcher::with_keeper(id, shut_in(id).expect("it works"))
    });
    let terminal = lab.terminal("1");
    until_prompt(&terminal).await;
    // The first terminal in there has the first name, whatever terminals there are out here.
    assert_eq!(
        run(&terminal, "[ $(tty) = /dev/pts/0 ] && [ $$ -lt 20 ]").await,
        ended(0)
    );
    let status = format!("/proc/{}/status", terminal.pid());
    let status = fs::read_to_string(status).expect("its id is one of ours");
    assert!(status.contains("Name:\tbash"), "{status}");
    assert_eq!(
        run(&terminal, "read -p 'name? ' name").await,
        still(StillRunning::WaitsForInput)
    );
    terminal.write(b"somebody\r");
    until_prompt(&terminal).await;
    terminal.resize(133, 33);
    assert_eq!(
        run(&terminal, "[ \"$(stty size)\" = '33 133' ]").await,
        ended(0)
    );
    let mut activity = terminal.activity();
    terminal.write(b"read -s line\r");
    let runs = activity.wait_for(|activity| matches!(activity, Activity::Running));
    drop(tokio::time::timeout(PATIENCE, runs).await.expect("it runs"));
    let look = async {
        loop {
            let look = terminal.look().await.expect("a look");
            if look.waits == Waits::Reading {
                return look;
            }
            tokio::task::yield_now().await;
        }
    };
    let look = tokio::time::timeout(PATIENCE, look).await.expect("it asks");
    assert!(look.unusual_input, "{look:?}");
    terminal.write(b"secret\r");
    until_prompt(&terminal).await;
    let mut here = program(&lab, "echo $PPID");
    here.env = environment(&lab.home());
    let own = output_of(&lab.launcher, &here).await;
    assert!(own.trim().parse::<u32>().expect("a pid") < 10, "{own}");
    run(&terminal, ". ./escape.sh").await;
    let keeper = parent(terminal.pid());
    let inside = noted(&lab, 1).await[0];
    let escaped = || {
        let entries = fs::read_dir("/proc").expect("there is /proc").flatten();
        let mut statuses =
            entries.filter_map(|entry| fs::read_to_string(entry.path().join("status")).ok());
        statuses.any(|status| {
            let ids = status.lines().find_map(|line| line.strip_prefix("NSpid:"));
            let of_keeper = status.contains(&format!("PPid:\t{keeper}\n"));
            of_keeper && ids.is_some_and(|ids| ids.ends_with(&format!("\t{inside}")))
        })
    };
    eventually("the coming of the orphan to the keeper", escaped).await;
    assert_eq!(lab.launcher.end_all(Duration::from_secs(1)).await, 0);
    assert!(!escaped() && gone(keeper) && gone(terminal.pid()));
}

/// Prints medians; they are judged by nobody.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "it measures"]
#[allow(clippy::print_stdout, reason = "it prints what it measures")]
async fn how_long_starting_takes() {
    let median = |mut times: Vec<Duration>| {
        times.sort();
        times[times.len() / 2]
    };
    for (name, lab) in [
        ("without a keeper", Lab::without_keeper(|_| {})),
        ("with a keeper", Lab::new()),
    ] {
        let mut program = program(&lab, "");
        program.program = "/bin/true".into();
        program.args.clear();
        let (mut starts, mut runs, mut terminals) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..500 {
            let since = Instant::now();
            let running = lab.launcher.spawn_piped(&program).expect("it starts");
            starts.push(since.elapsed());
            running.finish(RunOptions::default()).await;
            runs.push(since.elapsed());
        }
        for _ in 0..200 {
            let since = Instant::now();
            let child = lab.launcher.spawn_pty(&program, 80, 24);
            terminals.push(since.elapsed());
            drop(child.expect("it starts"));
        }
        println!(
            "{name}: start {:?}, to the end {:?}, on a terminal {:?}",
            median(starts),
            median(runs),
            median(terminals)
        );
    }
}
