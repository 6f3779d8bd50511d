//! What a template printed, taken apart.

use super::{BODY, INNER};
use crate::render::{CustomPiece, unescape, without_marks};

/// A part of a template's output.
pub(in super::super) enum Part<'o> {
    Text(&'o str),
    Inner,
    Body(usize),
}

pub(in super::super) fn split(output: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = output;
    while let Some(at) = rest.find([INNER, BODY]) {
        if at > 0 {
            parts.push(Part::Text(&rest[..at]));
        }
        let mark = rest[at..].chars().next().unwrap_or(INNER);
        rest = &rest[at + mark.len_utf8()..];
        if mark == INNER {
            parts.push(Part::Inner);
        } else if let Some((number, after)) = rest.split_once(BODY) {
            // A text that was cut in two by a function names no body.
            if let Ok(number) = number.parse() {
                parts.push(Part::Body(number));
                rest = after;
            }
        }
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    parts
}

/// Whether HTML has an element that cannot stand in a paragraph.
pub(in super::super) fn has_block(html: &str) -> bool {
    const INLINE: [&str; 30] = [
        "a", "abbr", "b", "bdi", "br", "cite", "code", "data", "del", "dfn", "em", "i", "img",
        "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong",
        "sub", "sup", "time", "u", "var", "wbr",
    ];
    html.split('<').skip(1).any(|tag| {
        let tag = tag.trim_start_matches('/');
        let end = tag
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(tag.len());
        let name = tag[..end].to_ascii_lowercase();
        !name.is_empty() && !INLINE.contains(&name.as_str())
    })
}

/// Whether a line of Markdown is more than a paragraph.
pub(in super::super) fn starts_a_block(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with(['#', '>', '|'])
        || text.starts_with("- ")
        || text.starts_with("* ")
        || text.starts_with("```")
        || text.contains("{{<")
        || text.contains("{{%")
}

/// What pieces are where only text can stand.
pub(in super::super) fn plain(pieces: &[CustomPiece]) -> String {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            CustomPiece::Html(html) => text.push_str(html),
            CustomPiece::Markdown { body, .. } => text.push_str(&without_marks(&body.text)),
        }
    }
    unescape(&without_tags(&text))
}

/// HTML without its tags.
pub(in super::super) fn without_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let tag = &rest[at..];
        let is_tag =
            tag[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
        match tag.find('>') {
            Some(end) if is_tag => rest = &tag[end + 1..],
            _ => {
                out.push('<');
                rest = &tag[1..];
            }
        }
    }
    out.push_str(rest);
    out
}
