//! What programs do to the folder of a workshop that its author plays: editors, version control, renames.

use std::fs;

use atelier_session::protocol::{ActionStatus, Event, ReloadView};
use atelier_tests::{WindowSession, WorkshopTest, copy_folder, wait_for};

const COPY: &str = "
    ```workshop:copy
    text: first
    ```
    ";
const FIRST: &str = "workshop/content/01-page.md";

fn two_pages() -> WorkshopTest {
    WorkshopTest::page(COPY).and_page("02-page", "Second.")
}

/// In one step, as careful editors save: beside it first, then in its place.
fn write(workshop: &WorkshopTest, path: &str, text: &str) {
    let aside = workshop.beside("being-written");
    fs::write(&aside, text).expect("it can be written");
    fs::rename(&aside, workshop.root().join(path)).expect("it can be renamed");
}

/// Reloads until the page is changed.
fn changed(window: &WindowSession) {
    until(window, |reload| {
        reload.changed.contains(&"01-page".to_owned())
    });
}

fn run(workshop: &WorkshopTest, program: &str, arguments: &[&str]) {
    let ran = std::process::Command::new(program)
        .args(arguments)
        .current_dir(workshop.root())
        .output()
        .expect(program);
    let told = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{program} {arguments:?}: {told}");
}

fn git(workshop: &WorkshopTest, arguments: &[&str]) {
    let who = ["-c", "user.name=A", "-c", "user.email=a@example.org"];
    run(workshop, "git", &[&who[..], arguments].concat());
}

/// Reloads until the workshop is as it is meant to be; what takes long may come in several.
fn until(window: &WindowSession, meant: impl Fn(&ReloadView) -> bool) {
    window.event("the workshop as it is now", |event| match event {
        Event::WorkshopReloaded { reload } if meant(&reload) => Some(()),
        _ => None,
    });
}

#[test]
fn branches_and_stashes_come_and_go_with_their_marks() {
    let workshop = two_pages();
    git(&workshop, &["init", "--quiet", "--initial-branch=one"]);
    git(&workshop, &["add", "--all"]);
    git(&workshop, &["commit", "--quiet", "--message=one"]);
    git(&workshop, &["checkout", "--quiet", "-b", "two"]);
    for number in 100..300 {
        let path = format!("workshop/content/{number}-page.md");
        write(&workshop, &path, &format!("# Page {number}"));
    }
    git(&workshop, &["rm", "--quiet", FIRST]);
    git(&workshop, &["add", "--all"]);
    git(&workshop, &["commit", "--quiet", "--message=two"]);
    git(&workshop, &["checkout", "--quiet", "one"]);
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    assert_eq!(window.click("01-page/0").0, ActionStatus::Done);
    git(&workshop, &["checkout", "--quiet", "two"]);
    until(&window, |reload| reload.pages.len() == 201);
    git(&workshop, &["checkout", "--quiet", "one"]);
    until(&window, |reload| reload.pages.len() == 2);
    let state = window.enter("01-page");
    assert_eq!(state.actions["01-page/0"].status, ActionStatus::Done);
    write(&workshop, FIRST, "Put aside soon.");
    changed(&window);
    git(&workshop, &["stash", "--quiet"]);
    changed(&window);
    let state = window.enter("01-page");
    assert_eq!(state.actions["01-page/0"].status, ActionStatus::Done);
    window.close();
}

#[test]
fn other_programs_save_in_their_own_ways() {
    let workshop = two_pages();
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    let file = workshop.root().join(FIRST);
    write(&workshop, FIRST, "Written once.");
    changed(&window);
    // As `sed -i` does: a file of another name, renamed.
    run(&workshop, "sed", &["-i", "s/once/twice/", FIRST]);
    let shows = |word: &str| {
        until(&window, |_| {
            let page = window.session.page("01-page");
            page.is_ok_and(|page| page.html.contains(word))
        });
    };
    shows("twice");
    // As vim does with `backup`: the old one gives way, the new one is written in its place.
    fs::rename(&file, file.with_extension("md~")).expect("it gives way");
    fs::write(&file, "Written thrice.").expect("it is written");
    shows("thrice");
    // The folder goes, and is restored.
    let copy = workshop.beside("copy");
    copy_folder(workshop.root().as_std_path(), copy.as_std_path());
    fs::remove_dir_all(workshop.root()).expect("it goes");
    until(&window, |reload| reload.problem.is_some());
    fs::write(copy.join(FIRST), "Written anew.").expect("it is written");
    copy_folder(copy.as_std_path(), workshop.root().as_std_path());
    shows("anew");
    write(&workshop, FIRST, "Watched still.");
    shows("still");
    window.close();
}

