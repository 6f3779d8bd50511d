//! What a program is told that asks its terminal for a colour.

use std::sync::{Arc, Mutex, PoisonError};

use alacritty_terminal::vte::ansi::{NamedColor, Rgb};

/// The colours that the terminals of a session are drawn with, as the window shows them: light text on a dark ground until
/// it says otherwise. Clones are the same ground.
#[derive(Clone, Debug)]
pub struct Ground(Arc<Mutex<Colours>>);

#[derive(Clone, Copy, Debug)]
struct Colours {
    text: u32,
    ground: u32,
}

impl Default for Ground {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Colours {
            text: 0xd4_d4d4,
            ground: 0x1e_1e1e,
        })))
    }
}

impl Ground {
    /// The window draws with these colours now: text and ground, each `#rrggbb`. Anything else changes nothing.
    pub fn set(&self, text: &str, ground: &str) {
        if let (Some(text), Some(ground)) = (parse(text), parse(ground)) {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Colours { text, ground };
        }
    }

    /// A colour by its index. The palette is xterm's own; the cursor has the colour of the text.
    pub(super) fn colour(&self, index: usize) -> Rgb {
        let Colours { text, ground } = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let rgb = match index {
            0..256 => palette(index),
            index if index == NamedColor::Background as usize => ground,
            _ => text,
        };
        Rgb {
            r: (rgb >> 16) as u8,
            g: (rgb >> 8) as u8,
            b: rgb as u8,
        }
    }
}

fn parse(colour: &str) -> Option<u32> {
    let digits = colour.strip_prefix('#')?;
    let hex = digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    hex.then(|| u32::from_str_radix(digits, 16).ok())?
}

fn palette(index: usize) -> u32 {
    const BASE: [u32; 16] = [
        0x00_0000, 0xcd_0000, 0x00_cd00, 0xcd_cd00, 0x00_00ee, 0xcd_00cd, 0x00_cdcd, 0xe5_e5e5,
        0x7f_7f7f, 0xff_0000, 0x00_ff00, 0xff_ff00, 0x5c_5cff, 0xff_00ff, 0x00_ffff, 0xff_ffff,
    ];
    match index {
        0..16 => BASE[index],
        16..232 => {
            let level = |step: usize| if step == 0 { 0 } else { 55 + 40 * step as u32 };
            let cube = index - 16;
            (level(cube / 36) << 16) | (level(cube / 6 % 6) << 8) | level(cube % 6)
        }
        232..256 => (8 + 10 * (index as u32 - 232)) * 0x01_0101,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_colours_as_style_sheets_write_them() {
        let ground = Ground::default();
        let told = |index: NamedColor| {
            let Rgb { r, g, b } = ground.colour(index as usize);
            (r, g, b)
        };
        ground.set("#24221d", "#fcfbf8");
        for (text, wrong) in [("red", "#fff"), ("#24221d", "#+fffff"), ("", "#000000")] {
            ground.set(text, wrong);
        }
        assert_eq!(told(NamedColor::Background), (0xfc, 0xfb, 0xf8));
        assert_eq!(told(NamedColor::Foreground), (0x24, 0x22, 0x1d));
        assert_eq!(told(NamedColor::Red), (0xcd, 0, 0));
    }
}
