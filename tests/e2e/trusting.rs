//! Before anything runs: what has changed since a workshop was trusted, and a workshop that is only read.

use std::fs;

use atelier_tests::window::{Key, Place, Window};
use camino::{Utf8Path, Utf8PathBuf};
use serde_json::json;

const SHEET: &str = "[data-sheet=trust]";

/// What answers whatever is open. Every other command is one of a session's.
const ANSWERED: &[&str] = &[
    "acknowledge_terminal",
    "allow_workshop",
    "cancel_start",
    "choose_archive",
    "choose_session",
    "choose_workshop",
    "close_session",
    "close_window",
    "copy_text",
    "detach_terminal",
    "enter_page",
    "export_session",
    "follow_link",
    "inspect_workshop",
    "isolate_workshop",
    "leave_page",
    "library",
    "open_url",
    "page",
    "read_workshop",
    "remove_stored_session",
    "remove_unused_archives",
    "resize_terminal",
    "resolve_workshop",
    "session_losses",
    "session_size",
    "session_view",
    "sessions",
    "set_session_aside",
    "start_request",
    "start_session",
    "subscribe",
    "trust_workshop",
    "write_terminal",
];

/// A workshop that leaves a trace of everything that runs.
fn workshop(place: &Place) -> Utf8PathBuf {
    let folder = place.path().join("workshops/lab");
    let trace = place.path().join("ran");
    // Within walls it cannot be left.
    let ran = format!("echo ran >> '{trace}' || true\n");
    let page = format!(
        "# First\n\n[The next](02-b)\n\n```terminal:execute\ncommand: {ran}autostart: true\n```\n\n\
         ```terminal:execute\ncommand: cat ~/exercises/greeting\n```\n"
    );
    write(
        &folder,
        "resources/workshop.yaml",
        "apiVersion: training.educates.dev/v1beta1\nkind: Workshop\nmetadata: {name: lab}\n\
         spec:\n  title: A lab\n  description: Something\n  session:\n    applications:\n      terminal: {enabled: true}\n",
    );
    write(&folder, "workshop/setup.d/01.sh", &ran);
    write(&folder, "workshop/profile", &ran);
    write(&folder, "workshop/content/01-a.md", &page);
    write(
        &folder,
        "workshop/content/02-b.md",
        "# Second\n\nThe end.\n",
    );
    write(&folder, "exercises/greeting", "good morning\n");
    folder
}

fn write(folder: &Utf8Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
    fs::write(path, text).expect("a file");
}

/// The sheet fits its window: nothing is to be scrolled sideways, and what decides is in sight.
#[track_caller]
fn check_sheet(window: &Window<'_>) {
    window.wait_for("the trust sheet", || window.shows(SHEET));
    let fits = "const all = [...document.querySelectorAll('[data-sheet=trust], [data-sheet=trust] .body')]; \
                const button = [...document.querySelectorAll('[data-sheet=trust] button.primary')].at(-1); \
                const box = button?.getBoundingClientRect(); \
                return box !== undefined && all.every((each) => each.scrollWidth <= each.clientWidth) && \
                       box.top >= 0 && box.bottom <= innerHeight && box.right <= innerWidth";
    window.wait_for("the sheet to fit its window", || window.truth(fits));
}

#[test]
fn the_sheet_of_a_changed_workshop_says_what_has_changed() {
    let place = Place::new();
    let folder = workshop(&place);
    let window = place.start(&[folder.as_str(), "--trust"]);
    window.wait_for_page("01-a");
    window.terminate();

    let long = "a long line ".repeat(30);
    let script = format!("echo something else\n# {long}\n");
    write(&folder, "workshop/setup.d/01.sh", &script);
    let page = folder.join("workshop/content/01-a.md");
    let text = fs::read_to_string(&page).expect("the page");
    let text = text.replace("cat ~/exercises/greeting", "rm ~/exercises/greeting");
    fs::write(&page, text).expect("the page");
    let window = place.start(&[folder.as_str()]);
    check_sheet(&window);
    window.wait_for_words("[data-section=changes]", "2 things are different");
    window.wait_for_words("[data-section=changes]", "workshop/setup.d/01.sh");
    let opened = "[data-section=changes] details[open]";
    window.check(!window.shows(opened), "differences are folded");
    window.click("[data-section=changes] summary");
    window.wait_for("the difference", || {
        window.text_of(opened).contains("+echo something else")
    });
    check_sheet(&window);
    // The second with the keys alone.
    let focus = "document.querySelectorAll('[data-section=changes] summary')[1].focus()";
    window.script(focus, &[]);
    window.press(&[Key::Enter]);
    window.wait_for("the action's difference", || {
        window
            .text_of("[data-section=changes] li:nth-child(2) details[open]")
            .contains("+command: rm ~/exercises/greeting")
    });

    window.click("[data-sheet=trust] input[value=folder]");
    window.press_button("Trust and start");
    window.wait_for_page("01-a");
    window.wait_for("the level", || {
        window.text_of("footer").contains("not isolated")
    });
    window.terminate();
    let window = place.start(&[folder.as_str()]);
    // Of the same content nothing is asked.
    window.wait_for_page("01-a");
    window.wait_for_words("footer", "not isolated");
}

