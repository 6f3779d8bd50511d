//! Random pages of all constructs, cut and mixed, and random definitions: they load and render, and what is found has a
//! place. `ATELIER_RANDOM_PAGES=20000 cargo test -p atelier-content mixed` tries that many of each.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::Config;

use super::variables;
use crate::diagnostic::{Diagnostic, Sources};
use crate::educates::tests::folder;
use crate::render;

#[allow(
    clippy::disallowed_methods,
    reason = "whoever runs it by hand asks for more"
)]
fn config() -> Config {
    let asked = std::env::var("ATELIER_RANDOM_PAGES").ok();
    let cases = asked.and_then(|cases| cases.parse().ok()).unwrap_or(24);
    Config {
        cases,
        // They are found anew from the seed that a failure prints.
        failure_persistence: None,
        ..Config::default()
    }
}

/// Renders every page; actions and findings lie in the text of a file, not within a character.
fn holds(files: &[(&str, &str)]) -> Result<(), TestCaseError> {
    let made = folder(files);
    let loaded = crate::load(&made.path).unwrap();
    let sources = &loaded.workshop.sources;
    let has_place = |found: &Diagnostic, sources: &Sources| {
        found.labels.iter().all(|label| {
            let text = sources.file(label.span.file).text();
            text.get(label.span.range.clone()).is_some()
        })
    };
    for found in &loaded.diagnostics {
        prop_assert!(has_place(found, sources), "{found:?}");
    }
    for page in &loaded.workshop.pages {
        let rendered = render(&loaded.workshop, page, &variables(&loaded));
        for found in &rendered.diagnostics {
            prop_assert!(has_place(found, sources), "{found:?}");
        }
        for action in &rendered.actions {
            let text = sources.file(action.span.file).text();
            let block = text.get(action.span.range.clone());
            prop_assert!(
                block.is_some_and(|block| !block.trim().is_empty()),
                "{action:?}"
            );
        }
        for section in &rendered.sections {
            prop_assert!(section.begin < section.end && section.end < rendered.actions.len());
        }
    }
    Ok(())
}

