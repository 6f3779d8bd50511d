//! What goes when an action is taken out of its page: its block, and one of the blank lines around it.

use std::ops::Range;

use atelier_content::action::{Expect, PageAction};
use atelier_content::diagnostic::Fix;
use atelier_content::{Span, Workshop};

/// The change that takes an action out; `None` where more than its block would go with it, or other actions depend on it.
pub(super) fn removal(workshop: &Workshop, action: &PageAction) -> Option<Fix> {
    let source = workshop.sources.file(action.span.file);
    let is_markdown = matches!(source.path().extension(), Some("md" | "markdown"));
    // What runs by itself, or makes others run, is part of a chain.
    let options = &action.options;
    let stands_alone = !options.autostart
        && !options.cascade
        && !options.hidden
        && !options.required
        && options.enabled
        && options.event.is_none()
        && options.test.expect == Expect::Pass;
    if !is_markdown || !stands_alone {
        return None;
    }
    let (range, text) = without(source.text(), action.span.range.clone())?;
    let span = Span::new(action.span.file, range);
    Some(Fix::replace(span, text).titled("remove the action"))
}

/// What is replaced to take a fenced block out of a text, and by what.
fn without(text: &str, block: Range<usize>) -> Option<(Range<usize>, &'static str)> {
    let start = block.start;
    let written = text.get(block)?.trim_end();
    let fence = ["```", "~~~"]
        .into_iter()
        .find(|fence| written.starts_with(fence))?;
    // Within a list, a quote or a box the block is indented, or marked, and what stands around it belongs to that.
    let is_line = start == 0 || text[..start].ends_with('\n');
    let end = start + written.len();
    let is_closed = written.lines().count() > 1
        && written.lines().next_back().is_some_and(|line| {
            line.starts_with(fence) && line.trim_start_matches(&fence[..1]).is_empty()
        });
    let rest = &text[end..];
    let line_end = rest.find('\n').map_or(text.len(), |at| end + at + 1);
    if !is_line || !is_closed || !text[end..line_end].trim().is_empty() {
        return None;
    }
    let is_blank = |line: &str| line.trim().is_empty();
    let below = &text[line_end..];
    let blank_below = below
        .split_inclusive('\n')
        .next()
        .filter(|line| is_blank(line));
    let above = text[..start].split_inclusive('\n').next_back();
    let is_free_above = above.is_none_or(is_blank);
    Some(match (is_free_above, blank_below) {
        (true, Some(blank)) => (start..line_end + blank.len(), ""),
        (true, None) if below.is_empty() => {
            let blank = above.map_or(0, str::len);
            (start - blank..line_end, "")
        }
        (true, None) | (false, Some(_)) => (start..line_end, ""),
        (false, None) if below.is_empty() => (start..line_end, ""),
        // Two paragraphs would become one.
        (false, None) => (start..line_end, "\n"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_goes_with_one_blank_line() {
        const BLOCK: &str = "```editor:open-file\nfile: a\n```\n";
        for (text, after) in [
            ("one\n\nBLOCK\ntwo\n", Some("one\n\ntwo\n")),
            ("one\n\nBLOCKtwo\n", Some("one\n\ntwo\n")),
            ("one\nBLOCK\ntwo\n", Some("one\n\ntwo\n")),
            ("one\nBLOCKtwo\n", Some("one\n\ntwo\n")),
            ("one\n\nBLOCK", Some("one\n")),
            ("one\nBLOCK", Some("one\n")),
            ("BLOCK\ntwo\n", Some("two\n")),
            ("BLOCK", Some("")),
            ("- one\n  BLOCK\n", None),
            ("> BLOCK\n", None),
        ] {
            let text = text.replace("BLOCK", BLOCK);
            let start = text.find("```").unwrap();
            let changed = without(&text, start..start + BLOCK.len()).map(|(range, new)| {
                let mut changed = text.clone();
                changed.replace_range(range, new);
                changed
            });
            assert_eq!(changed.as_deref(), after, "{text:?}");
        }
        // The end of the page closes a fence, too; what is cut short is left alone.
        let open = "```editor:open-file\nfile: a\n";
        assert_eq!(without(open, 0..open.len()), None);
    }
}
