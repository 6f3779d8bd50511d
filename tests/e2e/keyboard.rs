//! Without a mouse.

use atelier_tests::window::{Key, Place, fixture};

#[test]
fn a_learner_needs_no_mouse() {
    let place = Place::new();
    let window = place.start(&[fixture("window-desk").as_str()]);
    window.wait_for("the trust sheet", || window.shows("[data-sheet=trust]"));
    let focused = || window.text_of(":focus");
    let mut stops = 0;
    while focused() != "Trust and start" {
        window.press(&[Key::Tab]);
        stops += 1;
        window.check(stops < 15, "Tab reaches the button that trusts");
    }
    assert_eq!(place.sessions().len(), 0, "nothing has started yet");
    window.press(&[Key::Enter]);
    window.wait_for_page("01-edit");

    let focus_in = |region: &str| {
        window.wait_for(&format!("the focus in {region}"), || {
            window.focused_region() == region
        });
    };
    focus_in("instructions");
    window.press(&[Key::Enter]);
    window.wait_for_status("01-edit/0", "done");
    focus_in("work");
    window.type_text("x");
    window.wait_for("what was typed", || {
        window.open_document("~/exercises/notes.txt").text == "xalpha\nbeta\n"
    });

    // Out of the editor, into the terminal, and out of that.
    window.press(&[Key::F6]);
    focus_in("terminals");
    window.type_text("echo $((6 * 7))\n");
    window.wait_for("the shell's answer", || {
        window.terminal("1").contains("\n42")
    });
    window.press(&[Key::F6]);
    focus_in("instructions");
    window.press(&[Key::Enter]);
    window.wait_for_status("01-edit/1", "done");
    // Whoever runs an edit goes on reading.
    focus_in("instructions");
    window.press(&[Key::Shift, Key::F6]);
    focus_in("terminals");
    window.press(&[Key::Shift, Key::F6]);
    focus_in("work");

    // From anywhere: the next action, and the next page.
    window.press(&[Key::Control, Key::Alt, Key::Enter]);
    window.wait_for_status("01-edit/2", "done");
    window.press(&[Key::Control, Key::Alt, Key::Right]);
    window.wait_for_page("02-programs");
    window.press(&[Key::Control, Key::Alt, Key::Left]);
    window.wait_for_page("01-edit");
}
