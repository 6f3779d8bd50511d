//! Findings about variables.

use std::ops::Range;

use super::builtin;
use crate::diagnostic::{Diagnostic, FileId, Span};
use crate::render::Builder;
use crate::variables::Variables;

/// A variable that nothing defines.
pub(super) fn undefined(name: &str, span: Span, variables: &Variables) -> Diagnostic {
    let diagnostic = Diagnostic::warning(
        "undefined-variable",
        format!("there is no variable `{name}`"),
    )
    .at(span, "prints nothing");
    match builtin::closest(name, variables.iter().map(|(name, _)| name)) {
        Some(close) => diagnostic.help(format!("did you mean `{close}`?")),
        None => diagnostic,
    }
}

/// `{{ session_name }}` is the other renderer's way to write a variable; here it stays as it is.
pub(super) fn classic_variables(
    source: &str,
    text: &Range<usize>,
    file: FileId,
    variables: &Variables,
    builder: &mut Builder<'_>,
) {
    let mut at = text.start;
    while let Some(open) = source[at..text.end].find("{{").map(|found| at + found) {
        at = open + 2;
        let rest = &source[at..text.end];
        let name = rest.trim_start_matches(' ');
        let length = name
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(name.len());
        let after = name[length..].trim_start_matches(' ');
        if length > 0 && after.starts_with("}}") && variables.get(&name[..length]).is_some() {
            let end = text.end - after.len() + 2;
            builder.report(
                Diagnostic::warning(
                    "classic-variable",
                    format!("`{{{{ {} }}}}` is shown as it is written", &name[..length]),
                )
                .at(Span::new(file, open..end), "not a shortcode")
                .help(format!("write `{{{{< param {} >}}}}`", &name[..length])),
            );
        }
    }
}
