//! Remembers the start of an escape sequence or character whose rest has not come yet.
//!
//! A view that gets the state in the middle of one needs that start too, or it would show the rest as text.

/// Longer sequences (pictures, clipboards) are given up: the view then shows a little rubbish once.
const LIMIT: usize = 64 * 1024;

#[derive(Default)]
pub(super) struct Unfinished {
    state: State,
    bytes: Vec<u8>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Ground,
    /// After ESC and any intermediate characters.
    Escape,
    Control,
    /// In a string (OSC, DCS, …), which ends with ST; an OSC also with BEL.
    Text {
        bell_ends: bool,
    },
    /// After an ESC inside a string.
    TextEscape,
    /// In a character of several bytes, of which so many are missing.
    Character(u8),
}

impl Unfinished {
    /// What has come of the sequence under way; empty between sequences.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn read(&mut self, mut output: &[u8]) {
        while let Some((&byte, rest)) = output.split_first() {
            if self.state == State::Ground {
                // Most output is plain text.
                let plain = output
                    .iter()
                    .position(|byte| *byte == 0x1b || *byte >= 0x80)
                    .unwrap_or(output.len());
                if plain > 0 {
                    output = &output[plain..];
                    continue;
                }
            }
            output = rest;
            self.state = self.state.after(byte);
            if self.state == State::Ground || self.bytes.len() == LIMIT {
                self.bytes.clear();
            } else {
                if byte == 0x1b && self.state == State::Escape {
                    // A new sequence cuts an unfinished one off.
                    self.bytes.clear();
                }
                self.bytes.push(byte);
            }
        }
    }
}

impl State {
    fn after(self, byte: u8) -> State {
        const ESC: u8 = 0x1b;
        match (self, byte) {
            // CAN and SUB end whatever there is.
            (_, 0x18 | 0x1a) => State::Ground,
            (State::Text { .. }, ESC) => State::TextEscape,
            (State::TextEscape, b'\\') => State::Ground,
            (State::Text { bell_ends: true }, 0x07) => State::Ground,
            (State::Text { .. }, _) => self,
            (_, ESC) => State::Escape,
            (State::Escape | State::TextEscape, b'[') => State::Control,
            (State::Escape | State::TextEscape, b']') => State::Text { bell_ends: true },
            (State::Escape | State::TextEscape, b'P' | b'X' | b'^' | b'_') => {
                State::Text { bell_ends: false }
            }
            (State::Escape | State::TextEscape, 0x00..=0x2f) => State::Escape,
            (State::Control, 0x00..=0x3f) => State::Control,
            (State::Ground, 0xc2..=0xdf) => State::Character(1),
            (State::Ground, 0xe0..=0xef) => State::Character(2),
            (State::Ground, 0xf0..=0xf4) => State::Character(3),
            (State::Character(2..), 0x80..=0xbf) => match self {
                State::Character(missing) => State::Character(missing - 1),
                _ => State::Ground,
            },
            _ => State::Ground,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unfinished(output: &str) -> String {
        let mut unfinished = Unfinished::default();
        unfinished.read(output.as_bytes());
        String::from_utf8_lossy(unfinished.bytes()).into_owned()
    }

    #[test]
    fn only_the_sequence_under_way_is_kept() {
        for (output, kept) in [
            ("text", ""),
            ("text\x1b", "\x1b"),
            ("text\x1b[31", "\x1b[31"),
            ("text\x1b[31mred", ""),
            ("\x1b[3\x1b[4", "\x1b[4"),
            ("\x1b]2;title", "\x1b]2;title"),
            ("\x1b]2;title\x07", ""),
            ("\x1b]2;title\x1b", "\x1b]2;title\x1b"),
            ("\x1b]2;title\x1b\\", ""),
            ("\x1bPq\x07more", "\x1bPq\x07more"),
            ("\x1b(", "\x1b("),
            ("\x1b(0", ""),
            ("\x1b7", ""),
            ("\x1b[12\x18", ""),
            ("中文", ""),
        ] {
            assert_eq!(unfinished(output), kept, "{output:?}");
        }
    }

    #[test]
    fn a_character_under_way_is_kept() {
        let mut unfinished = Unfinished::default();
        unfinished.read(&"a🎉".as_bytes()[..4]);
        assert_eq!(unfinished.bytes(), &"🎉".as_bytes()[..3]);
        unfinished.read(&"🎉".as_bytes()[3..]);
        assert_eq!(unfinished.bytes(), b"");
    }
}
