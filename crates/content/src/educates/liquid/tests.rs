//! Classic pages, construct by construct: what they show, and what is reported.

use crate::educates::tests::{load, report};
use crate::{Loaded, Variables, render};

const VARIABLES: [(&str, &str); 4] = [
    ("X", "a & b"),
    ("three", "3"),
    ("csv", "b,a,c"),
    ("session_name", "sess"),
];

fn loaded(text: &str, more: &[(&str, &str)]) -> (Loaded, Variables) {
    let mut files = vec![
        ("workshop/workshop.yaml", "modules: {activate: [a]}"),
        ("workshop/content/a.md", text),
    ];
    files.extend(more);
    let loaded = load(&files);
    let mut variables = Variables::for_preview(&loaded.workshop);
    for (name, value) in VARIABLES {
        variables.set(name, value);
    }
    (loaded, variables)
}

/// What Markdown gets to see.
fn expanded(text: &str, more: &[(&str, &str)]) -> String {
    let (loaded, variables) = loaded(text, more);
    let workshop = &loaded.workshop;
    let expanded = workshop
        .expander
        .expand(&workshop.pages[0], &workshop.sources, &variables);
    expanded.text
}

fn played(text: &str) -> String {
    expanded(text, &[])
}

fn problems_with(text: &str, more: &[(&str, &str)]) -> String {
    let (loaded, variables) = loaded(text, more);
    let rendered = render(&loaded.workshop, &loaded.workshop.pages[0], &variables);
    report(&loaded.workshop.sources, &rendered.diagnostics)
}

fn problems(text: &str) -> String {
    problems_with(text, &[])
}

#[test]
fn variables_and_filters() {
    for (source, text) in [
        ("{{ X }}|{{X}}| {{- X -}} |", "a & b|a & b|a & b|"),
        ("{{ nope }}.", "."),
        ("{{ \"q\" }} {{ 'r' }} {{ 5 }} {{ true }}", "q r 5 true"),
        (
            "{{ X | upcase }} {{ X | upcase | downcase }}",
            "A & B a & b",
        ),
        (
            "{{ nope | default: 'd' }} {{ kubernetes_token | default: \"e\" }}",
            "d e",
        ),
        (
            "{{ X | replace: '&', 'and' }} {{ X | strip }}",
            "a and b a & b",
        ),
        ("{{ X | append: '!' | prepend: '?' }}", "?a & b!"),
        (
            "{% assign l = csv | split: ',' %}{{ l | first }}{{ l | last }}{{ l | size }}{{ l.size }}{{ l[1] }}",
            "bc33a",
        ),
        (
            "{% assign l = csv | split: ',' | sort %}{{ l | join: '-' }}",
            "a-b-c",
        ),
        ("{{ three | plus: 1 }} {{ three | times: 2 }}", "4 6"),
        ("{{ 'a|b' | append: 'c:d, e' }}", "a|bc:d, e"),
        ("{{ X\n| upcase\n}}", "A & B"),
        ("{{ empty_dir }}{{ nil_x }}.", "."),
        (
            "{{ '2016-06-13 00:00:00 +0000' | date: '%Y/%m' }}",
            "2016/06",
        ),
        (
            "{{ X | nosuch }} {{ X | nosuch: 1 | upcase }}",
            "a & b A & B",
        ),
        ("%session_name% 100% %nope% %%", "sess 100% %nope% %%"),
        ("{{.Names}}|{{ }}", "|\u{FDD0}0\u{FDD1}"),
    ] {
        assert_eq!(played(source), text, "{source}");
    }
}

#[test]
fn blocks() {
    for (source, text) in [
        ("{% if X %}y{% else %}n{% endif %}", "y"),
        ("{% if nope %}y{% endif %}.", "."),
        ("{% if registry_host %}y{% else %}n{% endif %}", "n"),
        (
            "{% if X == 'x' %}1{% elsif three == '3' %}2{% else %}3{% endif %}",
            "2",
        ),
        ("{% if X contains 'b' and three != '4' %}y{% endif %}", "y"),
        ("{% if nope == blank or X == '' %}y{% endif %}", "y"),
        ("{% if session_name == \"sess\" %}y{% endif %}", "y"),
        ("{% unless X %}y{% else %}n{% endunless %}", "n"),
        (
            "{% case three %}{% when '1', '2' %}low{% when '3' or '4' %}mid{% else %}high{% endcase %}",
            "mid",
        ),
        ("{% case X %}\n{% when 'z' %}z{% else %}e{% endcase %}", "e"),
        (
            "{% for i in (1..3) %}{{ i }}{% unless forloop.last %},{% endunless %}{% endfor %}",
            "1,2,3",
        ),
        (
            "{% assign l = csv | split: ',' %}{% for i in l reversed %}{{ forloop.index }}{{ i }}{% endfor %}",
            "1c2a3b",
        ),
        (
            "{% for i in (1..9) limit: 2 offset: 3 %}{{ i }}{% endfor %}",
            "45",
        ),
        ("{% for i in nope %}x{% else %}none{% endfor %}", "none"),
        (
            "{% for i in (1..9) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 4 %}{% break %}{% endif %}{{ i }}{% endfor %}",
            "13",
        ),
        (
            "{% for i in (1..2) %}{% for j in (1..2) %}{{ i }}{{ j }} {% endfor %}{% endfor %}",
            "11 12 21 22 ",
        ),
        (
            "{% capture c %}<{{ X }}>{% endcapture %}{{ c | size }}{{ c }}",
            "7<a & b>",
        ),
        (
            "{% raw %}{{ X }} {% if %}{% endraw %} {% comment %}no {{ X }}{% endcomment %}.",
            "{{ X }} {% if %} .",
        ),
        (
            "{% increment n %}{% increment n %}{% decrement m %}",
            "01-1",
        ),
        (
            "{% for i in (1..3) %}{% cycle 'a', 'b' %}{% endfor %}",
            "aba",
        ),
        ("{% echo X | upcase %}{% # nothing %}", "A & B"),
        ("a\n{%- if X -%}\n b\n{%- endif %}\nc", "ab\nc"),
        (
            "{% tablerow i in (1..3) cols: 2 %}{{ i }}{% endtablerow %}",
            "<tr class=\"row1\">\n<td class=\"col1\">1</td><td class=\"col2\">2</td></tr>\n<tr class=\"row2\"><td class=\"col1\">3</td></tr>\n",
        ),
        (
            "{% assign a = X %}{% for i in (1..1) %}{% assign a = i %}{% endfor %}{{ a }}{{ i }}",
            "1",
        ),
    ] {
        assert_eq!(played(source), text, "{source}");
    }
}

