//! What was done on a page stays with its actions while its author writes on it.

use std::fs;

use atelier_session::SessionError;
use atelier_session::protocol::{ActionStatus, Event, PageState, SuccessorView};
use atelier_tests::{WindowSession, WorkshopTest};

const PAGE: &str = "workshop/content/01-page.md";

fn copy(text: &str) -> String {
    format!("```workshop:copy\ntext: {text}\n```\n\n")
}

/// A page of these, `text` for one that copies it.
fn page_of(texts: &[&str]) -> String {
    texts.iter().map(|text| copy(text)).collect()
}

fn workshop_of(texts: &[&str]) -> WorkshopTest {
    WorkshopTest::page(&page_of(texts)).and_page("02-page", "Second.")
}

/// In one step, as [`reload`] waits for one.
fn write(workshop: &WorkshopTest, path: &str, text: &str) {
    let aside = workshop.beside("being-written");
    fs::write(&aside, text).expect("it can be written");
    fs::rename(&aside, workshop.root().join(path)).expect("it can be renamed");
}

/// What became of the page that is shown.
fn shown(window: &WindowSession) -> SuccessorView {
    window.event("the page", |event| match event {
        Event::WorkshopReloaded { reload } => reload.shown,
        _ => None,
    })
}

fn save(workshop: &WorkshopTest, window: &WindowSession, text: &str) -> PageState {
    write(workshop, PAGE, text);
    shown(window).state.expect("it is there")
}

fn revision(window: &WindowSession) -> Option<u32> {
    Some(window.session.page("01-page").expect("a page").revision)
}

fn done(state: &PageState) -> Vec<&str> {
    let done = |status| status == ActionStatus::Done;
    let actions = state.actions.iter();
    let mut done: Vec<_> = actions
        .filter(|(_, update)| done(update.status))
        .map(|(id, _)| id.as_str())
        .collect();
    done.sort_unstable();
    done
}

#[test]
fn marks_wait_for_actions_that_are_back_later() {
    let workshop = workshop_of(&["a", "b", "c"]);
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    window.click("01-page/1");
    window.click("01-page/2");
    // Cut out, and pasted elsewhere.
    let state = save(&workshop, &window, &page_of(&["a", "c"]));
    assert_eq!(done(&state), ["01-page/1"]);
    assert_eq!(window.session.finish().expect("counts").actions_done, 1);
    let state = save(&workshop, &window, &page_of(&["b", "a", "c"]));
    assert_eq!(done(&state), ["01-page/0", "01-page/2"]);
    // Written as far as the first one, then to its end, with one that is new.
    let state = save(&workshop, &window, &page_of(&["b"]));
    assert_eq!(done(&state), ["01-page/0"]);
    let state = save(&workshop, &window, &page_of(&["b", "a", "new", "c"]));
    assert_eq!(done(&state), ["01-page/0", "01-page/3"]);
    window.close();
    let mut window = WindowSession::open_as_author(&workshop);
    assert_eq!(done(&window.enter("01-page")), ["01-page/0", "01-page/3"]);
    window.close();
}

#[test]
fn an_action_that_is_another_has_no_marks_and_an_edited_one_keeps_them() {
    let workshop = workshop_of(&["a", "b"]);
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    window.click("01-page/0");
    window.click("01-page/1");
    // In its place, of its kind: it is the same, edited.
    let state = save(&workshop, &window, &page_of(&["a", "edited"]));
    assert_eq!(done(&state), ["01-page/0", "01-page/1"]);
    // In its place, of another kind.
    let other = "```terminal:execute\ncommand: 'true'\n```\n\n";
    let state = save(&workshop, &window, &format!("{}{other}", copy("a")));
    assert_eq!(done(&state), ["01-page/0"]);
    window.close();
}

