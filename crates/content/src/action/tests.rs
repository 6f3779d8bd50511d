mod bodies;

use std::time::Duration;

use super::*;
use crate::diagnostic::{Diagnostic, SourceMap, Sources};
use crate::edit::{Context, Count, LineRange, Pattern};

/// Reads a block as it would stand on a page; diagnostics as `line:column code message`.
fn read_block(block: &str) -> (Option<PageAction>, Vec<String>) {
    let mut sources = Sources::default();
    let file = sources.add("page.md", block);
    let (first, rest) = block.split_once('\n').unwrap();
    let body = rest.strip_suffix("```").unwrap();
    let map = SourceMap::verbatim(first.len() + 1..first.len() + 1 + body.len());
    let fence = Fence {
        info: first.trim_start_matches('`'),
        body,
        map: &map,
        span: Span::new(file, 0..block.len()),
    };
    let mut diagnostics = Vec::new();
    let action = read(&fence, &mut diagnostics);
    let place = |diagnostic: &Diagnostic| {
        let at = sources.position(diagnostic.span().unwrap());
        format!(
            "{}:{} {} {}",
            at.line, at.column, diagnostic.code, diagnostic.message
        )
    };
    (action, diagnostics.iter().map(place).collect())
}

pub(super) fn block(name: &str, body: &str) -> PageAction {
    let (action, mut diagnostics) = read_block(&format!("```{name}\n{body}\n```"));
    diagnostics.retain(|found| !found.contains(" deprecated-action "));
    assert_eq!(diagnostics, Vec::<String>::new());
    action.unwrap()
}

pub(super) fn meaning(name: &str, body: &str) -> Action {
    block(name, body).action.unwrap()
}

pub(super) fn problems(name: &str, body: &str) -> Vec<String> {
    read_block(&format!("```{name}\n{body}\n```")).1
}

fn execute(command: &str, session: &str) -> Action {
    let session = Target::One(session.into());
    Action::Terminal(TerminalAction::Execute {
        command: command.into(),
        session,
        clear: false,
    })
}

fn interrupt(session: &str) -> Action {
    Action::Terminal(TerminalAction::Interrupt {
        session: Target::One(session.into()),
    })
}

#[test]
fn reads_terminal_actions() {
    assert_eq!(
        meaning("terminal:execute", "command: make test"),
        execute("make test", "1")
    );
    assert_eq!(
        meaning("terminal:execute", "command: a\nsession: 2"),
        execute("a", "2")
    );
    assert_eq!(
        meaning("terminal:execute", "command: a\nsession: 0"),
        execute("a", "1")
    );
    assert_eq!(
        meaning("terminal:execute", "command: |\n  a\n  b"),
        execute("a\nb\n", "1")
    );
    assert_eq!(meaning("execute-2", "  make  "), execute("make", "2"));
    assert_eq!(meaning("execute", "a: b {"), execute("a: b {", "1"));
    assert_eq!(
        meaning("terminal:input", "text: y\nendl: false"),
        Action::Terminal(TerminalAction::Input {
            text: "y".into(),
            session: Target::One("1".into()),
            newline: false
        })
    );
    let all = TerminalAction::Clear {
        session: Target::All,
    };
    assert_eq!(
        meaning("terminal:clear", "session: \"*\""),
        Action::Terminal(all.clone())
    );
    assert_eq!(meaning("terminal:clear-all", ""), Action::Terminal(all));
}

#[test]
fn reads_the_spelling_of_an_interrupt() {
    assert_eq!(meaning("execute", " <ctrl+c> "), interrupt("1"));
    assert_eq!(
        meaning("terminal:execute", "command: <ctrl-c>\nsession: 3"),
        interrupt("3")
    );
    assert_eq!(
        meaning("terminal:execute", "command: |\n  <ctrl+c>"),
        execute("<ctrl+c>\n", "1")
    );
}

