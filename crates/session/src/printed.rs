//! What a program printed while nobody watched, as a reader wants it: progress bars at their end, no colours, no codes.
//!
//! Programs that are not on a terminal still return to the start of their line, erase it, or go up a few lines to draw what they
//! are doing anew. Here that comes to the text that would stand there, in bounded space, however long they go on.

use std::borrow::Cow;

use alacritty_terminal::vte::{Params, Parser, Perform};

use crate::examiner::tail;

/// How many of the last lines can still be drawn over.
const REACH: usize = 64;
/// A line is cut here, in characters; nobody reads on.
const WIDEST: usize = 4096;
const TAB: usize = 8;

/// Reads output in pieces of any size and keeps the end of it as text.
pub(crate) struct Printed {
    parser: Parser,
    /// The beginning of a character whose rest comes with the next piece; the parser loses what follows such a one.
    begun: Vec<u8>,
    page: Page,
}

/// The end of a text on which a program can still draw.
struct Page {
    /// Lines that are out of reach, each with its end.
    above: String,
    /// How long `above` may become, in bytes.
    limit: usize,
    lines: Vec<Vec<char>>,
    row: usize,
    column: usize,
}

impl Printed {
    /// Keeps at least the last `limit` bytes, and not much more.
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            parser: Parser::new(),
            begun: Vec::new(),
            page: Page {
                above: String::new(),
                limit,
                lines: vec![Vec::new()],
                row: 0,
                column: 0,
            },
        }
    }

    /// Reads the next piece.
    pub(crate) fn read(&mut self, bytes: &[u8]) {
        let mut bytes = Cow::Borrowed(bytes);
        if !self.begun.is_empty() {
            self.begun.extend_from_slice(&bytes);
            bytes = Cow::Owned(std::mem::take(&mut self.begun));
        }
        let (whole, begun) = bytes.split_at(bytes.len() - begun(&bytes));
        self.begun = begun.to_vec();
        self.parser.advance(&mut self.page, whole);
    }

    /// What stands there now, at most `limit` bytes of its end.
    pub(crate) fn text(&self) -> String {
        let mut text = self.page.above.clone();
        for (at, line) in self.page.lines.iter().enumerate() {
            if at > 0 {
                text.push('\n');
            }
            push_line(&mut text, line);
        }
        tail(text.as_bytes(), self.page.limit)
    }
}

/// A whole output as text, at most `limit` bytes of its end. It may begin within a character: that one is left out.
pub(crate) fn readable(output: &[u8], limit: usize) -> String {
    let within = |byte: &u8| byte & 0b1100_0000 == 0b1000_0000;
    let cut = output
        .iter()
        .take(3)
        .take_while(|byte| within(byte))
        .count();
    let mut printed = Printed::new(limit);
    printed.read(&output[cut..]);
    printed.text()
}

impl Page {
    fn line(&mut self) -> &mut Vec<char> {
        &mut self.lines[self.row]
    }

    /// A line is longer than any that is drawn upon: what there is of it stays as it is, and it goes on.
    fn give_up_line(&mut self) {
        for line in self.lines.drain(..self.row) {
            push_line(&mut self.above, &line);
            self.above.push('\n');
        }
        self.lines.truncate(1);
        self.above.extend(self.lines[0].drain(..));
        (self.row, self.column) = (0, 0);
        self.shorten();
    }

    fn next_line(&mut self) {
        self.row += 1;
        self.column = 0;
        if self.row < self.lines.len() {
            return;
        }
        self.lines.push(Vec::new());
        if self.lines.len() > REACH {
            let line = self.lines.remove(0);
            self.row -= 1;
            push_line(&mut self.above, &line);
            self.above.push('\n');
            self.shorten();
        }
    }

    /// Now and then, as moving the rest costs its length.
    fn shorten(&mut self) {
        if self.above.len() > self.limit * 2 {
            self.above = tail(self.above.as_bytes(), self.limit);
        }
    }
}

impl Perform for Page {
    fn print(&mut self, c: char) {
        if self.column >= WIDEST {
            self.give_up_line();
        }
        let column = self.column;
        let line = self.line();
        if column < line.len() {
            line[column] = c;
        } else {
            line.resize(column, ' ');
            line.push(c);
        }
        self.column += 1;
    }

    fn execute(&mut self, byte: u8) {
        match byte {
            b'\n' => self.next_line(),
            b'\r' => self.column = 0,
            b'\t' => self.column = (self.column / TAB + 1) * TAB,
            0x08 => self.column = self.column.saturating_sub(1),
            _ => {}
        }
    }

