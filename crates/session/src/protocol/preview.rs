//! What an author hears who works on the workshop that is played.

use std::collections::BTreeMap;

use serde::Serialize;
use ts_rs::TS;

use super::action::Effect;
use super::page::{PageEntry, PageState, PageView};

/// The workshop as it is after its files have changed.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReloadView {
    /// Why the files as they are now cannot be shown, in a sentence; then everything else is as it was.
    pub problem: Option<String>,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub description: String,
    /// Heads the list of pages.
    pub contents_title: String,
    /// In the order of navigation.
    pub pages: Vec<PageEntry>,
    /// Pages that are new, or are written in another way than they were.
    pub changed: Vec<String>,
    /// Parts of the definition that have changed and apply after a restart, each in a word or two.
    pub restart: Vec<String>,
    /// Why what is saved is not all shown at once, in a sentence; nothing while the whole folder is watched.
    pub unwatched: Option<String>,
    /// What became of the page that is shown, when it is not as it was.
    pub shown: Option<SuccessorView>,
}

/// What became of a page that is shown.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SuccessorView {
    /// Its key until now.
    pub before: String,
    /// As it is now; `None` when it is gone.
    pub page: Option<PageView>,
    /// How its actions stand; `None` when it is gone.
    pub state: Option<PageState>,
    /// What actions that were there are called now; those that are not named here are gone.
    pub actions: BTreeMap<String, String>,
    /// Those of them that do what they did, by their names now.
    pub unchanged: Vec<String>,
    /// For each section that was there its index now.
    pub sections: Vec<Option<u32>>,
    /// The page to show in its place when it is gone.
    pub nearest: Option<String>,
}

/// What the author has changed of the files that the session has copies of, and that is not in the session yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OfferView {
    /// Files to copy in.
    pub files: Vec<OfferedFile>,
    /// Scripts of the set-up and files of programs that have changed: they are in the session, and have not run since.
    pub scripts: Vec<OfferedScript>,
    /// Why files could not be compared or copied, in a sentence.
    pub problem: Option<String>,
}

/// A file of the workshop that is newer than the session's copy, or that is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OfferedFile {
    /// Relative to the workshop's folder; its name.
    pub name: String,
    /// Where the copy is, or goes: `~/exercises/app.py`.
    pub path: String,
    /// The copy is not there.
    pub new: bool,
    /// The copy has been changed in the session.
    pub yours: bool,
    /// It is gone from the workshop: its copy goes too when the author says so.
    pub gone: bool,
    /// Another one after each change of it.
    pub version: String,
}

/// A script of the set-up, or a file of programs, that has not run as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OfferedScript {
    /// Relative to the workshop's folder.
    pub name: String,
    /// Another one after each change of it.
    pub version: String,
}

/// What came of copying files in.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CopiedView {
    /// What the window must do about open files.
    pub effects: Vec<Effect>,
    /// What still waits.
    pub offer: OfferView,
}
