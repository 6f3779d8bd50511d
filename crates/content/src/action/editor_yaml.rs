//! `editor:*` on YAML files (`actions.md` 3.8).

use super::catalog::{Entry, later};
const YAML_VALUE: &[&str] = &["file", "path", "value"];

/// In the order of the specification.
pub(super) const ENTRIES: &[Entry] = &[
    later(
        "editor:set-yaml-value",
        "Editor",
        "Set YAML value",
        YAML_VALUE,
    ),
    later(
        "editor:add-yaml-item",
        "Editor",
        "Add item to YAML",
        YAML_VALUE,
    ),
    later(
        "editor:insert-yaml-item",
        "Editor",
        "Insert item into YAML",
        &["file", "path", "index", "value"],
    ),
    later(
        "editor:replace-yaml-item",
        "Editor",
        "Replace item in YAML",
        YAML_VALUE,
    ),
    later(
        "editor:delete-yaml-value",
        "Editor",
        "Delete YAML value",
        &["file", "path"],
    ),
    later(
        "editor:merge-yaml-values",
        "Editor",
        "Merge YAML values",
        YAML_VALUE,
    ),
    later(
        "editor:select-yaml-path",
        "Editor",
        "Select YAML path",
        &["file", "path"],
    ),
    later(
        "editor:insert-value-into-yaml",
        "Editor",
        "Insert value into YAML file",
        YAML_VALUE,
    ),
];
