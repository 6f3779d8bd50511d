//! Does what actions ask of a view, without a window: the disk owns every text.

use std::collections::HashMap;
use std::ops::Range;

use atelier_content::action::WindowCommand;
use atelier_content::edit::TextEdit;
use camino::{Utf8Path, Utf8PathBuf};

use crate::documents::{self, DocumentError};
use crate::folders::Folders;
use crate::perform::{Effect, OpenText};
use crate::protocol::Utf16;

/// How many changes of a file can be undone.
const HISTORY: usize = 100;

/// The files that a headless run has open, with their selections.
#[derive(Debug)]
pub struct HeadlessView {
    folders: Folders,
    /// Open files, in tab order.
    tabs: Vec<Utf8PathBuf>,
    /// Files that were closed, the last one last.
    closed: Vec<Utf8PathBuf>,
    /// Kept for each file, open or not.
    selections: HashMap<Utf8PathBuf, Range<usize>>,
    changes: HashMap<Utf8PathBuf, Changes>,
    active: Option<Utf8PathBuf>,
    copied: Option<String>,
}

/// What can be undone and redone in a file.
#[derive(Debug, Default)]
struct Changes {
    done: Vec<Change>,
    undone: Vec<Change>,
}

/// One change of a file's text.
#[derive(Debug, Clone)]
struct Change {
    before: (String, Range<usize>),
    after: (String, Range<usize>),
}

