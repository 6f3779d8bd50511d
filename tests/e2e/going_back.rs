//! A learner puts back the start of a page, and then wants their own version again.

use atelier_tests::window::{Place, fixture};

const TYPED: &str = "typed by the learner\n";

#[test]
fn the_start_of_a_page_and_the_way_back() {
    let place = Place::new();
    let window = place.start(&[fixture("window-desk").as_str(), "--trust"]);
    window.wait_for_page("01-edit");
    window.run("01-edit/0");
    window.run("01-edit/1");
    window.idle();
    let file = place.session().join("home/exercises/notes.txt");
    let changed = std::fs::read_to_string(&file).expect("a file");
    let extra = place.session().join("home/exercises/extra.txt");
    std::fs::write(&extra, TYPED).expect("a file");

    window.click("[aria-label='More']");
    window.press_button("Restore the start of this page…");
    window.wait_for("the question", || {
        window.truth("return document.querySelector('[data-question=restore]') !== null")
    });
    let cancels = "return document.activeElement?.textContent.trim() === 'Cancel'";
    window.wait_for("the focus on the harmless answer", || window.truth(cancels));
    window.press_button("Restore");
    window.wait_for("the end of it", || {
        window.truth("return document.querySelector('[data-question=restored]') !== null")
    });
    assert!(!extra.exists(), "what was not there is gone");
    assert_ne!(std::fs::read_to_string(&file).expect("a file"), changed);
    window.wait_for("the file in the editor", || {
        window
            .document("~/exercises/notes.txt")
            .is_some_and(|notes| notes.text != changed)
    });
    window.wait_for_status("01-edit/0", "ready");
    window.wait_for_status("01-edit/1", "ready");

    window.press_button("Bring my version back");
    window.wait_for_status("01-edit/1", "done");
    window.wait_for("their own version", || {
        let is = |path, text: &str| std::fs::read_to_string(path).is_ok_and(|found| found == text);
        is(&file, &changed) && is(&extra, TYPED)
    });
    window.wait_for("the text in the editor", || {
        window
            .document("~/exercises/notes.txt")
            .is_some_and(|notes| notes.text == changed)
    });

    window.press_button("Done");
    window.click("[aria-label='More']");
    window.press_button("Start over…");
    window.wait_for("the question", || {
        window.truth("return document.querySelector('[data-question=start-over]') !== null")
    });
    window.press_button("Start over");
    window.wait_for("a second session", || place.sessions().len() == 2);
    window.wait_for_page("01-edit");
    window.wait_for_status("01-edit/1", "ready");
    assert_eq!(
        std::fs::read_to_string(&extra).expect("a file"),
        TYPED,
        "the earlier session keeps its files"
    );
}
