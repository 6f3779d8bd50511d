//! Actions in their places, positions, sections.

use super::page;
use crate::Loaded;
use crate::educates::tests::report;

#[test]
fn actions_stand_where_they_are_written() {
    let source = "```terminal:execute\ncommand: a {{< param X >}}\n```\n\n1. list\n\n   ~~~execute\n   b {{% param X %}}\n   ~~~\n\n> ```copy\n> {{< param LINES >}}\n> ```\n\n{{< note >}}\n```execute\nd\n```\n{{< /note >}}\n\n~~~text\n```execute\ne\n```\n~~~\n\n    ```execute\n    f\n    ```\n";
    let (_, rendered) = page("workshop/content/01-page.md", source);
    insta::assert_snapshot!(rendered.html, @r#"
    <workshop-action data-index="0"></workshop-action>
    <ol>
    <li><p>list</p>
    <workshop-action data-index="1"></workshop-action>
    </li>
    </ol>
    <blockquote>
    <workshop-action data-index="2"></workshop-action>
    </blockquote>
    <div class="admonition note">
    <p class="admonition-title">Note</p>
    <workshop-action data-index="3"></workshop-action>
    </div>
    <pre class="code" data-language="text"><code>```execute
    e
    ```
    </code></pre>
    <pre class="code"><code>```execute
    f
    ```
    </code></pre>
    "#);
    let actions: Vec<_> = rendered
        .actions
        .iter()
        .map(|action| format!("{:?}", action.action.as_ref().unwrap()))
        .collect();
    insta::assert_snapshot!(actions.join("\n"), @r#"
    Terminal(Execute { command: "a a & b <c>", session: One("1"), clear: false })
    Terminal(Execute { command: "b a & b <c>", session: One("1"), clear: false })
    Copy { text: "one: 1\ntwo: \"2\"" }
    Terminal(Execute { command: "d", session: One("1"), clear: false })
    "#);
}

/// What a span covers in the page's file.
fn covered(loaded: &Loaded, span: &crate::Span) -> String {
    loaded.workshop.sources.file(span.file).text()[span.range.clone()].to_owned()
}

#[test]
fn positions_lead_back_to_the_file() {
    let source = "---\ntitle: T\n---\n{{< param session_name >}} x\n\n* item {{< param X >}}\n\n  ```terminal:execute\n  command: ok\n  other: [{{< param X >}}\n  bad: }\n  ```\n\n{{< note >}}\n> quoted\n>\n> ```terminal:execute\n> command: {{< param X >}}\n> x: }\n> ```\n{{< param nope >}}\n{{< /note >}}\n";
    let (loaded, rendered) = page("workshop/content/01-page.md", source);
    insta::assert_snapshot!(report(&loaded.workshop.sources, &rendered.diagnostics), @r#"
    warning[rescued-yaml] workshop/content/01-page.md:11:6: this is not valid YAML: did not find expected ',' or ']' (read as plain text to the end of the line) = quote the value, or write it on lines of its own below `|-`; Educates refuses it as it is
    warning[rescued-yaml] workshop/content/01-page.md:19:6: this is not valid YAML: did not find expected node content (read as plain text to the end of the line) = quote the value, or write it on lines of its own below `|-`; Educates refuses it as it is
    warning[undefined-variable] workshop/content/01-page.md:21:1: there is no variable `nope` (prints nothing)
    "#);
    let blocks: Vec<_> = rendered
        .actions
        .iter()
        .map(|action| covered(&loaded, &action.span))
        .collect();
    insta::assert_snapshot!(blocks.join("\n=====\n"), @r#"
    ```terminal:execute
      command: ok
      other: [{{< param X >}}
      bad: }
      ```
    =====
    ```terminal:execute
    > command: {{< param X >}}
    > x: }
    > ```
    "#);
    let (loaded, rendered) = page(
        "workshop/content/01-page.md",
        "é {{< param X >}}{{% param X %}} é <i>x</i> [a](gone{{< param session_name >}})",
    );
    let places: Vec<_> = rendered
        .diagnostics
        .iter()
        .map(|found| covered(&loaded, found.span().unwrap()))
        .collect();
    assert_eq!(places, ["<i>", "[a](gone{{< param session_name >}})"]);
}

fn section(kind: &str, name: &str) -> String {
    match name {
        "" => format!("```section:{kind}\n```\n"),
        name => format!("```section:{kind}\nname: {name}\n```\n"),
    }
}

#[test]
fn sections_wrap_what_lies_between_their_marks() {
    let source = [
        section("begin", "a"),
        "one\n\n".to_owned(),
        section("begin", "b"),
        "two\n\n".to_owned(),
        section("end", "b"),
        section("end", "a"),
        section("begin", ""),
        section("end", ""),
        "\n{{< note >}}\n".to_owned(),
        section("begin", "n"),
        "in\n".to_owned(),
        section("end", "n"),
        "{{< /note >}}\n".to_owned(),
    ]
    .concat();
    let (_, rendered) = page("workshop/content/01-page.md", &source);
    insta::assert_snapshot!(rendered.html, @r#"
    <workshop-action data-index="0"></workshop-action>
    <div class="workshop-section" data-section="0">

    <p>one</p>
    <workshop-action data-index="1"></workshop-action>
    <div class="workshop-section" data-section="1">

    <p>two</p>
    </div>
    <workshop-action data-index="2"></workshop-action>
    </div>
    <workshop-action data-index="3"></workshop-action>
    <workshop-action data-index="4"></workshop-action>
    <div class="workshop-section" data-section="2">

    </div>
    <workshop-action data-index="5"></workshop-action>
    <div class="admonition note">
    <p class="admonition-title">Note</p>
    <workshop-action data-index="6"></workshop-action>
    <div class="workshop-section" data-section="3">

    <p>in</p>
    </div>
    <workshop-action data-index="7"></workshop-action>
    </div>
    "#);
    let sections: Vec<_> = rendered
        .sections
        .iter()
        .map(|s| (s.begin, s.end, s.parent))
        .collect();
    assert_eq!(
        sections,
        [(0, 3, None), (1, 2, Some(0)), (4, 5, None), (6, 7, None)]
    );
    assert!(rendered.diagnostics.is_empty());
}

#[test]
fn sections_match_as_a_stack() {
    let pairs = |marks: &[(&str, &str)]| {
        let source: String = marks
            .iter()
            .map(|(kind, name)| section(kind, name))
            .collect();
        let (_, rendered) = page("workshop/content/01-page.md", &source);
        let codes: Vec<_> = rendered.diagnostics.iter().map(|d| d.code).collect();
        let pairs: Vec<_> = rendered.sections.iter().map(|s| (s.begin, s.end)).collect();
        (pairs, codes)
    };
    let (b, e) = ("begin", "end");
    assert_eq!(
        pairs(&[(b, ""), (e, ""), (b, ""), (e, "")]),
        (vec![(0, 1), (2, 3)], vec![])
    );
    assert_eq!(
        pairs(&[(b, ""), (b, ""), (e, ""), (e, "")]),
        (vec![(0, 3), (1, 2)], vec!["ambiguous-section"])
    );
    assert_eq!(
        pairs(&[(b, "a"), (e, "")]),
        (vec![(0, 1)], vec!["ambiguous-section"])
    );
    assert_eq!(
        pairs(&[(b, ""), (e, "a")]),
        (vec![(0, 1)], vec!["ambiguous-section"])
    );
    assert_eq!(
        pairs(&[(b, "a"), (b, "b"), (e, "")]).1,
        vec!["unbalanced-section"; 3]
    );
    assert_eq!(
        pairs(&[(b, "a"), (b, "b"), (e, "a"), (e, "b")]),
        (vec![(0, 2)], vec!["unbalanced-section"; 2])
    );
    assert_eq!(pairs(&[(e, "")]), (vec![], vec!["unbalanced-section"]));
    assert_eq!(pairs(&[(b, "a")]), (vec![], vec!["unbalanced-section"]));
    assert_eq!(
        pairs(&[(b, "a"), (b, "a"), (e, "a"), (e, "a")]).0,
        vec![(0, 3), (1, 2)]
    );
    let split = "* x\n\n  ```section:begin\n  name: a\n  ```\n\n```section:end\nname: a\n```\n";
    let (_, rendered) = page("workshop/content/01-page.md", split);
    assert!(rendered.sections.is_empty() && rendered.diagnostics.len() == 2);
    let grouped = [
        section("begin", "a"),
        "{{< pathway \"\" >}}\nx\n\n".to_owned(),
        section("end", "a"),
        "{{< /pathway >}}\n".to_owned(),
    ]
    .concat();
    let (_, rendered) = page("workshop/content/01-page.md", &grouped);
    assert_eq!(rendered.sections.len(), 1);
}
