//! YAML texts before and after.

use serde_yaml::Value;

use super::super::EditOp;
use super::super::testing::{check, check_warned, failure};
use super::{YamlOp, YamlPath};

fn path(text: &str) -> YamlPath {
    text.parse().unwrap()
}

fn value(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap()
}

fn set(at: &str, to: &str) -> EditOp {
    EditOp::Yaml(YamlOp::Set {
        path: path(at),
        value: value(to),
    })
}

fn insert(at: &str, index: impl Into<Option<i64>>, new: &str) -> EditOp {
    EditOp::Yaml(YamlOp::Insert {
        path: path(at),
        index: index.into(),
        value: value(new),
    })
}

fn delete(at: &str) -> EditOp {
    EditOp::Yaml(YamlOp::Delete { path: path(at) })
}

fn merge(at: &str, values: &str) -> EditOp {
    EditOp::Yaml(YamlOp::Merge {
        path: path(at),
        values: value(values).as_mapping().unwrap().clone(),
    })
}

fn select(at: &str) -> EditOp {
    EditOp::Yaml(YamlOp::Select { path: path(at) })
}

fn insert_value(at: &str, new: &str) -> EditOp {
    EditOp::Yaml(YamlOp::InsertValue {
        path: path(at),
        value: value(new),
    })
}

#[test]
fn nulls_become_collections() {
    check("null\n# c1\n", &merge("", "a: null"), "⟦a: null⟧\n# c1\n");
}

const CONFIG: &str = "\
# head
name: demo # the name

