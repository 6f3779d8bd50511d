//! Going back: the start of a page, one file, the whole session; and what an interruption leaves.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use atelier_session::protocol::{
    ActionStatus, ExportScope, FileChangeKind, RestoredView, SetupPhase, UnsavedText,
};
use atelier_session::window::{Dialogs, Library};
use atelier_session::{SessionError, Store};
use atelier_tests::{WindowSession, WorkshopTest, atelier, wait_for};
use camino::{Utf8Path, Utf8PathBuf};
use tokio::runtime::Runtime;

const FIRST: &str = "
    ```editor:append-lines-to-file
    file: ~/exercises/a.txt
    text: first page
    ```
    ```examiner:execute-test
    name: has-first
    ```
    ";
const SECOND: &str = "
    ```editor:append-lines-to-file
    file: ~/exercises/a.txt
    text: second page
    ```
    ```examiner:execute-test
    name: has-second
    ```
    ";

fn lab() -> WorkshopTest {
    WorkshopTest::new(&[])
        .and_page("01-first", FIRST)
        .and_page("02-second", SECOND)
        .file("exercises/a.txt", "start\n")
        .examiner("has-first", "grep -q first exercises/a.txt")
        .examiner("has-second", "grep -q second exercises/a.txt")
}

struct Run {
    window: WindowSession,
    runtime: Runtime,
}

impl Run {
    fn open(test: &WorkshopTest) -> Self {
        Self {
            window: WindowSession::open(test),
            runtime: Runtime::new().expect("a runtime"),
        }
    }

    /// Enters a page, appends its line as a program would, and asks its check.
    fn play(&mut self, page: &str, line: &str) {
        self.window.enter(page);
        let preview = self.window.session.restore_view(page, None);
        // Its files are kept once this has been answered.
        self.runtime.block_on(preview).expect("a view");
        let file = self.home().join("exercises/a.txt");
        let text = fs::read_to_string(&file).expect("a file") + line + "\n";
        fs::write(file, text).expect("a file");
        let (status, _) = self.window.click(&format!("{page}/1"));
        assert_eq!(status, ActionStatus::Done);
    }

    fn home(&self) -> Utf8PathBuf {
        self.window.session.home().to_owned()
    }

    fn text(&self) -> String {
        fs::read_to_string(self.home().join("exercises/a.txt")).expect("a file")
    }

    fn restore(&self, page: &str, file: Option<&str>) -> RestoredView {
        let restored = self.window.session.restore(page, file, Vec::new());
        self.runtime.block_on(restored).expect("it is restored")
    }

    fn marks(&self, page: &str) -> usize {
        self.window
            .session
            .enter(page)
            .expect("a page")
            .actions
            .len()
    }
}

#[test]
fn the_start_of_a_page_comes_back_and_so_does_the_own_version() {
    let test = lab();
    let mut run = Run::open(&test);
    run.play("01-first", "first page");
    run.play("02-second", "second page");
    let own = "start\nfirst page\nsecond page\n";
    assert_eq!(run.text(), own);

    let view = run.window.session.restore_view("02-second", None);
    let view = run.runtime.block_on(view).expect("a view");
    assert_eq!((view.changed, view.marks, view.checks), (1, 1, 1));
    assert_eq!(view.changes[0].path, "~/exercises/a.txt");
    assert_eq!(view.changes[0].kind, FileChangeKind::Changed);
    assert!(view.later_pages.is_empty(), "{:?}", view.later_pages);

    let restored = run.restore("02-second", None);
    assert_eq!(run.text(), "start\nfirst page\n");
    assert_eq!(restored.checks.passed, 1, "the first page's check stays");
    assert_eq!(run.marks("02-second"), 0);
    assert_eq!(run.marks("01-first"), 1);

    let back = run.window.session.bring_back(&restored.version, Vec::new());
    let back = run.runtime.block_on(back).expect("it is back");
    assert_eq!(run.text(), own);
    assert_eq!(back.checks.passed, 2);
    assert_eq!(run.marks("02-second"), 1);
    run.window.close();
}

#[test]
fn an_earlier_page_takes_the_later_ones_with_it() {
    let test = lab();
    let mut run = Run::open(&test);
    run.play("01-first", "first page");
    run.play("02-second", "second page");
    let view = run.window.session.restore_view("01-first", None);
    let view = run.runtime.block_on(view).expect("a view");
    assert_eq!(view.later_pages.len(), 1);
    let restored = run.restore("01-first", None);
    assert_eq!(run.text(), "start\n");
    assert_eq!(restored.checks.passed, 0);
    // The second page begins where it is entered anew.
    run.play("02-second", "second page");
    run.restore("02-second", None);
    assert_eq!(run.text(), "start\n");
    run.window.close();
}

