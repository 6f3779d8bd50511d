//! Pages that mean harm, or are merely odd.

use super::{classic, hugo, page, variables};
use crate::educates::tests::{Folder, folder};
use crate::render;

/// Nothing that could run, load or leave gets through, whichever renderer a page is written for.
#[test]
fn hostile_html_does_not_get_through() {
    let attacks = [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&#58;alert(1))",
        "[x](java\tscript:alert(1))",
        "![x](javascript:alert(1))",
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        "<style>*{display:none}</style>",
        "<iframe src=https://x></iframe>",
        "<meta http-equiv=refresh content='0;url=https://x'>",
        "[x](data:text/html,<script>alert(1)</script>)",
        "<a href='data:text/html;base64,AA=='>x</a>",
        "<form action=https://x><input type=text name=a></form>",
        "<base href=https://x>",
        "<link rel=stylesheet href=https://x>",
        "<object data=x></object><embed src=x>",
        "<p style='position:fixed'>x</p>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<div onclick=alert(1)>x</div>",
        "<details ontoggle=alert(1) open>x</details>",
        "<video src=x onerror=alert(1)><audio src=x>",
        "<workshop-action data-index=\"0\"></workshop-action>",
        "<img data-file=\"../../etc/passwd\">",
        "<a data-page=\"x\">y</a>",
        "<span data-url='https://x'>y</span>",
        "{{< figure src=\"javascript:alert(1)\" link=\"javascript:alert(1)\" >}}",
        "{{< note title=\"<script>alert(1)</script>\" >}}x{{< /note >}}",
        "{{< nosuch \"<img src=x onerror=alert(1)>\" >}}",
        "`<script>`{{< copy >}}{{copy}}",
        "# x {#a\"onclick=\"x .b\"onclick=\"y}",
        "```a\"onclick=\"x\ny\n```",
        "{{< param EVIL >}}{{% param EVIL %}}{{ EVIL }}%EVIL%",
        "[x](https://a \"t\" onclick=\"x\")",
        "<https://x\"onclick=\"y>",
        "![a\"onerror=\"x](gone.png)",
        "\u{FDD0}0\u{FDD1} \u{FDD2} <b data-index=\"\u{FDD2}1\">x</b>",
        "| a |\n|---|\n| <script>x</script> |",
        "<a href=\"&#106;avascript:alert(1)\">x</a>",
        "<img src=\"data:text/html,x\">",
        "<!--><script>alert(1)</script>-->",
        "```mermaid\ngraph TD\n a[\"<img src=x onerror=alert(1)>\"]\n click a \"javascript:alert(1)\"\n```",
        "```math\n\\href{javascript:alert(1)}{x} <img src=x onerror=alert(1)> \\nosuch\n```",
        "<div data-math=\"0\" data-line=\"1\"><span class=\"line\" data-line=\"x\">y</span></div>",
        "```js {linenos=\"onerror=x\" hl_lines=[\"><script>\"]}\nx\n```",
        "{{< figure src=\"root.png\" width=\"1 onerror=x\" class=\"a\\\" onload=\\\"x\" attr=\"<script>x</script>\" attrlink=\"javascript:alert(1)\" >}}",
        "> [!NOTE] <script>alert(1)</script>",
        "{% liquid\n echo '<script>alert(1)</script>'\n%}",
    ];
    let all = attacks.join("\n\n");
    for attack in attacks.iter().copied().chain([all.as_str()]) {
        for path in ["workshop/content/01-page.md", "workshop/content/classic.md"] {
            let (loaded, _) = page(path, attack);
            let mut variables = variables(&loaded);
            variables.set(
                "EVIL",
                "<img src=x onerror=alert(1)><script>alert(1)</script>\u{FDD0}0\u{FDD1}\u{FDD2}",
            );
            let rendered = render(&loaded.workshop, &loaded.workshop.pages[0], &variables);
            assert_harmless(&rendered.html, attack);
        }
    }
}

