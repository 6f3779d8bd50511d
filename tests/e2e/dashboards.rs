//! Pages in tabs: a server behind an ingress, slides, and what they may ask for.

use std::fs::{self, File};
use std::net::TcpStream;
use std::time::{Duration, SystemTime};

use atelier_tests::free_port;
use atelier_tests::window::{Place, Window, fixture};
use camino::Utf8PathBuf;
use serde_json::json;

const SERVE: &str = "01-app/0";
const RELOAD: &str = "01-app/1";
const BROADCAST: &str = "01-app/2";
const DIRECT: &str = "01-app/3";
const APP: &str = "[data-dashboard=app] iframe";
const SLIDES: &str = "[data-dashboard=slides] iframe";

/// A copy of the workshop for a port that is free.
fn workshop(place: &Place) -> (Utf8PathBuf, u16) {
    let workshop = place.copy_of(&fixture("window-web"));
    let port = free_port();
    for file in ["resources/workshop.yaml", "workshop/content/01-app.md"] {
        let path = workshop.join(file);
        let text = fs::read_to_string(&path).expect("the fixture's file");
        fs::write(&path, text.replace("@PORT@", &port.to_string())).expect("a file");
    }
    (workshop, port)
}

#[track_caller]
fn wait_for_heading(window: &Window<'_>, frame: &str, heading: &str) {
    window.wait_for(&format!("{heading:?} in {frame}"), || {
        let said = window.in_frame(frame, "return document.querySelector('h1')?.innerText");
        said.is_some_and(|said| said == heading)
    });
}

/// Writes the served page anew, so many seconds younger than now: servers tell versions by the second.
fn write_page(place: &Place, heading: &str, seconds: u64) {
    let page = place.session().join("home/exercises/site/index.html");
    fs::write(&page, format!("<h1>{heading}</h1>")).expect("a file");
    let later = SystemTime::now() + Duration::from_secs(seconds);
    let file = File::options().write(true).open(&page).expect("the file");
    file.set_modified(later).expect("a time");
}

#[test]
fn a_tab_waits_for_its_server_and_shows_it() {
    let place = Place::new();
    let (workshop, port) = workshop(&place);
    let window = place.start(&[workshop.as_str(), "--trust"]);
    window.wait_for_page("01-app");
    let waiting = format!("Waiting for port {port}");
    window.wait_for("the notice", || {
        window.text_of("[data-dashboard=app]").contains(&waiting)
    });
    assert!(
        !window.shows(APP),
        "nothing is loaded before there is a server"
    );

    window.click_card(SERVE);
    wait_for_heading(&window, APP, "Hello from the server");
    let host = window.wait_to_get("where the page is", || {
        window.in_frame(APP, "return location.host")
    });
    let host = host.as_str().unwrap_or_default();
    let (name, listener) = host.split_once(':').expect("the listener's port");
    let session = place.session();
    assert_eq!(
        name,
        format!("app-{}.localhost", session.file_name().unwrap_or_default())
    );
    assert_ne!(
        listener,
        port.to_string(),
        "it is shown through the ingress"
    );
    window.wait_for("what the page asked for", || {
        window.terminal("2").contains("said by 2 pages")
    });

    // Its time counts in whole seconds for who asks whether it has changed.
    write_page(&place, "Changed", 5);
    window.run(RELOAD);
    wait_for_heading(&window, APP, "Changed");
    write_page(&place, "Changed again", 10);
    window.click("[aria-label='Reload App']");
    wait_for_heading(&window, APP, "Changed again");

    window.click("[aria-label='Open App in the browser']");
    let direct = format!("http://localhost:{port}/");
    window.wait_for("the page in the browser", || {
        place.opened_in_browser().contains(&direct)
    });
    window.run(DIRECT);
    wait_for_heading(&window, "[data-dashboard=direct] iframe", "Changed again");

    window.terminate();
    let open = TcpStream::connect(format!("127.0.0.1:{listener}"));
    assert!(open.is_err(), "the listener has gone with the window");
}

#[test]
fn a_tab_without_an_ingress_waits_as_well_and_comes_back() {
    let place = Place::new();
    let (workshop, port) = workshop(&place);
    let window = place.start(&[workshop.as_str(), "--trust"]);
    window.wait_for_page("01-app");
    window.run(DIRECT);
    let tab = "[data-dashboard=direct]";
    let waiting = format!("Waiting for port {port}");
    window.wait_for("the notice", || window.text_of(tab).contains(&waiting));
    window.terminate();

    let window = place.start(&[workshop.as_str(), "--trust"]);
    window.wait_for_page("01-app");
    window.wait_for("the tab again", || window.text_of(tab).contains(&waiting));
    window.click_card(SERVE);
    wait_for_heading(&window, &format!("{tab} iframe"), "Hello from the server");
}

#[test]
fn slides_open_where_a_script_or_a_link_says() {
    let place = Place::new();
    let (workshop, port) = workshop(&place);
    let window = place.start(&[workshop.as_str(), "--trust"]);
    window.wait_for_page("01-app");
    window.run(BROADCAST);
    window.wait_for("the slides", || window.shows(SLIDES));
    let at = || {
        let script = "return typeof Reveal !== 'undefined' && Reveal.isReady() ? Reveal.getIndices().h : null";
        window.in_frame(SLIDES, script)
    };
    window.wait_for("the first slide", || at() == Some(json!(0)));
    window.click(".page-body a[data-url='/slides/#/1']");
    window.wait_for("the second slide", || at() == Some(json!(1)));

    window.click(".page-body a[data-url^='/files/']");
    let file = "[data-dashboard=notesyaml] iframe";
    window.wait_for("the file in a tab", || {
        let said = window.in_frame(file, "return document.body.innerText");
        said.and_then(|said| said.as_str().map(|said| said.contains("kind: Notes"))) == Some(true)
    });
    window.click(".page-body a.external");
    let direct = format!("http://localhost:{port}/in-the-browser");
    window.wait_for("the page in the browser", || {
        place.opened_in_browser().contains(&direct)
    });
}
