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

/// Types at the end and changes the file on disk before that is saved, until the window asks which text stays. Both texts.
fn change_under_typing(window: &Window<'_>, place: &Place, bar: &str) -> (String, String) {
    let file = place.session().join("home/exercises/notes.txt");
    for attempt in 1..20 {
        let before = window.open_document(NOTES).text;
        window.press(&[Key::Control, Key::End]);
        window.type_text("!");
        let theirs = format!("from elsewhere {attempt} after {}\n", before.len());
        fs::write(&file, &theirs).expect("a file");
        // What is typed is saved after a second. Where that second was too short, the file was saved first and is loaded.
        window.wait_for("the question which text stays, or the other text", || {
            window.shows(bar) || window.open_document(NOTES).text == theirs
        });
        if window.shows(bar) {
            return (format!("{before}!"), theirs);
        }
    }
    window.fail("what is typed is saved at once");
}

#[test]
fn an_action_over_unsaved_typing_is_one_step_of_undo() {
    let place = Place::new();
    let window = start(&place);

    window.press(&[Key::Control, Key::End]);
    window.type_text("typed by hand");
    window.wait_for_text(NOTES, "alpha\nbeta\ntyped by hand");
    let typed = window.open_document(NOTES);
    window.run("01-edit/1");

    window.wait_for_text(NOTES, "ALPHA\nbeta\ntyped by hand");
    let edited = window.open_document(NOTES);
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
    window.wait_for_text(NOTES, both);
    window.idle();
    assert_eq!(place.exercise("notes.txt"), both);
}

#[test]
fn a_change_on_disk_under_unsaved_typing_costs_neither_text() {
    let place = Place::new();
    let window = start(&place);
    let bar = ".conflict[role=alert]";
    let (mine, theirs) = change_under_typing(&window, &place, bar);
    assert_eq!(window.open_document(NOTES).text, mine);
    assert_eq!(place.exercise("notes.txt"), theirs);

    // Until that is answered, no action touches the file.
    window.click_card("01-edit/3");
    window.wait_for_status("01-edit/3", "failed");
    window.wait_for_card_to_say("01-edit/3", "has changed on disk");
    assert_eq!(window.open_document(NOTES).text, mine);
    assert_eq!(place.exercise("notes.txt"), theirs);

    window.press_button("Load from disk");
    window.wait_for_text(NOTES, &theirs);
    window.wait_for("the question to go", || !window.shows(bar));
    window.click("[data-document] .cm-content");
    window.press(&[Key::Control, Key::Char('z')]);
    // Undo brings the typed text back.
    window.wait_for_text(NOTES, &mine);
    window.wait_for("the typed text on the disk", || {
        place.exercise("notes.txt") == mine
    });

    let (mine, _) = change_under_typing(&window, &place, bar);
    window.press_button("Keep mine");
    window.wait_for("the typed text on the disk", || {
        place.exercise("notes.txt") == mine
    });
    window.wait_for("the question to go", || !window.shows(bar));
    window.run("01-edit/3");
    window.wait_for_text(NOTES, &format!("{mine}\nmade by an action\n"));
}
