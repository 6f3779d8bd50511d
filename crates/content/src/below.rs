//! Finds the workshops of a folder that is none itself: a repository with several (`session.md` 16.2).

use std::collections::HashMap;

use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;
use serde_yaml::Value;

use crate::educates::GROUPS;
use crate::yaml::too_deep;

/// How far below the folder a workshop may lie.
const MAX_DEPTH: usize = 4;
/// No more folders are looked into.
const MAX_FOLDERS: usize = 10_000;
/// No more workshops are listed.
const MAX_WORKSHOPS: usize = 500;
/// A catalogue that is larger is not read.
const MAX_CATALOGUE: u64 = 1024 * 1024;
/// Folders that hold no workshop of the repository's own.
const SKIPPED: [&str; 5] = ["node_modules", "target", "public", "vendor", "__pycache__"];

/// The workshops below a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Collection {
    /// What its catalogue calls it.
    pub title: Option<String>,
    /// Their folders, in the order of the catalogue, else by name; those under `backup` come last.
    pub workshops: Vec<Utf8PathBuf>,
}

/// Looks for workshops in a folder, at most four levels deep. Links are not followed; what cannot be read holds none.
pub fn workshops_below(root: &Utf8Path) -> Collection {
    let mut search = Search {
        left: MAX_FOLDERS,
        found: Vec::new(),
    };
    search.folder(root, 0);
    let mut workshops = search.found;
    workshops.sort_by_key(|path| natural(path));
    // An archive mostly has one folder at its top.
    let top = workshops.first().and_then(|first| {
        let top = first.strip_prefix(root).ok()?.components().next()?;
        let top = root.join(top);
        workshops
            .iter()
            .all(|path| path.starts_with(&top))
            .then_some(top)
    });
    let mut catalogue = Catalogue::of(root);
    if let Some(top) = top.filter(|_| catalogue.is_empty()) {
        catalogue = Catalogue::of(&top);
    }
    let place = |path: &Utf8PathBuf| {
        let name = path.file_name().unwrap_or_default();
        let below = path.strip_prefix(root).unwrap_or(path);
        let is_backup = below.components().any(|part| {
            let part = part.as_str().to_ascii_lowercase();
            part == "backup" || part == "backups"
        });
        let listed = catalogue.order.get(name).copied();
        (is_backup, listed.unwrap_or(usize::MAX))
    };
    workshops.sort_by_key(place);
    Collection {
        title: catalogue.title,
        workshops,
    }
}

/// Whether a folder looks like a workshop: it has a definition, or pages where pages belong.
fn is_workshop(folder: &Utf8Path) -> bool {
    if has_pages(&folder.join("workshop/content"), 3) {
        return true;
    }
    let Ok(entries) = folder.join("resources").read_dir_utf8() else {
        return false;
    };
    let yaml = entries.flatten().map(|entry| entry.into_path());
    yaml.filter(|path| matches!(path.extension(), Some("yaml" | "yml")))
        .filter_map(|path| read(&path))
        .any(|text| {
            text.lines().any(|line| line.trim_end() == "kind: Workshop")
                && GROUPS.iter().any(|group| text.contains(group))
        })
}

fn has_pages(folder: &Utf8Path, depth: usize) -> bool {
    let Ok(entries) = folder.read_dir_utf8() else {
        return false;
    };
    entries.flatten().any(|entry| {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => depth > 0 && has_pages(path, depth - 1),
            Ok(_) => matches!(path.extension(), Some("md" | "adoc")),
            Err(_) => false,
        }
    })
}

struct Search {
    left: usize,
    found: Vec<Utf8PathBuf>,
}

impl Search {
    fn folder(&mut self, folder: &Utf8Path, depth: usize) {
        if self.left == 0 || self.found.len() >= MAX_WORKSHOPS {
            return;
        }
        self.left -= 1;
        if depth > 0 && is_workshop(folder) {
            self.found.push(folder.to_owned());
            return;
        }
        if depth == MAX_DEPTH {
            return;
        }
        let Ok(entries) = folder.read_dir_utf8() else {
            return;
        };
        let mut names: Vec<_> = entries
            .flatten()
            .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
            .map(|entry| entry.file_name().to_owned())
            .filter(|name| !name.starts_with('.') && !SKIPPED.contains(&name.as_str()))
            .collect();
        names.sort();
        for name in names {
            self.folder(&folder.join(name), depth + 1);
        }
    }
}

/// Numbers within names count as numbers: `lab-2` comes before `lab-10`.
fn natural(path: &Utf8Path) -> Vec<(String, u64)> {
    let mut parts = Vec::new();
    let mut rest = path.as_str();
    while !rest.is_empty() {
        let text = rest
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(rest.len());
        let digits = rest[text..]
            .find(|c: char| !c.is_ascii_digit())
            .map_or(rest.len(), |end| text + end);
        let number = rest[text..digits].parse().unwrap_or(u64::MAX);
        parts.push((rest[..text].to_lowercase(), number));
        rest = &rest[digits..];
    }
    parts
}

/// What a `TrainingPortal` of the repository says.
#[derive(Default)]
struct Catalogue {
    title: Option<String>,
    order: HashMap<String, usize>,
}

impl Catalogue {
    fn is_empty(&self) -> bool {
        self.title.is_none() && self.order.is_empty()
    }

    fn of(root: &Utf8Path) -> Self {
        let Ok(entries) = root.join("resources").read_dir_utf8() else {
            return Self::default();
        };
        let mut paths: Vec<_> = entries
            .flatten()
            .map(|entry| entry.into_path())
            .filter(|path| matches!(path.extension(), Some("yaml" | "yml")))
            .collect();
        paths.sort();
        let texts = paths
            .iter()
            .filter_map(|path| read(path))
            .filter(|text| too_deep(text).is_none());
        let portals = texts.flat_map(|text| {
            let documents = serde_yaml::Deserializer::from_str(&text);
            documents
                .map_while(|document| Value::deserialize(document).ok())
                .filter(|value| value.get("kind").and_then(Value::as_str) == Some("TrainingPortal"))
                .collect::<Vec<_>>()
        });
        let mut found = Self::default();
        for portal in portals {
            let Some(spec) = portal.get("spec") else {
                continue;
            };
            let title = spec.get("portal").and_then(|portal| portal.get("title"));
            found.title = found
                .title
                .or(title.and_then(Value::as_str).map(str::to_owned));
            let listed = spec.get("workshops").and_then(Value::as_sequence);
            for name in listed
                .into_iter()
                .flatten()
                .filter_map(|entry| entry.get("name").and_then(Value::as_str))
            {
                let next = found.order.len();
                found.order.entry(name.to_owned()).or_insert(next);
            }
        }
        found
    }
}

fn read(path: &Utf8Path) -> Option<String> {
    let about = std::fs::metadata(path).ok()?;
    if !about.is_file() || about.len() > MAX_CATALOGUE {
        return None;
    }
    let bytes = std::fs::read(path).ok()?;
    Some(String::from_utf8_lossy(&bytes).replace("\r\n", "\n"))
}
