//! Looking for literals and expressions, line by line or across lines (`actions.md` 3.6, matching rules).

use std::ops::Range;

use regress::Regex;

use super::line_index::{Lines, with_newlines};
use super::plan::{EditError, Warning};
use super::{LineRange, Pattern};

/// A pattern that is ready to be looked for in a file.
pub(super) struct Search<'a> {
    file: &'a str,
    /// With `\n` as its only line end, as texts have it.
    text: String,
    kind: Kind,
}

enum Kind {
    Literal,
    Expression { regex: Regex, group: usize },
}

/// Bytes.
const LONGEST_CHECKED: usize = 1000;

impl Pattern {
    /// Whether it can be looked for, so that an author hears of it before anybody clicks. An expression of more than
    /// [`LONGEST_CHECKED`] bytes is not looked at: reading thousands of alternatives takes more stack than there is, which
    /// only the process that edits may risk.
    ///
    /// # Errors
    /// What is wrong with an expression that is none of ECMAScript.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.regex && self.text.len() <= LONGEST_CHECKED {
            Regex::new(&with_newlines(&self.text)).map_err(|error| error.text)?;
        }
        Ok(())
    }
}

/// A match in absolute positions.
struct Found {
    /// All of it: the search goes on after it.
    whole: Range<usize>,
    /// What counts: the group asked for. May reach beyond the whole by way of look-around.
    span: Range<usize>,
}

impl<'a> Search<'a> {
    pub(super) fn new(file: &'a str, pattern: &Pattern) -> Result<Self, EditError> {
        if pattern.text.is_empty() {
            return Err(EditError::NothingToFind {
                file: file.to_owned(),
            });
        }
        let text = with_newlines(&pattern.text).into_owned();
        let kind = if pattern.regex {
            let regex = Regex::new(&text).map_err(|error| EditError::BadPattern {
                pattern: text.clone(),
                reason: error.text,
            })?;
            let group = pattern.group;
            Kind::Expression { regex, group }
        } else {
            Kind::Literal
        };
        Ok(Self { file, text, kind })
    }

    /// A literal without the blanks around it. One of nothing but blanks is on no line.
    pub(super) fn trimmed(file: &'a str, literal: &str) -> Result<Self, EditError> {
        let mut search = Self::new(
            file,
            &Pattern {
                text: literal.to_owned(),
                regex: false,
                group: 0,
            },
        )?;
        search.text = search.text.trim_matches(is_blank).to_owned();
        Ok(search)
    }

    /// The first line that the pattern matches, each line taken alone.
    pub(super) fn first_line(&self, lines: &Lines<'_>) -> Option<usize> {
        (0..lines.count()).find(|line| match &self.kind {
            Kind::Literal => !self.text.is_empty() && lines.line(*line).contains(&self.text),
            Kind::Expression { regex, .. } => regex.find(lines.line(*line)).is_some(),
        })
    }

    /// The matches within some lines, sorted and disjoint, at most `limit`. A pattern of one line counts once a line;
    /// one that holds a newline is looked for in the lines as a block.
    pub(super) fn find_all(
        &self,
        lines: &Lines<'_>,
        within: Range<usize>,
        limit: usize,
    ) -> Result<Vec<Range<usize>>, EditError> {
        if self.text.contains('\n') {
            return self.find_in_block(lines, within, limit);
        }
        let mut spans = Vec::new();
        for line in within {
            if spans.len() >= limit {
                break;
            }
            let range = lines.start(line)..lines.end(line);
            if let Some(found) = self.find(lines, &range, range.start)? {
                spans.push(found.span);
            }
        }
        Ok(spans)
    }

