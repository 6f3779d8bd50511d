//! What is being written: one run of Markdown or AsciiDoc.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use pulldown_cmark::{Alignment, HeadingLevel};

use super::expanded::Expanded;

/// One body of Markdown: the page's, or that of a box.
pub(super) struct Body<'e> {
    pub(super) expanded: &'e Expanded,
    /// Distinguishes the footnotes of one body from those of another.
    pub(super) number: usize,
    pub(super) open: Vec<Close>,
    /// How much of the next text is the mark of an alert: `[!NOTE]`.
    pub(super) alert: usize,
    /// Where the open paragraph starts in the output.
    pub(super) paragraph: Option<usize>,
    /// How many inline elements are open.
    pub(super) inline: usize,
    /// Slots that must wait for the end of the block.
    pub(super) waiting: Vec<usize>,
    pub(super) kept: HashMap<usize, &'static str>,
    /// Raw HTML that this crate wrote itself, by event.
    pub(super) trusted: HashSet<usize>,
    pub(super) definitions: HashMap<String, Range<usize>>,
    pub(super) notes: Vec<String>,
    pub(super) alignments: Vec<Alignment>,
    pub(super) column: usize,
    pub(super) in_head: bool,
}

/// How an open element is closed.
pub(super) enum Close {
    With(&'static str),
    Inline(&'static str),
    Paragraph,
    Heading(HeadingLevel),
    Container(&'static str),
}
