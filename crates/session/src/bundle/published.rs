//! What `educates publish-workshop` takes of a folder: `spec.publish.files`, else everything (`session.md` 16.3).

use atelier_content::Workshop;
use atelier_content::workshop::FileSelection;
use serde_json::Value;

use super::BundleError;

/// The patterns of what is published; none for the whole folder.
///
/// # Errors
/// When it is put together in a way that only vendir can.
pub(super) fn selection(workshop: &Workshop) -> Result<FileSelection, BundleError> {
    let Some(definition) = &workshop.definition else {
        return Err(BundleError::NotHere(
            "without resources/workshop.yaml there is nothing to publish for Educates".to_owned(),
        ));
    };
    let entries = definition
        .pointer("/spec/publish/files")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    match entries {
        [] => Ok(FileSelection::default()),
        [entry] if is_this_folder(entry) => Ok(FileSelection {
            include: patterns(entry, "includePaths"),
            exclude: patterns(entry, "excludePaths"),
        }),
        _ => Err(BundleError::NotHere(
            "`publish.files` takes files from elsewhere or to elsewhere, which Atelier cannot put together".to_owned(),
        )),
    }
}

/// Whether an entry takes the folder itself to where it is.
fn is_this_folder(entry: &Value) -> bool {
    let here = |path: Option<&Value>| {
        path.is_none_or(|path| {
            path.as_str()
                .is_some_and(|path| matches!(path.trim_matches('/'), "" | "."))
        })
    };
    let directory = entry.get("directory");
    directory.is_some_and(|directory| here(directory.get("path")))
        && here(entry.get("path"))
        && here(entry.get("newRootPath"))
}

fn patterns(entry: &Value, key: &str) -> Vec<String> {
    let written = entry.get(key).and_then(Value::as_array);
    written
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}
