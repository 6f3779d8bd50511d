//! YAML texts before and after.

use serde_yaml::Value;

use super::super::EditOp;
use super::super::testing::{check, check_warned, failure};
use super::{YamlOp, YamlPath};

fn path(text: &str) -> YamlPath {
    text.parse().unwrap()
}

fn value(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap()
}

fn set(at: &str, to: &str) -> EditOp {
    EditOp::Yaml(YamlOp::Set {
        path: path(at),
        value: value(to),
    })
}

fn insert(at: &str, index: impl Into<Option<i64>>, new: &str) -> EditOp {
    EditOp::Yaml(YamlOp::Insert {
        path: path(at),
        index: index.into(),
        value: value(new),
    })
}

fn delete(at: &str) -> EditOp {
    EditOp::Yaml(YamlOp::Delete { path: path(at) })
}

fn merge(at: &str, values: &str) -> EditOp {
    EditOp::Yaml(YamlOp::Merge {
        path: path(at),
        values: value(values).as_mapping().unwrap().clone(),
    })
}

fn select(at: &str) -> EditOp {
    EditOp::Yaml(YamlOp::Select { path: path(at) })
}

fn insert_value(at: &str, new: &str) -> EditOp {
    EditOp::Yaml(YamlOp::InsertValue {
        path: path(at),
        value: value(new),
    })
}

#[test]
fn nulls_become_collections() {
    check("null\n# c1\n", &merge("", "a: null"), "⟦a: null⟧\n# c1\n");
}
