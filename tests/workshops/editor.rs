//! Editor actions: the bytes on the disk, and the selection that the window would show.

use atelier_tests::{Played, WorkshopTest};

fn edited(before: &str, action: &str) -> (Played, Vec<u8>) {
    let test = WorkshopTest::page(action).bytes("exercises/a.txt", before.as_bytes());
    let home = test.beside("home");
    let test = test.arg("--home").arg(home.as_str());
    let run = test.test();
    let after = std::fs::read(home.join("exercises/a.txt")).expect("the file");
    (run, after)
}

#[test]
fn positions_count_utf_16_units_from_0() {
    let (run, after) = edited(
        "x\nä😀 hit\n",
        "
        ```editor:select-matching-text
        file: ~/exercises/a.txt
        text: hit
        ```
        ```editor:replace-text-selection
        file: ~/exercises/a.txt
        text: 😀!
        ```
        ```editor:append-lines-to-file
        file: ~/exercises/a.txt
        text: last
        ```
        ",
    );
    let run = run.passes();
    let selections: Vec<_> = run.rows().map(|row| row.selection()).collect();
    assert_eq!(selections, ["1:4-1:7", "1:4-1:7", "2:0-3:0"]);
    assert_eq!(
        run.row(0).editor.as_ref().expect("open").file,
        "~/exercises/a.txt"
    );
    assert_eq!(String::from_utf8_lossy(&after), "x\nä😀 😀!\nlast\n");
}

#[test]
fn opening_a_file_puts_the_caret_at_its_line() {
    let (run, _) = edited(
        "one\ntwo\n",
        "
        ```editor:open-file
        file: exercises/a.txt
        line: 2
        ```
        ```editor:open-file
        file: $HOME/exercises/a.txt
        line: 99
        ```
        ",
    );
    let run = run.passes();
    assert_eq!(
        (run.row(0).selection(), run.row(1).selection()),
        ("1:0-1:0".to_owned(), "2:0-2:0".to_owned())
    );
}

#[test]
fn windows_line_ends_are_kept() {
    let (run, after) = edited(
        "one\r\ntwo\r\n",
        "
        ```editor:append-lines-after-match
        file: ~/exercises/a.txt
        match: one
        text: |
          new
          newer
        ```
        ",
    );
    assert_eq!(run.passes().row(0).selection(), "1:0-3:0");
    assert_eq!(
        String::from_utf8_lossy(&after),
        "one\r\nnew\r\nnewer\r\ntwo\r\n"
    );
}

#[test]
fn a_file_in_a_folder_that_does_not_exist_fails() {
    WorkshopTest::page(
        "
        ```editor:create-file
        file: ~/exercises/deep/er/a.txt
        text: hi
        ```
        ```editor:create-directory
        directory: ~/exercises/deep/er
        ```
        ```editor:create-file
        file: ~/exercises/deep/er/a.txt
        text: hi
        ```
        ```terminal:execute
        command: cat ~/exercises/deep/er/a.txt
        test: {output: ^hi$}
        ```
        ",
    )
    .arg("--keep-going")
    .test()
    .fails()
    .rows_are(&[
        "click failed: the folder ~/exercises/deep/er does not exist; create it first",
        "click passed",
        "click passed",
        "click passed",
    ]);
}

#[test]
fn a_file_that_does_not_exist_cannot_be_opened() {
    let run = WorkshopTest::page("```editor:open-file\nfile: ~/gone.txt\n```")
        .test()
        .fails();
    assert!(
        run.row(0).message().contains("~/gone.txt"),
        "{:?}",
        run.row(0)
    );
    assert_eq!(run.row(0).selection(), "none");
}

#[test]
fn a_path_that_leads_out_fails() {
    for file in ["/etc/hostname", "~/../../secret"] {
        let run = WorkshopTest::page(&format!("```editor:open-file\nfile: {file}\n```"))
            .test()
            .fails();
        assert!(
            run.row(0).message().contains("outside the session"),
            "{:?}",
            run.row(0)
        );
    }
}

const ODD: &str = "
    ```editor:select-matching-text
    file: ~/exercises/a.txt
    text: nowhere
    ```
    ```editor:delete-matching-lines
    file: ~/exercises/a.txt
    match: nowhere
    ```
    ";

#[test]
fn what_was_done_in_vain_is_warned_of_and_counts_as_a_failure() {
    let test = || WorkshopTest::page(ODD).file("exercises/a.txt", "one\n");
    let run = test().test().fails();
    let statuses: Vec<_> = run.rows().map(|row| &*row.status).collect();
    assert_eq!(statuses, ["warned", "warned"]);
    assert_eq!(run.report().totals.warned, 2);
    assert!(run.row(0).message().contains("nowhere"), "{:?}", run.row(0));
    test().arg("--allow-warnings").test().passes();
}

#[test]
fn a_cascade_goes_on_after_a_warning() {
    WorkshopTest::page(
        "
        ```editor:select-matching-text
        file: ~/exercises/a.txt
        text: nowhere
        cascade: true
        ```
        ```workshop:copy
        text: on
        ```
        ",
    )
    .file("exercises/a.txt", "one\n")
    .arg("--allow-warnings")
    .test()
    .passes()
    .rows_are(&["click warned…", "cascade passed"]);
}

#[test]
fn a_regular_expression_without_end_is_stopped() {
    let (run, after) = edited(
        &"a".repeat(40),
        "
        ```editor:replace-matching-text
        file: ~/exercises/a.txt
        match: ^(a+)+$x
        replacement: b
        isRegex: true
        ```
        ",
    );
    let run = run.fails();
    assert_eq!(
        run.row(0).message(),
        "the regular expression takes longer than 1 s on this file; make it simpler"
    );
    assert!(
        (1000..5000).contains(&run.row(0).millis),
        "{:?}",
        run.row(0)
    );
    assert_eq!(after, "a".repeat(40).as_bytes());
}

#[test]
fn a_file_of_the_shell_is_edited_as_it_is_now() {
    WorkshopTest::page(
        "
        ```terminal:execute
        command: printf 'made by the shell\\n' > ~/exercises/new.txt
        ```
        ```editor:append-lines-to-file
        file: ~/exercises/new.txt
        text: and by the editor
        ```
        ```terminal:execute
        command: wc -l < ~/exercises/new.txt
        test: {output: ^2$}
        ```
        ",
    )
    .file("exercises/a.txt", "")
    .test()
    .passes();
}

#[test]
fn what_is_no_text_is_not_edited() {
    let run = WorkshopTest::page("```editor:open-file\nfile: ~/exercises/a.bin\n```")
        .bytes("exercises/a.bin", &[0, 159, 146, 150])
        .test()
        .fails();
    assert!(run.row(0).message().contains("a.bin"), "{:?}", run.row(0));
}
