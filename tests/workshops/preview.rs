//! An author works on the workshop that is played: what is saved is shown in place.

use std::fs;

use atelier_session::protocol::{
    ActionInput, ActionStatus, DiagnosticView, Event, OfferView, PageView, ReloadView,
};
use atelier_tests::{NoDialogs, WindowSession, WorkshopTest, copy_folder, wait_for};

const COPY: &str = "
    ```workshop:copy
    text: first
    ```
    ";

/// The next reload.
fn reload(window: &WindowSession) -> ReloadView {
    window.event("the reload", |event| match event {
        Event::WorkshopReloaded { reload } => Some(*reload),
        _ => None,
    })
}

/// Reloads until this page is written in another way. What editors do in several steps may come in several reloads.
fn changed(window: &WindowSession, page: &str) -> ReloadView {
    window.event("the page", |event| match event {
        Event::WorkshopReloaded { reload } if reload.changed.iter().any(|each| each == page) => {
            Some(*reload)
        }
        _ => None,
    })
}

fn shown(reload: ReloadView) -> PageView {
    let shown = reload.shown.expect("the shown page has changed");
    shown.page.expect("it is there still")
}

fn offer(window: &WindowSession, meant: impl Fn(&OfferView) -> bool) -> OfferView {
    window.event("the offer", |event| match event {
        Event::FilesOffered { offer } if meant(&offer) => Some(offer),
        _ => None,
    })
}

fn problems(window: &WindowSession, meant: impl Fn(&[DiagnosticView]) -> bool) {
    window.event("the findings", |event| match event {
        Event::ProblemsChanged { problems } if meant(&problems) => Some(()),
        _ => None,
    });
}

/// In one step: a test that is held up must not see the file empty.
fn write(workshop: &WorkshopTest, path: &str, text: &str) {
    let path = workshop.root().join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    let aside = workshop.beside("being-written");
    fs::write(&aside, text).expect("it can be written");
    if let Ok(about) = fs::metadata(&path) {
        fs::set_permissions(&aside, about.permissions()).expect("it stays a program");
    }
    fs::rename(&aside, &path).expect("it can be renamed");
}

/// As careful editors save: beside it first, then in its place.
fn save_by_rename(workshop: &WorkshopTest, path: &str, text: &str) {
    let path = workshop.root().join(path);
    let aside = path.with_extension("md.new~");
    fs::write(path.with_file_name("4913"), "").expect("a probe");
    fs::remove_file(path.with_file_name("4913")).expect("a probe");
    fs::write(&aside, text).expect("it can be written");
    fs::rename(&aside, &path).expect("it can be renamed");
}

const FIRST: &str = "workshop/content/01-page.md";
const SECOND: &str = "workshop/content/02-page.md";

fn two_pages() -> WorkshopTest {
    WorkshopTest::page(COPY).and_page("02-page", "Second.")
}

#[test]
fn a_saved_page_is_shown_however_it_was_saved() {
    let workshop = two_pages();
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    fs::write(workshop.root().join(FIRST), "Written in place.").expect("it can be written");
    // It may be seen empty first, when the machine is slow.
    window.event("the text", |event| match event {
        Event::WorkshopReloaded { reload } => {
            let page = reload.shown?.page?;
            page.html.contains("in place").then_some(())
        }
        _ => None,
    });
    save_by_rename(&workshop, FIRST, "Renamed into its place.");
    let page = shown(changed(&window, "01-page"));
    assert!(page.html.contains("Renamed into"), "{}", page.html);
    // What is not in front is new when it is turned to.
    save_by_rename(&workshop, SECOND, "Not in front.");
    assert!(changed(&window, "02-page").shown.is_none());
    let page = window.session.page("02-page").expect("a page");
    assert!(page.html.contains("Not in front"));
    window.close();
}

