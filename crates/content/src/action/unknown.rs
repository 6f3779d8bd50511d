//! Blocks that were meant as an action, or to end before they do.

use std::ops::Range;

use serde_yaml::Value;

use super::catalog;
use super::read::{Fence, read};
use crate::diagnostic::{Applicability, Change, Diagnostic, Span};
use crate::yaml;

/// Tells of a block that was meant to be an action and is none.
pub(super) fn report(name: &str, fence: &Fence<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let misplaced = fence.info.split_whitespace().skip(1);
    let mut misplaced =
        misplaced.filter(|word| word.contains(':') && catalog::find(word).is_some());
    if let Some(meant) = misplaced.next() {
        diagnostics.push(
            Diagnostic::warning(
                "unknown-action",
                format!("`{meant}` is not the first word of its block"),
            )
            .at(
                name_span(fence, fence.info.trim_end()),
                "shown as plain code",
            )
            .help(format!("write nothing but `{meant}` behind the marks")),
        );
        return;
    }
    let half = catalog::half_named(name, || match yaml::parse(fence.body) {
        Ok(Value::Mapping(mapping)) => mapping.keys().filter_map(yaml::js_text).collect(),
        _ => Vec::new(),
    });
    if half.is_none() && !catalog::looks_like_an_action(name) {
        return;
    }
    let diagnostic = Diagnostic::warning("unknown-action", format!("there is no action `{name}`"))
        .at(name_span(fence, name), "shown as plain code");
    let Some(near) = half.or_else(|| catalog::nearest(name)) else {
        diagnostics.push(diagnostic);
        return;
    };
    let mut diagnostic = diagnostic.did_you_mean(near, name);
    if let Some(fix) = &mut diagnostic.fix {
        // The place may end before the name does.
        if let [Change::Word { within, .. }] = &mut fix.changes[..] {
            within.range.end =
                (within.range.start + fence.info.len() + 20).min(fence.span.range.end);
        }
        // By its right name the block would be a broken card instead of plain code.
        let meant = Fence {
            info: near.name,
            ..fence.clone()
        };
        if read(&meant, &mut Vec::new()).is_none_or(|meant| meant.action.is_err()) {
            fix.applicability = Applicability::Suggested;
        }
    }
    diagnostics.push(diagnostic);
}

/// The line of a body that shows that the block was meant to end before: a mark of another block, or text behind a blank line.
pub(super) fn goes_on(text: &str) -> Option<Range<usize>> {
    let mut at = 0;
    let mut after_blank = false;
    for line in text.split_inclusive('\n') {
        let written = line.trim_end();
        let range = at..at + written.len();
        at += line.len();
        if written.is_empty() {
            after_blank = true;
            continue;
        }
        let is_property = !yaml::key_ranges(line).is_empty();
        let is_deep = line.starts_with([' ', '\t', '-', '#']);
        if written.trim_start().starts_with("``") || written.starts_with("~~~") {
            return Some(range);
        }
        if after_blank && !is_deep && !is_property {
            return Some(range);
        }
        after_blank = false;
    }
    None
}

/// Where the name of a block stands: after its fence marks, which are three at least.
pub(super) fn name_span(fence: &Fence<'_>, name: &str) -> Span {
    let start = fence.span.range.start;
    let end = (start + 3 + name.len()).min(fence.span.range.end);
    Span::new(fence.span.file, start..end)
}
