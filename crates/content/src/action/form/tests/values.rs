use serde_json::{Value, json};

use super::*;

#[test]
fn values_are_texts_under_flat_keys() {
    for (inputs, held, expected) in [
        // Types do not matter: all is text.
        (
            "schema: {name: {type: string, default: my-app}}",
            json!({}),
            json!({"name": "my-app"}),
        ),
        (
            "schema: {n: {type: integer, default: '1'}}",
            json!({}),
            json!({"n": "1"}),
        ),
        (
            "schema: {n: {type: integer, default: 1}}",
            json!({}),
            json!({"n": "1"}),
        ),
        (
            "schema: {n: {type: number, default: 1.0}}",
            json!({}),
            json!({"n": "1"}),
        ),
        (
            "schema: {n: {type: number}}",
            json!({"n": "0.50"}),
            json!({"n": "0.50"}),
        ),
        ("schema: {t: {type: string}}", json!({}), json!({"t": ""})),
        (
            "schema: {t: {type: string, default: true}}",
            json!({}),
            json!({"t": "true"}),
        ),
        // Boxes.
        ("schema: {b: {type: boolean}}", json!({}), json!({})),
        (
            "schema: {b: {type: boolean, default: true}}",
            json!({}),
            json!({"b": "1"}),
        ),
        (
            "schema: {b: {type: boolean, default: true}}",
            json!({"b": false}),
            json!({}),
        ),
        (
            "schema: {b: {type: boolean, required: true}}",
            json!({"b": false}),
            json!({}),
        ),
        (
            "{schema: {c: {type: array, default: [y], items: {enum: [x, y, z]}}}, form: [{key: c, type: checkboxes}]}",
            json!({"c[2]": true}),
            json!({"c[1]": "1", "c[2]": "1"}),
        ),
        // One of several.
        ("schema: {e: {enum: [x, y]}}", json!({}), json!({"e": "x"})),
        (
            "schema: {e: {enum: [x, y], default: y}}",
            json!({}),
            json!({"e": "y"}),
        ),
        (
            "schema: {e: {enum: [1, 2]}}",
            json!({"e": "2"}),
            json!({"e": "2"}),
        ),
        (
            "{schema: {e: {enum: [x, y]}}, form: [{key: e, type: radios}]}",
            json!({}),
            json!({}),
        ),
        (
            "{schema: {e: {enum: ['', y]}}, form: [{key: e, type: radios}]}",
            json!({}),
            json!({"e": ""}),
        ),
        (
            "{schema: {e: {type: boolean}}, form: [{key: e, type: radios}]}",
            json!({"e": "true"}),
            json!({"e": "true"}),
        ),
        // Sliders.
        (
            "{schema: {r: {type: integer, minimum: 2, maximum: 10}}, form: [{key: r, type: range}]}",
            json!({}),
            json!({"r": "6"}),
        ),
        // Nested.
        (
            "schema: {a: {type: object, properties: {b: {type: string, default: x}, c: {type: object, properties: {d: {type: boolean, default: 1}}}}}}",
            json!({"a.b": "y"}),
            json!({"a.b": "y", "a.c.d": "1"}),
        ),
        (
            "schema: {a: {type: object, default: {b: preset}, properties: {b: {type: string, default: x}}}}",
            json!({}),
            json!({"a.b": "preset"}),
        ),
        // Lists.
        (
            "schema: {l: {type: array, items: {type: string}}}",
            json!({}),
            json!({"l[0]": ""}),
        ),
        (
            "schema: {l: {type: array, items: {type: string, default: d}}}",
            json!({"l": 2, "l[1]": "x"}),
            json!({"l[0]": "d", "l[1]": "x"}),
        ),
        (
            "schema: {l: {type: array, items: {type: string}}}",
            json!({"l": 0}),
            json!({}),
        ),
        (
            "schema: {l: {type: array, default: [p, q], items: {type: string}}}",
            json!({}),
            json!({"l[0]": "p", "l[1]": "q"}),
        ),
        (
            "{schema: {l: {type: array, items: {type: object, properties: {n: {type: string}, b: {type: boolean}}}}}, value: {l: [{n: x}, {n: y, b: true}]}}",
            json!({}),
            json!({"l[0].n": "x", "l[1].n": "y", "l[1].b": "1"}),
        ),
        (
            "schema: {l: {type: array, items: {type: array, minItems: 2, items: {type: string}}}}",
            json!({"l": 2, "l[0]": 3}),
            json!({"l[0][0]": "", "l[0][1]": "", "l[0][2]": "", "l[1][0]": "", "l[1][1]": ""}),
        ),
        // Names that come again.
        (
            "{schema: {a: {type: string, default: d}}, form: [a, a, {key: a, type: hidden}]}",
            json!({"a": "x", "a'": "y"}),
            json!({"a": ["x", "y", "d"]}),
        ),
        // Hidden and read-only ones keep their defaults.
        (
            "{schema: {h: {type: string, default: v}}, form: [{key: h, type: hidden}]}",
            json!({}),
            json!({"h": "v"}),
        ),
        (
            "schema: {r: {type: string, default: v, readOnly: true}}",
            json!({"r": "mine"}),
            json!({"r": "v"}),
        ),
        // What is held by mistake.
        (
            "schema: {b: {type: boolean, default: true}}",
            json!({"b": "text", "stranger": "x"}),
            json!({"b": "1"}),
        ),
        ("schema: {}", json!({}), json!({})),
    ] {
        let inputs = serde_json::to_value(crate::yaml::parse(inputs).unwrap()).unwrap();
        let form = read(&inputs).0.unwrap();
        assert_eq!(sent(&form, held.clone()), Ok(expected), "{inputs} {held}");
    }
}

