//! Folder → workshop.

use camino::{Utf8Path, Utf8PathBuf};

use crate::diagnostic::Diagnostic;
use crate::educates;
use crate::workshop::Workshop;

/// A workshop and what its author should fix.
#[derive(Debug)]
pub struct Loaded {
    /// The workshop; usable however many diagnostics there are.
    pub workshop: Workshop,
    /// Problems found while loading; pages bring their own when they are rendered.
    pub diagnostics: Vec<Diagnostic>,
}

/// Why there is nothing to load.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The folder cannot be read.
    #[error("{path} cannot be read: {source}")]
    Unreadable {
        /// Which.
        path: Utf8PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The folder holds nothing that looks like a workshop.
    #[error(
        "{0} is not a workshop: it has neither resources/workshop.yaml nor pages in workshop/content"
    )]
    NotAWorkshop(Utf8PathBuf),
}

/// Loads the workshop in a folder along its default pathway; problems in its content become diagnostics.
///
/// # Errors
/// When the folder cannot be read, or is no workshop at all.
pub fn load(root: &Utf8Path) -> Result<Loaded, LoadError> {
    load_pathway(root, None)
}

/// Loads the workshop in a folder along a pathway of [`Workshop::pathways`] (`instructions.md` 3.3).
///
/// # Errors
/// When the folder cannot be read, or is no workshop at all.
pub fn load_pathway(root: &Utf8Path, pathway: Option<&str>) -> Result<Loaded, LoadError> {
    educates::load(root, pathway)?.ok_or_else(|| LoadError::NotAWorkshop(root.to_owned()))
}
