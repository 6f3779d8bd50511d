//! The bundled tour, from the library to the finish screen, every action clicked.

use std::path::PathBuf;
use std::process::Command;

use atelier_tests::window::{Place, Window, bundled};
use serde_json::Value;

/// The check that is meant to fail the first time it is asked.
const FAILS: &str = "05-crawlers/0";
/// It follows the log until it is stopped.
const FOLLOWS: &str = "06-watch/2";
/// It waits for an answer.
const ASKS: &str = "06-watch/3";

#[test]
fn the_tour_can_be_played_by_clicking() {
    let place = Place::new();
    let window = place.start(&[]);

    // The library. Nothing runs before the learner has said so.
    let first_card = ".library main button";
    window.wait_for("the tour as the first card", || {
        window
            .text_of(first_card)
            .contains("Who is slowing down the shop?")
    });
    window.click(first_card);
    let sheet = "[data-sheet=trust]";
    window.wait_for("the trust sheet", || window.shows(sheet));
    window.wait_for_words(sheet, "01-yesterday.sh");
    assert_eq!(
        place.sessions().len(),
        0,
        "no session before the workshop is trusted"
    );
    assert_eq!(
        place.programs(),
        [],
        "no program before the workshop is trusted"
    );
    window.press_button("Trust and start");
    window.wait_for_page("01-slow-morning");

    // As many cards as `atelier test` has rows; the mark that ends a section has no card.
    let report = play_headless(&place);
    assert_eq!(report["totals"]["passed"], 38, "{report:#}");
    let mut rows = 0;
    for page in report["pages"].as_array().into_iter().flatten() {
        let name = page["name"].as_str().unwrap_or_default();
        window.wait_for_page(name);
        let actions = page["actions"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        play_page(&window, name, actions);
        rows += actions.len();
        window.press_button(if name == "06-watch" {
            "Finish"
        } else {
            "Continue"
        });
    }
    assert_eq!(rows, 38);

    window.wait_for("the finish screen", || window.shows("[data-finish]"));
    let finish = window.text_of("[data-finish]");
    assert!(
        finish.contains("2 of 2") || finish.contains("2\u{a0}of 2"),
        "both checks count: {finish}"
    );
    for file in ["bin/busiest", "blocked.conf"] {
        let headless = std::fs::read_to_string(place.path().join("headless/exercises").join(file));
        assert_eq!(
            place.exercise(file),
            headless.expect("the command made it too"),
            "{file}"
        );
    }
    window.press_button("Back to the library");
    window.wait_for("the tour to be finished", || {
        window.text_of(first_card).contains("Finished")
    });
    window.wait_for("the session's programs to end", || {
        place.programs().is_empty()
    });
}

/// Clicks what is in sight, in order, as it comes into sight.
fn play_page(window: &Window<'_>, page: &str, actions: &[Value]) {
    let has_card = |row: &Value| row["kind"] != "section:end";
    let mut next = 0;
    while actions[next..].iter().any(has_card) {
        let card = window.wait_to_get(&format!("a card of {page} from {next} on"), || {
            window.cards().into_iter().find(|card| card.index() >= next)
        });
        let id = card.id.as_str();
        next = card.index() + 1;
        match id {
            // What the action before it has run already.
            _ if actions[card.index()]["trigger"] == "cascade" => {
                window.wait_for_status(id, "done")
            }
            FAILS => {
                window.click_card(id);
                window.wait_for_status(id, "failed");
                window.wait_for_card_to_say(id, "192.0.2.66 is in the list, but it is a crawler");
            }
            FOLLOWS => {
                window.click_card(id);
                window.wait_for_status(id, "running");
                window.wait_for("the log in terminal 2", || {
                    window.terminal("2").contains("HTTP/1.1")
                });
            }
            ASKS => {
                window.click_card(id);
                window.wait_for("the shop's question", || window.terminal("1").contains('?'));
            }
            _ => window.run(id),
        }
    }
    for card in window.cards() {
        let wanted = if card.id == FAILS { "failed" } else { "done" };
        window.wait_for_status(&card.id, wanted);
    }
    let without_card = actions
        .iter()
        .filter(|row| row["kind"] == "section:end")
        .count();
    assert_eq!(
        window.cards().len() + without_card,
        actions.len(),
        "cards of {page}"
    );
}

/// What `atelier test` says of the tour, with its files kept.
fn play_headless(place: &Place) -> Value {
    let desktop = PathBuf::from(std::env::var_os("ATELIER_DESKTOP").unwrap_or_default());
    let played = Command::new(desktop.with_file_name("atelier"))
        .arg("test")
        .arg(bundled("tour"))
        .args(["--format", "json", "--home"])
        .arg(place.path().join("headless"))
        .output()
        .expect("`atelier` lies beside the window's program");
    serde_json::from_slice(&played.stdout).expect("a report in JSON")
}
