//! Editor actions on the picture of the home: what they would change, and what they would not find.

use atelier_content::edit::{self, EditError, EditOp, TextEdit};
use atelier_content::{Diagnostic, Span};
use camino::Utf8Path;

use super::home::{Held, Home};

/// Plans an edit on what is known of its file, and keeps what comes of it.
pub(super) fn edit(
    home: &mut Home,
    path: &Utf8Path,
    written: &str,
    op: &EditOp,
    place: Span,
    block: Span,
) -> Option<Diagnostic> {
    let known = home.text(path);
    if known.is_none() && home.has(path) {
        return None;
    }
    // An expression may search for ever, and its text is another one afterwards.
    if op.uses_regex() {
        let absence = home.absence(path);
        home.make_unknown(path);
        return absence.map(|absence| absence.diagnostic(written, place));
    }
    let (text, selection) = match known {
        Some((text, selection)) => (Some(text), selection),
        None => (None, 0..0),
    };
    match edit::plan(op, written, text.as_deref(), selection.clone()) {
        Ok(plan) => {
            let folder = path.parent().unwrap_or(Utf8Path::new(""));
            if text.is_none() && home.folder_absence(folder).is_some() {
                home.make_unknown(path);
                return Some(missing_folder(folder, place));
            }
            let before = text.unwrap_or_default();
            let problem = match plan.warning {
                Some(warning) => Some(
                    Diagnostic::warning("no-match", warning.to_string())
                        .at(place, "changes nothing, or the wrong place")
                        .help("compare it with the file as it is when this action runs, space by space"),
                ),
                None => lost_indentation(path, &before, &plan.edit, block),
            };
            let after = plan.edit.apply(&before);
            let selection = plan.edit.select.unwrap_or(selection);
            home.put(path, Held::Text(after, selection));
            problem
        }
        Err(EditError::MissingFile { .. }) => {
            let absence = home.absence(path);
            home.make_unknown(path);
            absence.map(|absence| absence.diagnostic(written, place))
        }
        Err(error) => {
            Some(Diagnostic::warning("failing-edit", error.to_string()).at(place, "it will fail"))
        }
    }
}

/// The editor shows the file already.
pub(super) fn redundant(block: Span, file: &str) -> Diagnostic {
    Diagnostic::warning(
        "redundant-open",
        format!("`{file}` is open already: the action before has shown it"),
    )
    .at(block, "moves the caret to the first line")
    .help("remove this action, or say with `line` what it is to show")
}

fn missing_folder(folder: &Utf8Path, place: Span) -> Diagnostic {
    Diagnostic::warning(
        "missing-folder",
        format!("there is no folder `~/{folder}` when this action runs"),
    )
    .at(place, "it will fail")
    .help("make it with `editor:create-directory` before")
}

/// Languages in which the depth of a line says what it belongs to.
const BY_INDENTATION: [&str; 3] = ["py", "yaml", "yml"];

/// New lines that stand less deep than both their neighbours, or whose first line stands less deep than the rest without
/// opening anything: YAML has taken the indentation that was meant for the file.
fn lost_indentation(
    path: &Utf8Path,
    before: &str,
    edit: &TextEdit,
    block: Span,
) -> Option<Diagnostic> {
    if !path
        .extension()
        .is_some_and(|extension| BY_INDENTATION.contains(&extension))
    {
        return None;
    }
    let [change] = &edit.changes[..] else {
        return None;
    };
    let whole_lines = change.range.start == 0 || before[..change.range.start].ends_with('\n');
    if !whole_lines || change.insert.trim().is_empty() {
        return None;
    }
    let mut lines = change.insert.lines().filter(|line| !line.trim().is_empty());
    let first = lines.next()?;
    let second = lines.next();
    let after_line = before[change.range.end..]
        .lines()
        .find(|line| !line.trim().is_empty());
    let before_line = before[..change.range.start]
        .lines()
        .rev()
        .find(|line| !line.trim().is_empty());
    let between = before_line
        .zip(after_line)
        .is_some_and(|(above, below)| depth(above) > depth(first) && depth(below) > depth(first));
    let below_opening = before_line.is_some_and(|above| {
        path.extension() == Some("py") && opens(above) && depth(first) <= depth(above)
    });
    let ragged = second.is_some_and(|second| {
        path.extension() == Some("py")
            && depth(second) > depth(first)
            && !opens(first)
            && !goes_on(first)
    });
    let empty = second.is_some_and(|second| {
        path.extension() == Some("py") && opens(first) && depth(second) <= depth(first)
    });
    let message = if between || below_opening {
        "the new lines are not as deep as the lines they stand between"
    } else if empty {
        "the second new line is no deeper than the first one, which begins a block"
    } else {
        "the first new line is not as deep as the next one, and opens nothing"
    };
    (between || below_opening || ragged || empty).then(|| {
        Diagnostic::warning("lost-indentation", message)
        .at(
            block,
            "YAML takes the indentation that all lines of a block share",
        )
        .help("say how deep the block stands in the YAML, `text: |2`, and indent its lines further")
    })
}

fn depth(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

fn opens(line: &str) -> bool {
    let code = line.split(" #").next().unwrap_or(line).trim_end();
    code.ends_with(':')
}

/// A line that the next one continues.
fn goes_on(line: &str) -> bool {
    line.trim_end().ends_with(['(', '[', '{', ',', '\\'])
        || line.matches("\"\"\"").count() % 2 == 1
        || line.matches("'''").count() % 2 == 1
        || line.matches(['(', '[', '{']).count() > line.matches([')', ']', '}']).count()
        || line.trim_start().starts_with('#')
}
