//! Blocks that do not end where they were meant to, and actions that are no blocks.

use std::ops::Range;

use super::Block;
use crate::action::is_action;
use crate::diagnostic::{Diagnostic, Span};

/// What is wrong with the marks of a block. `text` is all of it, and `place` leads from there to the page's file.
pub(in crate::render) fn wrong_marks(
    block: &Block,
    text: &str,
    place: impl Fn(Range<usize>) -> Span,
) -> Option<Diagnostic> {
    let open = text.lines().next().unwrap_or_default();
    let range = 0..open.trim_end().len();
    let Some(info) = &block.info else {
        return indented(&block.body).map(|name| stray(name, place(range)));
    };
    if info.trim().is_empty()
        && let Some((name, line)) = in_text(&block.body)
        && line.start == 0
        && block.body[line].trim() == name
    {
        return Some(
            Diagnostic::warning(
                "stray-action",
                format!("`{name}` stands in a block as text"),
            )
            .at(place(range), "a block of plain code")
            .help(format!("write `{name}` right behind the marks")),
        );
    }
    let marks = marks(open);
    // A block of AsciiDoc ends otherwise, or the reading of it tells.
    if !marks.starts_with(['`', '~']) {
        return None;
    }
    let is_end = |line: &str| {
        let line = line.trim_matches([' ', '>', '\t', '\r']);
        line.len() >= marks.len() && line.chars().all(|c| marks.starts_with(c))
    };
    let told = |message: &str| {
        Diagnostic::warning("unclosed-fence", message)
            .at(
                place(range.clone()),
                "this block does not end where it should",
            )
            .help(format!(
                "write {marks} in a line of its own at the end of the block"
            ))
    };
    // A block of an action tells more of it when it is read.
    let inner = block
        .body
        .lines()
        .filter(|line| !is_deep(line))
        .find_map(begun)
        .filter(|inner| inner.starts_with(marks));
    if let Some(inner) = inner.filter(|_| !is_action(block.name())) {
        let name = inner.trim_start_matches(['`', '~']);
        return Some(told(&format!(
            "the block `{name}` begins inside of another one"
        )));
    }
    let ends = text.lines().count() > 1 && text.lines().last().is_some_and(is_end);
    let what = match info.trim() {
        "" => "a block".to_owned(),
        info => format!("the block `{info}`"),
    };
    // Of a page, or of the list, the quote or the box in which it stands.
    (!ends).then(|| told(&format!("all that follows is part of {what}")))
}

/// Whether a line is indented as code is: marks in it neither begin nor end a block.
fn is_deep(line: &str) -> bool {
    line.starts_with("    ") || line.starts_with('\t')
}

/// The marks that a block opens with.
fn marks(line: &str) -> &str {
    let line = line.trim_start_matches([' ', '>', '\t']);
    let length = line.len()
        - line
            .trim_start_matches(line.chars().next().unwrap_or('`'))
            .len();
    &line[..length]
}

/// The first line of a block of an action, without blanks around it.
fn begun(line: &str) -> Option<&str> {
    let line = line.trim();
    let name = line.trim_start_matches(['`', '~']);
    let is_begun = line.len() >= name.len() + 3 && name.contains(':') && is_action(name);
    is_begun.then_some(line)
}

/// The action that an indented block shows the marks of.
fn indented(body: &str) -> Option<&str> {
    let first = begun(body.lines().next()?)?;
    Some(first.trim_start_matches(['`', '~']))
}

/// An action that stands on a page as text.
pub(in crate::render) fn stray(name: &str, place: Span) -> Diagnostic {
    Diagnostic::warning("stray-action", format!("`{name}` stands here as text"))
        .at(place, "no block begins here")
        .help(format!(
            "begin a line with ```{name}, and end the block with ``` in a line of its own"
        ))
}

/// The name of an action that a paragraph begins a line with, as its block would, and the range of that line.
pub(in crate::render) fn in_text(text: &str) -> Option<(&str, Range<usize>)> {
    let mut at = 0;
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let range = at..at + line.trim_end().len();
        at += line.len();
        let name = line
            .trim()
            .rsplit([' ', '`', '"', '\'', '’', '´', '~'])
            .next()?;
        let property = lines
            .peek()
            .and_then(|next| next.trim_start().split_once(": "));
        let is_property = property.is_some_and(|(key, _)| {
            // `Note: …` is text, too.
            key.starts_with(|c: char| c.is_ascii_lowercase())
                && key.chars().all(|c| c.is_ascii_alphabetic())
        });
        if is_property && name.contains(':') && is_action(name) {
            return Some((name, range));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_among_text_are_told_from_words_about_them() {
        let found = |text| in_text(text).map(|(name, _)| name.to_owned());
        let name = Some("terminal:execute".to_owned());
        for text in [
            "``terminal:execute\ncommand: ls\n``",
            "\"\"\"terminal:execute\ncommand: ls",
            "Now: ```terminal:execute\ncommand: ls",
            "terminal:execute\ncommand: ls",
        ] {
            assert_eq!(found(text), name, "{text}");
        }
        for text in [
            "The action `terminal:execute`\ntypes a command: it is",
            "Write `terminal:execute`.",
            "terminal:execute",
            "The action terminal:execute\nNote: it types a command.",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
