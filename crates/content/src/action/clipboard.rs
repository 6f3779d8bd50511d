//! `workshop:copy`, `workshop:copy-and-edit` and their raw forms (`actions.md` 3.2).

use super::Action;
use super::catalog::{self, Entry, Meaning};
use super::properties::{Problem, Properties, missing};

/// In the order of the specification.
pub(super) const ENTRIES: &[Entry] = &[
    catalog::raw("copy", "Workshop", 0, |body| raw(body, false)),
    catalog::raw("copy-and-edit", "Workshop", 0, |body| raw(body, true)),
    catalog::yaml("workshop:copy", "Workshop", 0, &["text"], |p| {
        copy(p, false)
    }),
    catalog::yaml("workshop:copy-and-edit", "Workshop", 0, &["text"], |p| {
        copy(p, true)
    }),
];

pub(super) fn raw(body: &str, edit: bool) -> Meaning {
    meaning(body.trim().to_owned(), edit).with_body(body)
}

pub(super) fn copy(properties: &mut Properties, edit: bool) -> Result<Meaning, Problem> {
    Ok(meaning(
        properties
            .strict_text("text")?
            .ok_or_else(|| missing("text"))?,
        edit,
    ))
}

fn meaning(text: String, edit: bool) -> Meaning {
    let title = if edit {
        "Copy text to paste buffer, change values before use"
    } else {
        "Copy text to paste buffer"
    };
    Meaning::new(Action::Copy { text: text.clone() }, title).with_body(text)
}