/// A text of whole fragments, or one that is cut off in the middle of the last.
fn mixed(fragments: &'static [&'static str]) -> impl Strategy<Value = String> {
    (vec(select(fragments), 1..24), any::<prop::sample::Index>()).prop_map(|(parts, cut)| {
        let mut text = parts.concat();
        let last = text.len() - parts.last().map_or(0, |part| part.len());
        let mut end = last + cut.index(text.len() - last + 1);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn pages_of_everything(text in mixed(MARKDOWN), crlf: bool, classic: bool) {
        let text = if crlf { text.replace('\n', "\r\n") } else { text };
        let activate = ("workshop/workshop.yaml", "modules: {activate: [a]}");
        let mut files = vec![
            ("workshop/content/a.md", text.as_str()),
            ("workshop/layouts/shortcodes/mine.html", "<b>{{ .Get 0 }}</b>{{ .Inner | markdownify }}"),
        ];
        files.extend(classic.then_some(activate));
        holds(&files)?;
    }

    #[test]
    fn asciidoc_of_everything(text in mixed(ASCIIDOC), crlf: bool) {
        let text = if crlf { text.replace('\n', "\r\n") } else { text };
        holds(&[
            ("workshop/content/a.adoc", &text),
            ("workshop/content/part.adoc", "part *of* it\n"),
            ("workshop/workshop.yaml", "modules: {activate: [a]}"),
        ])?;
    }

    #[test]
    fn definitions_of_everything(
        definition in mixed(YAML),
        config in mixed(YAML),
        modules in mixed(YAML),
        activate in mixed(YAML),
        classic: bool,
    ) {
        let definition = format!(
            "apiVersion: training.educates.dev/v1beta1\nkind: Workshop\nmetadata: {{name: a}}\nspec:\n{definition}"
        );
        let mut files = vec![
            ("resources/workshop.yaml", definition.as_str()),
            ("workshop/config.yaml", &config),
            ("workshop/content/a.md", "x"),
        ];
        if classic {
            files.extend([("workshop/modules.yaml", modules.as_str()), ("workshop/workshop.yaml", &activate)]);
        }
        holds(&files)?;
    }
}

const MARKDOWN: &[&str] = &[
    "---\ntitle: \"T\"\nweight: 1\n---\n",
    "# One {#id}\n\n",
    "text **of** `one`{{copy}} line\n",
    "\n\n",
    "1.  item\n\n    ",
    "* item\n",
    "> quoted\n> ",
    "```terminal:execute\ncommand: echo é\nsession: 2\n```\n",
    "   ```terminal:execute\n   command: echo in\n   ```\n",
    "~~~terminal:input\ntext: |2\n  a\n~~~\n",
    "```execute-2\n<ctrl-c>\n```\n",
    "```execute-all\necho\n",
    "````\n```copy\nx\n```\n````\n",
    "```editor:append-lines-to-file\nfile: a\ntext: |\na: b\n```\n",
    "```editor:insert-value-into-yaml\nfile: a.yaml\npath: x[0].y\nvalue:\n- a: b\n    c: d\n```\n",
    "```examiner:execute-test\nname: n\nretries: .INF\ninputs:\n  schema: {a: {type: string}}\n  form: [\"*\"]\n```\n",
    "```section:begin\nname: s\ntitle: S\n```\n",
    "```section:end\nname: s\n```\n",
    "```section:begin\ntitle: T\nopen: true\n```\n",
    "```section:end\n```\n",
    "```dashboard:open-url\nurl: {{< param ingress_protocol >}}://x\n```\n",
    "```terminal:exec\ncommand:x\n```\n",
    "```mermaid\ngraph TD\n```\n",
    "{{< note >}}\n日本 *x*\n{{< /note >}}\n",
    "{{< warning >}}",
    "{{% note %}}x{{% /note %}}\n",
    "{{< mine \"a\" >}}in{{< /mine >}}\n",
    "{{< nosuch a=1 >}}\n",
    "{{</* raw */>}}\n",
    "{{< pathway p >}}\n",
    "{{< /pathway >}}\n",
    "{{< figure src=\"x.png\" >}}\n",
    "{{% param X %}} %X% {{ X | upcase }}\n",
    "{% if X == \"a\" %}\n",
    "{% elsif X %}\n{% else %}\n",
    "{% endif %}\n",
    "{% for i in (1..3) %}{{ i }}{% endfor %}\n",
    "{% raw %}{{ x }}{% endraw %}\n",
    "{% include a.md %}{% include b/c.md x: 1 %}\n",
    "{% capture y %}```execute\necho {{ X }}\n```\n{% endcapture %}{{ y }}\n",
    "{%- comment -%} c {%- endcomment -%}\n",
    "<div class=\"a\">\n\n",
    "</div>\n<b onclick=x>é</b>\n",
    "<!-- c\n",
    "-->\n",
    "| a | b |\n|---|:-:|\n| `x|y` | z |\n",
    "- [ ] task\n\tdeep\n",
    "![a](b/c.png?d=e) [l](a.md#x) <https://x.y>\n",
    "foot[^1]\n\n[^1]: note\n",
    "\u{feff}\u{FDD0}\0",
    "$$x^2$$ \\(y\\)\n",
];

const ASCIIDOC: &[&str] = &[
    "= Title\n:a: b\n\n",
    "== Section\n\n",
    "text *bold* `mono` {session_name} %X% {{ X }} \n",
    "\n\n",
    "[source,bash,role=execute]\n----\necho é\n----\n",
    "[source,bash,role=\"execute-2\",subs=\"attributes+\"]\n----\necho {session_name}\n----\n",
    "[source,role=terminal:execute]\n----\ncommand: x\nsession: 2\n----\n",
    "[source,role=editor:append-lines-to-file]\n----\nfile: a\ntext: |\n    b\n----\n",
    "[source,role=section:begin]\n----\ntitle: t\n----\n",
    "[source,role=section:end]\n----\n----\n",
    "[.copy]\n....\nx\n....\n",
    "----\n",
    "====\n",
    "[TIP]\n====\n",
    "NOTE: 日本 x\n\n",
    ". one\n+\n",
    "* two\n** three\n",
    "term:: def\n",
    "|===\n|A |B\n\n|1\na|* x\n",
    "|===\n",
    "include::part.adoc[]\n\n",
    "include::../../x[]\n",
    "ifdef::a[]\n",
    "endif::[]\n",
    "image::a.png[Alt]\n\n",
    "https://x.y[z^] link:a[b] <<c>> [[c]]\n",
    "++++\n<b>x</b>\n++++\n",
    "pass:[<i>] +++<u>+++\n",
    "// comment\n",
    "////\n",
    ".Title\n",
    "<1> callout\n",
    "'''\n",
    "_____\nquoted\n_____\n",
    "{% if X %}\n",
    "{% endif %}\n",
    "\u{FDD0}\0é",
];

const YAML: &[&str] = &[
    "  title: T\n",
    "  title: [a, {b: c}]\n",
    "  session:\n    applications:\n      terminal: {enabled: true, layout: split}\n",
    "    applications:\n      slides: {enabled: yes}\n      files: 3\n",
    "    env:\n    - {name: A, value: b}\n    - name: A\n      valueFrom: {secretKeyRef: {}}\n",
    "    ingresses:\n    - {name: x, port: \"80\", host: é}\n",
    "    dashboards:\n    - name: D\n      url: \"$(ingress_protocol)://x\"\n",
    "  session: !tag {a: &a {b: 1}, c: *a}\n",
    "  workshop:\n    files:\n    - image: {url: x}\n      includePaths: [/workshop/**, '!x', 3]\n",
    "  duration: 30m\n  duration: 40m\n",
    "params:\n- {name: P, value: 1}\n- P\n",
    "pathways:\n  default: x\n  paths:\n    x: {title: X, steps: [a, gone, a]}\n",
    "pathways: [x]\n",
    "modules:\n  a: {name: A, exit_sign: é}\n",
    "modules:\n  activate: [a, a, {b: c}]\n",
    "config:\n  vars:\n  - {name: V, aliases: [W], value: ~}\n",
    "vars: {V: w}\n",
    "x: |\n",
    "  <<: *a\n",
    "---\n",
    "...\n",
    "- item\n",
    "? [k]\n: v\n",
    "\t",
    "{[",
    "}]",
    "\"",
    "#! c\n",
    "é: 日本\n",
    "\0",
];
