//! The schema says what the catalogue and the documentation say.

use std::collections::BTreeSet;

use super::super::options;
use super::*;

#[test]
fn every_action_and_property_is_described_and_no_other() {
    let descriptions = Descriptions::read();
    let mut known = BTreeSet::new();
    for entry in catalog::entries() {
        known.insert((entry.name, ""));
        assert!(descriptions.action(entry.name).is_some(), "{}", entry.name);
        for name in entry.properties {
            known.insert((entry.name, name));
            // Its own word: what holds for all actions would be too little.
            let own = descriptions.property(entry.name, name);
            assert!(own.is_some(), "{}: {name}", entry.name);
        }
    }
    for name in COMMON {
        known.insert(("", name));
        assert!(descriptions.property("", name).is_some(), "{name}");
    }
    for key in options::TEST_KEYS {
        assert!(descriptions.test(key).is_some(), "test: {key}");
    }
    let stale: Vec<_> = descriptions
        .names()
        // Headings about something else are no actions.
        .filter(|(action, property)| !known.contains(&(*action, *property)))
        .collect();
    assert!(stale.is_empty(), "described, but not there: {stale:?}");
}

#[test]
fn every_property_has_a_shape_and_a_value_that_its_reader_takes() {
    for entry in catalog::entries() {
        for name in entry.properties.iter().chain(COMMON) {
            assert!(shapes::shape(entry.name, name).is_object(), "{name}");
        }
        let Reader::Yaml(read) = entry.reader else {
            continue;
        };
        let whole: Mapping = entry
            .properties
            .iter()
            .map(|name| ((*name).into(), shapes::sample(entry.name, name)))
            .collect();
        let taken = read(&mut Properties::new(whole.clone(), Vec::new()));
        assert!(taken.is_ok(), "{} {whole:?}", entry.name);
        // What is required is enough.
        let required = required(entry, &|body| {
            read(&mut Properties::new(body, Vec::new())).is_ok()
        });
        let either = |name: &str| entry.name.ends_with("load-file") && name == "url";
        let least: Mapping = whole
            .into_iter()
            .filter(|(name, _)| {
                let name = name.as_str().unwrap();
                required.contains(&name) || either(name) || entry.name == "files:copy-file"
            })
            .collect();
        let taken = read(&mut Properties::new(least.clone(), Vec::new()));
        assert!(taken.is_ok(), "{} {least:?}", entry.name);
    }
}

#[test]
fn what_is_required_is_asked_of_the_readers() {
    let schema = schema();
    let required = |name: &str| schema["$defs"][name]["required"].clone();
    assert_eq!(required("terminal:execute"), json!(["command"]));
    assert_eq!(
        required("editor:replace-lines-in-range"),
        json!(["file", "start", "stop"])
    );
    assert_eq!(required("editor:create-file"), json!(["file"]));
    assert_eq!(required("files:download-file"), Value::Null);
    assert_eq!(schema["$defs"]["execute"]["type"], "string");
}
