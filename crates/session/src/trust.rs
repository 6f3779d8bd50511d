//! Which workshops the learner has trusted, by content (`product.md`, "Trust").

use std::collections::BTreeMap;
use std::fs;
use std::io;

use atelier_content::action::{
    Action, DashboardAction, EditorAction, EditorTerminalVerb, FileSource, FilesAction, PageAction,
    Target, TerminalAction, Upload,
};
use atelier_content::{Variables, Workshop, render};
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::allowances::Allowances;
use crate::received::{self, Kind, NotCopied, ReceiveError};
use crate::store;

/// Whether a workshop may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// Exactly this content was trusted.
    Content,
    /// The path is trusted whatever its content: its author works on it.
    Author,
    /// Other content of this path was trusted.
    Changed,
    /// Never seen.
    Unknown,
}

impl Trust {
    /// Whether it may run.
    pub fn is_given(self) -> bool {
        matches!(self, Self::Content | Self::Author)
    }
}

/// What the learner has trusted: `trust.json`.
#[derive(Debug)]
pub struct TrustStore {
    path: Utf8PathBuf,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Entries {
    /// By canonical path.
    #[serde(default)]
    paths: BTreeMap<String, Entry>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Entry {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content: Option<String>,
    #[serde(default)]
    author: bool,
    /// What of the owner's it may use; it goes with the content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    allowed: Option<Allowances>,
}

impl TrustStore {
    /// The store in this file, which need not exist yet.
    pub fn new(path: Utf8PathBuf) -> Self {
        Self { path }
    }

    /// Whether this workshop may run.
    ///
    /// # Errors
    /// When the store cannot be read. A store that is damaged trusts nothing.
    pub fn trust(&self, root: &Utf8Path, content: &str) -> io::Result<Trust> {
        let entries = self.read()?;
        Ok(match entries.paths.get(root.as_str()) {
            Some(entry) if entry.author => Trust::Author,
            Some(entry) if entry.content.as_deref() == Some(content) => Trust::Content,
            Some(_) => Trust::Changed,
            None => Trust::Unknown,
        })
    }

    /// What of the owner's this content may use: nothing, unless the learner allowed it this content, or the path to its author.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn allowed(&self, root: &Utf8Path, content: &str) -> io::Result<Allowances> {
        let entries = self.read()?;
        let entry = entries.paths.get(root.as_str());
        let entry = entry.filter(|entry| entry.author || entry.content.as_deref() == Some(content));
        Ok(entry.and_then(|entry| entry.allowed).unwrap_or_default())
    }

    /// Remembers that this content was trusted; with `author`, the path whatever its content. What it may use is as it was for
    /// this content, and nothing when it has changed.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn give(&self, root: &Utf8Path, content: &str, author: bool) -> io::Result<()> {
        let mut entries = self.read()?;
        let before = entries.paths.get(root.as_str());
        let before = before
            .filter(|entry| entry.content.as_deref() == Some(content) || (author && entry.author));
        let allowed = before.and_then(|entry| entry.allowed);
        entries.paths.insert(
            root.to_string(),
            Entry {
                content: Some(content.to_owned()),
                author,
                allowed,
            },
        );
        store::write_private(&self.path, &serde_json::to_vec_pretty(&entries)?)
    }

    /// Remembers what of the owner's this content may use; nothing comes of it before the content is trusted.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn allow(&self, root: &Utf8Path, content: &str, allowed: Allowances) -> io::Result<()> {
        if !self.trust(root, content)?.is_given() {
            return Ok(());
        }
        let mut entries = self.read()?;
        if let Some(entry) = entries.paths.get_mut(root.as_str()) {
            entry.allowed = (allowed != Allowances::default()).then_some(allowed);
        }
        store::write_private(&self.path, &serde_json::to_vec_pretty(&entries)?)
    }

    fn read(&self) -> io::Result<Entries> {
        match fs::read(&self.path) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Entries::default()),
            Err(error) => Err(error),
        }
    }
}

