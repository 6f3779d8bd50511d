//! The vectors of `actions.md` 3.7 and the edge cases of 3.5, on numbered lines.

use super::super::testing::{A, B, check, check_warned, failure};
use super::super::{EditOp, plan};

fn create(text: &str) -> EditOp {
    EditOp::CreateFile { text: text.into() }
}

fn append(text: &str) -> EditOp {
    EditOp::AppendLines { text: text.into() }
}

fn prepend(text: &str) -> EditOp {
    EditOp::PrependLines { text: text.into() }
}

fn before(line: i64) -> EditOp {
    let text = "X".into();
    EditOp::InsertBeforeLine { line, text }
}

fn after(line: i64) -> EditOp {
    let text = "X".into();
    EditOp::AppendAfterLine { line, text }
}

fn select(start: i64, stop: i64) -> EditOp {
    EditOp::SelectLines { start, stop }
}

fn delete(start: i64, stop: i64) -> EditOp {
    EditOp::DeleteLines { start, stop }
}

fn replace(start: i64, stop: i64, text: &str) -> EditOp {
    let text = text.into();
    EditOp::ReplaceLines { start, stop, text }
}

#[test]
fn appends_lines() {
    check(A, &append("X"), "a\nb\nc\n⟦X\n⟧");
    check(B, &append("X"), "a\nb\nc\n⟦X\n⟧");
    check("", &append("X"), "⟦X\n⟧");
    check("a\n  ", &append("X"), "a\n  \n⟦X\n⟧");
    check(A, &append(""), "a\nb\nc\n⟦\n⟧");
    check(B, &append(""), "a\nb\nc\n⟦\n⟧");
    check("", &append(""), "⟦\n⟧");
    check(A, &append("X\nY\n"), "a\nb\nc\n⟦X\nY\n⟧");
    check(A, &append("X\r\n\r\n"), "a\nb\nc\n⟦X\n\n⟧");
}

#[test]
fn prepends_lines() {
    check(B, &prepend("X"), "⟦X\n⟧a\nb\nc");
    check("", &prepend("X\nY"), "⟦X\nY\n⟧");
    check(A, &prepend(""), "⟦\n⟧a\nb\nc\n");
}

#[test]
fn inserts_before_a_line() {
    check(A, &before(1), "⟦X\n⟧a\nb\nc\n");
    check(B, &before(3), "a\nb\n⟦X\n⟧c");
    check(A, &before(4), "a\nb\nc\n⟦X\n⟧");
    check(B, &before(4), "a\nb\nc\n⟦X\n⟧");
    check(A, &before(6), "a\nb\nc\n\n\n⟦X\n⟧");
    check(B, &before(6), "a\nb\nc\n\n\n⟦X\n⟧");
    check("", &before(3), "\n\n⟦X\n⟧");
}

#[test]
fn appends_after_a_line() {
    check(A, &after(0), "⟦X\n⟧a\nb\nc\n");
    check(A, &after(3), "a\nb\nc\n⟦X\n⟧");
    check(B, &after(3), "a\nb\nc\n⟦X\n⟧");
    check(A, &after(5), "a\nb\nc\n\n\n⟦X\n⟧");
    check(B, &after(5), "a\nb\nc\n\n\n⟦X\n⟧");
    check("", &after(3), "\n\n\n⟦X\n⟧");
}

#[test]
fn inserts_nothing_before_the_first_line() {
    let warning = |line: i64| format!("f has no line {line}; nothing was inserted");
    check_warned(A, &before(0), A, &warning(0));
    check_warned(A, &before(-3), A, &warning(-3));
    check_warned(A, &after(-1), A, &warning(-1));
    check_warned(A, &before(i64::MIN), A, &warning(i64::MIN));
}

#[test]
fn does_not_pad_for_ever() {
    assert_eq!(
        failure(Some(A), &before(i64::MAX)),
        "line 9223372036854775807 is too far past the end of f, which ends at line 4"
    );
    assert!(failure(Some(A), &after(1_000_000)).starts_with("line 1000000 is too far"));
}

