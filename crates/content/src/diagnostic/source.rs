//! The texts that diagnostics point into.

use std::ops::Range;

use camino::{Utf8Path, Utf8PathBuf};

/// The source files of one workshop. Texts are UTF-8 with `\n` line ends and no byte order mark.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<Source>,
}

/// One source file.
#[derive(Debug, Clone)]
pub struct Source {
    path: Utf8PathBuf,
    text: String,
    /// Byte offset of each line's first byte.
    lines: Vec<usize>,
    /// Where carriage returns were taken away: the offsets of the line ends after them.
    returns: Vec<usize>,
    /// Bytes of the mark in front that was taken away.
    mark: usize,
}

/// Names a file of [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(u32);

/// A range of bytes in a source file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Span {
    /// Which file.
    pub file: FileId,
    /// Bytes into the file's text.
    pub range: Range<usize>,
}

/// A place as people count: both numbers start at one; columns are characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Character within the line, from 1.
    pub column: usize,
}

impl Sources {
    /// Adds a file; `\r\n` and a byte order mark are normalised away.
    pub fn add(&mut self, path: impl Into<Utf8PathBuf>, text: &str) -> FileId {
        let mark = if text.starts_with('\u{feff}') { 3 } else { 0 };
        let returns = text[mark..]
            .match_indices("\r\n")
            .enumerate()
            .map(|(before, (at, _))| at - before)
            .collect();
        let text = normalise(text);
        let lines = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        self.files.push(Source {
            path: path.into(),
            text,
            lines,
            returns,
            mark,
        });
        FileId(self.files.len() as u32 - 1)
    }

    /// The file behind an id of this collection.
    pub fn file(&self, id: FileId) -> &Source {
        &self.files[id.0 as usize]
    }

    /// Where a span starts.
    pub fn position(&self, span: &Span) -> Position {
        self.file(span.file).position(span.range.start)
    }

    /// Every file, in the order of adding.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.files
            .iter()
            .enumerate()
            .map(|(at, file)| (FileId(at as u32), file))
    }
}

impl Source {
    /// Relative to the workshop's folder.
    pub fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where a byte of the text is in the file on the disk, whose line ends and mark are its own.
    pub fn offset_in_file(&self, offset: usize) -> usize {
        self.mark + offset + self.returns.partition_point(|end| *end < offset)
    }

    /// Whether lines of the file on the disk end with `\r\n`.
    pub fn has_returns(&self) -> bool {
        !self.returns.is_empty()
    }

    /// Whether these bytes are the file that this text was read from.
    pub fn is_of(&self, bytes: &[u8]) -> bool {
        std::str::from_utf8(bytes).is_ok_and(|text| normalise(text) == self.text)
    }

    /// Line and column of a byte offset; an offset past the end is the end.
    pub fn position(&self, offset: usize) -> Position {
        let offset = floor_char_boundary(&self.text, offset);
        let line = self.lines.partition_point(|&start| start <= offset) - 1;
        let column = self.text[self.lines[line]..offset].chars().count() + 1;
        Position {
            line: line + 1,
            column,
        }
    }
}

impl Span {
    /// A range of a file.
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        Self { file, range }
    }
}

fn normalise(text: &str) -> String {
    text.strip_prefix('\u{feff}')
        .unwrap_or(text)
        .replace("\r\n", "\n")
}

fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_lines_and_characters_from_one() {
        let mut sources = Sources::default();
        let id = sources.add("a.md", "\u{feff}é1\r\nb\r\n");
        let at = |offset| {
            let place = sources.file(id).position(offset);
            (place.line, place.column)
        };
        assert_eq!(sources.file(id).text(), "é1\nb\n");
        let on_disk = |offset| sources.file(id).offset_in_file(offset);
        assert_eq!(
            [on_disk(0), on_disk(3), on_disk(4), on_disk(6)],
            [3, 6, 8, 11]
        );
        assert_eq!(
            [at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(99)],
            [
                (1, 1),
                (1, 1),
                (1, 2),
                (1, 3),
                (2, 1),
                (2, 2),
                (3, 1),
                (3, 1)
            ]
        );
    }
}
