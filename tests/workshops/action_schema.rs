//! `docs/actions.schema.json`: it is what the code makes, and says of bodies what `check` says.

use atelier_content::action::{Fence, read, schema};
use atelier_content::diagnostic::{Diagnostic, SourceMap};
use atelier_content::{Severity, Sources, Span, load};
use camino::{Utf8Path, Utf8PathBuf};
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::fences::fences;

fn root() -> &'static Utf8Path {
    Utf8Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

#[test]
fn the_committed_action_schema_is_current() {
    let path = root().join("docs/actions.schema.json");
    let text = serde_json::to_string_pretty(&schema()).expect("JSON") + "\n";
    if std::env::var_os("ATELIER_WRITE_BINDINGS").is_some() {
        std::fs::write(&path, &text).unwrap_or_else(|error| panic!("{path}: {error}"));
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == text,
        "{path} is out of date; run `cargo xtask schema`"
    );
}

/// One validator for the whole schema: it takes `{NAME: BODY}`.
fn validator() -> Validator {
    jsonschema::draft202012::new(&schema()).expect("a schema")
}

#[test]
fn both_schemas_are_schemas() {
    let report = std::fs::read_to_string(root().join("docs/test-report.schema.json"));
    let report: Value = serde_json::from_str(&report.expect("it is there")).expect("JSON");
    for schema in [&schema(), &report] {
        let valid = jsonschema::draft202012::meta::validate(schema);
        assert!(
            valid.is_ok(),
            "{:?}",
            valid.err().map(|error| error.to_string())
        );
    }
}

/// Codes of what is wrong with a property.
const PROPERTY: [&str; 4] = [
    "invalid-property",
    "missing-property",
    "unknown-property",
    "unquoted-scalar",
];

/// What `check` says of a body.
fn diagnostics(name: &str, body: &str) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let file = Sources::default().add("page.md", body);
    let fence = Fence {
        info: name,
        body,
        map: &SourceMap::verbatim(0..body.len()),
        span: Span::new(file, 0..body.len()),
    };
    read(&fence, &mut diagnostics);
    diagnostics
}

fn fits(validator: &Validator, name: &str, body: &Value) -> bool {
    validator.is_valid(&json!({name: body}))
}

/// A body as JSON; what JSON has no number for is a large one.
fn to_json(value: &serde_yaml::Value) -> Value {
    match value {
        serde_yaml::Value::Number(number) if number.as_f64().is_some_and(f64::is_infinite) => {
            json!(1e300_f64.copysign(number.as_f64().unwrap_or_default()))
        }
        serde_yaml::Value::Sequence(items) => items.iter().map(to_json).collect(),
        serde_yaml::Value::Mapping(entries) => {
            let name = |key: &serde_yaml::Value| match key {
                serde_yaml::Value::String(text) => text.clone(),
                key => to_json(key).to_string(),
            };
            let entries = entries
                .iter()
                .map(|(key, value)| (name(key), to_json(value)));
            Value::Object(entries.collect())
        }
        other => serde_json::to_value(other).unwrap_or_default(),
    }
}

/// Every value that stands for a kind.
fn kinds() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(3),
        json!(-2),
        json!(1.5),
        json!(""),
        json!("text"),
        json!("a\nb"),
        json!("nul \u{0}"),
        json!("/absolute"),
        json!("~/home"),
        json!("../out"),
        json!("folder/"),
        json!([]),
        json!(["a", 1]),
        json!({}),
        json!({"a": 1}),
    ]
}

