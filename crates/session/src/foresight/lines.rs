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
            let mut found = missing(*line, text, written.file, place("line"))?;
            if let Some(label) = found.labels.first_mut() {
                label.text = "blank lines are put before it".to_owned();
            }
            Some(found)
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

/// A line behind the last one of a text. The empty one behind the last line's end may be meant: what is inserted there stands at
/// the end.
pub(super) fn missing(line: i64, text: &str, file: &str, place: Span) -> Option<Diagnostic> {
    let lines = text.lines().count();
    let last = text.matches('\n').count() as i64 + 1;
    // `.INF` is the end of any file.
    let is_behind = line > last && line != i64::MAX;
    is_behind.then(|| {
        let s = if lines == 1 { "" } else { "s" };
        let message = format!("there is no line {line}: {file} has {lines} line{s} then");
        Diagnostic::warning("no-such-line", message)
            .at(place, "the last line is taken")
            .help("count the lines of the file as it is when this action runs")
    })
}

#[cfg(test)]
mod tests {
    use atelier_content::diagnostic::Sources;

    use super::*;

    #[test]
    fn the_empty_line_at_the_end_is_there() {
        let file = Sources::default().add("page.md", "");
        for (text, line, is_missing) in [
            ("a\nb\n", 2, false),
            ("a\nb\n", 3, false),
            ("a\nb\n", 4, true),
            ("a\nb", 2, false),
            ("a\nb", 3, true),
            ("", 1, false),
            ("", 2, true),
            ("a\n", -1, false),
            ("a\n", i64::MAX, false),
        ] {
            let found = missing(line, text, "a.txt", Span::new(file, 0..0));
            assert_eq!(found.is_some(), is_missing, "{text:?} {line}");
        }
    }
}
