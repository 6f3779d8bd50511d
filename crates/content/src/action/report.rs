//! What is wrong with an action and its properties, and what mends it.

use std::ops::Range;

use serde_yaml::{Mapping, Value};

use super::catalog::{self, COMMON, replacement};
use super::editor_command;
use super::form::FormProblem;
use super::options::TEST_KEYS;
use super::properties::{Problem, Properties};
use super::quoting;
use super::read::Block;
use super::{Action, BrokenAction, EditorAction, EditorCommand, Options};
use crate::diagnostic::{Applicability, Change, Diagnostic, Fix, Span};
use crate::near::{Near, near_within};
use crate::yaml::{self, Step};

/// Properties that are true or false.
const FLAGS: [&str; 9] = [
    "autostart",
    "cascade",
    "clear",
    "enabled",
    "hidden",
    "isRegex",
    "open",
    "preview",
    "required",
];

impl Block<'_> {
    /// A name that is kept for older workshops.
    pub(super) fn report_deprecated(&mut self) {
        let name = self.entry.name;
        if let Some(replacement) = replacement(name) {
            let message = format!("`{name}` is deprecated");
            let diagnostic = Diagnostic::warning("deprecated-action", message)
                .at(self.fence_line(), "kept for older workshops")
                .help(replacement);
            self.diagnostics.push(diagnostic);
        }
    }

    /// Properties that nobody reads; when one of them was meant to be the one that is `missing`, that breaks the action.
    pub(super) fn report_unknown_properties(
        &mut self,
        properties: &Properties,
        missing: Option<&'static str>,
    ) -> Option<BrokenAction> {
        let known = |name: &str| COMMON.contains(&name) || self.entry.properties.contains(&name);
        let unknown: Vec<String> = properties.names().filter(|name| !known(name)).collect();
        let mut broken = None;
        for name in &unknown {
            let candidates = self.entry.properties.iter().chain(COMMON).copied();
            let candidates = candidates.filter(|candidate| !properties.contains(candidate));
            let near = near_within(name, candidates, |_| 1.max(name.len() / 3));
            // A property of another action was hardly misspelt.
            let is_known = catalog::entries().any(|entry| entry.properties.contains(&&**name));
            let near = near.map(|near| Near {
                is_sure: near.is_sure && !is_known,
                ..near
            });
            let is_text = properties
                .get(name)
                .is_some_and(|value| !value.is_mapping() && !value.is_sequence());
            // The only text that nobody reads, where one is missing.
            let instead = missing.filter(|missing| {
                near.is_some_and(|near| near.name == *missing) || unknown.len() == 1 && is_text
            });
            let place = self.key_span(name);
            if let Some(missing) = instead.filter(|_| broken.is_none()) {
                let message = format!("unknown property `{name}`, and `{missing}` is missing");
                let near = near.filter(|near| near.name == missing).unwrap_or(Near {
                    name: missing,
                    is_only: false,
                    is_sure: false,
                });
                self.diagnostics.push(
                    Diagnostic::error("unknown-property", message)
                        .at(
                            place.clone(),
                            format!("not a property of `{}`", self.entry.name),
                        )
                        .did_you_mean(near, name),
                );
                broken = Some(BrokenAction {
                    message: format!("`{missing}` is missing"),
                    span: place,
                });
                continue;
            }
            let diagnostic =
                Diagnostic::warning("unknown-property", format!("unknown property `{name}`"))
                    .at(place, format!("not a property of `{}`", self.entry.name));
            self.diagnostics.push(match near {
                _ if name == "background" => diagnostic.help(
                    "it has no effect; for a command that keeps running say `test: {background: true}`",
                ),
                Some(near) => diagnostic.did_you_mean(near, name),
                None => diagnostic,
            });
        }
        if let Some(Value::Mapping(test)) = properties.get("test") {
            for name in test
                .keys()
                .filter_map(yaml::js_text)
                .filter(|name| !TEST_KEYS.contains(&&**name))
            {
                self.diagnostics.push(
                    Diagnostic::warning(
                        "unknown-property",
                        format!("unknown key `{name}` in `test`"),
                    )
                    .at(self.span_at(&[Step::key("test"), Step::key(&name)]), "")
                    .help(format!("`test` knows {}", TEST_KEYS.join(", "))),
                );
            }
        }
        broken
    }

    pub(super) fn report_bare_scalars(&mut self, properties: &Properties) {
        for name in &properties.bare {
            let mut diagnostic = Diagnostic::warning(
                "unquoted-scalar",
                format!("the value of `{name}` is not text"),
            )
            .at(
                self.key_span(name),
                "read as text here; Educates fails on it, or shows an empty card",
            )
            .help("put it in quotes");
            // Of a list it is the items that want quotes.
            if name != "args" {
                diagnostic.fix = self.quoting(name, quoting::before_comment).map(Box::new);
            }
            self.diagnostics.push(diagnostic);
        }
    }

    /// A fix that puts the value of a property into quotes, where it takes the rest of its line; `length` says how much of
    /// that is the value. A list or a mapping has no quotes of its own.
    fn quoting(&self, name: &str, length: impl Fn(&str) -> usize) -> Option<Fix> {
        let text = self.yaml_text();
        let mut changes = Vec::new();
        for line in quoting::lines(&text) {
            let start = line.value.start;
            let range = start..start + length(&text[line.value.clone()]);
            if line.key != name || text[range.clone()].starts_with(['[', '{']) {
                continue;
            }
            changes.push(Change::Replace {
                text: quoting::quoted(&text[range.clone()]),
                span: self.span(range),
            });
        }
        self.fix_in_quotes(changes)
    }

    fn fix_in_quotes(&self, changes: Vec<Change>) -> Option<Fix> {
        (!changes.is_empty()).then(|| Fix {
            title: "put the value into quotes".to_owned(),
            applicability: Applicability::Safe,
            changes,
        })
    }

    /// A fix that makes YAML of a body by putting values into quotes, and what it then says.
    pub(super) fn quoting_all(&self, text: &str) -> Option<(Fix, Mapping)> {
        let known = |line: &quoting::Line<'_>| self.knows(line.key);
        let (mended, lines) = quoting::mend(text, known)?;
        // Whether a comment or a part of the value was meant, nobody can tell.
        let has_comment = lines
            .iter()
            .any(|range| quoting::before_comment(&text[range.clone()]) < range.len());
        let changes = lines
            .into_iter()
            .map(|range| Change::Replace {
                text: quoting::quoted(&text[range.clone()]),
                span: self.span(range),
            })
            .collect();
        match yaml::parse(&mended) {
            Ok(Value::Mapping(mapping)) => {
                let fix = self.fix_in_quotes(changes)?;
                let fix = if has_comment { fix.suggested() } else { fix };
                Some((fix, mapping))
            }
            _ => None,
        }
    }

    /// Values of which YAML takes a part for a comment, or all for something else; the one that is `missing` for that reason
    /// breaks the action.
    pub(super) fn report_cut_off(
        &mut self,
        properties: &Properties,
        missing: Option<&'static str>,
    ) -> Option<BrokenAction> {
        let text = self.yaml_text();
        let mut broken = None;
        for cut in quoting::cut_off(&text) {
            let is_empty = matches!(properties.get(cut.key), None | Some(Value::Null));
            if cut.is_whole && !is_empty {
                continue;
            }
            let breaks = missing == Some(cut.key);
            let span = self.span(cut.lost.clone());
            let message = format!("the value of `{}` ends before `{}`", cut.key, cut.sign);
            let new = if breaks {
                Diagnostic::error
            } else {
                Diagnostic::warning
            };
            let fix = self.quoting(cut.key, str::len);
            let mut diagnostic = new("cut-off-value", message)
                .at(
                    span.clone(),
                    format!("YAML takes this for {}", cut.taken_for),
                )
                .help("put the value in quotes, or on a line of its own below `|-`");
            let fix = if breaks { fix } else { fix.map(Fix::suggested) };
            diagnostic.fix = fix.map(Box::new);
            self.diagnostics.push(diagnostic);
            if breaks {
                broken = Some(BrokenAction {
                    message: format!("`{}` is missing", cut.key),
                    span,
                });
            }
        }
        broken
    }

    /// Blank lines below `|+` at the end of the block, which do not count.
    pub(super) fn report_lost_lines(&mut self) {
        let text = self.yaml_text();
        let blank = self.fence.body[self.fence.body.trim_end().len()..]
            .matches('\n')
            .count();
        let Some((_, range)) = yaml::key_ranges(&text).pop().filter(|_| blank > 1) else {
            return;
        };
        let header = text[range.end..].lines().next().unwrap_or_default().trim();
        let is_kept = header
            .strip_prefix(':')
            .map(str::trim)
            .is_some_and(|header| header.starts_with(['|', '>']) && header.contains('+'));
        if is_kept {
            let span = self.span(range);
            self.diagnostics.push(
                Diagnostic::warning(
                    "lost-lines",
                    "the blank lines at the end of the block are lost",
                )
                .at(span, "ends at its last line that is not blank")
                .help("write a last property below them, `eot: true`"),
            );
        }
    }

    /// Switches that hold a text: whatever it says counts as true, `no` and `false` in quotes too.
    pub(super) fn report_switches(&mut self, properties: &Properties) {
        for name in FLAGS {
            let is_known = COMMON.contains(&name) || self.entry.properties.contains(&name);
            let Some(Value::String(text)) = properties.get(name).filter(|_| is_known) else {
                continue;
            };
            // What was meant to be true is.
            let is_yes = ["true", "yes", "on", "y"].contains(&&*text.to_ascii_lowercase());
            if text.is_empty() || is_yes {
                continue;
            }
            let message = format!("`{name}` is `{text}`, which counts as true");
            let found = Diagnostic::warning("invalid-property", message)
                .at(self.key_span(name), "any text counts as true")
                .help("write `true` or `false`, without quotes");
            self.diagnostics.push(found);
        }
    }

    pub(super) fn report_ignored(&mut self, properties: &Properties) {
        for (name, why) in &properties.ignored {
            let diagnostic = Diagnostic::warning("ignored-property", format!("`{name}` {why}"));
            self.diagnostics
                .push(diagnostic.at(self.key_span(name), "it has no effect"));
        }
    }

    pub(super) fn report_unknown_command(&mut self, action: &Action) {
        let Action::Editor(EditorAction::Command(EditorCommand::Unknown(id))) = action else {
            return;
        };
        let mut diagnostic = Diagnostic::warning(
            "unknown-command",
            format!("Atelier knows no editor command `{id}`"),
        )
        .at(self.key_span("command"), "the action will fail here");
        let near: Vec<_> = editor_command::near(id)
            .iter()
            .map(|id| format!("`{id}`"))
            .collect();
        if !near.is_empty() {
            diagnostic.help = Some(format!("did you mean {}?", near.join(" or ")));
        }
        self.diagnostics.push(diagnostic);
    }

    pub(super) fn report_form(&mut self, problems: &[FormProblem]) {
        for problem in problems {
            let place = self.span_at(&problem.path);
            self.diagnostics.push(
                Diagnostic::warning("unsupported-form", problem.message.clone())
                    .at(place, "")
                    .help(problem.help.clone()),
            );
        }
    }

    /// Names in `test: {inputs: …}` that the form does not have.
    pub(super) fn report_unknown_inputs(&mut self, action: &Action, options: &Options) {
        let (Action::Examiner(test), Some(inputs)) = (action, &options.test.inputs) else {
            return;
        };
        let Some(form) = &test.form else {
            self.diagnostics.push(
                Diagnostic::warning(
                    "unknown-input",
                    "the action has no form for `test: {inputs: …}`",
                )
                .at(self.span_at(&[Step::key("test"), Step::key("inputs")]), "")
                .help("give it `inputs`, or remove them from `test`"),
            );
            return;
        };
        for name in form.answers(inputs).1 {
            let path = [Step::key("test"), Step::key("inputs"), Step::key(&name)];
            self.diagnostics.push(
                Diagnostic::warning("unknown-input", format!("the form has no field `{name}`"))
                    .at(self.span_at(&path), "")
                    .help(
                        "name a field of its `schema`; an object or a list may be written as such",
                    ),
            );
        }
    }

    /// A body that is taken as it stands begins with a property of the action of the same kind that has some.
    pub(super) fn report_properties_in_raw(&mut self) {
        let (property, meant) = match self.entry.name {
            "execute-all" => ("command", "terminal:execute-all"),
            "copy" => ("text", "workshop:copy"),
            "copy-and-edit" => ("text", "workshop:copy-and-edit"),
            _ => ("command", "terminal:execute"),
        };
        let keys = yaml::key_ranges(self.fence.body);
        let Some((_, range)) = keys.into_iter().next().filter(|(key, range)| {
            key == property && self.fence.body[range.end..].starts_with(": ")
        }) else {
            return;
        };
        let message = format!(
            "`{}` has no properties: all of its body is taken as it stands",
            self.entry.name
        );
        let place = self.span(range);
        self.diagnostics.push(
            Diagnostic::warning("invalid-action", message)
                .at(place, "a part of the text")
                .help(format!(
                    "name the block `{meant}`, or remove `{property}: `"
                )),
        );
    }

    /// A property that is empty or missing only because nothing has given the variable in it a value yet: a session may.
    pub(super) fn later_value(&self, problem: &Problem) -> Option<BrokenAction> {
        let name = problem.missing.or(problem
            .property
            .filter(|_| problem.message.ends_with("must not be empty")))?;
        let text = self.fence.body;
        let start = self.key_range(name)?.start;
        // The place of a variable without a value is empty, and counts with what comes behind it.
        let end = start
            + text[start..]
                .find('\n')
                .map_or(text.len() - start, |end| end + 1);
        let line = self.span(start..end);
        // A variable without a value is longer where it is written.
        (line.range.len() > end - start).then(|| BrokenAction {
            message: format!("`{name}` is empty, as its variable has no value"),
            span: line,
        })
    }

    pub(super) fn report_problem(&mut self, problem: &Problem) -> BrokenAction {
        let (code, range) = match problem.property {
            Some(name) => ("invalid-property", self.key_range(name)),
            None => ("missing-property", None),
        };
        match range {
            Some(range) => self.broken(code, &problem.message, range),
            None => {
                let span = self.fence_line();
                self.broken_at(code, &problem.message, span)
            }
        }
    }

    pub(super) fn broken(
        &mut self,
        code: &'static str,
        message: &str,
        range: Range<usize>,
    ) -> BrokenAction {
        let span = self.span(range);
        self.broken_at(code, message, span)
    }

    fn broken_at(&mut self, code: &'static str, message: &str, span: Span) -> BrokenAction {
        let diagnostic = Diagnostic::error(
            code,
            format!("`{}` cannot be read: {message}", self.entry.name),
        );
        self.diagnostics.push(diagnostic.at(span.clone(), message));
        BrokenAction {
            message: message.to_owned(),
            span,
        }
    }
}
