//! Fenced block → action. What cannot be read becomes a broken action in its place, never an error of the page.

use std::ops::Range;

use super::catalog::{self, COMMON, Entry, Meaning, Reader};
use super::options;
use super::properties::Properties;
use super::{Action, BrokenAction, Face, Options, PageAction, unknown};
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
            self.report_properties_in_raw();
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
                let broken = mistaken
                    .or_else(|| self.later_value(&problem))
                    .unwrap_or_else(|| self.report_problem(&problem));
                let face = self.face_of_broken();
                self.action(Err(broken), defaults, face)
            }
        }
    }

    pub(super) fn knows(&self, key: &str) -> bool {
        COMMON.contains(&key) || self.entry.properties.contains(&key) || key == "background"
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

    pub(super) fn key_range(&self, name: &str) -> Option<Range<usize>> {
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