#[test]
fn a_change_of_branches_is_one_reload() {
    let workshop = two_pages();
    write(&workshop, ".git/HEAD", "ref: refs/heads/main");
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    write(&workshop, ".git/index.lock", "");
    for number in 100..250 {
        let path = format!("workshop/content/{number}-page.md");
        write(&workshop, &path, &format!("# Page {number}"));
    }
    write(&workshop, FIRST, "On another branch.");
    fs::remove_file(workshop.root().join(".git/index.lock")).expect("it is unlocked");
    let first = reload(&window);
    assert_eq!(first.changed.len(), 150 + 1, "all at once");
    assert_eq!(first.pages.len(), 152);
    // The next is about what came after, and nothing else.
    write(&workshop, FIRST, "On another branch, and changed.");
    assert_eq!(reload(&window).changed, ["01-page"]);
    window.close();
}

#[test]
fn a_folder_that_is_replaced_is_watched_still() {
    let workshop = two_pages();
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    let root = workshop.root();
    let (aside, copy) = (workshop.beside("old"), workshop.beside("copy"));
    copy_folder(root.as_std_path(), copy.as_std_path());
    fs::write(copy.join(FIRST), "Another folder.").expect("it can be written");
    fs::rename(root, &aside).expect("it gives way");
    fs::rename(&copy, root).expect("it takes its place");
    assert!(
        shown(changed(&window, "01-page"))
            .html
            .contains("Another folder")
    );
    write(&workshop, FIRST, "Within the other folder.");
    assert!(
        shown(changed(&window, "01-page"))
            .html
            .contains("Within the other")
    );
    window.close();
}

#[test]
fn pages_come_get_other_names_and_go() {
    let workshop = two_pages();
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    assert_eq!(window.click("01-page/0").0, ActionStatus::Done);

    write(&workshop, "workshop/content/03-new.md", "# A new one");
    let now = changed(&window, "03-new");
    let names = |reload: &ReloadView| -> Vec<String> {
        reload.pages.iter().map(|page| page.id.clone()).collect()
    };
    assert_eq!(names(&now), ["01-page", "02-page", "03-new"]);

    let content = workshop.root().join("workshop/content");
    fs::rename(content.join("01-page.md"), content.join("00-start.md")).expect("a name");
    let now = window.event("the other name", |event| match event {
        Event::WorkshopReloaded { reload } if reload.changed.iter().any(|id| id == "00-start") => {
            reload.shown
        }
        _ => None,
    });
    assert_eq!(now.before, "01-page");
    assert_eq!(now.actions["01-page/0"], "00-start/0");
    let state = now.state.expect("its state");
    assert_eq!(state.actions["00-start/0"].status, ActionStatus::Done);

    fs::remove_file(content.join("00-start.md")).expect("it goes");
    let now = reload(&window);
    assert_eq!(names(&now), ["02-page", "03-new"]);
    let gone = now.shown.expect("the shown page is gone");
    assert!(gone.page.is_none());
    assert_eq!(gone.nearest.as_deref(), Some("02-page"));
    window.close();
}

#[test]
fn marks_stay_with_their_actions_also_after_a_return() {
    let workshop = WorkshopTest::page(
        "
        ```section:begin
        name: more
        title: More
        ```
        ```workshop:copy
        text: inside
        ```
        ```section:end
        name: more
        ```
        ```workshop:copy
        text: done
        ```
        ",
    );
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    window.click("01-page/0");
    assert_eq!(window.click("01-page/3").0, ActionStatus::Done);
    let before = fs::read_to_string(workshop.root().join(FIRST)).expect("a page");
    write(
        &workshop,
        FIRST,
        &format!("```workshop:copy\ntext: inserted\n```\n{before}"),
    );
    let now = changed(&window, "01-page").shown.expect("it is shown");
    assert_eq!(now.actions["01-page/3"], "01-page/4");
    assert!(now.unchanged.contains(&"01-page/4".to_owned()));
    let state = now.state.expect("its state");
    assert!(!state.actions.contains_key("01-page/0"), "it is new");
    assert_eq!(state.actions["01-page/4"].status, ActionStatus::Done);
    assert!(state.sections[0].open, "it stays open");
    window.close();

    let mut window = WindowSession::open_as_author(&workshop);
    let state = window.enter("01-page");
    assert_eq!(state.actions["01-page/4"].status, ActionStatus::Done);
    assert!(!state.actions.contains_key("01-page/3"));
    assert!(state.sections[0].open);
    window.close();
}

