use serde_json::json;

use super::*;

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
