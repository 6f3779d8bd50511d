//! `editor:*` on one file's text (`actions.md` 3.5 and 3.6).

use super::catalog::{Entry, Meaning, editor};
use super::properties::{Problem, Properties, missing, wrong};
use super::{Action, EditorAction};
use crate::edit::{Context, Count, EditOp, LineRange, Pattern};

const MATCH: &[&str] = &["file", "match", "text"];
const LINE: &[&str] = &["file", "line", "text"];

/// In the order of the specification.
pub(super) const ENTRIES: &[Entry] = &[
    editor("editor:create-file", &["file", "text"], create_file),
    editor(
        "editor:append-lines-to-file",
        &["file", "text"],
        append_lines,
    ),
    editor(
        "editor:prepend-lines-to-file",
        &["file", "text"],
        prepend_lines,
    ),
    editor("editor:insert-lines-before-line", LINE, insert_before_line),
    editor("editor:append-lines-after-line", LINE, append_after_line),
    editor("editor:insert-lines-after-line", LINE, insert_after_line),
    editor("editor:append-lines-after-match", MATCH, append_after_match),
    editor(
        "editor:insert-lines-before-match",
        MATCH,
        insert_before_match,
    ),
    editor(
        "editor:select-lines-in-range",
        &["file", "start", "stop"],
        select_lines,
    ),
    editor(
        "editor:delete-lines-in-range",
        &["file", "start", "stop"],
        delete_lines,
    ),
    editor(
        "editor:replace-lines-in-range",
        &["file", "start", "stop", "text"],
        replace_lines,
    ),
    editor(
        "editor:delete-matching-lines",
        &["file", "match", "isRegex", "before", "after"],
        delete_matching,
    ),
    editor(
        "editor:select-matching-text",
        &[
            "file", "text", "isRegex", "group", "start", "stop", "before", "after",
        ],
        select_matching,
    ),
    editor(
        "editor:replace-matching-text",
        &[
            "file",
            "match",
            "replacement",
            "isRegex",
            "group",
            "start",
            "stop",
            "count",
        ],
        replace_matching,
    ),
    editor(
        "editor:replace-text-selection",
        &["file", "text"],
        replace_selection,
    ),
    editor("editor:delete-text-selection", &["file"], delete_selection),
    editor(
        "editor:insert-lines-before-selection",
        &["file", "text"],
        insert_before_selection,
    ),
    editor(
        "editor:append-lines-after-selection",
        &["file", "text"],
        append_after_selection,
    ),
];

pub(super) fn create_file(properties: &mut Properties) -> Result<Meaning, Problem> {
    with_text(
        properties,
        |file| format!("Create file {file}"),
        |text| EditOp::CreateFile { text },
    )
}

pub(super) fn append_lines(properties: &mut Properties) -> Result<Meaning, Problem> {
    with_text(
        properties,
        |file| format!("Append lines to file {file}"),
        |text| EditOp::AppendLines { text },
    )
}

pub(super) fn prepend_lines(properties: &mut Properties) -> Result<Meaning, Problem> {
    with_text(
        properties,
        |file| format!("Prepend lines to file {file}"),
        |text| EditOp::PrependLines { text },
    )
}

pub(super) fn insert_before_line(properties: &mut Properties) -> Result<Meaning, Problem> {
    let line = required_line(properties)?;
    with_text(
        properties,
        |file| format!("Insert lines before line {line} in file {file}"),
        |text| EditOp::InsertBeforeLine { line, text },
    )
}

pub(super) fn append_after_line(properties: &mut Properties) -> Result<Meaning, Problem> {
    after_line(properties, "Append")
}

pub(super) fn insert_after_line(properties: &mut Properties) -> Result<Meaning, Problem> {
    after_line(properties, "Insert")
}

fn after_line(properties: &mut Properties, verb: &str) -> Result<Meaning, Problem> {
    let line = required_line(properties)?;
    with_text(
        properties,
        |file| format!("{verb} lines after line {line} in file {file}"),
        |text| EditOp::AppendAfterLine { line, text },
    )
}

pub(super) fn append_after_match(properties: &mut Properties) -> Result<Meaning, Problem> {
    let matching = properties.required_strict("match")?;
    with_text(
        properties,
        |file| format!("Append lines after \"{matching}\" in file {file}"),
        |text| EditOp::AppendAfterMatch {
            matching: matching.clone(),
            text,
        },
    )
}

pub(super) fn insert_before_match(properties: &mut Properties) -> Result<Meaning, Problem> {
    let matching = properties.required_strict("match")?;
    with_text(
        properties,
        |file| format!("Insert lines before \"{matching}\" in file {file}"),
        |text| EditOp::InsertBeforeMatch {
            matching: matching.clone(),
            text,
        },
    )
}

pub(super) fn select_lines(properties: &mut Properties) -> Result<Meaning, Problem> {
    let (start, stop) = range(properties)?;
    let body = one_or_many("Select", start, stop);
    let title = format!(
        "Select lines {start}-{stop} in file {}",
        quoted_file(properties)?
    );
    Ok(edit(properties, EditOp::SelectLines { start, stop }, title)?.with_body(body))
}

pub(super) fn delete_lines(properties: &mut Properties) -> Result<Meaning, Problem> {
    let (start, stop) = range(properties)?;
    let body = one_or_many("Delete", start, stop);
    let title = format!(
        "Delete lines {start}-{stop} in file {}",
        quoted_file(properties)?
    );
    Ok(edit(properties, EditOp::DeleteLines { start, stop }, title)?.with_body(body))
}

