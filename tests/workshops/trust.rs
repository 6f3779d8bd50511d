//! What changes a workshop's fingerprint, and what is remembered of it.

use atelier_session::trust::{Trust, TrustStore, fingerprint};
use atelier_session::window::Library;
use atelier_session::{Allowances, Isolation, SessionError, Store};
use atelier_tests::{Engine, WorkshopTest, workshop_of};
use camino::Utf8Path;

fn lab() -> WorkshopTest {
    WorkshopTest::page(PAGE)
        .file("workshop/setup.d/01.sh", "true")
        .file("exercises/a.txt", "a")
}

const PAGE: &str = "---\ntitle: Page\n---\n\nSome prose.\n\n```terminal:execute\ncommand: ls\n```\n\nMore prose.\n";

/// Six commands, of which four run without a click of their own.
const CASCADES: &str = "
    ```terminal:execute
    command: page
    autostart: true
    cascade: true
    ```

    ```terminal:execute
    command: follows
    cascade: true
    ```

    ```terminal:execute
    command: follows too
    ```

    ```terminal:execute
    command: clicked
    cascade: true
    ```

    ```terminal:execute
    command: follows from the click
    ```

    ```terminal:execute
    command: hidden
    hidden: true
    ```
    ";

fn print_of(test: &WorkshopTest) -> String {
    let (workshop, variables) = workshop_of(test);
    fingerprint(&workshop, &variables).expect("a fingerprint")
}

#[test]
fn the_same_content_has_the_same_fingerprint_anywhere() {
    assert_eq!(print_of(&lab()), print_of(&lab()));
}

#[test]
fn prose_does_not_change_it() {
    let prose = PAGE
        .replace("Some prose", "Some other, longer prose")
        .replace("title: Page", "title: Another title")
        .replace("More prose.\n", "");
    assert_eq!(
        print_of(&lab()),
        print_of(&lab().and_page("01-page", &prose))
    );
}