#[test]
fn reads_editor_actions() {
    let edit = |name: &str, body: &str| match meaning(name, body) {
        Action::Editor(EditorAction::Edit { file, op }) => {
            assert_eq!(file, "~/a");
            op
        }
        other => panic!("{other:?}"),
    };
    let pattern = |text: &str, regex, group| Pattern {
        text: text.into(),
        regex,
        group,
    };
    assert_eq!(
        edit("editor:create-file", "file: ~/a"),
        EditOp::CreateFile { text: "".into() }
    );
    assert_eq!(
        edit(
            "editor:append-lines-after-match",
            "file: ~/a\nmatch: foo(\ntext: x"
        ),
        EditOp::AppendAfterMatch {
            matching: "foo(".into(),
            text: "x".into()
        }
    );
    assert_eq!(
        edit(
            "editor:select-matching-text",
            "file: ~/a\ntext: '(a)'\nisRegex: true\ngroup: 1\nbefore: -1\nstart: -2"
        ),
        EditOp::SelectMatching {
            pattern: pattern("(a)", true, 1),
            lines: LineRange {
                start: Some(-2),
                stop: None
            },
            before: Some(Context::All),
            after: None,
        }
    );
    assert_eq!(
        edit(
            "editor:replace-matching-text",
            "file: ~/a\nmatch: a\nreplacement: ''\ncount: -1\ngroup: 2"
        ),
        EditOp::ReplaceMatching {
            pattern: pattern("a", false, 0),
            lines: LineRange::default(),
            replacement: "".into(),
            count: Count::All,
        }
    );
    assert_eq!(
        meaning("editor:open-file", "file: ~/a\nline: 0"),
        Action::Editor(EditorAction::OpenFile {
            file: "~/a".into(),
            line: 1
        })
    );
}

#[test]
fn reads_forms_with_places_of_what_is_wrong() {
    let body = "name: t\ndescription: not shown\nurl: ' '\ndelay: 0\ninputs:\n  schema:\n    a: {type: string}\n  form:\n  - key: a\n    onClick: alert()\n    type: ace\n  - b\ntest:\n  inputs: {a: x, z: 1}";
    assert_eq!(
        problems("examiner:execute-test", body),
        [
            "11:5 unsupported-form `onClick` is not run",
            "12:5 unsupported-form `ace` is not played; a plain control stands for it",
            "13:5 unsupported-form the schema has no field `b`",
            "15:18 unknown-input the form has no field `z`",
        ]
    );
    let Some(PageAction {
        action: Ok(Action::Examiner(test)),
        face,
        ..
    }) = read_block(&format!("```examiner:execute-test\n{body}\n```")).0
    else {
        panic!("a test");
    };
    assert_eq!((face.body, test.url), (None, None));
    assert_eq!(test.delay, Duration::from_secs(1));
    assert_eq!(test.form.unwrap().items.len(), 1);
    assert_eq!(
        problems("examiner:execute-test", "name: t\ntest: {inputs: {a: 1}}"),
        ["3:8 unknown-input the action has no form for `test: {inputs: …}`"]
    );
    assert_eq!(
        problems("examiner:execute-test", "name: t\ninputs: {form: [a]}"),
        ["3:1 unsupported-form `inputs` has no `schema`, so that there is no form"]
    );
}

#[test]
fn reads_examiner_tests() {
    let Action::Examiner(test) = meaning(
        "examiner:execute-test",
        "name: t\nargs: [a, b]\nretries: .INF\ndelay: 0\ntimeout: 0.5",
    ) else {
        panic!("not a test");
    };
    assert_eq!(
        (test.args, test.retries),
        (vec!["a".to_owned(), "b".to_owned()], None)
    );
    assert_eq!(
        (test.delay, test.timeout),
        (Duration::from_secs(1), Duration::from_millis(500))
    );
}

#[test]
fn reads_what_every_action_may_carry() {
    let action = block(
        "terminal:execute",
        "command: a\nprefix: Task\ntitle: Do it\ndescription: ''\nautostart: true\ncascade: yes\npause: 0\n\
         cooldown: .INF\nhidden: 0\nevent:\ntest: {expect: fail, timeout: 3, background: true, output: ^ok$}",
    );
    let face = Face {
        prefix: "Task".into(),
        title: "Do it".into(),
        body: Some(String::new()),
    };
    assert_eq!(action.face, face);
    let options = action.options;
    assert!(options.autostart && options.cascade && !options.hidden && options.enabled);
    assert_eq!(
        (options.pause, options.cooldown),
        (Duration::ZERO, Cooldown::Forever)
    );
    assert_eq!(options.event, Some(serde_json::Value::Null));
    let test = options.test;
    assert_eq!(
        (test.expect, test.timeout, test.background),
        (Expect::Fail, Some(Duration::from_secs(3)), true)
    );
}

