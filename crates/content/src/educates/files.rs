//! Reads a workshop's folder: what is there, and no step out of it.

use std::collections::{BTreeSet, HashSet};
use std::io::Read as _;
use std::path::PathBuf;

use camino::{Utf8Path, Utf8PathBuf};

use super::layout::Layout;
use crate::diagnostic::{Diagnostic, FileId, Sources, Span};
use crate::load::LoadError;

/// No page and no configuration is larger.
const MAX_FILE: u64 = 5 * 1024 * 1024;
/// No folder is nested deeper.
const MAX_DEPTH: usize = 24;
/// No workshop has more files in its instructions.
const MAX_FILES: usize = 20_000;

/// What a folder of nothing but pages may hold besides.
const SKIPPED: [&str; 6] = [
    "exercises",
    "node_modules",
    "public",
    "resources",
    "target",
    "vendor",
];

/// A workshop's folder.
#[derive(Debug)]
pub(super) struct Files {
    root: Utf8PathBuf,
    /// The folder with every link followed: what lies outside of it is not read.
    real: PathBuf,
    /// Where things lie in it.
    pub(super) layout: Layout,
    /// Every file of the scanned folders, relative to the root.
    pub(super) paths: BTreeSet<Utf8PathBuf>,
    /// What was wrong so far.
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Files {
    pub(super) fn open(root: &Utf8Path, layout: Layout) -> Result<Self, LoadError> {
        let unreadable = |source| LoadError::Unreadable {
            path: root.to_owned(),
            source,
        };
        let real = std::fs::canonicalize(root).map_err(unreadable)?;
        std::fs::read_dir(&real).map_err(unreadable)?;
        Ok(Self {
            root: root.to_owned(),
            real,
            layout,
            paths: BTreeSet::new(),
            diagnostics: Vec::new(),
        })
    }

    /// Notes every file below a folder. Links that leave the workshop are reported and not followed.
    pub(super) fn scan(&mut self, folder: impl AsRef<Utf8Path>) {
        let mut visited = HashSet::new();
        self.scan_folder(folder.as_ref(), 0, &mut visited);
    }

    /// Whether a path is a regular file of the workshop.
    pub(super) fn is_file(&self, path: &str) -> bool {
        self.root.join(path).is_file()
    }

    /// Whether a text that has another name than a page begins with the header of one.
    pub(super) fn is_mistaken_page(&self, path: &Utf8Path) -> bool {
        let is_text = matches!(
            path.extension(),
            None | Some("txt" | "text" | "mdx" | "mkd" | "mdown" | "rst")
        );
        let start = || -> Option<String> {
            let mut bytes = Vec::new();
            let file = std::fs::File::open(self.root.join(path)).ok()?;
            file.take(4096).read_to_end(&mut bytes).ok()?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        };
        let has_header = |text: String| {
            let text = text.trim_start_matches('\u{feff}');
            let header = text
                .strip_prefix("---")
                .and_then(|rest| rest.split_once("\n---"));
            header.is_some_and(|(header, _)| header.lines().any(|line| line.starts_with("title:")))
        };
        is_text && start().is_some_and(has_header)
    }

    /// The names of what lies directly in the workshop's folder.
    pub(super) fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.real).into_iter().flatten();
        entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect()
    }

    /// The files below a folder.
    pub(super) fn below(&self, folder: impl AsRef<Utf8Path>) -> Vec<Utf8PathBuf> {
        let folder = folder.as_ref();
        let inside = |path: &&Utf8PathBuf| path.starts_with(folder);
        self.paths.iter().filter(inside).cloned().collect()
    }

    /// Reads a text. A file that cannot be read is reported; bytes that are no UTF-8 are replaced and reported.
    pub(super) fn read(&mut self, path: &str, sources: &mut Sources) -> Option<FileId> {
        match self.bytes(Utf8Path::new(path)) {
            Ok(bytes) => {
                let text = String::from_utf8_lossy(&bytes);
                let id = sources.add(path, &text);
                if let Err(error) = std::str::from_utf8(&bytes) {
                    // Carriage returns before the place are gone from the text.
                    let before = &bytes[..error.valid_up_to()];
                    let start = before.len()
                        - before.windows(2).filter(|pair| pair == b"\r\n").count()
                        - if before.starts_with(b"\xef\xbb\xbf") {
                            3
                        } else {
                            0
                        };
                    self.diagnostics.push(
                        Diagnostic::warning("invalid-utf8", format!("{path} is not UTF-8"))
                            .at(Span::new(id, start..start + 3), "not a character")
                            .help("save the file as UTF-8"),
                    );
                }
                Some(id)
            }
            Err(diagnostic) => {
                self.diagnostics.push(diagnostic);
                None
            }
        }
    }

    fn bytes(&self, path: &Utf8Path) -> Result<Vec<u8>, Diagnostic> {
        let unreadable = |reason: &dyn std::fmt::Display| {
            Diagnostic::error(
                "unreadable-file",
                format!("{path} cannot be read: {reason}"),
            )
        };
        let full = self.root.join(path);
        let real = std::fs::canonicalize(&full).map_err(|error| unreadable(&error))?;
        if !real.starts_with(&self.real) {
            return Err(outside(path));
        }
        let about = std::fs::metadata(&real).map_err(|error| unreadable(&error))?;
        if !about.is_file() {
            return Err(unreadable(&"it is no regular file"));
        }
        if about.len() > MAX_FILE {
            return Err(Diagnostic::error(
                "file-too-large",
                format!("{path} is larger than 5 MB and is not read"),
            ));
        }
        std::fs::read(&real).map_err(|error| unreadable(&error))
    }

    fn scan_folder(&mut self, folder: &Utf8Path, depth: usize, visited: &mut HashSet<PathBuf>) {
        let full = self.root.join(folder);
        let Ok(real) = std::fs::canonicalize(&full) else {
            return;
        };
        if !real.starts_with(&self.real) {
            self.diagnostics.push(outside(folder));
            return;
        }
        if depth > MAX_DEPTH || !visited.insert(real) {
            return;
        }
        let Ok(entries) = std::fs::read_dir(&full) else {
            return;
        };
        let mut names: Vec<String> = Vec::new();
        for entry in entries.flatten() {
            match entry.file_name().into_string() {
                Ok(name) if name.starts_with('.') => {}
                // Only where the whole folder is scanned can such a folder come up.
                Ok(name) if folder.as_str().is_empty() && SKIPPED.contains(&name.as_str()) => {}
                Ok(name) => names.push(name),
                Err(name) => self.diagnostics.push(Diagnostic::warning(
                    "unreadable-file",
                    format!(
                        "the name of {folder}/{} is not UTF-8",
                        name.to_string_lossy()
                    ),
                )),
            }
        }
        names.sort();
        for name in names {
            if self.paths.len() >= MAX_FILES {
                return;
            }
            let path = folder.join(name);
            self.scan_entry(path, depth, visited);
        }
    }

    fn scan_entry(&mut self, path: Utf8PathBuf, depth: usize, visited: &mut HashSet<PathBuf>) {
        let full = self.root.join(&path);
        let Ok(about) = std::fs::symlink_metadata(&full) else {
            return;
        };
        if about.is_symlink() {
            match std::fs::canonicalize(&full) {
                Ok(real) if !real.starts_with(&self.real) => {
                    self.diagnostics.push(outside(&path));
                    return;
                }
                Ok(_) => {}
                Err(error) => {
                    self.diagnostics.push(Diagnostic::warning(
                        "unreadable-file",
                        format!("{path} cannot be read: {error}"),
                    ));
                    return;
                }
            }
        }
        if full.is_dir() {
            self.scan_folder(&path, depth + 1, visited);
        } else if full.is_file() {
            self.paths.insert(path);
        }
    }
}

fn outside(path: &Utf8Path) -> Diagnostic {
    Diagnostic::error(
        "outside-folder",
        format!("{path} is a link out of the workshop's folder and is not read"),
    )
    .help("copy what it points to into the workshop")
}
