//! Folder → workshop.

use camino::{Utf8Path, Utf8PathBuf};

use crate::absent::Absent;
use crate::below::workshops_below;
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
    /// Nothing is there.
    #[error("{0}")]
    Absent(Absent),
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
    /// What was named lies in a workshop and stands for nothing by itself.
    #[error("{path} is a part of the workshop {whole}; name that folder")]
    PartOf {
        /// As it was named.
        path: Utf8PathBuf,
        /// The workshop's folder.
        whole: Utf8PathBuf,
    },
    /// The path names a file that is no definition of a workshop.
    #[error(
        "{0} is a file; a workshop is a folder with resources/workshop.yaml and workshop/content"
    )]
    NotAFolder(Utf8PathBuf),
    /// The folder holds several workshops: one of them must be named.
    #[error("{path} holds {} workshops; name one of them:{}", .workshops.len(), listed(.workshops))]
    Several {
        /// Which folder.
        path: Utf8PathBuf,
        /// The folders of the workshops, see [`workshops_below`].
        workshops: Vec<Utf8PathBuf>,
    },
}

/// The workshop that a folder is a part of, by the folder's name.
fn enclosing(folder: &Utf8Path) -> Option<Utf8PathBuf> {
    let folder = folder.canonicalize_utf8().ok()?;
    let parent = folder.parent()?;
    match folder.file_name()? {
        "workshop" | "resources" => Some(parent.to_owned()),
        "content" if parent.file_name() == Some("workshop") => {
            parent.parent().map(Utf8Path::to_owned)
        }
        _ => None,
    }
}

/// The folder of the workshop that a file or folder lies in.
pub fn workshop_around(path: &Utf8Path) -> Option<Utf8PathBuf> {
    let path = path.canonicalize_utf8().ok()?;
    let mut around = path.ancestors().skip(1);
    around
        .find(|folder| {
            folder.join("resources/workshop.yaml").is_file()
                || folder.join("workshop/content").is_dir()
        })
        .map(Utf8Path::to_owned)
}

/// Why nothing was found in a folder, or in a file that is no definition.
fn nothing_in(path: &Utf8Path, otherwise: fn(Utf8PathBuf) -> LoadError) -> LoadError {
    let path = path.to_owned();
    match workshop_around(&path) {
        Some(whole) => LoadError::PartOf { path, whole },
        None => otherwise(path),
    }
}

/// How many workshops a message names.
const NAMED: usize = 30;

fn listed(workshops: &[Utf8PathBuf]) -> String {
    let mut lines: String = workshops
        .iter()
        .take(NAMED)
        .map(|path| format!("\n  {path}"))
        .collect();
    let more = workshops.len().saturating_sub(NAMED);
    if more > 0 {
        lines.push_str(&format!("\n  and {more} more"));
    }
    lines
}

/// Loads the workshop in a folder along its default pathway; problems in its content become diagnostics. A folder with a
/// single workshop somewhere below it stands for that one; a part of a workshop (`workshop/`, `resources/`) for the whole; one
/// with nothing but pages for a workshop of these pages.
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
    if let Some(absent) = Absent::of(root) {
        return Err(LoadError::Absent(absent));
    }
    if root.is_file() {
        let definition = matches!(root.extension(), Some("yaml" | "yml"))
            .then(|| enclosing(root.parent()?))
            .flatten();
        let Some(whole) = definition else {
            return Err(nothing_in(root, LoadError::NotAFolder));
        };
        return educates::load(&whole, pathway)?
            .ok_or_else(|| LoadError::NotAWorkshop(root.to_owned()));
    }
    if let Some(loaded) = educates::load(root, pathway)? {
        return Ok(loaded);
    }
    let mut below = workshops_below(root).workshops;
    match below.len() {
        0 => {}
        1 => {
            let only = below.remove(0);
            return educates::load(&only, pathway)?
                .ok_or_else(|| LoadError::NotAWorkshop(root.to_owned()));
        }
        _ => {
            return Err(LoadError::Several {
                path: root.to_owned(),
                workshops: below,
            });
        }
    }
    if let Some(whole) = enclosing(root)
        && let Some(loaded) = educates::load(&whole, pathway)?
    {
        return Ok(loaded);
    }
    educates::load_loose(root, pathway)?.ok_or_else(|| nothing_in(root, LoadError::NotAWorkshop))
}