#[test]
fn a_page_that_was_empty_meanwhile_comes_back_with_its_marks_in_whatever_order() {
    let workshop = workshop_of(&["a", "b", "c"]);
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    window.click("01-page/1");
    let state = save(&workshop, &window, "");
    assert!(state.actions.is_empty());
    // With one more before them, and the one that was done edited.
    let state = save(&workshop, &window, &page_of(&["new", "a", "b", "c"]));
    assert_eq!(done(&state), ["01-page/2"]);
    save(&workshop, &window, "");
    let state = save(&workshop, &window, &page_of(&["new", "a", "edited", "c"]));
    assert_eq!(done(&state), ["01-page/2"]);
    window.close();
}

#[test]
fn a_page_that_went_and_came_back_with_another_one_before_it_has_its_marks() {
    let workshop = workshop_of(&["a", "b"]);
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    window.click("01-page/1");
    fs::remove_file(workshop.root().join(PAGE)).expect("it goes");
    assert!(shown(&window).page.is_none());
    window.enter("02-page");
    write(&workshop, PAGE, &page_of(&["new", "a", "b"]));
    window.event("the page", |event| match event {
        Event::WorkshopReloaded { reload } => {
            reload.changed.contains(&"01-page".to_owned()).then_some(())
        }
        _ => None,
    });
    assert_eq!(done(&window.enter("01-page")), ["01-page/2"]);
    window.close();
}

#[test]
fn marks_wait_over_a_restart_too() {
    let workshop = workshop_of(&["a", "b"]);
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    window.click("01-page/1");
    save(&workshop, &window, &page_of(&["a"]));
    window.close();
    write(&workshop, PAGE, &page_of(&["b", "a"]));
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    assert_eq!(
        done(&shown(&window).state.expect("its state")),
        ["01-page/0"]
    );
    window.close();
}

#[test]
fn a_section_that_was_gone_is_as_open_as_it_was() {
    let section = "```section:begin\nname: more\ntitle: More\n```\n\nInside.\n\n```section:end\nname: more\n```\n\n";
    let workshop = WorkshopTest::page(&format!("{section}{}", copy("a")));
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    window.click("01-page/0");
    assert!(save(&workshop, &window, &copy("a")).sections.is_empty());
    let state = save(&workshop, &window, &format!("{}{section}", copy("a")));
    assert!(state.sections[0].open, "{state:?}");
    window.close();
}

#[test]
fn a_kept_version_comes_back_with_its_marks_where_the_actions_are_now() {
    let workshop = workshop_of(&["a", "b", "c"]).file("exercises/a.txt", "as it came\n");
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    window.click("01-page/1");
    window.click("01-page/2");
    let file = window.session.home().join("exercises/a.txt");
    fs::write(&file, "mine\n").expect("work");
    let restored = window.wait(window.session.restore("01-page", None, Vec::new()));
    let version = restored.expect("restored").version;
    assert!(window.enter("01-page").actions.is_empty());
    save(&workshop, &window, &page_of(&["a", "b"]));
    save(&workshop, &window, &page_of(&["new", "a", "b"]));
    let content = workshop.root().join("workshop/content");
    fs::rename(content.join("01-page.md"), content.join("00-start.md")).expect("a name");
    let now = shown(&window).page.expect("it is there").id;
    assert_eq!(now, "00-start");
    window
        .wait(window.session.bring_back(&version, Vec::new()))
        .expect("brought back");
    assert_eq!(fs::read_to_string(&file).expect("a file"), "mine\n");
    assert_eq!(done(&window.enter("00-start")), ["00-start/2"]);
    // The one that is gone had its mark too.
    write(
        &workshop,
        "workshop/content/00-start.md",
        &page_of(&["c", "new", "a", "b"]),
    );
    let state = shown(&window).state.expect("its state");
    assert_eq!(done(&state), ["00-start/0", "00-start/3"]);
    window.close();
}

const CHECKS: &str = "
```examiner:execute-test
name: ada
title: Ada
inputs:
  schema:
    name: {type: string}
    secret: {type: string}
  form: [name, {key: secret, type: password}]
```