    fn csi_dispatch(
        &mut self,
        params: &Params,
        intermediates: &[u8],
        _ignored: bool,
        action: char,
    ) {
        if !intermediates.is_empty() {
            return;
        }
        let first = params
            .iter()
            .next()
            .and_then(|param| param.first().copied());
        let kind = first.unwrap_or(0);
        let count = usize::from(kind.max(1));
        let column = self.column;
        match action {
            'A' | 'F' => {
                self.row = self.row.saturating_sub(count);
                if action == 'F' {
                    self.column = 0;
                }
            }
            'B' | 'E' => {
                self.row = (self.row + count).min(self.lines.len() - 1);
                if action == 'E' {
                    self.column = 0;
                }
            }
            'C' => self.column = (column + count).min(WIDEST),
            'D' => self.column = column.saturating_sub(count),
            'G' => self.column = (count - 1).min(WIDEST),
            'K' => {
                let line = self.line();
                let ends = line.len();
                match kind {
                    0 => line.truncate(column),
                    1 => line[..ends.min(column + 1)].fill(' '),
                    _ => line.clear(),
                }
            }
            'J' if kind == 0 => {
                self.line().truncate(column);
                self.lines.truncate(self.row + 1);
            }
            _ => {}
        }
    }
}

/// How many bytes at the end begin a character that is longer.
fn begun(bytes: &[u8]) -> usize {
    let last = bytes.iter().rev().take(3).enumerate();
    for (at, byte) in last {
        let length = match byte {
            0x80..=0xBF => continue,
            0xC0..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xF7 => 4,
            _ => 1,
        };
        return if length > at + 1 { at + 1 } else { 0 };
    }
    0
}

fn push_line(text: &mut String, line: &[char]) {
    let end = line.iter().rposition(|c| *c != ' ').map_or(0, |at| at + 1);
    text.extend(&line[..end]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn shows_what_would_stand_there() {
        for (output, text) in [
            ("one\ntwo\n", "one\ntwo\n"),
            ("one\r\ntwo\r\n", "one\ntwo\n"),
            ("no end", "no end"),
            // Progress bars: of the same length, shorter, erased.
            ("  0%\r 50%\r100%\ndone\n", "100%\ndone\n"),
            ("Downloading 99%\rDone\x1b[K\n", "Done\n"),
            ("Downloading 99%\r\x1b[2KDone\n", "Done\n"),
            ("abc\x08\x08X\n", "aXc\n"),
            ("abcdef\r\x1b[3C\x1b[1Kx\n", "   xef\n"),
            // Several lines that are drawn anew.
            ("a 1%\nb 1%\n\x1b[2Aa 9%\nb 9%\nend\n", "a 9%\nb 9%\nend\n"),
            ("a\nb\nc\n\x1b[3F\x1b[Jdone\n", "done\n"),
            ("a\nb\x1b[1Fx\x1b[1Ey\n", "x\ny\n"),
            ("\x1b[5Gx\x1b[2Dy\n", "   yx\n"),
            // Colours, titles and links are not text.
            ("\x1b[1;32mok\x1b[0m \x1b[38;5;12mblue\x1b[m\n", "ok blue\n"),
            (
                "\x1b]0;title\x07a\x1b]8;;http://x\x1b\\b\x1b]8;;\x1b\\\n",
                "ab\n",
            ),
            ("\x1b[?25lhidden cursor\x1b[?25h\n", "hidden cursor\n"),
            ("\ta\tb\n", "        a       b\n"),
            ("ends in blanks   \n", "ends in blanks\n"),
            ("⠋ spins\r⠙ spins\r✔ åß\n", "✔ åßins\n"),
            ("\x00\x07bell\n", "bell\n"),
        ] {
            assert_eq!(readable(output.as_bytes(), 1000), text, "{output:?}");
        }
        assert_eq!(readable(b"\xff\xfe!\n", 100), "\u{fffd}\u{fffd}!\n");
    }

    #[test]
    fn keeps_the_end_in_bounded_space() {
        let mut printed = Printed::new(100);
        for line in 0..100_000 {
            printed.read(format!("line {line}\n").as_bytes());
        }
        assert!(printed.text().ends_with("\nline 99998\nline 99999\n"));
        assert!(printed.text().len() <= 100);
        assert!(printed.page.above.len() <= 300);

        printed.read(&b"x".repeat(1_000_000));
        printed.read(b"\x1b[65535C\x1b[65535Cy\x1b[65535Ay\x1b[65535By\n");
        assert!(printed.page.lines.iter().all(|line| line.len() <= WIDEST));
        assert!(printed.page.lines.len() <= REACH);
    }

    proptest! {
        #[test]
        fn pieces_do_not_matter(output in "[ab\r\n\t\x08é⠋]{0,40}(\x1b\\[[0-9]{0,3}[ABCDEFGJKm][ab\n]{0,3}){0,20}", cut in 0usize..200) {
            let bytes = output.as_bytes();
            let cut = cut.min(bytes.len());
            let mut printed = Printed::new(1000);
            printed.read(&bytes[..cut]);
            printed.read(&bytes[cut..]);
            prop_assert_eq!(printed.text(), readable(bytes, 1000));
        }

        #[test]
        fn any_bytes_end_as_text(output in prop::collection::vec(any::<u8>(), 0..400)) {
            prop_assert!(readable(&output, 50).len() <= 50);
        }
    }
}
