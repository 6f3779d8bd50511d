//! What an author should fix: data, not errors.

mod fix;
mod source;
mod source_map;

pub use fix::{Applicability, Change, Fix};
pub use source::{FileId, Position, Source, Sources, Span};
pub use source_map::SourceMap;

use crate::near::Near;

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
    /// A change that mends it, if one is known.
    pub fix: Option<Box<Fix>>,
}

/// How bad a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is wrong; good to know.
    Note,
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

    /// Something that is not wrong, and good to know.
    pub fn note(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Note, message)
    }

    fn new(code: &'static str, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            labels: Vec::new(),
            help: None,
            fix: None,
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

    /// Adds a change that mends it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(Box::new(fix));
        self
    }

    /// With its change shown only.
    #[must_use]
    pub fn suggested(mut self) -> Self {
        if let Some(fix) = &mut self.fix {
            fix.applicability = Applicability::Suggested;
        }
        self
    }

    /// Adds "did you mean", and a change that writes the name instead of `wrong` at the primary place, where no other name is
    /// as likely; it is shown only where that leaves a doubt.
    #[must_use]
    pub fn did_you_mean(self, near: Near<'_>, wrong: &str) -> Self {
        let place = self.span().cloned();
        let diagnostic = self.help(format!("did you mean `{}`?", near.name));
        match place {
            Some(place) if near.is_only => {
                let fixed = diagnostic.fix(Fix::word(place, wrong, near.name));
                if near.is_sure {
                    fixed
                } else {
                    fixed.suggested()
                }
            }
            _ => diagnostic,
        }
    }

    /// The primary place, if the finding has one.
    pub fn span(&self) -> Option<&Span> {
        self.labels.first().map(|label| &label.span)
    }
}
