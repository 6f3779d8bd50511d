//! Takes the documentation's pictures: the tour, at work, in light and dark. `screenshots FOLDER WIDTH HEIGHT`, on a screen of
//! that size (`cargo xtask screenshots` gives it one).

use std::path::Path;
use std::process::{Command, ExitCode};

use atelier_tests::window::{Place, Window, bundled};

/// Pages of the tour whose actions are all run before the picture is taken.
const DONE: [&str; 4] = ["01-slow-morning", "02-count", "03-script", "04-errors"];
/// The page in the picture, and its first two actions.
const SHOWN: &str = "05-crawlers";
const FAILS: &str = "05-crawlers/0";
const CHANGES: &str = "05-crawlers/1";

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [folder, width, height] = &arguments[..] else {
        return ExitCode::from(2);
    };
    let place = Place::new();
    let size = format!(r#"{{"width":{width},"height":{height},"maximised":false}}"#);
    std::fs::write(place.path().join("data/window.json"), size).expect("the window's size");
    let window = place.start(&[bundled("tour").as_str(), "--trust"]);
    for page in DONE {
        window.wait_for_page(page);
        for card in window.cards() {
            window.run(&card.id);
        }
        window.press_button("Continue");
    }
    window.wait_for_page(SHOWN);
    // The check is asked before the step on purpose: its card says why it fails.
    window.click_card(FAILS);
    window.wait_for_status(FAILS, "failed");
    window.run(CHANGES);
    let fading = "return document.getAnimations().some((a) => a.animationName === 'cm-changed' && a.playState === 'running')";
    window.wait_for("the highlight of the change to fade", || {
        !window.truth(fading)
    });
    for theme in ["dark", "light"] {
        choose(&window, theme);
        let file = Path::new(folder).join(format!("tour-{theme}-{width}x{height}.png"));
        let taken = Command::new("import")
            .args(["-window", "root"])
            .arg(&file)
            .status();
        assert!(
            taken.is_ok_and(|status| status.success()),
            "import takes {}",
            file.display()
        );
    }
    ExitCode::SUCCESS
}

fn choose(window: &Window<'_>, theme: &str) {
    let now = || window.script("return document.documentElement.dataset.theme", &[]);
    if now() != theme {
        window.click(if theme == "dark" {
            "[aria-label='Dark theme']"
        } else {
            "[aria-label='Light theme']"
        });
    }
    window.wait_for("the theme", || now() == theme);
    // Cards and buttons have tooltips.
    window.move_pointer_away();
    let scroll = "document.querySelector(`[data-action='${arguments[0]}']`).scrollIntoView({ block: 'center' })";
    window.script(scroll, &[FAILS.into()]);
    window.idle();
    // A theme fades in; what is drawn is what was asked for once two frames have passed.
    let settled = "return new Promise((done) => setTimeout(() => requestAnimationFrame(() => done(true)), 400))";
    window.script(settled, &[]);
}
