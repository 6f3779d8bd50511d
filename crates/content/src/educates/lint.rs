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

/// What authors write around the name of a variable: `{{ session_name }}` as in classic pages, `%session_name%` as in the
/// oldest ones, `$(session_name)` as in the definition, and slips of the hand.
const MARKS: [(&str, &str); 7] = [
    ("{{", "}}"),
    ("$(", ")"),
    ("${", "}"),
    ("[[", "]]"),
    ("<<", ">>"),
    ("{<", ">}"),
    ("%", "%"),
];

/// The longest text between two marks.
const LONGEST: usize = 80;

/// A text between marks, in one line.
struct Written<'s> {
    open: &'static str,
    inner: &'s str,
    range: Range<usize>,
}

/// Variables that are written in another way than current pages have it: they stay as they are.
pub(super) fn classic_variables(
    source: &str,
    text: &Range<usize>,
    file: FileId,
    variables: &Variables,
    builder: &mut Builder<'_>,
) {
    let mut at = text.start;
    while let Some(mark) = source[at..text.end].find(['{', '$', '[', '<', '%']) {
        at += mark;
        let Some(written) = written_at(source, at..text.end) else {
            at += 1;
            continue;
        };
        if let Some(found) = diagnostic(source, &written, file, variables) {
            builder.report(found);
            at = written.range.end;
        } else {
            at += written.open.len();
        }
    }
    liquid_tags(source, text, file, builder);
}

fn written_at(source: &str, place: Range<usize>) -> Option<Written<'_>> {
    let rest = &source[place.clone()];
    let (open, close) = MARKS.into_iter().find(|(open, _)| rest.starts_with(open))?;
    let line = rest[open.len()..].lines().next().unwrap_or_default();
    let end = line.find(close).filter(|end| *end <= LONGEST)?;
    // `${{ … }}` is a template of something else.
    if open == "{{" && source[..place.start].ends_with('$') {
        return None;
    }
    let range = place.start..place.start + open.len() + end + close.len();
    Some(Written {
        open,
        inner: &line[..end],
        range,
    })
}

fn diagnostic(
    source: &str,
    written: &Written<'_>,
    file: FileId,
    variables: &Variables,
) -> Option<Diagnostic> {
    let start = written.range.start;
    let is_word = |name: &str| {
        let known = |c: char| c.is_ascii_alphanumeric() || c == '_';
        !name.is_empty() && name.chars().all(known)
    };
    let bare = written.inner.trim_matches(' ');
    let alone = Some(bare).filter(|name| is_word(name));
    let told = |right: String| {
        let span = Span::new(file, written.range.clone());
        let shown = &source[written.range.clone()];
        Diagnostic::warning(
            "classic-variable",
            format!("`{shown}` is shown as it is written"),
        )
        .at(span.clone(), "not a shortcode")
        .help(format!("write `{right}`"))
        .fix(Fix::replace(span, right))
    };
    let param = |name: &str| format!("{{{{< param {name} >}}}}");
    match (written.open, alone) {
        ("{{", Some("copy")) if source[..start].ends_with('`') => {
            Some(told("{{< copy >}}".to_owned()))
        }
        ("{{", Some(name)) => {
            if variables.get(name).is_some() {
                let found = told(param(name));
                return Some(unless_template(found, name, source, start));
            }
            // In code it may be a template of anything else.
            let span = Span::new(file, written.range.clone());
            (!is_code(source, start)).then(|| unknown(name, span, variables))
        }
        ("%", Some(name)) if name.contains('_') && !written.inner.contains(' ') => {
            if variables.get(name).is_some() {
                let found = told(param(name));
                return Some(unless_template(found, name, source, start));
            }
            let known = variables.iter().map(|(name, _)| name);
            let meant = near(&name.to_ascii_lowercase(), known)?;
            (!is_code(source, start)).then(|| told(param(meant.name)).suggested())
        }
        ("%", _) => None,
        (open, _) => {
            // Whatever stands beside the name: filters, dots, quotes, `param` without its shortcode.
            let mut words = bare.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let name = words
                .find(|word| word.contains('_') && variables.get_ignoring_case(word).is_some())?;
            let lower = name.to_ascii_lowercase();
            let is_filtered = open == "{{"
                && is_builtin(&lower)
                && (bare.strip_prefix(name)).is_some_and(|rest| rest.trim_start().starts_with('|'));
            let is_shell = open.starts_with('$') && alone != Some(name);
            if is_shell || is_code(source, start) && !is_filtered {
                return None;
            }
            Some(told(param(&lower)).suggested())
        }
    }
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