#[test]
fn what_is_wrong_is_told_in_the_order_of_the_form() {
    let text = |rules: &str| format!("schema: {{a: {{type: string, {rules}}}}}");
    let as_type = |widget: &str| {
        format!("{{schema: {{a: {{type: string}}}}, form: [{{key: a, type: {widget}}}]}}")
    };
    let number = |rules: &str| format!("schema: {{a: {{type: number, {rules}}}}}");
    let integer = |rules: &str| format!("schema: {{a: {{type: integer, {rules}}}}}");
    let radios =
        "{schema: {a: {enum: [x, y], required: true}}, form: [{key: a, type: radios}]}".to_owned();
    let boxes =
        "{schema: {a: {required: true, items: {enum: [x]}}}, form: [{key: a, type: checkboxes}]}"
            .to_owned();
    for (inputs, held, message) in [
        (text("required: true"), "", "fill this in"),
        (text("required: true"), "x", ""),
        (text("required: 'true'"), "", ""),
        (text("minLength: 2"), "", ""),
        (text("minLength: 2"), "é", "write at least 2 characters"),
        (text("minLength: 2"), "é😀", ""),
        (text("maxLength: 1"), "ab", "write no more than 1 character"),
        (integer("x: 1"), "1.5", "write a whole number"),
        (integer("x: 1"), "one", "write a whole number"),
        (integer("x: 1"), "-3", ""),
        (integer("x: 1"), "", ""),
        (integer("required: true"), "", "fill this in"),
        (number("x: 1"), "1e3", ""),
        (number("x: 1"), "NaN", "write a number"),
        (number("x: 1"), "inf", "write a number"),
        (number("minimum: 1"), "0.9", "write 1 or more"),
        (number("maximum: 1.5"), "2", "write 1.5 or less"),
        (number("minimum: 1, maximum: 2"), "2", ""),
        (
            as_type("email"),
            "ada",
            "write an e-mail address, such as ada@example.org",
        ),
        (as_type("email"), "ada@example.org", ""),
        (
            as_type("email"),
            "ada@-x",
            "write an e-mail address, such as ada@example.org",
        ),
        (
            as_type("url"),
            "example.org",
            "write a whole address, such as https://example.org",
        ),
        (
            as_type("url"),
            "http://",
            "write a whole address, such as https://example.org",
        ),
        (as_type("url"), "http://localhost:80/x", ""),
        (as_type("date"), "2024-02-29", ""),
        (as_type("date"), "2023-02-29", "write a date as 2026-11-22"),
        (as_type("date"), "22.11.2026", "write a date as 2026-11-22"),
        (as_type("time"), "23:59", ""),
        (as_type("time"), "07:05:30", ""),
        (as_type("time"), "24:00", "write a time as 18:05"),
        (as_type("time"), "7:05", "write a time as 18:05"),
        (as_type("tel"), "+49 30 1234", ""),
        (
            "schema: {a: {enum: [x, y]}}".to_owned(),
            "z",
            "choose one of those that are offered",
        ),
        (radios, "", "choose one"),
        (boxes, "", "tick at least one"),
    ] {
        let form = form(&inputs);
        let expected = if message.is_empty() {
            vec![]
        } else {
            vec![format!("a: {message}")]
        };
        let found = sent(&form, json!({"a": held})).err().unwrap_or_default();
        assert_eq!(found, expected, "{inputs} with {held:?}");
    }
    let form = form(
        "schema: {a: {title: 'A:', required: true}, l: {type: array, minItems: 1, items: {type: integer}}, z: {required: true}}",
    );
    assert_eq!(
        sent(&form, json!({"l": 0})).unwrap_err(),
        [
            "l: add at least 1 entry",
            "a: fill this in",
            "z: fill this in"
        ]
    );
    assert_eq!(form.submit(&values(json!({}))).unwrap_err()[0].label, "A");
    let long = "x".repeat(MAX_TEXT + 1);
    assert_eq!(
        sent(&form, json!({"a": long, "z": "z"})).unwrap_err(),
        ["a: keep it below 64 kB"]
    );
}

