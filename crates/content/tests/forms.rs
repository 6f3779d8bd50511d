//! Whatever stands in `inputs`, and whatever is typed: a form is read, filled in and judged without a panic.

use atelier_content::action::{Action, Fence, FormValue, FormValues, read};
use atelier_content::diagnostic::{SourceMap, Sources, Span};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Words that mean something in a form, and some that do not.
fn word() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "a",
        "b",
        "a.b",
        "a[]",
        "a[].b",
        "*",
        "",
        "[]",
        ".",
        "é",
        "key",
        "type",
        "array",
        "object",
        "string",
        "integer",
        "checkboxes",
        "radios",
        "range",
        "select",
        "help",
        "fieldset",
        "ace",
        "submit",
        "-1",
        "1e400",
        "x",
    ])
    .prop_map(str::to_owned)
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "a",
        "b",
        "c",
        "é",
        "a.b",
        "key",
        "type",
        "title",
        "items",
        "properties",
        "default",
        "enum",
        "required",
        "minimum",
        "maximum",
        "minLength",
        "maxItems",
        "minItems",
        "titleMap",
        "options",
        "value",
        "form",
        "schema",
        "onClick",
        "step",
    ])
    .prop_map(str::to_owned)
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-10_i64..10).prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        word().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 6, |inner| {
        let pairs = prop::collection::vec((name(), inner.clone()), 0..6);
        prop_oneof![
            prop::collection::vec(inner, 0..5).prop_map(Value::from),
            pairs.prop_map(|pairs| Value::Object(pairs.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Mostly a form, so that the readers behind the first check are reached.
fn inputs() -> impl Strategy<Value = Value> {
    let form = (value(), value(), value()).prop_map(|(schema, form, value)| {
        json!({"schema": {"a": schema, "b": {"type": "array", "items": value.clone()}}, "form": form, "value": value})
    });
    prop_oneof![4 => form, 1 => value()]
}

fn held() -> impl Strategy<Value = FormValues> {
    let id = prop_oneof![
        word(),
        Just("a".to_owned()),
        Just("b[0]".to_owned()),
        Just("b[1].a".to_owned())
    ];
    let value = prop_oneof![
        any::<bool>().prop_map(FormValue::Ticked),
        any::<u32>().prop_map(FormValue::Items),
        word().prop_map(FormValue::Text),
    ];
    prop::collection::btree_map(id, value, 0..8)
}

/// As a page would hold it: JSON is YAML.
fn read_action(inputs: &Value, answers: &Value) -> Option<Action> {
    let body = json!({"name": "t", "inputs": inputs, "test": {"inputs": answers}}).to_string();
    let mut sources = Sources::default();
    let file = sources.add("page.md", &body);
    let map = SourceMap::verbatim(0..body.len());
    let fence = Fence {
        info: "examiner:execute-test",
        body: &body,
        map: &map,
        span: Span::new(file, 0..body.len()),
    };
    let mut diagnostics = Vec::new();
    let action = read(&fence, &mut diagnostics)?;
    for diagnostic in &diagnostics {
        let span = diagnostic.span()?;
        assert!(body.get(span.range.clone()).is_some(), "{diagnostic:?}");
    }
    action.action.ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_an_author_or_learner_writes_panics(inputs in inputs(), answers in value(), held in held()) {
        if let Some(Action::Examiner(test)) = read_action(&inputs, &answers)
            && let Some(form) = &test.form
        {
            let _ = form.submit(&held);
            let (given, _) = form.answers(&answers);
            let _ = form.submit(&given);
            // What a form holds at the start is nothing strange to it, and a draft of a draft is the draft.
            let initial = form.initial();
            prop_assert_eq!(form.submit(&initial), form.submit(&FormValues::new()));
            let draft = form.draft(&held);
            prop_assert_eq!(form.draft(&draft), draft);
            if let Ok(sent) = form.submit(&held) {
                let is_text = |value: &Value| {
                    value.is_string() || value.as_array().is_some_and(|all| all.iter().all(Value::is_string))
                };
                prop_assert!(sent.values().all(is_text), "{:?}", sent);
            }
        }
    }
}
