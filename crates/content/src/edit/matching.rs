//! Acts that look for a text (`actions.md` 3.5 and 3.6).

use std::ops::Range;

use super::line_index::{Lines, with_newlines};
use super::lines::{delete_between, insert_at};
use super::plan::{EditError, Plan, Warning};
use super::search::Search;
use super::text_edit::{Change, TextEdit};
use super::{Context, Count, LineRange, Pattern};

/// Plans `editor:append-lines-after-match`; without a match, after the last line.
pub(super) fn append_after(
    file: &str,
    lines: &Lines<'_>,
    matching: &str,
    text: &str,
) -> Result<Plan, EditError> {
    let search = Search::trimmed(file, matching)?;
    Ok(match search.first_line(lines) {
        Some(line) => insert_at(lines, line + 1, text),
        None => insert_near_end(&search, lines, lines.count(), text),
    })
}

/// Plans `editor:insert-lines-before-match`; without a match, before the last line.
pub(super) fn insert_before(
    file: &str,
    lines: &Lines<'_>,
    matching: &str,
    text: &str,
) -> Result<Plan, EditError> {
    let search = Search::trimmed(file, matching)?;
    Ok(match search.first_line(lines) {
        Some(line) => insert_at(lines, line, text),
        None => insert_near_end(&search, lines, lines.last(), text),
    })
}

fn insert_near_end(search: &Search<'_>, lines: &Lines<'_>, index: usize, text: &str) -> Plan {
    let warning = match search.not_found(None) {
        Warning::TextNotFound { file, text, .. } => Warning::InsertedNearEnd {
            file,
            text,
            line: index + 1,
        },
        other => other,
    };
    insert_at(lines, index, text).warn(warning)
}

/// Plans `editor:delete-matching-lines`: the first line that matches, with its neighbours.
pub(super) fn delete(
    file: &str,
    lines: &Lines<'_>,
    pattern: &Pattern,
    before: Context,
    after: Context,
) -> Result<Plan, EditError> {
    let search = if pattern.regex {
        Search::new(file, pattern)?
    } else {
        Search::trimmed(file, &pattern.text)?
    };
    Ok(match search.first_line(lines) {
        Some(line) => {
            let (first, last) = widen(lines, line, line, before, after);
            delete_between(lines, first, last)
        }
        None => Plan::nothing(search.not_found(None)),
    })
}

/// Plans `editor:select-matching-text`: the match itself, or whole lines once `before` or `after` is given.
pub(super) fn select(
    file: &str,
    lines: &Lines<'_>,
    pattern: &Pattern,
    range: LineRange,
    before: Option<Context>,
    after: Option<Context>,
) -> Result<Plan, EditError> {
    let search = Search::new(file, pattern)?;
    let found = search.find_all(lines, range.resolve(lines.count()), 1)?;
    let Some(span) = found.into_iter().next() else {
        return Ok(Plan::nothing(search.not_found_within(lines, range)));
    };
    if before.is_none() && after.is_none() {
        return Ok(Plan::select(span));
    }
    let none = Context::Lines(0);
    let (first, last) = widen(
        lines,
        lines.at(span.start),
        lines.at(span.end),
        before.unwrap_or(none),
        after.unwrap_or(none),
    );
    Ok(Plan::select(lines.whole(first, last)))
}

/// Plans `editor:replace-matching-text`. The last replacement is selected where it is after the edit.
pub(super) fn replace(
    file: &str,
    lines: &Lines<'_>,
    pattern: &Pattern,
    range: LineRange,
    replacement: &str,
    count: Count,
) -> Result<Plan, EditError> {
    let limit = match count {
        Count::First(count) => count.max(1),
        Count::All => usize::MAX,
    };
    let search = Search::new(file, pattern)?;
    let found = search.find_all(lines, range.resolve(lines.count()), limit)?;
    let Some(last) = found.last().cloned() else {
        return Ok(Plan::nothing(search.not_found_within(lines, range)));
    };
    let insert = with_newlines(replacement);
    let removed: usize = found[..found.len() - 1].iter().map(Range::len).sum();
    let start = last.start + insert.len() * (found.len() - 1) - removed;
    let edit = TextEdit {
        changes: found
            .into_iter()
            .map(|range| Change {
                range,
                insert: insert.clone().into_owned(),
            })
            .collect(),
        select: Some(start..start + insert.len()),
    };
    Ok(Plan::change(edit))
}

/// Adds the lines around; both ends included, from 0.
fn widen(
    lines: &Lines<'_>,
    first: usize,
    last: usize,
    before: Context,
    after: Context,
) -> (usize, usize) {
    let first = match before {
        Context::Lines(count) => first.saturating_sub(count),
        Context::All => 0,
    };
    let last = match after {
        Context::Lines(count) => last.saturating_add(count).min(lines.last()),
        Context::All => lines.last(),
    };
    (first, last)
}

#[cfg(test)]
#[path = "matching_tests.rs"]
mod tests;
