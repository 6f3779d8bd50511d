//! Does what actions ask of a view, without a window: the disk owns every text.

use std::collections::HashMap;
use std::ops::Range;

use atelier_content::edit::TextEdit;
use camino::{Utf8Path, Utf8PathBuf};

use crate::documents::{self, DocumentError};
use crate::folders::Folders;
use crate::perform::{Effect, OpenText};
use crate::protocol::Utf16;

/// The files that a headless run has open, with their selections.
#[derive(Debug)]
pub struct HeadlessView {
    folders: Folders,
    selections: HashMap<Utf8PathBuf, Range<usize>>,
    active: Option<Utf8PathBuf>,
    copied: Option<String>,
}

impl HeadlessView {
    /// A view of a session's files, with none open.
    pub fn new(folders: Folders) -> Self {
        Self {
            folders,
            selections: HashMap::new(),
            active: None,
            copied: None,
        }
    }

    /// The text and selection of a file; `None` when there is no such file.
    ///
    /// # Errors
    /// When the file is no text that an editor can show.
    pub fn buffer(&self, path: &Utf8Path) -> Result<Option<OpenText>, DocumentError> {
        match documents::read(path, &self.folders.display(path)) {
            Ok(document) => {
                let selection = self.selection(path, &document.text);
                Ok(Some(OpenText {
                    selection,
                    text: document.text,
                }))
            }
            Err(DocumentError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Applies an effect.
    ///
    /// # Errors
    /// When a file cannot be read or saved.
    pub fn apply(&mut self, effect: &Effect) -> Result<(), DocumentError> {
        match effect {
            Effect::ApplyEdit {
                path,
                edit,
                create,
                save,
            } => self.edit(path, edit, *create, *save),
            Effect::OpenDocument { path, line } => {
                let text = documents::read(path, &self.folders.display(path))?.text;
                if let Some(line) = line {
                    let caret = line_start(&text, *line);
                    self.selections.insert(path.clone(), caret..caret);
                } else {
                    self.selections.entry(path.clone()).or_insert(0..0);
                }
                self.active = Some(path.clone());
                Ok(())
            }
            Effect::CopyText { text } => {
                self.copied = Some(text.clone());
                Ok(())
            }
            Effect::ShowDashboard { .. }
            | Effect::ReloadDashboard { .. }
            | Effect::FocusTerminal { .. }
            | Effect::OpenUrl { .. }
            | Effect::Finish
            | Effect::LeaveSession => Ok(()),
        }
    }

    /// The file that was shown last, its text and its selection.
    pub fn active(&self) -> Option<(String, OpenText)> {
        let path = self.active.as_deref()?;
        let text = documents::read(path, "").ok()?.text;
        let selection = self.selection(path, &text);
        Some((self.folders.display(path), OpenText { text, selection }))
    }

    /// What was copied since the last call.
    pub fn take_copied(&mut self) -> Option<String> {
        self.copied.take()
    }

    fn edit(
        &mut self,
        path: &Utf8Path,
        edit: &TextEdit,
        create: bool,
        save: bool,
    ) -> Result<(), DocumentError> {
        let name = self.folders.display(path);
        let before = match documents::read(path, &name) {
            Ok(document) => Some(document),
            Err(DocumentError::NotFound(_)) if create => None,
            Err(error) => return Err(error),
        };
        let (text, version) = before.map_or((String::new(), None), |document| {
            (document.text, Some(document.version))
        });
        let selection = self.selection(path, &text);
        if save {
            let backups = self.folders.state.join("backups");
            documents::save(
                path,
                &name,
                &edit.apply(&text),
                version.as_deref(),
                &backups,
            )?;
        }
        let selection = edit
            .select
            .clone()
            .unwrap_or_else(|| edit.follow(selection));
        self.selections.insert(path.to_owned(), selection);
        self.active = Some(path.to_owned());
        Ok(())
    }

    /// The disk may hold less than when the selection was made.
    fn selection(&self, path: &Utf8Path, text: &str) -> Range<usize> {
        let clamp = |at: usize| Utf16(text).byte(Utf16(text).offset(at.min(text.len())));
        self.selections
            .get(path)
            .map_or(0..0, |range| clamp(range.start)..clamp(range.end))
    }
}

/// The byte at which a line (from 0) starts; the last line's when there are fewer.
fn line_start(text: &str, line: u32) -> usize {
    let mut starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
    let mut start = 0;
    for _ in 0..=line {
        match starts.next() {
            Some(next) => start = next,
            None => break,
        }
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_lines() {
        assert_eq!(
            [0, 1, 2, 9].map(|line| line_start("a\nbc\n", line)),
            [0, 2, 5, 5]
        );
    }
}
