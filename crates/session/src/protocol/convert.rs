//! UTF-16 offsets of the window ↔ byte offsets of the engine. The only place that knows both.

use std::ops::Range;

use atelier_content::edit::TextEdit;

use super::{Buffer, ChangeView, EditView};
use crate::perform::OpenText;

/// Offsets that the window understands: UTF-16 code units into `\n`-only text.
#[derive(Debug, Clone, Copy)]
pub struct Utf16<'a>(pub &'a str);

impl Utf16<'_> {
    /// The offset of a byte; one within a character is the character's start.
    pub fn offset(&self, byte: usize) -> u32 {
        let units = self
            .0
            .char_indices()
            .take_while(|(at, _)| *at < byte)
            .map(|(at, c)| (at + c.len_utf8(), c.len_utf16()));
        units
            .filter(|(end, _)| *end <= byte)
            .map(|(_, units)| units as u32)
            .sum()
    }

    /// The byte at an offset; one within a character is the character's start, one past the end is the end.
    pub fn byte(&self, offset: u32) -> usize {
        let mut units = 0;
        for (at, c) in self.0.char_indices() {
            units += c.len_utf16() as u32;
            if units > offset {
                return at;
            }
        }
        self.0.len()
    }

    fn range(&self, range: &Range<usize>) -> [u32; 2] {
        [self.offset(range.start), self.offset(range.end)]
    }
}

/// A planned edit of `text` in the window's units.
pub fn edit_view(edit: &TextEdit, text: &str) -> EditView {
    let before = Utf16(text);
    let changes = edit.changes.iter().map(|change| {
        let [from, to] = before.range(&change.range);
        ChangeView {
            from,
            to,
            insert: change.insert.clone(),
        }
    });
    let select = edit
        .select
        .as_ref()
        .map(|select| Utf16(&edit.apply(text)).range(select));
    EditView {
        changes: changes.collect(),
        select,
    }
}

impl From<Buffer> for OpenText {
    fn from(buffer: Buffer) -> Self {
        let at = Utf16(&buffer.text);
        let [anchor, head] = buffer.selection.map(|offset| at.byte(offset));
        Self {
            selection: anchor.min(head)..anchor.max(head),
            text: buffer.text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_both_ways() {
        let text = Utf16("a😀é\nb");
        let pairs = [(0, 0), (1, 1), (5, 3), (7, 4), (8, 5), (9, 6)];
        for (byte, unit) in pairs {
            assert_eq!((text.offset(byte), text.byte(unit)), (unit, byte));
        }
        assert_eq!(
            (text.offset(3), text.byte(2), text.byte(99)),
            (1, 1, 9),
            "within a character is its start"
        );
    }
}
