//! One page of instructions, as the navigation knows it.

use std::fmt;

use crate::diagnostic::{FileId, Span};

/// A page's key: its path below the content folder without the extension, `exercises/01-intro`.
#[derive(
    Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct PageId(pub String);

/// An action of a page, by its place in document order: `01-intro/3`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ActionId {
    /// The page it stands on.
    pub page: PageId,
    /// Its place among the page's actions, from 0.
    pub index: usize,
}

/// One page, in the order of navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its key.
    pub id: PageId,
    /// What the list of contents calls it.
    pub title: String,
    /// The heading that stands above the body, where the format gives one; the body may bring its own.
    pub heading: Option<String>,
    /// Its file, and the part of it that is the body (without front matter).
    pub body: Span,
    /// The navigation names a page that has no file: shown as a card in its place.
    pub missing: bool,
    /// What is wrong with the page as a whole, in one sentence: shown as a card above the body.
    pub problem: Option<String>,
    /// What the button that leads on is called, where the author says so.
    pub next_label: Option<String>,
    /// Where the author sends the learner after this page, if it is the last one (`instructions.md` 4.1).
    pub exit_link: Option<String>,
}

impl Page {
    /// The file that the page was read from.
    pub fn file(&self) -> FileId {
        self.body.file
    }
}

impl fmt::Display for PageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for ActionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.page, self.index)
    }
}

impl std::str::FromStr for ActionId {
    type Err = BadActionId;

    fn from_str(text: &str) -> Result<Self, BadActionId> {
        let bad = || BadActionId(text.to_owned());
        let (page, index) = text.rsplit_once('/').ok_or_else(bad)?;
        Ok(Self {
            page: PageId(page.to_owned()),
            index: index.parse().map_err(|_| bad())?,
        })
    }
}

/// A text that names no action.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` does not name an action; an action is named PAGE/NUMBER")]
pub struct BadActionId(String);
