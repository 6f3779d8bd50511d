//! Tables of file management, files actions and editor commands.

use super::tests::{block, meaning, problems};
use super::*;

fn face(name: &str, body: &str) -> (String, Option<String>) {
    let face = block(name, body).face;
    (face.title, face.body)
}

fn some(title: &str, body: &str) -> (String, Option<String>) {
    (title.to_owned(), Some(body.to_owned()))
}

#[test]
fn reads_file_management() {
    let copy = |open| {
        Action::Editor(EditorAction::CopyFile {
            src: "~/a".into(),
            dest: "b".into(),
            open,
        })
    };
    let body = "src: ~/a\ndest: b";
    assert_eq!(meaning("editor:copy-file", body), copy(true));
    for (open, expected) in [("false", false), ("0", true), ("true", true)] {
        let body = format!("{body}\nopen: {open}");
        assert_eq!(meaning("editor:copy-file", &body), copy(expected), "{open}");
    }
    assert_eq!(
        problems("editor:copy-file", &format!("{body}\nopen: 'false'")),
        ["4:1 invalid-property `open` is `false`, which counts as true"]
    );
    assert_eq!(
        meaning("editor:rename-file", body),
        Action::Editor(EditorAction::RenameFile {
            src: "~/a".into(),
            dest: "b".into(),
            open: true
        })
    );
    assert_eq!(
        face("editor:copy-file", body),
        some("Copy file \"~/a\" to \"b\"", "~/a → b")
    );
    assert_eq!(
        face("editor:rename-file", body),
        some("Rename file \"~/a\" to \"b\"", "~/a → b")
    );
    assert_eq!(
        face("editor:close-file", "file: a"),
        some("Close file \"a\"", "a")
    );
    assert_eq!(
        face("editor:delete-file", "file: a"),
        some("Delete file \"a\"", "a")
    );
    for (name, body, missing) in [
        ("editor:copy-file", "src: a", "dest"),
        ("editor:rename-file", "dest: a", "src"),
        ("editor:close-file", "", "file"),
        ("editor:delete-file", "", "file"),
    ] {
        assert_eq!(
            problems(name, body),
            [format!(
                "1:1 missing-property `{name}` cannot be read: `{missing}` is missing"
            )]
        );
    }
}

fn download(body: &str) -> (FileSource, String, bool) {
    match meaning("files:download-file", body) {
        Action::Files(FilesAction::Download {
            source,
            name,
            preview,
        }) => (source, name, preview),
        other => panic!("{other:?}"),
    }
}

#[test]
fn reads_downloads() {
    let path = |path: &str| FileSource::Path(path.to_owned());
    let url = |url: &str| FileSource::Url(url.to_owned());
    for (body, source, name, preview) in [
        ("path: a/b.txt", path("a/b.txt"), "b.txt", false),
        ("path: /a/./b/../.env", path("a/.env"), ".env", false),
        (
            "path: a\ndownload: x/../../etc/pass wd",
            path("a"),
            "pass wd",
            false,
        ),
        (
            "path: a\ndownload: 'C:\\x\\y.txt'",
            path("a"),
            "y.txt",
            false,
        ),
        ("path: a\ndownload: ..", path("a"), "a", false),
        ("path: a\npreview: true", path("a"), "a", true),
        (
            "path: a\npreview: true\ndescription: ''",
            path("a"),
            "a",
            false,
        ),
        ("path: a\nurl: http://h/x", url("http://h/x"), "x", false),
        (
            "url: http://h:80/x/a%20b.tgz?q=/z#f",
            url("http://h:80/x/a%20b.tgz?q=/z#f"),
            "a b.tgz",
            false,
        ),
        (
            "url: http://example.org:8080/",
            url("http://example.org:8080/"),
            "example.org",
            false,
        ),
        (
            "url: http://h/x%2f%2e%2e",
            url("http://h/x%2f%2e%2e"),
            "h",
            false,
        ),
        ("url: '://'", url("://"), "download.txt", false),
    ] {
        assert_eq!(download(body), (source, name.to_owned(), preview), "{body}");
    }
}

