//! A text seen as an editor sees it: lines, counted with the empty one after a final newline.

use std::borrow::Cow;
use std::ops::Range;

/// The lines of a text, from 0. There is always one line more than there are newlines.
pub(super) struct Lines<'t> {
    pub(super) text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Self { text, starts }
    }

    pub(super) fn count(&self) -> usize {
        self.starts.len()
    }

    pub(super) fn last(&self) -> usize {
        self.starts.len() - 1
    }

    /// Where a line begins; the end of the text for lines that are not there.
    pub(super) fn start(&self, line: usize) -> usize {
        self.starts.get(line).copied().unwrap_or(self.text.len())
    }

    /// Where a line ends, its newline excluded.
    pub(super) fn end(&self, line: usize) -> usize {
        match self.starts.get(line + 1) {
            Some(next) => next - 1,
            None => self.text.len(),
        }
    }

    /// A line without its newline.
    pub(super) fn line(&self, line: usize) -> &'t str {
        &self.text[self.start(line)..self.end(line)]
    }

    /// The line that a position is on.
    pub(super) fn at(&self, position: usize) -> usize {
        self.starts.partition_point(|start| *start <= position) - 1
    }

    /// Whole lines, both included, newlines included.
    pub(super) fn whole(&self, first: usize, last: usize) -> Range<usize> {
        self.start(first)..self.start(last + 1)
    }
}

/// What an author wrote, with the line ends that texts have in here.
pub(super) fn with_newlines(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n").into()
    } else {
        text.into()
    }
}

/// The same as whole lines: with exactly the newline that may be missing at the end.
pub(super) fn as_lines(text: &str) -> String {
    let mut lines = with_newlines(text).into_owned();
    if !lines.ends_with('\n') {
        lines.push('\n');
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_the_empty_line_after_the_final_newline() {
        let lines = Lines::new("a\nbc\n");
        assert_eq!(lines.count(), 3);
        assert_eq!((lines.line(1), lines.line(2)), ("bc", ""));
        assert_eq!(lines.whole(1, 1), 2..5);
        assert_eq!(lines.whole(2, 9), 5..5);
        assert_eq!([0, 1, 2, 4, 5].map(|at| lines.at(at)), [0, 0, 1, 1, 2]);
    }

    #[test]
    fn knows_one_line_end_only() {
        assert_eq!(with_newlines("a\r\nb\rc\n"), "a\nb\nc\n");
        assert_eq!(as_lines(""), "\n");
        assert_eq!(as_lines("a\r\n"), "a\n");
    }
}