/// Checks the tags of some HTML: names and attributes that the window expects, and no others.
fn assert_harmless(html: &str, source: &str) {
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let tag = &rest[at + 1..];
        let end = tag.find('>').expect("tags end");
        let (tag, after) = (&tag[..end], &tag[end + 1..]);
        rest = after;
        let name = tag
            .trim_start_matches('/')
            .split([' ', '/'])
            .next()
            .unwrap();
        assert!(
            ![
                "script", "style", "svg", "math", "iframe", "object", "embed", "form", "meta",
                "base", "link", "video", "audio", "noscript", "template"
            ]
            .contains(&name),
            "{name} in {html}\nfrom {source}"
        );
        let mut attributes = tag[name.len().min(tag.len())..].split("=\"");
        let mut key = attributes
            .next()
            .unwrap()
            .trim_start_matches('/')
            .trim()
            .to_owned();
        for part in attributes {
            let (value, next) = part.rsplit_once('"').unwrap_or((part, ""));
            assert!(
                !key.starts_with("on") && key != "style" && key != "srcset",
                "{key} in {html}\nfrom {source}"
            );
            let value = value.to_lowercase();
            match key.as_str() {
                "href" => assert!(
                    value.starts_with('#')
                        || value.starts_with("http")
                        || value.starts_with("mailto:"),
                    "{value} in {html}\nfrom {source}"
                ),
                "src" => assert!(
                    value.starts_with("data:image/"),
                    "{value} in {html}\nfrom {source}"
                ),
                "data-file" => assert!(value.starts_with("workshop/"), "{value}"),
                "data-index" => panic!("a forged action in {html}"),
                _ => {}
            }
            key = next.trim().to_owned();
        }
    }
    assert!(
        !html.contains(['\u{FDD0}', '\u{FDD1}', '\u{FDD2}']),
        "a mark in {html}\nfrom {source}"
    );
}

#[test]
fn large_and_deep_pages_do_no_harm() {
    let page_of = |text: &str| hugo(text).len();
    for text in [
        ">".repeat(20_000),
        "* ".repeat(5_000),
        "{{< note >}}".repeat(5_000),
        "{{< note >}}".repeat(3_000) + &"{{< /note >}}".repeat(3_000),
        "{{< ".repeat(20_000),
        "{{</* ".repeat(20_000),
        "{{< a \"".repeat(10_000),
        "{{< a `".repeat(10_000),
        "{{< a >}}".repeat(3_000) + &"{{< /b >}}".repeat(3_000),
        "[".repeat(20_000),
        "![a](".repeat(5_000),
        "<kbd>".repeat(20_000),
        "~a ".repeat(20_000),
        "http://".repeat(20_000),
        "www.".repeat(5_000),
        "'\"".repeat(20_000),
        "|a".repeat(2_000) + "\n" + &"|-".repeat(2_000) + "\n" + &"|\n".repeat(2_000),
        "[^a]: x\n\n".repeat(2_000) + &"[^a]".repeat(2_000),
        "# a\n".repeat(5_000),
        "*a **b ".repeat(5_000),
    ] {
        assert!(page_of(&text) < 40_000_000);
    }
    for text in [
        "x ".repeat(1_000_000),
        "<div>a</div>\n\n".repeat(50_000),
        "*a* [b](c)\n\n".repeat(50_000),
        "{{ ".repeat(20_000),
        "{% raw %}".repeat(5_000),
        "{% for i in (1..1000000000) %}x{% endfor %}".repeat(50),
        "{% capture x %}".repeat(5_000),
        "{%".repeat(20_000),
        "%a".repeat(20_000),
        "<div>".repeat(5_000),
        "<a ".repeat(5_000),
    ] {
        assert!(classic(&text).len() < 40_000_000);
    }
}