#[test]
fn included_files() {
    let files = [
        (
            "workshop/content/parts/x.md",
            "<{{ X }}|{{ a }}>{% assign b = 'set' %}",
        ),
        ("workshop/content/name.md", "N"),
        ("workshop/content/loop.md", "{% include 'loop.md' %}"),
        ("workshop/secret.md", "S"),
        ("resources/workshop.yaml", "kind: Workshop"),
    ];
    for (source, text) in [
        (
            "{% include 'parts/x.md', a: 1 %}{{ b }}{{ a }}",
            "<a & b|1>set",
        ),
        ("{% render 'parts/x.md', a: X %}{{ b }}", "<|a & b>"),
        ("{% include \"parts/x.md\" a: 'q' %}", "<a & b|q>"),
        ("{% include parts/x.md a: 'q' %}", "<a & b|q>"),
        ("{% assign f = 'name.md' %}{% include f %}", "N"),
    ] {
        assert_eq!(expanded(source, &files), text, "{source}");
    }
    insta::assert_snapshot!(problems_with("{% include 'gone.md' %}\n{% include '../secret.md' %}\n{% render '../../resources/workshop.yaml' %}\n{% include 'loop.md' %}{% render 'parts/x.md' %}", &files), @r#"
    error[missing-include] workshop/content/a.md:1:1: there is no file `gone.md` to include (shown as it is written) = name a file below workshop/content with its extension
    error[missing-include] workshop/content/a.md:2:1: there is no file `../secret.md` to include (shown as it is written) = name a file below workshop/content with its extension
    error[missing-include] workshop/content/a.md:3:1: there is no file `../../resources/workshop.yaml` to include (shown as it is written) = name a file below workshop/content with its extension
    error[nested-too-deep] workshop/content/loop.md:1:1: files include each other more than 16 deep (not included)
    warning[undefined-variable] workshop/content/parts/x.md:1:2: `X` is not seen here (prints nothing) = `render` passes only its own arguments: add `X: X`, or use `include`
    warning[undefined-variable] workshop/content/parts/x.md:1:10: there is no variable `a` (prints nothing) = did you mean `X`?
    "#);
}

#[test]
fn one_bad_tag_leaves_the_others_alone() {
    let source = "a {{ session_name }} {% nosuch %} {{ X | upcas }}\n{% if %}b{% endif %}\n{% if X %}c\n{% endfor %}{% else %}\n{{ nope }} {{.Names}} {{ 99999999999999999999 }}\n{% assign = 1 %}{% for x y %}{% layout 'l' %}{{ three | divided_by: 0 }} {{ open";
    let text = played(source);
    assert!(text.starts_with("a sess "), "{text}");
    insta::assert_snapshot!(problems(source), @r#"
    error[unknown-liquid-tag] workshop/content/a.md:1:22: there is no tag `{% nosuch %}` (shown as it is written)
    warning[unknown-liquid-filter] workshop/content/a.md:1:42: there is no filter `upcas` (the value is left as it is) = did you mean `upcase`?
    error[invalid-liquid] workshop/content/a.md:2:1: `{% if %}` needs a condition (shown as it is written)
    error[stray-liquid-end] workshop/content/a.md:2:10: `{% endif %}` belongs to no block that is open (shown as it is written)
    error[unclosed-liquid] workshop/content/a.md:3:1: `{% if %}` is not closed (shown as it is written)
    error[stray-liquid-end] workshop/content/a.md:4:1: `{% endfor %}` belongs to no block that is open (shown as it is written)
    warning[undefined-variable] workshop/content/a.md:5:1: there is no variable `nope` (prints nothing)
    warning[invalid-liquid] workshop/content/a.md:5:12: `{{.Names}}`: it cannot be read (prints nothing) = write `{% raw %}` before and `{% endraw %}` after text that is no Liquid
    warning[invalid-liquid] workshop/content/a.md:5:23: `{{ 99999999999999999999 }}`: the number is too large (prints nothing) = write `{% raw %}` before and `{% endraw %}` after text that is no Liquid
    error[invalid-liquid] workshop/content/a.md:6:1: `` is no name (shown as it is written)
    error[invalid-liquid] workshop/content/a.md:6:17: a loop is written `for NAME in LIST` (shown as it is written)
    error[unsupported-liquid] workshop/content/a.md:6:30: `{% layout %}` is not played (shown as it is written)
    warning[invalid-liquid] workshop/content/a.md:6:46: `{{ three | divided_by: 0 }}`: can't divide by zero (prints nothing)
    error[unclosed-liquid] workshop/content/a.md:6:74: `{{` is not closed (shown as it is written)
    "#);
}

#[test]
fn actions_keep_their_lines() {
    let text = "{% if X %}\n\n{% for i in (1..2) %}\n```terminal:execute\ncommand: echo {{ i }}\nnope: 1\n```\n{% endfor %}\n{% endif %}\n\n%session_name%\n\n```terminal:execute\ncommand: {{ X | upcase }}\n```\n";
    let (loaded, variables) = loaded(text, &[]);
    let rendered = render(&loaded.workshop, &loaded.workshop.pages[0], &variables);
    let places: Vec<_> = rendered
        .actions
        .iter()
        .map(|action| {
            let place = loaded.workshop.sources.position(&action.span);
            format!("{}:{}", place.line, place.column)
        })
        .collect();
    assert_eq!(places, ["4:1", "4:1", "13:1"]);
    insta::assert_snapshot!(report(&loaded.workshop.sources, &rendered.diagnostics), @r#"
    warning[unknown-property] workshop/content/a.md:6:1: unknown property `nope` (not a property of `terminal:execute`)
    warning[unknown-property] workshop/content/a.md:6:1: unknown property `nope` (not a property of `terminal:execute`)
    "#);
}

/// None of these may take long, panic, or fill the memory.
#[test]
fn nothing_is_endless() {
    let doubled = "{% assign x = x | append: x %}".repeat(60);
    let nested = format!(
        "{}x{}",
        "{% for i in (1..1000) %}".repeat(20),
        "{% endfor %}".repeat(20)
    );
    for source in [
        "{% for i in (1..1000000000) %}xxxxxxxxxx{% endfor %}done".to_owned(),
        "{% for i in (-9223372036854775807..9223372036854775807) %}{% endfor %}".to_owned(),
        nested,
        format!("{{% assign x = 'aaaaaaaa' %}}{doubled}{{{{ x | size }}}}"),
        format!("{{% assign x = 'aaaaaaaa' %}}{{% for i in (1..100) %}}{doubled}{{% endfor %}}"),
        "{% assign x = 'a' %}".to_owned() + &"{% assign x = x | replace: 'a', 'aaaaaaaaaaaaaaaa' %}".repeat(30),
        "{% capture x %}a{% endcapture %}{% for i in (1..99) %}{% capture x %}{{ x }}{{ x }}{% endcapture %}{% endfor %}".to_owned(),
        "{% for i in (1..99999) %}{% cycle 'a', 'b' %}{{ i | times: i | times: i | times: i | times: i }}{% endfor %}".to_owned(),
        "{{ 9223372036854775807 | plus: 1 }}{{ '9223372036854775807' | times: 2 }}{{ '-9223372036854775808' | abs }}".to_owned(),
        "{{ '-9223372036854775808' | divided_by: -1 }}{{ 'abc' | slice: 999999999999999, 999999999999999999 }}".to_owned(),
        "{{ 'é' | slice: 0, 1 }}{{ 'a' | truncate: -5 }}{{ 'a b' | truncatewords: -1 }}{{ 1 | round: 999999999 }}".to_owned(),
        "{{ 'now' | date: '%Y' }}{{ '2016-06-13 00:00:00 +0000' | date: '%999999999Y' }}".to_owned(),
        format!("{{{{ a{} }}}}", "[a".repeat(5000)),
        "{% if ".repeat(20_000),
        "{% if X %}".repeat(20_000),
        "{% endif %}".repeat(20_000),
        "{{ X | nosuch }}".repeat(20_000),
        "{% include 'a.md' %}".repeat(5),
    ] {
        let text = played(&source);
        assert!(text.len() < 20 * 1024 * 1024, "{} bytes", text.len());
    }
    insta::assert_snapshot!(problems("{% for i in (1..1000000000) %}x{% endfor %} after {{ X }} {% for i in (1..2) %}y{% endfor %}"), @"error[too-much-liquid] workshop/content/a.md:1:1: the loops and values of this page are too large (cut off here)");
    assert!(
        played("{% for i in (1..1000000000) %}x{% endfor %} after {{ X }}")
            .ends_with(" after a & b")
    );
}