pub(super) fn replace_lines(properties: &mut Properties) -> Result<Meaning, Problem> {
    let start = properties
        .integer("start")?
        .ok_or_else(|| missing("start"))?;
    let stop = properties.integer("stop")?.ok_or_else(|| missing("stop"))?;
    with_text(
        properties,
        |file| format!("Replace lines {start}-{stop} in file {file}"),
        |text| EditOp::ReplaceLines { start, stop, text },
    )
}

pub(super) fn delete_matching(properties: &mut Properties) -> Result<Meaning, Problem> {
    let pattern = pattern(properties, "match")?;
    let none = Context::Lines(0);
    let before = properties.context("before")?.unwrap_or(none);
    let after = properties.context("after")?.unwrap_or(none);
    let body = pattern.text.clone();
    let title = format!(
        "Delete lines matching \"{body}\" in file {}",
        quoted_file(properties)?
    );
    Ok(edit(
        properties,
        EditOp::DeleteMatchingLines {
            pattern,
            before,
            after,
        },
        title,
    )?
    .with_body(body))
}

pub(super) fn select_matching(properties: &mut Properties) -> Result<Meaning, Problem> {
    let pattern = pattern(properties, "text")?;
    let file = quoted_file(properties)?;
    let title = match (pattern.regex, pattern.group) {
        (false, _) => format!("Select text in file {file}"),
        (true, 0) => format!("Match pattern in file {file}"),
        (true, group) => format!("Match pattern group {group} in file {file}"),
    };
    let body = pattern.text.clone();
    let op = EditOp::SelectMatching {
        pattern,
        lines: lines(properties)?,
        before: properties.context("before")?,
        after: properties.context("after")?,
    };
    Ok(edit(properties, op, title)?.with_body(body))
}

pub(super) fn replace_matching(properties: &mut Properties) -> Result<Meaning, Problem> {
    let pattern = pattern(properties, "match")?;
    let replacement = properties
        .strict_text("replacement")?
        .ok_or_else(|| missing("replacement"))?;
    let count = match properties.number("count")? {
        Some(count) if count < 0.0 || count.is_infinite() => Count::All,
        Some(count) if count >= 1.0 => Count::First(count as usize),
        _ => Count::First(1),
    };
    let body = format!("{} → {replacement}", pattern.text);
    let title = format!("Replace matching text in file {}", quoted_file(properties)?);
    let op = EditOp::ReplaceMatching {
        pattern,
        lines: lines(properties)?,
        replacement,
        count,
    };
    Ok(edit(properties, op, title)?.with_body(body))
}

pub(super) fn replace_selection(properties: &mut Properties) -> Result<Meaning, Problem> {
    properties.text("text")?.ok_or_else(|| missing("text"))?;
    with_text(
        properties,
        |file| format!("Replace text selection in file {file}"),
        |text| EditOp::ReplaceSelection { text },
    )
}

pub(super) fn delete_selection(properties: &mut Properties) -> Result<Meaning, Problem> {
    let title = format!("Delete text selection in file {}", quoted_file(properties)?);
    edit(properties, EditOp::DeleteSelection, title)
}

pub(super) fn insert_before_selection(properties: &mut Properties) -> Result<Meaning, Problem> {
    with_text(
        properties,
        |file| format!("Insert lines before selection in file {file}"),
        |text| EditOp::InsertBeforeSelection { text },
    )
}

pub(super) fn append_after_selection(properties: &mut Properties) -> Result<Meaning, Problem> {
    with_text(
        properties,
        |file| format!("Append lines after selection in file {file}"),
        |text| EditOp::AppendAfterSelection { text },
    )
}

fn with_text(
    properties: &mut Properties,
    title: impl FnOnce(&str) -> String,
    op: impl FnOnce(String) -> EditOp,
) -> Result<Meaning, Problem> {
    let text = properties.strict_text("text")?.unwrap_or_default();
    let title = title(&quoted_file(properties)?);
    Ok(edit(properties, op(text.clone()), title)?.with_body(text))
}

fn edit(properties: &Properties, op: EditOp, title: String) -> Result<Meaning, Problem> {
    Ok(Meaning::new(
        Action::Editor(EditorAction::Edit {
            file: properties.required("file")?,
            op,
        }),
        title,
    ))
}

fn quoted_file(properties: &Properties) -> Result<String, Problem> {
    Ok(format!("\"{}\"", properties.required("file")?))
}

fn required_line(properties: &Properties) -> Result<i64, Problem> {
    properties.integer("line")?.ok_or_else(|| missing("line"))
}

fn range(properties: &Properties) -> Result<(i64, i64), Problem> {
    let start = properties
        .integer("start")?
        .ok_or_else(|| missing("start"))?;
    Ok((start, properties.integer("stop")?.unwrap_or(start)))
}

fn one_or_many(verb: &str, start: i64, stop: i64) -> String {
    if start == stop {
        format!("{verb} line {start}")
    } else {
        format!("{verb} lines {start} to {stop}")
    }
}

fn pattern(properties: &mut Properties, name: &'static str) -> Result<Pattern, Problem> {
    let text = properties.required_strict(name)?;
    let regex = properties.truthy("isRegex");
    let group = match properties.integer("group")? {
        Some(group) if regex && group < 0 => return Err(wrong("group", "must be 0 or more")),
        Some(group) if regex => group as usize,
        _ => 0,
    };
    let pattern = Pattern { text, regex, group };
    match pattern.check() {
        Ok(()) => Ok(pattern),
        Err(reason) => Err(wrong(
            name,
            &format!("is not a valid regular expression: {reason}"),
        )),
    }
}

fn lines(properties: &Properties) -> Result<LineRange, Problem> {
    Ok(LineRange {
        start: properties.integer("start")?,
        stop: properties.integer("stop")?,
    })
}
