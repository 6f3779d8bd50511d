//! A workshop that is only read: its pages are there, and nothing runs or is written.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;

use atelier_session::protocol::{Effect, ErrorCode, SetupPhase};
use atelier_session::window::{Library, Opened};
use atelier_session::{SessionError, Store};
use atelier_tests::{WorkshopTest, processes_with};
use camino::{Utf8Path, Utf8PathBuf};

const SPEC: &str = "
    session:
      ingresses: [{name: app, port: 8437}]
      env: [{name: PROMPT_COMMAND, value: touch ran-prompt}]
      applications:
        terminal: {enabled: true, layout: split}
        editor: {enabled: true}
        slides: {enabled: true}
    ";

const PAGE: &str = "
    # {{< param workshop_title >}} of {{< param tool >}}

    ![A picture](picture.png)

    ```terminal:execute
    command: touch ran-autostart
    autostart: true
    cascade: true
    ```

    ```terminal:execute
    command: touch ran-hidden
    hidden: true
    ```

    ```section:begin
    name: more
    title: More
    ```

    ```editor:append-lines-to-file
    file: ~/exercises/a.txt
    text: one
    ```

    ```section:end
    name: more
    ```
    ";

const CONFIG: &str = "
    params: [{name: tool, value: hammers}]
    pathways:
      default: short
      paths:
        short: {title: Short, steps: [01-page]}
        long: {title: Long, steps: [01-page, 02-page]}
    ";

fn lab() -> WorkshopTest {
    WorkshopTest::page(PAGE)
        .and_page("02-page", "# Two")
        .spec(SPEC)
        .file("workshop/config.yaml", CONFIG)
        .file("workshop/setup.d/01.sh", "touch ran-setup")
        .file("workshop/profile", "touch ran-profile")
        .file("workshop/terminal/1.sh", "touch ran-terminal")
        .file(
            "workshop/supervisor/web.conf",
            "[program:web]\ncommand=touch ran-program\n",
        )
        .bytes("workshop/content/picture.png", b"\x89PNG")
        .file("exercises/a.txt", "a\n")
}

/// Every file, folder and link below, with what would tell that it was written to.
fn everything(folder: &Utf8Path) -> BTreeMap<Utf8PathBuf, (u64, i64, i64)> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = folder.read_dir_utf8() else {
            continue;
        };
        for entry in entries {
            let path = entry.expect("an entry").into_path();
            let about = fs::symlink_metadata(&path).expect("it is there");
            if about.is_dir() {
                folders.push(path.clone());
            }
            found.insert(path, (about.size(), about.mtime(), about.mtime_nsec()));
        }
    }
    found
}

fn read(test: &WorkshopTest, pathway: Option<&str>) -> Opened {
    let library = Library::new(Store::new(test.beside("atelier")), None);
    Opened::read(&library, test.root(), pathway).expect("it can be read")
}

#[test]
fn the_pages_are_read_and_nothing_is_started_or_written() {
    let test = lab();
    let around = test.root().parent().expect("a folder").to_owned();
    let before = everything(&around);
    // There is no runtime here that could start anything.
    let opened = read(&test, None);
    let view = opened.view();
    assert!(view.read_only);
    assert_eq!(view.setup.phase, SetupPhase::Ended);
    assert_eq!(view.pathways.len(), 2);
    assert_eq!(view.pages.len(), 1, "the short way");
    assert_eq!(view.current_page, "01-page");
    assert!(view.terminals.is_empty() && view.dashboards.is_empty() && !view.editor);
    assert_eq!(read(&test, Some("long")).view().pages.len(), 2);

    let page = opened.page("01-page").expect("a page");
    let heading = page.heading.as_deref().unwrap_or_default().to_owned() + &page.html;
    assert!(heading.contains("Short of hammers"), "{heading}");
    let seen: Vec<_> = page
        .actions
        .iter()
        .filter(|action| !action.hidden && !action.closes_section)
        .map(|action| (&*action.kind, action.note.is_some()))
        .collect();
    assert_eq!(
        seen,
        [
            ("terminal:execute", true),
            ("terminal:execute", true),
            ("section:begin", false),
            ("editor:append-lines-to-file", false),
        ],
        "the hidden one is seen too, and what runs by itself says so"
    );
    let state = opened.enter("01-page").expect("a page");
    assert_eq!(state.autostart, Vec::<String>::new());
    assert!(state.sections.iter().all(|section| section.open));
    opened.leave("01-page");
    let picture = opened.workshop_file("workshop/content/picture.png");
    assert_eq!(picture.expect("a picture"), b"\x89PNG");
    assert!(opened.workshop_file("../atelier/trust.json").is_err());

    assert_eq!(everything(&around), before, "nothing was written");
    let running = processes_with(around.as_str());
    assert_eq!(running, Vec::<String>::new(), "nothing was started");
}

#[test]
fn whatever_would_run_or_write_is_refused() {
    let test = lab();
    let opened = read(&test, None);
    // Every request that runs, writes or opens a terminal is one of the session's, and there is none.
    let refused = opened.session().err().expect("there is no session");
    assert!(matches!(refused, SessionError::ReadOnly));
    assert_eq!(refused.code(), ErrorCode::ReadOnly);
    for url in [
        "terminal:1",
        "/terminal/session/2",
        "/slides/",
        "http://localhost:8437/",
        "http://app-workshop.localhost/",
    ] {
        for refused in [
            opened.follow_link(url).err(),
            opened.browser_address(url).err(),
        ] {
            let refused = refused.unwrap_or_else(|| panic!("{url} leads somewhere"));
            let code = refused.code();
            // What the session itself would serve is not there at all.
            let expected = match url {
                "/slides/" => ErrorCode::Other,
                _ => ErrorCode::ReadOnly,
            };
            assert_eq!(code, expected, "{url}: {refused}");
        }
    }
    for url in ["javascript:alert(1)", "file:///etc/passwd", "nonsense"] {
        assert!(opened.follow_link(url).is_err(), "{url}");
    }
    let followed = opened.follow_link("https://example.org/a").expect("a link");
    assert!(matches!(&*followed, [Effect::OpenUrl { url }] if url == "https://example.org/a"));
}