#[test]
fn a_workshop_behind_a_link_is_watched() {
    let workshop = two_pages();
    let link = workshop.beside("link");
    std::os::unix::fs::symlink(workshop.root(), &link).expect("a link");
    let mut window = WindowSession::open_as_author_in(&link, workshop.beside("atelier"));
    window.enter("01-page");
    write(&workshop, FIRST, "Behind the link.");
    until(&window, |_| {
        let page = window.session.page("01-page");
        page.is_ok_and(|page| page.html.contains("Behind"))
    });
    fs::write(link.join(FIRST), "Through the link.").expect("it is written");
    until(&window, |_| {
        let page = window.session.page("01-page");
        page.is_ok_and(|page| page.html.contains("Through"))
    });
    window.close();
}

#[test]
fn what_the_author_removes_is_not_run_any_more_and_exercises_are_offered() {
    let workshop = two_pages()
        .program(
            "workshop/setup.d/01-old.sh",
            "#!/bin/sh\necho old >> runs\n",
        )
        .program(
            "workshop/setup.d/02-new.sh",
            "#!/bin/sh\necho new >> runs\n",
        )
        .file("exercises/plain.txt", "one\n")
        .file("exercises/worked.txt", "one\n");
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    let home = window.session.home().to_owned();
    fs::write(home.join("exercises/worked.txt"), "mine\n").expect("work");
    for gone in [
        "workshop/setup.d/01-old.sh",
        "exercises/plain.txt",
        "exercises/worked.txt",
    ] {
        fs::remove_file(workshop.root().join(gone)).expect("it goes");
    }
    let program = "[program:greeter]\ncommand=/bin/sh -c 'echo hello; exec sleep 1000'\n";
    let folder = workshop.root().join("workshop/supervisor");
    fs::create_dir_all(folder).expect("a folder");
    write(&workshop, "workshop/supervisor/greeter.conf", program);
    let offered = window.event("the offer", |event| match event {
        Event::FilesOffered { offer } => {
            (offer.files.len() == 2 && offer.scripts.len() == 2).then_some(offer)
        }
        _ => None,
    });
    let scripts = offered.scripts.iter().map(|script| script.name.as_str());
    assert_eq!(
        scripts.collect::<Vec<_>>(),
        [
            "workshop/setup.d/01-old.sh",
            "workshop/supervisor/greeter.conf"
        ]
    );
    let told: Vec<_> = offered
        .files
        .iter()
        .map(|file| (file.name.as_str(), file.gone, file.yours))
        .collect();
    let expected = [
        ("exercises/plain.txt", true, false),
        ("exercises/worked.txt", true, true),
    ];
    assert_eq!(told, expected);
    assert!(home.join("exercises/plain.txt").exists(), "only offered");

    let names: Vec<_> = offered.files.iter().map(|file| file.name.clone()).collect();
    let copied = window.session.copy_in(&names, false).expect("removed");
    assert_eq!(copied.offer.files.len(), 1, "{:?}", copied.offer);
    assert!(!home.join("exercises/plain.txt").exists());
    assert!(home.join("exercises/worked.txt").exists());
    let copied = window.session.copy_in(&names, true).expect("removed");
    assert!(copied.offer.files.is_empty());
    assert!(!home.join("exercises/worked.txt").exists());

    let _ = fs::remove_file(home.join("runs"));
    let _ = fs::remove_file(home.join("exercises/runs"));
    window.run_setup();
    window.event("the new program", |event| match event {
        Event::ProgramsChanged { programs } => programs
            .iter()
            .any(|program| program.name == "greeter")
            .then_some(()),
        _ => None,
    });
    // The removed script would have written first.
    wait_for("the script that is left", || {
        let runs = fs::read_to_string(home.join("runs"))
            .or_else(|_| fs::read_to_string(home.join("exercises/runs")));
        runs.is_ok_and(|runs| runs == "new\n")
    });
    window.close();
}

