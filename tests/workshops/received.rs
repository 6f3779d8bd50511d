//! Which files a session receives, and where they lie.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use atelier_tests::WorkshopTest;

use crate::environment::definition;

const FILES: &str = "
publish:
  files:
  - directory: {path: .}
    includePaths: [/workshop/**, /exercises/**, 'README.md', /kept/**]
workshop:
  files:
  - image: {url: $(image_repository)/lab-files:$(workshop_version)}
    includePaths: [/workshop/**, /exercises/**, README.md]
    excludePaths: ['/exercises/**/target/**', '/exercises/*.bak']
  - inline:
      paths:
        exercises/inline.txt: from the definition
        exercises/a.txt: later wins
        workshop/setup.d/02.sh: |
          [ -f /home/eduk8s/exercises/inline.txt ] && echo two > ~/two
  - path: exercises/deep
    inline: {paths: {b.txt: deep}}
";

#[test]
fn a_session_receives_what_the_definition_selects() {
    let test = WorkshopTest::page(
        "
        ```terminal:execute
        command: find . -type f | sort
        ```
        ",
    )
    .file("resources/workshop.yaml", &definition(FILES))
    .file("exercises/a.txt", "first")
    .file("exercises/x.bak", "x")
    .file("exercises/sub/y.bak", "kept: the star stays in its folder")
    .file("exercises/sub/target/z", "x")
    .program("exercises/run", "#!/bin/sh\n")
    .file("kept/x", "only published")
    .file("README.md", "x")
    .file("LICENSE", "always")
    .file("notes.md", "x")
    .file(".git/config", "x")
    .file("exercises/.git/config", "x")
    .arg("--home")
    .arg("home");
    // Files of the home stay unless one of the workshop's has their name.
    let home = test.beside("home");
    fs::create_dir_all(home.join("exercises")).expect("a folder");
    for file in ["mine.txt", "exercises/a.txt", "exercises/mine.txt"] {
        fs::write(home.join(file), "mine").expect("a file");
    }
    test.test().passes();
    let read = |file: &str| {
        Some(
            fs::read_to_string(home.join(file))
                .ok()?
                .trim_end()
                .to_owned(),
        )
    };
    for (file, text) in [
        ("exercises/a.txt", Some("later wins")),
        ("exercises/inline.txt", Some("from the definition")),
        ("exercises/deep/b.txt", Some("deep")),
        ("exercises/mine.txt", Some("mine")),
        ("mine.txt", Some("mine")),
        ("two", Some("two")),
        ("LICENSE", Some("always")),
        ("README.md", Some("x")),
        (
            "exercises/sub/y.bak",
            Some("kept: the star stays in its folder"),
        ),
        ("exercises/x.bak", None),
        ("exercises/sub/target/z", None),
        ("kept/x", None),
        ("notes.md", None),
        ("resources/workshop.yaml", None),
        ("workshop/content/01-page.md", None),
        (".git/config", None),
        ("exercises/.git/config", None),
    ] {
        assert_eq!(read(file).as_deref(), text, "{file}");
    }
    let mode = fs::metadata(home.join("exercises/run")).expect("it is there");
    assert_eq!(mode.permissions().mode() & 0o777, 0o755);
}

#[test]
fn what_an_ignore_file_names_stays_behind() {
    let test = WorkshopTest::page("```terminal:execute\ncommand: ls\n```")
        .file(
            "resources/workshop.yaml",
            &definition("content:\n  files: github.com/x/y\n"),
        )
        .file(".eduk8signore", "node_modules/\n./build\n*.bak\n")
        .file("node_modules/a/b.js", "x")
        .file("sub/node_modules/c.js", "x")
        .file("build/out", "x")
        .file("sub/build/out", "kept")
        .file("sub/x.bak", "x")
        .file("sub/kept", "kept")
        .arg("--home")
        .arg("home");
    test.test().passes();
    let home = test.beside("home");
    for (file, there) in [
        ("node_modules", false),
        ("sub/node_modules", false),
        ("build", false),
        ("sub/build/out", true),
        ("sub/x.bak", false),
        ("sub/kept", true),
        ("resources/workshop.yaml", true),
    ] {
        assert_eq!(home.join(file).exists(), there, "{file}");
    }
}

/// Elsewhere no file can have such a name.
#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf8_is_told_of_by_check_as_by_test() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let test = WorkshopTest::page("# A page").file("exercises/a.txt", "a");
    let name = OsStr::from_bytes(b"n\xfe.txt");
    fs::write(test.root().join("exercises").as_std_path().join(name), "x").expect("a file");
    let complaint = "the name of exercises/n\u{fffd}.txt is not UTF-8, which not all computers can have; rename it";
    assert_eq!(test.check().brief(), ["error unreadable-file -"]);
    let output = test.test();
    assert_eq!(output.exit, Some(2));
    assert!(output.stderr.contains(complaint), "{}", output.stderr);
}
