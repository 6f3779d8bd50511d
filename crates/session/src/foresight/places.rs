//! Where the values of actions are written.

use atelier_content::action::PageAction;
use atelier_content::{Span, Workshop};

/// Where a value stands in its block, else the whole block.
pub(super) fn place(
    workshop: &Workshop,
    action: &PageAction,
    properties: &[&str],
    value: &str,
) -> Span {
    places(workshop, action, properties, value)
        .next()
        .unwrap_or_else(|| action.span.clone())
}

/// Where a value stands in its block, from one of the properties on: the first place in each line.
pub(super) fn places(
    workshop: &Workshop,
    action: &PageAction,
    properties: &[&str],
    value: &str,
) -> impl Iterator<Item = Span> {
    let file = action.span.file;
    let text = workshop.sources.file(file).text();
    let block = text.get(action.span.range.clone()).unwrap_or_default();
    let mut at = action.span.range.start;
    let mut inside = false;
    block.split_inclusive('\n').filter_map(move |line| {
        let name = line.trim_start_matches([' ', '>', '\t']);
        inside |= properties.iter().any(|property| {
            name.strip_prefix(property)
                .is_some_and(|rest| rest.starts_with(':'))
        });
        let start = at;
        at += line.len();
        let found = line.find(value).filter(|_| inside && !value.is_empty())?;
        Some(Span::new(file, start + found..start + found + value.len()))
    })
}
