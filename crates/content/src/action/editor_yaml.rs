//! `editor:*` on YAML files (`actions.md` 3.8).

use serde_yaml::Value;

use super::catalog::{Entry, Meaning, editor};
use super::properties::{Problem, Properties, missing, wrong};
use super::{Action, EditorAction};
use crate::edit::EditOp;
use crate::edit::yaml::{PathError, YamlOp, YamlPath, to_yaml};

const VALUE: &[&str] = &["file", "path", "value"];
const PATH: &[&str] = &["file", "path"];

/// In the order of the specification.
pub(super) const ENTRIES: &[Entry] = &[
    editor("editor:set-yaml-value", VALUE, set),
    editor("editor:add-yaml-item", VALUE, add),
    editor(
        "editor:insert-yaml-item",
        &["file", "path", "index", "value"],
        insert,
    ),
    editor("editor:replace-yaml-item", VALUE, replace),
    editor("editor:delete-yaml-value", PATH, delete),
    editor("editor:merge-yaml-values", VALUE, merge),
    editor("editor:select-yaml-path", PATH, select),
    editor("editor:insert-value-into-yaml", VALUE, insert_value),
];

fn set(properties: &mut Properties) -> Result<Meaning, Problem> {
    let path = path_below(properties)?;
    let title = |file: &str| format!("Set YAML value at \"{path}\" in \"{file}\"");
    let op = |value| YamlOp::Set {
        path: path.clone(),
        value,
    };
    with_value(properties, title, op)
}

fn add(properties: &mut Properties) -> Result<Meaning, Problem> {
    let path = path(properties)?;
    let title = |file: &str| format!("Add item to \"{path}\" in \"{file}\"");
    let op = |value| YamlOp::Insert {
        path: path.clone(),
        index: None,
        value,
    };
    with_value(properties, title, op)
}

fn insert(properties: &mut Properties) -> Result<Meaning, Problem> {
    let path = path(properties)?;
    let index = properties.integer("index")?.unwrap_or(0);
    let title = |file: &str| format!("Insert item at index {index} in \"{path}\" in \"{file}\"");
    let op = |value| YamlOp::Insert {
        path: path.clone(),
        index: Some(index),
        value,
    };
    with_value(properties, title, op)
}

fn replace(properties: &mut Properties) -> Result<Meaning, Problem> {
    let path = path_below(properties)?;
    let title = |file: &str| format!("Replace item at \"{path}\" in \"{file}\"");
    let op = |value| YamlOp::Replace {
        path: path.clone(),
        value,
    };
    with_value(properties, title, op)
}

fn delete(properties: &mut Properties) -> Result<Meaning, Problem> {
    let path = path_below(properties)?;
    let file = properties.required("file")?;
    let title = format!("Delete \"{path}\" from \"{file}\"");
    let body = path.to_string();
    Ok(meaning(file, YamlOp::Delete { path }, title).with_body(body))
}

fn merge(properties: &mut Properties) -> Result<Meaning, Problem> {
    let path = path(properties)?;
    let file = properties.required("file")?;
    let value = value(properties)?;
    let Value::Mapping(values) = value.clone() else {
        return Err(wrong(
            "value",
            "must be a mapping: the keys to merge and their values",
        ));
    };
    let title = format!("Merge values into \"{path}\" in \"{file}\"");
    Ok(meaning(file, YamlOp::Merge { path, values }, title).with_body(body(&value)))
}

fn select(properties: &mut Properties) -> Result<Meaning, Problem> {
    let file = properties.required("file")?;
    let path = match properties.text("path")? {
        Some(_) => path(properties)?,
        None => YamlPath::default(),
    };
    let (title, body) = if path.is_root() {
        (
            format!("Select entire document in \"{file}\""),
            "entire document".to_owned(),
        )
    } else {
        (
            format!("Select YAML path \"{path}\" in \"{file}\""),
            path.to_string(),
        )
    };
    Ok(meaning(file, YamlOp::Select { path }, title).with_body(body))
}

fn insert_value(properties: &mut Properties) -> Result<Meaning, Problem> {
    let path = path(properties)?;
    let title = |file: &str| format!("Insert value into YAML file \"{file}\" at \"{path}\"");
    let op = |value| YamlOp::InsertValue {
        path: path.clone(),
        value,
    };
    with_value(properties, title, op)
}

fn with_value(
    properties: &mut Properties,
    title: impl FnOnce(&str) -> String,
    op: impl FnOnce(Value) -> YamlOp,
) -> Result<Meaning, Problem> {
    let file = properties.required("file")?;
    let value = value(properties)?;
    let title = title(&file);
    let body = body(&value);
    Ok(meaning(file, op(value), title).with_body(body))
}

fn meaning(file: String, op: YamlOp, title: String) -> Meaning {
    let op = EditOp::Yaml(op);
    Meaning::new(Action::Editor(EditorAction::Edit { file, op }), title)
}

/// Null counts as given.
fn value(properties: &Properties) -> Result<Value, Problem> {
    properties
        .get("value")
        .cloned()
        .ok_or_else(|| missing("value"))
}

fn body(value: &Value) -> String {
    to_yaml(value).trim_end().to_owned()
}

/// A path; an empty one is the whole document.
fn path(properties: &Properties) -> Result<YamlPath, Problem> {
    let text = properties.text("path")?.ok_or_else(|| missing("path"))?;
    text.parse()
        .map_err(|error: PathError| wrong("path", &format!("cannot be followed: {error}")))
}

/// A path to something in the document.
fn path_below(properties: &Properties) -> Result<YamlPath, Problem> {
    let path = path(properties)?;
    if path.is_root() {
        return Err(wrong(
            "path",
            "must not be empty: it says which value of the document is meant",
        ));
    }
    Ok(path)
}
