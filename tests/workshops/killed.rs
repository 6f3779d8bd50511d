//! A player that is killed at any moment loses nothing that it has shown, and leaves nothing running and nothing half written.
//!
//! `ATELIER_KILLS` says how often it is killed, `ATELIER_SEED` when.

#![allow(clippy::print_stdout, reason = "the seed repeats a run")]

mod player;
mod shown;
mod workshop;

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, SystemTime};

use atelier_session::Store;
use atelier_session::protocol::SetupPhase;
use atelier_tests::{WindowSession, WorkshopTest, processes_with, wait_for};
use camino::Utf8PathBuf;

use player::{FIRST, STORE, TOLD, WORKSHOP};
use shown::Shown;
use workshop::workshop;

const KILLS: u64 = 20;

/// Some number below `limit`, from a seed (xorshift).
fn next(seed: &mut u64, limit: u64) -> u64 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed % limit
}

fn number_of(variable: &str) -> Option<u64> {
    env::var(variable).ok()?.parse().ok()
}

/// The process that is killed, also when the test fails.
struct Player(Child);

impl Drop for Player {
    fn drop(&mut self) {
        // It has ended already unless the test has failed.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(test: &WorkshopTest, which: &str, first: u64) -> (Player, BufReader<ChildStdout>) {
    let process = Command::new(env::current_exe().expect("a test knows where it is"))
        .args([
            "--exact",
            &format!("killed::player::{which}"),
            "--nocapture",
        ])
        .env(WORKSHOP, test.root())
        .env(STORE, test.beside("atelier"))
        .env(FIRST, first.to_string())
        .env("ATELIER_BIN", atelier_tests::atelier())
        .stdout(Stdio::piped())
        .spawn();
    let mut process = process.expect("it starts");
    let said = process.stdout.take().expect("its output");
    (Player(process), BufReader::new(said))
}

fn seed() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let clock = since.expect("it is after 1970").as_nanos() as u64;
    let seed = number_of("ATELIER_SEED").unwrap_or(clock) | 1;
    println!("ATELIER_SEED={seed}");
    seed
}

fn kills() -> u64 {
    number_of("ATELIER_KILLS").unwrap_or(KILLS)
}

/// No other process of the machine sleeps for that long.
fn mark(kind: char, round: u64) -> String {
    format!("{kind}{}{round:04}", std::process::id())
}

#[test]
fn nothing_shown_is_lost_and_nothing_runs_on_when_the_player_is_killed() {
    let mut seed = seed();
    let test = workshop();
    let store = test.beside("atelier");
    let mut shown = Shown::default();
    let mut folder: Option<Utf8PathBuf> = None;
    // What the rounds before have left to the next start.
    let mut left: Vec<String> = Vec::new();
    for round in 0..kills() {
        let mark = mark('4', round);
        let with_keeper = round % 4 == 3;
        if let Some(folder) = &folder {
            let cache = folder.join("home/.cache");
            fs::write(cache.join("round"), &mark).expect("the round");
            let chosen = [("deaf", round % 6 == 2), ("unmarked", !with_keeper)];
            for (name, chosen) in chosen {
                let file = cache.join(name);
                if chosen {
                    fs::write(file, "").expect("a file");
                } else if file.exists() {
                    fs::remove_file(file).expect("no file");
                }
            }
        }
        let (mut player, mut said) = start(&test, "the_process_that_is_killed", next(&mut seed, 8));
        let mut line = String::new();
        let enough = match &folder {
            // The session is set up, and something of it runs.
            None => 3,
            Some(_) => next(&mut seed, 24),
        };
        let mut count = 0;
        while count < enough {
            line.clear();
            let length = said.read_line(&mut line).expect("text");
            assert!(length > 0, "round {round}: it ended by itself");
            if line.contains(TOLD) {
                count += 1;
                take(&mut shown, &mut folder, &store, &line);
            }
            if line.contains("opened") {
                are_gone(&std::mem::take(&mut left));
            }
        }
        // The moment is what is tried out; nothing is waited for.
        let longest = if enough == 0 { 400_000 } else { 60_000 };
        std::thread::sleep(Duration::from_micros(next(&mut seed, longest)));
        player.0.kill().expect("it is killed");
        if with_keeper {
            kill_keeper(shown.session.as_deref().expect("a session"));
        }
        player.0.wait().expect("its status");
        loop {
            line.clear();
            if said.read_line(&mut line).expect("text") == 0 {
                break;
            }
            assert!(!line.contains("panicked"), "round {round}: {line}");
            // What is not a whole line has not been shown.
            if line.ends_with('\n') {
                take(&mut shown, &mut folder, &store, &line);
            }
        }
        let session = shown.session.clone().expect("a session");
        let all = [mark.as_str(), store.as_str(), &session];
        if with_keeper || round % 2 == 1 {
            left.push(mark);
        } else {
            for text in all {
                wait_for("the end of every process of a killed player", || {
                    processes_with(text).is_empty()
                });
            }
        }
        shown.is_kept_in(folder.as_deref().expect("a session"));
    }
    let window = WindowSession::open_in(test.root(), store.clone());
    are_gone(&left);
    assert!(window.session.view().resumed);
    window.close();
    shown.is_kept_in(folder.as_deref().expect("a session"));
    let running = processes_with(store.as_str());
    assert!(running.is_empty(), "{running:#?}");
    println!("{:?}, {} saved", shown.actions, shown.saved);
}

