//! The bundled workshop about a web application: from the trust sheet to the finish, with what its tab shows.

use atelier_tests::window::{Place, Window, bundled};

/// Where the tab's page is.
const APP: &str = "[data-dashboard=app] iframe";

#[track_caller]
fn wait_for_page_with(window: &Window<'_>, heading: &str, last_dish: &str) {
    let script = "return [document.querySelector('h1')?.innerText, document.querySelector('li:last-child')?.innerText]";
    window.wait_for(&format!("{heading:?} and {last_dish:?} in the tab"), || {
        let said = window.in_frame(APP, script);
        said.is_some_and(|said| said[0] == heading && said[1] == last_dish)
    });
}

/// Clicks a card, and sees everything that follows from it done.
#[track_caller]
fn cascade(window: &Window<'_>, page: &str, cards: std::ops::RangeInclusive<usize>) {
    window.click_card(&format!("{page}/{}", cards.start()));
    for at in cards {
        window.wait_for_status(&format!("{page}/{at}"), "done");
    }
}

#[track_caller]
fn ask_check(window: &Window<'_>, id: &str, passes: bool) {
    window.click_card(id);
    window.wait_for_status(id, if passes { "done" } else { "failed" });
}

#[test]
fn a_web_application_is_started_changed_and_mended() {
    let place = Place::new();
    let window = place.start(&[bundled("web-app").as_str()]);
    let sheet = "[data-sheet=trust]";
    window.wait_for("the trust sheet", || window.shows(sheet));
    window.wait_for_words(sheet, "01-environment.sh");
    window.press_button("Trust and start");

    window.wait_for_page("01-start");
    window.run("01-start/0");
    // A server that listens is done with starting.
    window.run("01-start/1");
    window.run("01-start/2");
    wait_for_page_with(&window, "Welcome", "Fried rice");
    ask_check(&window, "01-start/3", true);
    window.press_button("Continue");

    window.wait_for_page("02-routes");
    for at in 0..4 {
        window.run(&format!("02-routes/{at}"));
    }
    ask_check(&window, "02-routes/4", false);
    // A restart is missing.
    window.wait_for_card_to_say("02-routes/4", "it was started before");
    cascade(&window, "02-routes", 5..=6);
    window.run("02-routes/7");
    ask_check(&window, "02-routes/8", true);
    window.press_button("Continue");

    window.wait_for_page("03-page");
    for at in 0..4 {
        window.run(&format!("03-page/{at}"));
    }
    wait_for_page_with(&window, "Lunch on Thursday (3 proposals)", "Fried rice");
    ask_check(&window, "03-page/7", true);
    window.press_button("Continue");

    window.wait_for_page("04-form");
    window.inside(APP, || {
        window.click("#dish");
        window.type_text("Pancakes");
        window.click("form button");
    });
    wait_for_page_with(&window, "Lunch on Thursday (4 proposals)", "Pancakes");
    window.run("04-form/0");
    window.click("[data-action='04-form/1'] input[value='303']");
    window.press_button("Answer");
    window.wait_for_status("04-form/1", "done");
    window.run("04-form/2");
    window.run("04-form/3");
    wait_for_page_with(&window, "Lunch on Thursday (5 proposals)", "Noodle salad");
    window.press_button("Continue");

    window.wait_for_page("05-bug");
    cascade(&window, "05-bug", 0..=1);
    wait_for_page_with(&window, "Lunch on Thursday (6 proposals)", "Fish");
    window.run("05-bug/2");
    ask_check(&window, "05-bug/3", false);
    window.run("05-bug/6");
    // The tab is loaded while the server is being restarted.
    cascade(&window, "05-bug", 7..=10);
    wait_for_page_with(
        &window,
        "Lunch on Thursday (6 proposals)",
        "Fish <today only>",
    );
    ask_check(&window, "05-bug/11", true);
    window.press_button("Continue");

    window.wait_for_page("06-test");
    window.run("06-test/0");
    window.run("06-test/1");
    window.click_card("06-test/2");
    window.wait_for_status("06-test/3", "failed");
    window.click_card("06-test/4");
    window.wait_for_status("06-test/5", "done");
    window.press_button("Continue");

    window.wait_for_page("07-end");
    window.run("07-end/0");
    window.click("[role=tab][title^=App]");
    window.click("[aria-label='Reload App']");
    window.wait_for("the tab to wait for its server", || {
        window
            .text_of("[data-dashboard=app]")
            .contains("Waiting for port 8437")
    });
    window.run("07-end/1");
    window.press_button("Finish");
    window.wait_for("the finish screen", || window.shows("[data-finish]"));
    let finish = window.text_of("[data-finish]").replace('\u{a0}', " ");
    assert!(finish.contains("5 of 5"), "every check counts: {finish}");
    assert!(
        place
            .exercise("lunch.py")
            .contains("<li>{escape(dish)}</li>")
    );
}
