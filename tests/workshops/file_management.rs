//! Copying, renaming, closing and deleting files, and commands of the editor.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;

use atelier_tests::{Played, WorkshopTest};
use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;

/// A run in a home that is looked at afterwards.
struct Home {
    test: WorkshopTest,
    path: Utf8PathBuf,
}

impl Home {
    fn of(page: &str) -> Self {
        let test = WorkshopTest::page(page);
        let path = test.beside("home");
        let test = test.arg("--home").arg(path.as_str()).arg("--keep-going");
        Self { test, path }
    }

    fn with(self, path: &str, text: &str) -> Self {
        self.write(path, text.as_bytes());
        self
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.path.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }

    fn files(&self) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        read_all(&self.path, &self.path, &mut found);
        // What a workshop's own folder brings along.
        found.remove("resources/workshop.yaml");
        found
    }

    #[track_caller]
    fn holds(&self, expected: &[(&str, &str)]) {
        let expected: BTreeMap<_, _> = expected
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect();
        assert_eq!(self.files(), expected);
    }
}

fn read_all(root: &Utf8Path, folder: &Utf8Path, found: &mut BTreeMap<String, String>) {
    for entry in folder.read_dir_utf8().expect("a folder").flatten() {
        let path = entry.path();
        let name = path.strip_prefix(root).expect("below it").to_string();
        if name == ".local" {
            continue;
        }
        if path.is_symlink() {
            let target = path.read_link_utf8().expect("a link");
            found.insert(name, format!("-> {target}"));
        } else if path.is_dir() {
            read_all(root, path, found);
        } else {
            let bytes = fs::read(path).expect("a file");
            found.insert(name, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
}

fn files_open(run: &Played) -> Vec<&str> {
    run.rows()
        .map(|row| row.editor.as_ref().map_or("-", |editor| &*editor.file))
        .collect()
}

#[test]
fn copies_are_whole_and_keep_their_mode() {
    let home = Home::of(
        "
        ```editor:copy-file
        src: ~/a.sh
        dest: $HOME/new/deep/b.sh
        ```
        ```editor:copy-file
        src: a.sh
        dest: c.txt
        open: false
        ```
        ```editor:copy-file
        src: dir
        dest: twin
        ```
        ```editor:copy-file
        src: a.sh
        dest: a.sh
        ```
        ```editor:copy-file
        src: a.bin
        dest: b.bin
        open: false
        ```
        ",
    )
    .with("a.sh", "#!/bin/sh\r\n")
    .with("c.txt", "old")
    .with("dir/x/y.txt", "y");
    home.write("a.bin", &[0, 255, 1]);
    fs::set_permissions(home.path.join("a.sh"), fs::Permissions::from_mode(0o750)).expect("mode");
    std::os::unix::fs::symlink("x/y.txt", home.path.join("dir/link")).expect("a link");
    let run = home.test.test().passes();
    home.holds(&[
        ("a.bin", "\0\u{fffd}\u{1}"),
        ("a.sh", "#!/bin/sh\r\n"),
        ("b.bin", "\0\u{fffd}\u{1}"),
        ("c.txt", "#!/bin/sh\r\n"),
        ("dir/link", "-> x/y.txt"),
        ("dir/x/y.txt", "y"),
        ("new/deep/b.sh", "#!/bin/sh\r\n"),
        ("twin/link", "-> x/y.txt"),
        ("twin/x/y.txt", "y"),
    ]);
    let copy = fs::metadata(home.path.join("new/deep/b.sh")).expect("the copy");
    assert_eq!(copy.permissions().mode() & 0o777, 0o750);
    assert_eq!(fs::read(home.path.join("b.bin")).expect("it"), [0, 255, 1]);
    assert_eq!(
        files_open(&run),
        [
            "~/new/deep/b.sh",
            "~/new/deep/b.sh",
            "~/new/deep/b.sh",
            "~/a.sh",
            "~/a.sh"
        ]
    );
}

#[test]
fn a_folder_that_forbids_to_write_into_it_is_copied_as_it_is() {
    let set_up = "#!/bin/sh
mkdir -p ~/a/b && echo y > ~/a/b/y.txt && chmod 555 ~/a/b ~/a
";
    let page = "
```editor:copy-file
src: ~/a
dest: ~/c
open: false
```

```terminal:execute
command: echo $(cat ~/c/b/y.txt) $(stat -c %a ~/c ~/c/b) $(ls -A ~ | grep '^[.]atelier-')
test: {output: ^y 555 555$}
```
";
    let test = WorkshopTest::page(page).program("workshop/setup.d/a.sh", set_up);
    // Root may write into it all the same.
    test.as_ordinary_user().test().passes();
}

#[test]
fn what_cannot_be_copied_or_moved_stays_as_it_was() {
    let home = Home::of(
        "
        ```editor:copy-file
        src: gone
        dest: a
        ```
        ```editor:rename-file
        src: gone
        dest: a
        ```
        ```editor:copy-file
        src: a
        dest: dir
        ```
        ```editor:rename-file
        src: a
        dest: dir
        ```
        ```editor:copy-file
        src: dir
        dest: dir/inside/it
        ```
        ```editor:rename-file
        src: dir
        dest: dir/inside
        ```
        ```editor:copy-file
        src: a
        dest: b/below
        ```
        ```editor:copy-file
        src: ~/../../x
        dest: a
        ```
        ```editor:rename-file
        src: a
        dest: out/a
        ```
        ```editor:copy-file
        src: /etc/hostname
        dest: a
        ```
        ```editor:delete-file
        file: dir
        ```
        ```editor:delete-file
        file: gone
        ```
        ```editor:delete-file
        file: ~/
        ```
        ```editor:rename-file
        src: ~/.
        dest: ~/x
        ```
        ```editor:delete-file
        file: out/tmp
        ```
        ",
    )
    .with("a", "a")
    .with("b", "b")
    .with("dir/x", "x");
    std::os::unix::fs::symlink("/", home.path.join("out")).expect("a link");
    let before = home.files();
    let outside = |path: &str| {
        format!(
            "click failed: {path} lies outside the session; an action reaches only files below ~"
        )
    };
    home.test.test().fails().rows_are(&[
        "click failed: there is no file or folder ~/gone",
        "click failed: there is no file or folder ~/gone",
        "click failed: ~/dir is a folder already, and would be lost; name the file in it",
        "click failed: ~/dir is a folder already, and would be lost; name the file in it",
        "click failed: ~/dir cannot go into itself",
        "click failed: ~/dir cannot go into itself",
        "click failed: ~/b is a file, so that nothing can lie in it",
        &outside("~/../../x"),
        &outside("out/a"),
        &outside("/etc/hostname"),
        "click failed: the folder ~/dir is not empty; only an empty one is deleted",
        "click failed: there is no file or folder ~/gone",
        "click failed: ~ is a folder of the session itself and stays where it is",
        "click failed: ~ cannot go into itself",
        &outside("out/tmp"),
    ]);
    assert_eq!(home.files(), before);
}

#[test]
fn renaming_moves_files_folders_and_what_is_selected_in_them() {
    let home = Home::of(
        "
        ```editor:select-matching-text
        file: dir/a.txt
        text: two
        ```
        ```editor:rename-file
        src: dir/a.txt
        dest: dir/sub/b.txt
        ```
        ```editor:rename-file
        src: dir
        dest: other
        ```
        ```editor:replace-text-selection
        file: other/sub/b.txt
        text: TWO
        ```
        ```editor:rename-file
        src: other/sub/b.txt
        dest: c.txt
        open: false
        ```
        ```editor:rename-file
        src: folder
        dest: c.txt
        ```
        ",
    )
    .with("dir/a.txt", "one two\n")
    .with("c.txt", "old")
    .with("folder/x", "x");
    let run = home.test.test().passes();
    home.holds(&[("c.txt/x", "x")]);
    assert_eq!(
        files_open(&run),
        [
            "~/dir/a.txt",
            "~/dir/sub/b.txt",
            "~/other/sub/b.txt",
            "~/other/sub/b.txt",
            "~/c.txt",
            "-"
        ]
    );
    assert_eq!(run.row(2).selection(), "0:4-0:7");
    assert_eq!(run.row(4).selection(), "0:4-0:7");
}

#[test]
fn a_selection_survives_closing_and_not_deleting() {
    let home = Home::of(
        "
        ```editor:select-matching-text
        file: a.txt
        text: two
        ```
        ```editor:open-file
        file: b.txt
        ```
        ```editor:close-file
        file: ~/b.txt
        ```
        ```editor:close-file
        file: a.txt
        ```
        ```editor:close-file
        file: never/open.txt
        ```
        ```editor:replace-text-selection
        file: a.txt
        text: TWO
        ```
        ```editor:delete-file
        file: a.txt
        ```
        ```terminal:execute
        command: cp ~/b.txt ~/a.txt
        ```
        ```editor:replace-text-selection
        file: a.txt
        text: '>'
        ```
        ",
    )
    .with("a.txt", "one two\n")
    .with("b.txt", "b\n");
    let test = home.test.arg("--allow-warnings");
    let run = test.test().passes();
    assert_eq!(
        files_open(&run),
        [
            "~/a.txt", "~/b.txt", "~/a.txt", "-", "-", "~/a.txt", "-", "-", "~/a.txt"
        ]
    );
    let text = fs::read_to_string(home.path.join("a.txt"));
    assert_eq!(text.expect("the file"), ">b\n");
}

#[test]
fn what_is_no_text_is_copied_with_a_word_about_it() {
    let home = Home::of("```editor:copy-file\nsrc: a.bin\ndest: b.bin\n```");
    home.write("a.bin", &[0, 1]);
    let run = home.test.test().fails();
    assert_eq!(run.row(0).status, "warned");
    assert_eq!(
        run.row(0).message(),
        "done, but it cannot be shown in the editor: ~/b.bin is not a text file; say `open: false` if that is meant"
    );
    assert!(home.path.join("b.bin").exists());
}

#[test]
fn commands_of_the_editor_do_what_they_mean_without_a_window() {
    let command = |id: &str, args: &str| {
        format!("```editor:execute-command\ncommand: {id}\nargs: [{args}]\n```\n")
    };
    let page = [
        command("vscode.open", "'file:///home/eduk8s/a.txt#2'"),
        command("editor.action.selectAll", ""),
        command("workbench.action.gotoLine", "3"),
        "```editor:append-lines-to-file\nfile: a.txt\ntext: three\n```\n".to_owned(),
        command("undo", ""),
        command("redo", ""),
        command("workbench.action.files.save", ""),
        command("vscode.open", "b.txt"),
        command("workbench.action.nextEditor", ""),
        command("workbench.action.closeOtherEditors", ""),
        command("workbench.action.closeAllEditors", ""),
        command("workbench.action.reopenClosedEditor", ""),
        command("workbench.action.terminal.toggleTerminal", ""),
        command("workbench.action.openSettings", "editor.fontSize"),
    ]
    .concat();
    let home = Home::of(&page)
        .with("a.txt", "one\ntwo\n")
        .with("b.txt", "b\n");
    let run = home.test.test().passes();
    let found: Vec<_> = files_open(&run)
        .into_iter()
        .zip(run.rows().map(|row| row.selection()))
        .map(|(file, selection)| format!("{file} {selection}"))
        .collect();
    assert_eq!(
        found,
        [
            "~/a.txt 1:0-1:0",
            "~/a.txt 0:0-2:0",
            "~/a.txt 2:0-2:0",
            "~/a.txt 2:0-3:0",
            "~/a.txt 2:0-2:0",
            "~/a.txt 2:0-3:0",
            "~/a.txt 2:0-3:0",
            "~/b.txt 0:0-0:0",
            "~/a.txt 2:0-3:0",
            "~/a.txt 2:0-3:0",
            "- none",
            "~/a.txt 2:0-3:0",
            "~/a.txt 2:0-3:0",
            "~/a.txt 2:0-3:0",
        ]
    );
    home.holds(&[("a.txt", "one\ntwo\nthree\n"), ("b.txt", "b\n")]);
}

#[test]
fn a_command_that_cannot_be_done_says_why() {
    let home = Home::of(
        "
        ```editor:execute-command
        command: my.own.thing
        ```
        ```editor:execute-command
        command: editor.action.formatDocument
        ```
        ```editor:execute-command
        command: editor.action.selectAll
        ```
        ```editor:execute-command
        command: vscode.open
        args: [/etc/passwd]
        ```
        ```editor:execute-command
        command: vscode.open
        args: [gone.txt]
        ```
        ",
    );
    home.test.test().fails().rows_are(&[
        "click failed: Atelier knows no editor command `my.own.thing`; …",
        "click failed: Atelier has no formatter for this or any other language; the file stays as it is",
        "click failed: no file is open in the editor; open one first",
        "click failed: /etc/passwd lies outside the session; an action reaches only files below ~",
        "click failed: there is no file ~/gone.txt",
    ]);
}

#[test]
fn check_hints_at_the_command_that_was_meant() {
    let checked = WorkshopTest::page(
        "
        ```editor:execute-command
        command: workbench.action.save
        ```
        ",
    )
    .check();
    assert_eq!(
        checked.brief(),
        ["warning unknown-command workshop/content/01-page.md:2:1"]
    );
    assert_eq!(
        checked.findings[0].help.as_deref(),
        Some("did you mean `workbench.action.files.save`?")
    );
}

const CASES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../shared/oracle/cases.jsonl"
);

#[test]
#[allow(clippy::print_stderr, reason = "the figures, and why there are none")]
fn file_management_ends_as_in_the_reference() {
    let Ok(cases) = fs::read_to_string(CASES) else {
        eprintln!("skipped: the recorded cases are not beside this project ({CASES})");
        return;
    };
    const MANAGED: [&str; 5] = [
        "editor:copy-file",
        "editor:rename-file",
        "editor:close-file",
        "editor:delete-file",
        "editor:create-directory",
    ];
    let cases: Vec<Value> = cases
        .lines()
        .map(|line| serde_json::from_str(line).expect("a case a line"))
        .filter(|case: &Value| {
            actions(case).any(|action| MANAGED.iter().any(|name| action["action"] == **name))
        })
        .collect();
    let faults: Vec<_> = cases.iter().filter_map(fault).collect();
    eprintln!("{} cases, {} differ", cases.len(), faults.len());
    assert!(!cases.is_empty(), "no case about files in {CASES}");
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

fn actions(case: &Value) -> impl Iterator<Item = &Value> {
    case["actions"].as_array().expect("actions").iter()
}

/// How a case ends otherwise than it should.
fn fault(case: &Value) -> Option<String> {
    let block = |action: &Value| {
        let name = action["action"].as_str().expect("a name");
        format!("```{name}\n{}\n```\n", action["args"])
    };
    let page: String = actions(case).map(block).collect();
    let test = WorkshopTest::page(&page);
    let path = test.beside("home");
    let test = test
        .arg("--home")
        .arg(path.as_str())
        .arg("--allow-warnings");
    let home = Home { test, path };
    for (path, text) in case["files"].as_object().expect("files") {
        match text.as_str() {
            Some(text) => home.write(path, text.as_bytes()),
            None => fs::create_dir_all(home.path.join(path)).expect("a folder"),
        }
    }
    let run = home.test.test();
    let wanted = |name: &str| case["sane"].get(name).unwrap_or(&case[name]);
    let expected: BTreeMap<_, _> = wanted("after")
        .as_object()
        .expect("files")
        .iter()
        .filter_map(|(path, text)| Some((path.clone(), text.as_str()?.to_owned())))
        .collect();
    let ok = run.report().outcome == "passed";
    let selection = wanted("selection");
    let selected = match run.rows().last().and_then(|row| row.editor.as_ref()) {
        Some(editor) => editor.file.strip_prefix("~/") == selection["file"].as_str(),
        None => false,
    };
    let right = home.files() == expected
        && ok == (wanted("ok") == true)
        && (!ok || selection.is_null() || selected);
    (!right).then(|| format!("{}: {case}\n  {:#?}", case["id"], run.stdout))
}