#[test]
fn whatever_may_run_changes_it() {
    let definition = |name: &str| {
        lab().spec(&format!(
            "
                workshop:
                  files:
                  - includePaths: [/workshop/**, /exercises/**]
                session:
                  env:
                  - {{name: PROMPT_COMMAND, value: {name}}}
              "
        ))
    };
    let before = print_of(&lab());
    for (what, after) in [
        ("a script", lab().file("workshop/setup.d/01.sh", "false")),
        ("one more script", lab().file("workshop/setup.d/02.sh", "")),
        (
            "its permissions",
            lab().mode("workshop/setup.d/01.sh", 0o755),
        ),
        ("an exercise", lab().file("exercises/a.txt", "b")),
        ("a profile", lab().file("workshop/profile", "x")),
        ("a test", lab().examiner("t", "true")),
        (
            "an action",
            lab().and_page("01-page", &PAGE.replace("command: ls", "command: rm")),
        ),
        (
            "an action's option",
            lab().and_page(
                "01-page",
                &PAGE.replace("command: ls", "command: ls\nautostart: true"),
            ),
        ),
        (
            "one more action",
            lab().and_page("01-page", &format!("{PAGE}\n```execute\nls\n```\n")),
        ),
        (
            "one more page",
            lab().and_page("02-page", "```execute\nls\n```"),
        ),
    ] {
        assert_ne!(print_of(&after), before, "{what}");
    }
    assert_ne!(
        print_of(&definition("one")),
        print_of(&definition("two")),
        "the definition, though a session gets no copy of it"
    );
}

#[test]
fn where_a_link_leads_changes_it() {
    let linked = |target: &str| print_of(&lab().link("workshop/setup.d/02.sh", target));
    assert_ne!(linked("01.sh"), print_of(&lab()));
    assert_ne!(linked("01.sh"), linked("../../exercises/a.txt"));
    // What a session reads of the workshop through a link, and does not copy.
    let shared = |command: &str| {
        let spec = "
            workshop: {files: [{includePaths: [/workshop/**]}]}
            ";
        let test = lab().spec(spec);
        let page = format!("```execute\n{command}\n```\n");
        let test = test.file("shared/page.md", &page);
        print_of(&test.link("workshop/content/02-page.md", "../../shared/page.md"))
    };
    assert_ne!(shared("ls"), shared("rm"));
}

#[test]
fn what_a_page_fills_into_an_action_changes_it() {
    let classic = |before: &str| {
        lab()
            .file(
                "workshop/modules.yaml",
                "modules:\n  01-page: {name: Page}\n",
            )
            .file(
                "workshop/workshop.yaml",
                "name: Lab\nmodules:\n  activate: [01-page]\n",
            )
            .and_page(
                "01-page",
                &format!("{before}\n\n```execute\n{{{{ tool }}}} now\n```\n"),
            )
    };
    let before = print_of(&classic("{% assign tool = \"ls\" %}"));
    let other = print_of(&classic("{% assign tool = \"rm\" %}"));
    assert_ne!(before, other, "what is assigned outside of the action");
    let prose = print_of(&classic("Some prose.\n\n{% assign tool = \"ls\" %}"));
    assert_eq!(before, prose, "prose");
}

#[test]
fn trust_is_remembered_by_path_and_content() {
    let test = lab();
    let path = test.beside("atelier/trust.json");
    let root = test.root();
    let trust = |content: &str| {
        TrustStore::new(path.clone())
            .trust(root, content)
            .expect("readable")
    };
    assert_eq!(trust("a"), Trust::Unknown);
    TrustStore::new(path.clone())
        .give(root, "a", false)
        .expect("written");
    assert_eq!(trust("a"), Trust::Content);
    assert_eq!(trust("b"), Trust::Changed);
    TrustStore::new(path.clone())
        .give(root, "a", true)
        .expect("written");
    assert_eq!(trust("b"), Trust::Author, "whatever its content");
    let other = TrustStore::new(path.clone()).trust(&test.beside("other"), "a");
    assert_eq!(other.expect("readable"), Trust::Unknown);
    std::fs::write(&path, "{ not json").expect("written");
    assert_eq!(trust("a"), Trust::Unknown, "a damaged store trusts nothing");
}

#[test]
fn a_start_that_trusts_drops_nothing_of_what_was_decided() {
    let test = lab();
    let library = Library::new(Store::new(test.beside("atelier")), None);
    let docker = Allowances {
        docker: true,
        cluster: false,
    };
    let decided = || {
        let sheet = library.inspect(test.root(), None).expect("a sheet");
        let (store, root) = (library.store().trust(), Utf8Path::new(&sheet.path));
        let trust = store.trust(root, &sheet.content).expect("readable");
        let allowed = store.allowed(root, &sheet.content).expect("readable");
        let level = store.isolation(root, &sheet.content).expect("readable");
        (trust, allowed, level.map(|(level, _)| level))
    };
    let trust = |author| {
        let trusted = library.trust_at_least(test.root(), author);
        trusted.expect("it can be trusted");
    };
    trust(false);
    assert_eq!(decided(), (Trust::Content, Allowances::default(), None));
    library.allow(test.root(), docker).expect("it is kept");
    let folder = Isolation::Folder;
    library.isolate(test.root(), folder).expect("it is kept");
    trust(false);
    assert_eq!(decided(), (Trust::Content, docker, Some(folder)));
    trust(true);
    assert_eq!(decided(), (Trust::Author, docker, Some(folder)));
    let script = test.root().join("workshop/setup.d/01.sh");
    std::fs::write(script, "false").expect("a script");
    for author in [true, false] {
        trust(author);
        assert_eq!(decided(), (Trust::Author, docker, Some(folder)), "{author}");
    }
}

#[test]
fn what_changes_before_it_is_copied_is_not_taken_over() {
    let test = lab();
    let print = print_of(&test);
    let (judged, _) = workshop_of(&test);
    let test = test.file("workshop/setup.d/01.sh", "echo something else");
    let refused = Engine::open_workshop(judged, test.beside("session"), Some(print)).err();
    assert!(matches!(refused, Some(SessionError::NotTrusted)));
    let (workshop, print) = (workshop_of(&test).0, print_of(&test));
    let engine = Engine::open_workshop(workshop, test.beside("other"), Some(print));
    assert_eq!(engine.expect("a session").close(), 0);
}

#[test]
fn the_sheet_shows_everything_that_runs_by_itself() {
    let test = lab()
        .file("workshop/setup.d/02.sh", "replaced")
        .file("workshop/profile.d/sh.local", "last")
        .file("workshop/profile", "of each shell")
        .file("workshop/terminal/1.sh", "of terminal 1")
        .file("workshop/terminal.sh", "of each terminal")
        .file(
            "workshop/supervisor/web.conf",
            "[program:web]\ncommand=web\n",
        )
        .file(".bashrc", "of bash")
        .and_page("02-page", CASCADES)
        .spec(
            "
            workshop:
              files:
              - path: workshop
                inline:
                  paths:
                    setup.d/02.sh: inline
                    profile.d/env.sh: inline too
                    supervisor/inline.conf: |
                      [program:inline]
                      command=run me
            session:
              applications:
                docker: {enabled: true, compose: {services: {db: {image: postgres}}}}
          ",
        );
    let library = Library::new(Store::new(test.beside("atelier")), None);
    let sheet = library.inspect(test.root(), None).expect("a sheet");
    let setup = sheet.setup.iter();
    let shown: Vec<_> = setup
        .map(|script| (&*script.name, script.text.trim()))
        .collect();
    let (last, scripts) = shown.split_last().expect("something runs");
    assert_eq!(
        scripts,
        [
            ("01.sh", "true"),
            ("02.sh", "inline"),
            ("profile.d/env.sh", "inline too"),
            ("profile.d/sh.local", "last"),
            ("workshop/profile", "of each shell"),
            ("workshop/terminal.sh", "of each terminal"),
            ("workshop/terminal/1.sh", "of terminal 1"),
            ("~/.bashrc", "of bash"),
        ]
    );
    assert_eq!(last.0, "docker compose");
    assert!(last.1.contains("\"image\": \"postgres\""), "{}", last.1);
    assert_eq!(
        (sheet.commands, sheet.unasked),
        (7, 4),
        "what follows from a click was asked for"
    );
    let programs = sheet.programs.iter();
    let commands: Vec<_> = programs
        .map(|program| (&*program.name, &*program.command))
        .collect();
    assert_eq!(commands, [("inline", "run me"), ("web", "web")]);
}

#[test]
fn nothing_of_what_runs_by_itself_is_hidden_on_the_sheet() {
    // How much of a script is shown: here up to the middle of a character.
    let shown = 64 * 1024;
    let long = format!("{}ü{}", "x".repeat(shown - 1), "y".repeat(1024 * 1024));
    let test = lab()
        .bytes(
            "workshop/setup.d/02.sh",
            "true #\u{1b}[2K\u{202e}\r\n".as_bytes(),
        )
        .file("workshop/setup.d/03\u{202e}.sh", "true")
        .bytes("workshop/setup.d/04.sh", long.as_bytes())
        .file(
            "workshop/supervisor/web.conf",
            "[program:web]\ncommand=web \u{202e}now\n",
        );
    let library = Library::new(Store::new(test.beside("atelier")), None);
    let sheet = library.inspect(test.root(), None).expect("a sheet");
    let names: Vec<_> = sheet.setup.iter().map(|script| &*script.name).collect();
    assert_eq!(names, ["01.sh", "02.sh", "03\\u{202e}.sh", "04.sh"]);
    assert_eq!(
        sheet.setup[1].text, "true #\\u{1b}[2K\\u{202e}\\u{d}\n",
        "spelled out"
    );
    let text = &sheet.setup[3].text;
    let hidden = long.len() - (shown - 1);
    let last = format!("x\n… {hidden} more bytes are not shown");
    assert!(text.ends_with(&last), "{:?}", text.lines().last());
    assert_eq!(sheet.programs[0].command, "web \\u{202e}now");
}
