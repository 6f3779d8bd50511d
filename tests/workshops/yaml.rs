//! YAML actions, from the page to the bytes on the disk.

use atelier_tests::{Played, WorkshopTest, dedent};

const FILE: &str = "# demo
name: demo # the name
spec:
  ports:
  - 80
---
other:   [ kept ]
";

/// Plays these actions on `exercises/a.yaml`; each says only what is not the file.
fn played(before: &str, actions: &[(&str, &str)], args: &[&str]) -> (Played, String) {
    let page: String = actions
        .iter()
        .map(|(name, body)| {
            let body = dedent(body);
            format!("```editor:{name}\nfile: ~/exercises/a.yaml\n{body}```\n\n")
        })
        .collect();
    let test = WorkshopTest::page(&page).bytes("exercises/a.yaml", before.as_bytes());
    let home = test.beside("home");
    let test = test.arg("--home").arg(home.as_str());
    let test = args.iter().fold(test, |test, arg| test.arg(arg));
    let run = test.test();
    let after = std::fs::read_to_string(home.join("exercises/a.yaml"));
    let after = after.unwrap_or_else(|error| panic!("the file: {error}\n{}", run.stderr));
    (run, after)
}

#[test]
fn every_action_changes_its_place_and_nothing_else() {
    let (run, after) = played(
        FILE,
        &[
            ("set-yaml-value", "path: name\nvalue: web"),
            (
                "add-yaml-item",
                "path: spec.ports\nvalue: {name: b, port: 8080}",
            ),
            ("insert-yaml-item", "path: spec.ports\nvalue: first"),
            (
                "replace-yaml-item",
                "path: spec.ports[name=b]\nvalue: [1, 2]",
            ),
            ("delete-yaml-value", "path: spec.ports[1]"),
            (
                "merge-yaml-values",
                "path: spec\nvalue:\n  zone: a\n  labels: {app: web}",
            ),
            ("select-yaml-path", "path: spec.labels"),
            (
                "insert-value-into-yaml",
                "path: spec.labels\nvalue: {tier: front}",
            ),
        ],
        &[],
    );
    let run = run.passes();
    assert_eq!(
        after,
        "# demo
name: web # the name
spec:
  ports:
  - first
  - - 1
    - 2
  zone: a
  labels:
    app: web
    tier: front
---
other:   [ kept ]
"
    );
    let selections: Vec<_> = run.rows().map(|row| row.selection()).collect();
    assert_eq!(
        selections,
        [
            "1:0-1:9",
            "5:4-6:14",
            "4:4-4:9",
            "6:4-7:7",
            "5:0-5:0",
            "7:2-9:12",
            "8:2-9:12",
            "10:0-11:0"
        ]
    );
}

#[test]
fn line_ends_and_the_byte_order_mark_stay() {
    let before = "\u{feff}a: 1\r\nb:\r\n  - x\r\n";
    let (run, after) = played(
        before,
        &[("set-yaml-value", "path: c.d\nvalue: |\n  two\n  lines")],
        &[],
    );
    run.passes();
    assert_eq!(
        after,
        format!("{before}c:\r\n  d: |\r\n    two\r\n    lines\r\n")
    );
}

#[test]
fn null_counts_as_a_value_and_keys_keep_their_order() {
    let (run, after) = played(
        "a: 1\n",
        &[
            ("set-yaml-value", "path: a\nvalue: null"),
            (
                "set-yaml-value",
                "path: b\nvalue: {z: 1.0, a: '8080', m: yes, n: true}",
            ),
        ],
        &[],
    );
    run.passes();
    assert_eq!(
        after,
        "a: null\nb:\n  z: 1.0\n  a: \"8080\"\n  m: yes\n  n: true\n"
    );
}