#[test]
fn every_kind_has_its_cooldown() {
    for entry in catalog::entries() {
        let seconds = match entry.name {
            "copy" | "copy-and-edit" | "workshop:copy" | "workshop:copy-and-edit" => 0,
            "dashboard:open-url" | "files:upload-file" | "files:upload-files" => 3,
            name if name.starts_with("editor:") => 3,
            _ => 1,
        };
        assert_eq!(entry.cooldown, seconds, "{}", entry.name);
    }
}

#[test]
fn cooldowns_and_pauses_are_read_as_written() {
    let seconds = |seconds| Cooldown::For(Duration::from_secs_f64(seconds));
    for (written, cooldown) in [
        ("5", seconds(5.0)),
        ("0.5", seconds(0.5)),
        ("'2'", seconds(2.0)),
        ("0", Cooldown::None),
        ("-1", Cooldown::Forever),
        ("-0.1", Cooldown::Forever),
        (".INF", Cooldown::Forever),
        (".inf", Cooldown::Forever),
        ("-.INF", Cooldown::Forever),
        ("~", seconds(1.0)),
    ] {
        let body = format!("command: a\ncooldown: {written}");
        assert_eq!(
            block("terminal:execute", &body).options.cooldown,
            cooldown,
            "{written}"
        );
    }
    for (written, millis) in [
        ("0", 0),
        ("100", 100),
        ("1500.5", 1500),
        ("'20'", 20),
        ("~", 750),
        ("-5", 0),
    ] {
        let body = format!("command: a\npause: {written}");
        let pause = block("terminal:execute", &body).options.pause;
        assert_eq!(pause.as_millis(), millis, "{written}");
    }
    assert_eq!(
        block("section:end", "pause: 300").options.pause.as_millis(),
        300
    );
    for wrong in ["cooldown: soon", "pause: [1]"] {
        let told = problems("terminal:execute", &format!("command: a\n{wrong}"));
        assert!(told[0].starts_with("3:1 invalid-property"), "{told:?}");
    }
}

/// JavaScript's truth, which the text `"false"` has.
#[test]
fn flags_are_true_as_in_javascript() {
    for (written, truth) in [
        ("true", true),
        ("false", false),
        ("yes", true),
        ("1", true),
        ("0", false),
        ("''", false),
        ("~", false),
        ("[]", true),
    ] {
        let options = block(
            "terminal:clear",
            &format!("autostart: {written}\ncascade: {written}\nhidden: {written}\nrequired: {written}\nenabled: {written}"),
        )
        .options;
        let flags = [
            options.autostart,
            options.cascade,
            options.hidden,
            options.required,
            options.enabled,
        ];
        assert_eq!(flags, [truth; 5], "{written}");
    }
    let (quoted, told) = read_block("```terminal:clear\nhidden: 'false'\n```");
    assert!(quoted.unwrap().options.hidden);
    assert_eq!(
        told,
        ["2:1 invalid-property `hidden` is `false`, which counts as true"]
    );
    let plain = block("terminal:clear", "").options;
    assert!(plain.enabled && !plain.required && plain.event.is_none());
    for toggle in ["false", "'false'", "0", "~", "true"] {
        let Action::Section(SectionMark::End { toggle: closes, .. }) =
            meaning("section:end", &format!("toggle: {toggle}"))
        else {
            panic!("no end mark");
        };
        assert_eq!(closes, toggle != "false", "only literal false: {toggle}");
    }
}

#[test]
fn knows_the_defaults() {
    let options = |name, body| block(name, body).options;
    assert_eq!(options("workshop:copy", "text: a").cooldown, Cooldown::None);
    assert_eq!(
        options("editor:open-file", "file: a").cooldown,
        Cooldown::For(Duration::from_secs(3))
    );
    assert_eq!(
        options("terminal:clear", "").pause,
        Duration::from_millis(750)
    );
    assert_eq!(options("section:end", "").pause, Duration::ZERO);
    assert_eq!(
        block("editor:open-file", "file: ~/a\nline: 3").face.title,
        "Open file \"~/a\" at line 3"
    );
}

#[test]
fn rescues_bodies_whose_meaning_is_plain() {
    let (action, diagnostics) =
        read_block("```terminal:execute\ncommand: date -f 'Key: %k: '\nsession: 2\n```");
    assert_eq!(
        action.unwrap().action.unwrap(),
        execute("date -f 'Key: %k: '", "2")
    );
    assert_eq!(diagnostics.len(), 1);
    assert!(
        diagnostics[0].starts_with("2:22 rescued-yaml"),
        "{diagnostics:?}"
    );
}

