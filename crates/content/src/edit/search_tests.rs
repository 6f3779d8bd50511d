//! What matches and what does not: the matching rules of `actions.md` 3.6.

use super::super::Count;
use super::super::testing::{
    A, ANYWHERE, B, GREEK, between, check, check_warned, failure, literal, regex, replace, select,
};

#[test]
fn selects_an_expression_line_by_line() {
    for (pattern, group, after) in [
        ("^b.*", 0, "alpha\n⟦beta⟧\ngamma\ndelta\n"),
        ("a$", 0, "alph⟦a⟧\nbeta\ngamma\ndelta\n"),
        ("g(am)+", 1, "alpha\nbeta\ng⟦am⟧ma\ndelta\n"),
        ("(?<=m)m", 0, "alpha\nbeta\ngam⟦m⟧a\ndelta\n"),
        ("(?<!a)(l)(?=t)", 1, "alpha\nbeta\ngamma\nde⟦l⟧ta\n"),
        ("(?<name>l)t", 1, "alpha\nbeta\ngamma\nde⟦l⟧ta\n"),
        ("(?=(ga))g", 1, "alpha\nbeta\n⟦ga⟧mma\ndelta\n"),
        ("[^x]*$", 0, "⟦alpha⟧\nbeta\ngamma\ndelta\n"),
        ("^", 0, "⟦⟧alpha\nbeta\ngamma\ndelta\n"),
    ] {
        check(GREEK, &select(regex(pattern, group), ANYWHERE), after);
    }
    check("é😀x\n", &select(regex("^..", 0), ANYWHERE), "⟦é😀⟧x\n");
    let op = select(regex("a\\nb", 0), ANYWHERE);
    check_warned(A, &op, A, "nothing in f matches the expression a\\nb");
    let op = select(regex("ALPHA|a\\s*b", 0), ANYWHERE);
    check_warned(
        A,
        &op,
        A,
        "nothing in f matches the expression ALPHA|a\\s*b",
    );
}

#[test]
fn selects_blocks() {
    check(A, &select(literal("a\nb"), ANYWHERE), "⟦a\nb⟧\nc\n");
    check(A, &select(literal("a\r\nb"), ANYWHERE), "⟦a\nb⟧\nc\n");
    check(A, &select(literal("c\n"), ANYWHERE), "a\nb\n⟦c\n⟧");
    check(A, &select(regex("(.)\n(.)$", 2), ANYWHERE), A);
    check(B, &select(regex("(.)\n(.)$", 2), ANYWHERE), "a\nb\n⟦c⟧");
    check(A, &select(regex("^(.)\n", 1), ANYWHERE), "⟦a⟧\nb\nc\n");
    check(A, &select(regex("^b\n", 0), ANYWHERE), A);
    check(
        A,
        &select(regex("^b\n", 0), between(1, None)),
        "a\n⟦b\n⟧c\n",
    );
    let op = select(literal("c\n"), ANYWHERE);
    check_warned(B, &op, B, "no line of f contains \"c\\n\"");
    // An empty range is its first line.
    check(A, &select(literal("a\n"), between(0, 0)), A);
    check(
        "a\nb",
        &select(regex("b(\n)?$", 0), between(1, 0)),
        "a\n⟦b⟧",
    );
}

#[test]
fn searches_the_lines_asked_for() {
    let text = "x1\nx2\nx3\n";
    let find = |lines| select(literal("x"), lines);
    check(text, &find(between(1, None)), "x1\n⟦x⟧2\nx3\n");
    check(text, &find(between(-2, None)), "x1\nx2\n⟦x⟧3\n");
    check(text, &find(between(-99, -3)), "⟦x⟧1\nx2\nx3\n");
    check(text, &find(between(None, 99)), "⟦x⟧1\nx2\nx3\n");
    let warning = "no line of f (line 4) contains \"x\"";
    check_warned(text, &find(between(-1, None)), text, warning);
    check_warned(text, &find(between(99, None)), text, warning);
    check_warned(
        text,
        &find(between(2, 2)),
        text,
        "start 2 and stop 2 leave no line of f to search",
    );
    check_warned(
        text,
        &find(between(i64::MIN, i64::MIN)),
        text,
        &format!(
            "start {0} and stop {0} leave no line of f to search",
            i64::MIN
        ),
    );
    check_warned(
        text,
        &select(regex("y", 0), between(1, 3)),
        text,
        "nothing in f (lines 2 to 3) matches the expression y",
    );
}

#[test]
fn replaces_blocks() {
    let op = replace(literal("a\nb"), ANYWHERE, "X", Count::All);
    check("a\nb\na\nb\n", &op, "X\n⟦X⟧\n");
    // Overlaps are passed over.
    let op = replace(literal("a\na"), ANYWHERE, "X", Count::All);
    check("a\na\na\na\na", &op, "X\n⟦X⟧\na");
    let op = replace(regex("^a\\d\n", 0), ANYWHERE, "X", Count::All);
    check("a1\na2\n", &op, "⟦X⟧a2\n");
    // Groups of look-arounds may overlap: the first of them counts.
    let op = replace(regex("[ab](?=(b?\n.))", 1), ANYWHERE, "X", Count::All);
    check("ab\nc", &op, "a⟦X⟧");
}

#[test]
fn a_match_of_nothing_ends() {
    let op = replace(regex("\n*", 0), ANYWHERE, "-", Count::All);
    check("é\n\na", &op, "-é--a⟦-⟧");
    let op = replace(regex("(?=\n)", 0), ANYWHERE, ";", Count::All);
    check("a\n\nb", &op, "a;\n⟦;⟧\nb");
}

#[test]
fn says_what_is_wrong_with_a_pattern() {
    let bad = failure(Some(A), &select(regex("gam++a", 0), ANYWHERE));
    assert!(
        bad.starts_with("the expression gam++a is not valid: "),
        "{bad}"
    );
    let bad = failure(Some(A), &select(regex("(?i)a", 0), ANYWHERE));
    assert!(
        bad.starts_with("the expression (?i)a is not valid: "),
        "{bad}"
    );
    assert_eq!(
        failure(Some(A), &select(regex("(b)", 2), ANYWHERE)),
        "the expression (b) has no group 2"
    );
    assert_eq!(
        failure(
            Some(A),
            &replace(regex("b|(x)", 1), ANYWHERE, "", Count::All)
        ),
        "group 1 of the expression b|(x) has no part in the match at line 2 of f"
    );
    let nothing = "there is no text to look for in f";
    assert_eq!(failure(Some(A), &select(literal(""), ANYWHERE)), nothing);
    assert_eq!(failure(Some(A), &select(regex("", 0), ANYWHERE)), nothing);
    // A group is for expressions only.
    let mut pattern = literal("b");
    pattern.group = 7;
    check(A, &select(pattern, ANYWHERE), "a\n⟦b⟧\nc\n");
}
