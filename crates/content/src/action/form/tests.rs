use serde_json::{Value, json};

use super::*;

fn form_of(inputs: &str) -> (Form, Vec<String>) {
    let inputs = serde_json::to_value(crate::yaml::parse(inputs).unwrap()).unwrap();
    let (form, problems) = read(&inputs);
    let problems = problems.into_iter().map(|problem| problem.message);
    (form.unwrap(), problems.collect())
}

fn form(inputs: &str) -> Form {
    let (form, problems) = form_of(inputs);
    assert_eq!(problems, Vec::<String>::new());
    form
}

/// A line for each part: `id label control`, indented.
fn outline(items: &[FormItem]) -> String {
    fn write(items: &[FormItem], depth: usize, into: &mut String) {
        for item in items {
            let indent = "  ".repeat(depth);
            match item {
                FormItem::Help(html) => into.push_str(&format!("{indent}help {html}\n")),
                FormItem::Group(group) => {
                    let title = group.title.as_deref().unwrap_or("-");
                    let folded = if group.folded { " folded" } else { "" };
                    into.push_str(&format!("{indent}group {title}{folded}\n"));
                    write(&group.items, depth + 1, into);
                }
                FormItem::Field(field) => {
                    let control = match &field.control {
                        Control::Text { kind, .. } => format!("{kind:?}"),
                        Control::Number {
                            integer, slider, ..
                        } => match (slider, integer) {
                            (true, _) => "slider".to_owned(),
                            (false, true) => "integer".to_owned(),
                            (false, false) => "number".to_owned(),
                        },
                        Control::Checkbox => "checkbox".to_owned(),
                        Control::Choice { style, options } => {
                            format!("{style:?} {}", titles(options))
                        }
                        Control::Checkboxes { options } => format!("boxes {}", titles(options)),
                        Control::Hidden => "hidden".to_owned(),
                    };
                    let needed = if field.required { " needed" } else { "" };
                    into.push_str(&format!(
                        "{indent}{} \"{}\" {control}{needed}\n",
                        field.id, field.label
                    ));
                }
                FormItem::List(list) => {
                    into.push_str(&format!(
                        "{indent}list {} {}..{}\n",
                        list.id, list.min, list.max
                    ));
                    write(&list.items, depth + 1, into);
                }
            }
        }
    }
    let mut text = String::new();
    write(items, 0, &mut text);
    text
}

fn titles(options: &[Choice]) -> String {
    let titles: Vec<_> = options
        .iter()
        .map(|choice| format!("{}={}", choice.value, choice.title))
        .collect();
    titles.join("|")
}

#[test]
fn every_type_has_its_control() {
    for (definition, control) in [
        ("{type: string}", "a \"a\" Line"),
        ("{}", "a \"a\" Line"),
        ("{type: [string, 'null']}", "a \"a\" Line"),
        ("{type: integer, title: 'Count:'}", "a \"Count:\" integer"),
        ("{type: number}", "a \"a\" number"),
        ("{type: boolean}", "a \"a\" checkbox"),
        (
            "{type: string, enum: [x, 2], required: true}",
            "a \"a\" Select x=x|2=2 needed",
        ),
        (
            "{type: object, title: T, properties: {b: {type: string}}}",
            "group T\n  a.b \"b\" Line",
        ),
        (
            "{type: array, items: {type: string, title: t}}",
            "list a 0..100\n  a[] \"t\" Line",
        ),
        (
            "{type: array, minItems: 2, maxItems: 3, items: {type: object, properties: {b: {type: integer}}}}",
            "list a 2..3\n  group -\n    a[].b \"b\" integer",
        ),
    ] {
        let form = form(&format!("schema: {{a: {definition}}}"));
        assert_eq!(outline(&form.items).trim_end(), control, "{definition}");
        assert_eq!(form.submit, "Submit");
    }
}

#[test]
fn every_widget_has_its_control() {
    for (widget, control) in [
        ("text", "a \"a\" Line"),
        ("password", "a \"a\" Password"),
        ("textarea", "a \"a\" Area"),
        ("email", "a \"a\" Email"),
        ("date", "a \"a\" Date"),
        ("time", "a \"a\" Time"),
        ("url", "a \"a\" Url"),
        ("tel", "a \"a\" Tel"),
        ("number", "a \"a\" number"),
        ("range", "a \"a\" slider"),
        ("radios", "a \"a\" Radios x=X|y=y"),
        ("radiobuttons", "a \"a\" Buttons x=X|y=y"),
        ("select", "a \"a\" Select x=X|y=y"),
        ("checkboxes", "a \"a\" boxes x=X|y=y"),
        ("checkbox", "a \"a\" checkbox"),
        ("hidden", "a \"a\" hidden"),
    ] {
        let form = form(&format!(
            "{{schema: {{a: {{type: string, enum: [x, y]}}}}, form: [{{key: a, type: {widget}, titleMap: {{x: X}}}}]}}"
        ));
        assert_eq!(outline(&form.items).trim_end(), control, "{widget}");
    }
}