/// Why an effect cannot be applied without a window.
#[derive(Debug, thiserror::Error)]
pub enum HeadlessError {
    /// A file cannot be read or saved.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// A command needs an open file.
    #[error("no file is open in the editor; open one first")]
    NothingOpen,
    /// A command that changes a text in a way that only the window's editor knows.
    #[error(
        "only the window can do this; say `test: {{expect: skip}}` to leave it out of the test"
    )]
    WindowOnly,
    /// A download cannot be stored.
    #[error("{path}: {source}")]
    Download {
        /// Where it was to go.
        path: Utf8PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl HeadlessView {
    /// A view of a session's files, with none open.
    pub fn new(folders: Folders) -> Self {
        Self {
            folders,
            tabs: Vec::new(),
            closed: Vec::new(),
            selections: HashMap::new(),
            changes: HashMap::new(),
            active: None,
            copied: None,
        }
    }

    /// The text and selection of a file; `None` when there is no such file.
    ///
    /// # Errors
    /// When the file is no text that an editor can show.
    pub fn buffer(&self, path: &Utf8Path) -> Result<Option<OpenText>, DocumentError> {
        match documents::read_in(&self.folders, path) {
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
    /// When a file cannot be read or saved, or only a window can do it.
    pub fn apply(&mut self, effect: &Effect) -> Result<(), HeadlessError> {
        match effect {
            Effect::ApplyEdit {
                path,
                edit,
                create,
                save,
            } => self.edit(path, edit, *create, *save)?,
            Effect::OpenDocument { path, line } => self.open(path, *line)?,
            Effect::CloseDocument { path, deleted } => {
                self.close(|open| open.starts_with(path));
                if *deleted {
                    self.selections.retain(|open, _| !open.starts_with(path));
                    self.changes.retain(|open, _| !open.starts_with(path));
                    self.closed.retain(|open| !open.starts_with(path));
                }
            }
            Effect::MoveDocument { from, to } => self.rename(from, to),
            Effect::SaveFile { file, name } => {
                let path = self.folders.downloads.join(name);
                file.save(path.as_std_path())
                    .map_err(|source| HeadlessError::Download { path, source })?;
            }
            Effect::EditorCommand { command } => self.execute(*command)?,
            Effect::CopyText { text } => self.copied = Some(text.clone()),
            // The disk owns every text.
            Effect::ReloadDocument { .. }
            | Effect::ShowDashboard { .. }
            | Effect::ReloadDashboard { .. }
            | Effect::FocusTerminal { .. }
            | Effect::ShowEditorTerminal { .. }
            | Effect::OpenUrl { .. }
            | Effect::Finish
            | Effect::LeaveSession => {}
        }
        Ok(())
    }

    /// The file that was shown last, its text and its selection.
    pub fn active(&self) -> Option<(String, OpenText)> {
        let path = self.active.as_deref()?;
        let text = documents::read_in(&self.folders, path).ok()?.text;
        let selection = self.selection(path, &text);
        Some((self.folders.display(path), OpenText { text, selection }))
    }

    /// What was copied since the last call.
    pub fn take_copied(&mut self) -> Option<String> {
        self.copied.take()
    }

    fn open(&mut self, path: &Utf8Path, line: Option<u32>) -> Result<(), DocumentError> {
        let text = documents::read_in(&self.folders, path)?.text;
        if let Some(line) = line {
            let caret = line_start(&text, line);
            self.selections.insert(path.to_owned(), caret..caret);
        }
        self.show(path);
        Ok(())
    }

    fn show(&mut self, path: &Utf8Path) {
        if !self.tabs.iter().any(|tab| tab == path) {
            self.tabs.push(path.to_owned());
        }
        self.active = Some(path.to_owned());
    }

    /// Closes tabs. The neighbour takes the place of the one that was in front.
    fn close(&mut self, which: impl Fn(&Utf8Path) -> bool) {
        let at = self
            .tabs
            .iter()
            .position(|tab| Some(tab) == self.active.as_ref());
        let (closed, left) = self.tabs.drain(..).partition(|tab| which(tab));
        let closed: Vec<Utf8PathBuf> = closed;
        self.tabs = left;
        if self.active.as_ref().is_some_and(|tab| closed.contains(tab)) {
            let last = self.tabs.len().saturating_sub(1);
            self.active = self.tabs.get(at.unwrap_or(last).min(last)).cloned();
        }
        self.closed.extend(closed);
    }

    fn rename(&mut self, from: &Utf8Path, to: &Utf8Path) {
        let moved = |path: &Utf8Path| match path.strip_prefix(from) {
            Ok(rest) if rest.as_str().is_empty() => Some(to.to_owned()),
            Ok(rest) => Some(to.join(rest)),
            Err(_) => None,
        };
        // A file that was overwritten is not the one that has its name now.
        self.tabs.retain(|tab| !tab.starts_with(to));
        self.closed.retain(|tab| !tab.starts_with(to));
        self.selections.retain(|path, _| !path.starts_with(to));
        self.changes.retain(|path, _| !path.starts_with(to));
        let tabs = self.tabs.iter_mut().chain(&mut self.closed);
        for path in tabs.chain(&mut self.active) {
            if let Some(moved) = moved(path) {
                *path = moved;
            }
        }
        let selections = std::mem::take(&mut self.selections).into_iter();
        self.selections = selections
            .map(|(path, range)| (moved(&path).unwrap_or(path), range))
            .collect();
        let changes = std::mem::take(&mut self.changes).into_iter();
        self.changes = changes
            .map(|(path, changes)| (moved(&path).unwrap_or(path), changes))
            .collect();
    }

    /// What a command of the editor means where there is nothing to see.
    fn execute(&mut self, command: WindowCommand) -> Result<(), HeadlessError> {
        use WindowCommand as W;
        let active = self.active.clone();
        let in_front = || active.clone().ok_or(HeadlessError::NothingOpen);
        match command {
            W::CloseAll | W::CloseSaved => self.close(|_| true),
            W::CloseActive => {
                if let Some(active) = active {
                    self.close(|tab| *tab == active);
                }
            }
            W::CloseOthers => self.close(|tab| Some(tab) != active.as_deref()),
            W::ReopenClosed => {
                if let Some(path) = self.closed.pop() {
                    self.open(&path, None)?;
                }
            }
            W::NextFile | W::PreviousFile => {
                let front = in_front()?;
                let at = self.tabs.iter().position(|tab| *tab == front);
                let step = match command {
                    W::NextFile => 1,
                    _ => self.tabs.len().saturating_sub(1),
                };
                let to = (at.unwrap_or(0) + step) % self.tabs.len().max(1);
                self.active = self.tabs.get(to).cloned();
            }
            W::GoToLine { line: Some(line) } => {
                let path = in_front()?;
                self.open(&path, Some(line.saturating_sub(1)))?;
            }
            W::SelectAll => {
                let path = in_front()?;
                let text = documents::read_in(&self.folders, &path)?.text;
                self.selections.insert(path, 0..text.len());
            }
            W::Undo | W::Redo => {
                let path = in_front()?;
                self.step(&path, command == W::Undo)?;
            }
            W::ToggleComment => return Err(HeadlessError::WindowOnly),
            W::Save | W::GoToLine { line: None } | W::RevealLine { .. } => drop(in_front()?),
            W::Find | W::Replace | W::Fold | W::Unfold | W::FoldAll | W::UnfoldAll => {
                drop(in_front()?);
            }
            // Everything is on the disk; the rest is for the eye.
            W::SaveAll
            | W::ToggleWordWrap
            | W::LargerText
            | W::SmallerText
            | W::NormalText
            | W::ShowFiles
            | W::ToggleFiles
            | W::FocusEditor
            | W::NewFile
            | W::OpenPreferences
            | W::Panel(_) => {}
        }
        Ok(())
    }

    /// Undoes or redoes the last change; nothing when the disk holds another text by now.
    fn step(&mut self, path: &Utf8Path, undo: bool) -> Result<(), DocumentError> {
        let document = documents::read_in(&self.folders, path)?;
        let changes = self.changes.entry(path.to_owned()).or_default();
        let (from, onto) = if undo {
            (&mut changes.done, &mut changes.undone)
        } else {
            (&mut changes.undone, &mut changes.done)
        };
        let Some(change) = from.pop() else {
            return Ok(());
        };
        let (expected, wanted) = if undo {
            (&change.after, &change.before)
        } else {
            (&change.before, &change.after)
        };
        if expected.0 != document.text {
            self.changes.remove(path);
            return Ok(());
        }
        let (text, selection) = wanted.clone();
        onto.push(change);
        documents::save_in(&self.folders, path, &text, Some(&document.version))?;
        self.selections.insert(path.to_owned(), selection);
        Ok(())
    }

    fn edit(
        &mut self,
        path: &Utf8Path,
        edit: &TextEdit,
        create: bool,
        save: bool,
    ) -> Result<(), DocumentError> {
        let before = match documents::read_in(&self.folders, path) {
            Ok(document) => Some(document),
            Err(DocumentError::NotFound(_)) if create => None,
            Err(error) => return Err(error),
        };
        let (text, version) = before.map_or((String::new(), None), |document| {
            (document.text, Some(document.version))
        });
        let selection = self.selection(path, &text);
        let selected = edit
            .select
            .clone()
            .unwrap_or_else(|| edit.follow(selection.clone()));
        if save {
            let after = edit.apply(&text);
            documents::save_in(&self.folders, path, &after, version.as_deref())?;
            if version.is_some() && after != text {
                let changes = self.changes.entry(path.to_owned()).or_default();
                changes.undone.clear();
                changes.done.push(Change {
                    before: (text, selection),
                    after: (after, selected.clone()),
                });
                if changes.done.len() > HISTORY {
                    changes.done.remove(0);
                }
            }
        }
        self.selections.insert(path.to_owned(), selected);
        self.show(path);
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
