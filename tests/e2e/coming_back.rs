//! After a crash the learner goes on where it happened.

use std::fs;

use atelier_tests::window::{Place, fixture, is_alive};
use serde_json::Value;

use crate::programs::{Daemon, START};

#[test]
fn a_killed_app_comes_back_as_it_was() {
    let place = Place::new();
    let window = place.start(&[fixture("window-desk").as_str(), "--trust"]);
    window.wait_for_page("01-edit");
    window.run("01-edit/0");
    window.run("01-edit/1");
    window.press_button("Continue");
    window.wait_for_page("02-programs");
    let daemon = Daemon::start(&place, &window);
    window.run("02-programs/1");
    window.run("02-programs/2");
    let scroll = "document.querySelector('[data-region=instructions]').scrollTo(0, 400)";
    window.script(scroll, &[]);
    window.wait_for("the position in the journal", || {
        noted_scroll(&place) == Some(400.0)
    });
    let session = place.session();
    let programs = place.programs();
    assert!(!programs.is_empty(), "there is a shell");

    window.kill();
    atelier_tests::wait_for("the daemon to end with the window", || {
        !daemon.is_alive() && !daemon.listens()
    });

    let window = place.start(&[]);
    window.wait_for_page("02-programs");
    assert_eq!(place.session(), session, "the same session");
    window.wait_for("the end of the programs of before the crash", || {
        !programs.iter().any(|each| is_alive(each.id()))
    });

    window.wait_for("the files", || window.tabs() == ["notes.txt", "other.txt"]);
    window.wait_for("the position on the page", || window.scrolled() == 400);
    for card in [START, "02-programs/1", "02-programs/2"] {
        window.wait_for_status(card, "done");
    }
    window.wait_for_text("~/exercises/notes.txt", "ALPHA\nbeta\n");
    // Its terminals are new, and work.
    window.check(
        !window.terminal("1").contains("page two"),
        "the terminal is fresh",
    );
    window.run("02-programs/1");
    window.wait_for("the command's output", || {
        window.terminal("1").contains("page two of 2")
    });

    window.press_button("Back");
    window.wait_for_page("01-edit");
    window.wait_for_status("01-edit/0", "done");
    window.wait_for_status("01-edit/1", "done");
    window.wait_for_status("01-edit/2", "ready");
}

/// The position that the journal has noted last.
fn noted_scroll(place: &Place) -> Option<f64> {
    let journal = fs::read_to_string(place.session().join("state/journal.jsonl")).ok()?;
    let mut notes = journal
        .lines()
        .rev()
        .filter_map(|line| serde_json::from_str(line).ok());
    notes.find_map(|note: Value| scroll_in(&note))
}

fn scroll_in(note: &Value) -> Option<f64> {
    let fields = note.as_object()?;
    let own = fields.get("scroll").and_then(Value::as_f64);
    own.or_else(|| fields.values().find_map(scroll_in))
}
