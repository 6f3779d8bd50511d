//! Findings about variables.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, FileId, Fix, Span};
use crate::near::near;
use crate::render::Builder;
use crate::variables::{Variables, is_builtin};

/// A variable that nothing defines.
pub(super) fn undefined(name: &str, span: Span, variables: &Variables) -> Diagnostic {
    let diagnostic = Diagnostic::warning(
        "undefined-variable",
        format!("there is no variable `{name}`"),
    )
    .at(span, "prints nothing");
    match near(name, variables.iter().map(|(name, _)| name)) {
        Some(near) => diagnostic.did_you_mean(near, name),
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
        if length == 0 || !after.starts_with("}}") {
            continue;
        }
        let name = &name[..length];
        // `${{ … }}` is a template of something else.
        if source[..open].ends_with('$') {
            continue;
        }
        let is_copy = name == "copy" && source[..open].ends_with('`');
        let end = text.end - after.len() + 2;
        let right = if is_copy {
            "{{< copy >}}".to_owned()
        } else if variables.get(name).is_some() {
            format!("{{{{< param {name} >}}}}")
        } else {
            // In code it may be a template of anything else.
            if !is_code(source, open) {
                let span = Span::new(file, open..end);
                builder.report(unknown(name, span, variables));
            }
            continue;
        };
        let span = Span::new(file, open..end);
        let message = format!("`{{{{ {name} }}}}` is shown as it is written");
        let found = Diagnostic::warning("classic-variable", message)
            .at(span.clone(), "not a shortcode")
            .help(format!("write `{right}`"))
            .fix(Fix::replace(span, right));
        builder.report(unless_template(found, name, source, open));
    }
    percent_variables(source, text, file, variables, builder);
    liquid_tags(source, text, file, builder);
}

/// A file that an action makes may be a template of anything else, whose variables have names of their own: there only
/// built-in variables are put in without asking.
fn unless_template(found: Diagnostic, name: &str, source: &str, at: usize) -> Diagnostic {
    if !is_builtin(name) && is_code(source, at) {
        found.suggested()
    } else {
        found
    }
}

fn unknown(name: &str, span: Span, variables: &Variables) -> Diagnostic {
    let message =
        format!("`{{{{ {name} }}}}` is shown as it is written, and there is no variable `{name}`");
    let diagnostic = Diagnostic::warning("classic-variable", message).at(span, "not a shortcode");
    match near(name, variables.iter().map(|(name, _)| name)) {
        Some(near) => diagnostic.help(format!("did you mean `{{{{< param {} >}}}}`?", near.name)),
        None => diagnostic.help(format!(
            "write `{{{{< param {name} >}}}}` and define it, or put it in back-ticks"
        )),
    }
}

/// `%session_name%`, as the oldest workshops write it.
fn percent_variables(
    source: &str,
    text: &Range<usize>,
    file: FileId,
    variables: &Variables,
    builder: &mut Builder<'_>,
) {
    let mut at = text.start;
    while let Some(open) = source[at..text.end].find('%').map(|found| at + found) {
        at = open + 1;
        let rest = &source[at..text.end];
        let length = rest
            .find(|c: char| !c.is_ascii_lowercase() && c != '_')
            .unwrap_or(rest.len());
        let name = &rest[..length];
        if name.contains('_') && rest[length..].starts_with('%') && variables.get(name).is_some() {
            let span = Span::new(file, open..at + length + 1);
            let right = format!("{{{{< param {name} >}}}}");
            let message = format!("`%{name}%` is shown as it is written");
            let found = Diagnostic::warning("classic-variable", message)
                .at(span.clone(), "not a shortcode")
                .help(format!("write `{right}`"))
                .fix(Fix::replace(span, right));
            builder.report(unless_template(found, name, source, open));
            at += length + 1;
        }
    }
}

/// Tags of Liquid that authors of classic pages use.
const TAGS: [&str; 16] = [
    "assign",
    "capture",
    "case",
    "comment",
    "cycle",
    "else",
    "elsif",
    "endcase",
    "endfor",
    "endif",
    "endunless",
    "for",
    "if",
    "include",
    "raw",
    "unless",
];

/// `{% if … %}`, which only classic pages know.
fn liquid_tags(source: &str, text: &Range<usize>, file: FileId, builder: &mut Builder<'_>) {
    let found = source[text.clone()].match_indices("{%").take(100);
    for open in found.map(|(at, _)| text.start + at) {
        let rest = &source[open + 2..text.end];
        let inner = rest.trim_start_matches(['-', ' ']);
        let length = inner
            .find(|c: char| !c.is_ascii_lowercase())
            .unwrap_or(inner.len());
        let end = rest.find("%}").filter(|end| !rest[..*end].contains('\n'));
        let Some(end) = end.filter(|_| TAGS.contains(&&inner[..length]) && !is_code(source, open))
        else {
            continue;
        };
        builder.report(
            Diagnostic::warning(
                "classic-tag",
                format!("`{{% {} %}}` is shown as it is written", &inner[..length]),
            )
            .at(
                Span::new(file, open..open + 2 + end + 2),
                "only classic pages know Liquid",
            )
            .help("write what it stands for, or put it in back-ticks"),
        );
    }
}

/// Whether a place lies in a fenced block or between back-ticks.
fn is_code(source: &str, at: usize) -> bool {
    let mut fence: Option<&str> = None;
    for line in source[..at]
        .split_inclusive('\n')
        .filter(|line| line.ends_with('\n'))
    {
        let line = line.trim_start_matches([' ', '>', '\t']);
        let mark = ["```", "~~~"]
            .into_iter()
            .find(|mark| line.starts_with(mark));
        match (fence, mark) {
            (None, mark) => fence = mark,
            (Some(open), Some(close)) if open == close => fence = None,
            _ => {}
        }
    }
    let line = source[..at].rfind('\n').map_or(0, |end| end + 1);
    fence.is_some() || source[line..at].matches('`').count() % 2 == 1
}
