//! What a code means: its section of the documentation.

/// The documentation of all codes.
const PAGE: &str = include_str!("../../../../docs/diagnostics.md");

/// What is said of a code, without its heading.
pub(crate) fn section(code: &str) -> Option<&'static str> {
    let heading = format!("### {code}\n");
    let start = PAGE
        .match_indices(&*heading)
        .find(|(at, _)| *at == 0 || PAGE[..*at].ends_with('\n'))?
        .0
        + heading.len();
    let rest = &PAGE[start..];
    let end = rest.find("\n#").unwrap_or(rest.len());
    Some(rest[..end].trim())
}

/// The codes that are documented.
pub(crate) fn codes() -> impl Iterator<Item = &'static str> {
    PAGE.lines().filter_map(|line| line.strip_prefix("### "))
}
