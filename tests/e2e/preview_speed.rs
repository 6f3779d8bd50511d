//! How long an author waits for a saved page, in the window itself. `cargo xtask bench preview` runs it, and nothing is held to it.

use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use atelier_tests::window::{Place, Window, fixture};
use serde_json::json;

const SAVES: usize = 20;
/// A workshop of one session is short, one of many longer than anybody has written.
const PAGES: [usize; 2] = [8, 300];

/// Notes when the page that is shown holds a text, once that has been drawn.
const WATCH: &str = "const [wanted] = arguments;
    const pane = document.querySelector('[data-region=instructions]');
    window.shownAt = null;
    const observer = new MutationObserver(() => {
        if (!pane.textContent.includes(wanted)) return;
        observer.disconnect();
        requestAnimationFrame(() => (window.shownAt = performance.timeOrigin + performance.now()));
    });
    observer.observe(pane, { childList: true, subtree: true, characterData: true });";

fn now() -> f64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.expect("a clock").as_secs_f64() * 1000.0
}

/// When the window has shown it, in milliseconds since 1970.
fn shown(window: &Window<'_>) -> Option<f64> {
    window.script("return window.shownAt", &[]).as_f64()
}

#[test]
#[ignore = "a measurement: `cargo xtask bench preview` runs it"]
#[allow(clippy::print_stderr, reason = "a measurement says what it measured")]
fn how_long_until_a_saved_page_is_shown() {
    for pages in PAGES {
        let place = Place::new();
        let workshop = place.copy_of(&fixture("window-preview"));
        let content = workshop.join("workshop/content");
        let page = content.join("01-write.md");
        let text = fs::read_to_string(&page).expect("the fixture's page");
        // All of them behind the page that is written.
        for number in 2..=pages {
            fs::write(content.join(format!("page-{number:03}.md")), &text).expect("a page");
        }
        let window = place.start(&[workshop.as_str(), "--author"]);
        window.wait_for_page("01-write");
        let mut times = Vec::with_capacity(SAVES);
        for save in 0..SAVES {
            let wanted = format!("Saved for the {save}. time.");
            window.script(WATCH, &[json!(wanted)]);
            let begun = now();
            fs::write(&page, format!("{text}\n{wanted}\n")).expect("it is saved");
            window.wait_for("the page that was saved", || shown(&window).is_some());
            times.push(shown(&window).expect("it is shown") - begun);
        }
        times.sort_by(f64::total_cmp);
        let (median, slowest) = (times[SAVES / 2], times[SAVES - 1]);
        eprintln!(
            "  in the window, {pages:>3} pages, {SAVES} saves     median {median:>7.1} ms   slowest {slowest:>7.1} ms"
        );
    }
}
