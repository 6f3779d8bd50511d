//! What the values of properties may be, and one that is taken.

use serde_json::{Value, json};

/// A text without NUL, which no file, path or command line can hold.
const TEXT: &str = "^[^\\u0000]*$";
/// A path that stays where it is relative to.
const INSIDE: &str = "^(?!~/|\\$HOME/|\\.\\.(/|$))[^\\u0000]*$";
/// The same, without a slash in front, and with a file's name at its end.
const FILE_INSIDE: &str = "^(?!/|~/|\\$HOME/|\\.\\.(/|$))[^\\u0000]*[^/\\u0000]$";

/// What the value of a property may be.
pub(super) fn shape(action: &str, property: &str) -> Value {
    match (action, property) {
        ("files:upload-file", "path") => json!({"type": "string", "pattern": FILE_INSIDE}),
        ("files:download-file" | "files:copy-file", "path") => {
            json!({"type": "string", "pattern": INSIDE, "minLength": 1})
        }
        ("files:upload-files", "directory") => {
            json!({"type": "string", "pattern": INSIDE.replacen("(?!", "(?!/|", 1)})
        }
        ("examiner:execute-test", "url") => text(),
        ("editor:execute-command", "command") | ("editor:select-matching-text", "text") => filled(),
        ("editor:execute-command", "args") => json!({"type": "array"}),
        ("examiner:execute-test", "args") => json!({
            "type": "array",
            "items": {"type": "string", "pattern": TEXT},
        }),
        ("examiner:execute-test", "inputs") => json!({
            "type": "object",
            "properties": {"schema": {"type": "object"}, "form": {"type": "array"}},
        }),
        ("examiner:execute-test", "retries" | "delay") => json!({"type": "number"}),
        ("editor:select-yaml-path", "path") => text(),
        (
            "editor:set-yaml-value" | "editor:replace-yaml-item" | "editor:delete-yaml-value",
            "path",
        ) => filled(),
        ("editor:merge-yaml-values", "value") => json!({"type": "object"}),
        (_, "session") if action.starts_with("editor:") => json!({
            "type": ["string", "integer"],
            "maxLength": 200,
            "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f]*$",
        }),
        ("section:begin" | "section:end" | "section:heading", "name") => scalar(),
        (_, "test") => test(action),
        (_, "value" | "event" | "eot") => json!({}),
        (_, "title" | "prefix" | "description" | "session") => scalar(),
        (_, "command" | "text" | "replacement" | "path" | "download" | "upload") => text(),
        (_, "file" | "src" | "dest" | "directory" | "name" | "match" | "url") => filled(),
        (
            _,
            "autostart" | "cascade" | "hidden" | "enabled" | "required" | "clear" | "endl"
            | "focus" | "open" | "isRegex" | "preview" | "toggle",
        ) => json!({"type": "boolean"}),
        (_, "line" | "start" | "stop" | "index") => json!({"type": "integer"}),
        (_, "group") => json!({"type": "integer", "minimum": 0}),
        (_, "pause" | "cooldown" | "timeout" | "before" | "after" | "count") => {
            json!({"type": "number"})
        }
        // The tests see to it that there is none.
        _ => json!(false),
    }
}

fn text() -> Value {
    json!({"type": "string", "pattern": TEXT})
}

fn filled() -> Value {
    json!({"type": "string", "pattern": TEXT, "minLength": 1})
}

fn scalar() -> Value {
    json!({"type": ["string", "number", "boolean"], "pattern": TEXT})
}

fn test(action: &str) -> Value {
    let mut inputs = json!({"type": "object"});
    if action.starts_with("files:upload-") {
        inputs["additionalProperties"] = json!({"anyOf": [
            {"type": ["string", "number", "boolean"]},
            {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string", "minLength": 1}},
                "additionalProperties": false,
            },
        ]});
        inputs["propertyNames"] = json!({"pattern": "^(?!\\.{0,2}$)[^/\\\\]*$"});
    }
    if action == "files:upload-file" {
        inputs["maxProperties"] = json!(1);
    }
    json!({
        "type": "object",
        "properties": {
            "expect": {"enum": ["pass", "fail", "skip"]},
            "timeout": {"type": "number", "exclusiveMinimum": 0},
            "output": {"type": "string"},
            "background": {"type": "boolean"},
            "inputs": inputs,
        },
        "additionalProperties": false,
    })
}

/// A value that the property takes.
pub(super) fn sample(action: &str, property: &str) -> serde_yaml::Value {
    let shape = shape(action, property);
    let first = match &shape["type"] {
        Value::Array(types) => types[0].clone(),
        one => one.clone(),
    };
    let value = match first.as_str() {
        Some("string") => json!("text"),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        Some("array") => json!([]),
        _ => json!({}),
    };
    serde_yaml::to_value(value).unwrap_or_default()
}
