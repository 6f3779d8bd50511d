//! Files of the session as the editor and the file tree ask for them.

use std::sync::PoisonError;

use super::open::OpenSession;
use crate::error::SessionError;
use crate::protocol::{DocumentView, FileEntry, FileKind, Saved};

/// Entries of one folder beyond this many are not listed.
const LISTED: usize = 2000;

impl OpenSession {
    /// Reads a text file.
    ///
    /// # Errors
    /// When it is missing, no text, or outside the session.
    pub fn read_document(&self, path: &str) -> Result<DocumentView, SessionError> {
        let place = self.document_at(path)?;
        let document = place.read()?;
        self.watcher
            .knows(&place.file, Some(document.version.clone()));
        let read_only = document
            .read_only
            .then(|| format!("{} may not be written", place.name));
        Ok(DocumentView {
            path: place.name,
            text: document.text,
            version: document.version,
            read_only,
        })
    }

    /// Saves a text file; see [`documents::save`].
    ///
    /// # Errors
    /// When the disk moved on, or the file cannot be written.
    pub fn save_document(
        &self,
        path: &str,
        text: &str,
        expected: Option<&str>,
    ) -> Result<Saved, SessionError> {
        let place = self.document_at(path)?;
        let writing = self.session.writing();
        let _held = writing.lock().unwrap_or_else(PoisonError::into_inner);
        let version = place.save(text, expected)?;
        self.watcher.knows(&place.file, Some(version.clone()));
        Ok(Saved { version })
    }

    /// Tells of changes of exactly these files on the disk.
    ///
    /// # Errors
    /// When a path leads out of the session.
    pub fn watch_documents(&self, paths: &[String]) -> Result<(), SessionError> {
        let files = paths
            .iter()
            .map(|path| Ok(self.document_at(path)?.file))
            .collect::<Result<Vec<_>, SessionError>>()?;
        self.watcher.watch_documents(files);
        Ok(())
    }

    /// Entries of a folder: folders first, then by name; changes in it are told from now on.
    ///
    /// # Errors
    /// When it cannot be read, or is outside the session.
    pub fn list_folder(&self, path: &str) -> Result<Vec<FileEntry>, SessionError> {
        let folders = self.session.folders();
        let folder = if path == "~" {
            folders.home.clone()
        } else {
            folders.resolve(path)?
        };
        let entries = folder.read_dir_utf8().map_err(SessionError::io(&folder))?;
        let mut listed: Vec<_> = entries
            .flatten()
            .take(LISTED)
            .map(|entry| FileEntry {
                name: entry.file_name().to_owned(),
                path: folders.display(entry.path()),
                kind: if entry.path().is_dir() {
                    FileKind::Folder
                } else {
                    FileKind::File
                },
            })
            .collect();
        listed.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
        self.watcher.watch_folder(folder);
        Ok(listed)
    }
}
