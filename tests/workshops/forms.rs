//! Forms of examiner actions: what the test receives, and what a diligent learner is told.

use atelier_tests::WorkshopTest;

const SCHEMA: &str = "
  schema:
    name: {type: string, title: 'Your name:', required: true}
    replicas: {type: integer, default: '1', minimum: 1}
    debug: {type: boolean}
    place: {type: object, properties: {city: {type: string, default: Berlin}}}
    tags: {type: array, items: {type: string}}
";

/// A workshop with one form action, whose test prints what it receives and wants `name` to be Ada.
fn asking(rest: &str) -> WorkshopTest {
    let page = format!("```examiner:execute-test\nname: ada\ninputs:{SCHEMA}{rest}```\n");
    WorkshopTest::page(&page).examiner(
        "ada",
        r#"INPUT=$(cat); echo "$INPUT"; [[ $INPUT == '{"name":"Ada",'* ]]"#,
    )
}

#[test]
fn defaults_are_sent_where_the_author_says_nothing() {
    let page = "
        ```examiner:execute-test
        name: cat
        inputs:
          schema:
            name: {type: string, default: my-app}
            n: {type: integer, default: 3}
            yes: {type: boolean, default: true}
            no: {type: boolean}
            home: {type: string, default: /home/eduk8s/x}
        ```
        ";
    let run = WorkshopTest::page(page)
        .examiner("cat", "cat; cat > rest; [ ! -s rest ]; pwd")
        .arg("--isolation=folder")
        .test()
        .passes();
    let output = run.row(0).output().to_owned();
    let (sent, home) = output.split_once('}').expect("an object");
    let home = home.trim();
    assert_eq!(
        format!("{sent}}}"),
        format!(r#"{{"name":"my-app","n":"3","yes":"1","home":"{home}/x"}}"#)
    );
}

#[test]
fn the_author_fills_it_in_for_the_test() {
    let run =
        asking("test: {inputs: {name: Ada, debug: true, place: {city: Paris}, tags: [a, b]}}\n")
            .test()
            .passes();
    assert_eq!(
        run.row(0).output(),
        "{\"name\":\"Ada\",\"replicas\":\"1\",\"debug\":\"1\",\"place.city\":\"Paris\",\"tags[0]\":\"a\",\"tags[1]\":\"b\"}\n"
    );
}

#[test]
fn a_form_that_must_be_filled_in_says_how() {
    asking("").test().fails().rows_are(&[
        "click failed: the form is not filled in as it must be: `Your name`: fill this in; its defaults were sent; \
         add `test: {inputs: {name: …}}` with what a learner would write",
    ]);
    asking("test: {inputs: {name: Ada, replicas: 0.5}}\n")
        .test()
        .fails()
        .rows_are(&[
            "click failed: the form is not filled in as it must be: `replicas`: write a whole number; \
             correct `test: {inputs: …}` of this action",
        ]);
}

#[test]
fn what_the_test_says_of_the_values_counts() {
    let run = asking("test: {inputs: {name: Bob}, expect: fail}\n").test();
    assert!(run.passes().row(0).output().contains("Bob"));
}

#[test]
fn a_form_can_be_part_of_a_cascade() {
    let page = "
        ```examiner:execute-test
        name: cat
        autostart: true
        cascade: true
        inputs: {schema: {a: {type: string, default: first}}}
        ```
        ```examiner:execute-test
        name: cat
        inputs: {schema: {b: {type: string, required: true}}}
        test: {inputs: {b: second}}
        ```
        ";
    let run = WorkshopTest::page(page)
        .examiner("cat", "cat")
        .test()
        .passes()
        .rows_are(&["autostart passed", "cascade passed"]);
    assert_eq!(run.row(0).output(), r#"{"a":"first"}"#);
    assert_eq!(run.row(1).output(), r#"{"b":"second"}"#);
}

#[test]
fn check_names_what_is_not_played_and_who_is_not_there() {
    let page = "```examiner:execute-test
name: cat
inputs:
  schema:
    a: {type: string}
  form:
  - key: a
    onClick: alert()
test:
  inputs: {a: x, b: y}
```
";
    let checked = WorkshopTest::page(page).examiner("cat", "cat").check();
    assert_eq!(
        checked.brief(),
        [
            "warning unsupported-form workshop/content/01-page.md:8:5",
            "warning unknown-input workshop/content/01-page.md:10:18",
        ]
    );
    assert_eq!(checked.exit, Some(0));
}

#[test]
fn a_learner_may_bring_tests_of_their_own() {
    WorkshopTest::page("```examiner:execute-test\nname: own\n```")
        .file(
            "workshop/setup.d/01.sh",
            "
            mkdir -p ~/workshop/examiner/tests
            printf '#!/bin/sh\\nexit 0\\n' > ~/workshop/examiner/tests/own
            chmod +x ~/workshop/examiner/tests/own
            ",
        )
        .test()
        .passes();
}
