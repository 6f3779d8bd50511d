//! What a session outlives: two processes, full and read-only disks, folders that vanish, a damaged record, a wrong clock.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::{Command, Stdio};

use atelier_session::protocol::{ActionStatus, ErrorCode, SetupPhase};
use atelier_session::window::Library;
use atelier_session::{SessionError, Store};
use atelier_tests::{WindowSession, WorkshopTest, atelier, processes_with, wait_for};
use camino::{Utf8Path, Utf8PathBuf};

const PAGE: &str = "
    ```terminal:execute
    command: true
    ```
    ";
const SCRIPT: &str = "workshop/setup.d/01-count.sh";

/// A workshop whose set-up counts its runs.
fn lab() -> WorkshopTest {
    WorkshopTest::page(PAGE)
        .file("exercises/a.txt", "start\n")
        .program(SCRIPT, "#!/bin/bash\necho run >> ~/runs\n")
}

fn ready(test: &WorkshopTest) -> WindowSession {
    let mut window = WindowSession::open(test);
    window.wait_for_setup(SetupPhase::Ended);
    window.enter("01-page");
    window
}

fn root_of(window: &WindowSession) -> Utf8PathBuf {
    let home = window.session.home();
    home.parent().expect("a session").to_owned()
}

fn library(test: &WorkshopTest) -> Library {
    Library::new(Store::new(test.beside("atelier")), None)
}

fn save(window: &WindowSession, text: &str) -> Result<(), SessionError> {
    let (session, file) = (&window.session, "~/exercises/a.txt");
    let before = session.read_document(file)?.version;
    session.save_document(file, text, Some(&before)).map(drop)
}

fn text(root: &Utf8Path) -> String {
    fs::read_to_string(root.join("home/exercises/a.txt")).expect("a file")
}

/// A file system of its own, unmounted when dropped.
struct Disk(Utf8PathBuf);

impl Disk {
    fn mount(at: Utf8PathBuf, options: &str) -> Option<Self> {
        fs::create_dir_all(&at).expect("a folder");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", options, "tmpfs", at.as_str()]);
        let mounted = mount.output().is_ok_and(|output| output.status.success());
        if !mounted {
            skipped();
        }
        mounted.then_some(Self(at))
    }

    fn remount(&self, options: &str) {
        let options = format!("remount,{options}");
        let mut mount = Command::new("mount");
        let done = mount.args(["-o", &options, self.0.as_str()]).status();
        assert!(done.is_ok_and(|status| status.success()));
    }

    fn fill(&self) -> Utf8PathBuf {
        let filler = self.0.join("filler");
        let mut dd = Command::new("dd");
        dd.args(["if=/dev/zero", &format!("of={filler}"), "bs=4k"]);
        // It ends because there is no room left.
        let _ = dd.stderr(Stdio::null()).status();
        filler
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount")
            .args(["-l", self.0.as_str()])
            .status();
    }
}

#[allow(clippy::print_stderr, reason = "a skip is told to people")]
fn skipped() {
    eprintln!("skipped: no file system can be mounted here");
}

#[test]
fn a_second_window_is_turned_away_and_the_first_goes_on() {
    let test = lab();
    let window = ready(&test);
    let second = WindowSession::try_open(test.root(), &test.beside("atelier"));
    let error = second.err().expect("it is open");
    assert_eq!(error.code(), ErrorCode::Busy);
    assert!(error.to_string().contains("another window"), "{error}");
    let name = root_of(&window).file_name().expect("a name").to_owned();
    let library = library(&test);
    for refused in [
        library.store().remove(&name),
        library.store().set_aside(&name),
    ] {
        assert!(matches!(refused, Err(SessionError::Busy(_))));
    }
    // Looking at it is nobody's harm.
    assert!(library.sessions().sessions[0].open);
    let losses = window.wait(library.losses(&name)).expect("a session");
    assert!(losses.size > 0);
    save(&window, "mine\n").expect("it is still writable");
    assert_eq!(window.click("01-page/0").0, ActionStatus::Done);
    let root = root_of(&window);
    window.close();
    assert_eq!(text(&root), "mine\n");
}

