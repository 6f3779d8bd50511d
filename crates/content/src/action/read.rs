//! Fenced block → action. What cannot be read becomes a broken action in its place, never an error of the page.

use std::ops::Range;

use serde_yaml::{Mapping, Value};

use super::catalog::{self, COMMON, Entry, Meaning, Reader};
use super::form::FormProblem;
use super::options;
use super::properties::{Problem, Properties};
use super::{
    Action, BrokenAction, EditorAction, EditorCommand, Face, Options, PageAction, editor_command,
    unknown,
};
use crate::diagnostic::{Diagnostic, SourceMap, Span};
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
        unknown::report(name, fence, diagnostics);
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
pub(super) struct Block<'a> {
    pub(super) fence: &'a Fence<'a>,
    pub(super) entry: &'static Entry,
    pub(super) diagnostics: &'a mut Vec<Diagnostic>,
}

impl Block<'_> {
    fn read(mut self) -> PageAction {
        self.report_deprecated();
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
        self.report_switches(&properties);
        self.report_folded(properties.text("file").ok().flatten().as_deref());
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
                if let Some(range) = unknown::goes_on(&text) {
                    let message = "its block does not end: what follows it is read as a part of it";
                    let broken = self.broken("unclosed-fence", message, range);
                    if let Some(found) = self.diagnostics.last_mut() {
                        found.help = Some("write ``` in a line of its own above".to_owned());
                    }
                    return Err(broken);
                }
                let quoted = self.quoting_all(&text);
                let Some(mapping) = yaml::recover(&text, |key| self.knows(key)) else {
                    let message = format!("the body is not valid YAML: {}", error.message);
                    let broken = self.broken("invalid-yaml", &message, error.range);
                    if let (Some((fix, _)), Some(found)) = (quoted, self.diagnostics.last_mut()) {
                        found.help = Some(
                            "put the value into quotes, or on lines of its own below `|-`"
                                .to_owned(),
                        );
                        found.fix = Some(Box::new(fix));
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
                diagnostic.fix = fix.map(Box::new);
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

    pub(super) fn knows(&self, key: &str) -> bool {
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
    pub(super) fn yaml_text(&self) -> String {
        let body = self.fence.body.trim_end();
        if body.is_empty() {
            String::new()
        } else {
            format!("{body}\n")
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

    pub(super) fn key_span(&self, name: &str) -> Span {
        self.key_range(name)
            .map_or_else(|| self.fence_line(), |range| self.span(range))
    }

    /// Where a path of keys leads in the body.
    pub(super) fn span_at(&self, path: &[Step]) -> Span {
        yaml::range_at(&self.yaml_text(), path)
            .map_or_else(|| self.fence_line(), |range| self.span(range))
    }

    pub(super) fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.fence.span.file, self.fence.map.to_source(range))
    }

    /// The first line of the block, where a missing property is reported.
    pub(super) fn fence_line(&self) -> Span {
        unknown::name_span(self.fence, self.entry.name)
    }
}
