//! What may stand between the fences (`actions.md` 1.2 and 1.3).

use super::*;

/// The command of a `terminal:execute` block with this body, and the diagnostics' places and codes; `-` is a broken block.
fn command(body: &str) -> (String, Vec<String>) {
    let (action, diagnostics) = read_block(&format!("```terminal:execute\n{body}\n```"));
    let command = match action.unwrap().action {
        Ok(Action::Terminal(TerminalAction::Execute { command, .. })) => command,
        Ok(other) => panic!("{other:?}"),
        Err(_) => "-".to_owned(),
    };
    let short = |full: &String| full.split(' ').take(2).collect::<Vec<_>>().join(" ");
    (command, diagnostics.iter().map(short).collect())
}

#[test]
fn what_is_yaml_is_read_as_the_reference_reads_it() {
    for (body, read) in [
        ("command: a", "a"),
        ("  command: a\n  session: 2", "a"),
        ("command:\ta", "a"),
        ("{\"command\": \"a\", \"session\": \"2\"}", "a"),
        ("---\ncommand: a", "a"),
        ("command: a\n...", "a"),
        ("? command\n: a", "a"),
        ("\n\n# a comment\ncommand: a # another\n\n", "a"),
        ("command: !!str 5", "5"),
        ("command: yes", "yes"),
        ("command: no", "no"),
        ("command: on", "on"),
        ("command: off", "off"),
        ("command: '010'", "010"),
        ("command: a 'b'", "a 'b'"),
        ("command: echo 8080:80", "echo 8080:80"),
        ("command: a\n  b\n  c", "a b c"),
        ("command: |\n  a\n  b", "a\nb\n"),
        ("command: |-\n  a\n  b", "a\nb"),
        ("command: |+\n  a\n\neot: true", "a\n\n"),
        ("command: >\n  a\n  b", "a b\n"),
        ("command: |2-\n    a", "  a"),
        ("command: a\r\nsession: 2\r", "a"),
    ] {
        assert_eq!(command(body), (read.to_owned(), vec![]), "{body:?}");
    }
}

#[test]
fn scalars_that_are_no_text_are_read_as_text_and_told() {
    for (body, read) in [
        ("command: 8080", "8080"),
        ("command: 010", "10"),
        ("command: 0o10", "8"),
        ("command: 0x1F", "31"),
        ("command: 1_000", "1000"),
        ("command: 1.0", "1"),
        ("command: 1e3", "1000"),
        ("command: .INF", "Infinity"),
        ("command: true", "true"),
        ("command: False", "false"),
        ("command: 2024-01-31", "2024-01-31"),
    ] {
        let told = vec!["2:1 unquoted-scalar".to_owned()];
        assert_eq!(command(body), (read.to_owned(), told), "{body:?}");
    }
    for (name, body) in [
        ("editor:append-lines-to-file", "file: a\ntext: 8080"),
        (
            "editor:replace-matching-text",
            "file: a\nmatch: x\nreplacement: 1",
        ),
        ("editor:append-lines-after-match", "file: a\nmatch: true"),
        ("editor:append-lines-to-file", "file: a\ntext: 2024-01-31"),
        ("examiner:execute-test", "name: a\nargs: [8080]"),
        ("dashboard:open-dashboard", "name: 1"),
        ("terminal:input", "text: 1"),
        ("workshop:copy", "text: 1"),
    ] {
        let told = problems(name, body);
        assert!(
            told.len() == 1 && told[0].contains("unquoted-scalar"),
            "{name}: {told:?}"
        );
    }
}

#[test]
fn anchors_and_merges_work_and_bombs_do_not() {
    assert_eq!(command("x: &x hi\ncommand: *x").0, "hi");
    assert_eq!(command("base: &b\n  command: a\n<<: *b").0, "a");
    let bomb: String = (1..12)
        .map(|level| {
            let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
            format!("a{level}: &a{level} [{aliases}]\n")
        })
        .collect();
    let lists = format!("a0: &a0 [x, x, x, x, x, x, x, x, x]\n{bomb}command: a");
    let deep = format!("command: {}x", "[".repeat(2000));
    assert_eq!(command(&lists).0, "-");
    assert_eq!(command(&deep).1.len(), 1);
}

#[test]
fn what_is_plainly_meant_is_rescued() {
    for (body, read, at) in [
        ("command: echo a: b", "echo a: b", "2:16"),
        ("command: @a", "@a", "2:10"),
        ("command: `a`", "`a`", "2:10"),
        ("command: %a", "%a", "2:10"),
        ("command: - a", "- a", "2:10"),
        ("command: ? a", "? a", "2:10"),
        ("command: , a", ", a", "2:10"),
        ("command: *a", "*a", "2:10"),
        ("command: !a", "!a", "2:10"),
        ("command: |a", "|a", "2:11"),
        ("command: 'a' b", "'a' b", "2:14"),
        ("command: \"a\\qb\"", "\"a\\qb\"", "2:12"),
        ("command: [a", "[a", "3:1"),
        ("command: b\nsession:2", "b\nsession:2", "3:1"),
        ("  command: echo a: b\n  session: 2", "echo a: b", "2:18"),
        ("\tcommand: a\n\tsession: 2", "a", "2:1"),
        ("command: |\n\tall:\n\t\techo b", "all:\n\techo b\n", "3:1"),
        (
            "command: |\necho a\necho b\nsession: 2",
            "echo a\necho b\n",
            "3:1",
        ),
        ("command: |-\necho: a\nsession: 2", "echo: a", "3:1"),
        ("command: |\n    a\n   b", " a\nb\n", "4:4"),
    ] {
        let told = vec![format!("{at} rescued-yaml")];
        assert_eq!(command(body), (read.to_owned(), told), "{body:?}");
    }
}

