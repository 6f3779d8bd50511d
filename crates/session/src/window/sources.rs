//! The workshop's own files, which its author may open and save in the editor.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use super::open::OpenSession;
use crate::error::SessionError;
use crate::folders::PathError;

/// Begins the name of a file of the workshop's folder where files of the session are named too.
const SOURCE: &str = "workshop:";

/// What a file of the workshop's folder is called.
pub(super) fn name_of(root: &Utf8Path, file: &Utf8Path) -> Option<String> {
    let below = file.strip_prefix(root).ok()?;
    Some(format!("{SOURCE}{below}"))
}

impl OpenSession {
    /// The file that the editor means, and its name. A file of the workshop itself is there for its author alone; it must be
    /// there already, and must not be a link out of the folder.
    pub(super) fn document_at(&self, path: &str) -> Result<(Utf8PathBuf, String), SessionError> {
        let folders = self.session.folders();
        let (Some(below), Some(_)) = (path.strip_prefix(SOURCE), &self.preview) else {
            let file = folders.resolve(path)?;
            let name = folders.display(&file);
            return Ok((file, name));
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
            Ok(real) if real.starts_with(&root) => Ok((file, path.to_owned())),
            Ok(_) => Err(outside()),
            Err(_) => Err(crate::documents::DocumentError::NotFound(path.to_owned()).into()),
        }
    }
}
