//! Pages get other names while their author plays the workshop: what was done goes with them.

use std::fs;

use atelier_session::protocol::{ActionStatus, Event, PageState, ReloadView};
use atelier_tests::{WindowSession, WorkshopTest};

fn page_of(title: &str, texts: &[&str]) -> String {
    let copy = |text: &&str| format!("About {text}.\n\n```workshop:copy\ntext: {text}\n```\n\n");
    let actions: String = texts.iter().map(copy).collect();
    format!("# {title}\n\n{actions}")
}

/// `01-page`, `02-page` and so on, an action each.
fn workshop_of(texts: &[&str]) -> WorkshopTest {
    let mut workshop = WorkshopTest::page(&page_of(texts[0], &texts[..1]));
    for (at, text) in texts.iter().enumerate().skip(1) {
        let name = format!("{:02}-page", at + 1);
        workshop = workshop.and_page(&name, &page_of(text, &[*text]));
    }
    fs::create_dir_all(workshop.root().join(".git")).expect("a repository");
    workshop
}

fn file(workshop: &WorkshopTest, page: &str) -> camino::Utf8PathBuf {
    let name = format!("workshop/content/{page}.md");
    workshop.root().join(name)
}

/// As version control does it: nothing is read before the lock is gone.
fn at_once(workshop: &WorkshopTest, change: impl FnOnce()) {
    let lock = workshop.root().join(".git/index.lock");
    fs::write(&lock, "").expect("it is locked");
    change();
    fs::remove_file(&lock).expect("it is unlocked");
}

/// In one step: it must not be seen empty.
fn write(workshop: &WorkshopTest, page: &str, text: &str) {
    let aside = workshop.beside("being-written");
    fs::write(&aside, text).expect("it can be written");
    fs::rename(&aside, file(workshop, page)).expect("it can be renamed");
}

fn rename(workshop: &WorkshopTest, from: &str, to: &str) {
    fs::rename(file(workshop, from), file(workshop, to)).expect("another name");
}

fn reload(window: &WindowSession) -> ReloadView {
    window.event("the reload", |event| match event {
        Event::WorkshopReloaded { reload } => Some(*reload),
        _ => None,
    })
}

/// Shows a page and does its first action.
fn work_on(window: &mut WindowSession, page: &str) {
    window.enter(page);
    let action = format!("{page}/0");
    assert_eq!(window.click(&action).0, ActionStatus::Done);
}

fn done(state: &PageState) -> Vec<&str> {
    let actions = state.actions.iter();
    let done = actions.filter(|(_, update)| update.status == ActionStatus::Done);
    let mut done: Vec<_> = done.map(|(id, _)| id.as_str()).collect();
    done.sort_unstable();
    done
}

fn visited(reload: &ReloadView) -> Vec<&str> {
    let pages = reload.pages.iter().filter(|page| page.visited);
    pages.map(|page| page.id.as_str()).collect()
}

#[test]
fn pages_that_are_numbered_anew_in_place_keep_what_was_done_on_them() {
    let workshop = workshop_of(&["a", "b", "c", "d"]);
    let mut window = WindowSession::open_as_author(&workshop);
    work_on(&mut window, "02-page");
    work_on(&mut window, "04-page");
    // One comes between: every name has another text.
    at_once(&workshop, || {
        rename(&workshop, "04-page", "05-page");
        rename(&workshop, "03-page", "04-page");
        rename(&workshop, "02-page", "03-page");
        write(&workshop, "02-page", &page_of("new", &["new"]));
    });
    let now = reload(&window);
    assert_eq!(visited(&now), ["03-page", "05-page"]);
    let shown = now.shown.expect("it has another name");
    assert_eq!(shown.before, "04-page");
    assert_eq!(shown.actions["04-page/0"], "05-page/0");
    assert_eq!(done(&shown.state.expect("its state")), ["05-page/0"]);
    assert_eq!(done(&window.enter("03-page")), ["03-page/0"]);
    assert!(done(&window.enter("04-page")).is_empty());

    // One goes, the others take its place; two change their places.
    at_once(&workshop, || {
        fs::remove_file(file(&workshop, "01-page")).expect("it goes");
        rename(&workshop, "02-page", "01-page");
        rename(&workshop, "04-page", "02-page");
        rename(&workshop, "05-page", "04-page");
    });
    let now = reload(&window);
    assert_eq!(visited(&now), ["02-page", "03-page", "04-page"]);
    assert!(done(&window.enter("02-page")).is_empty());
    assert_eq!(done(&window.enter("03-page")), ["03-page/0"]);
    assert_eq!(done(&window.enter("04-page")), ["04-page/0"]);
    at_once(&workshop, || {
        rename(&workshop, "03-page", "aside");
        rename(&workshop, "02-page", "03-page");
        rename(&workshop, "aside", "02-page");
    });
    reload(&window);
    assert_eq!(done(&window.enter("02-page")), ["02-page/0"]);
    assert!(done(&window.enter("03-page")).is_empty());
    window.close();
    // It is on the disk, a line for each change.
    let journal = fs::read_dir(workshop.beside("atelier/sessions")).expect("sessions");
    let journal = journal.flatten().next().expect("a session").path();
    let journal = fs::read_to_string(journal.join("state/journal.jsonl")).expect("a journal");
    let lines = journal
        .lines()
        .filter(|line| line.contains("-changed\""))
        .count();
    assert_eq!(lines, 3, "{journal}");
    let mut window = WindowSession::open_as_author(&workshop);
    assert_eq!(done(&window.enter("02-page")), ["02-page/0"]);
    assert_eq!(done(&window.enter("04-page")), ["04-page/0"]);
    assert!(done(&window.enter("03-page")).is_empty());
    window.close();
}