#[test]
fn what_cannot_be_read_is_broken_at_its_place() {
    for (body, told) in [
        ("", "1:1 missing-property"),
        ("command: ~", "1:1 missing-property"),
        ("command: # a", "2:10 cut-off-value"),
        ("# a comment", "2:1 invalid-action"),
        ("~", "2:1 invalid-action"),
        ("- a\n- b", "2:1 invalid-action"),
        ("just words", "2:1 invalid-action"),
        ("command: a\nsession: 1\ncommand: b", "4:1 invalid-yaml"),
        ("command: a\n---\ncommand: b", "3:1 invalid-yaml"),
        ("command: [a, b]", "2:1 invalid-property"),
        ("command: {{ x }}", "2:1 invalid-property"),
        ("nothing: [known\nhere", "4:1 invalid-yaml"),
    ] {
        let (read, found) = command(body);
        assert_eq!(read, "-", "{body:?}");
        assert_eq!(found.last().unwrap(), told, "{body:?}: {found:?}");
    }
}

/// An action that changes files must not make one up from a line that nobody meant.
#[test]
fn what_is_not_plainly_meant_is_not_rescued() {
    for (name, body) in [
        ("editor:append-lines-to-file", "file: a.txt\n  text: : x"),
        (
            "editor:append-lines-to-file",
            "text: x\nfile: a.txt\nmore: [[[",
        ),
        (
            "editor:set-yaml-value",
            "file: a\npath: b\nvalue:\n  a: b: c",
        ),
        ("editor:set-yaml-value", "file: a\npath: b\nvalue: {a: b"),
    ] {
        let told = problems(name, body);
        assert_eq!(told.len(), 1, "{body:?}: {told:?}");
        assert!(told[0].contains(" invalid-yaml "), "{body:?}: {told:?}");
    }
}

#[test]
fn what_can_only_fail_is_told_at_once() {
    assert_eq!(
        problems("editor:insert-lines-before-line", "file: a\nline: 1.5"),
        [
            "3:1 invalid-property `editor:insert-lines-before-line` cannot be read: `line` must be a whole number"
        ]
    );
    let told = problems(
        "editor:select-matching-text",
        "file: a\ntext: (b\nisRegex: true",
    );
    assert_eq!(
        told,
        [
            "3:1 invalid-property `editor:select-matching-text` cannot be read: `text` is not a valid regular expression: Unbalanced parenthesis"
        ]
    );
    assert!(problems("editor:select-matching-text", "file: a\ntext: (b").is_empty());
    let long = "a|".repeat(100_000);
    let body = format!("file: a\ntext: {long}\nisRegex: true");
    assert!(problems("editor:select-matching-text", &body).is_empty());
    for (name, property) in [
        ("editor:append-lines-to-file", "text"),
        ("editor:create-directory", "directory"),
        ("terminal:execute", "command"),
    ] {
        let told = problems(name, &format!("file: a\n{property}: \"a\\0b\""));
        let message = format!("`{property}` holds a NUL character");
        assert!(
            told.last().is_some_and(|told| told.ends_with(&message)),
            "{told:?}"
        );
    }
}

/// The reference takes a text or a list for an action without properties.
#[test]
fn a_body_of_words_does_where_nothing_is_needed() {
    for (name, body) in [
        ("terminal:clear", "words"),
        ("section:begin", "- a\n- b"),
        ("terminal:interrupt-all", "x"),
    ] {
        let (action, told) = read_block(&format!("```{name}\n{body}\n```"));
        assert!(action.unwrap().action.is_ok(), "{name}");
        assert_eq!(
            told,
            ["2:1 invalid-action the body is not made of lines of `property: value`"],
            "{name}"
        );
    }
}

#[test]
fn raw_bodies_are_the_payload() {
    for (name, body, read) in [
        ("execute", "  a: b  \n", execute("a: b", "1")),
        ("execute-1", "a\nb", execute("a\nb", "1")),
        ("execute-3", "# a", execute("# a", "3")),
        ("execute-2", "<ctrl-c>", interrupt("2")),
        ("execute", "<ctrl+C>", execute("<ctrl+C>", "1")),
        ("copy", "  a\n", Action::Copy { text: "a".into() }),
        ("copy-and-edit", "a", Action::Copy { text: "a".into() }),
    ] {
        assert_eq!(meaning(name, body), read, "{name} {body:?}");
    }
    let all = TerminalAction::Execute {
        command: "a".into(),
        session: Target::All,
        clear: false,
    };
    assert_eq!(meaning("execute-all", "a"), Action::Terminal(all));
    let all = Action::Terminal(TerminalAction::Interrupt {
        session: Target::All,
    });
    assert_eq!(meaning("execute-all", "<ctrl+c>"), all);
    assert_eq!(meaning("terminal:execute-all", "command: <ctrl+c>"), all);
    let shown = block("execute", "  a  ").face.body;
    assert_eq!(
        shown.as_deref(),
        Some("  a  "),
        "it is shown as it is written"
    );
}
