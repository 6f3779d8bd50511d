//! A player that is killed at any moment loses nothing that it has shown, and leaves nothing running.
//!
//! `ATELIER_KILLS` says how often it is killed, `ATELIER_SEED` when.

#![allow(clippy::print_stdout, reason = "the seed repeats a run")]

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime};

use atelier_session::SessionError;
use atelier_session::protocol::{ActionInput, ActionStatus, Buffer, Effect, Outcome};
use atelier_tests::{NoDialogs, WindowSession, WorkshopTest, processes_with, wait_for};
use camino::{Utf8Path, Utf8PathBuf};

const KILLS: u64 = 20;
/// Name the workshop and the store to the process that is killed.
const WORKSHOP: &str = "ATELIER_TEST_WORKSHOP";
const STORE: &str = "ATELIER_TEST_STORE";
/// What the process that is killed says begins with this.
const TOLD: &str = "told: ";

const APPEND: &str = "01-work/0";
const CHECK: &str = "01-work/1";
const COMMAND: &str = "01-work/2";
const LEAVE: &str = "01-work/3";
const PAGES: [&str; 2] = ["01-work", "02-more"];
/// A document large enough to be caught while it is written.
const LINES: usize = 5_000;
const APPENDED: &str = "a line that is whole or not there";

fn workshop() -> WorkshopTest {
    WorkshopTest::new(&[])
        .and_page(
            "01-work",
            &format!(
                "
                ```editor:append-lines-to-file
                file: ~/exercises/log.txt
                text: {APPENDED}
                ```
                ```examiner:execute-test
                name: passes
                ```
                ```terminal:execute
                command: date > ~/exercises/date.txt
                event: dated
                ```
                ```terminal:execute
                command: . ~/exercises/leave.sh
                ```
                "
            ),
        )
        .and_page("02-more", "More.")
        .examiner("passes", "exit 0")
        .file("exercises/document.txt", &document(0))
        .file("exercises/log.txt", "")
        .file("exercises/round", "0")
        .file(
            "exercises/leave.sh",
            "
            n=$(cat ~/exercises/round)
            sleep $n.1 &
            nohup sleep $n.2 > /dev/null 2>&1 &
            (setsid sh -c \"sleep $n.3 & exec sleep $n.4\" &)
            env -i setsid -f /bin/sleep $n.5
            [ -e ~/exercises/deaf ] && (trap '' HUP TERM INT; exec setsid -f sleep $n.6)
            [ -e ~/exercises/unmarked ] && env -i prlimit --rttime=unlimited setsid -f sleep $n.7
            true
            ",
        )
}

/// The `number`th version of the document.
fn document(number: usize) -> String {
    let line = format!("version {number}\n");
    line.repeat(LINES) + "end\n"
}

/// Not a test of its own: what the other one starts and kills.
#[test]
fn the_process_that_is_killed() {
    let (Ok(workshop), Ok(store)) = (env::var(WORKSHOP), env::var(STORE)) else {
        return;
    };
    let mut window = WindowSession::open_in(Utf8Path::new(&workshop), store.into());
    let view = window.session.view();
    println!(
        "{TOLD}opened {} {} {}",
        view.name, view.resumed, view.current_page
    );
    let act = |window: &WindowSession, action: &str| {
        let (status, result) = window.click(action);
        assert_eq!(status, ActionStatus::Done, "{action}: {result:?}");
        println!("{TOLD}done {action}");
    };
    act(&window, LEAVE);
    let page = PAGES.iter().position(|page| *page == view.current_page);
    let mut page = page.expect("one of the pages");
    loop {
        append(&window).expect("it is saved");
        save(&window).expect("it is saved");
        act(&window, CHECK);
        act(&window, COMMAND);
        page = 1 - page;
        println!("{TOLD}entering {}", PAGES[page]);
        window.enter(PAGES[page]);
        println!("{TOLD}entered {}", PAGES[page]);
    }
}

/// Does what a window does with the document of an editor action.
fn append(window: &WindowSession) -> Result<(), SessionError> {
    let path = "~/exercises/log.txt";
    let now = window.session.read_document(path)?;
    let input = ActionInput {
        buffer: Some(Buffer {
            text: now.text.clone(),
            selection: [0, 0],
        }),
        ..ActionInput::default()
    };
    let performed = window.session.perform(APPEND, input, &NoDialogs);
    let result = window.wait(performed)?;
    println!("{TOLD}done {APPEND}");
    let Outcome::Succeeded { effects, .. } = &result.outcome else {
        panic!("{result:?}");
    };
    let mut text = now.text;
    for effect in effects {
        if let Effect::ApplyEdit { edit, .. } = effect {
            for change in edit.changes.iter().rev() {
                // It is all ASCII: positions are bytes.
                text.replace_range(change.from as usize..change.to as usize, &change.insert);
            }
        }
    }
    window
        .session
        .save_document(path, &text, Some(&now.version))?;
    println!("{TOLD}appended {}", text.lines().count());
    Ok(())
}

fn save(window: &WindowSession) -> Result<(), SessionError> {
    let path = "~/exercises/document.txt";
    let now = window.session.read_document(path)?;
    let next = version_of(&now.text) + 1;
    window
        .session
        .save_document(path, &document(next), Some(&now.version))?;
    println!("{TOLD}saved {next}");
    Ok(())
}

/// Which version this is, all of it.
fn version_of(text: &str) -> usize {
    let first = text.lines().next().and_then(|line| line.split(' ').nth(1));
    let number = first.and_then(|number| number.parse().ok());
    let number = number.expect("a document");
    assert!(text == document(number), "version {number} is half written");
    number
}

/// What the processes that were killed have shown until now.
#[derive(Default)]
struct Shown {
    session: Option<String>,
    actions: BTreeMap<String, usize>,
    saved: usize,
    appended: usize,
    /// The page, and the one that was about to be shown.
    page: (Option<String>, Option<String>),
}

impl Shown {
    fn take(&mut self, line: &str) {
        let Some(told) = line.split_once(TOLD).map(|(_, told)| told) else {
            return;
        };
        let words: Vec<&str> = told.trim_end().split(' ').collect();
        match *words.as_slice() {
            ["opened", name, resumed, page] => {
                if let Some(session) = &self.session {
                    assert_eq!((session.as_str(), "true"), (name, resumed), "it is resumed");
                }
                let (at, next) = &self.page;
                if at.is_some() {
                    let page = Some(page.to_owned());
                    assert!(page == *at || page == *next, "{page:?}: {at:?}, {next:?}");
                }
                self.session = Some(name.to_owned());
                self.page = (Some(page.to_owned()), None);
            }
            ["done", action] => *self.actions.entry(action.to_owned()).or_default() += 1,
            ["saved", number] => self.saved = number.parse().expect("a number"),
            ["appended", number] => self.appended = number.parse().expect("a number"),
            ["entering", page] => self.page.1 = Some(page.to_owned()),
            ["entered", page] => self.page = (Some(page.to_owned()), None),
            _ => panic!("{line}"),
        }
    }

    /// Holds the session's folder against it.
    fn is_kept_in(&self, folder: &Utf8Path) {
        let journal = fs::read_to_string(folder.join("state/journal.jsonl")).expect("a journal");
        let (whole, torn) = journal.rsplit_once('\n').expect("lines");
        assert_eq!(torn, "", "the last line is torn");
        let lines = whole.lines().map(|line| {
            let read: Result<serde_json::Value, _> = serde_json::from_str(line);
            read.unwrap_or_else(|error| panic!("{error}: {line}"))
        });
        let mut kept: BTreeMap<String, usize> = BTreeMap::new();
        let mut events = 0;
        for line in lines {
            match line["kind"].as_str() {
                Some("action") => {
                    let action = line["action"].as_str().expect("an action");
                    *kept.entry(action.to_owned()).or_default() += 1;
                }
                Some("event") => events += 1,
                _ => {}
            }
        }
        let of =
            |kept: &BTreeMap<String, usize>, action: &str| kept.get(action).copied().unwrap_or(0);
        for (action, shown) in &self.actions {
            let kept = of(&kept, action);
            assert!(kept >= *shown, "{action}: {shown} shown, {kept} kept");
        }
        assert!(events >= of(&self.actions, COMMAND));
        let read = |name: &str| fs::read_to_string(folder.join("home/exercises").join(name));
        let saved = version_of(&read("document.txt").expect("a document"));
        assert!(saved >= self.saved, "{} shown, {saved} kept", self.saved);
        let log = read("log.txt").expect("a log");
        assert!(log.is_empty() || log.ends_with('\n'), "half a line");
        assert!(log.lines().all(|line| line == APPENDED), "{log}");
        assert!(log.lines().count() >= self.appended);
    }
}

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

fn start(test: &WorkshopTest) -> Player {
    let process = Command::new(env::current_exe().expect("a test knows where it is"))
        .args([
            "--exact",
            "killed::the_process_that_is_killed",
            "--nocapture",
        ])
        .env(WORKSHOP, test.root())
        .env(STORE, test.beside("atelier"))
        .env("ATELIER_BIN", atelier_tests::atelier())
        .stdout(Stdio::piped())
        .spawn();
    Player(process.expect("it starts"))
}

#[test]
fn nothing_shown_is_lost_and_nothing_runs_on_when_the_player_is_killed() {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let clock = since.expect("it is after 1970").as_nanos() as u64;
    let mut seed = number_of("ATELIER_SEED").unwrap_or(clock) | 1;
    println!("ATELIER_SEED={seed}");
    let test = workshop();
    let store = test.beside("atelier");
    let mut shown = Shown::default();
    let mut folder: Option<Utf8PathBuf> = None;
    // What the rounds before have left to the next start.
    let mut left: Vec<String> = Vec::new();
    for round in 0..number_of("ATELIER_KILLS").unwrap_or(KILLS) {
        // No other process of the machine sleeps for that long.
        let mark = format!("4{}{round:04}", std::process::id());
        let with_keeper = round % 4 == 3;
        if let Some(folder) = &folder {
            let exercises = folder.join("home/exercises");
            fs::write(exercises.join("round"), &mark).expect("the round");
            let chosen = [("deaf", round % 6 == 2), ("unmarked", !with_keeper)];
            for (name, chosen) in chosen {
                let file = exercises.join(name);
                if chosen {
                    fs::write(file, "").expect("a file");
                } else if file.exists() {
                    fs::remove_file(file).expect("no file");
                }
            }
        }
        let Player(process) = &mut start(&test);
        let mut said = BufReader::new(process.stdout.take().expect("its output"));
        let mut line = String::new();
        let enough = if folder.is_none() {
            1
        } else {
            next(&mut seed, 18)
        };
        let mut count = 0;
        while count < enough {
            line.clear();
            let length = said.read_line(&mut line).expect("text");
            assert!(length > 0, "round {round}: it ended by itself");
            if line.contains(TOLD) {
                count += 1;
                shown.take(&line);
            }
            if line.contains("opened") {
                are_gone(&std::mem::take(&mut left));
            }
        }
        // The moment is what is tried out; nothing is waited for.
        let longest = if enough == 0 { 400_000 } else { 30_000 };
        std::thread::sleep(Duration::from_micros(next(&mut seed, longest)));
        process.kill().expect("it is killed");
        if with_keeper {
            kill_keeper(shown.session.as_deref().expect("a session"));
        }
        process.wait().expect("its status");
        loop {
            line.clear();
            if said.read_line(&mut line).expect("text") == 0 {
                break;
            }
            // What is not a whole line has not been shown.
            if line.ends_with('\n') {
                shown.take(&line);
            }
        }
        let session = shown.session.as_deref().expect("a session");
        let folder = folder.get_or_insert_with(|| store.join("sessions").join(session));
        let all = [mark.as_str(), store.as_str(), session];
        if with_keeper || round % 2 == 1 {
            left.push(mark);
        } else {
            for text in all {
                wait_for("the end of every process of a killed player", || {
                    processes_with(text).is_empty()
                });
            }
        }
        shown.is_kept_in(folder);
    }
    let window = WindowSession::open_in(test.root(), store.clone());
    are_gone(&left);
    assert!(window.session.view().resumed);
    window.close();
    let running = processes_with(store.as_str());
    assert!(running.is_empty(), "{running:#?}");
    println!("{:?}, {} saved", shown.actions, shown.saved);
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
