//! A session that is read while it is set up: what waits, what becomes of a set-up that does not come to its end.

use std::process::Command;
use std::sync::Arc;

use atelier_session::Store;
use atelier_session::protocol::{Outcome, SetupPhase, SetupStatus};
use atelier_session::window::{Library, OpenSession};
use atelier_tests::{WindowSession, WorkshopTest, wait_for};
use camino::Utf8PathBuf;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

/// A script that ends when it is told how, and leaves a program running.
const WAITS: &str = r#"
    sleep 605 & echo $! > ~/left
    [ -p ~/verdict ] || mkfifo ~/verdict
    echo ran >> ~/runs
    touch ~/waiting
    read -r verdict < ~/verdict
    rm ~/waiting
    echo "VERDICT=$verdict" >> "$WORKSHOP_ENV"
    [ "$verdict" = pass ]
"#;

const PAGE: &str = "
    ```terminal:execute
    command: echo $VERDICT > ~/seen; [ $VERDICT = {{< param verdict >}} ]
    ```
    ";

fn workshop() -> WorkshopTest {
    WorkshopTest::page(PAGE)
        .and_page("02-more", "The {{< param verdict >}}.")
        .file(
            "workshop/config.yaml",
            "params:\n- name: verdict\n  value: open\n  aliases: [VERDICT]\n",
        )
        .file("workshop/setup.d/01.sh", WAITS)
}

fn home(window: &WindowSession, workshop: &WorkshopTest) -> Utf8PathBuf {
    let name = window.session.view().name;
    workshop.beside(&format!("atelier/sessions/{name}/home"))
}

/// Ends the script that waits. Opening the pipe waits for its reader.
fn tell(home: &Utf8PathBuf, verdict: &str) {
    wait_for("the script", || home.join("waiting").exists());
    std::fs::write(home.join("verdict"), format!("{verdict}\n")).expect("somebody reads it");
}

fn runs(home: &Utf8PathBuf) -> usize {
    let text = std::fs::read_to_string(home.join("runs")).unwrap_or_default();
    text.lines().count()
}

/// `id` is what a program of the session's knows itself by.
fn is_alive(home: &Utf8PathBuf, id: &str) -> bool {
    let session = home.parent().expect("the session");
    atelier_tests::knows_itself_as(session.as_str(), id.trim())
}

#[test]
fn pages_are_read_meanwhile_and_a_click_runs_when_the_set_up_has_ended() {
    let workshop = workshop();
    let mut window = WindowSession::open(&workshop);
    let home = home(&window, &workshop);
    window.enter("01-page");
    let click = window.click_early("01-page/0");
    window.enter("02-more");
    let early = window.session.page("02-more").expect("a page");
    assert!(early.html.contains("The open."), "{}", early.html);
    let refused = window.session.attach("1", 80, 24, |_| ()).err();
    assert_eq!(
        refused.expect("no shell starts").to_string(),
        "terminal 1 starts when the set-up has ended"
    );
    window.enter("01-page");
    assert!(!click.is_finished());

    tell(&home, "pass");
    let setup = window.wait_for_setup(SetupPhase::Ended);
    assert_eq!(setup.steps[0].status, SetupStatus::Passed);
    let result = window.answer(click);
    assert!(
        matches!(result.outcome, Outcome::Succeeded { .. }),
        "{result:?}"
    );
    assert_eq!(window.end_of("01-page/0").exit_code, Some(0));
    let seen = std::fs::read_to_string(home.join("seen")).expect("the command ran");
    assert_eq!(seen, "pass\n");
    let late = window.session.page("02-more").expect("a page");
    assert!(late.html.contains("The pass."), "{}", late.html);

    let left = std::fs::read_to_string(home.join("left")).expect("a process id");
    assert!(is_alive(&home, &left), "what a script starts survives it");
    window.close();
    assert!(!is_alive(&home, &left), "and ends with the session");

    // The environment comes back, and nothing runs again.
    let window = WindowSession::open(&workshop);
    assert_eq!(window.session.view().setup.phase, SetupPhase::Ended);
    assert!(window.session.view().resumed);
    assert_eq!(runs(&home), 1);
    let page = window.session.page("02-more").expect("a page");
    assert!(page.html.contains("The pass."), "{}", page.html);
    window.close();
}

#[test]
fn a_set_up_that_failed_waits_to_be_run_again_and_ends_what_the_run_before_has_left() {
    let workshop = workshop();
    let window = WindowSession::open(&workshop);
    let home = home(&window, &workshop);
    tell(&home, "fail");
    let setup = window.wait_for_setup(SetupPhase::Failed);
    assert_eq!(setup.steps[0].exit_code, Some(1));
    let left = std::fs::read_to_string(home.join("left")).expect("a process id");
    assert!(is_alive(&home, &left));

    window.run_setup();
    tell(&home, "pass");
    window.wait_for_setup(SetupPhase::Ended);
    let now = std::fs::read_to_string(home.join("left")).expect("a process id");
    assert!(now != left && is_alive(&home, &now) && !is_alive(&home, &left));
    assert_eq!(runs(&home), 2);
    window.close();
}

