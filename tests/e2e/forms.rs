//! A check that asks: filled in without a mouse, wrong first, then right.

use std::fs;

use atelier_tests::window::{Key, Place, Window, fixture};
use serde_json::{Value, json};

const FORM: &str = "01-form/0";

/// Goes on with Tab until the control with this label has the focus.
#[track_caller]
fn go_to(window: &Window<'_>, label: &str) {
    let script =
        "const e = document.activeElement; return e?.labels?.[0]?.innerText ?? e?.innerText ?? ''";
    let there = || {
        let text = window.script(script, &[]);
        text.as_str().is_some_and(|text| text.starts_with(label))
    };
    let mut stops = 0;
    while !there() {
        window.press(&[Key::Tab]);
        stops += 1;
        window.check(stops < 30, &format!("Tab reaches {label}"));
    }
}

fn value_of(window: &Window<'_>, field: &str) -> String {
    let script = "return document.querySelector(`[data-field=${arguments[0]}] input`)?.value ?? ''";
    let value = window.script(script, &[json!(field)]);
    value.as_str().unwrap_or_default().to_owned()
}

fn focus_is_in(window: &Window<'_>, field: &str) -> bool {
    let script =
        "return document.activeElement.closest('[data-field]')?.dataset.field === arguments[0]";
    window.script(script, &[json!(field)]) == json!(true)
}

#[test]
fn a_form_is_filled_in_wrong_first_then_right() {
    let place = Place::new();
    let window = place.start(&[fixture("window-checks").as_str(), "--trust"]);
    window.wait_for_page("01-form");
    // The key for the next step leads into the form and runs nothing.
    window.press(&[Key::Control, Key::Alt, Key::Enter]);
    window.wait_for("the focus in the form", || focus_is_in(&window, "name"));
    window.type_text("x");
    window.press(&[Key::Enter]);
    go_to(&window, "Access token");
    window.type_text("open-sesame");
    go_to(&window, "Deploy");
    window.press(&[Key::Enter]);

    // Nothing is chosen where something must be: told there, and nothing has run.
    window.wait_for("the focus where it is wrong", || {
        focus_is_in(&window, "size")
    });
    window.wait_for("what is wrong", || {
        window.text_of("[data-field=size] .problem") == "Choose one"
    });
    window.wait_for_status(FORM, "ready");
    let sent = place.session().join("home/sent.json");
    assert!(!sent.exists());

    // Filled in, but not as the check wants it.
    window.type_text(" ");
    go_to(&window, "Deploy");
    window.press(&[Key::Enter]);
    window.wait_for_status(FORM, "failed");
    let output = format!("[data-action='{FORM}'] .output pre");
    window.wait_for("what the check says", || {
        window.text_of(&output).trim() == "there is no application of this name; try my-app"
    });

    // What was typed is there again after a turn of the page, and after a start; but for the password.
    window.press_button("Continue");
    window.press_button("Continue anyway");
    window.wait_for_page("02-waits");
    window.press_button("Back");
    window.wait_for_page("01-form");
    window.wait_for("the password to be there again", || {
        value_of(&window, "token") == "open-sesame"
    });
    window.kill();
    let window = place.start(&[]);
    window.wait_for_page("01-form");
    window.wait_for_status(FORM, "failed");
    window.wait_for("the name to be there again", || {
        value_of(&window, "name") == "x"
    });
    assert_eq!(value_of(&window, "token"), "");
    let journal = fs::read_to_string(place.session().join("state/journal.jsonl")).expect("it");
    assert!(!journal.contains("open-sesame"), "{journal}");

    window.press(&[Key::Control, Key::Alt, Key::Enter]);
    window.wait_for("the focus in the form", || focus_is_in(&window, "name"));
    window.press(&[Key::Control, Key::Char('a')]);
    window.type_text("my-app");
    go_to(&window, "Deploy");
    window.press(&[Key::Enter]);
    window.wait_for_status(FORM, "done");
    window.wait_for_status("01-form/1", "done");
    let sent: Value = serde_json::from_str(&fs::read_to_string(sent).expect("it")).expect("JSON");
    let expected = json!({
        "name": "my-app", "replicas": "1", "token": "", "zone": "south", "size": "small",
        "since": "", "note": "", "hosts[0]": "",
    });
    assert_eq!(sent, expected);
}