#[test]
fn nothing_is_put_back_before_the_set_up_has_ended() {
    let waits = "
        [ -p ~/verdict ] || mkfifo ~/verdict
        read -r verdict < ~/verdict
        [ \"$verdict\" = pass ]
        ";
    let test = lab().file("workshop/setup.d/01.sh", waits);
    let mut run = Run::open(&test);
    let refused = |run: &Run| {
        let session = &run.window.session;
        let view = session.restore_view("01-first", None);
        let view = run.runtime.block_on(view).expect_err("no view");
        let restored = session.restore("01-first", None, Vec::new());
        let restored = run.runtime.block_on(restored).expect_err("no restore");
        for error in [view, restored] {
            assert!(matches!(error, SessionError::NotSetUp), "{error}");
        }
    };
    let tell = |run: &Run, verdict: &str| {
        let pipe = run.home().join("verdict");
        wait_for("the script", || pipe.exists());
        // Opening the pipe waits for its reader.
        fs::write(pipe, verdict).expect("somebody reads it");
    };
    run.window.enter("01-first");
    refused(&run);
    tell(&run, "fail\n");
    run.window.wait_for_setup(SetupPhase::Failed);
    refused(&run);
    run.window.run_setup();
    tell(&run, "pass\n");
    run.window.wait_for_setup(SetupPhase::Ended);
    run.play("01-first", "first page");
    run.restore("01-first", None);
    assert_eq!(run.text(), "start\n");

    // Its scripts write again.
    run.window.run_setup();
    run.window.wait_for_setup(SetupPhase::Running);
    refused(&run);
    tell(&run, "pass\n");
    run.window.wait_for_setup(SetupPhase::Ended);
    run.window.close();
}

#[test]
fn pages_read_during_the_set_up_start_in_the_order_in_which_they_were_shown() {
    let names: Vec<_> = (1..=12).rev().map(|at| format!("{at:02}-page")).collect();
    let lab = WorkshopTest::new(&[]).file(
        "workshop/setup.d/01.sh",
        "mkfifo ~/verdict; read -r verdict < ~/verdict",
    );
    let test = names
        .iter()
        .fold(lab, |lab, name| lab.and_page(name, "Text."));
    let mut run = Run::open(&test);
    for name in &names {
        run.window.enter(name);
    }
    let pipe = run.home().join("verdict");
    wait_for("the script", || pipe.exists());
    fs::write(pipe, "pass\n").expect("somebody reads it");
    run.window.wait_for_setup(SetupPhase::Ended);
    let view = run.window.session.restore_view(&names[0], None);
    let view = run.runtime.block_on(view).expect("a view");
    assert_eq!(view.later_pages.len(), 11, "{:?}", view.later_pages);
    let journal = run
        .home()
        .parent()
        .expect("a session")
        .join("state/journal.jsonl");
    let text = fs::read_to_string(journal).expect("a journal");
    let lines = text.lines().map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).expect("a line");
        line
    });
    let starts: Vec<_> = lines
        .filter(|line| line["kind"] == "page-start")
        .map(|line| line["page"].as_str().expect("a page").to_owned())
        .collect();
    assert_eq!(starts, names);
    run.window.close();
}

#[test]
fn one_file_comes_back_alone() {
    let test = lab().file("exercises/b.txt", "start b\n");
    let mut run = Run::open(&test);
    run.play("01-first", "first page");
    fs::write(run.home().join("exercises/b.txt"), "mine").expect("a file");
    let restored = run.restore("01-first", Some("~/exercises/a.txt"));
    assert_eq!(restored.changed, 1);
    assert_eq!(run.text(), "start\n");
    let other = fs::read_to_string(run.home().join("exercises/b.txt")).expect("a file");
    assert_eq!(other, "mine");
    assert_eq!(run.marks("01-first"), 1, "one file changes no mark");
    let unknown = run
        .window
        .session
        .restore_view("01-first", Some("~/exercises/new"));
    let unknown = run.runtime.block_on(unknown).expect("a view");
    assert!(
        unknown
            .problem
            .is_some_and(|why| why.contains("did not exist"))
    );
    let outside = run.window.session.restore_view("01-first", Some("../../x"));
    assert!(run.runtime.block_on(outside).is_err());
    run.window.close();
}

#[test]
fn what_was_typed_and_not_saved_lies_in_the_backup() {
    let test = lab();
    let mut run = Run::open(&test);
    run.play("01-first", "first page");
    let unsaved = vec![UnsavedText {
        path: "~/exercises/a.txt".to_owned(),
        text: "only in the window".to_owned(),
    }];
    let restored = run.window.session.restore("01-first", None, unsaved);
    let restored = run.runtime.block_on(restored).expect("it is restored");
    let folder = run
        .window
        .session
        .kept_folder(&restored.version)
        .expect("a folder");
    let text = fs::read_to_string(folder.join("unsaved/exercises/a.txt")).expect("a file");
    assert_eq!(text, "only in the window");
    let text = fs::read_to_string(folder.join("files/exercises/a.txt")).expect("a file");
    assert_eq!(text, "start\nfirst page\n");
    run.window.close();
}

