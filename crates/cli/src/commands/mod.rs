//! One file a command.

pub(crate) mod check;
pub(crate) mod manuals;
pub(crate) mod new;
pub(crate) mod open;
pub(crate) mod pack;
pub(crate) mod render;
mod run_folder;
pub(crate) mod sessions;
pub(crate) mod test;

use anyhow::{Context, bail};
use atelier_content::{Loaded, load_pathway};
use atelier_session::{Store, archive};
use camino::{Utf8Path, Utf8PathBuf};

/// Loads a workshop by the path that was given: a folder or an archive.
fn load(path: &Utf8Path) -> anyhow::Result<Loaded> {
    Ok(atelier_content::load(&folder_of(path)?)?)
}

/// Archives are unpacked where the window would unpack them.
fn folder_of(path: &Utf8Path) -> anyhow::Result<Utf8PathBuf> {
    if !path.is_file() {
        return Ok(path.to_owned());
    }
    let store = Store::of_owner().context("there is no place to unpack an archive")?;
    Ok(archive::folder_of(path, &store)?)
}

/// As [`load`] along a pathway, for commands that cannot go on without it.
fn load_or_fail(path: &Utf8Path, pathway: Option<&str>) -> anyhow::Result<Loaded> {
    let folder = folder_of(path).with_context(|| format!("cannot load {path}"))?;
    let loaded = load_pathway(&folder, pathway).with_context(|| format!("cannot load {path}"))?;
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
