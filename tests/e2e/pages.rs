//! Pages as their authors meant them: where links lead, and what a page of every kind looks like when it means harm.

use atelier_tests::window::{Place, Window, fixture};

fn follow(window: &Window<'_>, text: &str) {
    let mark = "[...document.querySelectorAll('.page-body a')].find((link) => link.textContent === arguments[0]).id = 'followed'";
    window.script(mark, &[text.into()]);
    window.click("#followed");
    window.script(
        "document.querySelector('#followed')?.removeAttribute('id')",
        &[],
    );
}

#[test]
fn links_lead_where_they_say() {
    let place = Place::new();
    let window = place.start(&[fixture("window-page").as_str(), "--trust"]);
    window.wait_for_page("01-everything");

    follow(&window, "tables");
    window.wait_for("the heading", || window.scrolled() > 0);

    follow(&window, "the notes");
    window.wait_for("the file in the editor", || {
        window.tabs().iter().any(|tab| tab.contains("notes.txt"))
    });

    follow(&window, "the board");
    window.wait_for("the picture", || window.shows("dialog img"));
    window.click("dialog img");
    window.wait_for("the picture to close", || !window.shows("dialog img"));

    follow(&window, "a site");
    window.wait_for("the browser", || {
        let opened = place.opened_in_browser();
        opened.contains(&"https://example.com/some/where?with=a&long=query".to_owned())
    });
    assert_eq!(
        window.text_of(".address"),
        "https://example.com/some/where?with=a&long=query"
    );

    let dead = window.find(".page-body .broken-link").len();
    assert_eq!(dead, 2, "a page and a heading that are not there");
    follow(&window, "a heading of it");
    window.wait_for_page("02-next");
    assert_eq!(
        place.opened_in_browser().len(),
        1,
        "nothing else went to the browser"
    );
}

#[test]
fn a_classic_page_is_played_to_its_end() {
    let place = Place::new();
    let window = place.start(&[fixture("window-classic").as_str(), "--trust"]);
    window.wait_for_page("01-liquid");
    assert!(
        window
            .text_of(".page-body")
            .contains("Git is tool number 1.")
    );
    assert_eq!(
        window.find(".page-body .error-chip").len(),
        1,
        "one wrong tag"
    );
    window.run("01-liquid/1");
    window.wait_for("the command of the loop's second turn", || {
        window.terminal("1").contains("turn 2")
    });
    window.press_button("On to AsciiDoc");
    window.wait_for_page("02-asciidoc");
    window.run("02-asciidoc/0");
    window.wait_for("the command", || {
        window.terminal("1").contains("from AsciiDoc")
    });
    let pwned = window.script("return String(window.pwned)", &[]);
    assert_eq!(pwned, "undefined", "no script of the page has run");
}

/// The window stays usable: the next page is a click away.
#[test]
fn a_page_of_five_megabytes_can_be_left() {
    let place = Place::new();
    let workshop = place.copy_of(&fixture("window-page"));
    let lines = "> * a [link](#x) and **words** of a page that does not end\n\n".repeat(80_000);
    let text = format!("# Long\n\n{lines}\n\n{}", "x".repeat(100_000));
    assert!(text.len() < 5 * 1024 * 1024 && text.len() > 4 * 1024 * 1024);
    std::fs::write(workshop.join("workshop/content/01-everything.md"), text).expect("a page");
    let window = place.start(&[workshop.as_str(), "--trust"]);
    window.wait_for_page("01-everything");
    window.press_button("Continue");
    window.wait_for_page("02-next");
    assert!(
        window
            .text_of(".page-body")
            .contains("The place that a link leads to.")
    );
}
