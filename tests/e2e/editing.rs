//! Typing, actions, commands and other programs meet in one file.

use std::fs;

use atelier_tests::window::{Key, Place, Window, fixture};

const NOTES: &str = "~/exercises/notes.txt";

fn start(place: &Place) -> Window<'_> {
    let window = place.start(&[fixture("window-desk").as_str(), "--trust"]);
    window.wait_for_page("01-edit");
    window.run("01-edit/0");
    window.wait_for("the caret in the editor", || {
        window.focused_region() == "work"
    });
    window
}

#[test]
fn an_action_over_unsaved_typing_is_one_step_of_undo() {
    let place = Place::new();
    let window = start(&place);

    window.press(&[Key::Control, Key::End]);
    window.type_text("typed by hand");
    let typed = window.open_document(NOTES);
    assert_eq!(typed.text, "alpha\nbeta\ntyped by hand");
    window.run("01-edit/1");

    let edited = window.open_document(NOTES);
    assert_eq!(edited.text, "ALPHA\nbeta\ntyped by hand");
    assert_eq!(edited.selected(), "ALPHA");
    window.idle();
    assert_eq!(
        place.exercise("notes.txt"),
        edited.text,
        "the action has saved"
    );

    // Whoever runs an edit goes on reading: the editor is one key away.
    window.press(&[Key::F6]);
    window.wait_for("the focus in the editor", || {
        window.focused_region() == "work"
    });
    window.press(&[Key::Control, Key::Char('z')]);
    window.wait_for("text and caret as they were", || {
        window.open_document(NOTES) == typed
    });
    window.wait_for("the undone text on the disk", || {
        place.exercise("notes.txt") == typed.text
    });
    window.press(&[Key::Control, Key::Char('y')]);
    window.wait_for("the action done again", || {
        window.open_document(NOTES).text == edited.text
    });
    window.wait_for("its text on the disk", || {
        place.exercise("notes.txt") == edited.text
    });
}

#[test]
fn an_action_sees_what_a_command_wrote_a_moment_ago() {
    let place = Place::new();
    let window = start(&place);

    window.run("01-edit/2");
    window.run("01-edit/3");
    let both = "made by a command\nmade by an action\n";
    assert_eq!(window.open_document(NOTES).text, both);
    window.idle();
    assert_eq!(place.exercise("notes.txt"), both);
}

#[test]
fn a_change_on_disk_under_unsaved_typing_costs_neither_text() {
    let place = Place::new();
    let window = start(&place);
    let file = place.session().join("home/exercises/notes.txt");
    let bar = ".conflict[role=alert]";
    let mine = "alpha\nbeta\n!";

    window.press(&[Key::Control, Key::End]);
    window.type_text("!");
    fs::write(&file, "from elsewhere\n").expect("a file");
    window.wait_for("the question which text stays", || window.shows(bar));
    assert_eq!(window.open_document(NOTES).text, mine);
    assert_eq!(place.exercise("notes.txt"), "from elsewhere\n");

    // Until that is answered, no action touches the file.
    window.click_card("01-edit/3");
    window.wait_for_status("01-edit/3", "failed");
    let says = window.card("01-edit/3").text;
    window.check(
        says.contains("has changed on disk"),
        "the card says why it failed",
    );
    assert_eq!(window.open_document(NOTES).text, mine);
    assert_eq!(place.exercise("notes.txt"), "from elsewhere\n");

    window.press_button("Load from disk");
    window.wait_for("the text of the disk", || {
        window.open_document(NOTES).text == "from elsewhere\n"
    });
    window.check(!window.shows(bar), "the question is answered");
    window.click("[data-document] .cm-content");
    window.press(&[Key::Control, Key::Char('z')]);
    assert_eq!(
        window.open_document(NOTES).text,
        mine,
        "undo brings the typed text back"
    );
    window.wait_for("the typed text on the disk", || {
        place.exercise("notes.txt") == mine
    });

    window.press(&[Key::Control, Key::End]);
    window.type_text("?");
    fs::write(&file, "from elsewhere again\n").expect("a file");
    window.wait_for("the question which text stays", || window.shows(bar));
    window.press_button("Keep mine");
    window.wait_for("the typed text on the disk", || {
        place.exercise("notes.txt") == "alpha\nbeta\n!?"
    });
    window.wait_for("the question to go", || !window.shows(bar));
    window.run("01-edit/3");
    assert_eq!(
        window.open_document(NOTES).text,
        "alpha\nbeta\n!?\nmade by an action\n"
    );
}
