//! What is selected, what is refused, and what is large.

use super::*;

#[test]
fn anchors_and_aliases_stay() {
    let text = "base: &b\n  x: 1\nuse:\n  <<: *b\nport: &p 80\nsame: *p\n";
    check(
        text,
        &set("use.x", "2"),
        &text.replace("*b\n", "*b\n  ⟦x: 2⟧\n"),
    );
    check(
        text,
        &set("port", "81"),
        &text.replace("port: &p 80", "⟦port: &p 81⟧"),
    );
    check(text, &set("base.x", "2"), &text.replace("x: 1", "⟦x: 2⟧"));
    check(
        text,
        &delete("use.<<"),
        &text.replace("use:\n  <<: *b\n", "use:⟦⟧ {}\n"),
    );
    check(
        text,
        &set("same", "1"),
        &text.replace("same: *p", "⟦same: 1⟧"),
    );
    assert_eq!(
        failure(Some(text), &set("base", "1")),
        "f needs what is to be changed elsewhere: `*b` at line 4 refers to it"
    );
    assert_eq!(
        failure(Some(text), &delete("port")),
        "f needs what is to be changed elsewhere: `*p` at line 6 refers to it"
    );
    assert_eq!(
        failure(Some(text), &set("same.x", "1")),
        "f has the alias `*p` at `same`; change what `&p` marks instead"
    );
    assert_eq!(
        failure(Some(text), &insert("same", None, "1")),
        "f has no list at `same`"
    );
}

#[test]
fn selects() {
    let text = "# head\na: 1 # one\nb:\n  # in\n  - x\n  - k: |\n      t\n\n  -\nc:\nd: \"q\" # end\n? e\n: f\n80: x\n";
    let at = |path: &str, span: &str| {
        let (before, after) = text.split_once(span).expect(span);
        check(text, &select(path), &format!("{before}⟦{span}⟧{after}"));
    };
    at("a", "a: 1");
    at("b[0]", "x");
    at("b[1].k", "k: |\n      t");
    at("b[k=t\n]", "k: |\n      t");
    at("c", "c");
    at("d", "d: \"q\"");
    at("e", "e\n: f");
    at("[\"80\"]", "80: x");
    at("", &text[7..text.len() - 1]);
    assert_eq!(
        failure(Some(text), &select("nope")),
        "f has nothing at `nope`"
    );
    assert_eq!(
        failure(Some(text), &select("b[7]")),
        "f has nothing at `b[7]`"
    );
    assert_eq!(
        failure(Some(text), &select("a.b")),
        "f has a single value at `a`, so nothing lies below it"
    );
    assert_eq!(
        failure(Some(text), &select("b.k")),
        "f has a list at `b`; its items have numbers, not the key `k`"
    );
    assert_eq!(
        failure(Some(text), &select("b[k=z]")),
        "f has no item with `k` \"z\" at `b`"
    );
    assert_eq!(failure(None, &select("a")), "f does not exist");
}

#[test]
fn the_deprecated_act_inserts_lines() {
    let text = "l:\n  - a\nm:\n  k: 1\ns: x";
    check(
        text,
        &insert_value("l", "[b, {c: 1}]"),
        "l:\n  - a\n⟦  - b\n  - c: 1\n⟧m:\n  k: 1\ns: x\n",
    );
    check(
        text,
        &insert_value("m", "{n: 2}"),
        "l:\n  - a\nm:\n  k: 1\n⟦  n: 2\n⟧s: x\n",
    );
    for path in ["s", "l[5]"] {
        let warning = format!(
            "f has neither a list nor a mapping with entries at `{path}`; nothing was inserted"
        );
        check_warned(text, &insert_value(path, "1"), text, &warning);
    }
    assert_eq!(
        failure(Some(text), &insert_value("m", "{k: 2}")),
        "f already has the key `k` at `m`"
    );
    assert_eq!(
        failure(Some(text), &insert_value("m", "[1]")),
        "f has a mapping at `m`; only keys with values can be inserted there"
    );
    assert_eq!(
        failure(Some(text), &insert_value("no", "1")),
        "f has nothing at `no`"
    );
    assert_eq!(
        failure(Some("# c\n"), &insert_value("", "1")),
        "f holds no value"
    );
    let list = "- n: 80\n- n: '80'\n  o: [a]\n";
    check(
        list,
        &insert_value("[n=80].o", "b"),
        "- n: 80\n- n: '80'\n  o: [a, ⟦b⟧]\n",
    );
    check(
        "- n: !!str 80\n  o: [a]\n",
        &insert_value("[n=80].o", "b"),
        "- n: !!str 80\n  o: [a, ⟦b⟧]\n",
    );
    assert_eq!(
        failure(Some("- n: 80\n"), &insert_value("[n=80]", "{a: 1}")),
        "f has no item with `n` \"80\" at its top"
    );
    let plan = crate::edit::plan(&insert_value("a", "{x: [1]}"), "f", None, 0..0).unwrap();
    assert!(plan.create);
    assert_eq!(plan.edit.apply(""), "x:\n  - 1\n");
}

#[test]
fn broken_files_are_refused() {
    let start = |text: &str, expected: &str| {
        let message = failure(Some(text), &set("a", "1"));
        assert!(message.starts_with(expected), "{message}");
    };
    start("a: [1\n", "f is not valid YAML at line 1, column 4: ");
    start(
        "a: 1\nb: 2\na: 3\n",
        "f has the key `a` twice in one mapping, again at line 3",
    );
    start("a: *none\n", "f is not valid YAML at line 1, column 4: ");
    start(
        &("[".repeat(120) + &"]".repeat(120)),
        "f is nested deeper than 100 levels at line 1",
    );
    start(
        "- a\n",
        "f has a list at its top; its items have numbers, not the key `a`",
    );
    start("word\n", "f has a single value at its top");
}

#[test]
fn a_bomb_is_refused() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..20 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    assert_eq!(
        failure(Some(&text), &set("b", "1")),
        "f repeats itself through aliases more often than programs can read"
    );
}

#[test]
fn large_files_are_edited() {
    let mut text: String = (0..3_000)
        .map(|n| format!("key{n}:\n  - {{a: {n}}} # c\n"))
        .collect();
    text.push_str("last: 1\n");
    check(
        &text,
        &set("last", "2"),
        &text.replace("last: 1", "⟦last: 2⟧"),
    );
    let long = format!("a: {}\nb: 1\n", "x".repeat(200_000));
    check(&long, &set("b", "2"), &long.replace("b: 1", "⟦b: 2⟧"));
    let flat = format!("a: [{}]\nb: 1\n", "1, ".repeat(10_000));
    check(&flat, &set("b", "2"), &flat.replace("b: 1", "⟦b: 2⟧"));
}
