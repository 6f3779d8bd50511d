//! What a definition gives a session: its environment, its files.

use super::{DEFINITION, load, problems};
use crate::variables::{self, Variables};
use crate::workshop::Workshop;

fn defined(more: &str) -> crate::load::Loaded {
    load(&[
        ("resources/workshop.yaml", &format!("{DEFINITION}{more}")),
        ("workshop/content/a.md", "x"),
    ])
}

fn pairs(values: &[(String, String)]) -> Vec<(&str, &str)> {
    values
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

#[test]
fn parameters_have_a_value_an_expression_or_nothing() {
    let loaded = defined(
        "  request:
    parameters:
    - {name: REGION, value: eu}
    - {name: EMPTY, value: ''}
    - {name: TOKEN, generate: expression, from: '[a-z]{4}'}
    - {name: ODD, generate: magic, from: x}
    - {name: ASKED}
    - {value: nameless}
  session:
    env:
    - {name: REGION, value: us}
    - {name: KEY, valueFrom: {secretKeyRef: {name: s, key: k}}}
    envFrom:
    - secretRef: {name: s}
",
    );
    let workshop = &loaded.workshop;
    assert_eq!(
        pairs(&workshop.environment),
        [("REGION", "eu"), ("EMPTY", ""), ("REGION", "us")]
    );
    assert_eq!(pairs(&workshop.generated), [("TOKEN", "[a-z]{4}")]);
    assert_eq!(
        workshop.missing_features,
        [
            "Some settings come from the training portal and are not set here.",
            "These values come from the training portal and are not set here: ODD, ASKED, KEY.",
        ]
    );
}

#[test]
fn names_that_nothing_has_are_reported_once() {
    let loaded = defined(
        "  request:
    parameters:
    - {name: TOKEN, generate: expression, from: '[a-z]{4}'}
  session:
    env:
    - {name: PATH, value: '/x:$(PATH)'}
    - {name: A, value: '$(session_name) $(workshop_version) $(SESSION_NAME) $(TOKEN) $(base64(a:$(nothing)))'}
    - {name: B, value: '$(A) $(C) $(date)'}
    - {name: C, value: '$(date)'}
    dashboards:
    - {name: X, url: 'http://x-$(session_name).$(ingress_domain)$(ingress_port_suffix)/$(A)'}
    ingresses:
    - {name: x, port: 1, host: 'x-$(session_namspace)'}
",
    );
    insta::assert_snapshot!(problems(&loaded), @r#"
    warning[unknown-expansion] resources/workshop.yaml:14:97: nothing has the name `nothing` (stays as it is written) = name a data variable, or a variable that `session.env` sets further up
    warning[unknown-expansion] resources/workshop.yaml:15:30: nothing has the name `C` (stays as it is written) = name a data variable, or a variable that `session.env` sets further up
    warning[unknown-expansion] resources/workshop.yaml:15:35: nothing has the name `date` (stays as it is written) = name a data variable, or a variable that `session.env` sets further up
    warning[unknown-expansion] resources/workshop.yaml:18:88: nothing has the name `A` (stays as it is written) = name a data variable, or a variable that `session.env` sets further up
    warning[unknown-expansion] resources/workshop.yaml:20:35: nothing has the name `session_namspace` (stays as it is written) = name a data variable, or a variable that `session.env` sets further up
    "#);
}

#[test]
fn inline_files_stay_inside() {
    let loaded = defined(
        "  workshop:
    files:
    - image: {url: x/lab-y-files:1}
    - inline: {paths: {a/b.txt: one, ../up.txt: two, ./c.txt: 5}}
    - path: exercises/
      inline: {paths: {d.txt: three, .git/hooks/x: four}}
",
    );
    let found = loaded.workshop.inline_files.iter();
    let found: Vec<_> = found
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            ("a/b.txt", "one"),
            ("c.txt", "5"),
            ("exercises/d.txt", "three")
        ]
    );
    assert_eq!(problems(&loaded).matches("would lie outside").count(), 2);
    assert!(loaded.workshop.missing_features.is_empty());
}

#[test]
fn an_ignored_folder_goes_with_everything_in_it() {
    let definition = format!("{DEFINITION}  content:\n    files: github.com/x/y\n");
    let loaded = load(&[
        ("resources/workshop.yaml", &definition),
        ("workshop/content/a.md", "x"),
        (
            ".eduk8signore",
            "# not these\n\nnode_modules/\n./build\n*.bak\n",
        ),
    ]);
    assert!(loaded.workshop.files.include.is_empty());
    assert_eq!(
        loaded.workshop.files.exclude,
        [
            "**/node_modules/**",
            "**/node_modules",
            "build/**",
            "build",
            "**/*.bak/**",
            "**/*.bak"
        ]
    );
}

#[test]
fn the_definition_is_kept_as_it_is_written() {
    let loaded = defined("  session:\n    env:\n    - {name: A, value: $(session_name)}\n");
    let json = loaded.workshop.definition.unwrap();
    assert_eq!(
        json["spec"]["session"]["env"][0]["value"],
        "$(session_name)"
    );
    assert_eq!(json["kind"], "Workshop");
    let none = load(&[("workshop/content/a.md", "x")]);
    assert_eq!(none.workshop.definition, None);
}

#[test]
fn set_up_scripts_decide_over_built_in_variables() {
    let loaded = defined("");
    let workshop: &Workshop = &loaded.workshop;
    let builtins = || Variables::from_iter([("session_name", "s1"), ("restart_url", "finish")]);
    let found = variables::resolve(workshop, builtins(), &|name| {
        let set = [
            "REGISTRY_HOST",
            "SESSION_NAME",
            "RESTART_URL",
            "POLICY_ENGINE",
            "PATHWAY_NAME",
        ];
        set.contains(&name).then(|| format!("<{name}>"))
    });
    for (name, value) in [
        ("registry_host", "<REGISTRY_HOST>"),
        ("session_name", "<SESSION_NAME>"),
        ("policy_engine", "<POLICY_ENGINE>"),
        ("restart_url", "finish"),
        ("pathway_name", ""),
        ("workshop_name", "lab-y"),
        ("cluster_domain", "cluster.local"),
    ] {
        assert_eq!(found.get(name), Some(value), "{name}");
    }
    let found = variables::resolve(workshop, builtins(), &|_| None);
    let definition = variables::of_definition(workshop, &found);
    for (name, value) in [
        ("workshop_version", "latest"),
        ("service_account", "s1"),
        ("ingress_secret", ""),
        ("workshop_image", ""),
    ] {
        assert_eq!(definition.get(name), Some(value), "{name}");
        assert_eq!(found.get(name), None, "{name}");
    }
}
