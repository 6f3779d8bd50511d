//! Shortcodes of the author's own: from a call to what stands on the page (`instructions.md` 5.4).

use super::expand::{Context, Site};
use super::shortcodes::Tag;
use super::template::{
    Call, INNER, Output, Page, Part, Problem, Scope, Source, Template, evaluate, has_block, plain,
    split, starts_a_block,
};
use crate::diagnostic::{Diagnostic, Span};
use crate::render::{
    Builder, Custom, CustomPiece, Dialect, Expanded, LinkTarget, Markup, SlotKind, escape,
    without_marks,
};

impl Context<'_> {
    /// A call of a template. Says nothing about a shortcode that has none.
    pub(super) fn custom(&self, builder: &mut Builder<'_>, site: Site<'_>) {
        let tag = site.tag;
        let Some(source) = self.format.templates.get(tag.name) else {
            return;
        };
        let call = self.call(tag, site.close);
        let done = match &source.template {
            Ok(template) => self.evaluate(template, call.clone()),
            Err(problem) => Err(problem.clone()),
        };
        let output = match done {
            Ok(output) => output,
            Err(problem) => {
                return self.not_played(builder, &problem, source, site);
            }
        };
        for complaint in &output.complaints {
            builder.report(
                Diagnostic::warning("shortcode-complaint", complaint.clone())
                    .at(self.span(&tag.range), "its template says this"),
            );
        }
        self.stack.borrow_mut().insert(0, call.clone());
        if tag.percent {
            self.print_markdown(builder, &output, site);
        } else {
            let kind = self.slot(&output, &call, site);
            builder.slot(kind, self.whole(site));
        }
        self.stack.borrow_mut().remove(0);
    }

    fn call(&self, tag: &Tag<'_>, close: Option<usize>) -> Call {
        let ordinal = self.calls.get();
        self.calls.set(ordinal + 1);
        let clean = |text: &str| without_marks(text).into_owned();
        Call {
            name: tag.name.to_owned(),
            positional: tag
                .arguments
                .positional
                .iter()
                .map(|value| clean(value))
                .collect(),
            named: tag
                .arguments
                .named
                .iter()
                .map(|(name, value)| ((*name).to_owned(), clean(value)))
                .collect(),
            inner: close.map(|close| clean(&self.source[tag.range.end..self.start(close)])),
            ordinal,
        }
    }

    fn evaluate(&self, template: &Template, call: Call) -> Result<Output, Problem> {
        let mut calls = vec![call];
        calls.extend(self.stack.borrow().iter().cloned());
        let base = super::links::base_url(self.variables);
        let page = Page {
            title: self.page.title.clone(),
            address: format!("/workshop/content/{}/", self.page.id),
        };
        let page_address = |name: &str| match super::links::by_name(self.format, name) {
            LinkTarget::Page { id, anchor } => {
                let anchor = anchor.map_or_else(String::new, |anchor| format!("#{anchor}"));
                Some(format!("/workshop/content/{id}/{anchor}"))
            }
            _ => None,
        };
        let scope = Scope {
            calls: &calls,
            page: &page,
            variables: self.variables,
            base: &base,
            page_address: &page_address,
        };
        let mut budget = self.budget.get();
        let done = evaluate(template, &scope, &mut budget);
        self.budget.set(budget);
        done
    }

    /// The body stands for the call; one without a body is a mark.
    fn not_played(
        &self,
        builder: &mut Builder<'_>,
        problem: &Problem,
        source: &Source,
        site: Site<'_>,
    ) {
        let diagnostic = Diagnostic::warning(
            "unsupported-shortcode",
            format!(
                "the template {} cannot be played: {}",
                source.path, problem.message
            ),
        )
        .at(
            self.span(&site.tag.range),
            if site.close.is_some() {
                "only its body is shown"
            } else {
                "not shown"
            },
        )
        .at(
            Span::new(source.file, problem.range.clone()),
            "in this template",
        );
        self.broken(builder, diagnostic, site);
    }

    /// `{{% %}}`: the output is a part of the page's Markdown.
    fn print_markdown(&self, builder: &mut Builder<'_>, output: &Output, site: Site<'_>) {
        for piece in split(&output.html) {
            match piece {
                Part::Text(text) => self.template_text(builder, text, site.tag),
                Part::Inner => self.pour(builder, site),
                Part::Body(number) => {
                    for piece in split(output.bodies.get(number).map_or("", String::as_str)) {
                        match piece {
                            Part::Text(text) => self.template_text(builder, text, site.tag),
                            Part::Inner => self.pour(builder, site),
                            Part::Body(_) => {}
                        }
                    }
                }
            }
        }
    }

    /// Text of a template may call further shortcodes only in the pages themselves: here they are text.
    fn template_text(&self, builder: &mut Builder<'_>, text: &str, tag: &Tag<'_>) {
        builder.replace(text, tag.range.clone());
    }

    /// Puts what stands between the tags into a builder, as if it stood there by itself.
    fn pour(&self, builder: &mut Builder<'_>, site: Site<'_>) {
        let Site { at, depth, .. } = site;
        let Some(close) = site.close else { return };
        // A template may print what it is given many times, and stand in another one that does.
        let bytes = self.start(close).saturating_sub(self.start(at));
        let cost = 1 + (close - at) + bytes / 64;
        let Some(left) = self.budget.get().checked_sub(cost) else {
            self.budget.set(0);
            builder.report(
                Diagnostic::warning(
                    "unsupported-shortcode",
                    "the templates of this page print too much",
                )
                .at(
                    Span::new(self.page.file(), self.start(at)..self.start(close)),
                    "not shown again",
                ),
            );
            return;
        };
        self.budget.set(left);
        self.tokens_into(builder, site.body(), depth + 1);
    }

    /// `{{< >}}`: the output is HTML, with bodies of Markdown in it.
    fn slot(&self, output: &Output, call: &Call, site: Site<'_>) -> SlotKind {
        let mut pieces = Vec::new();
        for part in split(&output.html) {
            match part {
                Part::Text(text) => pieces.push(CustomPiece::Html(text.to_owned())),
                Part::Inner => self.raw_inner(&mut pieces, site),
                Part::Body(number) => {
                    let text = output.bodies.get(number).map_or("", String::as_str);
                    let body = self.markdown(text, site);
                    // A line of Markdown is no paragraph: Hugo takes its element away.
                    let written = text.replace(INNER, call.inner.as_deref().unwrap_or_default());
                    let is_line = !written.trim().contains('\n') && !starts_a_block(&written);
                    pieces.push(CustomPiece::Markdown {
                        body: Box::new(body),
                        is_line,
                    });
                }
            }
        }
        let text = plain(&pieces);
        let only_text = pieces
            .iter()
            .all(|piece| matches!(piece, CustomPiece::Html(html) if !html.contains('<')));
        if only_text {
            return SlotKind::Text(text);
        }
        // Bodies alone are a part of the page like any other.
        if let [CustomPiece::Markdown { is_line: false, .. }] = &pieces[..]
            && let Some(CustomPiece::Markdown { body, .. }) = pieces.pop()
        {
            return SlotKind::Group(body);
        }
        let blank = |piece: &CustomPiece| matches!(piece, CustomPiece::Html(html) if html.trim().is_empty());
        let bodies = pieces.iter().filter(|piece| !blank(piece)).count();
        if bodies == 1
            && let Some(at) = pieces
                .iter()
                .position(|piece| matches!(piece, CustomPiece::Markdown { is_line: false, .. }))
            && let CustomPiece::Markdown { body, .. } = pieces.swap_remove(at)
        {
            return SlotKind::Group(body);
        }
        let is_inline = pieces.iter().all(|piece| match piece {
            CustomPiece::Html(html) => !has_block(html),
            CustomPiece::Markdown { is_line, .. } => *is_line,
        });
        SlotKind::Custom(Box::new(Custom {
            pieces,
            is_inline,
            text,
        }))
    }

    /// A text of the template with what stands between the tags in its place, to be read as Markdown.
    fn markdown(&self, text: &str, site: Site<'_>) -> Expanded {
        let dedent = if text.trim() == INNER.to_string() {
            self.indent(site.at)
        } else {
            0
        };
        let mut builder = Builder::new(self.source, Markup::Markdown(Dialect::HUGO), dedent);
        for part in split(text) {
            match part {
                Part::Text(text) => builder.replace(text, site.tag.range.clone()),
                Part::Inner => self.pour(&mut builder, site),
                Part::Body(_) => {}
            }
        }
        builder.finish()
    }

    /// What stands between the tags, without reading it as Markdown; shortcodes in it are played.
    fn raw_inner(&self, pieces: &mut Vec<CustomPiece>, site: Site<'_>) {
        let mut builder = Builder::new(self.source, Markup::Markdown(Dialect::HUGO), 0);
        self.pour(&mut builder, site);
        let expanded = builder.finish();
        let slots = expanded.slots.len();
        for piece in crate::render::pieces(&expanded.text) {
            match piece {
                crate::render::Piece::Text(text, _) => {
                    pieces.push(CustomPiece::Html(text.to_owned()));
                }
                crate::render::Piece::Slot(number, _) if number < slots => {
                    let slot = expanded.slots[number].clone();
                    if let SlotKind::Text(text) = &slot.kind {
                        pieces.push(CustomPiece::Html(escape(text).into_owned()));
                        continue;
                    }
                    let mut one = Builder::new(self.source, Markup::Markdown(Dialect::HUGO), 0);
                    one.slot(slot.kind, slot.source);
                    pieces.push(CustomPiece::Markdown {
                        body: Box::new(one.finish()),
                        is_line: false,
                    });
                }
                crate::render::Piece::Slot(..) => {}
            }
        }
        if !expanded.diagnostics.is_empty() {
            // They have no text of their own to stand with.
            let body = Expanded {
                diagnostics: expanded.diagnostics,
                ..Expanded::default()
            };
            pieces.push(CustomPiece::Markdown {
                body: Box::new(body),
                is_line: true,
            });
        }
    }
}
