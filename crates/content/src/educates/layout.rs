//! Where things lie in a workshop's folder (`instructions.md` section 1, `session.md` section 16).

use camino::Utf8PathBuf;

/// The folders of a workshop, relative to its root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    /// Instructions and session scripts: `workshop`, or nothing when the folder itself is that.
    pub(super) workshop: Utf8PathBuf,
    /// The pages: `workshop/content`, or nothing when they lie in the folder itself.
    pub(super) content: Utf8PathBuf,
}

impl Layout {
    /// A repository: `resources/`, `workshop/content/`.
    pub(super) fn repository() -> Self {
        Self {
            workshop: super::WORKSHOP.into(),
            content: super::CONTENT.into(),
        }
    }

    /// The inside of a `workshop` folder by itself: `content/`, `config.yaml`, `setup.d/`.
    pub(super) fn workshop_folder() -> Self {
        Self {
            workshop: Utf8PathBuf::new(),
            content: "content".into(),
        }
    }

    /// Nothing but pages.
    pub(super) fn pages_only() -> Self {
        Self {
            workshop: super::WORKSHOP.into(),
            content: Utf8PathBuf::new(),
        }
    }

    /// A file beside the content: `config.yaml`.
    pub(super) fn beside(&self, name: &str) -> String {
        self.workshop.join(name).into_string()
    }

    /// Files that are published at the root of the instructions.
    pub(super) fn statics(&self) -> Utf8PathBuf {
        self.workshop.join("static")
    }

    /// The slide deck.
    pub(super) fn slides(&self) -> Utf8PathBuf {
        self.workshop.join("slides")
    }

    /// Templates of the author's own.
    pub(super) fn templates(&self) -> Utf8PathBuf {
        self.workshop.join("layouts")
    }
}