/// Damages a journal.
type Damage = fn(Vec<u8>) -> Vec<u8>;

#[test]
fn a_damaged_journal_costs_neither_files_nor_a_second_set_up() {
    let ways: [(&str, Damage); 6] = [
        ("emptied", |_| Vec::new()),
        ("a page of NULs", |bytes| vec![0; bytes.len()]),
        ("garbage", |bytes| vec![0xff; bytes.len()]),
        ("the header is gone", |mut bytes| {
            bytes[..20].fill(0);
            bytes
        }),
        ("cut after the header", |bytes| {
            let end = bytes.iter().position(|byte| *byte == b'\n');
            bytes[..=end.expect("a header")].to_vec()
        }),
        ("all but the last lines are gone", |mut bytes| {
            let end = bytes.len() / 2;
            bytes[..end].fill(0);
            bytes
        }),
    ];
    let test = lab();
    let window = ready(&test);
    let root = root_of(&window);
    save(&window, "work of hours\n").expect("it is saved");
    window.close();
    let journal = root.join("state/journal.jsonl");
    let whole = fs::read(&journal).expect("a journal");
    for (what, damage) in ways {
        fs::write(&journal, damage(whole.clone())).expect("a journal");
        let library = library(&test);
        assert_eq!(library.sessions().sessions.len(), 1, "{what}");
        let window = WindowSession::open(&test);
        window.wait_for_setup(SetupPhase::Ended);
        assert_eq!(root_of(&window), root, "{what}: it is taken up");
        assert_eq!(text(&root), "work of hours\n", "{what}");
        let runs = fs::read_to_string(root.join("home/runs")).expect("a count");
        assert_eq!(runs, "run\n", "{what}: set-up ran once");
        let told = |notices: &[String]| notices.iter().any(|each| each.contains("was damaged"));
        assert!(told(&window.session.view().notices), "{what}");
        window.close();
        // It was mended, and is told of once.
        let window = ready(&test);
        assert!(!told(&window.session.view().notices), "{what}");
        window.close();
    }
}

#[test]
fn a_session_removed_after_a_crash_leaves_no_process() {
    for remove in [true, false] {
        let test = lab();
        let window = ready(&test);
        let root = root_of(&window);
        let name = root.file_name().expect("a name").to_owned();
        window.close();
        // As a player that was killed leaves it: running, with nobody to end it.
        let mut left = Command::new("sleep")
            .arg("1000")
            .env("ATELIER_SESSION", &name)
            .spawn()
            .expect("a program");
        let store = Store::new(test.beside("atelier"));
        if remove {
            store.remove(&name).expect("it is free");
            assert!(!root.exists());
        } else {
            store.set_aside(&name).expect("it is free");
        }
        let ended = left.try_wait().expect("a child");
        if ended.is_none() {
            let _ = left.kill();
        }
        assert!(ended.is_some(), "it was still running");
    }
}

#[test]
fn containers_that_a_crash_has_left_are_told_of() {
    let test = lab();
    let window = ready(&test);
    let root = root_of(&window);
    let name = root.file_name().expect("a name").to_owned();
    let library = library(&test);
    window.close();
    assert!(library.sessions().sessions[0].containers.is_empty());
    let file = r#"["cache", "db"]"#;
    fs::write(root.join("state/containers.json"), file).expect("a file");
    assert_eq!(library.sessions().sessions[0].containers, ["cache", "db"]);
    let window = ready(&test);
    let told = format!("docker compose -p {name} down");
    let notices = window.session.view().notices;
    assert!(
        notices.iter().any(|each| each.contains(&told)),
        "{notices:?}"
    );
    let losses = window.wait(library.losses(&name)).expect("a session");
    assert!(losses.containers.is_some_and(|text| text.contains(&told)));
    window.close();
    let mut reset = Command::new(atelier());
    reset.args(["reset", "--remove", "--yes", &name]);
    let output = reset.env("ATELIER_HOME", test.beside("atelier")).output();
    let output = String::from_utf8(output.expect("an answer").stdout).expect("text");
    assert!(output.contains(&told), "{output}");
}