#[test]
fn pages_that_are_renamed_and_edited_at_once_are_found_again() {
    let workshop = workshop_of(&["a", "b", "c"]);
    for page in ["02-page", "03-page"] {
        let lines: String = (0..8).map(|n| format!("Line {n} of {page}.\n\n")).collect();
        let text = fs::read_to_string(file(&workshop, page)).expect("a page");
        fs::write(file(&workshop, page), format!("{text}{lines}")).expect("it is written");
    }
    let mut window = WindowSession::open_as_author(&workshop);
    work_on(&mut window, "02-page");
    work_on(&mut window, "03-page");
    at_once(&workshop, || {
        for (from, to) in [("03-page", "04-page"), ("02-page", "03-page")] {
            rename(&workshop, from, to);
            let text = fs::read_to_string(file(&workshop, to)).expect("a page");
            let edited = text.replace("About", "Edited, about").replace("# ", "# A ");
            write(&workshop, to, &edited);
        }
        write(&workshop, "02-page", &page_of("new", &["new"]));
    });
    assert_eq!(visited(&reload(&window)), ["03-page", "04-page"]);
    assert_eq!(done(&window.enter("03-page")), ["03-page/0"]);
    assert_eq!(done(&window.enter("04-page")), ["04-page/0"]);
    window.close();
}

#[test]
fn marks_that_wait_on_two_pages_stay_apart_when_one_takes_the_name_of_the_other() {
    let workshop = workshop_of(&["a", "c"]);
    write(&workshop, "01-page", &page_of("a", &["a", "b"]));
    let mut window = WindowSession::open_as_author(&workshop);
    work_on(&mut window, "01-page");
    work_on(&mut window, "02-page");
    // Both wait.
    write(&workshop, "01-page", &page_of("a", &["b"]));
    reload(&window);
    fs::remove_file(file(&workshop, "02-page")).expect("it goes");
    reload(&window);
    rename(&workshop, "01-page", "02-page");
    reload(&window);
    write(&workshop, "02-page", &page_of("a", &["c", "b", "a"]));
    reload(&window);
    let expected = ["02-page/0", "02-page/2"];
    assert_eq!(done(&window.enter("02-page")), expected);
    window.close();
}

#[test]
fn a_page_that_goes_and_comes_back_under_another_name_has_its_marks() {
    let workshop = workshop_of(&["a", "b"]);
    let mut window = WindowSession::open_as_author(&workshop);
    work_on(&mut window, "02-page");
    window.enter("01-page");
    fs::rename(file(&workshop, "02-page"), workshop.beside("aside")).expect("it goes");
    assert_eq!(reload(&window).pages.len(), 1);
    fs::rename(workshop.beside("aside"), file(&workshop, "05-other")).expect("it comes");
    let now = reload(&window);
    assert_eq!(visited(&now), ["01-page", "05-other"]);
    assert_eq!(done(&window.enter("05-other")), ["05-other/0"]);
    window.close();
}