/// What is no text is replaced, and the page still shown.
#[test]
#[allow(clippy::disallowed_methods, reason = "the test makes its own page")]
fn bytes_that_are_no_utf8_are_replaced() {
    let made = folder(&[("workshop/content/a.md", "")]);
    let bytes = b"# T\n\na \xff\xfe b\n\n```execute\necho ok\n```\n";
    std::fs::write(made.path.join("workshop/content/a.md"), bytes).unwrap();
    let loaded = crate::load(&made.path).unwrap();
    let rendered = render(
        &loaded.workshop,
        &loaded.workshop.pages[0],
        &variables(&loaded),
    );
    assert!(rendered.html.contains("a \u{FFFD}\u{FFFD} b"));
    assert_eq!(rendered.actions.len(), 1);
    assert!(loaded.diagnostics.iter().any(|d| d.code == "invalid-utf8"));
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(64))]

    /// Random soup of Markdown, shortcodes and HTML renders, and harmlessly.
    #[test]
    fn renders_anything(parts in proptest::collection::vec(proptest::sample::select(SOUP), 0..60), random in ".{0,40}", classic in proptest::bool::ANY) {
        let text = parts.concat() + &random;
        let made = shared(&text, classic);
        let loaded = crate::load(&made.path).unwrap();
        for page in &loaded.workshop.pages {
            let rendered = render(&loaded.workshop, page, &variables(&loaded));
            for found in &rendered.diagnostics {
                for label in &found.labels {
                    let text = loaded.workshop.sources.file(label.span.file).text();
                    proptest::prop_assert!(text.get(label.span.range.clone()).is_some(), "{:?}", found);
                }
            }
            if rendered.actions.is_empty() {
                assert_harmless(&rendered.html, &text);
            }
        }
    }
}

fn shared(text: &str, classic: bool) -> Folder {
    let mut files = vec![("workshop/content/a.md", text)];
    if classic {
        files.push(("workshop/workshop.yaml", "modules: {activate: [a]}"));
    }
    folder(&files)
}

const SOUP: &[&str] = &[
    "\n",
    "\n\n",
    " ",
    "    ",
    "\t",
    "* ",
    "1. ",
    "> ",
    "# ",
    "## a {#b .c}",
    "```",
    "~~~",
    "```execute\n",
    "```terminal:execute\ncommand: x\n",
    "```section:begin\n```\n",
    "```section:end\n```\n",
    "`a`",
    "{{< copy >}}",
    "{{< param session_name >}}",
    "{{% param X %}}",
    "{{< note >}}",
    "{{< /note >}}",
    "{{< nosuch >}}",
    "{{< /nosuch >}}",
    "{{</* a */>}}",
    "{{< ",
    " >}}",
    "{{% ",
    "%}}",
    "{{ X }}",
    "{% raw %}",
    "{% endraw %}",
    "{% if X %}",
    "{% else %}",
    "{% endif %}",
    "{% for i in (1..3) %}",
    "{% endfor %}",
    "{% capture X %}",
    "{% endcapture %}",
    "{% assign a = X | append: 'b' %}",
    "{{- a | split: 'b' | join: '*' -}}",
    "{% include 'a.md' %}",
    "%X%",
    "<b>",
    "</b>",
    "<kbd>",
    "</kbd>",
    "<div>",
    "</div>",
    "<!--",
    "-->",
    "<script>",
    "<img src=x onerror=y>",
    "[a](b)",
    "[a](",
    "![a](b.png)",
    "](c)",
    "[^1]",
    "[^1]: x",
    "*",
    "**",
    "_",
    "~",
    "~~",
    "'",
    "\"",
    "--",
    "...",
    "<<",
    "http://a.b",
    "www.a.b",
    "é",
    "日本",
    "\u{FDD0}",
    "0",
    "\u{FDD1}",
    "\u{FDD2}",
    "\\",
    "&amp;",
    "&lt;",
    "|a|b|\n|-|-|\n|c|",
    "---\n",
    "+++\n",
    ": x",
    "[ ] ",
    "\r\n",
    "\0",
];
