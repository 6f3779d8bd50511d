//! The vectors of `actions.md` 3.7 and the edge cases of 3.5 and 3.6, on matches.

use super::super::testing::{
    A, ANYWHERE, B, GREEK, between, check, check_warned, failure, literal, regex, replace, select,
};
use super::super::{Context, Count, EditOp, Pattern, plan};

fn append_after(matching: &str) -> EditOp {
    let matching = matching.into();
    let text = "X".into();
    EditOp::AppendAfterMatch { matching, text }
}

fn insert_before(matching: &str) -> EditOp {
    let matching = matching.into();
    let text = "X".into();
    EditOp::InsertBeforeMatch { matching, text }
}

fn delete(pattern: Pattern, before: Context, after: Context) -> EditOp {
    EditOp::DeleteMatchingLines {
        pattern,
        before,
        after,
    }
}

fn highlight(
    text: &str,
    before: impl Into<Option<Context>>,
    after: impl Into<Option<Context>>,
) -> EditOp {
    EditOp::SelectMatching {
        pattern: literal(text),
        lines: ANYWHERE,
        before: before.into(),
        after: after.into(),
    }
}

fn lines(count: usize) -> Context {
    Context::Lines(count)
}

#[test]
fn appends_after_a_match() {
    check(A, &append_after("b"), "a\nb\n⟦X\n⟧c\n");
    check(B, &append_after("b"), "a\nb\n⟦X\n⟧c");
    check(B, &append_after("c"), "a\nb\nc\n⟦X\n⟧");
    check(B, &append_after("  b\n"), "a\nb\n⟦X\n⟧c");
    check("ab\nb\n", &append_after("b"), "ab\n⟦X\n⟧b\n");
    check("f(\n*[\n", &append_after("f("), "f(\n⟦X\n⟧*[\n");
    check("f(\n*[\n", &append_after("*["), "f(\n*[\n⟦X\n⟧");
}

#[test]
fn inserts_before_a_match() {
    check(A, &insert_before("b"), "a\n⟦X\n⟧b\nc\n");
    check("aB\nab\n", &insert_before("b"), "aB\n⟦X\n⟧ab\n");
    check("e\u{301}\né\n", &insert_before("é"), "e\u{301}\n⟦X\n⟧é\n");
}

#[test]
fn inserts_near_the_end_without_a_match() {
    let warning =
        |line: usize| format!("no line of f contains \"z\"; the new lines went in at line {line}");
    check_warned(A, &append_after("z"), "a\nb\nc\n\n⟦X\n⟧", &warning(5));
    check_warned(B, &append_after("z"), "a\nb\nc\n⟦X\n⟧", &warning(4));
    check_warned(A, &insert_before("z"), "a\nb\nc\n⟦X\n⟧", &warning(4));
    check_warned(B, &insert_before("z"), "a\nb\n⟦X\n⟧c", &warning(3));
    let blank = "the text to look for in f is only blanks, which match no line";
    check_warned(B, &append_after("  \n"), "a\nb\nc\n⟦X\n⟧", blank);
    check_warned(
        A,
        &append_after("a\nb"),
        "a\nb\nc\n\n⟦X\n⟧",
        "no line of f contains \"a\\nb\"; the new lines went in at line 5",
    );
}

#[test]
fn deletes_the_first_matching_line() {
    let none = lines(0);
    check("xb\nb\n", &delete(literal("b"), none, none), "b\n");
    check(B, &delete(literal(" c\n"), none, none), "a\nb");
    check(
        GREEK,
        &delete(regex("^g", 0), none, lines(1)),
        "alpha\nbeta\n",
    );
    check(
        GREEK,
        &delete(literal("gamma"), lines(1), none),
        "alpha\ndelta\n",
    );
    check(
        GREEK,
        &delete(literal("gamma"), Context::All, none),
        "delta\n",
    );
    check(
        GREEK,
        &delete(literal("gamma"), none, Context::All),
        "alpha\nbeta",
    );
    check(
        GREEK,
        &delete(literal("beta"), lines(99), lines(usize::MAX)),
        "",
    );
}

#[test]
fn deletes_nothing_without_a_match() {
    let none = lines(0);
    let op = delete(literal("zeta"), none, none);
    check_warned(GREEK, &op, GREEK, "no line of f contains \"zeta\"");
    assert!(!check(GREEK, &op, GREEK).save);
    check_warned(
        GREEK,
        &delete(regex("z+", 0), none, none),
        GREEK,
        "nothing in f matches the expression z+",
    );
    check_warned(
        GREEK,
        &delete(literal(" "), none, none),
        GREEK,
        "the text to look for in f is only blanks, which match no line",
    );
}

