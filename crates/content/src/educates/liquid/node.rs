//! What a classic page is made of.

use std::ops::Range;

use super::arguments::{Cycle, Loop, Partial};
use super::expression::{Chain, Condition};
use crate::diagnostic::Diagnostic;

/// A piece of a page.
#[derive(Debug)]
pub(super) enum Node {
    Text(Range<usize>),
    /// `{{copy}}`
    Copy(Range<usize>),
    Output(Range<usize>, Chain),
    Assign(Range<usize>, String, Chain),
    Capture(Range<usize>, String, Vec<Node>),
    If(Vec<Branch>),
    Case(Range<usize>, Chain, Vec<Branch>),
    For(Range<usize>, Box<Loop>, Vec<Branch>),
    Partial(Range<usize>, Box<Partial>),
    Count(Range<usize>, String, i64),
    Cycle(Range<usize>, Cycle),
    Break,
    Continue,
    /// Shown as it is written, marked as wrong.
    Broken(Range<usize>, String),
}

/// A part of a block.
#[derive(Debug)]
pub(super) struct Branch {
    /// The tag that opens it.
    pub(super) tag: Range<usize>,
    pub(super) test: Test,
    pub(super) body: Vec<Node>,
}

/// When a branch is taken.
#[derive(Debug)]
pub(super) enum Test {
    Always,
    If(Condition),
    Unless(Condition),
    /// Of `case`.
    When(Vec<Chain>),
}

/// A page's tree.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// What is so wrong that the reference would refuse the page, in a sentence.
    pub(super) problem: Option<String>,
}
