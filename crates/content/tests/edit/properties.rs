//! Whatever the text and the arguments: plans fit their text and can be undone.

use std::ops::Range;

use atelier_content::edit::{Context, Count, EditOp, LineRange, Pattern, Plan, plan};
use proptest::prelude::*;

/// Few pieces, so that patterns meet texts.
fn text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a", "b", "ab", "é", "😀", " ", "\t", "\n", "\n", "\n\n", "(", "1",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// What an author writes: may have the line ends of another system.
fn argument() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec!["a", "b", "é", "😀", " ", "\n", "\r\n", "\r", "$1"]);
    prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

fn line() -> impl Strategy<Value = i64> {
    prop_oneof![
        8 => -6_i64..30,
        1 => prop::sample::select(vec![i64::MIN, i64::MAX, 100_000]),
    ]
}

fn pattern() -> impl Strategy<Value = Pattern> {
    let regex = prop::sample::select(vec![
        "^",
        "$",
        "",
        "a*",
        "a*\n*",
        "\n",
        "(a)|(b)",
        "(?=(\n))",
        "(?<=(.\n?))",
        "[^a]",
        ".",
        "(a",
        "\\s+",
        "^.$\n",
        "(b*)(\n|$)",
        "\\b",
        "(?:)",
    ]);
    let regex = (regex, 0_usize..3).prop_map(|(text, group)| Pattern {
        text: text.to_owned(),
        regex: true,
        group,
    });
    let literal = argument().prop_map(|text| Pattern {
        text,
        regex: false,
        group: 1,
    });
    prop_oneof![regex, literal]
}

fn context() -> impl Strategy<Value = Context> {
    prop_oneof![
        (0_usize..4).prop_map(Context::Lines),
        Just(Context::Lines(usize::MAX)),
        Just(Context::All),
    ]
}

fn count() -> impl Strategy<Value = Count> {
    prop_oneof![(0_usize..4).prop_map(Count::First), Just(Count::All)]
}

fn lines() -> impl Strategy<Value = LineRange> {
    let bound = || prop::option::of(line());
    (bound(), bound()).prop_map(|(start, stop)| LineRange { start, stop })
}

fn line_op() -> impl Strategy<Value = EditOp> {
    prop_oneof![
        argument().prop_map(|text| EditOp::CreateFile { text }),
        argument().prop_map(|text| EditOp::AppendLines { text }),
        argument().prop_map(|text| EditOp::PrependLines { text }),
        (line(), argument()).prop_map(|(line, text)| EditOp::InsertBeforeLine { line, text }),
        (line(), argument()).prop_map(|(line, text)| EditOp::AppendAfterLine { line, text }),
        (line(), line()).prop_map(|(start, stop)| EditOp::SelectLines { start, stop }),
        (line(), line()).prop_map(|(start, stop)| EditOp::DeleteLines { start, stop }),
        (line(), line(), argument()).prop_map(|(start, stop, text)| EditOp::ReplaceLines {
            start,
            stop,
            text
        }),
    ]
}

fn match_op() -> impl Strategy<Value = EditOp> {
    let around = || prop::option::of(context());
    prop_oneof![
        (argument(), argument())
            .prop_map(|(matching, text)| EditOp::AppendAfterMatch { matching, text }),
        (argument(), argument())
            .prop_map(|(matching, text)| EditOp::InsertBeforeMatch { matching, text }),
        (pattern(), context(), context()).prop_map(|(pattern, before, after)| {
            EditOp::DeleteMatchingLines {
                pattern,
                before,
                after,
            }
        }),
        (pattern(), lines(), around(), around()).prop_map(|(pattern, lines, before, after)| {
            EditOp::SelectMatching {
                pattern,
                lines,
                before,
                after,
            }
        }),
        (pattern(), lines(), argument(), count()).prop_map(
            |(pattern, lines, replacement, count)| EditOp::ReplaceMatching {
                pattern,
                lines,
                replacement,
                count,
            }
        ),
    ]
}

fn selection_op() -> impl Strategy<Value = EditOp> {
    prop_oneof![
        argument().prop_map(|text| EditOp::ReplaceSelection { text }),
        Just(EditOp::DeleteSelection),
        argument().prop_map(|text| EditOp::InsertBeforeSelection { text }),
        argument().prop_map(|text| EditOp::AppendAfterSelection { text }),
    ]
}

fn op() -> impl Strategy<Value = EditOp> {
    prop_oneof![line_op(), match_op(), selection_op()]
}

/// What holds for every plan of a text.
fn holds(plan: &Plan, before: &str) -> Result<(), TestCaseError> {
    prop_assert_eq!(plan.edit.check(before), Ok(()));
    let after = plan.edit.apply(before);
    let undo = plan.edit.invert(before);
    prop_assert_eq!(undo.check(&after), Ok(()));
    prop_assert_eq!(undo.apply(&after), before);
    if let Some(range) = &plan.reveal {
        prop_assert!(after.get(range.clone()).is_some());
    }
    prop_assert!(plan.save || plan.edit.is_selection_only());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn plans_fit_and_can_be_undone(op in op(), text in text(), from in 0_usize..60, to in 0_usize..60) {
        if let Ok(plan) = plan(&op, "f", Some(&text), from..to) {
            prop_assert!(!plan.create);
            holds(&plan, &text)?;
            // A selection that nobody set stays in the text, wherever it was.
            let fit = |at: usize| text.floor_char_boundary(at);
            let followed = plan.edit.follow(fit(from.min(to))..fit(from.max(to)));
            let after = plan.edit.apply(&text);
            prop_assert!(after.get(followed).is_some());
        }
    }

    #[test]
    fn plans_of_missing_files_make_them(op in op(), from in 0_usize..9) {
        if let Ok(plan) = plan(&op, "f", None, from..from) {
            prop_assert!(plan.create && plan.save);
            holds(&plan, "")?;
        }
    }

    #[test]
    fn inserted_lines_are_selected(op in op(), text in text(), at in 0_usize..60) {
        let (EditOp::AppendLines { text: new }
        | EditOp::PrependLines { text: new }
        | EditOp::AppendAfterMatch { text: new, .. }
        | EditOp::InsertBeforeMatch { text: new, .. }
        | EditOp::InsertBeforeSelection { text: new }
        | EditOp::AppendAfterSelection { text: new }) = &op else {
            return Ok(());
        };
        let Ok(plan) = plan(&op, "f", Some(&text), at..at) else {
            return Ok(());
        };
        let after = plan.edit.apply(&text);
        let Range { start, end } = plan.edit.select.unwrap_or_default();
        let new = new.replace("\r\n", "\n").replace('\r', "\n");
        prop_assert_eq!(after[start..end].trim_end_matches('\n'), new.trim_end_matches('\n'));
        prop_assert!(after[..start].is_empty() || after[..start].ends_with('\n'));
        prop_assert!(after[start..end].ends_with('\n'));
    }

    #[test]
    fn operations_and_their_plans_cross_a_process_boundary(op in op(), text in text()) {
        let planned = plan(&op, "f", Some(&text), 0..0);
        let json = serde_json::to_string(&(&op, &planned)).expect("JSON");
        let back = serde_json::from_str(&json).expect("what was written");
        prop_assert_eq!((op, planned), back);
    }
}
