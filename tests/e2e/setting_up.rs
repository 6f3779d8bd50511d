//! A long set-up: the learner reads on, and what was clicked meanwhile runs afterwards.

use atelier_tests::window::{Place, Window, fixture};

const CARD: &str = "02-run/0";

#[test]
fn pages_are_read_and_clicks_wait_while_the_set_up_runs_and_after_it_has_failed() {
    let place = Place::new();
    let window = place.start(&[fixture("window-set-up").as_str(), "--trust"]);
    window.wait_for_page("01-read");
    window.wait_for("the strip", || window.shows("[data-setup=running]"));
    window.press_button("Continue");
    window.wait_for_page("02-run");
    window.click_card(CARD);
    window.wait_for_status(CARD, "queued");
    window.press_button("Open log");
    window.wait_for("the log as it is printed", || {
        window
            .text_of("[data-setup] .log pre")
            .contains("Waiting for the database on port 5432")
    });

    tell(&place, "fail");
    window.wait_for("the failure", || window.shows("[data-setup=failed]"));
    window.wait_for_words("[data-setup=failed]", "02-database.sh");
    window.wait_for_words("[data-setup=failed]", "ended with status 7");
    window.check(
        window.card(CARD).status == "queued",
        "the click still waits",
    );
    window.check(!has_terminal(&window), "no shell has started");

    window.press_button("Run again");
    window.wait_for("the strip", || window.shows("[data-setup=running]"));
    tell(&place, "pass");
    window.wait_for_status(CARD, "done");
    window.wait_for("the command's output", || {
        window
            .terminal("1")
            .contains("hello from the set-up in teal at exercises")
    });
    window.wait_for("the files that the script made", || {
        window.text_of("[data-region=work]").contains("made.txt")
    });
}

/// Ends the script that waits. Opening the pipe waits for its reader.
fn tell(place: &Place, verdict: &str) {
    let pipe = place.session().join("home/verdict");
    std::fs::write(pipe, format!("{verdict}\n")).expect("somebody reads it");
}

fn has_terminal(window: &Window<'_>) -> bool {
    window.shows("[data-terminal] .xterm")
}