#[test]
fn a_set_up_waits_for_a_restore_that_replaces_files() {
    let script = "#!/bin/bash\nls ~/exercises | wc -l >> ~/.cache/counted\n";
    let test = WorkshopTest::page(PAGE)
        .file("exercises/a.txt", "start\n")
        .program("workshop/setup.d/01-count.sh", script)
        .program(
            "workshop/setup.d/00-make.sh",
            "#!/bin/bash\nmkdir -p ~/.cache\n",
        );
    let window = ready(&test);
    let root = root_of(&window);
    let view = window.wait(window.session.restore_view("01-page", None));
    assert!(view.expect("a start").kept_at.is_some());
    for number in 0..2000 {
        let file = root.join(format!("home/exercises/f{number}"));
        fs::write(file, "x").expect("a file");
    }
    let session = std::sync::Arc::clone(&window.session);
    let restoring = std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(session.restore("01-page", None, Vec::new()))
    });
    let journal = root.join("state/journal.jsonl");
    wait_for("the restore", || {
        fs::read_to_string(&journal).is_ok_and(|text| text.contains("\"restored\""))
    });
    window.run_setup();
    restoring.join().expect("no panic").expect("it is restored");
    let counted = root.join("home/.cache/counted");
    let counts = || fs::read_to_string(&counted).unwrap_or_default();
    wait_for("the second set-up", || counts().lines().count() == 2);
    assert_eq!(counts(), "1\n1\n", "no file was on its way");
    window.wait_for_setup(SetupPhase::Ended);
    window.close();
}

#[test]
fn a_full_disk_is_told_and_tears_nothing() {
    let test = lab();
    let Some(disk) = Disk::mount(test.beside("disk"), "size=4m") else {
        return;
    };
    let window = WindowSession::try_open(test.root(), &disk.0.join("atelier")).expect("a session");
    window.wait_for_setup(SetupPhase::Ended);
    let root = root_of(&window);
    let file = root.join("home/exercises/a.txt");
    // Written in place: it has two names.
    fs::hard_link(&file, root.join("home/twin")).expect("a second name");
    let filler = disk.fill();
    let long = "x".repeat(64 * 1024);
    let error = save(&window, &long).expect_err("no room").to_string();
    assert!(error.contains("Free some space"), "{error}");
    assert_eq!(text(&root), "start\n");
    fs::remove_file(root.join("home/twin")).expect("it is gone");
    let error = save(&window, &long).expect_err("no room").to_string();
    assert!(error.contains("Free some space"), "{error}");
    assert_eq!(text(&root), "start\n");
    // The record fills the last block, and then says so; no line of it is torn.
    let mut refused = None;
    for _ in 0..2000 {
        if let Err(error) = window.session.reload("01-page") {
            refused = Some(error.to_string());
            break;
        }
    }
    let refused = refused.expect("no room for the record");
    assert!(refused.contains("Free some space"), "{refused}");
    fs::remove_file(filler).expect("room");
    save(&window, &long).expect("there is room again");
    window
        .session
        .reload("01-page")
        .expect("there is room again");
    window.close();
    let journal = fs::read_to_string(root.join("state/journal.jsonl")).expect("a journal");
    for line in journal.lines() {
        serde_json::from_str::<serde_json::Value>(line).expect("a whole line");
    }
    assert_eq!(text(&root).len(), long.len());
}