#[test]
fn what_cannot_be_done_says_why_and_writes_nothing() {
    for (before, name, body, message) in [
        (
            "a: 1\n",
            "delete-yaml-value",
            "path: b",
            "~/exercises/a.yaml has nothing at `b`",
        ),
        (
            "a: 1\n",
            "add-yaml-item",
            "path: a\nvalue: 1",
            "~/exercises/a.yaml has no list at `a`",
        ),
        (
            "a: [\n",
            "set-yaml-value",
            "path: a\nvalue: 1",
            "~/exercises/a.yaml is not valid YAML at line 1, column 4: unclosed bracket '['",
        ),
        (
            "a: 1\na: 2\n",
            "set-yaml-value",
            "path: a\nvalue: 1",
            "~/exercises/a.yaml has the key `a` twice in one mapping, again at line 2; correct that first",
        ),
        (
            "a: &x 1\nb: *x\n",
            "delete-yaml-value",
            "path: a",
            "~/exercises/a.yaml needs what is to be changed elsewhere: `*x` at line 2 refers to it",
        ),
    ] {
        let (run, after) = played(before, &[(name, body)], &[]);
        run.fails().rows_are(&[&format!("click failed: {message}")]);
        assert_eq!(after, before);
    }
}

#[test]
fn a_file_that_is_not_there_is_made_by_the_deprecated_action_alone() {
    WorkshopTest::page(
        "
        ```editor:set-yaml-value
        file: ~/new.yaml
        path: a
        value: 1
        ```
        ```editor:insert-value-into-yaml
        file: ~/new.yaml
        path: a
        value: {b: [1]}
        ```
        ```terminal:execute
        command: cat ~/new.yaml
        test: {output: '^  - 1$'}
        ```
        ",
    )
    .arg("--keep-going")
    .test()
    .fails()
    .rows_are(&[
        "click failed: ~/new.yaml does not exist",
        "click passed",
        "click passed",
    ]);
}

#[test]
fn a_place_that_takes_nothing_is_warned_of() {
    let insertion = [("insert-value-into-yaml", "path: a\nvalue: {b: 1}")];
    let (run, after) = played("a: 1\n", &insertion, &[]);
    run.fails().rows_are(&["click warned…"]);
    assert_eq!(after, "a: 1\n");
    let (run, _) = played("a: 1\n", &insertion, &["--allow-warnings"]);
    run.passes();
}

#[test]
fn a_check_finds_what_cannot_be_read() {
    let body = |name: &str, body: &str| format!("```editor:{name}\nfile: ~/a.yaml\n{body}\n```\n");
    let page = [
        body("set-yaml-value", "path: a[b]\nvalue: 1"),
        body("set-yaml-value", "path: a"),
        body("delete-yaml-value", "path: \"\""),
        body("merge-yaml-values", "path: a\nvalue: [1]"),
        body("insert-yaml-item", "path: a\nindex: first\nvalue: 1"),
        body("replace-yaml-item", "path: a[-1]\nvalue: 1"),
        body("add-yaml-item", "value: 1"),
    ];
    let checked = WorkshopTest::page(&page.concat()).check();
    let found: Vec<_> = checked
        .findings
        .iter()
        .map(|found| format!("{} {}", found.code, found.message))
        .collect();
    assert_eq!(
        found,
        [
            "invalid-property `editor:set-yaml-value` cannot be read: `path` cannot be followed: `[b]` is neither an index, nor `[key=value]`, nor a quoted key; write `[\"b\"]` for a key",
            "missing-property `editor:set-yaml-value` cannot be read: `value` is missing",
            "invalid-property `editor:delete-yaml-value` cannot be read: `path` must not be empty: it says which value of the document is meant",
            "invalid-property `editor:merge-yaml-values` cannot be read: `value` must be a mapping: the keys to merge and their values",
            "invalid-property `editor:insert-yaml-item` cannot be read: `index` must be a number",
            "invalid-property `editor:replace-yaml-item` cannot be read: `path` cannot be followed: `[-1]` is negative; items are counted from 0, from the start",
            "missing-property `editor:add-yaml-item` cannot be read: `path` is missing",
        ]
    );
}
