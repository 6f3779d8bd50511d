//! Files between the learner, the session and the editor.

use std::fs;

use atelier_tests::window::{Key, Place, fixture};

#[test]
fn files_are_copied_handed_in_and_renamed_over_unsaved_typing() {
    let place = Place::new();
    let window = place.start(&[fixture("window-files").as_str(), "--trust"]);
    window.wait_for_page("01-files");

    // A card shows the file as it is when it is used.
    let orders = place.session().join("home/exercises/orders.csv");
    let preview = "[data-action='01-files/0'] .body";
    let before = fs::read_to_string(&orders).expect("the exercise");
    window.wait_for("the exercise on the card", || {
        window.text_of(preview).trim() == before.trim()
    });
    fs::write(&orders, "region,orders\nnorth,121\n").expect("a change");
    window.run("01-files/0");
    window.wait_for("the new text on the card", || {
        window.text_of(preview).trim() == "region,orders\nnorth,121"
    });

    // What an upload takes, and where it goes, stands on its card.
    let goes = "Choose a file, or drop it here\nGoes to ~/uploads/reports/report.csv";
    window.wait_for("where the upload goes", || {
        window.text_of("[data-upload='01-files/2'] .zone").trim() == goes
    });
    assert!(
        place.session().join("home/uploads").is_dir(),
        "the folder of uploads is there from the start"
    );

    // The clipboard holds the file, byte for byte: it is pasted into the editor.
    window.run("01-files/4");
    window.wait_for("the caret in the editor", || {
        window.focused_region() == "work"
    });
    window.press(&[Key::Control, Key::End]);
    window.press(&[Key::Control, Key::Char('v')]);
    let typed = "alpha\nbeta\nregion,orders\nnorth,121\n";
    window.wait_for("the pasted text", || {
        window.open_document("~/exercises/notes.txt").text == typed
    });
    window.type_text("!");
    let typed = format!("{typed}!");
    window.wait_for_text("~/exercises/notes.txt", &typed);

    // Renaming carries the text, its history and the caret along.
    window.run("01-files/5");
    window.wait_for_text("~/exercises/kept/diary.txt", &typed);
    let moved = window.open_document("~/exercises/kept/diary.txt");
    window.idle();
    assert_eq!(place.exercise("kept/diary.txt"), moved.text);
    let old = place.session().join("home/exercises/notes.txt");
    assert!(!old.exists(), "the old name is gone");
    window.wait_for("the focus in the editor", || {
        window.focused_region() == "work"
    });
    window.press(&[Key::Control, Key::Char('z')]);
    window.wait_for("the step before", || {
        window.open_document("~/exercises/kept/diary.txt").text != moved.text
    });
    window.idle();

    // Commands of the editor move the window, or say why not.
    window.run("01-files/6");
    window.wait_for("every file to be closed", || {
        !window.shows("[data-document]")
    });
    window.click_card("01-files/7");
    window.wait_for_status("01-files/7", "failed");
    window.wait_for_card_to_say("01-files/7", "formatter");
}
