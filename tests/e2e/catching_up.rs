//! The rest of a page is done for the learner.

use std::fs;

use atelier_tests::window::{Key, Place, fixture};

const ACTIVE: &str = "[data-catch-up=active]";
const HALTED: &str = "[data-catch-up=halted]";

#[test]
fn the_rest_of_a_page_is_done_and_stops_at_a_failure() {
    let place = Place::new();
    let window = place.start(&[fixture("window-rest").as_str(), "--trust"]);
    window.wait_for_page("01-all");
    window.run("01-all/0");

    // Sections, a cascade, the terminal, the editor and a check; what is done already is not done again.
    window.press_button("Do the rest for me");
    window.wait_for("the end of the page", || {
        window.text_of(HALTED).contains("is done")
    });
    for card in window.cards() {
        assert_eq!(card.status, "done", "{card:?}");
    }
    assert_eq!(place.exercise("order"), "first\nsecond\nthird\nfourth\n");
    window.wait_for("the file in the editor", || {
        window.tabs().contains(&"order".to_owned())
    });
    window.wait_for("the focus to be left with the reader", || {
        window.focused_region() == "instructions"
    });

    // A failure stops it, with its card in sight and in focus; put right, it goes on from there.
    window.press(&[Key::Control, Key::Alt, Key::Right]);
    window.wait_for_page("02-stops");
    window.press(&[Key::Control, Key::Alt, Key::Shift, Key::Enter]);
    window.wait_for_status("02-stops/1", "failed");
    window.wait_for("a word on why it stopped", || {
        window.text_of(HALTED).contains("Look for the file")
    });
    assert_eq!(window.card("02-stops/2").status, "ready");
    window.wait_for("the focus on the card", || {
        window.truth("return document.activeElement?.closest('[data-action]')?.dataset.action === '02-stops/1'")
    });
    let file = place.session().join("home/exercises/made-by-hand");
    fs::write(&file, "").expect("a file");
    window.press_button("Go on");
    window.wait_for_status("02-stops/2", "done");
    window.wait_for("the end of the page", || !window.shows(ACTIVE));
    window.wait_for_output("1", "after 42");
}

#[test]
fn a_cascade_leads_through_a_section() {
    let place = Place::new();
    let window = place.start(&[fixture("window-rest").as_str(), "--trust"]);
    window.wait_for_page("01-all");
    let closed = |index: usize| !window.shows(&format!("[data-action='01-all/{index}']"));
    window.wait_for("the section to be closed at first", || {
        window.shows("[data-action='01-all/1']") && closed(3)
    });
    window.click_card("01-all/1");
    window.wait_for("the section that the cascade opens", || !closed(3));
    assert_eq!(window.card("01-all/3").status, "ready");
    window.wait_for_status("01-all/1", "done");
    window.run("01-all/3");
    window.idle();
    assert_eq!(place.exercise("order"), "second\nthird\n");
    window.check(!closed(3), "its end leads on and leaves it open");
    window.check(closed(6), "the section after it has not been touched");
}