    fn find_in_block(
        &self,
        lines: &Lines<'_>,
        within: Range<usize>,
        limit: usize,
    ) -> Result<Vec<Range<usize>>, EditError> {
        // An empty range is its first line, and the newline of the last line is outside.
        let last = within.end.saturating_sub(1).max(within.start);
        let block = lines.start(within.start)..lines.end(last);
        let mut spans: Vec<Range<usize>> = Vec::new();
        let mut from = block.start;
        while spans.len() < limit
            && from <= block.end
            && let Some(found) = self.find(lines, &block, from)?
        {
            // A match of nothing would be found for ever in the same place.
            from = if found.whole.is_empty() {
                after_next_character(lines.text, found.whole.end)
            } else {
                found.whole.end
            };
            // A group of a look-around may lie in or before what an earlier match took.
            let taken = spans
                .last()
                .is_some_and(|last| found.span.start < last.end || found.span == *last);
            if !taken {
                spans.push(found.span);
            }
        }
        Ok(spans)
    }

    fn find(
        &self,
        lines: &Lines<'_>,
        within: &Range<usize>,
        from: usize,
    ) -> Result<Option<Found>, EditError> {
        let base = within.start;
        let haystack = &lines.text[within.clone()];
        let absolute = |range: Range<usize>| range.start + base..range.end + base;
        match &self.kind {
            Kind::Literal => Ok(lines.text[from..within.end].find(&self.text).map(|at| {
                let span = from + at..from + at + self.text.len();
                Found {
                    whole: span.clone(),
                    span,
                }
            })),
            Kind::Expression { regex, group } => {
                let Some(found) = regex.find_from(haystack, from - base).next() else {
                    return Ok(None);
                };
                let whole = absolute(found.range());
                match found.groups().nth(*group) {
                    Some(Some(span)) => Ok(Some(Found {
                        whole,
                        span: absolute(span),
                    })),
                    Some(None) => Err(EditError::GroupNotMatched {
                        file: self.file.to_owned(),
                        pattern: self.text.clone(),
                        group: *group,
                        line: lines.at(whole.start) + 1,
                    }),
                    None => Err(EditError::NoSuchGroup {
                        pattern: self.text.clone(),
                        group: *group,
                    }),
                }
            }
        }
    }

    /// Says that the pattern was not found in the whole file or in some of its lines.
    pub(super) fn not_found(&self, lines: Option<(usize, usize)>) -> Warning {
        let file = self.file.to_owned();
        match self.kind {
            Kind::Literal if self.text.is_empty() => Warning::OnlyBlanks { file },
            Kind::Literal => Warning::TextNotFound {
                file,
                text: self.text.clone(),
                lines,
            },
            Kind::Expression { .. } => Warning::PatternNotFound {
                file,
                pattern: self.text.clone(),
                lines,
            },
        }
    }

    /// Says that the pattern was not found in the lines that an author named.
    pub(super) fn not_found_within(&self, lines: &Lines<'_>, asked: LineRange) -> Warning {
        let Range { start, end } = asked.resolve(lines.count());
        if asked == LineRange::default() {
            self.not_found(None)
        } else if end <= start {
            Warning::NothingToSearch {
                file: self.file.to_owned(),
                start: asked.start.unwrap_or(0),
                stop: asked.stop.unwrap_or(0),
            }
        } else {
            self.not_found(Some((start + 1, end)))
        }
    }
}

impl LineRange {
    /// The lines of a text of so many lines, from 0.
    pub(super) fn resolve(self, count: usize) -> Range<usize> {
        let index = |line: i64, most: usize| {
            let line = if line < 0 {
                count.saturating_sub(usize::try_from(line.unsigned_abs()).unwrap_or(usize::MAX))
            } else {
                usize::try_from(line).unwrap_or(usize::MAX)
            };
            line.min(most)
        };
        let start = self.start.map_or(0, |line| index(line, count - 1));
        let stop = self.stop.map_or(count, |line| index(line, count));
        start..stop
    }
}

/// What ECMAScript's `trim` takes away.
fn is_blank(c: char) -> bool {
    c == '\u{feff}' || (c.is_whitespace() && c != '\u{85}')
}

fn after_next_character(text: &str, at: usize) -> usize {
    at + text[at..].chars().next().map_or(1, char::len_utf8)
}

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;
