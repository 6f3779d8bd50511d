//! The planned change itself.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A planned change of a text: what to replace, and what to select afterwards.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextEdit {
    /// Sorted by position and disjoint; ranges are bytes of the text before the edit.
    pub changes: Vec<Change>,
    /// Bytes of the text after the edit; `None` leaves the selection to follow the text.
    pub select: Option<Range<usize>>,
}

/// One replacement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What is replaced.
    pub range: Range<usize>,
    /// What stands there afterwards.
    pub insert: String,
}

/// Why an edit is not one of this text. Positions are bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEdit {
    /// A change begins before the end of the previous one, or ends before it begins.
    #[error("the change at {0} is out of order")]
    OutOfOrder(usize),
    /// A change reaches past the end of the text, or into a character.
    #[error("the change from {} to {} does not fit the text", .0.start, .0.end)]
    Misplaced(Range<usize>),
    /// What is to be selected does not exist after the edit.
    #[error("the selection from {} to {} does not fit the edited text", .0.start, .0.end)]
    Selection(Range<usize>),
}

impl TextEdit {
    /// An edit of one place.
    pub fn replacing(range: Range<usize>, insert: impl Into<String>) -> Self {
        let insert = insert.into();
        Self {
            changes: vec![Change { range, insert }],
            select: None,
        }
    }

    /// The same edit, selecting this afterwards.
    pub(crate) fn selecting(mut self, select: Range<usize>) -> Self {
        self.select = Some(select);
        self
    }

    /// Whether the edit leaves the text as it is.
    pub fn is_selection_only(&self) -> bool {
        self.changes.is_empty()
    }

    /// Whether the edit can be applied to this text. An edit that comes from elsewhere, another process or an older
    /// text, is checked before it is applied.
    pub fn check(&self, text: &str) -> Result<(), InvalidEdit> {
        let mut at = 0;
        for Change { range, .. } in &self.changes {
            if range.start < at || range.end < range.start {
                return Err(InvalidEdit::OutOfOrder(range.start));
            }
            if text.get(range.clone()).is_none() {
                return Err(InvalidEdit::Misplaced(range.clone()));
            }
            at = range.end;
        }
        match &self.select {
            Some(select) if self.apply(text).get(select.clone()).is_none() => {
                Err(InvalidEdit::Selection(select.clone()))
            }
            _ => Ok(()),
        }
    }

    /// The text after the edit.
    ///
    /// # Panics
    /// If the changes do not fit the text; see [`TextEdit::check`].
    pub fn apply(&self, text: &str) -> String {
        let mut out = String::with_capacity(
            text.len() + self.changes.iter().map(|c| c.insert.len()).sum::<usize>(),
        );
        let mut at = 0;
        for change in &self.changes {
            out.push_str(&text[at..change.range.start]);
            out.push_str(&change.insert);
            at = change.range.end;
        }
        out.push_str(&text[at..]);
        out
    }

    /// The edit that undoes this one: applied to the text after it, it gives back `before`. What was selected then is
    /// for the caller to know.
    ///
    /// # Panics
    /// If the changes do not fit `before`; see [`TextEdit::check`].
    pub fn invert(&self, before: &str) -> Self {
        let mut moved = Moved::default();
        let changes = self.changes.iter().map(|change| {
            let start = moved.position(change.range.start);
            moved.pass(change);
            Change {
                range: start..start + change.insert.len(),
                insert: before[change.range.clone()].to_owned(),
            }
        });
        Self {
            changes: changes.collect(),
            select: None,
        }
    }

    /// Where a range of the text before the edit is afterwards, for a selection that follows the text. What lies
    /// inside a replaced part ends up where that part began.
    pub fn follow(&self, range: Range<usize>) -> Range<usize> {
        let position = |at: usize| {
            let mut moved = Moved::default();
            for change in &self.changes {
                if change.range.end > at || change.range.start >= at {
                    return moved.position(at.min(change.range.start));
                }
                moved.pass(change);
            }
            moved.position(at)
        };
        let start = position(range.start);
        start..position(range.end).max(start)
    }
}

/// How far the changes passed so far have moved what comes after them.
#[derive(Default)]
struct Moved {
    inserted: usize,
    removed: usize,
}

impl Moved {
    fn pass(&mut self, change: &Change) {
        self.inserted += change.insert.len();
        self.removed += change.range.len();
    }

    fn position(&self, before: usize) -> usize {
        before + self.inserted - self.removed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(changes: &[(Range<usize>, &str)]) -> TextEdit {
        let changes = changes.iter().map(|(range, insert)| Change {
            range: range.clone(),
            insert: (*insert).to_owned(),
        });
        TextEdit {
            changes: changes.collect(),
            select: None,
        }
    }

    #[test]
    fn undoes_what_it_did() {
        let before = "one two three";
        let edit = edit(&[(0..3, ""), (3..4, "--"), (4..4, "x"), (8..13, "3")]);
        let after = edit.apply(before);
        assert_eq!(after, "--xtwo 3");
        let undo = edit.invert(before);
        assert_eq!(undo.check(&after), Ok(()));
        assert_eq!(undo.apply(&after), before);
    }

    #[test]
    fn a_selection_follows_its_text() {
        let edit = edit(&[(0..2, ""), (5..6, "long")]);
        assert_eq!(edit.follow(3..5), 1..3);
        assert_eq!(edit.follow(1..4), 0..2);
        assert_eq!(edit.follow(6..8), 7..9);
        assert_eq!(edit.follow(0..0), 0..0);
    }

    #[test]
    fn refuses_what_does_not_fit() {
        let text = "añb";
        assert_eq!(edit(&[(0..1, "x"), (3..4, "y")]).check(text), Ok(()));
        assert_eq!(
            edit(&[(2..4, "")]).check(text),
            Err(InvalidEdit::Misplaced(2..4))
        );
        assert_eq!(
            edit(&[(3..9, "")]).check(text),
            Err(InvalidEdit::Misplaced(3..9))
        );
        assert_eq!(
            edit(&[(3..4, ""), (0..1, "")]).check(text),
            Err(InvalidEdit::OutOfOrder(0))
        );
        assert_eq!(
            TextEdit::replacing(0..4, "x").selecting(0..2).check(text),
            Err(InvalidEdit::Selection(0..2))
        );
    }
}
