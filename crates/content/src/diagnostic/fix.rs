//! Changes that mend what a diagnostic tells of.

use camino::Utf8PathBuf;

use super::{Sources, Span};

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
    /// Another word in a place of a source file, where it stands once. `check` turns it into [`Self::Replace`].
    Word {
        /// Where the word stands.
        within: Span,
        /// The word.
        from: String,
        /// What comes instead.
        to: String,
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

    /// Puts another word into the place of one, without asking.
    pub fn word(within: Span, from: &str, to: &str) -> Self {
        Self {
            title: format!("write `{to}`"),
            applicability: Applicability::Safe,
            changes: vec![Change::Word {
                within,
                from: from.to_owned(),
                to: to.to_owned(),
            }],
        }
    }

    /// The same with the place of every word found; `None` where one does not stand there, or more than once.
    pub(crate) fn settled(mut self, sources: &Sources) -> Option<Self> {
        for change in &mut self.changes {
            let Change::Word { within, from, to } = change else {
                continue;
            };
            let text = sources.file(within.file).text();
            let mut places = text
                .get(within.range.clone())?
                .match_indices(&**from)
                .map(|(at, _)| within.range.start + at)
                .filter(|at| is_word(text, *at..at + from.len()));
            let at = places.next().filter(|_| places.next().is_none())?;
            *change = Change::Replace {
                span: Span::new(within.file, at..at + from.len()),
                text: to.clone(),
            };
        }
        Some(self)
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

/// Whether a place holds a whole word: nothing on either side goes on with it.
fn is_word(text: &str, place: std::ops::Range<usize>) -> bool {
    let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    !text[..place.start].ends_with(goes_on) && !text[place.end..].starts_with(goes_on)
}