#[test]
fn selects_a_literal() {
    check("xa a\na\n", &select(literal("a"), ANYWHERE), "x⟦a⟧ a\na\n");
    check("A\na.c\n", &select(literal("."), ANYWHERE), "A\na⟦.⟧c\n");
    check("ab\n b\n", &select(literal(" b"), ANYWHERE), "ab\n⟦ b⟧\n");
    check("日本語\n", &select(literal("本"), ANYWHERE), "日⟦本⟧語\n");
    let plan = check(A, &select(literal("b"), ANYWHERE), "a\n⟦b⟧\nc\n");
    assert!(!plan.save && plan.warning.is_none());
    assert_eq!(plan.reveal, Some(2..3));
}

#[test]
fn selects_whole_lines_around() {
    check(
        GREEK,
        &highlight("mm", lines(0), None),
        "alpha\nbeta\n⟦gamma\n⟧delta\n",
    );
    check(
        GREEK,
        &highlight("mm", None, lines(0)),
        "alpha\nbeta\n⟦gamma\n⟧delta\n",
    );
    check(
        GREEK,
        &highlight("mm", lines(1), lines(1)),
        "alpha\n⟦beta\ngamma\ndelta\n⟧",
    );
    check(
        GREEK,
        &highlight("mm", Context::All, lines(0)),
        "⟦alpha\nbeta\ngamma\n⟧delta\n",
    );
    check(
        GREEK,
        &highlight("mm", lines(0), Context::All),
        "alpha\nbeta\n⟦gamma\ndelta\n⟧",
    );
    check(
        GREEK,
        &highlight("mm", lines(99), lines(99)),
        "⟦alpha\nbeta\ngamma\ndelta\n⟧",
    );
    check(B, &highlight("c", lines(0), None), "a\nb\n⟦c⟧");
    check(
        GREEK,
        &highlight("ta\nga", lines(1), lines(0)),
        "⟦alpha\nbeta\ngamma\n⟧delta\n",
    );
    // A match that ends with its newline ends on the next line, as in the reference.
    check(
        GREEK,
        &highlight("beta\n", lines(0), None),
        "alpha\n⟦beta\ngamma\n⟧delta\n",
    );
}

#[test]
fn the_selection_stays_without_a_match() {
    let planned = check("⟦a⟧b\n", &select(literal("z"), ANYWHERE), "ab\n");
    assert_eq!(planned.edit.follow(0..1), 0..1);
}

#[test]
fn replaces_the_first_matches_one_a_line() {
    let text = "o o\no\nx o\n";
    let first = |count| replace(literal("o"), ANYWHERE, "yy", Count::First(count));
    check(text, &first(1), "⟦yy⟧ o\no\nx o\n");
    check(text, &first(0), "⟦yy⟧ o\no\nx o\n");
    check(text, &first(2), "yy o\n⟦yy⟧\nx o\n");
    check(text, &first(9), "yy o\nyy\nx ⟦yy⟧\n");
    let all = |replacement| replace(literal("o"), ANYWHERE, replacement, Count::All);
    check(text, &all(""), " o\n\nx ⟦⟧\n");
    check(text, &all("1\n2"), "1\n2 o\n1\n2\nx ⟦1\n2⟧\n");
    check(text, &all("$1\\1$&"), "$1\\1$& o\n$1\\1$&\nx ⟦$1\\1$&⟧\n");
    let last = replace(literal("o"), between(2, 3), "y", Count::All);
    check(text, &last, "o o\no\nx ⟦y⟧\n");
}

#[test]
fn replaces_a_group() {
    let op = replace(regex("(b)(.*)", 2), ANYWHERE, "X", Count::First(1));
    assert!(check("abc\n", &op, "ab⟦X⟧\n").save);
    let op = replace(regex("(\\w+)$", 1), ANYWHERE, "E", Count::All);
    check("a b\nc\n", &op, "a E\n⟦E⟧\n");
    let op = replace(regex("^", 0), ANYWHERE, "> ", Count::All);
    check("a\nb\n", &op, "> a\n> b\n⟦> ⟧");
}

#[test]
fn makes_or_needs_the_file() {
    for op in [append_after("z"), insert_before("z")] {
        let plan = plan(&op, "f", None, 0..0).expect("a plan");
        assert!(plan.create && plan.warning.is_none());
        assert_eq!(plan.edit.apply(""), "X\n");
    }
    let none = lines(0);
    for op in [
        select(literal("a"), ANYWHERE),
        replace(literal("a"), ANYWHERE, "", Count::All),
        delete(literal("a"), none, none),
    ] {
        assert_eq!(failure(None, &op), "f does not exist");
    }
}

#[test]
fn knows_what_runs_an_expression() {
    assert!(select(regex("a", 0), ANYWHERE).uses_regex());
    assert!(delete(regex("a", 0), lines(0), lines(0)).uses_regex());
    assert!(!select(literal("a"), ANYWHERE).uses_regex());
    assert!(!append_after("a").uses_regex());
}

#[test]
fn needs_something_to_look_for() {
    let nothing = "there is no text to look for in f";
    let none = lines(0);
    for op in [
        append_after(""),
        insert_before(""),
        delete(literal(""), none, none),
        replace(literal(""), ANYWHERE, "x", Count::All),
    ] {
        assert_eq!(failure(Some(A), &op), nothing);
    }
}
