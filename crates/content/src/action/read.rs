//! Fenced block → action. What cannot be read becomes a broken action in its place, never an error of the page.

use std::ops::Range;

use serde_yaml::{Mapping, Value};

use super::catalog::{self, COMMON, Entry, Meaning, Reader};
use super::form::FormProblem;
use super::options::{self, TEST_KEYS};
use super::properties::{Problem, Properties};
use super::{
    Action, BrokenAction, EditorAction, EditorCommand, Face, Options, PageAction, editor_command,
    quoting,
};
use crate::diagnostic::{Applicability, Change, Diagnostic, Fix, SourceMap, Span};
use crate::near::{Near, near_within};
use crate::yaml::{self, Step};

/// A fenced block of a page.
#[derive(Debug, Clone)]
pub struct Fence<'a> {
    /// Everything after the fence marks of the first line.
    pub info: &'a str,
    /// The lines between the fences, container indentation removed.
    pub body: &'a str,
    /// From `body` to the page's file.
    pub map: &'a SourceMap,
    /// The whole block, fence lines included.
    pub span: Span,
}

/// Reads a fence as an action; `None` when its name is no action and the block is ordinary code.
pub fn read(fence: &Fence<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<PageAction> {
    let name = fence.info.split_whitespace().next().unwrap_or_default();
    let Some(entry) = catalog::find(name) else {
        report_unknown(name, fence, diagnostics);
        return None;
    };
    Some(
        Block {
            fence,
            entry,
            diagnostics,
        }
        .read(),
    )
}

/// One block on its way to an action.
struct Block<'a> {
    fence: &'a Fence<'a>,
    entry: &'static Entry,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Block<'_> {
    fn read(mut self) -> PageAction {
        let cooldown = options::default_cooldown(self.entry.cooldown);
        let defaults = Options {
            cooldown,
            ..Options::default()
        };
        if let Reader::Raw(read) = self.entry.reader {
            let Meaning {
                action,
                title,
                body,
            } = read(self.fence.body.trim_end_matches('\n'));
            return self.action(
                Ok(action),
                defaults,
                Face {
                    prefix: self.entry.prefix.into(),
                    title,
                    body,
                },
            );
        }
        let mut mapping = match self.mapping() {
            Ok(mapping) => mapping,
            Err(broken) => {
                let face = self.face_of_broken();
                return self.action(Err(broken), defaults, face);
            }
        };
        let dates = yaml::as_the_reference_reads(&self.yaml_text(), &mut mapping);
        let mut properties = Properties::new(mapping, dates);
        let meaning = match self.entry.reader {
            Reader::Yaml(read) => read(&mut properties),
            Reader::Raw(_) => unreachable!("raw bodies are read above"),
        };
        let missing = meaning.as_ref().err().and_then(|problem| problem.missing);
        let mistaken = self.report_unknown_properties(&properties, missing);
        let mistaken = self.report_cut_off(&properties, missing).or(mistaken);
        self.report_lost_lines();
        self.report_bare_scalars(&properties);
        self.report_ignored(&properties);
        if let Ok(meaning) = &meaning {
            self.report_unknown_command(&meaning.action);
        }
        self.report_form(&properties.form);
        let options = options::read(
            &properties,
            self.entry.cooldown,
            meaning.as_ref().ok().map(|meaning| &meaning.action),
        );
        match (meaning, options) {
            (Ok(meaning), Ok(options)) => {
                self.report_unknown_inputs(&meaning.action, &options);
                let face = self.face(&properties, &meaning);
                self.action(Ok(meaning.action), options, face)
            }
            (Err(problem), _) | (_, Err(problem)) => {
                let broken = mistaken.unwrap_or_else(|| self.report_problem(&problem));
                let face = self.face_of_broken();
                self.action(Err(broken), defaults, face)
            }
        }
    }

    /// The body as a mapping: strict YAML first, then what can be rescued of it.
    fn mapping(&mut self) -> Result<Mapping, BrokenAction> {
        let text = self.yaml_text();
        match yaml::parse(&text) {
            Ok(Value::Mapping(mapping)) => Ok(self.unindented(&text, &mapping).unwrap_or(mapping)),
            Ok(Value::String(_) | Value::Sequence(_)) if self.needs_nothing() => {
                let span = self.span(0..text.trim_end().len());
                self.diagnostics.push(
                    Diagnostic::warning(
                        "invalid-action",
                        "the body is not made of lines of `property: value`",
                    )
                    .at(span, "not read")
                    .help("remove it, or write one property a line"),
                );
                Ok(Mapping::new())
            }
            Ok(Value::Null) if text.trim().is_empty() => Ok(Mapping::new()),
            Ok(_) => {
                let message = "the body must be lines of `property: value`";
                let broken = self.broken("invalid-action", message, 0..text.trim_end().len());
                if let (Some(help), Some(found)) =
                    (self.missing_property(&text), self.diagnostics.last_mut())
                {
                    found.help = Some(help);
                }
                Err(broken)
            }
            Err(error) => {
                let quoted = self.quoting_all(&text);
                let Some(mapping) = yaml::recover(&text, |key| self.knows(key)) else {
                    let message = format!("the body is not valid YAML: {}", error.message);
                    let broken = self.broken("invalid-yaml", &message, error.range);
                    if let (Some((fix, _)), Some(found)) = (quoted, self.diagnostics.last_mut()) {
                        found.help = Some(
                            "put the value into quotes, or on lines of its own below `|-`"
                                .to_owned(),
                        );
                        found.fix = Some(fix);
                    }
                    return Err(broken);
                };
                let span = self.span(error.range);
                let fix = quoted
                    .filter(|(_, same)| *same == mapping)
                    .map(|(fix, _)| fix);
                let mut diagnostic =
                    Diagnostic::warning("rescued-yaml", format!("this is not valid YAML: {}", error.message))
                        .at(span, "read as plain text to the end of the line")
                        .help("quote the value, or write it on lines of its own below `|-`; Educates refuses it as it is");
                diagnostic.fix = fix;
                self.diagnostics.push(diagnostic);
                Ok(mapping)
            }
        }
    }

    /// What a body without properties may have been meant as.
    fn missing_property(&self, text: &str) -> Option<String> {
        let line = text.lines().find(|line| !line.trim().is_empty())?.trim();
        if let Some((key, _)) = line.split_once(':')
            && self.knows(key)
        {
            return Some(format!("write a space after `{key}:`"));
        }
        let main = ["command", "text", "file", "name", "url"]
            .into_iter()
            .find(|name| self.entry.properties.contains(name))?;
        Some(format!("write `{main}: …`"))
    }

    fn knows(&self, key: &str) -> bool {
        COMMON.contains(&key) || self.entry.properties.contains(&key) || key == "background"
    }

    /// Whether the action can do without any property.
    fn needs_nothing(&self) -> bool {
        let mut nothing = Properties::new(Mapping::new(), Vec::new());
        matches!(self.entry.reader, Reader::Yaml(read) if read(&mut nothing).is_ok())
    }

    /// A body that is YAML by chance alone: the lines below `|` are not indented, so that they are properties nobody knows.
    fn unindented(&mut self, text: &str, mapping: &Mapping) -> Option<Mapping> {
        let empty = mapping
            .iter()
            .any(|(_, value)| matches!(value, Value::String(text) if text.trim().is_empty()));
        let has_block = text.lines().any(|line| {
            let line = line
                .trim_end()
                .trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+'));
            line.ends_with(": |") || line.ends_with(": >")
        });
        if !empty || !has_block {
            return None;
        }
        let strange = mapping
            .keys()
            .filter_map(yaml::js_text)
            .find(|key| !self.knows(key))?;
        let rescued = yaml::recover(text, |key| self.knows(key))?;
        let span = self.key_span(&strange);
        self.diagnostics.push(
            Diagnostic::warning("rescued-yaml", "the lines below `|` are not indented")
                .at(span, "read as part of the text above")
                .help("indent the text below `|`; Educates takes it for properties"),
        );
        Some(rescued)
    }

    /// Blank lines around the body do not count; the last line ends properly, so that a block scalar keeps its newline.
    fn yaml_text(&self) -> String {
        let body = self.fence.body.trim_end();
        if body.is_empty() {
            String::new()
        } else {
            format!("{body}\n")
        }
    }

    /// Properties that nobody reads; when one of them was meant to be the one that is `missing`, that breaks the action.
    fn report_unknown_properties(
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
                let near = Near {
                    name: missing,
                    is_only: near.is_some_and(|near| near.name == missing && near.is_only),
                };
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

    fn report_bare_scalars(&mut self, properties: &Properties) {
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
            diagnostic.fix = self.quoting(&[name]);
            self.diagnostics.push(diagnostic);
        }
    }

    /// A fix that puts the values of properties into quotes, where each takes the rest of its line.
    fn quoting(&self, names: &[&str]) -> Option<Fix> {
        let text = self.yaml_text();
        let lines = quoting::lines(&text);
        let mut changes = Vec::new();
        for line in lines.iter().filter(|line| names.contains(&line.key)) {
            let range = line.value.clone();
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
    fn quoting_all(&self, text: &str) -> Option<(Fix, Mapping)> {
        let known = |line: &quoting::Line<'_>| self.knows(line.key);
        let (mended, lines) = quoting::mend(text, known)?;
        let changes = lines
            .into_iter()
            .map(|range| Change::Replace {
                text: quoting::quoted(&text[range.clone()]),
                span: self.span(range),
            })
            .collect();
        match yaml::parse(&mended) {
            Ok(Value::Mapping(mapping)) => Some((self.fix_in_quotes(changes)?, mapping)),
            _ => None,
        }
    }

    /// Values of which YAML takes a part for a comment, or all for something else; the one that is `missing` for that reason
    /// breaks the action.
    fn report_cut_off(
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
            let fix = self.quoting(&[cut.key]);
            let mut diagnostic = new("cut-off-value", message)
                .at(
                    span.clone(),
                    format!("YAML takes this for {}", cut.taken_for),
                )
                .help("put the value in quotes, or on a line of its own below `|-`");
            diagnostic.fix = if breaks { fix } else { fix.map(Fix::suggested) };
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
    fn report_lost_lines(&mut self) {
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

    fn report_ignored(&mut self, properties: &Properties) {
        for (name, why) in &properties.ignored {
            let diagnostic = Diagnostic::warning("ignored-property", format!("`{name}` {why}"));
            self.diagnostics
                .push(diagnostic.at(self.key_span(name), "it has no effect"));
        }
    }

    fn report_unknown_command(&mut self, action: &Action) {
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

    fn report_form(&mut self, problems: &[FormProblem]) {
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
    fn report_unknown_inputs(&mut self, action: &Action, options: &Options) {
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

    fn report_problem(&mut self, problem: &Problem) -> BrokenAction {
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

    fn broken(&mut self, code: &'static str, message: &str, range: Range<usize>) -> BrokenAction {
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

    fn face(&self, properties: &Properties, meaning: &Meaning) -> Face {
        let own = |name| {
            properties
                .text(name)
                .ok()
                .flatten()
                .filter(|_| properties.truthy(name))
        };
        let has_form = matches!(&meaning.action, Action::Examiner(test) if test.form.is_some());
        Face {
            prefix: own("prefix").unwrap_or_else(|| self.entry.prefix.to_owned()),
            title: own("title").unwrap_or_else(|| meaning.title.clone()),
            body: match properties.contains("description") {
                // The form takes its place.
                _ if has_form => None,
                true => properties.text("description").ok().flatten(),
                false => meaning.body.clone(),
            },
        }
    }

    fn face_of_broken(&self) -> Face {
        let title = format!("`{}` cannot be read", self.entry.name);
        Face {
            prefix: self.entry.prefix.to_owned(),
            title,
            body: Some(self.fence.body.trim_end().to_owned()),
        }
    }

    fn action(
        &self,
        action: Result<Action, BrokenAction>,
        options: Options,
        face: Face,
    ) -> PageAction {
        PageAction {
            kind: self.entry.name.to_owned(),
            action,
            options,
            face,
            span: self.fence.span.clone(),
        }
    }

    fn key_range(&self, name: &str) -> Option<Range<usize>> {
        yaml::key_ranges(&self.yaml_text())
            .into_iter()
            .find(|(key, _)| key == name)
            .map(|(_, range)| range)
    }

    fn key_span(&self, name: &str) -> Span {
        self.key_range(name)
            .map_or_else(|| self.fence_line(), |range| self.span(range))
    }

    /// Where a path of keys leads in the body.
    fn span_at(&self, path: &[Step]) -> Span {
        yaml::range_at(&self.yaml_text(), path)
            .map_or_else(|| self.fence_line(), |range| self.span(range))
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.fence.span.file, self.fence.map.to_source(range))
    }

    /// The first line of the block, where a missing property is reported.
    fn fence_line(&self) -> Span {
        name_span(self.fence, self.entry.name)
    }
}

fn report_unknown(name: &str, fence: &Fence<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if !catalog::looks_like_an_action(name) {
        return;
    }
    let diagnostic = Diagnostic::warning("unknown-action", format!("there is no action `{name}`"))
        .at(name_span(fence, name), "shown as plain code");
    let Some(near) = catalog::nearest(name) else {
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
        if !read(&meant, &mut Vec::new()).is_some_and(|meant| meant.action.is_ok()) {
            fix.applicability = Applicability::Suggested;
        }
    }
    diagnostics.push(diagnostic);
}

/// Where the name of a block stands: after its fence marks, which are three at least.
fn name_span(fence: &Fence<'_>, name: &str) -> Span {
    let start = fence.span.range.start;
    let end = (start + 3 + name.len()).min(fence.span.range.end);
    Span::new(fence.span.file, start..end)
}
