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

impl TextEdit {
    /// Whether the edit leaves the text as it is.
    pub fn is_selection_only(&self) -> bool {
        self.changes.is_empty()
    }

    /// The text after the edit.
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
}
