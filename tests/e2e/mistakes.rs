//! Authors make mistakes, and change their minds.

use std::fs;

use atelier_tests::window::{Place, fixture};

#[test]
fn a_broken_block_says_where_it_is_and_spares_the_rest() {
    let place = Place::new();
    let window = place.start(&[fixture("window-broken").as_str(), "--trust"]);
    window.wait_for_page("01-broken");

    window.wait_for_status("01-broken/1", "failed");
    let broken = window.card("01-broken/1");
    let page = fs::read_to_string(fixture("window-broken").join("workshop/content/01-broken.md"));
    let page = page.expect("the fixture's page");
    let line = page
        .lines()
        .position(|line| line == "command: [")
        .expect("the mistake")
        + 1;
    window.check(
        broken
            .text
            .contains(&format!("workshop/content/01-broken.md:{line}:")),
        "the card names the file and the line of the mistake",
    );
    window.check(
        broken.text.contains("command: ["),
        "the card shows what the author wrote",
    );

    window.run("01-broken/0");
    window.run("01-broken/2");
    window.wait_for_output("1", "before 41");
    window.wait_for_output("1", "after 42");
    window.press_button("Continue");
    window.wait_for_page("02-good");
}

#[test]
fn a_changed_setup_script_is_asked_about_again() {
    let place = Place::new();
    let workshop = place.copy_of(&fixture("window-broken"));
    let script = workshop.join("workshop/setup.d/01-count.sh");
    let text = fs::read_to_string(&script).expect("the fixture's script");
    let change = |more: &str| fs::write(&script, format!("{text}{more}\n")).expect("a file");
    change("until [ -e \"$HOME/go-on\" ]; do sleep 0.02; done");
    let window = place.start(&[workshop.as_str()]);
    let sheet = "[data-sheet=trust]";
    window.wait_for("the trust sheet", || window.shows(sheet));
    assert_eq!(place.sessions().len(), 0, "nothing has started");

    // While the script runs, the learner sees which one.
    window.press_button("Trust and start");
    window.wait_for("the running step", || {
        window
            .text_of("[data-setup=running]")
            .contains("01-count.sh")
    });
    fs::write(place.session().join("home/go-on"), "").expect("a file");
    window.wait_for_page("01-broken");
    window.wait_for("the end of the set-up", || {
        window.text_of(".status").contains("session ready")
    });
    window.terminate();
    let runs = place.session().join("home/setup-runs.txt");
    let count = || {
        fs::read_to_string(&runs)
            .unwrap_or_default()
            .lines()
            .count()
    };
    assert_eq!(count(), 1);

    // What is trusted still starts without a question.
    let window = place.start(&[workshop.as_str()]);
    window.wait_for_page("01-broken");
    window.terminate();

    let before = count();
    change("echo 'and more'");
    let window = place.start(&[workshop.as_str()]);
    window.wait_for("the trust sheet", || window.shows(sheet));
    window.wait_for_words(sheet, "Changed since you trusted it");
    assert_eq!(place.programs(), [], "nothing runs before that is answered");
    assert_eq!(count(), before, "the script has not run");
    window.press_button("Not now");
    window.wait_for("the library", || {
        !window.shows(sheet) && window.shows(".library")
    });
    assert_eq!(place.programs(), []);

    window.click(".library [title$='window-broken']");
    window.wait_for("the trust sheet", || window.shows(sheet));
    window.press_button("Trust and start");
    window.wait_for_page("01-broken");
}