#[test]
fn places_what_is_wrong() {
    assert_eq!(
        problems("terminal:execute", "command: a\nsesion: 2"),
        ["3:1 unknown-property unknown property `sesion`"]
    );
    assert_eq!(
        problems("terminal:execute", "session: 2"),
        ["1:1 missing-property `terminal:execute` cannot be read: `command` is missing"]
    );
    assert_eq!(
        problems("editor:open-file", "file: [a]"),
        [
            "2:1 invalid-property `editor:open-file` cannot be read: `file` must be text, not a list or a mapping"
        ]
    );
    assert_eq!(
        problems("editor:select-matching-text", "file: a\ntext: 8080"),
        ["3:1 unquoted-scalar the value of `text` is not text"]
    );
    assert_eq!(
        problems("terminal:execute", "command: a\ncommand: b"),
        [
            "3:1 invalid-yaml `terminal:execute` cannot be read: the body is not valid YAML: the key `command` stands here twice"
        ]
    );
    assert_eq!(
        problems("editor:insert-lines-after-line", "file: a\nline: 1"),
        ["1:1 deprecated-action `editor:insert-lines-after-line` is deprecated"]
    );
    assert_eq!(
        problems("editor:open", "file: a"),
        ["1:1 unknown-action there is no action `editor:open`"]
    );
    assert_eq!(
        problems("terminal:execute", "just words"),
        [
            "2:1 invalid-action `terminal:execute` cannot be read: the body must be lines of `property: value`"
        ]
    );
    assert_eq!(
        problems("terminal:execute", "command: a\neot: true"),
        Vec::<String>::new()
    );
}

#[test]
fn leaves_code_alone() {
    for name in ["bash", "yaml", "foo:bar", ""] {
        assert!(
            read_block(&format!("```{name}\na: [\n```")).0.is_none(),
            "{name}"
        );
    }
}

/// Every name of the specification, played or not, is recognised with an empty or minimal body.
#[test]
fn the_catalogue_has_no_double() {
    let mut names: Vec<_> = catalog::entries().map(|entry| entry.name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn yaml_actions_say_what_they_change() {
    for (name, body, title, shown) in [
        (
            "set-yaml-value",
            "path: a.b\nvalue: {x: [1]}",
            "Set YAML value at \"a.b\" in \"f\"",
            "x:\n  - 1",
        ),
        (
            "add-yaml-item",
            "path: 80\nvalue: null",
            "Add item to \"80\" in \"f\"",
            "null",
        ),
        (
            "insert-yaml-item",
            "path: l\nvalue: x",
            "Insert item at index 0 in \"l\" in \"f\"",
            "x",
        ),
        (
            "insert-yaml-item",
            "path: l\nindex: '-1'\nvalue: x",
            "Insert item at index -1 in \"l\" in \"f\"",
            "x",
        ),
        (
            "replace-yaml-item",
            "path: l[0]\nvalue: '1'",
            "Replace item at \"l[0]\" in \"f\"",
            "\"1\"",
        ),
        (
            "delete-yaml-value",
            "path: l[0]",
            "Delete \"l[0]\" from \"f\"",
            "l[0]",
        ),
        (
            "merge-yaml-values",
            "path: m\nvalue: {b: 1, a: 2}",
            "Merge values into \"m\" in \"f\"",
            "b: 1\na: 2",
        ),
        (
            "select-yaml-path",
            "path: a.b",
            "Select YAML path \"a.b\" in \"f\"",
            "a.b",
        ),
        (
            "select-yaml-path",
            "path:",
            "Select entire document in \"f\"",
            "entire document",
        ),
        (
            "insert-value-into-yaml",
            "path: l\nvalue: [1]",
            "Insert value into YAML file \"f\" at \"l\"",
            "- 1",
        ),
    ] {
        let action = block(&format!("editor:{name}"), &format!("file: f\n{body}"));
        assert_eq!(
            (&*action.face.prefix, &*action.face.title),
            ("Editor", title)
        );
        assert_eq!(action.face.body.as_deref(), Some(shown), "{name}");
        assert!(action.action.is_ok(), "{name}");
    }
}
