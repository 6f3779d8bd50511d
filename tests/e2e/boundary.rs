//! What pages and dashboards try, and do not get.

use std::fs;

use atelier_tests::free_port;
use atelier_tests::window::{Place, Window, fixture};
use camino::Utf8PathBuf;
use serde_json::{Value, json};

const SERVE: &str = "01-page/0";
const SHOW: &str = "01-page/1";
const EDIT: &str = "01-page/3";

/// A copy of the hostile workshop for a port that is free.
fn hostile(place: &Place) -> (Utf8PathBuf, u16) {
    let workshop = place.copy_of(&fixture("window-hostile"));
    let port = free_port();
    let page = workshop.join("workshop/content/01-page.md");
    let text = fs::read_to_string(&page).expect("the fixture's page");
    fs::write(&page, text.replace("@PORT@", &port.to_string())).expect("a file");
    (workshop, port)
}

#[track_caller]
fn assert_untouched(window: &Window<'_>, address: &str) {
    assert_eq!(window.address(), address, "the window is where it was");
    assert_eq!(window.page(), "01-page");
    let pwned = window.script("return String(window.pwned)", &[]);
    assert_eq!(pwned, "undefined", "no script of the page has run");
}

#[test]
fn a_page_cannot_lead_the_window_away() {
    let place = Place::new();
    let (workshop, port) = hostile(&place);
    let window = place.start(&[workshop.as_str(), "--trust"]);
    window.wait_for_page("01-page");
    let address = window.address();
    assert_untouched(&window, &address);
    let foreign = ".page-body :is(script, iframe, object, embed, form, base, meta, style, link)";
    assert_eq!(
        window.count(foreign),
        0,
        "nothing of the page's own is alive"
    );
    window.wait_for("the cards of actions, and no others", || {
        window.cards().len() == 4
    });

    let links = window.count(".page-body a");
    assert!(links >= 3, "there are links to click, not {links}");
    for at in 0..links {
        let mark =
            "document.querySelectorAll('.page-body a')[arguments[0]].id = `link-${arguments[0]}`";
        window.script(mark, &[at.into()]);
        let link = format!("#link-{at}");
        if !window.text_of(&link).is_empty() {
            window.click(&link);
            window.middle_click(&link);
        }
        assert_untouched(&window, &address);
    }
    // What a browser may have went there, and nothing else did.
    let plain = format!("http://localhost:{port}/markdown");
    window.wait_for("the link in the browser", || {
        place.opened_in_browser().contains(&plain)
    });
    let opened = place.opened_in_browser();
    assert!(
        opened
            .iter()
            .all(|each| each.starts_with("http://localhost:")),
        "{opened:?}"
    );

    // The window still works.
    window.run(EDIT);
    place.wait_for_exercise("mine.txt", "mine\n");
    assert_untouched(&window, &address);
}

#[test]
fn a_dashboard_cannot_reach_the_engine() {
    let place = Place::new();
    let (workshop, port) = hostile(&place);
    let window = place.start(&[workshop.as_str(), "--trust"]);
    window.wait_for_page("01-page");
    let address = window.address();
    window.click_card(SERVE);
    window.wait_for("the server", || {
        window
            .terminal("1")
            .contains(&format!("listening on {port}"))
    });
    window.run(SHOW);

    let frame = "[data-dashboard=theirs] iframe";
    window.wait_for("the dashboard's frame", || window.shows(frame));
    let heading = "return document.querySelector('h1')?.innerText";
    window.wait_for("the dashboard's content", || {
        window.in_frame(frame, heading) == Some(json!("Hello from the dashboard"))
    });
    // It can show the player's own page inside, which is dead there: the engine answers the window alone.
    let reach = "return document.readyState !== 'complete' ? null : \
                 [typeof window.__TAURI_INTERNALS__, typeof window.__atelier]";
    let nested = window.wait_to_get("the frame in the dashboard", || {
        let found = window.inside(frame, || {
            window.inside("#nested", || window.script(reach, &[]))
        });
        found.is_array().then_some(found)
    });
    assert_eq!(nested, json!(["undefined", "undefined"]));
    let report = place.session().join("home/exercises/report.json");
    let tried: Value = window.wait_to_get("the dashboard's report", || {
        serde_json::from_str(&fs::read_to_string(&report).ok()?).ok()
    });
    assert_eq!(tried["internals"], "undefined", "{tried:#}");
    assert_eq!(tried["hook"], "undefined", "{tried:#}");
    for refused in ["parent", "parent's internals", "top"] {
        let said = tried[refused].as_str().unwrap_or_default();
        assert!(said.starts_with("refused: "), "{refused}: {tried:#}");
    }
    assert_eq!(tried["popup"], "null", "{tried:#}");

    for sender in ["/sent?same-origin", "/sent?other-origin"] {
        window.wait_for(&format!("{sender} to have sent its messages"), || {
            place.exercise("requests.log").contains(sender)
        });
    }

    // Whatever it sent has been read before what comes now.
    window.run(EDIT);
    place.wait_for_exercise("mine.txt", "mine\n");
    let stolen = place.session().join("home/exercises/pwned.txt");
    assert!(
        !stolen.exists(),
        "the dashboard wrote a file through the engine: {tried:#}"
    );
    let requests = place.exercise("requests.log");
    assert!(
        !requests.contains("stolen"),
        "a window was led there: {requests}"
    );
    assert_untouched(&window, &address);
}
