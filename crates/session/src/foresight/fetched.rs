//! What is in the home of a session elsewhere, and not in the workshop's folder.

use atelier_content::Workshop;
use camino::Utf8PathBuf;

use super::home;

/// The folders of the home into which the definition puts files of other places; what is in them is not known.
pub(super) fn folders(workshop: &Workshop) -> Vec<Utf8PathBuf> {
    let definition = workshop.definition.as_ref();
    let files = definition.and_then(|all| all.pointer("/spec/workshop/files")?.as_array());
    let paths = files.into_iter().flatten().filter_map(|entry| {
        let is_own = entry.get("inline").is_some() || entry.get("directory").is_some();
        let path = entry.get("path")?.as_str()?;
        (!is_own).then(|| path.trim_matches('/'))
    });
    paths
        .filter(|path| !matches!(*path, "" | "."))
        .filter_map(home::key)
        .collect()
}
