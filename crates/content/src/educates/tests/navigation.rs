//! Pathways, their steps, and what the buttons say.

use super::{DEFINITION, folder, keys, load, problems};

fn pages() -> Vec<(&'static str, &'static str)> {
    vec![
        ("workshop/content/a.md", "# A\n"),
        ("workshop/content/b/index.md", "# B\n"),
        ("workshop/content/c/d.md", "# D\n"),
    ]
}

fn with_config(config: &'static str) -> crate::Loaded {
    let mut files = pages();
    files.push(("workshop/config.yaml", config));
    load(&files)
}

#[test]
fn every_pathway_is_listed_and_looked_through() {
    let loaded = with_config(
        "pathways:\n  default: long\n  paths:\n    long:\n      title: The long way\n      description: All of it\n      steps: [a, b, c/d]\n    short:\n      steps: [a, gone, a]\n    free: {}\n",
    );
    let listed: Vec<_> = loaded
        .workshop
        .pathways
        .iter()
        .map(|way| (way.name.as_str(), way.title.as_str(), way.pages))
        .collect();
    assert_eq!(
        listed,
        [
            ("long", "The long way", 3),
            ("short", "", 2),
            ("free", "", 3)
        ]
    );
    assert_eq!(loaded.workshop.pathway, "long");
    assert_eq!(
        problems(&loaded),
        "warning[invalid-config] workshop/config.yaml:9:24: the step `a` stands twice in the pathway `short` (left out) = remove it\n\
         error[missing-page] workshop/config.yaml:9:18: there is no page `gone` (this step)\n"
    );
}

#[test]
fn without_a_choice_all_pages_are_shown() {
    let loaded = with_config("pathways:\n  paths:\n    one: {steps: [b]}\n");
    assert_eq!(keys(&loaded), ["a", "b", "c/d"]);
    assert_eq!(
        problems(&loaded),
        "warning[no-default-pathway] workshop/config.yaml:1:1: no pathway is the default one: without a choice all pages are shown (has `paths` and no `default`) = add `default: one`\n"
    );
    for empty in [
        "",
        "pathways:\n",
        "pathways:\n  default:\n  paths:\n",
        "params:\nmodules:\n",
    ] {
        let loaded = with_config(empty);
        assert_eq!(
            (keys(&loaded).len(), problems(&loaded)),
            (3, String::new()),
            "{empty:?}"
        );
    }
}

#[test]
fn steps_may_be_written_as_files_and_are_reported_when_they_are_none() {
    let loaded = with_config(
        "pathways:\n  default: p\n  paths:\n    p:\n      steps:\n      - c/d.md\n      - /b/\n      - b/index.md\n      - name: a\n        title: x\n      - [odd]\n",
    );
    assert_eq!(keys(&loaded), ["c/d", "b", "a"]);
    assert_eq!(
        problems(&loaded),
        "warning[invalid-config] workshop/config.yaml:5:7: the steps of the pathway `p` must be a list of page names (these steps) = write one `- dir/name` a line, without `.md`\n"
    );
    let loaded = with_config("pathways:\n  default: p\n  paths:\n    p: {steps: a}\n");
    assert_eq!(keys(&loaded).len(), 3);
    assert!(problems(&loaded).contains("must be a list"));
}

#[test]
fn the_definition_may_name_the_pathway_and_the_learner_has_the_last_word() {
    let definition =
        format!("{DEFINITION}  session:\n    env:\n    - {{name: PATHWAY_NAME, value: two}}\n");
    let mut files = pages();
    files.push(("resources/workshop.yaml", &definition));
    files.push((
        "workshop/config.yaml",
        "pathways:\n  default: one\n  paths:\n    one: {steps: [a]}\n    two: {steps: [b]}\n    three: {steps: [c/d]}\n",
    ));
    let lab = folder(&files);
    assert_eq!(keys(&crate::load(&lab.path).unwrap()), ["b"]);
    assert_eq!(
        keys(&crate::load_pathway(&lab.path, Some("three")).unwrap()),
        ["c/d"]
    );
}

#[test]
fn buttons_say_what_their_author_wrote() {
    let loaded = with_config(
        "pathways:\n  modules:\n    a: {exit_sign: Begin}\nmodules:\n- {name: a, exit_sign: no}\n- {name: b, exit_sign: On}\n",
    );
    let labels: Vec<_> = loaded
        .workshop
        .pages
        .iter()
        .map(|page| page.next_label.as_deref())
        .collect();
    assert_eq!(labels, [Some("Begin"), Some("On"), None]);
    let classic = load(&[
        (
            "workshop/modules.yaml",
            "modules:\n  a: {name: A, exit_sign: Done, exit_link: 'https://example.com/'}\n",
        ),
        (
            "workshop/workshop.yaml",
            "name: W\nmodules: {activate: [a]}\n",
        ),
        ("workshop/content/a.md", "x"),
    ]);
    let last = &classic.workshop.pages[0];
    assert_eq!(last.next_label.as_deref(), Some("Done"));
    assert_eq!(last.exit_link.as_deref(), Some("https://example.com/"));
}

#[test]
fn an_order_that_has_no_effect_is_reported() {
    let loaded = with_config("modules:\n  activate: [c/d, a, b]\n");
    assert_eq!(keys(&loaded), ["a", "b", "c/d"]);
    assert_eq!(
        problems(&loaded),
        "warning[ignored-config] workshop/config.yaml:2:3: the order of `modules.activate` is not used: pages follow their names (has no effect in config.yaml) = list the pages as `steps` of a pathway\n"
    );
    assert_eq!(
        problems(&with_config("modules:\n  activate: [a, b, c/d]\n")),
        ""
    );
}

#[test]
fn brackets_without_end_are_refused_at_once() {
    let config = format!("params: {}", "[".repeat(100_000));
    let page = format!("---\ntitle: {}\n---\nbody", "{".repeat(100_000));
    let loaded = load(&[
        ("workshop/config.yaml", &config),
        ("workshop/content/a.md", &page),
    ]);
    assert_eq!(
        problems(&loaded),
        "error[invalid-config] workshop/config.yaml:1:265: workshop/config.yaml is not read: its brackets are nested too deep (this one is too much) = close brackets that are open, or quote text that has brackets in it\nerror[invalid-front-matter] workshop/content/a.md:2:264: the page's header cannot be read (its brackets are nested too deep)\n"
    );
}

#[test]
fn pages_outside_the_navigation_are_checked_too() {
    let mut files = pages();
    files.push((
        "workshop/config.yaml",
        "pathways:\n  default: p\n  paths:\n    p: {steps: [a]}\n",
    ));
    files.push(("workshop/content/z.md", "{{< nope >}}"));
    let loaded = load(&files);
    let variables = crate::Variables::for_preview(&loaded.workshop);
    let codes: Vec<_> = crate::check(&loaded, &variables)
        .iter()
        .map(|found| found.code)
        .collect();
    assert!(codes.contains(&"unknown-shortcode"), "{codes:?}");
}
