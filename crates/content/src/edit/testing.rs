//! Tests of edits are texts before and after, with `⟦⟧` around what is selected.

use std::ops::Range;

use super::{Count, EditError, EditOp, LineRange, Pattern, Plan, Warning, plan};

/// The two texts of the vectors of `actions.md` 3.7: with and without a final newline.
pub(super) const A: &str = "a\nb\nc\n";
pub(super) const B: &str = "a\nb\nc";
pub(super) const GREEK: &str = "alpha\nbeta\ngamma\ndelta\n";
/// The two texts of the vectors of `actions.md` 3.7: with and without a final newline.
pub(super) const ANYWHERE: LineRange = LineRange {
    start: None,
    stop: None,
};

/// Plans for the file `f` and compares. Without marks, the caret is at the top before and nothing is selected after.
#[track_caller]
pub(super) fn check(before: &str, op: &EditOp, after: &str) -> Plan {
    let (before, selection) = unmark(before);
    let planned = plan(op, "f", Some(&before), selection.unwrap_or(0..0)).expect("a plan");
    assert_eq!(planned.edit.check(&before), Ok(()), "{op:?}");
    let mut text = planned.edit.apply(&before);
    assert_eq!(planned.edit.invert(&before).apply(&text), before, "{op:?}");
    if let Some(Range { start, end }) = planned.edit.select {
        text.insert(end, '⟧');
        text.insert(start, '⟦');
    }
    assert_eq!(text, after, "{op:?} on {before:?}");
    planned
}

/// The same, for what succeeds with a warning.
#[track_caller]
pub(super) fn check_warned(before: &str, op: &EditOp, after: &str, warning: &str) {
    let planned = check(before, op, after);
    assert_eq!(
        planned.warning.as_ref().map(Warning::to_string).as_deref(),
        Some(warning)
    );
}

/// Why an operation on the file `f` fails.
#[track_caller]
pub(super) fn failure(text: Option<&str>, op: &EditOp) -> String {
    plan(op, "f", text, 0..0)
        .map_err(|error: EditError| error.to_string())
        .expect_err("a failure")
}

pub(super) fn literal(text: &str) -> Pattern {
    Pattern {
        text: text.to_owned(),
        regex: false,
        group: 0,
    }
}

pub(super) fn regex(text: &str, group: usize) -> Pattern {
    Pattern {
        text: text.to_owned(),
        regex: true,
        group,
    }
}

pub(super) fn between(start: impl Into<Option<i64>>, stop: impl Into<Option<i64>>) -> LineRange {
    LineRange {
        start: start.into(),
        stop: stop.into(),
    }
}

pub(super) fn select(pattern: Pattern, lines: LineRange) -> EditOp {
    EditOp::SelectMatching {
        pattern,
        lines,
        before: None,
        after: None,
    }
}

pub(super) fn replace(
    pattern: Pattern,
    lines: LineRange,
    replacement: &str,
    count: Count,
) -> EditOp {
    EditOp::ReplaceMatching {
        pattern,
        lines,
        replacement: replacement.into(),
        count,
    }
}

fn unmark(marked: &str) -> (String, Option<Range<usize>>) {
    let text = marked.replace(['⟦', '⟧'], "");
    let selection = marked.find('⟦').zip(marked.find('⟧'));
    (
        text,
        selection.map(|(start, end)| start..end - '⟦'.len_utf8()),
    )
}
