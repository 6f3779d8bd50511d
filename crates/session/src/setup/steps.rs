//! What there is to set up: which files, in which order, under which names.

use camino::{Utf8Path, Utf8PathBuf};

use crate::folders::Folders;

/// A file that set-up runs or sources.
pub(super) struct Step {
    pub(super) path: Utf8PathBuf,
    /// What it is called: unique in a session.
    pub(super) name: String,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Script,
    Profile,
}

/// The scripts that a session of this workshop runs, in byte order of their names.
pub fn scripts(workshop_dir: &Utf8Path) -> Vec<Utf8PathBuf> {
    let mut scripts = files(&workshop_dir.join("setup.d"));
    scripts.retain(|path| path.extension() == Some("sh"));
    scripts
}

/// The files whose exports a session of this workshop takes up, in the order in which they are sourced.
pub fn profiles(workshop_dir: &Utf8Path) -> Vec<Utf8PathBuf> {
    let mut profiles = files(&workshop_dir.join("profile.d"));
    // `sh.local` comes after all others, as in a system's own `/etc/profile`.
    let local = profiles
        .iter()
        .position(|path| path.file_name() == Some("sh.local"))
        .map(|at| profiles.remove(at));
    profiles.retain(|path| path.extension() == Some("sh"));
    profiles.extend(local);
    profiles
}

fn files(folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let Ok(entries) = folder.read_dir_utf8() else {
        return Vec::new();
    };
    let files = entries.flatten().map(|entry| entry.into_path());
    let mut files: Vec<_> = files.filter(|path| path.is_file()).collect();
    files.sort();
    files
}

/// Whether a session of the workshop in these folders has anything to set up.
pub(crate) fn is_needed(folders: &Folders) -> bool {
    stages(folders)
        .iter()
        .any(|(folder, _)| !scripts(folder).is_empty() || !profiles(folder).is_empty())
}

/// The folders whose files are run, in order, and what the names of their steps begin with.
pub(super) fn stages(folders: &Folders) -> [(Utf8PathBuf, &'static str); 2] {
    [
        (folders.workshop.clone(), ""),
        (folders.home.join("workshop"), "~/workshop/"),
    ]
}

pub(super) fn steps((folder, prefix): &(Utf8PathBuf, &str), kind: Kind) -> Vec<Step> {
    let (paths, below) = match kind {
        Kind::Script => (scripts(folder), ""),
        Kind::Profile => (profiles(folder), "profile.d/"),
    };
    let below = match (kind, prefix.is_empty()) {
        (Kind::Script, false) => "setup.d/",
        _ => below,
    };
    let named = |path: Utf8PathBuf| Step {
        name: format!("{prefix}{below}{}", path.file_name().unwrap_or_default()),
        path,
        kind,
    };
    paths.into_iter().map(named).collect()
}