#[test]
fn marks_wait_for_the_text_of_a_page_that_is_empty_for_a_while() {
    let workshop = two_pages();
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    assert_eq!(window.click("01-page/0").0, ActionStatus::Done);
    let text = fs::read_to_string(workshop.root().join(FIRST)).expect("a page");
    write(&workshop, FIRST, "");
    assert!(shown(changed(&window, "01-page")).actions.is_empty());
    write(&workshop, FIRST, &text);
    let now = changed(&window, "01-page").shown.expect("it is shown");
    let state = now.state.expect("its state");
    assert_eq!(state.actions["01-page/0"].status, ActionStatus::Done);
    window.close();
}

#[test]
fn a_command_that_runs_while_its_page_changes_ends_under_its_new_name() {
    let workshop = WorkshopTest::page(
        "
        ```terminal:execute
        command: mkfifo go; cat go
        ```
        ",
    );
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    window.start("01-page/0");
    let before = fs::read_to_string(workshop.root().join(FIRST)).expect("a page");
    write(
        &workshop,
        FIRST,
        &format!("```workshop:copy\ntext: inserted\n```\n{before}"),
    );
    let now = changed(&window, "01-page").shown.expect("it is shown");
    let state = now.state.expect("its state");
    assert_eq!(state.actions["01-page/1"].status, ActionStatus::Running);
    let pipe = window.session.home().join("exercises/go");
    let pipe = if pipe.exists() {
        pipe
    } else {
        window.session.home().join("go")
    };
    wait_for("the pipe", || pipe.exists());
    fs::write(&pipe, "on\n").expect("somebody reads");
    let end = window.event("the end", |event| match event {
        Event::ActionUpdated { action, update } if update.status == ActionStatus::Done => {
            Some(action)
        }
        _ => None,
    });
    assert_eq!(end, "01-page/1");
    window.close();
}

#[test]
fn a_click_on_an_earlier_version_of_the_page_runs_nothing() {
    let workshop = two_pages();
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    let seen = window.session.page("01-page").expect("a page").revision;
    write(&workshop, FIRST, "```workshop:copy\ntext: another\n```");
    let now = shown(changed(&window, "01-page")).revision;
    assert_ne!(seen, now);
    let click = |revision| {
        let input = ActionInput {
            revision: Some(revision),
            ..ActionInput::default()
        };
        window.wait(window.session.perform("01-page/0", input, &NoDialogs))
    };
    let refused = click(seen).expect_err("it is another page").to_string();
    assert!(
        refused.contains("has changed since it was shown"),
        "{refused}"
    );
    assert_eq!(click(now).expect("an answer").revision, now);
    window.close();
}

#[test]
fn what_cannot_be_shown_leaves_the_pages_as_they_were() {
    let workshop = two_pages();
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    let content = workshop.root().join("workshop/content");
    let aside = workshop.beside("content");
    fs::rename(&content, &aside).expect("it goes");
    let now = reload(&window);
    assert!(now.problem.expect("a word").contains("no pages"));
    assert_eq!(now.pages.len(), 2, "they are there still");
    assert_eq!(window.click("01-page/0").0, ActionStatus::Done);
    fs::rename(&aside, &content).expect("it comes back");
    let now = reload(&window);
    assert_eq!((now.problem, now.pages.len()), (None, 2));
    window.close();
}

