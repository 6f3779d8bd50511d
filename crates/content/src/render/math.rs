//! Formulas on a page.

use std::ops::Range;

use math_core::MathDisplay;

use super::body::Body;
use super::expanded::escape;
use super::html::Writer;
use super::latex::{Mistake, mathml};
use crate::diagnostic::{Diagnostic, Span};

/// Formulas of a page beyond these stay as they are written.
const MAX_FORMULAS: usize = 2000;
/// Stands in the page for a formula until the page has been cleaned.
const PLACE: &str = " data-math=\"";

impl Writer<'_> {
    /// Writes a formula that is a part of a sentence.
    pub(super) fn inline_math(&mut self, latex: &str, span: &Span) {
        match self.formula(latex, MathDisplay::Inline) {
            Ok(number) => {
                let mark = self.mark();
                self.out.push_str(&format!(
                    "<span class=\"math\"{PLACE}{mark}{number}\"></span>"
                ));
            }
            Err(mistake) => {
                self.out.push_str(&format!(
                    "<code class=\"error-chip\" title=\"{}\">{}</code>",
                    escape(&mistake.message),
                    escape(latex)
                ));
                self.report_math(&mistake, span.clone());
            }
        }
    }

    /// Writes a formula that stands for itself; `place` finds a piece of it in the page's file.
    pub(super) fn block_math(&mut self, latex: &str, place: impl Fn(Range<usize>) -> Span) {
        match self.formula(latex, MathDisplay::Block) {
            Ok(number) => {
                let mark = self.mark();
                self.out.push_str(&format!(
                    "<div class=\"math\"{PLACE}{mark}{number}\"></div>\n"
                ));
            }
            Err(mistake) => {
                self.card(&format!("This formula cannot be set: {}", mistake.message));
                self.code(latex, "latex");
                self.report_math(&mistake, place(mistake.place.clone()));
            }
        }
    }

    /// A block of code in the language `math`.
    pub(super) fn math_fence(&mut self, body: &Body<'_>, block: &super::fence::Block) {
        let (map, file) = (&block.map, self.page.file());
        let whole = self.span(body, block.range.clone());
        self.block_math(&block.body, |piece| match piece.is_empty() {
            true => whole.clone(),
            false => Span::new(file, map.to_source(piece)),
        });
    }

    fn formula(&mut self, latex: &str, display: MathDisplay) -> Result<usize, Mistake> {
        if self.formulas.len() >= MAX_FORMULAS {
            return Err(Mistake {
                place: 0..latex.len(),
                message: format!("a page may have {MAX_FORMULAS} formulas"),
            });
        }
        self.formulas.push(mathml(latex, display)?);
        Ok(self.formulas.len() - 1)
    }

    fn report_math(&mut self, mistake: &Mistake, span: Span) {
        self.diagnostics.push(
            Diagnostic::error("invalid-math", mistake.message.clone())
                .at(span, "shown as it is written"),
        );
    }
}

/// Puts the formulas into a page that is clean.
pub(super) fn insert(html: String, formulas: &[String]) -> String {
    if formulas.is_empty() {
        return html;
    }
    let mut out = String::with_capacity(html.len());
    let mut rest = html.as_str();
    while let Some(at) = rest.find(PLACE) {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let tag = &tag[PLACE.len()..];
        let (number, after) = tag.split_once("\">").unwrap_or(("", tag));
        out.push('>');
        if let Some(formula) = number.parse().ok().and_then(|it: usize| formulas.get(it)) {
            out.push_str(formula);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}
