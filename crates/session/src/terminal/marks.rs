//! Finds the marks that our shell start-up puts into a terminal's output: OSC 133 `A`, `B`, `C` and `D;status`.
//!
//! Our marks name the shell (`pid=`) and how many lines it has read so far (`line=`, bash's `LINENO`). Marks without a
//! pid are another program's (fish, a recording) and are passed over.

use alacritty_terminal::vte::{Params, Parser, Perform};

/// One mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// `D`: what ran before this prompt ended with `status`. Also there when nothing ran.
    End {
        /// `$?` at the prompt.
        status: i32,
        /// The shell.
        shell: u32,
        /// How many lines it has read.
        line: u64,
    },
    /// `B`: the prompt is complete and the shell reads a line.
    Prompt {
        /// Whether the shell knows our key that puts a line aside.
        keys: bool,
    },
    /// `A;k=s`: the shell asks for the rest of an unfinished command.
    Continuation,
    /// `C`: the shell has read a complete command and starts it.
    Start {
        /// The shell.
        shell: u32,
        /// How many lines it has read.
        line: u64,
    },
}

/// Reads a stream of output in pieces of any size.
#[derive(Default)]
pub struct Marks {
    /// The scrolling region (DECSTBM) as first and last line, counted from 1; `None` is the whole screen.
    pub(super) region: Option<(u16, u16)>,
    parser: Parser,
}

impl Marks {
    /// Reads the next piece and returns its marks in order.
    pub fn read(&mut self, bytes: &[u8]) -> Vec<Mark> {
        let mut found = Found {
            marks: Vec::new(),
            region: self.region,
        };
        self.parser.advance(&mut found, bytes);
        self.region = found.region;
        found.marks
    }
}

struct Found {
    marks: Vec<Mark>,
    region: Option<(u16, u16)>,
}

impl Perform for Found {
    fn osc_dispatch(&mut self, params: &[&[u8]], _bell_terminated: bool) {
        let Some((&b"133", params)) = params.split_first() else {
            return;
        };
        let Some((kind, params)) = params.split_first() else {
            return;
        };
        let number = |name: &str| -> Option<u64> {
            let text = params
                .iter()
                .find_map(|param| param.strip_prefix(name.as_bytes()))?;
            std::str::from_utf8(text).ok()?.parse().ok()
        };
        let shell = number("pid=").and_then(|pid| u32::try_from(pid).ok());
        let line = number("line=").unwrap_or_default();
        let mark = match (*kind, shell) {
            (b"A", Some(_)) if params.contains(&b"k=s".as_slice()) => Mark::Continuation,
            (b"B", Some(_)) => Mark::Prompt {
                keys: number("keys=").is_some(),
            },
            (b"C", Some(shell)) => Mark::Start { shell, line },
            (b"D", Some(shell)) => {
                let status = params
                    .first()
                    .and_then(|status| std::str::from_utf8(status).ok()?.parse().ok());
                Mark::End {
                    status: status.unwrap_or_default(),
                    shell,
                    line,
                }
            }
            _ => return,
        };
        self.marks.push(mark);
    }

    fn csi_dispatch(&mut self, params: &Params, intermediates: &[u8], ignore: bool, action: char) {
        if action == 'r' && intermediates.is_empty() && !ignore {
            let mut params = params
                .iter()
                .map(|param| param.first().copied().unwrap_or_default());
            let (first, last) = (
                params.next().unwrap_or_default(),
                params.next().unwrap_or_default(),
            );
            self.region = (last > first.max(1)).then_some((first.max(1), last));
        }
    }

    fn esc_dispatch(&mut self, intermediates: &[u8], _ignore: bool, byte: u8) {
        if byte == b'c' && intermediates.is_empty() {
            self.region = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &[u8] = b"out\x1b]133;D;3;pid=7;line=12\x07\x1b]133;A;pid=7\x07[~] $ \x1b]133;B;pid=7\x1b\\make\r\n\
        \x1b]133;A;k=s;pid=7\x07> \x1b]133;C;pid=7;line=14;. '/a;b'\x07";

    fn expected() -> Vec<Mark> {
        vec![
            Mark::End {
                status: 3,
                shell: 7,
                line: 12,
            },
            Mark::Prompt { keys: false },
            Mark::Continuation,
            Mark::Start { shell: 7, line: 14 },
        ]
    }

    #[test]
    fn marks_are_found_wherever_the_stream_is_split() {
        for at in 0..=STREAM.len() {
            let mut marks = Marks::default();
            let mut found = marks.read(&STREAM[..at]);
            found.extend(marks.read(&STREAM[at..]));
            assert_eq!(found, expected(), "split at {at}");
        }
    }

    #[test]
    fn marks_are_found_byte_by_byte() {
        let mut marks = Marks::default();
        let found: Vec<Mark> = STREAM
            .iter()
            .flat_map(|byte| marks.read(&[*byte]))
            .collect();
        assert_eq!(found, expected());
    }

    #[test]
    fn marks_of_other_programs_are_passed_over() {
        let mut marks = Marks::default();
        assert_eq!(
            marks.read(b"\x1b]133;A\x07\x1b]133;B\x07\x1b]133;C\x07\x1b]133;D;1\x07\x1b]133\x07"),
            vec![]
        );
    }

    #[test]
    fn a_prompt_says_whether_its_shell_knows_our_keys() {
        for (mark, keys) in [("keys=7", true), ("keys=", false), ("line=7", false)] {
            let stream = format!("\x1b]133;B;pid=7;{mark}\x07");
            let marks = Marks::default().read(stream.as_bytes());
            assert_eq!(marks, [Mark::Prompt { keys }], "{mark}");
        }
    }

    #[test]
    fn a_torn_mark_does_not_swallow_the_next_one() {
        let mut marks = Marks::default();
        assert_eq!(
            marks.read(b"\x1b]133;D;9\x18\x1b]133;B;pid=1\x07"),
            vec![Mark::Prompt { keys: false }]
        );
    }
}
