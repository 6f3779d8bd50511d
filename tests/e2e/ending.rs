//! When the window closes, nothing of the session goes on.

use atelier_tests::wait_for;
use atelier_tests::window::{Place, Window, fixture};

use crate::programs::Daemon;

fn start_daemon(place: &Place) -> (Window<'_>, Daemon) {
    let window = place.start(&[fixture("window-desk").as_str(), "--trust"]);
    window.wait_for_page("01-edit");
    window.press_button("Continue");
    window.wait_for_page("02-programs");
    let daemon = Daemon::start(place, &window);
    assert!(daemon.is_alive());
    (window, daemon)
}

#[track_caller]
fn assert_ended(place: &Place, daemon: &Daemon) {
    wait_for("the end of the daemon", || {
        !daemon.is_alive() && !daemon.listens()
    });
    assert_eq!(place.programs(), []);
}

#[test]
fn a_signal_ends_every_program_of_the_session() {
    let place = Place::new();
    let (window, daemon) = start_daemon(&place);
    window.terminate();
    assert_ended(&place, &daemon);
}

#[test]
fn the_close_button_ends_every_program_of_the_session() {
    let place = Place::new();
    let (window, daemon) = start_daemon(&place);
    window.close_with_the_mouse();
    assert_ended(&place, &daemon);

    // It was left in good order: the next start shows the library, and the workshop there.
    let window = place.start(&[]);
    window.wait_for("the workshop among the learner's own", || {
        window.text_of(".library").contains("A desk to work at")
    });
    assert_eq!(window.page(), "");
}
