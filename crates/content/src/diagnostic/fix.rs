//! Changes that mend what a diagnostic tells of.

use camino::Utf8PathBuf;

use super::Span;

/// What mends a finding: all of its changes together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What is done, as an order: "write `session`".
    pub title: String,
    /// Whether it may be done without asking.
    pub applicability: Applicability,
    /// What is changed; no two changes overlap.
    pub changes: Vec<Change>,
}

/// Whether a fix may be applied without asking its author.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applicability {
    /// It does what was meant: `atelier check --fix` applies it.
    Safe,
    /// It may be what was meant: only shown.
    Suggested,
}

/// One change of a fix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Other text in a place of a source file.
    Replace {
        /// What is replaced.
        span: Span,
        /// What comes instead, with `\n` line ends.
        text: String,
    },
    /// The executable bit for a file.
    MakeExecutable {
        /// Relative to the workshop's folder.
        path: Utf8PathBuf,
    },
}

impl Fix {
    /// Puts a text into a place, without asking.
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            title: if text.is_empty() {
                "remove it".to_owned()
            } else {
                format!("write `{text}`")
            },
            applicability: Applicability::Safe,
            changes: vec![Change::Replace { span, text }],
        }
    }

    /// Lets a file be run.
    pub fn make_executable(path: impl Into<Utf8PathBuf>) -> Self {
        let path = path.into();
        Self {
            title: format!("chmod +x {path}"),
            applicability: Applicability::Safe,
            changes: vec![Change::MakeExecutable { path }],
        }
    }

    /// With another title.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Shown only.
    #[must_use]
    pub fn suggested(mut self) -> Self {
        self.applicability = Applicability::Suggested;
        self
    }
}
