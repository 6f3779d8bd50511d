//! What a session is made of, as files that scripts of workshops know (`session.md` section 17).

use std::collections::BTreeMap;

use atelier_content::{Variables, Workshop};
use camino::Utf8PathBuf;
use serde_json::json;

use crate::anchor::Anchor;
use crate::environment::Environment;
use crate::folders::Folders;

/// Where they lie, below the home.
const FOLDER: &str = ".local/share/workshop";

/// The definition, as JSON.
pub(crate) const DEFINITION: &str = "workshop-definition.json";
/// The environment of the session's programs.
pub(crate) const ENVIRONMENT: &str = "workshop-environment.json";
/// The variables of its pages.
pub(crate) const VARIABLES: &str = "workshop-variables.json";

/// Where they lie.
pub(crate) fn folder(folders: &Folders) -> Utf8PathBuf {
    folders.home.join(FOLDER)
}

/// Where the definition is kept, as JSON.
pub(crate) fn definition(folders: &Folders) -> Utf8PathBuf {
    folder(folders).join(DEFINITION)
}

/// Writes the definition, the environment and the variables, readable for the owner alone: there are passwords in them. A
/// file that cannot be written is none of the learner's business: nothing of the session reads it.
pub(crate) fn write(
    folders: &Folders,
    workshop: &Workshop,
    environment: &Environment,
    variables: &Variables,
) {
    let folder = folder(folders);
    let definition_text = workshop.definition.as_ref().map_or_else(
        || json!({"kind": "Workshop", "metadata": {"name": workshop.name}, "spec": {"title": workshop.title}}),
        Clone::clone,
    );
    let variables: BTreeMap<_, _> = variables.iter().collect();
    for (path, value) in [
        (definition(folders), definition_text),
        (folder.join(ENVIRONMENT), json!(environment.to_map())),
        (folder.join(VARIABLES), json!(variables)),
    ] {
        let text = serde_json::to_vec_pretty(&value).unwrap_or_default();
        let _ = Anchor::within(&folders.home, &path)
            .and_then(|place| place.replace_private(&folders.state, &text));
    }
}
