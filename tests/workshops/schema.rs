//! Holds a JSON value to a JSON Schema, as far as ours use it.

use serde_json::Value;

/// What is wrong with a value, each with its place.
///
/// # Panics
/// When the schema uses a keyword that this does not know: it would not be checked.
pub(crate) fn problems(schema: &Value, value: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    check(schema, schema, value, "$", &mut problems);
    problems
}

fn check(root: &Value, schema: &Value, value: &Value, at: &str, problems: &mut Vec<String>) {
    let keywords = schema.as_object().expect("a schema is an object");
    for (keyword, wanted) in keywords {
        match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" => {}
            "$ref" => {
                let pointer = wanted.as_str().and_then(|name| name.strip_prefix('#'));
                let target = pointer.and_then(|pointer| root.pointer(pointer));
                check(
                    root,
                    target.expect("a reference of ours"),
                    value,
                    at,
                    problems,
                );
            }
            "type" => {
                let types = wanted
                    .as_array()
                    .cloned()
                    .unwrap_or_else(|| vec![wanted.clone()]);
                if !types.iter().any(|name| is_a(name, value)) {
                    problems.push(format!("{at} is {value}, not {wanted}"));
                }
            }
            "enum" => {
                if !wanted.as_array().expect("a list").contains(value) {
                    problems.push(format!("{at} is {value}, none of {wanted}"));
                }
            }
            "minimum" => {
                if value.as_f64() < wanted.as_f64() {
                    problems.push(format!("{at} is {value}, less than {wanted}"));
                }
            }
            "anyOf" => {
                let fits = |schema: &Value| {
                    let mut own = Vec::new();
                    check(root, schema, value, at, &mut own);
                    own.is_empty()
                };
                if !wanted.as_array().expect("a list").iter().any(fits) {
                    problems.push(format!("{at} is {value}, none of {wanted}"));
                }
            }
            "required" => {
                let names = wanted
                    .as_array()
                    .expect("a list")
                    .iter()
                    .flat_map(Value::as_str);
                let missing = names.filter(|name| value.get(name).is_none());
                problems.extend(missing.map(|name| format!("{at} has no {name}")));
            }
            "properties" => {
                for (name, inner) in value.as_object().into_iter().flatten() {
                    match wanted.get(name) {
                        Some(schema) => {
                            check(root, schema, inner, &format!("{at}.{name}"), problems)
                        }
                        // Readers take additions; this is how ours are written down.
                        None => problems.push(format!("{at}.{name} is not described")),
                    }
                }
            }
            "items" => {
                for (index, inner) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, wanted, inner, &format!("{at}[{index}]"), problems);
                }
            }
            other => panic!("the schema's `{other}` is not checked"),
        }
    }
}

fn is_a(name: &Value, value: &Value) -> bool {
    match name.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        other => panic!("the schema's type {other:?} is not checked"),
    }
}

#[test]
fn finds_what_does_not_fit() {
    let schema = serde_json::json!({
        "$ref": "#/$defs/a",
        "$defs": {"a": {"type": "object", "required": ["x"], "properties": {
            "n": {"type": ["integer", "null"], "minimum": 0},
            "e": {"enum": ["a", null]},
            "l": {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
        }}},
    });
    let good = serde_json::json!({"x": 1});
    assert_eq!(problems(&schema, &good), ["$.x is not described"]);
    let bad = serde_json::json!({"n": -1, "e": "b", "l": ["a", 1], "m": 0});
    assert_eq!(problems(&schema, &bad).len(), 5);
}