/// The fingerprint of what a session would receive: every regular file's path, mode and content, and where every link leads;
/// of a page, only its actions, as they are written and as they come out, so that a corrected sentence does not ask again.
/// What was read of the workshop but is not copied counts too: a definition outside the patterns still sets the session's
/// environment. It is the same whichever pathway the workshop was loaded along, and covers what only another one shows.
///
/// # Errors
/// When a file cannot be read, or a link leaves the folder.
pub fn fingerprint(workshop: &Workshop, variables: &Variables) -> Result<String, ReceiveError> {
    let mut hash = Sha256::new();
    let received = received::list(workshop)?;
    let mut unreadable = NotCopied::default();
    for (_, source) in workshop.sources.iter() {
        let found = received.binary_search_by(|entry| entry.path.as_path().cmp(source.path()));
        // Where a link leads may be left out of the copy.
        if !found.is_ok_and(|at| received[at].kind == Kind::File) {
            hash.update(source.path().as_str());
            hash.update([0]);
            hash.update(Sha256::digest(source.text()));
        }
    }
    for entry in received {
        match &entry.kind {
            Kind::File => {}
            Kind::EmptyFolder => continue,
            Kind::Link(target) => {
                hash.update(entry.path.as_str());
                hash.update([1]);
                hash.update(Sha256::digest(target.as_str()));
                continue;
            }
        }
        let path = workshop.root.join(&entry.path);
        let pages = workshop.pages.iter().chain(&workshop.unlisted);
        let content = match pages
            .filter(|page| !page.missing)
            .find(|page| workshop.sources.file(page.file()).path() == entry.path)
        {
            Some(page) => Ok(action_bodies(workshop, page, variables)),
            None => fs::read(&path),
        };
        match content.and_then(|content| Ok((mode(&path)?, content))) {
            Ok((mode, content)) => {
                hash.update(entry.path.as_str());
                hash.update([0]);
                hash.update(mode.to_le_bytes());
                hash.update(Sha256::digest(&content));
            }
            Err(error) => unreadable.add(&entry.path, error),
        }
    }
    if unreadable.count > 0 {
        return Err(ReceiveError::NotCopied(unreadable));
    }
    Ok(hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

fn action_bodies(
    workshop: &Workshop,
    page: &atelier_content::Page,
    variables: &Variables,
) -> Vec<u8> {
    let text = workshop.sources.file(page.file()).text();
    let mut names: Vec<&str> = workshop
        .pathways
        .iter()
        .map(|pathway| pathway.name.as_str())
        .chain([""])
        .collect();
    names.sort_unstable();
    // Values that differ from one pathway to another are left out here: the file that sets them counts as a whole.
    let declared = |name: &str| workshop.parameters.iter().any(|each| each.name == name);
    let mut variables: Variables = variables
        .iter()
        .filter(|(name, _)| !declared(name))
        .collect();
    variables.set("workshop_title", "");
    variables.set("workshop_description", "");
    let mut bodies = Vec::new();
    for name in names {
        variables.set("pathway_name", name);
        for action in render(workshop, page, &variables).actions {
            bodies.extend_from_slice(
                text.get(action.span.range.clone())
                    .unwrap_or_default()
                    .as_bytes(),
            );
            bodies.push(0);
            bodies.extend_from_slice(meaning(&action).to_string().as_bytes());
            bodies.push(0);
        }
    }
    bodies
}

/// What an action runs or changes, once everything is filled in that its source takes from elsewhere on the page. It is put
/// together by hand: it must come out the same in later versions.
fn meaning(action: &PageAction) -> Value {
    let options = &action.options;
    let fires = [
        options.autostart,
        options.cascade,
        options.hidden,
        options.enabled,
    ];
    let does = action.action.as_ref().ok().map(effect);
    json!([action.kind, fires, does])
}

fn effect(action: &Action) -> Value {
    match action {
        Action::Terminal(action) => terminal_effect(action),
        Action::Copy { text } => json!([text]),
        Action::Dashboard(action) => match action {
            DashboardAction::Create { name, url, .. } => json!([name, url]),
            DashboardAction::Reload { name, url, .. } => json!([name, url]),
            DashboardAction::OpenUrl { url } => json!([url]),
            DashboardAction::Open { name } | DashboardAction::Delete { name } => json!([name]),
        },
        Action::Editor(action) => editor_effect(action),
        Action::EditorTerminal(action) => match &action.verb {
            EditorTerminalVerb::Send { text, enter } => json!([action.session, text, enter]),
            _ => json!([action.session]),
        },
        Action::Examiner(test) => json!([test.name, test.args, test.url]),
        Action::Files(action) => files_effect(action),
        Action::Section(_) => Value::Null,
    }
}

fn terminal_effect(action: &TerminalAction) -> Value {
    let name = |target: &Target| match target {
        Target::One(name) => json!(name),
        Target::All => Value::Null,
    };
    match action {
        TerminalAction::Execute {
            command, session, ..
        } => json!([command, name(session)]),
        TerminalAction::Input {
            text,
            session,
            newline,
        } => json!([text, name(session), newline]),
        TerminalAction::Interrupt { session } | TerminalAction::Clear { session } => {
            json!([name(session)])
        }
        TerminalAction::Select { session } => json!([session]),
    }
}

fn editor_effect(action: &EditorAction) -> Value {
    match action {
        EditorAction::Edit { file, op } => {
            // A change whose keys JSON does not know still counts.
            let op = serde_json::to_value(op).unwrap_or_else(|_| json!(format!("{op:?}")));
            json!([file, op])
        }
        EditorAction::CopyFile { src, dest, .. } | EditorAction::RenameFile { src, dest, .. } => {
            json!([src, dest])
        }
        EditorAction::CreateDirectory { directory } => json!([directory]),
        EditorAction::OpenFile { file, .. }
        | EditorAction::CloseFile { file }
        | EditorAction::DeleteFile { file } => json!([file]),
        // They change nothing but what is shown.
        EditorAction::Command(_) => Value::Null,
    }
}

fn files_effect(action: &FilesAction) -> Value {
    let place = |source: &FileSource| match source {
        FileSource::Path(path) => json!(["path", path]),
        FileSource::Url(url) => json!(["url", url]),
    };
    match action {
        FilesAction::Download { source, name, .. } => json!([place(source), name]),
        FilesAction::Copy { source, .. } => json!([place(source)]),
        FilesAction::Upload { upload, .. } => match upload {
            Upload::File { path } => json!([path]),
            Upload::Files { directory } => json!([directory]),
        },
    }
}

#[cfg(unix)]
fn mode(path: &Utf8Path) -> io::Result<u32> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::metadata(path)?.permissions().mode() & 0o7777)
}

#[cfg(not(unix))]
fn mode(path: &Utf8Path) -> io::Result<u32> {
    Ok(u32::from(fs::metadata(path)?.permissions().readonly()))
}
