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
    let mut code = Code::of(source);
    let mut at = text.start;
    while let Some(mark) = source[at..text.end].find(['{', '$', '[', '<', '%']) {
        at += mark;
        let Some(written) = written_at(source, at..text.end) else {
            at += 1;
            continue;
        };
        if let Some(found) = diagnostic(source, &written, file, variables, &mut code) {
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
    let rest = &rest[open.len()..];
    let mut ends = rest.char_indices().map(|(at, _)| at);
    let far = ends.find(|at| *at >= LONGEST + close.len());
    let line = &rest[..far.unwrap_or(rest.len())];
    let line = line.lines().next().unwrap_or_default();
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
    code: &mut Code<'_>,
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
                return Some(unless_template(found, name, code.has(start)));
            }
            // In code it may be a template of anything else.
            let span = Span::new(file, written.range.clone());
            (!code.has(start)).then(|| unknown(name, span, variables))
        }
        ("%", Some(name)) if name.contains('_') && !written.inner.contains(' ') => {
            if variables.get(name).is_some() {
                let found = told(param(name));
                return Some(unless_template(found, name, code.has(start)));
            }
            let known = variables.iter().map(|(name, _)| name);
            let meant = near(&name.to_ascii_lowercase(), known)?;
            (!code.has(start)).then(|| told(param(meant.name)).suggested())
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
            let is_param = open == "{{"
                && is_builtin(&lower)
                && bare
                    .strip_prefix("param ")
                    .is_some_and(|rest| rest.trim() == name);
            let is_filtered = is_filtered || is_param;
            let is_shell = open.starts_with('$') && alone != Some(name);
            if is_shell || code.has(start) && !is_filtered {
                return None;
            }
            Some(told(param(&lower)).suggested())
        }
    }
}

/// A file that an action makes may be a template of anything else, whose variables have names of their own: there only
/// built-in variables are put in without asking.
fn unless_template(found: Diagnostic, name: &str, is_code: bool) -> Diagnostic {
    if !is_builtin(name) && is_code {
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
    let mut code = Code::of(source);
    let found = source[text.clone()].match_indices("{%").take(100);
    for open in found.map(|(at, _)| text.start + at) {
        let rest = &source[open + 2..text.end];
        let inner = rest.trim_start_matches(['-', ' ']);
        let length = inner
            .find(|c: char| !c.is_ascii_lowercase())
            .unwrap_or(inner.len());
        let end = rest.find("%}").filter(|end| !rest[..*end].contains('\n'));
        let Some(end) = end.filter(|_| TAGS.contains(&&inner[..length]) && !code.has(open)) else {
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

/// Whether a place of a page lies in a block of code or between back-ticks.
pub(super) fn is_code(source: &str, at: usize) -> bool {
    Code::of(source).has(at)
}

/// Which places of a page are code. They are asked for from the start to the end, so that every line is read once.
struct Code<'s> {
    source: &'s str,
    /// The start of the line that is read, and how far that is done.
    line: usize,
    read: usize,
    /// The marks of the block around it.
    fence: Option<&'s str>,
    /// The back-ticks that opened code in the line; 0 outside of it.
    ticks: usize,
    /// Whether an indented line would be code here: it stands behind a blank one, and in no list.
    after_blank: bool,
    in_list: bool,
}

impl<'s> Code<'s> {
    fn of(source: &'s str) -> Self {
        Self {
            source,
            line: 0,
            read: 0,
            fence: None,
            ticks: 0,
            after_blank: true,
            in_list: false,
        }
    }

    /// Whether a place lies in a block of code or between back-ticks.
    fn has(&mut self, at: usize) -> bool {
        let source = self.source;
        while let Some(end) = source[self.read..at].find('\n') {
            let end = self.read + end;
            self.pass(&source[self.line..end]);
            self.line = end + 1;
            self.read = self.line;
            self.ticks = 0;
        }
        let mut rest = &source[self.read..at];
        while let Some(tick) = rest.find('`') {
            let run = &rest[tick..];
            let after = run.trim_start_matches('`');
            let ticks = run.len() - after.len();
            if self.ticks == 0 {
                self.ticks = ticks;
            } else if self.ticks == ticks {
                self.ticks = 0;
            }
            rest = after;
        }
        self.read = at;
        let is_indented = self.after_blank && !self.in_list && is_deep(&source[self.line..at]);
        self.fence.is_some() || self.ticks > 0 || is_indented
    }

    /// Goes on behind a line.
    fn pass(&mut self, line: &'s str) {
        let mut written = line.trim_start_matches([' ', '>', '\t']);
        if self.fence.is_none() {
            written = behind_item(written);
        }
        let mark = written.chars().next().filter(|c| matches!(c, '`' | '~'));
        let length = mark.map_or(0, |mark| {
            written.len() - written.trim_start_matches(mark).len()
        });
        let (marks, rest) = written.split_at(length);
        match self.fence {
            Some(open) if marks.starts_with(open) && rest.trim().is_empty() => self.fence = None,
            // Code between back-ticks may begin a line, too.
            None if length >= 3 && !(marks.starts_with('`') && rest.contains('`')) => {
                self.fence = Some(marks);
            }
            _ => {}
        }
        let is_blank = line.trim().is_empty();
        if !is_blank && !line.starts_with([' ', '\t']) {
            self.in_list = behind_item(line).len() < line.len();
        }
        self.after_blank = is_blank || self.after_blank && is_deep(line);
    }
}

/// Whether a line is indented as code is.
fn is_deep(line: &str) -> bool {
    line.starts_with("    ") || line.starts_with('\t')
}

/// What stands behind the mark of an item of a list, if there is one.
fn behind_item(line: &str) -> &str {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let marks: &[char] = if rest.len() < line.len() {
        &['.', ')']
    } else {
        &['-', '*', '+']
    };
    let inner = rest
        .strip_prefix(marks)
        .filter(|rest| rest.starts_with([' ', '\t']));
    inner.map_or(line, str::trim_start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_told_from_text() {
        for (text, is_code) in [
            ("a HERE", false),
            ("a `b` HERE", false),
            ("a `HERE`", true),
            ("a `` HERE ` ``", true),
            ("a `` ` `` HERE", false),
            ("```yaml\nHERE\n```", true),
            ("```yaml\nx\n```\nHERE", false),
            ("````text\n```x\nHERE\n```\n````", true),
            ("````text\n```x\ny\n```\n````\nHERE", false),
            ("~~~text\n```x\n~~~\nHERE", false),
            ("```text\n```x\nHERE\n```", true),
            ("```x``` HERE", false),
            ("- ```x\n  HERE\n  ```", true),
            ("- ```x\n  y\n  ```\nHERE", false),
            ("> ```x\n> HERE\n> ```", true),
            ("é\n\n    HERE", true),
            ("é\n\n    é\n    HERE", true),
            ("é\n    HERE", false),
            ("1. é\n\n    HERE", false),
            ("* é\n\n    HERE", false),
        ] {
            let at = text.find("HERE").unwrap();
            assert_eq!(Code::of(text).has(at), is_code, "{text:?}");
            // Whoever asked before gets the same answer.
            let mut code = Code::of(text);
            for (before, _) in text.char_indices().take_while(|(before, _)| *before < at) {
                let is_tick = text[..before].ends_with('`') && text[before..].starts_with('`');
                if !is_tick {
                    code.has(before);
                }
            }
            assert_eq!(code.has(at), is_code, "{text:?}");
        }
    }
}
