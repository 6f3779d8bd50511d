//! Numbers of lines that a file does not have.

use atelier_content::edit::EditOp;
use atelier_content::{Diagnostic, Span};

use super::edits::Written;

/// What is wrong with the lines that an edit counts, in a file of this text.
pub(super) fn beyond(op: &EditOp, text: &str, written: &Written<'_>) -> Option<Diagnostic> {
    let place = |property: &str| {
        let at = written.block.find(&format!("\n{property}:"));
        let start = at.map_or(0, |at| at + 1);
        let length = written.block[start..].lines().next().map_or(0, str::len);
        let start = written.block_place.range.start + start;
        Span::new(written.block_place.file, start..start + length)
    };
    match op {
        EditOp::InsertBeforeLine { line, .. } | EditOp::AppendAfterLine { line, .. } => {
            missing(*line, text, written.file, place("line"))
        }
        EditOp::SelectLines { start, stop }
        | EditOp::DeleteLines { start, stop }
        | EditOp::ReplaceLines { start, stop, .. } => {
            if *stop > 0 && start > stop {
                let message = format!("line {start} comes behind line {stop}");
                let found = Diagnostic::warning("no-such-line", message);
                return Some(
                    found
                        .at(place("start"), "begins behind its end")
                        .help("`start` is the first line, `stop` the last one"),
                );
            }
            missing(*start, text, written.file, place("start"))
        }
        _ => None,
    }
}

/// A line behind the last one of a text.
pub(super) fn missing(line: i64, text: &str, file: &str, place: Span) -> Option<Diagnostic> {
    let lines = text.lines().count() as i64;
    // `.INF` is the end of any file.
    let is_behind = line > lines.max(1) && line != i64::MAX;
    is_behind.then(|| {
        let s = if lines == 1 { "" } else { "s" };
        let message = format!("there is no line {line}: {file} has {lines} line{s} then");
        Diagnostic::warning("no-such-line", message)
            .at(place, "the last line is taken")
            .help("count the lines of the file as it is when this action runs")
    })
}
