//! Files of the session as the editor and the file tree ask for them.

use std::sync::PoisonError;

use super::open::OpenSession;
use crate::documents;
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
        let (file, name) = self.document_at(path)?;
        let document = documents::read(&file, &name)?;
        self.watcher.knows(&file, Some(document.version.clone()));
        let read_only = document
            .read_only
            .then(|| format!("{name} may not be written"));
        Ok(DocumentView {
            path: name,
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
        let (file, name) = self.document_at(path)?;
        let backups = self.session.folders().state.join("backups");
        let writing = self.session.writing();
        let _held = writing.lock().unwrap_or_else(PoisonError::into_inner);
        let version = documents::save(&file, &name, text, expected, &backups)?;
        self.watcher.knows(&file, Some(version.clone()));
        Ok(Saved { version })
    }

    /// Tells of changes of exactly these files on the disk.
    ///
    /// # Errors
    /// When a path leads out of the session.
    pub fn watch_documents(&self, paths: &[String]) -> Result<(), SessionError> {
        let files = paths
            .iter()
            .map(|path| Ok(self.document_at(path)?.0))
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
