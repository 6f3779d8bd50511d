//! The source tree this program belongs to, and which parts of Atelier it has.

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result};

/// The root of the source tree. A part is there when its manifest or folder is.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    root: PathBuf,
}

impl Tree {
    /// The tree that `cargo xtask` was started in.
    pub(crate) fn of_this_program() -> Result<Self> {
        // Cargo sets the variable for what it runs. The built-in path is for a program started by hand.
        let package = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = package
            .ancestors()
            .nth(2)
            .context("the source tree of cargo xtask has moved")?;
        Ok(Self::at(root))
    }

    /// The tree at a folder.
    pub(crate) fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The folder that holds everything.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The UI's npm package.
    pub(crate) fn ui(&self) -> Option<PathBuf> {
        let ui = self.root.join("ui");
        ui.join("package.json").is_file().then_some(ui)
    }

    /// Whether the window's own package is there.
    pub(crate) fn has_window(&self) -> bool {
        self.root.join("src-tauri/Cargo.toml").is_file()
    }

    /// Whether there are tests that run programs in terminals.
    pub(crate) fn has_terminal_tests(&self) -> bool {
        self.root.join("crates/session/tests").is_dir()
    }

    /// Whether there are window tests, and a window to test.
    pub(crate) fn has_window_tests(&self) -> bool {
        self.has_window() && self.root.join("tests/e2e").is_dir()
    }

    /// Whether engine and UI have a protocol whose generated types can go stale.
    pub(crate) fn has_protocol(&self) -> bool {
        let source = self.root.join("crates/session/src/protocol");
        source.is_dir() || source.with_extension("rs").is_file()
    }

    /// The workshop that is played when none is named.
    pub(crate) fn tour(&self) -> Option<PathBuf> {
        let tour = self.root.join("workshops/tour");
        tour.is_dir().then_some(tour)
    }

    /// The bundled workshops, by name.
    pub(crate) fn workshops(&self) -> Result<Vec<PathBuf>> {
        let folder = self.root.join("workshops");
        if !folder.is_dir() {
            return Ok(Vec::new());
        }
        let mut workshops = Vec::new();
        for entry in
            fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?
        {
            let path = entry?.path();
            let hidden = path
                .file_name()
                .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
            if path.is_dir() && !hidden {
                workshops.push(path);
            }
        }
        workshops.sort();
        Ok(workshops)
    }
}