#[test]
fn calls_downloads_as_the_reference_does() {
    for (body, shown) in [
        ("path: a/b", "a/b"),
        ("path: a\nurl: http://h/x", "http://h/x"),
        ("path: a\nurl: http://h/x\ndownload: n", "n"),
    ] {
        let download = format!("Download file \"{shown}\"");
        assert_eq!(face("files:download-file", body), (download, None));
        let copy = format!("Copy file \"{shown}\" to paste buffer");
        assert_eq!(face("files:copy-file", body), (copy, None));
    }
    assert_eq!(
        face("files:copy-file", "path: a\ndescription: own"),
        some("Copy file \"a\" to paste buffer", "own")
    );
}

fn upload(name: &str, body: &str) -> (Upload, Vec<Sample>) {
    match meaning(name, body) {
        Action::Files(FilesAction::Upload { upload, samples }) => (upload, samples),
        other => panic!("{other:?}"),
    }
}

#[test]
fn reads_uploads() {
    let file = |path: &str| Upload::File { path: path.into() };
    let files = |directory: &str| Upload::Files {
        directory: directory.into(),
    };
    assert_eq!(
        upload("files:upload-file", "path: a//b.txt").0,
        file("a/b.txt")
    );
    assert_eq!(upload("files:upload-files", "").0, files(""));
    assert_eq!(
        upload("files:upload-files", "directory: a/./b/").0,
        files("a/b")
    );
    let titles = [
        ("files:upload-file", "path: a", "Upload file as \"a\""),
        (
            "files:upload-file",
            "path: a\nupload: shown",
            "Upload file as \"shown\"",
        ),
        ("files:upload-files", "", "Upload files"),
        (
            "files:upload-files",
            "directory: d",
            "Upload files to \"d\"",
        ),
    ];
    for (name, body, title) in titles {
        assert_eq!(face(name, body), (title.to_owned(), None));
    }
    let (_, samples) = upload(
        "files:upload-files",
        "test:\n  inputs:\n    a.txt: hi\n    n: 5\n    b.png: {file: ~/x.png}",
    );
    let sample = |name: &str, content| Sample {
        name: name.into(),
        content,
    };
    assert_eq!(
        samples,
        [
            sample("a.txt", SampleContent::Text("hi".into())),
            sample("n", SampleContent::Text("5".into())),
            sample("b.png", SampleContent::File("~/x.png".into())),
        ]
    );
}

/// The first diagnostic of a body, without the name of its action.
fn problem(name: &str, body: &str) -> String {
    let problems = problems(name, body);
    let first = problems.first().map(String::as_str).unwrap_or_default();
    first.replace(&format!("`{name}` cannot be read: "), "")
}

#[test]
fn refuses_what_leaves_its_folder() {
    for (name, body, expected) in [
        (
            "files:download-file",
            "",
            "1:1 missing-property `path` is missing",
        ),
        (
            "files:download-file",
            "download: x",
            "1:1 missing-property `path` is missing",
        ),
        (
            "files:download-file",
            "path: /",
            "2:1 invalid-property `path` must name a file",
        ),
        (
            "files:download-file",
            "path: a/../../b",
            "2:1 invalid-property `path` leads out of the folder of files",
        ),
        (
            "files:copy-file",
            "path: ~/a",
            "2:1 invalid-property `path` is relative to the folder of files; leave out `~/`",
        ),
        (
            "files:upload-file",
            "",
            "1:1 missing-property `path` is missing",
        ),
        (
            "files:upload-file",
            "path: ''",
            "2:1 invalid-property `path` must not be empty",
        ),
        (
            "files:upload-file",
            "path: [a]",
            "2:1 invalid-property `path` must be text, not a list or a mapping",
        ),
        (
            "files:upload-file",
            "path: a/",
            "2:1 invalid-property `path` must end in the name of a file",
        ),
        (
            "files:upload-file",
            "path: ../a",
            "2:1 invalid-property `path` leads out of the folder of uploads",
        ),
        (
            "files:upload-file",
            "path: /etc/x",
            "2:1 invalid-property `path` is relative to the folder of uploads; leave out `/`",
        ),
        (
            "files:upload-files",
            "directory: a/../..",
            "2:1 invalid-property `directory` leads out of the folder of uploads",
        ),
        (
            "files:upload-file",
            "path: a\ntest: {inputs: {a: x, b: y}}",
            "3:1 invalid-property `test` has more than one file in `inputs`; this action takes one",
        ),
    ] {
        assert_eq!(problem(name, body), expected, "{body}");
    }
    for inputs in ["x", "{../a: x}", "{a: [x]}", "{a: {fil: x}}"] {
        let found = problem("files:upload-files", &format!("test: {{inputs: {inputs}}}"));
        assert!(
            found.contains("`inputs` that are not files"),
            "{inputs}: {found}"
        );
    }
}

