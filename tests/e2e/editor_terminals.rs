//! A terminal that stands beside the file in the editor.

use atelier_tests::window::{Key, Place, fixture, is_alive};

const OPEN_FILE: &str = "01-beside/0";
const OPEN: &str = "01-beside/1";
const SEND: &str = "01-beside/2";
const EXECUTE: &str = "01-beside/3";
const CLOSE: &str = "01-beside/4";

const PANEL: &str = "[data-region=work] [data-region=editor-terminals]";

#[test]
fn a_terminal_of_the_editor_lives_from_its_action_to_its_close() {
    let place = Place::new();
    let window = place.start(&[fixture("window-terminals").as_str(), "--trust"]);
    window.wait_for_page("01-beside");
    let focus_in = |stop: &str| {
        window.wait_for(&format!("the focus in {stop}"), || {
            window.focused_region() == stop
        });
    };
    let toggle = [Key::Control, Key::Char('`')];

    window.run(OPEN_FILE);
    window.check(!window.shows(PANEL), "without a terminal there is no panel");
    window.run(OPEN);
    window.wait_for("the panel", || window.shows(PANEL));
    window.check(
        window.shows("[data-document] .cm-content"),
        "the file stays in sight",
    );
    focus_in("editor-terminals");
    window.run(SEND);
    window.run(EXECUTE);
    window.wait_for("what was sent", || {
        window.terminal("editor:1").contains("\nby the editor")
    });
    window.wait_for("the other terminal's answer", || {
        window.terminal("1").contains("\nby another")
    });
    window.check(
        !window.terminal("1").contains("by the editor"),
        "they are two terminals",
    );

    // Out of sight and back, without a mouse.
    focus_in("terminals");
    window.press(&[Key::Shift, Key::F6]);
    focus_in("editor-terminals");
    window.press(&toggle);
    window.wait_for("the panel to go", || !window.shows(PANEL));
    focus_in("work");
    window.press(&toggle);
    focus_in("editor-terminals");
    window.type_text("echo typed by $WHO\n");
    window.wait_for("what was typed, below what was there", || {
        let shown = window.terminal("editor:1");
        shown.contains("\nby the editor") && shown.contains("\ntyped by editor")
    });

    // The learner's own, with the focus in it, and closed again.
    window.press(&[Key::Control, Key::Shift, Key::Char('`')]);
    window.wait_for("a second tab", || {
        window.count(&format!("{PANEL} [role=tab]")) == 2
    });
    window.type_text("exit\n");
    window.wait_for("one tab", || {
        window.count(&format!("{PANEL} [role=tab]")) == 1
    });
    focus_in("editor-terminals");

    let pid = place.exercise("started.pid").trim().parse().expect("a pid");
    let pid = window.wait_to_get("what was started", || place.process_known_as(pid));
    window.check(is_alive(pid), "what was started runs");
    window.run(CLOSE);
    window.wait_for("its end with its terminal", || !is_alive(pid));
    window.wait_for("the panel to go", || !window.shows(PANEL));
    window.check(
        window.terminal("1").contains("by another"),
        "the terminal of the same name stays",
    );
}
