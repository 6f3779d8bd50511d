//! What a home holds: folders, files by their content, links; and what was left out.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

/// A home as it was at one moment. Paths are relative to it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tree {
    /// Every folder, file and link that is kept.
    pub nodes: BTreeMap<Utf8PathBuf, Node>,
    /// What is not kept, and why; nothing below such a folder is.
    pub left_out: BTreeMap<Utf8PathBuf, LeftOut>,
}

/// One entry of a tree. Modes are permission bits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Node {
    Folder { mode: u32 },
    File { mode: u32, size: u64, hash: String },
    Link { to: String },
}

/// Why something is not kept. What is not kept is left as it is when a tree is put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeftOut {
    /// A folder that a program fills again by itself.
    Cache,
    /// A file beyond the limit.
    Large,
    /// Neither file nor folder nor link: a socket, a pipe, a device.
    Special,
    /// The system does not let it be read.
    Unreadable,
    /// Its name is not UTF-8.
    Name,
}

impl LeftOut {
    /// For people.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Cache => "can be made again",
            Self::Large => "too large",
            Self::Special => "no ordinary file",
            Self::Unreadable => "cannot be read",
            Self::Name => "its name is not UTF-8",
        }
    }
}

/// How a path differs between two trees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Only the later tree has it.
    Added,
    /// Both have it, with other content, kind or permissions.
    Changed,
    /// Only the earlier tree has it.
    Removed,
}

impl Tree {
    /// Whether a path, or a folder above it, is left out.
    pub fn leaves_out(&self, path: &Utf8Path) -> bool {
        path.ancestors()
            .any(|part| self.left_out.contains_key(part))
    }

    /// What became of this tree in the `later` one, files and links before all else: a folder counts only when nothing else
    /// tells of it and it holds nothing that is left out. What either of them leaves out does not count, nor what lies outside `scope`.
    pub fn changes_to(
        &self,
        later: &Self,
        scope: Option<&Utf8Path>,
    ) -> BTreeMap<Utf8PathBuf, Change> {
        let paths: BTreeSet<_> = self.nodes.keys().chain(later.nodes.keys()).collect();
        let counts = |path: &Utf8Path| {
            scope.is_none_or(|scope| path.starts_with(scope))
                && !self.leaves_out(path)
                && !later.leaves_out(path)
        };
        let changes = paths.into_iter().filter(|path| counts(path));
        let changes = changes.filter_map(|path| {
            let change = match (self.nodes.get(path), later.nodes.get(path)) {
                (None, _) => Change::Added,
                (_, None) => Change::Removed,
                (before, after) if before == after => return None,
                _ => Change::Changed,
            };
            Some((path.clone(), change))
        });
        let mut changes: BTreeMap<_, _> = changes.collect();
        let told: Vec<_> = changes.keys().cloned().collect();
        changes.retain(|path, _| {
            let is_folder = |tree: &Self| matches!(tree.nodes.get(path), Some(Node::Folder { .. }));
            let only_folder = (is_folder(self) || !self.nodes.contains_key(path))
                && (is_folder(later) || !later.nodes.contains_key(path));
            let next = told.partition_point(|other| other <= path);
            let told_of = told.get(next).is_some_and(|other| other.starts_with(path));
            let stays = self
                .left_out
                .keys()
                .chain(later.left_out.keys())
                .any(|left| left.starts_with(path));
            !only_folder || !(told_of || stays)
        });
        changes
    }

    /// The contents that it needs.
    pub fn hashes(&self) -> impl Iterator<Item = &str> {
        self.nodes.values().filter_map(|node| match node {
            Node::File { hash, .. } => Some(hash.as_str()),
            _ => None,
        })
    }
}
