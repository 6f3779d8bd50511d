//! Pages as their authors meant them: where links lead, and what a page of every kind looks like when it means harm.

use atelier_tests::window::{Key, Place, Window, fixture};

fn follow(window: &Window<'_>, text: &str) {
    let mark = "const all = [...document.querySelectorAll('.page-body a')]; \
                const link = all.find((link) => link.textContent === arguments[0]); \
                if (link) link.id = 'followed'; return link !== undefined";
    window.wait_for(&format!("the link {text:?}"), || {
        window.script(mark, &[text.into()]) == true
    });
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
    window.wait_for("the address in the window", || {
        window.text_of(".address") == "https://example.com/some/where?with=a&long=query"
    });

    let dead = window.count(".page-body .broken-link");
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
    window.wait_for_words(".page-body", "Git is tool number 1.");
    assert_eq!(window.count(".page-body .error-chip"), 1, "one wrong tag");
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
    window.wait_for_words(".page-body", "The place that a link leads to.");
}

/// Diagrams are drawn by a large library from what a stranger wrote: they become images, and nothing of them stays alive.
#[test]
fn diagrams_become_pictures_and_nothing_more() {
    let place = Place::new();
    let workshop = place.copy_of(&fixture("window-page"));
    let hostile = [
        "graph TD\n  a[\"<img src=x onerror='window.pwned=1'>\"] --> b[\"<script>window.pwned=1</script>\"]\n  click a href \"javascript:window.pwned=1\"\n  click b call alert()",
        "%%{init: {\"securityLevel\": \"loose\", \"htmlLabels\": true, \"themeCSS\": \"} body, .page { display: none !important } x {\"}}%%\ngraph TD\n  a[\"<b onclick='window.pwned=1'>x</b>\"]",
        "---\nconfig:\n  securityLevel: loose\n  secure: []\n  htmlLabels: true\n---\ngraph TD\n  a[\"<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>\"]\n  classDef q fill:red;}body{display:none\n  class a q",
        "sequenceDiagram\n  A->>B: $$\\href{javascript:window.pwned=1}{x}$$ <svg onload=window.pwned=1>\n  link A: x @ javascript:window.pwned=1",
        "graph TD\n  a --> [",
    ];
    let fences: String = hostile
        .iter()
        .map(|text| format!("```mermaid\n{text}\n```\n\n"))
        .collect();
    let page = workshop.join("workshop/content/01-everything.md");
    std::fs::write(page, format!("# Diagrams\n\n{fences}")).expect("a page");
    let window = place.start(&[workshop.as_str(), "--trust"]);
    window.wait_for_page("01-everything");
    let address = window.address();

    let ends = |at: usize| {
        window.script(
            "const place = document.querySelectorAll('.diagram')[arguments[0]]; place?.scrollIntoView(); \
             return place?.querySelector('img') ? 'picture' : place?.querySelector('.error-card') ? 'card' : null",
            &[at.into()],
        )
    };
    let mut pictures = 0;
    for at in 0..hostile.len() {
        let end = window.wait_to_get("the diagram or why there is none", || {
            Some(ends(at)).filter(|end| !end.is_null())
        });
        pictures += usize::from(end == "picture");
    }
    assert!(pictures >= 2, "{pictures} diagrams are pictures");
    assert_eq!(ends(hostile.len() - 1), "card", "the last one is wrong");
    let pwned = window.script("return String(window.pwned)", &[]);
    assert_eq!(pwned, "undefined", "no script of a diagram has run");
    assert_eq!(window.address(), address);
    let alive =
        ".page-body :is(svg, script, iframe, style), .diagram-bench, body > svg, body > [id^=d]";
    assert_eq!(window.count(alive), 0, "nothing of a diagram is alive");
    assert!(window.shows(".page h1"), "the page is seen");

    let source = "return document.querySelector('.diagram img').src";
    let before = window.script(source, &[]);
    let other = window.truth("return document.documentElement.dataset.theme === 'dark'");
    window.click(if other {
        "[aria-label='Light theme']"
    } else {
        "[aria-label='Dark theme']"
    });
    window.script("document.querySelector('.diagram').scrollIntoView()", &[]);
    window.wait_for("the diagram in the other theme's colours", || {
        window.script(source, &[]) != before
    });

    window.script("document.querySelector('.diagram img').focus()", &[]);
    window.press(&[Key::Enter]);
    window.wait_for("the diagram, enlarged", || window.shows("dialog img"));
    window.press(&[Key::Escape]);
    window.wait_for("the picture to close", || !window.shows("dialog img"));
}
