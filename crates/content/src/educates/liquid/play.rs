//! A tree → text for Markdown or AsciiDoc, every piece with its way back to the page's file.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use liquid_core::model::ValueView;
use liquid_core::{Runtime as _, Value};

use super::arguments::{Cycle, Partial};
use super::expression::{Chain, keepable, same};
use super::limits::Budget;
use super::node::{Branch, Node, Test, Tree};
use super::scope::Scope;
use super::tree;
use crate::diagnostic::{Diagnostic, FileId, Sources, Span};
use crate::educates::lint::undefined;
use crate::educates::{CONTENT, links};
use crate::render::{Builder, SlotKind};
use crate::variables::Variables;

/// Files that include files that include files.
const MAX_INCLUDES: usize = 16;

/// How a run of nodes ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    On,
    Break,
    Continue,
}

/// A text that is being played.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    pub(super) file: FileId,
    pub(super) source: &'a str,
}

/// Plays a page.
pub(super) struct Player<'a> {
    pub(super) sources: &'a Sources,
    pub(super) variables: &'a Variables,
    pub(super) scope: Scope<'a>,
    pub(super) builder: Builder<'a>,
    /// The page's own file.
    pub(super) page: FileId,
    /// The tags of the page that include what is being played, outermost first.
    pub(super) home: Vec<Range<usize>>,
    /// Texts of `capture` blocks that are open.
    pub(super) captures: Vec<String>,
    pub(super) trees: BTreeMap<FileId, Rc<Tree>>,
    /// Where something was reported already: loops come by again.
    pub(super) reported: HashSet<(FileId, usize, &'static str)>,
    pub(super) cycles: BTreeMap<String, usize>,
    /// Loops that are open.
    pub(super) loops: usize,
    pub(super) exhausted: bool,
}

impl<'a> Player<'a> {
    pub(super) fn page(&mut self, range: Range<usize>) {
        let text = Text {
            file: self.page,
            source: self.sources.file(self.page).text(),
        };
        let tree = tree::read(text.source, range, text.file);
        if let Some(problem) = &tree.problem {
            self.builder.card(problem.clone());
        }
        for found in tree.diagnostics {
            self.builder.report(found);
        }
        self.nodes(&tree.nodes, text);
    }

    pub(super) fn nodes(&mut self, nodes: &[Node], text: Text<'a>) -> Flow {
        for node in nodes {
            let flow = self.node(node, text);
            if flow != Flow::On {
                return flow;
            }
        }
        Flow::On
    }

    fn node(&mut self, node: &Node, text: Text<'a>) -> Flow {
        match node {
            Node::Text(range) => self.text(range.clone(), text),
            Node::Copy(whole) => self.slot(SlotKind::Copy, whole.clone(), text),
            Node::Output(whole, chain) => {
                let value = self.value(chain, whole, text, true);
                self.put(&value.render().to_string(), whole, text);
            }
            Node::Assign(whole, name, chain) => {
                let value = self.value(chain, whole, text, false);
                self.keep(name, value, whole, text);
            }
            Node::Capture(whole, name, body) => {
                self.captures.push(String::new());
                let flow = self.nodes(body, text);
                let captured = self.captures.pop().unwrap_or_default();
                self.keep(name, Value::scalar(captured), whole, text);
                return flow;
            }
            Node::If(branches) => return self.choose(branches, None, text),
            Node::Case(whole, subject, branches) => {
                let subject = self.value(subject, whole, text, false);
                return self.choose(branches, Some(&subject), text);
            }
            Node::For(whole, found, branches) => {
                self.repeat(found, branches, whole, text);
            }
            Node::Partial(whole, partial) => self.partial(partial, whole, text),
            Node::Count(whole, name, by) => {
                let before = self.scope.count(name, *by);
                let shown = if *by > 0 {
                    before
                } else {
                    before.saturating_sub(1)
                };
                self.put(&shown.to_string(), whole, text);
            }
            Node::Cycle(whole, cycle) => self.cycle(cycle, whole, text),
            Node::Break => return Flow::Break,
            Node::Continue => return Flow::Continue,
            Node::Broken(whole, message) => {
                let kind = SlotKind::Chip {
                    message: message.clone(),
                    label: text.source[whole.clone()].to_owned(),
                };
                self.slot(kind, whole.clone(), text);
            }
        }
        Flow::On
    }