/// As if the power had gone before the files of the last restore were in their places.
fn interrupt(home: &Utf8Path) {
    let journal = home
        .parent()
        .expect("a session")
        .join("state/journal.jsonl");
    let text = fs::read_to_string(&journal).expect("a journal");
    let lines = text.lines().filter(|line| !line.contains("files-in-place"));
    let without: String = lines.map(|line| format!("{line}\n")).collect();
    assert_ne!(text, without);
    fs::write(&journal, without).expect("a journal");
    fs::write(home.join("exercises/a.txt"), "half").expect("a file");
}

fn lose_kept_contents(home: &Utf8Path) {
    let state = home.parent().expect("a session").join("state");
    fs::remove_dir_all(state.join("snapshots/objects")).expect("contents");
}

#[test]
fn a_restore_that_was_interrupted_is_finished_at_the_next_start() {
    let test = lab();
    let mut run = Run::open(&test);
    run.play("01-first", "first page");
    run.restore("01-first", None);
    let home = run.home();
    run.window.close();
    interrupt(&home);
    let run = Run::open(&test);
    assert_eq!(run.text(), "start\n");
    run.window.close();
}

#[test]
fn a_restore_that_cannot_begin_changes_neither_files_nor_marks() {
    let test = lab();
    let mut run = Run::open(&test);
    run.play("01-first", "first page");
    lose_kept_contents(&run.home());
    let restored = run.window.session.restore("01-first", None, Vec::new());
    let error = run.runtime.block_on(restored).expect_err("it is refused");
    assert!(error.to_string().contains("missing or damaged"), "{error}");
    assert_eq!(run.text(), "start\nfirst page\n");
    assert_eq!(run.marks("01-first"), 1);
    run.window.close();
    let run = Run::open(&test);
    assert_eq!(run.text(), "start\nfirst page\n");
    assert_eq!(run.marks("01-first"), 1);
    run.window.close();
}

#[test]
fn an_interrupted_restore_that_cannot_be_finished_is_given_up_and_told() {
    let test = lab();
    let mut run = Run::open(&test);
    run.play("01-first", "first page");
    run.restore("01-first", None);
    let home = run.home();
    run.window.close();
    interrupt(&home);
    lose_kept_contents(&home);
    for told in [true, false] {
        let run = Run::open(&test);
        assert_eq!(run.text(), "half");
        let notices = run.window.session.view().notices;
        let is_told = notices.iter().any(|each| each.contains("put files back"));
        assert_eq!(is_told, told, "{notices:?}");
        run.window.close();
    }
}

#[test]
fn progress_survives_a_restart_with_its_starts() {
    let test = lab();
    let mut run = Run::open(&test);
    run.play("01-first", "first page");
    run.window.close();
    let run = Run::open(&test);
    assert_eq!(run.marks("01-first"), 1);
    run.restore("01-first", None);
    assert_eq!(run.text(), "start\n");
    run.window.close();
}

struct SaveAt(PathBuf);

impl Dialogs for SaveAt {
    async fn save_as(&self, _: &str) -> Option<PathBuf> {
        Some(self.0.clone())
    }

    async fn choose(&self, _: bool) -> Vec<PathBuf> {
        Vec::new()
    }
}

#[test]
fn work_is_exported_without_what_leads_out() {
    let test = lab();
    let mut run = Run::open(&test);
    run.play("01-first", "first page");
    let exercises = run.home().join("exercises");
    fs::create_dir_all(exercises.join("node_modules/x")).expect("a folder");
    std::os::unix::fs::symlink("/etc/passwd", exercises.join("out")).expect("a link");
    std::os::unix::fs::symlink("a.txt", exercises.join("in")).expect("a link");
    let library = Library::new(Store::new(test.beside("atelier")), None);
    let name = run
        .home()
        .parent()
        .and_then(|root| root.file_name().map(str::to_owned));
    let name = name.expect("a session");
    let losses = run.runtime.block_on(library.losses(&name)).expect("losses");
    assert_eq!((losses.changed, losses.checks_passed), (Some(3), 1));
    let archive = |file: &str| {
        let to = test.beside(file).into_std_path_buf();
        let dialogs = SaveAt(to.clone());
        let exported = library.export(&name, ExportScope::Exercises, &dialogs);
        let exported = run.runtime.block_on(exported).expect("an archive");
        (
            exported.expect("it was saved"),
            fs::read(to).expect("a file"),
        )
    };
    let (exported, bytes) = archive("work.zip");
    assert_eq!(exported.files, 2, "{exported:?}");
    let left: Vec<_> = exported
        .left_out
        .iter()
        .map(|each| each.path.as_str())
        .collect();
    assert_eq!(left, ["~/exercises/node_modules", "~/exercises/out"]);
    assert_eq!(
        archive("again.zip").1,
        bytes,
        "the same files, the same archive"
    );
    run.window.close();
}

