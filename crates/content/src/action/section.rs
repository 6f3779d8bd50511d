//! `section:*` (`actions.md` 2.7).

use super::catalog::{Entry, Meaning, yaml};
use super::properties::{Problem, Properties};
use super::{Action, SectionMark};

/// In the order of the specification.
pub(super) const ENTRIES: &[Entry] = &[
    yaml("section:begin", "Section", 1, &["name", "open"], begin),
    yaml("section:end", "Section", 1, &["name", "toggle"], end),
    yaml("section:heading", "Section", 1, &["name"], heading),
];

pub(super) fn begin(properties: &mut Properties) -> Result<Meaning, Problem> {
    let mark = SectionMark::Begin {
        name: name(properties)?,
        open: properties.truthy("open"),
    };
    Ok(Meaning::new(Action::Section(mark), "Instructions"))
}

pub(super) fn end(properties: &mut Properties) -> Result<Meaning, Problem> {
    let mark = SectionMark::End {
        name: name(properties)?,
        toggle: properties.unless_false("toggle"),
    };
    Ok(Meaning::new(Action::Section(mark), "End"))
}

pub(super) fn heading(_: &mut Properties) -> Result<Meaning, Problem> {
    Ok(Meaning::new(
        Action::Section(SectionMark::Heading),
        "Instructions",
    ))
}

/// `*` is how the reference spells "unnamed".
fn name(properties: &Properties) -> Result<String, Problem> {
    Ok(properties
        .text("name")?
        .filter(|name| name != "*")
        .unwrap_or_default())
}
