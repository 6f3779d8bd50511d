//! A home directory in memory, its files owned as the engine owns those that no editor has open.

use std::collections::BTreeMap;
use std::ops::Range;

use atelier_content::action::EditorAction;
use atelier_content::edit::{EditOp, Plan, plan};
use serde_json::Value;

/// Files by path, and what is selected in each.
pub(crate) struct Home {
    /// As on disk: with their byte order mark and line ends.
    pub(crate) files: BTreeMap<String, String>,
    folders: Vec<String>,
    selections: BTreeMap<String, Range<usize>>,
    /// The file that was shown last.
    pub(crate) active: String,
}

/// A place as the Language Server Protocol counts: from 0, characters in UTF-16.
pub(crate) type Place = (u64, u64);

impl Home {
    /// The `files` of a recorded case.
    pub(crate) fn new(files: &Value) -> Self {
        let entries = || files.as_object().expect("files by path").iter();
        let folder = |path: &String| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
        Self {
            files: entries()
                .filter_map(|(path, text)| Some((path.clone(), text.as_str()?.to_owned())))
                .collect(),
            folders: entries().filter_map(|(path, _)| folder(path)).collect(),
            selections: BTreeMap::new(),
            active: String::new(),
        }
    }

    /// Does what an action says; `Err` is its failure.
    pub(crate) fn perform(&mut self, action: &EditorAction) -> Result<Plan, String> {
        match action {
            EditorAction::OpenFile { file, line } => self.open(&path_in_home(file), *line),
            EditorAction::Edit { file, op } => self.edit(&path_in_home(file), op),
            _ => Err("this action is not about one file's text".to_owned()),
        }
    }

    /// What is selected in a file, from where to where.
    pub(crate) fn selection(&self, path: &str) -> (Place, Place) {
        let text = self.document(path).map_or_else(String::new, |it| it.text);
        let Range { start, end } = self.selections.get(path).cloned().unwrap_or(0..0);
        (place(&text, start), place(&text, end))
    }

    fn open(&mut self, path: &str, line: i64) -> Result<Plan, String> {
        let document = self.document(path).ok_or("no such file")?;
        if let Ok(line) = usize::try_from(line) {
            let before: usize = document
                .text
                .split_inclusive('\n')
                .take(line.saturating_sub(1))
                .map(str::len)
                .sum();
            let at = document.text[..before].rfind('\n').map_or(0, |at| at + 1);
            self.selections.insert(path.to_owned(), at..at);
            self.active = path.to_owned();
        }
        Ok(Plan::default())
    }

    fn edit(&mut self, path: &str, op: &EditOp) -> Result<Plan, String> {
        let document = self.document(path);
        let selection = self.selections.get(path).cloned().unwrap_or(0..0);
        let text = document.as_ref().map(|it| it.text.as_str());
        let planned = plan(op, path, text, selection.clone()).map_err(|error| error.to_string())?;
        assert_eq!(planned.create, document.is_none(), "{op:?}");
        if planned.create
            && let Some((folder, _)) = path.rsplit_once('/')
            && !self.folders.iter().any(|known| known == folder)
        {
            return Err(format!("{folder} does not exist"));
        }
        let mut document = document.unwrap_or_default();
        planned
            .edit
            .check(&document.text)
            .map_err(|error| error.to_string())?;
        let followed = planned.edit.follow(selection);
        let selection = planned.edit.select.clone().unwrap_or(followed);
        self.selections.insert(path.to_owned(), selection);
        self.active = path.to_owned();
        if planned.create || (planned.save && !planned.edit.is_selection_only()) {
            document.text = planned.edit.apply(&document.text);
            self.files.insert(path.to_owned(), document.to_disk());
        }
        Ok(planned)
    }

    fn document(&self, path: &str) -> Option<Document> {
        self.files.get(path).map(|raw| Document::from_disk(raw))
    }
}

/// A file as it is edited: the normalisation that is the planner's caller's business.
#[derive(Default)]
struct Document {
    text: String,
    mark: bool,
    carriage_returns: bool,
}

impl Document {
    fn from_disk(raw: &str) -> Self {
        let (text, mark) = match raw.strip_prefix('\u{feff}') {
            Some(text) => (text, true),
            None => (raw, false),
        };
        let carriage_returns = text.matches('\r').count();
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        Self {
            mark,
            carriage_returns: carriage_returns * 2 > text.matches('\n').count(),
            text,
        }
    }

    fn to_disk(&self) -> String {
        let mark = if self.mark { "\u{feff}" } else { "" };
        let end = if self.carriage_returns { "\r\n" } else { "\n" };
        mark.to_owned() + &self.text.replace('\n', end)
    }
}

/// The path that actions may write in three ways.
fn path_in_home(file: &str) -> String {
    ["~/", "$HOME/", "/home/eduk8s/"]
        .iter()
        .find_map(|home| file.strip_prefix(home))
        .unwrap_or(file)
        .to_owned()
}

fn place(text: &str, at: usize) -> Place {
    let before = &text[..at];
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.matches('\n').count();
    (line as u64, before[start..].encode_utf16().count() as u64)
}
