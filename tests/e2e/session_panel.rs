//! How the session is doing, asked and changed without a mouse.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use atelier_tests::window::{Key, Place, Window, fixture};

const PANEL: &str = "[data-sheet=session]";

#[test]
fn the_panel_stops_and_starts_programs_and_leads_to_what_the_workshop_may_use() {
    let place = Place::new();
    let docker = place.path().join("bin/docker");
    fs::write(&docker, "#!/bin/sh\necho allowed to \"$1\"\n").expect("a program");
    fs::set_permissions(&docker, fs::Permissions::from_mode(0o755)).expect("a mode");
    let window = place.start(&[fixture("window-panel").as_str(), "--trust"]);
    window.wait_for_page("01-run");
    window.wait_for("the program that fails to be told of", || {
        window.text_of(".status .state") == "program stock failed"
    });

    // The status bar is the last stop, and so the one before the first.
    tab_to(&window, &[Key::Shift, Key::Tab], "program stock failed");
    window.press(&[Key::Enter]);
    window.wait_for("the panel", || window.shows(PANEL));
    let shows = |what: &str, texts: &[&str]| {
        window.wait_for(&format!("{texts:?} of {what}"), || {
            let shown = window.text_of(&format!("{PANEL} {what}"));
            texts.iter().all(|text| shown.contains(text))
        });
    };
    shows("[data-program=shop]", &["running since"]);
    shows("[data-program=stock]", &["no table of this name"]);
    shows("[data-address=Shop]", &["nothing listens on port 27391"]);
    // No tab shows this one.
    shows("[data-address=metrics]", &["http://metrics-window-panel-"]);
    shows(
        "[data-section=differences]",
        &["may not use on this computer"],
    );

    tab_to(&window, &[Key::Tab], "Log of shop");
    window.press(&[Key::Enter]);
    shows("[data-program=shop] pre", &["the shop opens"]);
    tab_to(&window, &[Key::Shift, Key::Tab], "Stop shop");
    window.press(&[Key::Enter]);
    shows("[data-program=shop]", &["stopped at"]);
    window.wait_for("the button to keep the focus", || {
        focused(&window) == "Start shop"
    });
    window.press(&[Key::Enter]);
    shows("[data-program=shop]", &["running since"]);
    window.press(&[Key::Escape]);
    window.wait_for("the focus where it was", || {
        !window.shows(PANEL) && focused(&window) == "program stock failed"
    });

    window.press(&[Key::Enter]);
    window.wait_for("the panel", || window.shows(PANEL));
    tab_to(&window, &[Key::Tab], "What it may use…");
    window.press(&[Key::Enter]);
    window.wait_for("the sheet", || window.shows("[data-sheet=trust]"));
    let switch = "document.activeElement?.matches('[data-sheet=trust] dd input[type=checkbox]')";
    press_until(&window, &[Key::Tab], "the switch", || {
        window.truth(&format!("return {switch}"))
    });
    window.press(&[Key::Char(' ')]);
    window.wait_for("Docker to be allowed", || {
        window.truth(&format!(
            "return {switch} && document.activeElement.checked"
        ))
    });
    tab_to(&window, &[Key::Tab], "Start");
    window.press(&[Key::Enter]);
    window.wait_for_page("01-run");
    window.run("01-run/1");
    window.wait_for("what Docker says", || {
        window.terminal("1").contains("\nallowed to ps")
    });
}

/// What is said of the element with the focus.
fn focused(window: &Window<'_>) -> String {
    let script = "const e = document.activeElement; return e?.getAttribute('aria-label') ?? e?.innerText ?? ''";
    let said = window.script(script, &[]);
    said.as_str().unwrap_or_default().trim().to_owned()
}

fn tab_to(window: &Window<'_>, keys: &[Key], name: &str) {
    press_until(window, keys, name, || focused(window) == name);
}

fn press_until(window: &Window<'_>, keys: &[Key], what: &str, there: impl Fn() -> bool) {
    for _ in 0..40 {
        if there() {
            return;
        }
        window.press(keys);
    }
    window.fail(&format!("{keys:?} does not lead to {what}"));
}
