//! From an empty folder to a bundle in the window: what `atelier new` makes and `atelier pack` packs is played.

use std::process::{Command, Stdio};

use atelier_tests::atelier;
use atelier_tests::window::Place;

#[test]
fn a_packed_workshop_opens_and_plays() {
    let place = Place::new();
    let run = |args: &[&str]| {
        let status = Command::new(atelier())
            .args(args)
            .current_dir(place.path())
            .env("ATELIER_HOME", place.path().join("elsewhere"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status();
        assert!(status.is_ok_and(|status| status.success()), "{args:?}");
    };
    run(&["new", "lab-x", "--title", "My first lab"]);
    run(&["pack", "lab-x"]);
    // As a file manager may hand it over.
    let address = format!("file://{}/lab-x.workshop", place.path());
    let window = place.start(&[&address]);
    let trust = "[data-sheet=trust]";
    window.wait_for("the trust sheet", || window.shows(trust));
    window.wait_for_words(trust, "My first lab");
    assert_eq!(place.sessions().len(), 0, "nothing has started");
    window.press_button("Trust and start");
    window.wait_for_page("01-run-commands");
    window.run("01-run-commands/1");
    window.wait_for("the program of the bundle", || {
        window.terminal("1").contains("Hello, Ada!")
    });
    window.press_button("Continue");
    window.wait_for_page("02-edit-files");
    for action in 0..3 {
        window.run(&format!("02-edit-files/{action}"));
    }
    window.wait_for("the edited file", || {
        place.exercise("greet").contains("Good morning")
    });
}
