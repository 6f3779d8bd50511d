//! One file a command.

pub(crate) mod check;
pub(crate) mod render;
mod run_folder;
pub(crate) mod test;

use anyhow::{Context, bail};
use atelier_content::{LoadError, Loaded, load_pathway};
use camino::Utf8Path;

/// Loads a workshop by the path that was given.
fn load(path: &Utf8Path) -> Result<Loaded, LoadError> {
    atelier_content::load(path)
}

/// As [`load`] along a pathway, for commands that cannot go on without it.
fn load_or_fail(path: &Utf8Path, pathway: Option<&str>) -> anyhow::Result<Loaded> {
    let loaded = load_pathway(path, pathway).with_context(|| format!("cannot load {path}"))?;
    let known = &loaded.workshop.pathways;
    match pathway {
        Some(name) if known.is_empty() => {
            bail!("{path} has no pathways; leave out `--pathway {name}`")
        }
        Some(name) if !known.iter().any(|pathway| pathway.name == name) => {
            let known: Vec<_> = known.iter().map(|pathway| pathway.name.as_str()).collect();
            bail!(
                "{path} has no pathway `{name}`; its pathways are {}",
                known.join(", ")
            )
        }
        _ => Ok(loaded),
    }
}
