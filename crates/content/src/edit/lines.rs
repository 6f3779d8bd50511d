//! Acts on whole files and numbered lines (`actions.md` 3.5). Line numbers count from 1 as authors write them.

use super::line_index::{Lines, as_lines};
use super::plan::{EditError, Plan, Warning};
use super::text_edit::TextEdit;

/// Blank lines that an insertion past the end may need at most.
const MAX_PADDING: usize = 100_000;

/// Plans an act that makes its missing file: the text goes in, wherever it was meant to go in the file.
pub(super) fn create(text: &str) -> Plan {
    Plan {
        create: true,
        ..Plan::change(TextEdit::replacing(0..0, as_lines(text)).selecting(0..0))
    }
}

/// Plans `editor:create-file` where there is none.
pub(super) fn create_file(text: &str) -> Plan {
    if text.is_empty() {
        return Plan {
            create: true,
            save: true,
            ..Plan::select(0..0)
        };
    }
    create(text)
}

/// Plans `editor:create-file` over a file.
pub(super) fn overwrite(lines: &Lines<'_>, text: &str) -> Plan {
    let content = if text.is_empty() {
        String::new()
    } else {
        as_lines(text)
    };
    let mut edit = TextEdit::default();
    if content != lines.text {
        edit = TextEdit::replacing(0..lines.text.len(), content);
    }
    Plan::change(edit.selecting(0..0))
}

/// Plans `editor:append-lines-to-file`.
pub(super) fn append(lines: &Lines<'_>, text: &str) -> Plan {
    let last = lines.last();
    let missing = usize::from(!lines.line(last).is_empty());
    insert_padded(lines, last, missing, text)
}

/// Plans `editor:insert-lines-before-line`.
pub(super) fn insert_before(
    file: &str,
    lines: &Lines<'_>,
    line: i64,
    text: &str,
) -> Result<Plan, EditError> {
    insert_at_checked(file, lines, line, line.checked_sub(1), text)
}

/// Plans `editor:append-lines-after-line`.
pub(super) fn append_after(
    file: &str,
    lines: &Lines<'_>,
    line: i64,
    text: &str,
) -> Result<Plan, EditError> {
    insert_at_checked(file, lines, line, Some(line), text)
}

/// Inserts at an index that comes from the author's `line`.
fn insert_at_checked(
    file: &str,
    lines: &Lines<'_>,
    line: i64,
    index: Option<i64>,
    text: &str,
) -> Result<Plan, EditError> {
    let Some(index) = index.and_then(|index| usize::try_from(index).ok()) else {
        let warning = Warning::NothingInserted {
            file: file.to_owned(),
            line,
        };
        return Ok(Plan {
            save: true,
            ..Plan::nothing(warning)
        });
    };
    if index.saturating_sub(lines.last()) > MAX_PADDING {
        return Err(EditError::LineTooFar {
            file: file.to_owned(),
            line,
            count: lines.count(),
        });
    }
    Ok(insert_at(lines, index, text))
}

/// Inserts so that the first new line becomes line `index`, from 0, with blank lines up to there if the text is shorter.
pub(super) fn insert_at(lines: &Lines<'_>, index: usize, text: &str) -> Plan {
    let line = index.min(lines.last());
    insert_padded(lines, line, index - line, text)
}

/// Inserts before a line that there is, or after as many newlines at the end of the text.
fn insert_padded(lines: &Lines<'_>, line: usize, padding: usize, text: &str) -> Plan {
    let at = if padding == 0 {
        lines.start(line)
    } else {
        lines.text.len()
    };
    let insert = "\n".repeat(padding) + &as_lines(text);
    let select = at + padding..at + insert.len();
    Plan::change(TextEdit::replacing(at..at, insert).selecting(select))
}

/// Plans `editor:select-lines-in-range`.
pub(super) fn select(file: &str, lines: &Lines<'_>, start: i64, stop: i64) -> Plan {
    let clamped = Clamped::new(file, lines, start, stop);
    Plan::select(lines.whole(clamped.first, clamped.last)).warn(clamped.warning)
}

/// Plans `editor:delete-lines-in-range`.
pub(super) fn delete(file: &str, lines: &Lines<'_>, start: i64, stop: i64) -> Plan {
    let clamped = Clamped::new(file, lines, start, stop);
    delete_between(lines, clamped.first, clamped.last).warn(clamped.warning)
}

/// Deletes lines, both included, from 0. At the end of the text the newline *before* them goes: the last line has none.
pub(super) fn delete_between(lines: &Lines<'_>, first: usize, last: usize) -> Plan {
    let range = if last == lines.last() && first > 0 {
        lines.end(first - 1)..lines.text.len()
    } else {
        lines.whole(first, last)
    };
    let place = range.start..range.start;
    let mut edit = TextEdit::default();
    if !range.is_empty() {
        edit = TextEdit::replacing(range, "");
    }
    Plan {
        reveal: Some(place),
        ..Plan::change(edit)
    }
}

/// Plans `editor:replace-lines-in-range`. At the end of the text the new last line gets no newline, as the old had none.
pub(super) fn replace(file: &str, lines: &Lines<'_>, start: i64, stop: i64, text: &str) -> Plan {
    let clamped = Clamped::new(file, lines, start, stop);
    let mut insert = as_lines(text);
    if clamped.last == lines.last() && clamped.first > 0 {
        insert.pop();
    }
    let range = lines.whole(clamped.first, clamped.last);
    let select = range.start..range.start + insert.len();
    Plan::change(TextEdit::replacing(range, insert).selecting(select)).warn(clamped.warning)
}

/// A range of lines as the text has them: from 0, both included.
struct Clamped {
    first: usize,
    last: usize,
    warning: Option<Warning>,
}

impl Clamped {
    fn new(file: &str, lines: &Lines<'_>, start: i64, stop: i64) -> Self {
        let (low, high) = (start.min(stop), start.max(stop));
        let count = i64::try_from(lines.count()).unwrap_or(i64::MAX);
        let index = |line: i64| usize::try_from(line.clamp(1, count) - 1).unwrap_or(0);
        let outside = if low > count {
            Some(low)
        } else {
            (high < 1).then_some(high)
        };
        Self {
            first: index(low),
            last: index(high),
            warning: outside.map(|line| Warning::NoSuchLine {
                file: file.to_owned(),
                line,
                count: lines.count(),
            }),
        }
    }
}

#[cfg(test)]
#[path = "lines_tests.rs"]
mod tests;