#[test]
fn exercises_of_another_name_are_what_is_exported() {
    let spec = "session: {env: [{name: EXERCISES_DIR, value: lab}]}";
    let test = lab().file(
        "resources/workshop.yaml",
        &crate::environment::definition(spec),
    );
    let run = Run::open(&test);
    let name = run.window.session.view().name;
    fs::create_dir_all(run.home().join("lab")).expect("a folder");
    fs::write(run.home().join("lab/own.txt"), "twelve bytes").expect("a file");
    run.window.close();
    let library = Library::new(Store::new(test.beside("atelier")), None);
    let losses = run.runtime.block_on(library.losses(&name)).expect("losses");
    assert_eq!(losses.exercises_size, Some(12));
    let dialogs = SaveAt(test.beside("work.zip").into_std_path_buf());
    let exported = library.export(&name, ExportScope::Exercises, &dialogs);
    let exported = run.runtime.block_on(exported).expect("an archive");
    assert_eq!(exported.expect("it was saved").files, 1);
}

fn run_atelier(test: &WorkshopTest, args: &[&str]) -> Output {
    let mut command = Command::new(atelier());
    command
        .args(args)
        .env("ATELIER_HOME", test.beside("atelier"));
    command.stdin(std::process::Stdio::null());
    command.output().expect("atelier starts")
}

fn listed(test: &WorkshopTest) -> Vec<serde_json::Value> {
    let output = run_atelier(test, &["list", "--format", "json"]);
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).expect("a list")
}

#[test]
fn sessions_are_listed_reset_and_removed() {
    let test = lab();
    let mut run = Run::open(&test);
    run.play("01-first", "first page");
    let first = run.home();
    let list = listed(&test);
    assert_eq!(list.len(), 1);
    let name = list[0]["name"].as_str().expect("a name").to_owned();
    assert_eq!(list[0]["title"], "Lab");
    assert_eq!(list[0]["open"], true);
    assert_eq!(list[0]["checks_passed"], 1);
    assert!(list[0]["size"].as_u64().is_some_and(|size| size > 0));

    let busy = run_atelier(&test, &["reset", "--yes", &name]);
    assert_eq!(busy.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&busy.stderr).contains("open in another window"));
    run.window.close();
    let unasked = run_atelier(&test, &["reset", &name]);
    assert_eq!(unasked.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unasked.stderr).contains("--yes"));
    assert!(
        run_atelier(&test, &["reset", "--yes", &name])
            .status
            .success()
    );

    let run = Run::open(&test);
    assert_ne!(run.home(), first);
    assert_eq!(run.text(), "start\n");
    assert_eq!(run.marks("01-first"), 0);
    run.window.close();
    let kept = fs::read_to_string(first.join("exercises/a.txt")).expect("a file");
    assert_eq!(kept, "start\nfirst page\n");
    assert_eq!(listed(&test).len(), 2);

    // Chosen again, the earlier one is taken up.
    let store = Store::new(test.beside("atelier"));
    store.choose(&name).expect("it is there");
    let run = Run::open(&test);
    assert_eq!(run.home(), first);
    run.window.close();

    let removed = run_atelier(&test, &["reset", "--remove", "--yes", &name]);
    assert!(removed.status.success());
    assert!(!first.exists());
    assert_eq!(listed(&test).len(), 1);
    let unknown = run_atelier(&test, &["reset", "--yes", &name]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("atelier list"));
}

#[test]
fn a_removal_that_was_interrupted_is_finished_later() {
    let test = lab();
    let left = test.beside("atelier/removed/lab-1");
    fs::create_dir_all(left.join("home")).expect("a folder");
    assert!(listed(&test).is_empty());
    assert!(!left.exists());
}

#[test]
fn a_session_of_a_workshop_that_is_gone_can_still_be_removed() {
    let test = lab();
    let mut run = Run::open(&test);
    run.play("01-first", "first page");
    run.window.close();
    fs::remove_dir_all(test.root()).expect("it can be deleted");
    let list = listed(&test);
    assert_eq!(list[0]["missing"], true);
    let name = list[0]["name"].as_str().expect("a name").to_owned();
    assert!(
        run_atelier(&test, &["reset", "--remove", "--yes", &name])
            .status
            .success()
    );
    assert!(listed(&test).is_empty());
}