fn take(shown: &mut Shown, folder: &mut Option<Utf8PathBuf>, store: &Utf8PathBuf, line: &str) {
    shown.take(line, folder.as_deref());
    if let (Some(session), None) = (&shown.session, &folder) {
        *folder = Some(store.join("sessions").join(session));
    }
}

/// A set-up long enough to be caught at; what it starts runs on.
const SET_UP: &str = "#!/bin/bash
n=$(cat ~/exercises/mark)
setsid -f sleep $n.1
env -i setsid -f /bin/sleep $n.2
sleep $n.3 &
echo begun >> ~/setup
for each in $(seq 100); do cp ~/exercises/mark ~/copy-$each; done
echo ended >> ~/setup
";

#[test]
fn a_player_killed_while_it_copies_or_sets_up_leaves_what_the_next_start_completes() {
    let mut seed = seed();
    let (mut begun, mut unbegun) = (0, 0);
    for round in 0..kills().div_ceil(2) {
        let mark = mark('5', round);
        let test = WorkshopTest::page("Text.")
            .file("exercises/mark", &mark)
            .program("workshop/setup.d/01-long.sh", SET_UP);
        let test = (0..300).fold(test, |test, number| {
            test.file(&format!("exercises/{number}.txt"), &format!("{number}\n"))
        });
        let (mut player, mut said) = start(&test, "the_process_that_is_killed_in_set_up", 0);
        let until = ["starting", "opened"][usize::from(round % 2 == 1)];
        let mut line = String::new();
        while !line.contains(&format!("{TOLD}{until}")) {
            line.clear();
            let length = said.read_line(&mut line).expect("text");
            assert!(length > 0, "round {round}: it ended by itself");
        }
        std::thread::sleep(Duration::from_micros(next(&mut seed, 400_000)));
        player.0.kill().expect("it is killed");
        player.0.wait().expect("its status");
        let store = Store::new(test.beside("atelier"));
        match store.sessions().first() {
            Some(session) if session.root.join("home/setup").exists() => begun += 1,
            _ => unbegun += 1,
        }
        let window = WindowSession::open_in(test.root(), store.root().to_owned());
        // Set-up begins when the session is open; what runs now with this mark is of this start.
        let setup = window.wait_for_setup(SetupPhase::Ended);
        assert!(setup.steps.iter().all(|step| step.exit_code == Some(0)));
        let sessions = store.sessions();
        assert_eq!(sessions.len(), 1, "round {round}: {sessions:#?}");
        let home = window.session.home().to_owned();
        let own = home.parent().expect("a session");
        let folders = store.root().join("sessions").read_dir_utf8();
        for other in folders.expect("sessions").flatten() {
            // One that was killed before it had a record has no file of the workshop's; a later start clears it away.
            let files = ["home", "workshop", "bin"].map(|name| other.path().join(name));
            let files = files.iter().flat_map(|folder| folder.read_dir_utf8());
            assert!(other.path() == own || files.flatten().next().is_none());
        }
        for number in 0..300 {
            let text = fs::read_to_string(home.join(format!("exercises/{number}.txt")));
            assert_eq!(text.expect("it was copied"), format!("{number}\n"));
        }
        let runs = fs::read_to_string(home.join("setup")).expect("it ran");
        assert!(runs.ends_with("begun\nended\n"), "{runs}");
        window.close();
        let running = processes_with(&mark);
        assert!(running.is_empty(), "round {round}: {running:#?}");
        let running = processes_with(store.root().as_str());
        assert!(running.is_empty(), "round {round}: {running:#?}");
    }
    println!("killed in set-up: {begun}, before it: {unbegun}");
}

/// A start has ended what earlier ones have left.
fn are_gone(marks: &[String]) {
    for mark in marks {
        let left = processes_with(mark);
        assert!(left.is_empty(), "a start has left this: {left:#?}");
    }
}

/// As `pkill -9 atelier` does.
fn kill_keeper(session: &str) {
    for process in processes_with(&format!("--keep-session {session}")) {
        let pid = process.split(' ').next().expect("a pid");
        // It may have come to its end by now.
        let _ = Command::new("kill").args(["-9", pid]).status();
    }
}