#[test]
fn passwords_and_strangers_are_no_part_of_a_draft() {
    let form = form(
        "{schema: {a: {}, p: {}, c: {items: {enum: [x, y]}}, l: {type: array, items: {type: object, properties: {n: {}}}}},
          form: [a, {key: p, type: password}, {key: c, type: checkboxes}, l]}",
    );
    let held = json!({"a": "x", "p": "secret", "c[1]": true, "l": 2, "l[1].n": "y", "l[5].n": "no", "q": "z"});
    let draft = form.draft(&values(held));
    assert_eq!(
        serde_json::to_value(draft).unwrap(),
        json!({"a": "x", "c[1]": true, "l": 2, "l[1].n": "y"})
    );
}

#[test]
fn an_author_answers_with_keys_or_with_structure() {
    let form = form(
        "{schema: {a: {}, n: {type: integer}, b: {type: boolean, default: true}, o: {type: object, properties: {x: {}}},
          c: {items: {enum: [red, green]}}, l: {type: array, items: {type: object, properties: {n: {}}}}},
          form: ['*', {type: submit}]}"
            .replace("'*'", "a, n, b, o, {key: c, type: checkboxes}, l")
            .as_str(),
    );
    for (inputs, expected, unknown) in [
        (
            json!({"a": "x", "n": 2, "b": false}),
            json!({"a": "x", "n": "2", "o.x": "", "l[0].n": ""}),
            vec![],
        ),
        (
            json!({"o": {"x": "y"}, "b": "0"}),
            json!({"a": "", "n": "", "o.x": "y", "l[0].n": ""}),
            vec![],
        ),
        (
            json!({"o.x": "y", "c": ["green"]}),
            json!({"a": "", "n": "", "b": "1", "o.x": "y", "c[1]": "1", "l[0].n": ""}),
            vec![],
        ),
        (
            json!({"c[0]": "1"}),
            json!({"a": "", "n": "", "b": "1", "o.x": "", "c[0]": "1", "l[0].n": ""}),
            vec![],
        ),
        (
            json!({"l": [{"n": 1}, {"n": 2}]}),
            json!({"a": "", "n": "", "b": "1", "o.x": "", "l[0].n": "1", "l[1].n": "2"}),
            vec![],
        ),
        (
            json!({"l[1].n": "z", "l": []}),
            json!({"a": "", "n": "", "b": "1", "o.x": "", "l[0].n": "", "l[1].n": "z"}),
            vec![],
        ),
        (
            json!({"nope": 1, "o": {"z": 1}}),
            json!({"a": "", "n": "", "b": "1", "o.x": "", "l[0].n": ""}),
            vec!["nope", "o.z"],
        ),
        (
            json!({"c": ["blue", "red"]}),
            json!({"a": "", "n": "", "b": "1", "o.x": "", "c[0]": "1", "l[0].n": ""}),
            vec!["c[0]"],
        ),
        (
            json!("text"),
            json!({"a": "", "n": "", "b": "1", "o.x": "", "l[0].n": ""}),
            vec![],
        ),
    ] {
        let (answers, found) = form.answers(&inputs);
        assert_eq!(found, unknown, "{inputs}");
        assert_eq!(
            form.submit(&answers).map(Value::Object),
            Ok(expected),
            "{inputs}"
        );
    }
}

#[test]
fn a_new_item_of_a_list_holds_its_defaults() {
    let form = form(
        "schema: {l: {type: array, items: {type: object, properties: {n: {default: d}, k: {type: array, default: [1, 2], items: {}}}}}}",
    );
    let FormItem::List(list) = &form.items[0] else {
        panic!("a list");
    };
    assert_eq!(
        serde_json::to_value(form.blank(list)).unwrap(),
        json!({"l[].n": "d", "l[].k": 2, "l[].k[]": ""})
    );
    assert_eq!(place("l[].k[]", &[3, 0]), "l[3].k[0]");
    assert_eq!(place("l[].k[]", &[3]), "l[3].k[]");
}
