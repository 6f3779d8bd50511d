//! The order of pages that no pathway puts in order (`instructions.md` 3.2).

use std::cmp::Ordering;

/// What the order depends on.
#[derive(Debug, Clone)]
pub(super) struct Ranked<'a> {
    pub(super) key: &'a str,
    pub(super) title: &'a str,
    pub(super) weight: i64,
    /// In ISO form; absent is the oldest.
    pub(super) date: Option<&'a str>,
}

/// By key when no page has a weight; otherwise by weight, date (newest first), title and key, with the pages without a
/// weight last.
pub(super) fn compare(a: &Ranked<'_>, b: &Ranked<'_>, weighted: bool) -> Ordering {
    let keys = || collate(a.key, b.key);
    if !weighted {
        return keys();
    }
    let last = |page: &Ranked<'_>| page.weight == 0;
    last(a)
        .cmp(&last(b))
        .then_with(|| a.weight.cmp(&b.weight))
        .then_with(|| b.date.cmp(&a.date))
        .then_with(|| collate(a.title, b.title))
        .then_with(keys)
}

/// Compares as people sort names: spaces, then marks, then digits one by one, then letters whatever their case.
fn collate(a: &str, b: &str) -> Ordering {
    let ranks = |text: &str| text.chars().map(rank).collect::<Vec<_>>();
    ranks(a).cmp(&ranks(b)).then_with(|| b.cmp(a)) // lower case before upper
}

/// Punctuation in the order of the Unicode collation.
const MARKS: &str = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";

fn rank(c: char) -> (u8, u32) {
    if let Some(at) = MARKS.find(c) {
        (0, at as u32)
    } else if c.is_ascii_digit() {
        (1, c as u32)
    } else {
        let lower = c.to_lowercase().next().unwrap_or(c);
        (2, lower as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_keys_as_the_reference_does() {
        let expected = [
            "_x",
            "01.2-dots",
            "1-a",
            "10-b",
            "2-c",
            "a b",
            "a_b",
            "A-c",
            "a/b",
            "a1",
            "ab",
            "b/c",
            "Z",
        ];
        let mut keys = expected;
        keys.reverse();
        keys.sort_by(|a, b| collate(a, b));
        assert_eq!(keys, expected);
    }

    #[test]
    fn orders_weighted_pages_as_the_reference_does() {
        let page = |key, title, weight, date| Ranked {
            key,
            title,
            weight,
            date,
        };
        let expected = [
            page("b", "Alpha", 1, None),
            page("e", "Same", 2, None),
            page("a", "Zed", 2, None),
            page("00x", "", 0, Some("2024-01-01")),
            page("d", "Bravo", 0, None),
            page("c", "NoWeight C", 0, None),
        ];
        let mut pages = expected.clone();
        pages.reverse();
        pages.sort_by(|a, b| compare(a, b, true));
        let keys =
            |pages: &[Ranked<'static>]| pages.iter().map(|page| page.key).collect::<Vec<_>>();
        assert_eq!(keys(&pages), keys(&expected));
    }
}
