//! An author writes, and sees it at once.

use std::fs;

use atelier_tests::window::{Card, Place, Window, fixture};
use serde_json::json;

/// How far below the top of the instructions a card stands, in CSS pixels.
fn top_of(window: &Window<'_>, action: &str) -> i64 {
    let script = "const card = document.querySelector(`[data-action=\"${arguments[0]}\"]`);
        const pane = document.querySelector('[data-region=instructions]');
        return Math.round(card.getBoundingClientRect().top - pane.getBoundingClientRect().top);";
    window
        .script(script, &[json!(action)])
        .as_i64()
        .expect("a number")
}

#[test]
fn a_page_that_is_saved_is_shown_in_place_with_its_marks_and_mistakes() {
    let place = Place::new();
    let workshop = place.copy_of(&fixture("window-preview"));
    let window = place.start(&[workshop.as_str(), "--author"]);
    window.wait_for_page("01-write");
    window.run("01-write/8");
    window.wait_for_status("01-write/8", "done");
    let scroll = "document.querySelector('[data-action=\"01-write/8\"]').scrollIntoView()";
    window.script(scroll, &[]);
    window.wait_for("the way down", || window.scrolled() > 100);
    let before = top_of(&window, "01-write/8");

    // Above what is done another step is written.
    let page = workshop.join("workshop/content/01-write.md");
    let text = fs::read_to_string(&page).expect("the fixture's page");
    let (front, body) = text.split_once("\n---\n\n").expect("front matter");
    let inserted = format!("{front}\n---\n\n```workshop:copy\ntext: inserted\n```\n\n{body}");
    fs::write(&page, &inserted).expect("it is saved");
    window.wait_for("the step that was written", || {
        window
            .cards()
            .iter()
            .any(|card| card.text.contains("inserted"))
    });
    // The mark stays with its step, and the step where it was in sight.
    window.wait_for_status("01-write/9", "done");
    window.wait_for("the step where it was in sight", || {
        (top_of(&window, "01-write/9") - before).abs() <= 2
    });

    // Broken, the page and the panel say the same.
    let broken = format!("{inserted}\n\n```terminal:execute\n- no\ncommand: [\n```\n");
    fs::write(&page, &broken).expect("it is saved");
    window.wait_for("the card that tells of it", || {
        let broken =
            |card: &Card| card.id == "01-write/13" && card.text.contains("cannot be shown");
        window.cards().iter().any(broken)
    });
    window.wait_for("the count", || {
        window.text_of(".status").contains("1 problem")
    });
    window.click(".status .problems");
    window.wait_for("the problem", || window.shows("[data-problem]"));
    let line = broken
        .lines()
        .position(|line| line == "command: [")
        .expect("it")
        + 1;
    window.wait_for_words(
        "[data-problem]",
        &format!("workshop/content/01-write.md:{line}:"),
    );
    window.click("[data-problem]");
    let name = "workshop:workshop/content/01-write.md";
    window.wait_for("the source", || window.document(name).is_some());
    let opened = window.open_document(name);
    window.check(
        opened.text.lines().count() == broken.lines().count(),
        "the source is open in the editor",
    );

    // Repaired, both go.
    fs::write(&page, &inserted).expect("it is saved");
    window.wait_for("the end of the problem", || {
        window.text_of(".status").contains("No problems") && !window.shows("[data-problem]")
    });
    window.wait_for("the end of the card", || window.cards().len() == 13);
    window.wait_for_status("01-write/9", "done");
    window.wait_for("the text in the editor", || {
        window
            .document(name)
            .is_some_and(|open| !open.text.contains("command: ["))
    });
}
