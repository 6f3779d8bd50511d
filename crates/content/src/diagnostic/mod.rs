//! What an author should fix: data, not errors.

mod source;
mod source_map;

pub use source::{FileId, Position, Source, Sources, Span};
pub use source_map::SourceMap;

/// Something an author should fix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable, documented, searchable: `unknown-property`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence without a full stop.
    pub message: String,
    /// Where; the first is the primary place. Empty when the finding concerns the whole workshop.
    pub labels: Vec<Label>,
    /// The way out: "did you mean `session`?".
    pub help: Option<String>,
}

/// How bad a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The workshop works, but probably not as meant.
    Warning,
    /// Something does not work.
    Error,
}

/// A place with a few words on what is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is there; may be empty.
    pub text: String,
}

impl Diagnostic {
    /// A finding that keeps something from working.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message)
    }

    /// A finding that leaves the workshop working.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message)
    }

    fn new(code: &'static str, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            labels: Vec::new(),
            help: None,
        }
    }

    /// Adds a place; the first one added is the primary place.
    #[must_use]
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// Adds the way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The primary place, if the finding has one.
    pub fn span(&self) -> Option<&Span> {
        self.labels.first().map(|label| &label.span)
    }
}
