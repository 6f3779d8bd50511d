//! Inline constructs of the dialects that the parser does not have: single tildes, and the few raw tags that pages
//! without raw HTML may use.

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::Event;

use super::dialect::Events;
use super::runs::Edit;

/// Finds single tildes that strike, also within a word: `H~2~O` (`instructions.md` 7.1).
pub(super) fn tildes(
    text: &str,
    before: char,
    after: char,
    free: &dyn Fn(usize) -> bool,
    edits: &mut Vec<(Range<usize>, Edit)>,
) {
    let mut opener: Option<usize> = None;
    for (at, _) in text.match_indices('~') {
        let previous = text[..at].chars().next_back().unwrap_or(before);
        let next = text[at + 1..].chars().next().unwrap_or(after);
        if previous == '~' || next == '~' || !free(at) {
            continue;
        }
        let flanks = |inner: char, outer: char| {
            !inner.is_whitespace()
                && (!inner.is_ascii_punctuation()
                    || outer.is_whitespace()
                    || outer.is_ascii_punctuation())
        };
        match opener {
            Some(start) if flanks(previous, next) && at > start + 1 => {
                edits.push((start..start + 1, Edit::StrikeStart));
                edits.push((at..at + 1, Edit::StrikeEnd));
                opener = None;
            }
            _ if flanks(next, previous) => opener = Some(at),
            _ => {}
        }
    }
}

/// The raw tags that are harmless and useful enough to survive where raw HTML is off (`instructions.md` 7.1).
const KEPT: [&str; 3] = ["kbd", "sub", "sup"];

/// For every raw tag of a page that may stay, what is written for it: `<br>` and properly nested pairs.
pub(super) fn kept_tags(events: &Events<'_>) -> HashMap<usize, &'static str> {
    let mut kept = HashMap::new();
    let mut level = 0_usize;
    // Level, name, index of the event.
    let mut open: Vec<(usize, &'static str, usize)> = Vec::new();
    for (index, (event, _)) in events.iter().enumerate() {
        match event {
            Event::Start(_) => level += 1,
            Event::End(_) => {
                level = level.saturating_sub(1);
                while open.last().is_some_and(|(at, ..)| *at > level) {
                    open.pop();
                }
            }
            Event::InlineHtml(tag) => match raw_tag(tag) {
                Some(("br", false)) => {
                    kept.insert(index, "<br>");
                }
                Some((name, false)) => open.push((level, name, index)),
                Some((name, true)) => {
                    if let Some(&(at, opened, start)) = open.last()
                        && at == level
                        && opened == name
                    {
                        open.pop();
                        let (first, second) = match name {
                            "kbd" => ("<kbd>", "</kbd>"),
                            "sub" => ("<sub>", "</sub>"),
                            _ => ("<sup>", "</sup>"),
                        };
                        kept.insert(start, first);
                        kept.insert(index, second);
                    }
                }
                None => {}
            },
            _ => {}
        }
    }
    kept
}

/// The name of an allowed tag without attributes, and whether it closes.
fn raw_tag(tag: &str) -> Option<(&'static str, bool)> {
    let inner = tag.strip_prefix('<')?.strip_suffix('>')?;
    let (inner, closing) = match inner.strip_prefix('/') {
        Some(inner) => (inner, true),
        None => (inner, false),
    };
    let name = inner.trim_end_matches('/').trim();
    if name.eq_ignore_ascii_case("br") {
        return Some(("br", false));
    }
    KEPT.into_iter()
        .find(|kept| name.eq_ignore_ascii_case(kept))
        .map(|kept| (kept, closing))
}