    fn choose(&mut self, branches: &[Branch], subject: Option<&Value>, text: Text<'a>) -> Flow {
        for branch in branches {
            let taken = match &branch.test {
                Test::Always => Ok(true),
                Test::If(condition) => condition.holds(&self.scope),
                Test::Unless(condition) => condition.holds(&self.scope).map(|holds| !holds),
                Test::When(values) => Ok(subject.is_some_and(|subject| {
                    values
                        .iter()
                        .filter_map(|value| value.value(&self.scope).ok())
                        .any(|value| same(&value, subject))
                })),
            };
            // To ask for a name that is not there is what conditions are for.
            self.scope.take_missing();
            match taken {
                Ok(true) => return self.nodes(&branch.body, text),
                Ok(false) => {}
                Err(reason) => self.failed(&reason, &branch.tag, text),
            }
        }
        Flow::On
    }

    fn partial(&mut self, partial: &Partial, whole: &Range<usize>, text: Text<'a>) {
        let written = match self.value(&partial.file, whole, text, false) {
            Value::Nil => match &partial.file {
                // Written without quotes, as in other tools.
                Chain::Name(name) => name.clone(),
                Chain::Read(_) => text.source[whole.clone()].to_owned(),
            },
            value => value.to_kstr().into_string(),
        };
        let found = self.included(&written);
        let Some(file) = found else {
            let message = format!("there is no file `{written}` to include");
            let place = Span::new(text.file, whole.clone());
            let found = Diagnostic::error("missing-include", message.clone())
                .at(place, "shown as it is written")
                .help(format!("name a file below {CONTENT} with its extension"));
            self.report(found);
            let label = text.source[whole.clone()].to_owned();
            return self.slot(SlotKind::Chip { message, label }, whole.clone(), text);
        };
        if self.home.len() >= MAX_INCLUDES {
            let message = format!("files include each other more than {MAX_INCLUDES} deep");
            let found = Diagnostic::error("nested-too-deep", message)
                .at(Span::new(text.file, whole.clone()), "not included");
            return self.report(found);
        }
        if !self.step(whole, text) {
            return;
        }
        let mut arguments = Vec::new();
        for (name, chain) in &partial.arguments {
            arguments.push((name, self.value(chain, whole, text, true)));
        }
        self.scope.enter(partial.isolated);
        for (name, value) in arguments {
            self.scope.set_inner(name, value);
        }
        let inner = Text {
            file,
            source: self.sources.file(file).text(),
        };
        let tree = self.trees.get(&file).cloned().unwrap_or_else(|| {
            let mut tree = tree::read(inner.source, 0..inner.source.len(), file);
            for found in std::mem::take(&mut tree.diagnostics) {
                self.builder.report(found);
            }
            let tree = Rc::new(tree);
            self.trees.insert(file, Rc::clone(&tree));
            tree
        });
        self.home.push(whole.clone());
        self.nodes(&tree.nodes, inner);
        self.home.pop();
        self.scope.leave();
    }

    /// A file below the content folder that was read with the pages.
    fn included(&self, written: &str) -> Option<FileId> {
        let path = format!("{CONTENT}/{}", links::inside(written)?);
        self.sources
            .iter()
            .find(|(_, source)| source.path() == path)
            .map(|(file, _)| file)
    }

    fn cycle(&mut self, cycle: &Cycle, whole: &Range<usize>, text: Text<'a>) {
        let turn = self.cycles.entry(cycle.group.clone()).or_insert(0);
        let at = *turn % cycle.values.len().max(1);
        *turn += 1;
        if let Some(chain) = cycle.values.get(at) {
            let value = self.value(chain, whole, text, true);
            self.put(&value.render().to_string(), whole, text);
        }
    }

    /// Works a value out; reports what it asked for in vain.
    pub(super) fn value(
        &mut self,
        chain: &Chain,
        whole: &Range<usize>,
        text: Text<'a>,
        names_matter: bool,
    ) -> Value {
        let value = chain.value(&self.scope);
        let missing = self.scope.take_missing();
        if names_matter && !text.source[whole.clone()].contains("default") {
            for name in missing {
                let place = Span::new(text.file, whole.clone());
                let found = if self.variables.get(&name).is_some() {
                    Diagnostic::warning("undefined-variable", format!("`{name}` is not seen here"))
                        .at(place, "prints nothing")
                        .help(format!("`render` passes only its own arguments: add `{name}: {name}`, or use `include`"))
                } else {
                    undefined(&name, place, self.variables)
                };
                self.report(found);
            }
        }
        value.unwrap_or_else(|reason| {
            self.failed(&reason, whole, text);
            Value::Nil
        })
    }