#[test]
fn a_set_up_that_was_called_off_is_run_again_when_the_session_comes_back() {
    let workshop = workshop();
    let window = WindowSession::open(&workshop);
    let home = home(&window, &workshop);
    wait_for("the script", || home.join("waiting").exists());
    let left = std::fs::read_to_string(home.join("left")).expect("a process id");
    window.session.cancel_setup();
    window.wait_for_setup(SetupPhase::Stopped);
    wait_for("its programs to end", || !is_alive(&home, &left));
    std::fs::write(home.join("mine"), "the learner's").expect("a file");
    window.close();

    std::fs::remove_file(home.join("waiting")).expect("the script was ended in its midst");
    let window = WindowSession::open(&workshop);
    let setup = window.session.view().setup;
    assert!(setup.interrupted && setup.phase == SetupPhase::Running);
    tell(&home, "pass");
    window.wait_for_setup(SetupPhase::Ended);
    assert_eq!(runs(&home), 2);
    assert!(home.join("mine").exists(), "files are copied only once");
    window.close();
}

#[test]
fn closing_ends_a_set_up_that_runs_and_who_waits_for_it() {
    let workshop = workshop();
    let mut window = WindowSession::open(&workshop);
    let home = home(&window, &workshop);
    window.enter("01-page");
    wait_for("the script", || home.join("waiting").exists());
    let root = home.parent().expect("the session").to_string();
    window.close();
    assert_eq!(atelier_tests::processes_with(&root), [""; 0]);
}

#[test]
fn who_goes_on_without_a_set_up_is_not_asked_again() {
    let workshop = workshop();
    let window = WindowSession::open(&workshop);
    let home = home(&window, &workshop);
    tell(&home, "fail");
    window.wait_for_setup(SetupPhase::Failed);
    window
        .wait(window.session.pass_over_setup())
        .expect("it is kept");
    assert_eq!(window.session.view().setup.phase, SetupPhase::Ended);
    // What the failed script has exported counts.
    let page = window.session.page("02-more").expect("a page");
    assert!(page.html.contains("The fail."), "{}", page.html);
    window.close();
    let window = WindowSession::open(&workshop);
    let view = window.session.view();
    assert_eq!(view.setup.phase, SetupPhase::Ended);
    assert!(
        view.notices
            .iter()
            .any(|notice| notice.contains("went on without it")),
        "{:?}",
        view.notices
    );
    assert_eq!(runs(&home), 1);
    window.close();
}

/// A small file system of its own, unmounted when dropped.
struct SmallDisk(Utf8PathBuf);

impl SmallDisk {
    fn mount(at: Utf8PathBuf) -> Option<Self> {
        std::fs::create_dir_all(&at).expect("a folder");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=512k", "tmpfs", at.as_str()])
            .output()
            .is_ok_and(|output| output.status.success());
        mounted.then_some(Self(at))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.as_str()).status();
    }
}

#[test]
#[allow(clippy::print_stderr, reason = "a skip is told to people")]
fn a_full_disk_blocks_the_start_names_the_file_and_leaves_nothing_to_resume() {
    let big = "x".repeat(300 * 1024);
    let workshop = WorkshopTest::page("Text.")
        .file("exercises/a.txt", &big)
        .file("exercises/b.txt", &big);
    let Some(disk) = SmallDisk::mount(workshop.beside("disk")) else {
        eprintln!("skipped: no file system can be mounted here");
        return;
    };
    let runtime = Runtime::new().expect("a runtime");
    let store = Store::new(disk.0.join("atelier"));
    let library = Library::new(store, None);
    let root = workshop.root().canonicalize_utf8().expect("a folder");
    library.trust(&root, false).expect("it can be trusted");
    let start = || {
        runtime.block_on(OpenSession::start(
            &library,
            &root,
            None,
            false,
            atelier_tests::atelier().into(),
            Arc::new(|_| ()),
            CancellationToken::new(),
        ))
    };
    let error = start().err().expect("there is no room").to_string();
    assert!(
        error.starts_with("There is not enough room on the disk")
            && error.contains("\nexercises/b.txt: "),
        "{error}"
    );
    let sessions = disk.0.join("atelier/sessions");
    let left = sessions.read_dir_utf8().map_or(0, Iterator::count);
    assert_eq!(left, 0, "nothing half-made is kept");

    std::fs::write(root.join("exercises/b.txt"), "small").expect("a file");
    library.trust(&root, false).expect("it can be trusted");
    let session = start().expect("there is room now");
    assert!(session.view().setup.phase == SetupPhase::Ended && !session.view().resumed);
    runtime.block_on(session.close());
}

#[test]
fn what_was_copied_in_part_by_a_start_that_was_killed_is_begun_anew() {
    let workshop = WorkshopTest::page("Text.").file("exercises/a.txt", "whole");
    let window = WindowSession::open(&workshop);
    let home = home(&window, &workshop);
    window.close();
    let journal = home
        .parent()
        .expect("the session")
        .join("state/journal.jsonl");
    let text = std::fs::read_to_string(&journal).expect("a journal");
    let header = text.lines().next().expect("a header");
    std::fs::write(&journal, format!("{header}\n")).expect("a file");
    // It is written when all files are there.
    std::fs::remove_file(journal.with_file_name("session.json")).expect("a file");
    std::fs::write(home.join("exercises/stale.txt"), "half").expect("a file");

    let window = WindowSession::open(&workshop);
    assert!(!window.session.view().resumed);
    assert!(!home.join("exercises/stale.txt").exists());
    assert!(home.join("exercises/a.txt").exists());
    window.close();
}
