//! What the trust sheet says of a workshop that has changed since it was trusted.

use std::fs;

use atelier_session::isolation::support;
use atelier_session::protocol::{ChangedPart, ErrorCode, InspectionView, PartChange};
use atelier_session::window::Library;
use atelier_session::{Isolation, Store};
use atelier_tests::{WindowSession, WorkshopTest};
use camino::Utf8Path;

const PAGE: &str = "
    # Page

    Prose.

    ```terminal:execute
    command: ls
    ```

    ```editor:append-lines-to-file
    file: ~/exercises/a.txt
    text: one
    ```
    ";

fn lab() -> WorkshopTest {
    WorkshopTest::page(PAGE)
        .file("workshop/setup.d/01.sh", "echo one\necho two\n")
        .file("workshop/terminal.sh", "true\n")
        .file("exercises/a.txt", "a\n")
        .bytes("exercises/picture.png", b"\x89PNG\0\x01")
}

fn library(test: &WorkshopTest) -> Library {
    Library::new(Store::new(test.beside("atelier")), None)
}

fn sheet(test: &WorkshopTest) -> InspectionView {
    library(test).inspect(test.root(), None).expect("a sheet")
}

fn trusted() -> WorkshopTest {
    let test = lab();
    let shown = sheet(&test);
    assert!(
        !shown.trusted && shown.changes.is_none(),
        "it is not known yet"
    );
    let library = library(&test);
    let trusted = library.trust_shown(test.root(), &shown.content);
    trusted.expect("it can be trusted");
    test
}

fn changes(test: &WorkshopTest) -> Vec<ChangedPart> {
    let sheet = sheet(test);
    assert!(!sheet.trusted, "other content was trusted");
    let changes = sheet.changes.expect("it has changed");
    assert!(changes.trusted_at.is_some_and(|at| at > 0));
    changes.parts.expect("what it was like is known")
}

fn named(parts: &[ChangedPart]) -> Vec<(PartChange, &str, Option<&str>)> {
    parts
        .iter()
        .map(|part| (part.change, &*part.place, part.action.as_deref()))
        .collect()
}

#[test]
fn what_has_changed_is_told_and_what_runs_by_itself_comes_first() {
    use PartChange::{Added, Changed, Removed};
    let page = PAGE.replace("command: ls", "command: ls -l").replace(
        "Prose.",
        "Prose.\n\n    ```terminal:execute\n    command: id\n    autostart: true\n    ```\n",
    );
    let test = trusted()
        .and_page("01-page", &page)
        .file("workshop/setup.d/01.sh", "echo one\necho three\n")
        .file("workshop/profile", "export A=b\n")
        .file("workshop/examiner/tests/t", "#!/bin/sh\n")
        .bytes("exercises/picture.png", b"\x89PNG\0\x02")
        .mode("exercises/a.txt", 0o600);
    fs::remove_file(test.root().join("workshop/terminal.sh")).expect("it is there");
    let parts = changes(&test);
    let terminal = |command| Some(format!("Execute command in terminal \"1\": {command}"));
    let found = named(&parts);
    assert_eq!(found.len(), 8, "{found:#?}");
    assert_eq!(
        found[..3],
        [
            (Added, "workshop/profile", None),
            (Changed, "workshop/setup.d/01.sh", None),
            (Removed, "workshop/terminal.sh", None),
        ]
    );
    let pages: Vec<_> = found[3..5].iter().map(|(_, place, _)| *place).collect();
    assert_eq!(pages, ["workshop/content/01-page.md"; 2]);
    assert_eq!(parts[3].action, terminal("id"));
    assert_eq!(parts[4].action, terminal("ls -l"));
    assert!(
        parts[3].by_itself,
        "the one with autostart is first: {parts:#?}"
    );
    assert_eq!(
        found[5..],
        [
            (Added, "workshop/examiner/tests/t", None),
            (Changed, "exercises/a.txt", None),
            (Changed, "exercises/picture.png", None),
        ]
    );
    let by_itself: Vec<_> = parts.iter().map(|part| part.by_itself).collect();
    assert_eq!(
        by_itself,
        [true, true, true, true, false, false, false, false]
    );
    assert_eq!(parts[1].role.as_deref(), Some("runs at the start"));
    assert_eq!(
        parts[1].diff.as_deref(),
        Some("@@ -1,2 +1,2 @@\n echo one\n-echo two\n+echo three\n")
    );
    assert_eq!(
        parts[2].diff.as_deref(),
        Some("@@ -1 +0,0 @@\n-true\n"),
        "what was removed"
    );
    let lines: String = parts[3..5]
        .iter()
        .filter_map(|part| part.diff.as_deref())
        .collect();
    assert!(
        lines.contains("+command: id\n") && lines.contains("+command: ls -l\n"),
        "{lines}"
    );
    let note = |at: usize| parts[at].note.clone().unwrap_or_default();
    assert!(note(6).ends_with("to 600."), "{}", note(6));
    assert!(note(7).contains("cannot be shown"), "{}", note(7));
}