spec:
    replicas: 1   # one is enough
    # about ports
    ports:
    - 80
    - 443 # tls
    env: {A: 1, \"B\": x}
    args: [a , b]
";

/// `CONFIG` with one part replaced.
fn config(from: &str, to: &str) -> String {
    assert_eq!(CONFIG.matches(from).count(), 1, "{from}");
    CONFIG.replace(from, to)
}

#[test]
fn sets_what_is_there() {
    for (at, to, from, now) in [
        ("spec.replicas", "3", "1   # one", "⟦replicas: 3⟧   # one"),
        (
            "name",
            "{x: 1, y: [2]}",
            "name: demo # the name\n",
            "⟦name: # the name\n    x: 1\n    y:\n    - 2⟧\n",
        ),
        (
            "name",
            "\"a\\nb\\n\"",
            "name: demo # the name\n",
            "⟦name: | # the name\n    a\n    b⟧\n",
        ),
        (
            "spec.ports[1]",
            "{x: 1, y: 2}",
            "443 # tls\n",
            "⟦x: 1 # tls\n      y: 2⟧\n",
        ),
        (
            "spec.ports",
            "none",
            "ports:\n    - 80\n    - 443 # tls\n",
            "⟦ports: none⟧\n     # tls\n",
        ),
        (
            "spec.ports",
            "[]",
            "ports:\n    - 80\n    - 443 # tls\n",
            "⟦ports: []⟧\n     # tls\n",
        ),
        ("spec.env.A", "'a, b'", "A: 1", "⟦A: \"a, b\"⟧"),
        (
            "spec.env.B",
            "[1, {k: v}]",
            "\"B\": x",
            "⟦\"B\": [1, { k: v }]⟧",
        ),
        ("spec.args[0]", "null", "[a ,", "[⟦null⟧ ,"),
    ] {
        let (from, now) = match from {
            "1   # one" => ("replicas: 1   # one", now),
            other => (other, now),
        };
        check(CONFIG, &set(at, to), &config(from, now));
    }
}

#[test]
fn makes_what_is_missing() {
    check(
        CONFIG,
        &set("spec.a.b[0].c", "1"),
        &config(
            "args: [a , b]\n",
            "args: [a , b]\n    ⟦a:\n        b:\n        - c: 1⟧\n",
        ),
    );
    check(
        CONFIG,
        &set("new", "'8080'"),
        &format!("{CONFIG}⟦new: \"8080\"⟧\n"),
    );
    check(
        CONFIG,
        &set("spec.env.C", "3"),
        &config("\"B\": x", "\"B\": x, ⟦C: 3⟧"),
    );
    check(
        CONFIG,
        &set("spec.ports[9]", "1"),
        &config("443 # tls\n", "443 # tls\n    - ⟦1⟧\n"),
    );
    check(
        "a:\nz: 1\n",
        &set("a.b", "1"),
        "a:\n  ⟦b: 1⟧\nz: 1\n"
            .replace("a:\n  ⟦", "⟦a:\n  ")
            .as_str(),
    );
    check("a: ~ # none\n", &set("a.b", "1"), "⟦a: # none\n  b: 1⟧\n");
    check("a: null", &set("a.b", "1"), "⟦a:\n  b: 1⟧\n");
    check("80: x\n", &set("80", "y"), "⟦80: y⟧\n");
    check("a: |+\n  x\n\n", &set("b", "1"), "a: |+\n  x\n\n⟦b: 1⟧\n");
    check("a: |\n  x\n\n\nz: 1", &set("a", "y"), "⟦a: y⟧\n\n\nz: 1\n");
}

#[test]
fn fills_empty_documents() {
    check("", &set("a.b", "1"), "⟦a:\n  b: 1⟧\n");
    check("# only\n", &set("a", "1"), "# only\n⟦a: 1⟧\n");
    check("---\n...\n", &set("a", "1"), "---\n⟦a: 1⟧\n...\n");
    check(
        "--- # c\n---\nb: 1\n",
        &set("a", "1"),
        "--- # c\n⟦a: 1⟧\n---\nb: 1\n",
    );
    check("null\n", &set("a", "1"), "⟦a: 1⟧\n");
    check("--- ~\n", &set("a", "1"), "---\n⟦a: 1⟧\n");
    check("", &insert("", None, "x"), "⟦- x⟧\n");
    check("", &merge("", "{a: 1, b: 2}"), "⟦a: 1\nb: 2⟧\n");
    assert_eq!(failure(Some(""), &delete("a")), "f has nothing at `a`");
    assert_eq!(failure(Some("# c\n"), &select("")), "f holds no value");
    assert_eq!(
        failure(Some(""), &set("[2]", "1")),
        "f has no list at its top, and a new one starts with item 0, not 2"
    );
}

#[test]
fn other_documents_are_not_touched() {
    let rest = "---\nb:   [ 1 ]\n...\n---\nbroken: [\n";
    check(
        &format!("a: 1\n{rest}"),
        &set("a", "2"),
        &format!("⟦a: 2⟧\n{rest}"),
    );
    check(
        &format!("a: 1\n{rest}"),
        &delete("a"),
        &format!("⟦⟧{{}}\n{rest}"),
    );
    check(
        "%YAML 1.2\n---\n- a\n---\n- b",
        &insert("", None, "c"),
        "%YAML 1.2\n---\n- a\n- ⟦c⟧\n---\n- b",
    );
}

#[test]
fn inserts_items() {
    let before = "l:\n  # one\n  - 1\n\n  # two\n  - 2 # end\nz: 0\n";
    check(
        before,
        &insert("l", 0, "x"),
        "l:\n  - ⟦x⟧\n  # one\n  - 1\n\n  # two\n  - 2 # end\nz: 0\n",
    );
    check(
        before,
        &insert("l", 1, "{a: 1, b: 2}"),
        "l:\n  # one\n  - 1\n\n  - ⟦a: 1\n    b: 2⟧\n  # two\n  - 2 # end\nz: 0\n",
    );
    check(
        before,
        &insert("l", 99, "[1]"),
        "l:\n  # one\n  - 1\n\n  # two\n  - 2 # end\n  - ⟦- 1⟧\nz: 0\n",
    );
    check(
        before,
        &insert("l", -1, "x"),
        "l:\n  # one\n  - 1\n\n  - ⟦x⟧\n  # two\n  - 2 # end\nz: 0\n",
    );
    check(
        "- - a\n  - b\n",
        &insert("[0]", 0, "x"),
        "- - ⟦x⟧\n  - a\n  - b\n",
    );
    check("l: []\n", &insert("l", None, "{a: 1}"), "l: [⟦{ a: 1 }⟧]\n");
    check(
        "l: [a, b, ]\n",
        &insert("l", None, "c"),
        "l: [a, b, ⟦c⟧ ]\n",
    );
    check(
        "l: [\n  a, # one\n  b # two\n]\n",
        &insert("l", None, "c"),
        "l: [\n  a, # one\n  b, # two\n  ⟦c⟧\n]\n",
    );
    check("l:\n", &insert("l", None, "a"), "⟦l:\n  - a⟧\n");
    check(
        "{\n  \"a\": [\n    1\n  ]\n}\n",
        &insert("a", None, "{b: yes}"),
        "{\n  \"a\": [\n    1,\n    ⟦{\"b\": \"yes\"}⟧\n  ]\n}\n",
    );
}

#[test]
fn deletes() {
    check(
        CONFIG,
        &delete("spec.replicas"),
        &config("    replicas: 1   # one is enough\n", "⟦⟧"),
    );
    check(
        CONFIG,
        &delete("spec.ports[0]"),
        &config("    - 80\n", "⟦⟧"),
    );
    check(CONFIG, &delete("spec.env.A"), &config("A: 1, ", "⟦⟧"));
    check(
        CONFIG,
        &delete("spec.args[1]"),
        &config(" , b]", "⟦⟧ ]").replace("a⟦⟧ ]", "a ⟦⟧]"),
    );
    check(
        "a:\n  # about b\n  b: 1 # one\n# end\n",
        &delete("a.b"),
        "a:⟦⟧ {}\n  # about b\n# end\n",
    );
    check("a:\n  b: 1\n  # about b\nc: 1\n", &delete("a"), "⟦⟧c: 1\n");
    check("- a: 1\n  b: 2\n- x\n", &delete("[0].a"), "- ⟦⟧b: 2\n- x\n");
    check(
        "- a: 1\n  # about b\n  b: 2\n",
        &delete("[0].a"),
        "- ⟦⟧# about b\n  b: 2\n",
    );
    check("k: &x\n  a: 1\n", &delete("k.a"), "k: &x⟦⟧ {}\n");
    check("a: 1\nb: 2", &delete("b"), "a: 1\n⟦⟧");
    check("- |+\n  t\n\n- x", &delete("[1]"), "- |+\n  t\n\n⟦⟧");
    check("a:\n  b: 1", &delete("a.b"), "a:⟦⟧ {}\n");
    check(
        "{\n  \"a\": 1,\n  \"b\": 2\n}\n",
        &delete("b"),
        "{\n  \"a\": 1⟦⟧\n}\n",
    );
}

#[test]
fn merges() {
    check(
        CONFIG,
        &merge("spec", "{replicas: 2, env: {Z: 1}, new: x}"),
        &config("replicas: 1 ", "⟦replicas: 2 ")
            .replace(" {A: 1, \"B\": x}", "\n        Z: 1")
            .replace("b]\n", "b]\n    new: x⟧\n"),
    );
    check(
        "a: # c\nb: 1\n",
        &merge("a", "{x: 1}"),
        "⟦a: # c\n  x: 1⟧\nb: 1\n",
    );
    assert_eq!(
        failure(Some(CONFIG), &merge("name", "{x: 1}")),
        "f has no mapping at `name`"
    );
}

#[path = "tests_refusals.rs"]
mod refusals;
