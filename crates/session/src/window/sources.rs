//! The workshop's own files, which its author may open and save in the editor.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use super::open::OpenSession;
use crate::documents::{self, Document, DocumentError};
use crate::error::SessionError;
use crate::folders::{Folders, PathError};

/// Begins the name of a file of the workshop's folder where files of the session are named too.
const SOURCE: &str = "workshop:";

/// What a file of the workshop's folder is called.
pub(super) fn name_of(root: &Utf8Path, file: &Utf8Path) -> Option<String> {
    let below = file.strip_prefix(root).ok()?;
    Some(format!("{SOURCE}{below}"))
}

/// A file that the editor means.
pub(super) struct Place<'a> {
    pub(super) file: Utf8PathBuf,
    /// What it is called.
    pub(super) name: String,
    folders: &'a Folders,
    /// It lies in the workshop's folder, which is its author's own: no program of the session writes there.
    is_source: bool,
}

impl Place<'_> {
    pub(super) fn read(&self) -> Result<Document, DocumentError> {
        if self.is_source {
            documents::read(&self.file, &self.name)
        } else {
            documents::read_in(self.folders, &self.file)
        }
    }

    pub(super) fn save(&self, text: &str, expected: Option<&str>) -> Result<String, DocumentError> {
        if self.is_source {
            let state = &self.folders.state;
            documents::save(&self.file, &self.name, text, expected, state)
        } else {
            documents::save_in(self.folders, &self.file, text, expected)
        }
    }
}

impl OpenSession {
    /// The file that the editor means, and its name. A file of the workshop itself is there for its author alone; it must be
    /// there already, and must not be a link out of the folder.
    pub(super) fn document_at(&self, path: &str) -> Result<Place<'_>, SessionError> {
        let folders = self.session.folders();
        let (Some(below), Some(_)) = (path.strip_prefix(SOURCE), &self.preview) else {
            let file = folders.resolve(path)?;
            let name = folders.display(&file);
            return Ok(Place {
                file,
                name,
                folders,
                is_source: false,
            });
        };
        let outside = || SessionError::from(PathError::Outside(path.to_owned()));
        let below = Utf8Path::new(below);
        let plain =
            |part: Utf8Component<'_>| matches!(part, Utf8Component::Normal(name) if name != ".git");
        if below.as_str().is_empty() || !below.components().all(plain) {
            return Err(outside());
        }
        let root = self.session.workshop().root.clone();
        let file = root.join(below);
        match file.canonicalize_utf8() {
            Ok(real) if real.starts_with(&root) => Ok(Place {
                file,
                name: path.to_owned(),
                folders,
                is_source: true,
            }),
            Ok(_) => Err(outside()),
            Err(_) => Err(DocumentError::NotFound(path.to_owned()).into()),
        }
    }
}