#[test]
fn a_disk_that_can_only_be_read_is_told_and_listed() {
    let test = lab();
    let Some(disk) = Disk::mount(test.beside("disk"), "size=4m") else {
        return;
    };
    let home = disk.0.join("atelier");
    let window = WindowSession::try_open(test.root(), &home).expect("a session");
    window.wait_for_setup(SetupPhase::Ended);
    let root = root_of(&window);
    window.close();
    disk.remount("ro");
    let library = Library::new(Store::new(home.clone()), None);
    let sessions = library.sessions().sessions;
    assert_eq!((sessions.len(), sessions[0].open), (1, false));
    let start = WindowSession::try_open(test.root(), &home);
    let error = start.err().expect("nothing can be written").to_string();
    assert!(error.contains("can only be read"), "{error}");
    assert!(error.contains("ATELIER_HOME"), "{error}");
    let removed = library.store().remove(&sessions[0].name);
    let error = removed.expect_err("nothing can be removed").to_string();
    assert!(error.contains("can only be read"), "{error}");
    disk.remount("rw");
    assert_eq!(text(&root), "start\n");
    let window = WindowSession::try_open(test.root(), &home).expect("a session");
    assert_eq!(root_of(&window), root);
    window.close();
}

#[test]
fn every_command_says_what_to_do_where_nothing_can_be_written() {
    let test = lab();
    let Some(disk) = Disk::mount(test.beside("disk"), "size=2m") else {
        return;
    };
    let place = |name: &str| disk.0.join(name).into_string();
    let root = test.root().as_str();
    let told = |arguments: &[&str]| {
        let mut command = Command::new(atelier());
        command.args(arguments);
        if !arguments.contains(&"--home") {
            command.env("TMPDIR", &disk.0);
        }
        let output = command.output().expect("an answer");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let (new, bundle, home) = (place("new"), place("lab.workshop"), place("home"));
    let new = ["new", &new, "--title", "A", "--description", "B"];
    let pack = ["pack", root, "-o", &bundle];
    let at_home = ["test", root, "--home", &home];
    let filler = disk.fill();
    for arguments in [&new[..], &pack, &["test", root]] {
        let told = told(arguments);
        let says = told.contains("Free some space") || told.contains("Make room");
        assert!(says, "{arguments:?}: {told}");
    }
    let left: Vec<_> = disk.0.read_dir_utf8().expect("a disk").flatten().collect();
    assert!(left.iter().all(|entry| entry.path() == filler), "{left:?}");
    disk.remount("ro");
    for (arguments, advice) in [
        (&new[..], "name a place on another disk"),
        (&pack, "name a place on another disk"),
        (&["test", root], "set TMPDIR"),
        (&at_home, "name a folder that can be written"),
    ] {
        let told = told(arguments);
        assert!(told.contains(advice), "{arguments:?}: {told}");
    }
}

#[test]
fn a_disk_that_starts_no_programs_is_told_of() {
    let test = lab();
    let Some(disk) = Disk::mount(test.beside("disk"), "size=4m,noexec") else {
        return;
    };
    let window = WindowSession::try_open(test.root(), &disk.0.join("atelier")).expect("a session");
    let notices = window.session.view().notices;
    assert!(
        notices.iter().any(|each| each.contains("noexec")),
        "{notices:?}"
    );
    // Pages and files are there all the same.
    save(&window, "mine\n").expect("it is saved");
    window.close();
}

#[test]
fn a_workshop_that_vanishes_while_it_is_open_can_be_finished() {
    let test = lab();
    let mut window = ready(&test);
    let root = root_of(&window);
    fs::remove_dir_all(test.root()).expect("it can be deleted");
    window.enter("01-page");
    assert_eq!(window.click("01-page/0").0, ActionStatus::Done);
    save(&window, "mine\n").expect("it is saved");
    window.run_setup();
    wait_for("the set-up", || {
        fs::read_to_string(root.join("home/runs")).is_ok_and(|runs| runs == "run\nrun\n")
    });
    window.wait_for_setup(SetupPhase::Ended);
    window.close();
    // What is opened again says what is missing, and the work is still there to be exported.
    let again = WindowSession::try_open(test.root(), &test.beside("atelier"));
    let error = again.err().expect("it is gone").to_string();
    assert!(error.contains("deleted or moved"), "{error}");
    let sessions = library(&test).sessions().sessions;
    assert!(sessions[0].missing && !sessions[0].open);
    assert_eq!(text(&root), "mine\n");
}

#[test]
fn a_session_folder_that_vanishes_while_open_is_told_and_nothing_counts() {
    let test = lab();
    let window = ready(&test);
    let root = root_of(&window);
    let aside = root.with_file_name("moved-away");
    fs::rename(&root, &aside).expect("it can be moved");
    let error = window.session.reload("01-page").expect_err("it is gone");
    let error = error.to_string();
    assert!(error.contains("deleted or moved while"), "{error}");
    assert!(save(&window, "lost\n").is_err());
    // Put back, everything works as before.
    fs::rename(&aside, &root).expect("it can be moved");
    window.session.reload("01-page").expect("it is there");
    save(&window, "kept\n").expect("it is there");
    fs::remove_dir_all(&root).expect("it can be deleted");
    assert!(window.session.reload("01-page").is_err());
    window.close();
    let again = ready(&test);
    assert_ne!(root_of(&again), root);
    again.close();
}

#[test]
fn a_clock_that_goes_backwards_costs_nothing() {
    let test = lab();
    let mut window = ready(&test);
    let root = root_of(&window);
    assert_eq!(window.click("01-page/0").0, ActionStatus::Done);
    window.close();
    let journal = root.join("state/journal.jsonl");
    let before = fs::read_to_string(&journal).expect("a journal");
    // As if it had been ten years later.
    let mut late = String::new();
    for line in before.lines() {
        let mut line: serde_json::Value = serde_json::from_str(line).expect("a line");
        if let Some(at) = line.get("at").and_then(serde_json::Value::as_u64) {
            line["at"] = (at + 10 * 365 * 86_400_000).into();
        }
        late += &format!("{line}\n");
    }
    fs::write(&journal, late).expect("a journal");
    let now = || {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        now.expect("a time").as_millis() as u64
    };
    assert!(library(&test).sessions().sessions[0].last_used <= now());
    window = ready(&test);
    assert_eq!(root_of(&window), root);
    let state = window.enter("01-page");
    assert_eq!(state.actions["01-page/0"].status, ActionStatus::Done);
    assert!(state.ended["01-page/0"] <= now(), "no cooldown of years");
    let finish = window.session.finish().expect("it is noted");
    assert!(finish.millis < 3_600_000, "{}", finish.millis);
    window.close();
}

#[test]
fn a_permission_that_was_lost_is_told_with_the_file() {
    let test = lab();
    let window = ready(&test);
    let root = root_of(&window);
    let name = root.file_name().expect("a name").to_owned();
    window.close();
    let journal = root.join("state/journal.jsonl");
    let mode = |mode| fs::set_permissions(&journal, fs::Permissions::from_mode(mode));
    mode(0o400).expect("permissions");
    let bounded = "--bounding-set=-dac_override,-dac_read_search";
    let mut reset = Command::new("setpriv");
    reset.arg(bounded).arg(atelier());
    reset.args(["reset", "--yes", &name]);
    let output = reset.env("ATELIER_HOME", test.beside("atelier")).output();
    let output = output.expect("an answer");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("journal.jsonl"), "{told}");
    assert!(told.contains("your permissions"), "{told}");
    mode(0o600).expect("permissions");
    assert_eq!(text(&root), "start\n");
}

#[test]
fn what_atelier_keeps_is_for_its_owner_alone() {
    let test = lab();
    let window = ready(&test);
    let root = root_of(&window);
    let home = test.beside("atelier");
    let mode = |path: &Utf8Path| fs::metadata(path).expect("it is there").mode() & 0o777;
    for folder in [
        home.clone(),
        home.join("sessions"),
        root.clone(),
        root.join("state"),
        root.join("home"),
        root.join("tmp"),
    ] {
        assert_eq!(mode(&folder), 0o700, "{folder}");
    }
    for file in [
        home.join("trust.json"),
        root.join("state/journal.jsonl"),
        root.join("state/session.json"),
        root.join("state/identity.json"),
    ] {
        assert_eq!(mode(&file), 0o600, "{file}");
    }
    window.close();
    assert!(processes_with(root.as_str()).is_empty());
}