#[test]
fn a_changed_definition_says_what_waits_for_a_restart() {
    let workshop = two_pages();
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    let path = "resources/workshop.yaml";
    let before = fs::read_to_string(workshop.root().join(path)).expect("a definition");
    let after = before
        .replace("title: Lab", "title: Another title")
        .replace("examiner: {enabled: true}", "examiner: {enabled: false}");
    write(&workshop, path, &after);
    let now = reload(&window);
    assert_eq!(now.title, "Another title");
    assert_eq!(now.restart, ["applications"]);
    assert_eq!(window.session.view().restart, ["applications"]);
    // Taken back, nothing waits.
    write(&workshop, path, &before);
    assert!(reload(&window).restart.is_empty());
    window.close();
}

#[test]
fn changed_exercises_are_copied_in_when_asked_and_never_over_the_learners_work() {
    let workshop = two_pages()
        .file("exercises/plain.txt", "one\n")
        .file("exercises/worked.txt", "one\n");
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    let home = window.session.home().to_owned();
    fs::write(home.join("exercises/worked.txt"), "mine\n").expect("work");
    write(&workshop, "exercises/plain.txt", "two\n");
    write(&workshop, "exercises/worked.txt", "two\n");
    write(&workshop, "exercises/added.txt", "new\n");
    let offered = offer(&window, |offer| offer.files.len() == 3);
    let told: Vec<_> = offered
        .files
        .iter()
        .map(|file| (file.name.as_str(), file.new, file.yours))
        .collect();
    let expected = [
        ("exercises/added.txt", true, false),
        ("exercises/plain.txt", false, false),
        ("exercises/worked.txt", false, true),
    ];
    assert_eq!(told, expected);
    let read = |name: &str| fs::read_to_string(home.join("exercises").join(name)).ok();
    assert_eq!(read("plain.txt").as_deref(), Some("one\n"), "only offered");
    // Another change of the same file is another offer.
    let before = offered.files[1].version.clone();
    write(&workshop, "exercises/plain.txt", "zwei\n");
    offer(&window, |offer| {
        offer.files.len() == 3 && offer.files[1].version != before
    });
    write(&workshop, "exercises/plain.txt", "two\n");
    offer(&window, |offer| {
        offer.files.len() == 3 && offer.files[1].version == before
    });

    let names: Vec<_> = offered.files.iter().map(|file| file.name.clone()).collect();
    let copied = window.session.copy_in(&names, false).expect("copied");
    assert_eq!(copied.effects.len(), 2);
    assert_eq!(copied.offer.files.len(), 1, "{:?}", copied.offer);
    assert_eq!(read("plain.txt").as_deref(), Some("two\n"));
    assert_eq!(read("added.txt").as_deref(), Some("new\n"));
    assert_eq!(read("worked.txt").as_deref(), Some("mine\n"));

    let copied = window.session.copy_in(&names, true).expect("copied");
    assert!(copied.offer.files.is_empty());
    assert_eq!(read("worked.txt").as_deref(), Some("two\n"));
    window.close();
}

#[test]
fn tests_are_followed_at_once_and_scripts_of_the_setup_wait_to_be_run() {
    let workshop = WorkshopTest::page("```examiner:execute-test\nname: it\n```")
        .examiner("it", "exit 1")
        .program(
            "workshop/setup.d/01-make.sh",
            "#!/bin/sh\ntouch made-first\n",
        );
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    assert_eq!(window.click("01-page/0").0, ActionStatus::Failed);
    write(
        &workshop,
        "workshop/examiner/tests/it",
        "#!/bin/sh\nexit 0\n",
    );
    write(
        &workshop,
        "workshop/setup.d/01-make.sh",
        "#!/bin/sh\ntouch made-second\n",
    );
    let offered = offer(&window, |offer| !offer.scripts.is_empty());
    assert_eq!(offered.scripts[0].name, "workshop/setup.d/01-make.sh");
    assert!(offered.files.is_empty());
    wait_for("the test as it is now", || {
        window.click("01-page/0").0 == ActionStatus::Done
    });
    let made = |name: &str| {
        let home = window.session.home();
        home.join(name).exists() || home.join("exercises").join(name).exists()
    };
    assert!(!made("made-second"), "only on demand");
    window.run_setup();
    assert!(offer(&window, |_| true).scripts.is_empty());
    wait_for("what the script makes now", || made("made-second"));
    window.close();
}

