//! The typographer: curly quotes, dashes, ellipses and angle quotes as Goldmark sets them (`instructions.md` 7.1).

use std::ops::Range;

use super::runs::Edit;

/// Quotes that are open in the current block.
#[derive(Debug, Default)]
pub(super) struct Quotes {
    single: usize,
    double: usize,
}

/// Finds what the typographer replaces in a run of text. `before` and `after` are its neighbours in the source,
/// `free` says which bytes may be touched.
pub(super) fn replace(
    text: &str,
    before: char,
    after: char,
    quotes: &mut Quotes,
    free: &dyn Fn(usize) -> bool,
    edits: &mut Vec<(Range<usize>, Edit)>,
) {
    if !text.contains(['\'', '"', '-', '.', '<', '>']) {
        return;
    }
    let mut previous = before;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let found = if free(at) {
            symbol(rest).or_else(|| {
                let place = Place {
                    before: previous,
                    rest,
                    after,
                };
                quote(&place, quotes).map(|replacement| (1, replacement))
            })
        } else {
            None
        };
        let length = match found {
            // The last byte decides too: half a dash may be the author's own.
            Some((length, replacement)) if free(at + length - 1) => {
                edits.push((at..at + length, Edit::Replace(replacement)));
                length
            }
            _ => c.len_utf8(),
        };
        previous = rest[..length].chars().next_back().unwrap_or(c);
        at += length;
    }
}

fn symbol(rest: &str) -> Option<(usize, &'static str)> {
    [
        ("---", "—"),
        ("--", "–"),
        ("...", "…"),
        ("<<", "«"),
        (">>", "»"),
    ]
    .into_iter()
    .find(|(written, _)| rest.starts_with(written))
    .map(|(written, replacement)| (written.len(), replacement))
}

/// A quote mark between its neighbours.
struct Place<'t> {
    before: char,
    /// From the quote mark on.
    rest: &'t str,
    /// What follows the run.
    after: char,
}

impl Place<'_> {
    /// The character at a distance from the quote mark.
    fn next(&self, distance: usize) -> char {
        self.rest.chars().nth(distance).unwrap_or(self.after)
    }

    fn can_open(&self) -> bool {
        let next = self.next(1);
        !next.is_whitespace()
            && (!is_punctuation(next) || self.before.is_whitespace() || is_punctuation(self.before))
    }

    fn can_close(&self) -> bool {
        let next = self.next(1);
        !self.before.is_whitespace()
            && (!is_punctuation(self.before) || next.is_whitespace() || is_punctuation(next))
    }

    fn ends_word(&self, distance: usize) -> bool {
        let c = self.next(distance);
        c.is_whitespace() || is_punctuation(c)
    }
}

fn quote(place: &Place<'_>, quotes: &mut Quotes) -> Option<&'static str> {
    let (open, close) = (place.can_open(), place.can_close());
    let maybe_close = open && close && is_punctuation(place.next(1)) && place.ends_word(2);
    let closes = close && (!open || maybe_close);
    match place.rest.as_bytes().first()? {
        b'\'' => {
            if is_apostrophe(place, open, close) {
                return Some("’");
            }
            if open && !close {
                if is_contraction(place.rest) && ends_contraction(place) {
                    return Some("’");
                }
                quotes.single += 1;
                return Some("‘");
            }
            if closes && quotes.single > 0 {
                quotes.single -= 1;
                return Some("’");
            }
            // Smiths', doin'
            (place.before.is_alphanumeric() && place.ends_word(1)).then_some("’")
        }
        b'"' => {
            if open && !close {
                quotes.double += 1;
                return Some("“");
            }
            // An inch mark before the closing quote: 21""
            let inches = place.next(1) == '"' && place.before.is_ascii_digit();
            if closes && quotes.double > 0 && !inches {
                quotes.double -= 1;
                return Some("”");
            }
            None
        }
        _ => None,
    }
}

/// `'90s`, `'twas`, and an apostrophe between two letters.
fn is_apostrophe(place: &Place<'_>, open: bool, close: bool) -> bool {
    let decade = open
        && !close
        && place.next(1).is_ascii_digit()
        && place.next(2).is_ascii_digit()
        && place.next(3) == 's'
        && place.ends_word(4);
    let clipped = (place.before.is_whitespace() || is_punctuation(place.before))
        && (place.rest[1..].starts_with("twas")
            || place.rest[1..].starts_with("em ")
            || place.rest[1..].starts_with("net "));
    decade || clipped || (place.before.is_alphanumeric() && place.next(1).is_alphabetic())
}

fn is_contraction(rest: &str) -> bool {
    let rest = &rest[1..];
    ["m", "t", "s", "d", "ve", "ll", "re"]
        .iter()
        .any(|ending| rest.starts_with(ending))
}

fn ends_contraction(place: &Place<'_>) -> bool {
    let length = if place.rest[1..].starts_with(['v', 'l', 'r']) {
        3
    } else {
        2
    };
    place.ends_word(length)
}

fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation()
        || matches!(c, '\u{2010}'..='\u{2027}' | '\u{3001}'..='\u{3003}' | '«' | '»' | '¡' | '¿')
}