#[test]
fn the_form_orders_overrides_and_groups() {
    let form = form(
        r#"
schema:
  type: object
  required: [name]
  properties:
    name: {type: string, title: Name, description: Yours}
    secret: {type: string}
    pets: {type: array, items: {type: object, properties: {kind: {type: string}, old: {type: boolean}}}}
    colours: {type: array, items: {type: string, enum: [red, green], title: Colour}}
    words: {type: array, items: {type: string}}
form:
- type: help
  helpvalue: <b>Click</b> <script>alert(1)</script>&amp; <a href="http://x">go</a>
- {type: fieldset, title: Who, expandable: true, items: [name, {key: secret, type: password, notitle: true, placeholder: psst}]}
- type: array
  items: {type: section, title: A pet, items: ["pets[].kind", {key: "pets[].old", inlinetitle: It is old}]}
- {key: colours, type: checkboxes, titleMap: [{value: red, name: Red}]}
- {key: words, items: [{key: "words[]", type: textarea, title: Word}]}
- {type: actions, items: [{type: submit, title: Send it}]}
- {type: submit, title: never}
"#,
    );
    assert_eq!(
        outline(&form.items),
        r#"help <b>Click</b> &amp; go
group Who folded
  name "Name" Line needed
  secret "secret" Password
list pets 0..100
  group A pet
    pets[].kind "kind" Line
    pets[].old "It is old" checkbox
colours "colours" boxes red=Red|green=green
list words 0..100
  words[] "Word" Area
"#
    );
    assert_eq!(form.submit, "Send it");
}

#[test]
fn what_cannot_be_played_is_told_and_the_rest_works() {
    let schema = "a: {type: string}, b: {type: array}, f: {type: string}";
    for (items, expected, problems) in [
        (
            "[{key: a, onClick: 'alert()'}]",
            "a \"a\" Line",
            vec!["`onClick` is not run"],
        ),
        (
            "[a, {key: f, type: file}]",
            "a \"a\" Line",
            vec!["`file` is not played and is left out"],
        ),
        (
            "[{key: a, type: ace}]",
            "a \"a\" Area",
            vec!["`ace` is not played; a plain control stands for it"],
        ),
        (
            "[{key: a, type: color}]",
            "a \"a\" Line",
            vec!["`color` is not played; a plain control stands for it"],
        ),
        (
            "[{key: a, type: foo}, f]",
            "f \"f\" Line",
            vec!["there is no control `foo`"],
        ),
        (
            "[{key: a, type: select}]",
            "a \"a\" Line",
            vec!["`a` has nothing to choose from"],
        ),
        (
            "[a, nothing]",
            "a \"a\" Line",
            vec!["the schema has no field `nothing`"],
        ),
        ("[a, 3]", "a \"a\" Line", vec!["this is no part of a form"]),
        (
            "[a, {type: text}]",
            "a \"a\" Line",
            vec!["this part of the form has no `key`"],
        ),
        (
            "[a, b]",
            "a \"a\" Line",
            vec!["the list `b` has no `items`"],
        ),
        (
            "[a, {type: button, title: x, onClick: f}]",
            "a \"a\" Line",
            vec![
                "`onClick` is not run",
                "`button` is not played and is left out",
            ],
        ),
        (
            "[a, a]",
            "a \"a\" Line\na' \"a\" Line",
            vec!["the field `a` stands in the form twice, so that the test receives a list"],
        ),
    ] {
        let (form, found) = form_of(&format!("{{schema: {{{schema}}}, form: {items}}}"));
        assert_eq!(
            (
                outline(&form.items).trim_end(),
                found.iter().map(String::as_str).collect()
            ),
            (expected, problems),
            "{items}"
        );
    }
    for inputs in ["[1]", "{form: [a]}", "{schema: 3}", "text"] {
        let inputs = serde_json::to_value(crate::yaml::parse(inputs).unwrap()).unwrap();
        let (form, problems) = read(&inputs);
        assert!(form.is_none() && !problems.is_empty(), "{inputs}");
    }
    let (form, problems) =
        form_of("{schema: {a: {type: string}, b: 3}, onSubmit: f, value: {a: v}}");
    assert_eq!(
        problems,
        ["`onSubmit` is not played", "this defines no field"]
    );
    assert_eq!(sent(&form, json!({})), Ok(json!({"a": "v"})));
}

#[test]
fn what_lies_too_deep_or_is_too_much_is_left_out() {
    let mut item = json!("a");
    for _ in 0..40 {
        item = json!({"type": "section", "items": [item]});
    }
    let (form, problems) = read(&json!({"schema": {"a": {"type": "string"}}, "form": [item]}));
    assert_eq!(problems.len(), 1);
    assert_eq!(sent(&form.unwrap(), json!({})), Ok(json!({})));
    let many: serde_json::Map<_, _> = (0..2000)
        .map(|n| (format!("f{n}"), json!({"type": "string"})))
        .collect();
    let (form, problems) = read(&json!({"schema": many}));
    assert_eq!((form.unwrap().items.len(), problems.len()), (300, 1));
}

fn values(values: Value) -> FormValues {
    serde_json::from_value(values).unwrap()
}

/// What is sent, or what is wrong: `id: message`.
fn sent(form: &Form, held: Value) -> Result<Value, Vec<String>> {
    form.submit(&values(held))
        .map(Value::Object)
        .map_err(|wrong| {
            let line = |wrong: WrongValue| format!("{}: {}", wrong.id, wrong.message);
            wrong.into_iter().map(line).collect()
        })
}

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