#[test]
fn loading_a_page_anew_reads_the_folder_at_once() {
    let workshop = two_pages();
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    write(&workshop, FIRST, "Read on request.");
    window.load_anew("01-page");
    let page = window.session.page("01-page").expect("a page");
    assert!(page.html.contains("Read on request"), "{}", page.html);
    window.close();
}

#[test]
fn every_part_of_the_definition_is_taken_up_or_waits_for_a_restart() {
    let workshop = two_pages();
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    let path = "resources/workshop.yaml";
    let before = fs::read_to_string(workshop.root().join(path)).expect("a definition");
    let with_session =
        |added: &str| before.replace("  session:\n", &format!("  session:\n{added}"));
    assert!(before.contains("  session:\n"), "{before}");
    for (added, waits) in [
        ("    env: [{name: A, value: b}]\n", "environment variables"),
        (
            "    dashboards: [{name: Docs, url: 'https://example.org'}]\n",
            "dashboards",
        ),
        ("    ingresses: [{name: app, port: 8080}]\n", "ingresses"),
    ] {
        write(&workshop, path, &with_session(added));
        assert_eq!(reload(&window).restart, [waits], "{added}");
        write(&workshop, path, &before);
        assert!(reload(&window).restart.is_empty(), "{added}");
    }
    window.close();
}

#[test]
fn findings_follow_what_is_saved() {
    let workshop = two_pages();
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    write(
        &workshop,
        FIRST,
        "Text.\n\n```workshop:copy\ntext: [\n```\n",
    );
    problems(&window, |problems| {
        problems.iter().any(|problem| {
            problem.file.as_deref() == Some(FIRST)
                && problem.page.as_deref() == Some("01-page")
                && problem.line.is_some_and(|line| line >= 3)
        })
    });
    write(&workshop, FIRST, "Text.");
    problems(&window, |problems| {
        problems
            .iter()
            .all(|problem| problem.file.as_deref() != Some(FIRST))
    });
    window.close();
}

#[test]
fn the_author_edits_the_workshops_own_files_and_nobody_else_does() {
    let workshop = two_pages();
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    let name = format!("workshop:{FIRST}");
    let document = window.session.read_document(&name).expect("it is there");
    let saved = window
        .session
        .save_document(&name, "From the window.", Some(&document.version));
    saved.expect("it is saved");
    assert!(
        shown(changed(&window, "01-page"))
            .html
            .contains("From the window")
    );
    std::os::unix::fs::symlink("/etc", workshop.root().join("out")).expect("a link");
    for outside in [
        "workshop:../atelier/trust.json",
        "workshop:/etc/hostname",
        "workshop:out/hostname",
        "workshop:.git/config",
        "workshop:",
    ] {
        assert!(window.session.read_document(outside).is_err(), "{outside}");
    }
    window.close();

    let window = WindowSession::open(&two_pages());
    assert!(window.session.read_document(&name).is_err());
    assert!(window.session.copy_in(&[], false).is_err());
    window.close();
}

#[test]
fn a_workshop_that_is_only_trusted_is_not_reloaded() {
    let workshop = two_pages();
    let author = WorkshopTest::page("Elsewhere.");
    let mut window = WindowSession::open(&workshop);
    let mut other = WindowSession::open_as_author(&author);
    window.enter("01-page");
    other.enter("01-page");
    assert!(!window.session.view().author_mode);
    write(&workshop, FIRST, "Changed while it is played.");
    // The author's session hears of its own change, which comes later; the learner's hears of nothing.
    write(&author, FIRST, "Changed as well.");
    changed(&other, "01-page");
    assert_eq!(window.click("01-page/0").0, ActionStatus::Done);
    let page = window.session.page("01-page").expect("a page");
    assert_eq!((page.actions.len(), page.revision), (1, 0));
    assert!(!page.html.contains("Changed"));
    other.close();
    window.close();
}