";

fn forms() -> WorkshopTest {
    WorkshopTest::page(&format!("{CHECKS}{}", copy("a")))
        .and_page("02-page", "Second.")
        .examiner("ada", "false")
}

#[test]
fn a_check_that_was_seen_on_an_earlier_version_is_not_passed_over() {
    let workshop = forms();
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    let seen = revision(&window);
    assert_eq!(window.click("01-page/0").0, ActionStatus::Failed);
    // Another check has its place now.
    let other = CHECKS.replace("Ada", "Eve");
    save(&workshop, &window, &format!("{other}{CHECKS}"));
    let refused = window.session.skip("01-page/0", seen);
    assert!(
        matches!(refused, Err(SessionError::PageChanged)),
        "{refused:?}"
    );
    let state = window.enter("01-page");
    assert!(!state.actions.contains_key("01-page/0"), "{state:?}");
    window
        .session
        .skip("01-page/1", revision(&window))
        .expect("it is passed over");
    let state = window.enter("01-page");
    assert_eq!(state.actions["01-page/1"].status, ActionStatus::Skipped);
    window.close();
}

#[test]
fn what_failed_and_what_was_typed_on_an_earlier_version_goes_to_the_same_action() {
    let workshop = forms();
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    let seen = revision(&window);
    let typed = |name: &str| {
        serde_json::from_value(serde_json::json!({"name": name, "secret": "psst-psst"}))
            .expect("values")
    };
    window.click("01-page/1");
    save(
        &workshop,
        &window,
        &format!("{}{CHECKS}{}", copy("new"), copy("a")),
    );
    let session = &window.session;
    session
        .action_failed("01-page/1", seen, "It is too late.".to_owned())
        .expect("kept");
    session
        .save_form("01-page/0", seen, &typed("Bob"))
        .expect("kept");
    let state = window.enter("01-page");
    assert_eq!(state.actions["01-page/2"].status, ActionStatus::Failed);
    assert!(!state.actions.contains_key("01-page/1"));
    let forms = |state: &PageState| serde_json::to_value(&state.forms).expect("JSON");
    let expected = |id: &str, name: &str| serde_json::json!({ id: {"name": name} });
    assert_eq!(forms(&state), expected("01-page/1", "Bob"));

    // Also when it is gone by then: it may come back.
    let seen = revision(&window);
    save(&workshop, &window, "");
    window
        .session
        .save_form("01-page/1", seen, &typed("Eve"))
        .expect("kept");
    let state = save(&workshop, &window, &format!("{}{CHECKS}", copy("a")));
    assert_eq!(forms(&state), expected("01-page/1", "Eve"));
    window.close();
    let root = workshop.beside("atelier");
    let journal = fs::read_dir(root.join("sessions")).expect("sessions");
    let journal = journal.flatten().next().expect("a session").path();
    let journal = fs::read_to_string(journal.join("state/journal.jsonl")).expect("a journal");
    assert!(!journal.contains("psst-psst"), "passwords are not kept");
}

#[test]
fn a_check_is_called_off_by_the_name_that_it_had() {
    let never = "```examiner:execute-test\nname: never\nretries: .INF\ndelay: 0.02\n```\n\n";
    let workshop = WorkshopTest::page(&format!("{never}{}", copy("a"))).examiner("never", "false");
    let mut window = WindowSession::open_as_author(&workshop);
    window.enter("01-page");
    let seen = revision(&window);
    let click = window.click_early("01-page/0");
    let tried = window.event("an attempt", |event| match event {
        Event::CheckTried { action, .. } => Some(action),
        _ => None,
    });
    assert_eq!(tried, "01-page/0");
    save(&workshop, &window, &format!("{}{never}", copy("new")));
    window.session.cancel("01-page/0", seen);
    // It has no end of its own.
    window.answer(click);
    window.close();
}
