//! Shortcodes of the author's own: the small part of Go's templates that they need (`instructions.md` 5.4).
//!
//! A template is parsed once and evaluated at every call, within bounds: [`STEPS`], [`OUTPUT`], [`DEPTH`]. What it does not
//! know it refuses by name; nothing in it can reach a file, a program or the network.

mod eval;
mod fields;
mod functions;
mod lex;
mod lists;
mod output;
mod parse;
#[cfg(test)]
mod tests;
mod texts;
mod value;

use std::collections::BTreeMap;
use std::ops::Range;

pub(super) use eval::{Call, Page, Scope, evaluate};
pub(super) use output::{Part, has_block, plain, split, starts_a_block, without_tags};

/// No call takes more steps.
const STEPS: usize = 20_000;
/// No call writes more bytes.
const OUTPUT: usize = 256 * 1024;
/// Blocks and brackets are not nested deeper.
const DEPTH: usize = 40;

/// Stands for the call's inner text, until the page puts it there.
pub(super) const INNER: char = '\u{FDD3}';
/// Stands before and after the number of a [`Output::bodies`].
pub(super) const BODY: char = '\u{FDD4}';

/// A parsed template.
#[derive(Debug, Clone)]
pub(super) struct Template {
    nodes: Vec<parse::Node>,
}

/// Why a template cannot be played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    /// One sentence without a full stop.
    pub(super) message: String,
    /// Where in the template.
    pub(super) range: Range<usize>,
    /// It is well made, and more than is played here.
    pub(super) unsupported: bool,
}

/// What a call printed.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Output {
    /// HTML with the marks [`INNER`] and [`BODY`] in it.
    pub(super) html: String,
    /// Texts that are to be read as Markdown; they may hold [`INNER`].
    pub(super) bodies: Vec<String>,
    /// What the template itself complained about (`errorf`, `warnf`).
    pub(super) complaints: Vec<String>,
}

impl Template {
    /// Reads a template.
    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        let text = crate::render::without_marks(text);
        let nodes = parse::parse(&text)?;
        Ok(Self { nodes })
    }
}

impl Problem {
    fn new(message: impl Into<String>, range: Range<usize>) -> Self {
        Self {
            message: message.into(),
            range,
            unsupported: false,
        }
    }

    fn unsupported(message: impl Into<String>, range: Range<usize>) -> Self {
        Self {
            unsupported: true,
            ..Self::new(message, range)
        }
    }
}

/// The templates of a workshop, by the name of their shortcode.
pub(super) type Templates = BTreeMap<String, Source>;

/// A template's file, and what came of reading it.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) file: crate::diagnostic::FileId,
    pub(super) path: camino::Utf8PathBuf,
    pub(super) template: Result<Template, Problem>,
}
