//! What pages have beyond the verified vectors: formulas, lines of code, sizes of images, alerts, `{% liquid %}`.

use super::{classic, classic_problems, hugo, page, problems};
use crate::educates::tests::{load, report};

fn asciidoc(text: &str) -> (String, String) {
    let loaded = load(&[
        ("workshop/content/a.adoc", text),
        ("workshop/content/x.png", ""),
        ("workshop/workshop.yaml", "modules: {activate: [a]}"),
    ]);
    let page = &loaded.workshop.pages[0];
    let rendered = crate::render(&loaded.workshop, page, &super::variables(&loaded));
    let found = report(&loaded.workshop.sources, &rendered.diagnostics);
    (rendered.html, found)
}

#[test]
fn formulas() {
    insta::assert_snapshot!(hugo("Text\n\n```math\n\\frac{1}{2} < x\n```\n\nmore"), @r#"
    <p>Text</p>
    <div class="math"><math display="block"><mfrac><mn>1</mn><mn>2</mn></mfrac><mo>&lt;</mo><mi>x</mi></math></div>
    <p>more</p>
    "#);
    insta::assert_snapshot!(classic("<b>raw</b>\n\n```math\nx^2\n```\n\n<span class=\"math\" data-math=\"0\">y</span>"), @r#"
    <p><b>raw</b></p>
    <div class="math"><math display="block"><msup><mi>x</mi><mn>2</mn></msup></math></div>
    <p><span class="math">y</span></p>
    "#);
    insta::assert_snapshot!(hugo("```math\na\n\\nosuch{b}\n```"), @r#"
    <div class="error-card" role="note"><p>This formula cannot be set: unknown command <code>\nosuch</code></p></div>
    <pre class="code" data-language="latex"><code>a
    <span class="hl-punctuation">\</span><span class="hl-builtin">nosuch</span><span class="hl-punctuation">{</span>b<span class="hl-punctuation">}</span>
    </code></pre>
    "#);
    insta::assert_snapshot!(problems("# T\n\n```math\na +\n  \\nosuch{b}\n```\n\n```math\n```"), @r#"
    error[invalid-math] workshop/content/01-page.md:5:3: unknown command `\nosuch` (shown as it is written)
    error[invalid-math] workshop/content/01-page.md:8:1: the formula is empty (shown as it is written)
    "#);
}

/// A dollar is a dollar: neither dialect has formulas in the text.
#[test]
fn dollars_are_no_formulas() {
    for text in [
        "$5 and $6",
        "`$HOME` is $HOME, not $PATH",
        "$$x$$ and \\\\(y\\\\)",
    ] {
        for html in [hugo(text), classic(text)] {
            assert!(!html.contains("math"), "{html}");
        }
    }
    assert_eq!(hugo("$5 and $6 $$x$$"), "<p>$5 and $6 $$x$$</p>\n");
}

#[test]
fn formulas_of_asciidoc() {
    let (html, found) = asciidoc(
        ":stem: latexmath\n\nThe root stem:[\\sqrt{4} < 3], asciimath:[sqrt(4)] and latexmath:[\\nosuch].\n\n.Title\n[stem]\n++++\nx^2\n++++\n\n[asciimath]\n++++\nsqrt(4) < 3\n++++\n",
    );
    insta::assert_snapshot!(html, @r#"
    <p>The root <span class="math"><math><msqrt><mn>4</mn></msqrt><mo>&lt;</mo><mn>3</mn></math></span>, <code>sqrt(4)</code> and <code class="error-chip" title="unknown command `\nosuch`">\nosuch</code>.</p>
    <p class="block-title">Title</p><div class="math"><math display="block"><msup><mi>x</mi><mn>2</mn></msup></math></div>
    <pre class="code"><code>sqrt(4) &lt; 3</code></pre>
    "#);
    insta::assert_snapshot!(found, @r#"error[invalid-math] workshop/content/a.adoc:3:55: unknown command `\nosuch` (shown as it is written)"#);
}

#[test]
fn lines_of_code() {
    insta::assert_snapshot!(hugo("```text {linenos=true,hl_lines=[2],linenostart=9}\na\nb\nc\n```"), @r#"
    <pre class="code" data-language="text"><code><span class="line" data-line="9">a
    </span><span class="line marked" data-line="10">b
    </span><span class="line" data-line="11">c
    </span></code></pre>
    "#);
    insta::assert_snapshot!(hugo("```bash {hl_lines=[\"1-2\"]}\necho a\necho b\n```"), @r#"
    <pre class="code" data-language="bash"><code><span class="line marked"><span class="hl-builtin">echo</span> a
    </span><span class="line marked"><span class="hl-builtin">echo</span> b
    </span></code></pre>
    "#);
    insta::assert_snapshot!(hugo("{{< highlight text \"linenos=table,hl_lines=1 3\" >}}\na\nb\nc\n{{< /highlight >}}"), @r#"
    <pre class="code" data-language="text"><code><span class="line marked" data-line="1">a
    </span><span class="line" data-line="2">b
    </span><span class="line marked" data-line="3">c
    </span></code></pre>
    "#);
    insta::assert_snapshot!(classic("<b>x</b>\n\n```text {linenos=true}\na\n```"), @r#"
    <p><b>x</b></p>
    <pre class="code" data-language="text"><code>a
    </code></pre>
    "#);
    insta::assert_snapshot!(problems("```text {hl_lines=[x]}\na\n```\n\n{{< highlight text \"linenos=maybe\" >}}a{{< /highlight >}}"), @r#"
    warning[invalid-code-option] workshop/content/01-page.md:1:1: `hl_lines=[x]` makes no sense (shown without it) = write for example `linenos=true hl_lines=[2,"4-6"]`
    warning[invalid-code-option] workshop/content/01-page.md:5:1: `linenos=maybe` makes no sense (shown without it) = write for example `linenos=true hl_lines=[2,"4-6"]`
    "#);
}

/// What only the window may read cannot be claimed by raw HTML.
#[test]
fn numbers_survive_the_sanitiser_and_cannot_be_forged() {
    let loaded = load(&[
        (
            "workshop/layouts/shortcodes/mine.html",
            "<span data-line=\"7\" data-math=\"0\">x</span>",
        ),
        (
            "workshop/content/a.md",
            "{{< mine >}}\n\n```text {linenos=true}\na\n```\n\n```math\nx\n```",
        ),
    ]);
    let page = &loaded.workshop.pages[0];
    let html = crate::render(&loaded.workshop, page, &super::variables(&loaded)).html;
    insta::assert_snapshot!(html, @r#"
    <p><span>x</span></p>
    <pre class="code" data-language="text"><code><span class="line" data-line="1">a
    </span></code></pre>
    <div class="math"><math display="block"><mi>x</mi></math></div>
    "#);
}

#[test]
fn sizes_of_images() {
    insta::assert_snapshot!(hugo("{{< figure src=\"root.png\" class=\"wide\" width=\"300px\" height=\"50%\" caption=\"By\" attr=\"*Ada*\" attrlink=\"https://a.b\" >}}"), @r#"
    <figure class="wide"><img data-file="workshop/content/root.png" alt="By" width="300" height="50%"><figcaption><p>By</p>
    <a class="external" href="https://a.b"><em>Ada</em></a></figcaption></figure>
    "#);
    insta::assert_snapshot!(hugo("{{< figure src=\"root.png\" width=\"1;x\" height=\"\\\" onload=x\" attr=\"Ada\" >}}"), @r#"<figure><img data-file="workshop/content/root.png" alt=""><figcaption>Ada</figcaption></figure>"#);
    insta::assert_snapshot!(classic("<img src=\"root.png\" width=200 height='80' style=\"position:fixed\">"), @r#"<img data-file="workshop/content/root.png" alt="" width="200" height="80">"#);
    insta::assert_snapshot!(asciidoc("image::x.png[An x,300,200]\n\nimage:x.png[width=50%] text\n").0, @r#"
    <figure><img data-file="workshop/content/x.png" alt="An x" width="300" height="200"></figure>
    <p><img data-file="workshop/content/x.png" alt="x" width="50%"> text</p>
    "#);
}

#[test]
fn alerts() {
    insta::assert_snapshot!(hugo("> [!TIP] On the same line\n> more"), @r#"
    <blockquote class="alert alert-tip">
    <p><span class="alert-title">[!TIP]</span> On the same line
    more</p>
    </blockquote>
    "#);
    insta::assert_snapshot!(hugo("> [!caution]\n> **x** [!NOTE]"), @r#"
    <blockquote class="alert alert-caution">
    <p><span class="alert-title">[!caution]</span>
    <strong>x</strong> [!NOTE]</p>
    </blockquote>
    "#);
    insta::assert_snapshot!(hugo("> [!NOTE]\n>\n> * a"), @r#"
    <blockquote class="alert alert-note">
    <p><span class="alert-title">[!NOTE]</span></p>
    <ul>
    <li>a</li>
    </ul>
    </blockquote>
    "#);
    insta::assert_snapshot!(hugo("> [!NOSUCH] x\n\n> a [!NOTE]"), @r#"
    <blockquote>
    <p>[!NOSUCH] x</p>
    </blockquote>
    <blockquote>
    <p>a [!NOTE]</p>
    </blockquote>
    "#);
}

#[test]
fn the_liquid_tag() {
    insta::assert_snapshot!(classic("{% liquid\n  assign a = 'x' | upcase\n  # a comment\n  comment\n  nosuch\n  endcomment\n  if a == 'X'\n    echo a\n  else\n    echo 'no'\n  endif\n  for i in (1..3)\n    echo i\n  endfor\n%} done"), @"<p>X123 done</p>");
    insta::assert_snapshot!(classic_problems("a\n{% liquid\n  nosuch 1\n  if x\n%}"), @r#"
    error[unknown-liquid-tag] workshop/content/classic.md:3:3: there is no tag `{% nosuch %}` (shown as it is written)
    error[unclosed-liquid] workshop/content/classic.md:4:3: `{% if %}` is not closed (shown as it is written)
    "#);
}

/// A diagram is a block of code to the engine; the window draws it.
#[test]
fn diagrams_are_code() {
    insta::assert_snapshot!(hugo("```mermaid\ngraph TD\n  A[\"<b>{{< param session_name >}}</b>\"] --> B\n```"), @r#"
    <pre class="code" data-language="mermaid"><code>graph TD
      A[&quot;&lt;b&gt;sess&lt;/b&gt;&quot;] --&gt; B
    </code></pre>
    "#);
    let (_, rendered) = page(
        "workshop/content/classic.md",
        "```mermaid\na<script>alert(1)</script>\n```",
    );
    insta::assert_snapshot!(rendered.html, @r#"
    <pre class="code" data-language="mermaid"><code>a&lt;script&gt;alert(1)&lt;/script&gt;
    </code></pre>
    "#);
}

/// The library takes the terms for items of the list before them.
#[test]
fn terms_after_a_list_of_asciidoc() {
    insta::assert_snapshot!(asciidoc(". One\n\n* [x] done\n* [ ] not yet\n\nTerm:: What it means.\n").0, @r#"
    <ol>
    <li>One
    <ul>
    <li><input type="checkbox" disabled="" checked=""> done
    </li>
    <li><input type="checkbox" disabled=""> not yet
    </li>
    </ul>
    <dl>
    <dt>Term</dt>
    <dd>What it means.
    </dd>
    </dl>
    </li>
    </ol>
    "#);
}