#[test]
fn a_workshop_is_read_and_nothing_of_it_runs() {
    let place = Place::new();
    let folder = workshop(&place);
    let trace = place.path().join("ran");
    let data = place.path().join("data");
    let kept = || {
        let entries = data.read_dir_utf8().expect("the data folder");
        let mut names: Vec<_> = entries
            .map(|entry| entry.expect("an entry").file_name().to_owned())
            .collect();
        names.sort();
        names
    };
    let window = place.start(&[folder.as_str()]);
    check_sheet(&window);
    let before = kept();
    window.press_button("Read only");
    window.wait_for_page("01-a");
    window.wait_for("the strip that says so", || {
        window.shows("[data-strip=read-only]")
    });
    window.check(
        window.count("[data-region=terminals], [data-region=work]") == 0,
        "there are pages and nothing else",
    );
    window.click_card("01-a/1");
    window.wait_for("why it does not run", || {
        window
            .text_of("[data-action='01-a/1']")
            .contains("only reading")
    });
    assert_eq!(window.card("01-a/1").status, "ready");

    // What the window does not ask, its engine does not do either.
    let list = include_str!("../../src-tauri/build.rs");
    let commands = list.lines().filter_map(|line| {
        let name = line.trim().strip_prefix('"')?.strip_suffix("\",")?;
        (!ANSWERED.contains(&name) && !name.contains('/')).then_some(name)
    });
    let commands: Vec<_> = commands.collect();
    assert!(
        commands.len() > 25,
        "the commands of a session: {commands:?}"
    );
    for command in commands {
        let said = window.script(
            "const args = { id: '01-a/1', input: { buffer: null, drop: null, form: null }, message: 'x', page: '01-a', \
               request: {}, values: {}, view: {}, name: '1', columns: 80, rows: 24, output: '__CHANNEL__:987654', \
               text: '#000000', ground: '#ffffff', path: '~/x', paths: ['~/x'], expected: null, dashboard: 'x', \
               origin: 'http://localhost', version: 'v', unsaved: [], file: null, names: [], replace: false }; \
             return window.__TAURI_INTERNALS__.invoke(arguments[0], args) \
               .then(() => 'it was answered', (error) => error.code ?? String(error))",
            &[command.into()],
        );
        assert_eq!(
            said,
            json!("read-only"),
            "{command} is refused while a workshop is read, or named in ANSWERED"
        );
    }

    window.click(".page-body a");
    window.wait_for_page("02-b");
    window.press(&[Key::Control, Key::Alt, Key::Left]);
    window.wait_for_page("01-a");
    assert_eq!(kept(), before, "nothing was written");
    assert_eq!(place.sessions().len(), 0, "there is no session");
    assert!(
        place.programs().is_empty() && !trace.exists(),
        "nothing ran"
    );

    // From here it can be trusted, or not yet.
    window.click("[data-action='01-a/1'] .main");
    window.click("[data-why-not] button");
    check_sheet(&window);
    window.press_button("Not now");
    window.wait_for("the sheet to close", || !window.shows(SHEET));
    window.check(window.shows("[data-strip=read-only]"), "it is read on");
    window.press_button("Trust and start…");
    check_sheet(&window);
    window.click("[data-sheet=trust] input[value=folder]");
    window.press_button("Trust and start");
    window.wait_for("the session", || !window.shows("[data-strip=read-only]"));
    window.wait_for_page("01-a");
    window.run("01-a/1");
    window.wait_for("the command's output", || {
        window.terminal("1").contains("good morning")
    });
    assert!(trace.exists(), "now it runs");
}