#[test]
fn selects_lines() {
    check(A, &select(1, 1), "⟦a\n⟧b\nc\n");
    check(A, &select(2, 3), "a\n⟦b\nc\n⟧");
    check(A, &select(3, 2), "a\n⟦b\nc\n⟧");
    check(B, &select(2, 3), "a\n⟦b\nc⟧");
    check(B, &select(-4, 99), "⟦a\nb\nc⟧");
    check(A, &select(4, 4), "a\nb\nc\n⟦⟧");
    check("", &select(1, 1), "⟦⟧");
    let plan = check(A, &select(2, 2), "a\n⟦b\n⟧c\n");
    assert!(!plan.save);
    assert_eq!(plan.reveal, Some(2..4));
}

#[test]
fn deletes_lines() {
    check(A, &delete(3, 3), "a\nb\n");
    check(B, &delete(3, 3), "a\nb");
    check(A, &delete(4, 4), "a\nb\nc");
    check_warned(
        B,
        &delete(4, 4),
        "a\nb",
        "f has no line 4; it ends at line 3, and the nearest line was taken",
    );
    check(A, &delete(9, 9), "a\nb\nc");
    check(B, &delete(9, 9), "a\nb");
    check(A, &delete(1, 9), "");
    check(B, &delete(1, 9), "");
    check(A, &delete(3, 2), "a\n");
    check(B, &delete(3, 2), "a");
    check(A, &delete(0, 0), "b\nc\n");
    check(B, &delete(0, 0), "b\nc");
    check(A, &delete(-5, 2), "c\n");
    check("", &delete(0, 9), "");
    let plan = check(A, &delete(2, 2), "a\nc\n");
    assert!(plan.save);
    assert_eq!(plan.reveal, Some(2..2));
}

#[test]
fn replaces_lines() {
    check(A, &replace(2, 3, "X"), "a\n⟦X\n⟧");
    check(B, &replace(2, 3, "X"), "a\n⟦X⟧");
    check(A, &replace(3, 9, "X"), "a\nb\n⟦X⟧");
    check(B, &replace(3, 9, "X"), "a\nb\n⟦X⟧");
    check(A, &replace(1, 9, "X"), "⟦X\n⟧");
    check(B, &replace(1, 9, "X"), "⟦X\n⟧");
    check(A, &replace(2, 2, ""), "a\n⟦\n⟧c\n");
    check(B, &replace(2, 2, ""), "a\n⟦\n⟧c");
    check(A, &replace(3, 2, "X\n"), "a\n⟦X\n⟧");
    check(B, &replace(3, 3, "X\nY\n"), "a\nb\n⟦X\nY⟧");
}

#[test]
fn replaces_a_whole_file() {
    check("a\nb", &create("x"), "⟦⟧x\n");
    check("a\nb", &create("x\n\n"), "⟦⟧x\n\n");
    check("a\nb", &create(""), "⟦⟧");
    let plan = check("x\n", &create("x"), "⟦⟧x\n");
    assert!(plan.edit.is_selection_only() && plan.save && !plan.create);
}

#[test]
fn creates_missing_files() {
    for (op, content) in [
        (create("x"), "x\n"),
        (create(""), ""),
        (append("x\ny\n"), "x\ny\n"),
        (append(""), "\n"),
        (prepend("x"), "x\n"),
        (before(3), "X\n"),
        (before(0), "X\n"),
        (after(9), "X\n"),
    ] {
        let plan = plan(&op, "f", None, 0..0).expect("a plan");
        assert!(plan.create && plan.save && plan.warning.is_none(), "{op:?}");
        assert_eq!(plan.edit.apply(""), content, "{op:?}");
        assert_eq!(plan.edit.select, Some(0..0), "{op:?}");
    }
}

#[test]
fn needs_the_file_where_it_does_not_make_it() {
    for op in [select(1, 1), delete(1, 1), replace(1, 1, "x")] {
        assert_eq!(failure(None, &op), "f does not exist");
    }
}
