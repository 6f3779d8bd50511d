//! One file a command.

pub(crate) mod check;
pub(crate) mod render;
mod run_folder;
pub(crate) mod test;

use anyhow::Context;
use atelier_content::{LoadError, Loaded};
use camino::Utf8Path;

/// Loads a workshop by the path that was given.
fn load(path: &Utf8Path) -> Result<Loaded, LoadError> {
    atelier_content::load(path)
}

/// As [`load`], for commands that cannot go on without it.
fn load_or_fail(path: &Utf8Path) -> anyhow::Result<Loaded> {
    load(path).with_context(|| format!("cannot load {path}"))
}