fn command(body: &str) -> EditorCommand {
    match meaning("editor:execute-command", body) {
        Action::Editor(EditorAction::Command(command)) => command,
        other => panic!("{other:?}"),
    }
}

#[test]
fn reads_editor_commands() {
    use EditorCommand::{Format, Open, Window};
    use WindowCommand as W;
    let open = |file: &str, line| Open {
        file: file.into(),
        line,
    };
    for (body, expected) in [
        ("command: workbench.action.files.save", Window(W::Save)),
        (
            "command: workbench.action.terminal.toggleTerminal",
            Window(W::Panel(PanelCommand::Toggle)),
        ),
        (
            "command: workbench.action.openSettings\nargs: [editor.fontSize]",
            Window(W::OpenPreferences),
        ),
        (
            "command: workbench.action.gotoLine",
            Window(W::GoToLine { line: None }),
        ),
        (
            "command: workbench.action.gotoLine\nargs: [12]",
            Window(W::GoToLine { line: Some(12) }),
        ),
        (
            "command: revealLine\nargs: [{lineNumber: 11, at: top}]",
            Window(W::RevealLine {
                line: 12,
                at: Reveal::Top,
            }),
        ),
        ("command: editor.action.formatDocument", Format),
        (
            "command: vscode.open\nargs: [~/a b.txt]",
            open("~/a b.txt", None),
        ),
        (
            "command: vscode.open\nargs: ['file:///home/eduk8s/a%20b.txt#L7,2']",
            open("/home/eduk8s/a b.txt", Some(7)),
        ),
        ("command: vscode.open\nargs: [{path: /x}]", open("/x", None)),
    ] {
        assert_eq!(command(body), expected, "{body}");
    }
    assert_eq!(
        face("editor:execute-command", "command: undo\nargs: [1, {a: b}]"),
        some("Execute command \"undo\"", "- 1\n- a: b")
    );
    assert_eq!(
        face("editor:execute-command", "command: undo"),
        ("Execute command \"undo\"".to_owned(), None)
    );
}

#[test]
fn tells_what_is_wrong_with_a_command() {
    for (body, expected) in [
        ("args: []", "1:1 missing-property `command` is missing"),
        (
            "command: revealLine",
            "1:1 invalid-property `args` must hold one mapping such as `lineNumber: 11`, counted from 0",
        ),
        (
            "command: workbench.action.gotoLine\nargs: [-1]",
            "3:1 invalid-property `args` must hold a line number",
        ),
        (
            "command: vscode.open\nargs: ['https://example.org']",
            "3:1 invalid-property `args` must hold a file; open web pages with `dashboard:open-url`",
        ),
        (
            "command: undo\nargs: once",
            "3:1 ignored-property `args` must be a list, and is left out",
        ),
        (
            "command: my.own.thing",
            "2:1 unknown-command Atelier knows no editor command `my.own.thing`",
        ),
    ] {
        assert_eq!(problem("editor:execute-command", body), expected, "{body}");
    }
}

#[test]
fn hints_at_the_command_that_was_meant() {
    use super::editor_command::near;
    assert_eq!(
        near("workbench.action.save"),
        ["workbench.action.files.save"]
    );
    assert_eq!(near("editor.action.undo"), ["undo"]);
    assert_eq!(near("editor.foldall")[0], "editor.foldAll");
    assert_eq!(near("my.own.thing"), [""; 0]);
}

#[test]
fn every_command_is_known_once() {
    let mut ids: Vec<_> = super::editor_command::ids().collect();
    for id in &ids {
        let found = problems("editor:execute-command", &format!("command: {id}"));
        let unknown = found.iter().any(|found| found.contains("unknown-command"));
        assert!(!unknown, "{found:?}");
    }
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count);
}