#[test]
fn what_the_schema_takes_the_reader_takes() {
    let schema = schema();
    let validator = validator();
    let (mut taken, mut refused) = (0, 0);
    for name in schema["properties"].as_object().expect("actions").keys() {
        let definition = &schema["$defs"][name];
        let Some(properties) = definition["properties"].as_object() else {
            continue;
        };
        // Whatever is required, as text or a number.
        let mut least = serde_json::Map::new();
        let either = definition.get("anyOf").map(|_| json!("path"));
        let required = definition["required"].as_array().into_iter().flatten();
        for wanted in required.chain(either.as_ref()) {
            let wanted = wanted.as_str().expect("a name");
            let sample = match properties[wanted]["type"].as_str() {
                Some("integer") => json!(1),
                Some("object") | None => json!({}),
                _ => json!("text"),
            };
            least.insert(wanted.to_owned(), sample);
        }
        assert!(fits(&validator, name, &json!(least)), "{name}: {least:?}");
        for property in properties.keys().map(String::as_str).chain(["nobody"]) {
            for value in kinds() {
                let mut body = least.clone();
                body.insert(property.to_owned(), value);
                let body = Value::Object(body);
                let text = serde_json::to_string(&body).expect("JSON is YAML");
                let found = diagnostics(name, &text);
                let wrong = found.iter().any(|found| PROPERTY.contains(&found.code));
                if fits(&validator, name, &body) {
                    taken += 1;
                    assert!(
                        !wrong,
                        "the schema takes what check refuses: {name} {text}: {found:#?}"
                    );
                } else {
                    refused += usize::from(wrong);
                }
            }
            let mut body = least.clone();
            if body.remove(property).is_some() {
                let text = json!(body).to_string();
                assert!(!fits(&validator, name, &json!(body)), "{name}: {text}");
                let found = diagnostics(name, &text);
                let codes: Vec<_> = found.iter().map(|found| found.code).collect();
                assert!(
                    codes.contains(&"missing-property"),
                    "{name}: {text}: {codes:?}"
                );
            }
        }
    }
    assert!(taken > 1000 && refused > 1000, "{taken} {refused}");
}

/// Every body of a workshop's pages as it was read, with what is said of it.
fn held(validator: &Validator, folder: &Utf8Path) -> usize {
    let loaded = load(folder).unwrap_or_else(|error| panic!("{folder}: {error}"));
    let workshop = &loaded.workshop;
    let (mut count, schema) = (0, schema());
    for page in &workshop.pages {
        let source = workshop.sources.file(page.file()).text();
        for fence in fences(source) {
            let name = fence.info.split_whitespace().next().unwrap_or_default();
            // Pages are filled in first; here they are as written.
            if fence.body.contains("{{") || schema["properties"].get(name).is_none() {
                continue;
            }
            let place = format!("{folder} {}:{}", page.id.0, fence.line);
            held_body(validator, &place, name, &fence.body);
            count += 1;
        }
    }
    count
}

fn held_body(validator: &Validator, place: &str, name: &str, body: &str) {
    let found = diagnostics(name, body);
    let is = |code: &str| found.iter().any(|found| found.code == code);
    let is_raw = !name.contains(':');
    let value = match serde_yaml::from_str::<serde_yaml::Value>(body) {
        _ if is_raw => json!(body),
        Ok(serde_yaml::Value::Null) => json!({}),
        Ok(value @ serde_yaml::Value::Mapping(_)) => to_json(&value),
        _ => {
            let told = found.iter().any(|found| found.severity == Severity::Error)
                || is("rescued-yaml")
                || is("invalid-action");
            assert!(told, "{place}: {name}\n{body}");
            return;
        }
    };
    let wrong = PROPERTY.iter().any(|code| is(code)) || is("rescued-yaml");
    let document = json!({name: value});
    let problems: Vec<_> = validator
        .iter_errors(&document)
        .map(|error| error.to_string())
        .collect();
    if wrong {
        // Dates are text to JSON.
        assert!(
            !problems.is_empty() || is("unquoted-scalar") || is("rescued-yaml"),
            "{place}: {name}\n{body}"
        );
    } else {
        assert!(
            problems.is_empty(),
            "{place}: {name}\n{body}\n{problems:#?}"
        );
    }
}

#[test]
fn bodies_of_workshops_are_as_the_schema_says() {
    let validator = validator();
    let mut folders: Vec<Utf8PathBuf> = vec![
        root().join("workshops/tour"),
        root().join("workshops/web-app"),
    ];
    let corpus = root().join("../../shared/corpus");
    match corpus.read_dir_utf8() {
        Ok(entries) => folders.extend(
            entries
                .flatten()
                .map(|entry| entry.into_path())
                .filter(|path| path.is_dir()),
        ),
        Err(_) => {
            #[allow(clippy::print_stderr, reason = "a skipped test says so")]
            {
                eprintln!("skipped in part: there is no corpus in {corpus}");
            }
        }
    }
    let count: usize = folders.iter().map(|folder| held(&validator, folder)).sum();
    assert!(count > 20, "the search does not work: {count}");
}
