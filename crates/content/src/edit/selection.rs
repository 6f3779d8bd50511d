//! Acts on what is selected in the file at the moment (`actions.md` 3.6).

use std::ops::Range;

use super::line_index::{Lines, with_newlines};
use super::lines::insert_at;
use super::plan::{Plan, Warning};
use super::text_edit::TextEdit;

/// Plans `editor:replace-text-selection`; at a caret the text goes in there.
pub(super) fn replace(file: &str, selection: Range<usize>, text: &str) -> Plan {
    let warning = nothing_selected(file, &selection);
    let insert = with_newlines(text);
    let select = selection.start..selection.start + insert.len();
    if selection.is_empty() && insert.is_empty() {
        return Plan::select(select).warn(warning);
    }
    Plan::change(TextEdit::replacing(selection, insert).selecting(select)).warn(warning)
}

/// Plans `editor:delete-text-selection`.
pub(super) fn delete(file: &str, selection: Range<usize>) -> Plan {
    if let Some(warning) = nothing_selected(file, &selection) {
        return Plan::nothing(warning);
    }
    let caret = selection.start..selection.start;
    Plan::change(TextEdit::replacing(selection, "").selecting(caret))
}

/// Plans `editor:insert-lines-before-selection`: before the line where it starts.
pub(super) fn insert_before(lines: &Lines<'_>, selection: &Range<usize>, text: &str) -> Plan {
    insert_at(lines, lines.at(selection.start), text)
}

/// Plans `editor:append-lines-after-selection`. Selected whole lines end where the next line starts, which is not theirs.
pub(super) fn append_after(lines: &Lines<'_>, selection: &Range<usize>, text: &str) -> Plan {
    let last = lines.at(selection.end);
    let ends_before_line = !selection.is_empty() && selection.end == lines.start(last);
    let next = if ends_before_line { last } else { last + 1 };
    insert_at(lines, next, text)
}

/// The selection as the text has it: in order, inside, between characters.
pub(super) fn fit(text: &str, selection: Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(selection.start.min(selection.end));
    let end = text.floor_char_boundary(selection.start.max(selection.end));
    start..end
}

fn nothing_selected(file: &str, selection: &Range<usize>) -> Option<Warning> {
    selection.is_empty().then(|| Warning::NothingSelected {
        file: file.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::EditOp;
    use super::super::testing::{check, check_warned, failure};
    use super::{Range, fit};

    fn replace(text: &str) -> EditOp {
        EditOp::ReplaceSelection { text: text.into() }
    }

    fn before(text: &str) -> EditOp {
        EditOp::InsertBeforeSelection { text: text.into() }
    }

    fn after(text: &str) -> EditOp {
        EditOp::AppendAfterSelection { text: text.into() }
    }

    #[test]
    fn replaces_what_is_selected() {
        check("a⟦b⟧c\n", &replace("xy"), "a⟦xy⟧c\n");
        check("a⟦b⟧c\n", &replace("x\r\ny\n"), "a⟦x\ny\n⟧c\n");
        check("a⟦b⟧c\n", &replace(""), "a⟦⟧c\n");
        check("a\n⟦b\n⟧c", &replace("日"), "a\n⟦日⟧c");
    }

    #[test]
    fn inserts_at_a_caret_and_says_so() {
        let warning = "nothing is selected in f";
        check_warned("ab\n", &replace("x"), "⟦x⟧ab\n", warning);
        check_warned("a⟦⟧b\n", &replace("x"), "a⟦x⟧b\n", warning);
        check_warned("a⟦⟧b\n", &replace(""), "a⟦⟧b\n", warning);
    }

    #[test]
    fn deletes_what_is_selected() {
        let plan = check("a⟦b⟧c\n", &EditOp::DeleteSelection, "a⟦⟧c\n");
        assert!(plan.save);
        check("⟦a\n⟧b\n", &EditOp::DeleteSelection, "⟦⟧b\n");
        let warning = "nothing is selected in f";
        check_warned("a⟦⟧b\n", &EditOp::DeleteSelection, "ab\n", warning);
        let plan = check("a⟦⟧b\n", &EditOp::DeleteSelection, "ab\n");
        assert!(!plan.save);
    }

    #[test]
    fn inserts_before_the_first_selected_line() {
        check("a\nb⟦⟧b\nc", &before("X"), "a\n⟦X\n⟧bb\nc");
        check("a\nb⟦b\nc⟧", &before("X"), "a\n⟦X\n⟧bb\nc");
        check("a\n⟦⟧", &before("X\nY"), "a\n⟦X\nY\n⟧");
        check("⟦⟧", &before(""), "⟦\n⟧");
    }

    #[test]
    fn appends_after_the_last_selected_line() {
        check("a⟦⟧\nb\n", &after("X"), "a\n⟦X\n⟧b\n");
        check("⟦⟧a\nb\n", &after("X"), "a\n⟦X\n⟧b\n");
        check("⟦a\nb⟧b\nc", &after("X"), "a\nbb\n⟦X\n⟧c");
        check("⟦a\n⟧b\n", &after("X"), "a\n⟦X\n⟧b\n");
        check("⟦a\nb\n⟧", &after("X"), "a\nb\n⟦X\n⟧");
        check("a\n⟦b⟧", &after("X"), "a\nb\n⟦X\n⟧");
        check("a\n⟦⟧", &after("X"), "a\n\n⟦X\n⟧");
    }

    #[test]
    fn needs_the_file() {
        for op in [
            replace("x"),
            EditOp::DeleteSelection,
            before("x"),
            after("x"),
        ] {
            assert_eq!(failure(None, &op), "f does not exist");
        }
    }

    #[test]
    fn a_selection_is_made_to_fit() {
        assert_eq!(fit("añb", Range { start: 9, end: 2 }), 1..4);
        assert_eq!(fit("", 3..4), 0..0);
    }
}