#[test]
fn a_folder_that_goes_with_the_one_around_it_is_watched_when_it_is_back() {
    let workshop = two_pages();
    let around = workshop.beside("around");
    let root = around.join("inner/lab");
    copy_folder(workshop.root().as_std_path(), root.as_std_path());
    let store = workshop.beside("atelier");
    let mut window = WindowSession::open_as_author_in(&root, store);
    window.enter("01-page");
    let shows = |word: &str| {
        until(&window, |_| {
            let page = window.session.page("01-page");
            page.is_ok_and(|page| page.html.contains(word))
        });
    };
    let write = |text: &str| {
        let aside = workshop.beside("being-written");
        fs::write(&aside, text).expect("it can be written");
        fs::rename(&aside, root.join(FIRST)).expect("it can be renamed");
    };
    // Another name for a while.
    let inner = around.join("inner");
    fs::rename(&inner, around.join("elsewhere")).expect("it gives way");
    until(&window, |reload| reload.problem.is_some());
    fs::rename(around.join("elsewhere"), &inner).expect("it is back");
    until(&window, |reload| reload.problem.is_none());
    write("Watched again.");
    shows("again");
    // Deleted, and restored.
    fs::remove_dir_all(&inner).expect("it goes");
    until(&window, |reload| reload.problem.is_some());
    copy_folder(workshop.root().as_std_path(), root.as_std_path());
    until(&window, |reload| reload.problem.is_none());
    write("Watched still.");
    shows("still");
    window.close();
}

#[test]
fn what_editors_leave_beside_exercises_is_not_offered() {
    let workshop = two_pages().file("exercises/app.py", "one\n");
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    let exercises = workshop.root().join("exercises");
    fs::write(exercises.join(".app.py.swp"), "vim").expect("it is written");
    fs::write(exercises.join("app.py~"), "one\n").expect("it is written");
    std::os::unix::fs::symlink("a@host.1:2", exercises.join(".#app.py")).expect("a lock");
    write(&workshop, "exercises/app.py", "two\n");
    let offered = window.event("the offer", |event| match event {
        Event::FilesOffered { offer } => Some(offer),
        _ => None,
    });
    let names: Vec<_> = offered
        .files
        .iter()
        .map(|file| file.name.as_str())
        .collect();
    assert_eq!((names, offered.problem), (vec!["exercises/app.py"], None));
    window.close();
}

#[test]
fn pages_that_cannot_be_read_are_problems_until_they_are_mended() {
    let workshop = two_pages();
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    assert_eq!(window.click("01-page/0").0, ActionStatus::Done);
    let content = workshop.root().join("workshop/content");
    let text = fs::read(content.join("01-page.md")).expect("a page");
    fs::write(content.join("03-latin.md"), b"caf\xe9 au lait").expect("it is written");
    fs::File::create(content.join("04-huge.md"))
        .and_then(|file| file.set_len(200 << 20))
        .expect("it is written");
    run(&workshop, "mkfifo", &["workshop/content/05-pipe.md"]);
    std::os::unix::fs::symlink("nowhere.md", content.join("06-link.md")).expect("a link");
    write(&workshop, FIRST, "---\ntitle: [\n---\n\nBroken above.");
    let has = |window: &WindowSession, names: &[&str]| {
        window.event("the findings", |event| match event {
            Event::ProblemsChanged { problems } => names
                .iter()
                .all(|name| {
                    problems.iter().any(|problem| {
                        format!("{:?} {}", problem.file, problem.message).contains(name)
                    })
                })
                .then_some(()),
            _ => None,
        });
    };
    has(&window, &["01-page", "03-latin", "04-huge", "06-link"]);
    for name in ["03-latin.md", "04-huge.md", "05-pipe.md", "06-link.md"] {
        fs::remove_file(content.join(name)).expect("it goes");
    }
    write(
        &workshop,
        FIRST,
        std::str::from_utf8(&text).expect("a text"),
    );
    window.event("nothing to fix in pages", |event| match event {
        Event::ProblemsChanged { problems } => problems
            .iter()
            .all(|problem| problem.page.is_none())
            .then_some(()),
        _ => None,
    });
    assert_eq!(window.session.view().pages.len(), 2);
    let state = window.enter("01-page");
    assert_eq!(state.actions["01-page/0"].status, ActionStatus::Done);
    window.close();
}