#[test]
fn a_change_that_no_source_shows_is_told_by_what_it_does() {
    let test = |tool: &str| {
        lab()
            .file(
                "workshop/modules.yaml",
                "modules:\n  02-page: {name: Page}\n",
            )
            .file(
                "workshop/workshop.yaml",
                "name: Lab\nmodules:\n  activate: [02-page]\n",
            )
            .and_page(
                "02-page",
                &format!(
                    "{{% assign tool = \"{tool}\" %}}\n\n```execute\n{{{{ tool }}}} now\n```\n"
                ),
            )
    };
    let before = test("ls");
    library(&before).trust(before.root(), false).expect("trust");
    let after = before.and_page(
        "02-page",
        "{% assign tool = \"rm\" %}\n\n```execute\n{{ tool }} now\n```\n",
    );
    let parts = changes(&after);
    let [part] = &*parts else {
        panic!("one action: {parts:#?}");
    };
    let diff = part.diff.as_deref().unwrap_or_default();
    assert!(
        diff.contains("-    \"ls now\"") && diff.contains("+    \"rm now\""),
        "{diff}"
    );
}

#[test]
fn a_store_of_earlier_versions_tells_only_that_it_has_changed() {
    let test = trusted();
    fs::remove_dir_all(test.beside("atelier/trusted")).expect("it was kept");
    let test = test.file("workshop/setup.d/01.sh", "false");
    let changes = sheet(&test).changes.expect("it has changed");
    assert!(changes.parts.is_none() && changes.trusted_at.is_none());
}

#[test]
fn what_was_trusted_before_is_kept_at_the_next_start() {
    let test = trusted();
    fs::remove_dir_all(test.beside("atelier/trusted")).expect("it was kept");
    assert!(sheet(&test).trusted);
    assert!(
        !test.beside("atelier/trusted").exists(),
        "looking at the sheet writes nothing"
    );
    WindowSession::open(&test).close();
    let parts = changes(&test.file("workshop/setup.d/01.sh", "false"));
    assert_eq!(
        named(&parts),
        [(PartChange::Changed, "workshop/setup.d/01.sh", None)]
    );
}

#[test]
fn long_texts_are_not_kept() {
    let long = "echo one line of many\n".repeat(40_000);
    let test = trusted().file("exercises/long.txt", &long);
    library(&test).trust(test.root(), false).expect("trust");
    let kept = fs::read_dir(test.beside("atelier/trusted")).expect("a folder");
    let sizes: Vec<u64> = kept
        .map(|entry| entry.expect("a record").metadata().expect("its size").len())
        .collect();
    assert!(
        matches!(*sizes, [size] if size < 64 * 1024),
        "one small record: {sizes:?}"
    );
    let parts = changes(&test.file("exercises/long.txt", &format!("{long}more")));
    let [part] = &*parts else {
        panic!("one file: {parts:#?}");
    };
    assert!(part.diff.is_none() && part.note.is_some());
}

#[test]
fn an_author_is_never_asked() {
    let test = trusted();
    library(&test).trust(test.root(), true).expect("trust");
    let sheet = sheet(&test.file("workshop/setup.d/01.sh", "false"));
    assert!(sheet.trusted && sheet.changes.is_none());
}

#[test]
fn only_what_the_sheet_has_shown_is_trusted() {
    let test = lab();
    let shown = sheet(&test).content;
    let test = test.file("workshop/setup.d/01.sh", "false");
    let refused = library(&test).trust_shown(test.root(), &shown);
    let refused = refused.expect_err("it has changed under the sheet");
    assert_eq!(refused.code(), ErrorCode::NotTrusted);
    assert!(!sheet(&test).trusted);
}

#[test]
fn the_level_is_remembered_for_this_content() {
    let test = trusted();
    let library = library(&test);
    let default = Isolation::by_default();
    let level = |test: &WorkshopTest| sheet(test).isolation.level;
    assert_eq!(sheet(&test).isolation.possible, support().is_possible());
    assert_eq!(level(&test), default);
    let isolate = |level| library.isolate(test.root(), level).expect("it is kept");
    isolate(Isolation::Folder);
    assert_eq!(level(&test), Isolation::Folder);
    let trust = || library.trust(test.root(), false).expect("trust");
    trust();
    assert_eq!(level(&test), Isolation::Folder, "of the same content");

    // Other content is not what it was chosen for; a session that goes on keeps it.
    fs::write(test.root().join("workshop/setup.d/01.sh"), "true").expect("a script");
    assert_eq!(level(&test), default);
    trust();
    assert_eq!(level(&test), default);
    isolate(Isolation::Folder);
    WindowSession::open(&test).close();
    fs::write(test.root().join("workshop/setup.d/01.sh"), "true; true").expect("a script");
    assert_eq!(level(&test), Isolation::Folder);
    trust();
    let session = WindowSession::open(&test);
    assert_eq!(session.session.view().isolation, Isolation::Folder);
    session.close();
}

#[test]
fn the_level_that_nobody_chose_is_remembered_by_a_start() {
    let test = trusted();
    let kept = || {
        let InspectionView { path, content, .. } = sheet(&test);
        let store = library(&test).store().trust();
        store
            .isolation(Utf8Path::new(&path), &content)
            .expect("it can be read")
    };
    assert_eq!(kept(), None);
    WindowSession::open(&test).close();
    let isolated = support().is_possible();
    assert_eq!(kept(), isolated.then_some((Isolation::Isolated, true)));
}