    fn keep(&mut self, name: &str, value: Value, whole: &Range<usize>, text: Text<'a>) {
        match keepable(value) {
            Ok(value) => self.scope.set(name, value),
            Err(reason) => self.failed(&reason, whole, text),
        }
    }

    fn failed(&mut self, reason: &str, whole: &Range<usize>, text: Text<'a>) {
        let written = &text.source[whole.clone()];
        let message = format!("`{}`: {reason}", written.lines().next().unwrap_or_default());
        let place = Span::new(text.file, whole.clone());
        self.report(Diagnostic::warning("invalid-liquid", message).at(place, "prints nothing"));
    }

    /// One more turn of a loop, or one more included file.
    pub(super) fn step(&mut self, whole: &Range<usize>, text: Text<'a>) -> bool {
        let left = !self.exhausted && self.scope.registers().get_mut::<Budget>().step();
        if !left {
            self.exhaust(whole, text);
        }
        left
    }

    fn exhaust(&mut self, whole: &Range<usize>, text: Text<'a>) {
        if std::mem::replace(&mut self.exhausted, true) {
            return;
        }
        let message = "the loops and values of this page are too large";
        let place = Span::new(text.file, whole.clone());
        self.report(Diagnostic::error("too-much-liquid", message).at(place, "cut off here"));
        self.builder
            .card(format!("This page has an error: {message}"));
    }

    fn report(&mut self, found: Diagnostic) {
        let place = found
            .span()
            .map(|span| (span.file, span.range.start, found.code));
        if place.is_none_or(|place| self.reported.insert(place)) {
            self.builder.report(found);
        }
    }

    /// Text of the source, with `%name%` for every variable there is (`instructions.md` 6.5).
    fn text(&mut self, range: Range<usize>, text: Text<'a>) {
        let mut copied = range.start;
        let mut at = range.start;
        while let Some(open) = text.source[at..range.end].find('%').map(|found| at + found) {
            let rest = &text.source[open + 1..range.end];
            let length = rest
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            let value = rest[length..]
                .starts_with('%')
                .then(|| self.variables.get(&rest[..length]))
                .flatten();
            at = open + 1 + length;
            if let Some(value) = value {
                self.copy(copied..open, text);
                at += 1;
                self.put(value, &(open..at), text);
                copied = at;
            }
        }
        self.copy(copied..range.end, text);
    }

    fn copy(&mut self, range: Range<usize>, text: Text<'a>) {
        if let Some(capture) = self.captures.last_mut() {
            let written = &text.source[range.clone()];
            if self
                .scope
                .registers()
                .get_mut::<Budget>()
                .write(written.len())
            {
                capture.push_str(written);
            } else {
                self.exhaust(&range, text);
            }
        } else if text.file == self.page && self.home.is_empty() {
            // Only in a loop does the page's own text come by twice.
            let paid = self.loops == 0
                || self
                    .scope
                    .registers()
                    .get_mut::<Budget>()
                    .write(range.len());
            if paid {
                self.builder.copy(range);
            } else {
                self.exhaust(&range, text);
            }
        } else {
            self.put(&text.source[range.clone()], &range, text);
        }
    }

    /// Writes what was made from a range of a text.
    pub(super) fn put(&mut self, value: &str, range: &Range<usize>, text: Text<'a>) {
        if !self
            .scope
            .registers()
            .get_mut::<Budget>()
            .write(value.len())
        {
            return self.exhaust(range, text);
        }
        match (self.captures.last_mut(), self.home.first()) {
            (Some(capture), _) => capture.push_str(value),
            (None, Some(home)) => self.builder.replace(value, home.clone()),
            (None, None) => self.builder.replace(value, range.clone()),
        }
    }

    fn slot(&mut self, kind: SlotKind, whole: Range<usize>, text: Text<'a>) {
        if self.captures.is_empty() {
            let place = self.home.first().cloned().unwrap_or(whole);
            self.builder.slot(kind, place);
        } else if let SlotKind::Chip { .. } = kind {
            self.put(&text.source[whole.clone()], &whole, text);
        }
    }
}
