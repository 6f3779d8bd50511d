//! Rendered pages, construct by construct.

use crate::educates::tests::{Folder, folder, load, report};
use crate::{Loaded, RenderedPage, Variables, render};

/// The variables of `instructions.md` 15.1.
fn variables(loaded: &Loaded) -> Variables {
    let mut variables = Variables::for_preview(&loaded.workshop);
    variables.set("session_name", "sess");
    variables.set("X", "a & b <c>");
    variables.set("LINES", "one: 1\ntwo: \"2\"");
    variables
}

/// A workshop with one page besides some files to link to.
fn page(path: &str, text: &str) -> (Loaded, RenderedPage) {
    let mut files = vec![
        ("workshop/content/02-other.md", "# Other\n"),
        ("workshop/content/sub/03-deep.md", "x"),
        ("workshop/content/sub/beside.png", ""),
        ("workshop/content/b/index.md", "x"),
        ("workshop/content/b/in-bundle.png", ""),
        ("workshop/content/root.png", ""),
        ("workshop/static/images/x.png", ""),
        ("workshop/static/guide.pdf", ""),
        ("workshop/slides/pic.png", ""),
        ("workshop/layouts/shortcodes/mine.html", "{{ .Inner }}"),
    ];
    files.retain(|(known, _)| *known != path);
    files.push((path, text));
    if path.starts_with("workshop/content/classic") {
        files.push(("workshop/workshop.yaml", "modules:\n  activate: [classic, 02-other, classic-sub/a]\n"));
    }
    let loaded = load(&files);
    let id = path.trim_start_matches("workshop/content/").trim_end_matches(".md").trim_end_matches("/index");
    let page = loaded.workshop.page(&crate::PageId(id.to_owned())).expect("the page");
    let rendered = render(&loaded.workshop, page, &variables(&loaded));
    (loaded, rendered)
}

fn hugo(text: &str) -> String {
    page("workshop/content/01-page.md", text).1.html
}

fn classic(text: &str) -> String {
    page("workshop/content/classic.md", text).1.html
}

fn problems(text: &str) -> String {
    let (loaded, rendered) = page("workshop/content/01-page.md", text);
    report(&loaded.workshop.sources, &rendered.diagnostics)
}

fn classic_problems(text: &str) -> String {
    let (loaded, rendered) = page("workshop/content/classic.md", text);
    report(&loaded.workshop.sources, &rendered.diagnostics)
}

/// Every row of `instructions.md` 15.1.
#[test]
fn verified_vectors() {
    for (source, html) in [
        ("`{{< param session_name >}}`", "<p><code>sess</code></p>\n"),
        ("{{< param SESSION_NAME >}}", "<p>sess</p>\n"),
        ("{{< param X >}}", "<p>a &amp; b &lt;c&gt;</p>\n"),
        ("```\n{{< param X >}}\n```", "<pre class=\"code\"><code>a &amp; b &lt;c&gt;\n</code></pre>\n"),
        (
            "```text\n{{% param X %}}\n```",
            "<pre class=\"code\" data-language=\"text\"><code>a &amp;amp; b &amp;lt;c&amp;gt;\n</code></pre>\n",
        ),
        ("{{< param nope >}}", ""),
        ("a{{< param nope >}}b", "<p>ab</p>\n"),
        (
            "{{< note >}}\nOne.\n\nTwo.\n\n* a\n* b\n{{< /note >}}",
            "<div class=\"admonition note\">\n<p class=\"admonition-title\">Note</p>\n<p>One.</p>\n<p>Two.</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n</div>\n",
        ),
        (
            "{{< warning \"T\" >}}x{{< /warning >}}",
            "<div class=\"admonition warning\">\n<p class=\"admonition-title\">Warning</p>\n<p>x</p>\n</div>\n",
        ),
        ("{{% note %}}x{{% /note %}}", ""),
        ("{{</* note */>}}", "<p>{{&lt; note &gt;}}</p>\n"),
        ("Raw <b>x</b>", "<p>Raw x</p>\n"),
        ("<div>y</div>", ""),
        ("H~2~O", "<p>H<del>2</del>O</p>\n"),
        ("\"q\" -- a...", "<p>“q” – a…</p>\n"),
        ("> [!NOTE]\n> x", "<blockquote class=\"alert alert-note\">\n<p>[!NOTE]\nx</p>\n</blockquote>\n"),
        ("## T {#id}", "<h2 id=\"id\">T</h2>\n"),
    ] {
        assert_eq!(hugo(source), html, "{source}");
    }
    assert_eq!(classic("a{{ nope }}b"), "<p>ab</p>\n");
    assert_eq!(
        classic("# A\n\n<div><b>x</b></div>"),
        "<h1 id=\"a\">A</h1>\n<div><b>x</b></div>"
    );
    let broken = classic("a {% nosuch %} b");
    assert!(broken.starts_with("<div class=\"error-card\"") && broken.contains("<p>a <span class=\"error-chip\""), "{broken}");
    // A page without a title has no heading; an unlisted page keeps its own.
    let loaded = load(&[
        ("workshop/config.yaml", "pathways: {default: p, paths: {p: {steps: [a]}}}"),
        ("workshop/content/a.md", "text"),
        ("workshop/content/c.md", "---\ntitle: C\n---\ntext"),
    ]);
    assert_eq!(loaded.workshop.pages[0].heading, None);
    assert_eq!(loaded.workshop.unlisted[0].heading.as_deref(), Some("C"));
}

#[test]
fn markdown_of_hugo_pages() {
    insta::assert_snapshot!(hugo("# A b\n## A b\n### What's new: `code` & more {.big}\n#### \n"), @r#"
    <h1 id="a-b">A b</h1>
    <h2 id="a-b-1">A b</h2>
    <h3 id="whats-new-code--more" class="big">What’s new: <code>code</code> &amp; more</h3>
    <h4 id="heading"></h4>
    "#);
    insta::assert_snapshot!(hugo("| a | b | c |\n|:--|:-:|--:|\n| 1 | `x\\|y` | {{< param session_name >}} |\n| 2 |"), @r#"
    <table>
    <thead><tr><th class="align-left">a</th><th class="align-center">b</th><th class="align-right">c</th></tr></thead>
    <tbody>
    <tr><td class="align-left">1</td><td class="align-center"><code>x|y</code></td><td class="align-right">sess</td></tr>
    <tr><td class="align-left">2</td><td class="align-center"></td><td class="align-right"></td></tr>
    </tbody></table>
    "#);
    insta::assert_snapshot!(hugo("* [x] done\n* [ ] not\n\n3. c\n4. d\n\n   more\n"), @r#"
    <ul>
    <li><input type="checkbox" disabled="" checked=""> done</li>
    <li><input type="checkbox" disabled=""> not</li>
    </ul>
    <ol start="3">
    <li><p>c</p>
    </li>
    <li><p>d</p>
    <p>more</p>
    </li>
    </ol>
    "#);
    insta::assert_snapshot!(hugo("a ~~b~~ ~c~ d^2^ ==e== $x_1$ :smile: &copy; \\*  \nnext\\\nline ~/x and ~/y"), @r#"
    <p>a <del>b</del> <del>c</del> d^2^ ==e== $x_1$ :smile: © *<br>
    next<br>
    line ~/x and ~/y</p>
    "#);
    insta::assert_snapshot!(hugo("It's 'q' and \"don't\" --- x -- y \\\"z\\\" `\"--\"` <<g>> https://a.b/--x \"**b**\" Smiths' '90s"), @r#"<p>It’s ‘q’ and “don’t” — x – y &quot;z&quot; <code>&quot;--&quot;</code> &lt;&gt; <a class="external" href="https://a.b/--x">https://a.b/--x</a> “<strong>b</strong>” Smiths’ ’90s</p>"#);
    insta::assert_snapshot!(hugo("x[^1] y[^b] z[^1]\n\n[^1]: One *a*\n[^b]: Two [^c]\n[^c]: Three\n[^d]: unused"), @r##"
    <p>x<sup><a class="footnote" href="#fn-1-1" id="fnref-1-1">1</a></sup> y<sup><a class="footnote" href="#fn-1-2" id="fnref-1-2">2</a></sup> z<sup><a class="footnote" href="#fn-1-1" id="fnref-1-1">1</a></sup></p>
    <section class="footnotes"><hr>
    <ol>
    <li id="fn-1-1"><p>One <em>a</em></p>
    <a class="footnote-back" href="#fnref-1-1">↩</a></li>
    <li id="fn-1-2"><p>Two <sup><a class="footnote" href="#fn-1-3" id="fnref-1-3">3</a></sup></p>
    <a class="footnote-back" href="#fnref-1-2">↩</a></li>
    <li id="fn-1-3"><p>Three</p>
    <a class="footnote-back" href="#fnref-1-3">↩</a></li>
    </ol>
    </section>
    "##);
    insta::assert_snapshot!(hugo("Term\n: Def\n: Def 2\n\n---\n\n<!-- c -->\n\na<br>b <kbd>x</kbd> <sub>1 **<sup>2**</sup> </sub>"), @r#"
    <dl>
    <dt>Term</dt>
    <dd>Def</dd>
    <dd>Def 2</dd>
    </dl>
    <hr>
    <p>a<br>b <kbd>x</kbd> <sub>1 <strong>2</strong> </sub></p>
    "#);
    insta::assert_snapshot!(hugo("    indented\n\n~~~~js {linenos=true}\nlet a = 1; // x\n~~~\n~~~~\n\n```nosuch\n<b>\n```"), @r#"
    <pre class="code"><code>indented
    </code></pre>
    <pre class="code" data-language="js"><code><span class="hl-keyword">let</span> <span class="hl-variable">a</span> <span class="hl-operator">=</span> <span class="hl-number">1</span><span class="hl-punctuation">;</span> <span class="hl-comment">// x
    </span><span class="hl-operator">~~~</span>
    </code></pre>
    <pre class="code" data-language="nosuch"><code>&lt;b&gt;
    </code></pre>
    "#);
}

#[test]
fn slots_stand_everywhere() {
    insta::assert_snapshot!(hugo("# On {{< param session_name >}}\n**{{< param X >}}** [l {{< param session_name >}}](https://{{< param session_name >}}.x/?a=1&b \"t {{< param X >}}\")"), @r#"
    <h1 id="on-sess">On sess</h1>
    <p><strong>a &amp; b &lt;c&gt;</strong> <a class="external" href="https://sess.x/?a=1&amp;b" title="t a &amp; b &lt;c&gt;">l sess</a></p>
    "#);
    insta::assert_snapshot!(hugo("See {{< param ingress_protocol >}}://{{< param session_name >}}.local/x, http://{{< param session_name >}}:1/."), @r#"<p>See <a class="external" href="http://sess.local/x">http://sess.local/x</a>, <a class="external" href="http://sess:1/">http://sess:1/</a>.</p>"#);
    insta::assert_snapshot!(hugo("{{.Names}} {{ session_namespace }} {% if %} `{{ x }}`\n\n{{{< param session_name >}}}"), @r#"
    <p>{{.Names}} {{ session_namespace }} {% if %} <code>{{ x }}</code></p>
    <p>{sess}</p>
    "#);
    insta::assert_snapshot!(hugo("a {{< note >}}n{{< /note >}} b *c {{< note >}}m{{< /note >}} d* e"), @r#"
    <p>a </p>
    <div class="admonition note">
    <p class="admonition-title">Note</p>
    <p>n</p>
    </div>
    <p> b <em>c  d</em> e</p>
    <div class="admonition note">
    <p class="admonition-title">Note</p>
    <p>m</p>
    </div>
    "#);
    insta::assert_snapshot!(hugo("~~~\n{{</* note title=\"x\" */>}}\n{{< note >}}\n{{< copy >}}\n{{< /note >}}\n~~~"), @r#"
    <pre class="code"><code>{{&lt; note title=&quot;x&quot; &gt;}}
    {{&lt; note &gt;}}
    {{&lt; copy &gt;}}
    {{&lt; /note &gt;}}
    </code></pre>
    "#);
    insta::assert_snapshot!(hugo("{{< note title=\"A <b> {{\" >}}\nouter\n{{< danger >}}\ninner {{< param session_name >}}\n{{< /danger >}}\n{{< /note >}}"), @r#"
    <div class="admonition note">
    <p class="admonition-title">A &lt;b&gt; {{</p>
    <p>outer
    </p>
    <div class="admonition danger">
    <p class="admonition-title">Danger</p>
    <p>inner sess</p>
    </div>
    </div>
    "#);
}

#[test]
fn shortcodes_of_the_platform() {
    insta::assert_snapshot!(hugo("`a b`{{< copy >}} and `c` {{< copy >}}\n\nno {{< copy >}}"), @r#"
    <p><code class="copyable" data-copy="a b">a b</code><span class="copy-glyph" aria-hidden="true"></span> and <code class="copyable" data-copy="c">c</code> <span class="copy-glyph" aria-hidden="true"></span></p>
    <p>no </p>
    "#);
    insta::assert_snapshot!(hugo("{{< pathway \"\" >}}shown{{< /pathway >}}{{< pathway x >}}hidden{{< /pathway >}}"), @"<p>shown</p>");
    insta::assert_snapshot!(hugo("{{< baseurl >}} ![i]({{< baseurl >}}/images/x.png)"), @r#"<p>http://workshop.localhost:10081/workshop/content <img data-file="workshop/static/images/x.png" alt="i"></p>"#);
    insta::assert_snapshot!(hugo("{{< figure src=\"../images/x.png\" title=\"T\" caption=\"*C*\" link=\"https://a.b\" >}}"), @r#"
    <figure><a class="external" href="https://a.b"><img data-file="workshop/static/images/x.png" alt="*C*"></a><figcaption><h4>T</h4><p><em>C</em></p>
    </figcaption></figure>
    "#);
    insta::assert_snapshot!(hugo("{{< highlight json \"linenos=table\" >}}\n{\"a\": 1}\n{{< /highlight >}}\n{{< details summary=\"S\" >}}\n*x*\n{{< /details >}}"), @r#"
    <pre class="code" data-language="json"><code><span class="hl-punctuation">{</span><span class="hl-string">&quot;a&quot;</span><span class="hl-punctuation">:</span> <span class="hl-number">1</span><span class="hl-punctuation">}</span>
    </code></pre>
    <details><summary>S</summary>
    <p><em>x</em></p>
    </details>
    "#);
    insta::assert_snapshot!(hugo("[a]({{< ref \"03-deep\" >}}) [b]({{< relref \"02-other.md#other\" >}}) {{< ref \"gone\" >}}\n\n{{< youtube abc >}}"), @r##"
    <p><a data-page="sub/03-deep" href="#">a</a> <a data-page="02-other" data-anchor="other" href="#">b</a> <span class="error-chip" title="there is no page `gone`">{{&lt; ref &quot;gone&quot; &gt;}}</span></p>
    <p class="link-card"><a class="external" href="https://www.youtube.com/watch?v=abc">https://www.youtube.com/watch?v=abc</a></p>
    "##);
    insta::assert_snapshot!(hugo("1. Do\n\n    {{< warning >}}\n    Text\n\n    * item\n    {{< /warning >}}\n\n2. Next"), @r#"
    <ol>
    <li><p>Do</p>
    <div class="admonition warning">
    <p class="admonition-title">Warning</p>
    <p>Text</p>
    <ul>
    <li>item</li>
    </ul>
    </div>
    </li>
    <li><p>Next</p>
    </li>
    </ol>
    "#);
}

#[test]
fn broken_shortcodes_are_marked_and_the_rest_stays() {
    let source = "a {{< nosuch x=1 >}} b\n\n{{< parm x >}}\n\n{{< note >}}\nopen\n\n{{< /danger >}}\n\n{{< mine >}}*in*{{< /mine >}} {{< other >}}\n\n*in*\n{{< /other >}}\n\n{{< param\n\nend {{< param nope >}} {{% note %}}x{{% /note %}} {{< copy />}} {{ session_name }} {{< param >}}";
    insta::assert_snapshot!(hugo(source), @r#"
    <p>a <span class="error-chip" title="there is no shortcode `nosuch`">{{&lt; nosuch x=1 &gt;}}</span> b</p>
    <p><span class="error-chip" title="there is no shortcode `parm`">{{&lt; parm x &gt;}}</span></p>
    <p><span class="error-chip" title="`note` is not closed">{{&lt; note &gt;}}</span>
    open</p>
    <p><span class="error-chip" title="`danger` is closed here and was not opened">{{&lt; /danger &gt;}}</span></p>
    <p><span class="error-chip" title="the template workshop/layouts/shortcodes/mine.html is not played yet">{{&lt; mine &gt;}}</span></p>
    <p><em>in</em></p>
    <p><span class="error-chip" title="there is no shortcode `other`">{{&lt; other &gt;}}</span></p>
    <p><em>in</em></p>
    <p><span class="error-chip" title="this shortcode does not end">{{&lt;</span> param</p>
    <p>end    {{ session_name }} <span class="error-chip" title="`param` needs the name of a variable">{{&lt; param &gt;}}</span></p>
    "#);
    insta::assert_snapshot!(problems(source), @r#"
    error[unknown-shortcode] workshop/content/01-page.md:1:3: there is no shortcode `nosuch` (not known)
    error[unknown-shortcode] workshop/content/01-page.md:3:1: there is no shortcode `parm` (not known) = did you mean `param`?
    error[unclosed-shortcode] workshop/content/01-page.md:5:1: `note` is not closed (opens here) = write `{{< /note >}}` after its text
    error[stray-shortcode-end] workshop/content/01-page.md:8:1: `danger` is closed here and was not opened (closes nothing)
    warning[unsupported-shortcode] workshop/content/01-page.md:10:1: the template workshop/layouts/shortcodes/mine.html is not played yet (only its body is shown)
    error[unknown-shortcode] workshop/content/01-page.md:10:31: there is no shortcode `other` (not known)
    error[unclosed-shortcode] workshop/content/01-page.md:15:1: this shortcode does not end (opens here) = write `{{</* name */>}}` to show a shortcode instead of using it
    warning[undefined-variable] workshop/content/01-page.md:17:5: there is no variable `nope` (prints nothing)
    warning[shortcode-delimiters] workshop/content/01-page.md:17:24: `{{% note %}}` shows nothing (dropped) = write `{{< note >}}`
    warning[self-closed-shortcode] workshop/content/01-page.md:17:51: `copy` has no body and must not close itself (the reference refuses this) = leave out the `/`
    warning[copy-without-code] workshop/content/01-page.md:17:51: `copy` does not follow inline code (nothing to copy) = write it right after text in back-ticks
    warning[classic-variable] workshop/content/01-page.md:17:65: `{{ session_name }}` is shown as it is written (not a shortcode) = write `{{< param session_name >}}`
    error[invalid-shortcode] workshop/content/01-page.md:17:84: `param` needs the name of a variable (no name)
    "#);
}

#[test]
fn links_and_images() {
    insta::assert_snapshot!(hugo("[a](../02-other) [b](02-other.md#other) [c](/workshop/content/sub/03-deep/) [d](#x) [e](https://a.b) [f](mailto:a@b) <a@b.c> <https://x.y> [g](../guide.pdf) [h](/slides/#/2) [i](gone.md) [j](javascript:alert) [k]() [l](//c.d/e) [m](/files/x \"t\") [n](http://workshop.localhost:10081/workshop/content/02-other) [o](SUB/03-Deep.md)"), @r##"<p><a data-page="02-other" href="#">a</a> <a data-page="02-other" data-anchor="other" href="#">b</a> <a data-page="sub/03-deep" href="#">c</a> <a href="#x">d</a> <a class="external" href="https://a.b">e</a> <a class="external" href="mailto:a@b">f</a> <a class="external" href="mailto:a@b.c">a@b.c</a> <a class="external" href="https://x.y">https://x.y</a> <a class="file" data-file="workshop/static/guide.pdf" href="#">g</a> <a class="session" data-url="/slides/#/2" href="#">h</a> <span class="broken-link">i</span> j <span class="broken-link">k</span> <a class="external" href="https://c.d/e">l</a> <a class="session" data-url="/files/x" href="#" title="t">m</a> <a data-page="02-other" href="#">n</a> <a data-page="sub/03-deep" href="#">o</a></p>"##);
    insta::assert_snapshot!(hugo("![a](../images/x.png) ![b](root.png) ![c](/workshop/content/images/x.png) ![d](https://a.b/c.png) ![e](data:image/png;base64,AA==) ![f](gone.png) ![g](file:///x) ![h](/slides/pic.png) ![i *j*](images/x.png \"t\") [![k](/root.png)](https://l.m)"), @r#"<p><img data-file="workshop/static/images/x.png" alt="a"> <img data-file="workshop/content/root.png" alt="b"> <img data-file="workshop/static/images/x.png" alt="c"> <span class="image-remote" data-url="https://a.b/c.png" alt="d">d</span> <img src="data:image/png;base64,AA==" alt="e"> <span class="image-missing">f <code>gone.png</code></span> <span class="image-missing">g <code>file:///x</code></span> <img data-file="workshop/slides/pic.png" alt="h"> <img data-file="workshop/static/images/x.png" alt="i j" title="t"> <a class="external" href="https://l.m"><img data-file="workshop/content/root.png" alt="k"></a></p>"#);
    insta::assert_snapshot!(page("workshop/content/sub/03-deep.md", "![a](beside.png) [b](../../02-other) [c](../02-other.md) ![d](../../../../../etc/passwd)").1.html, @r##"<p><img data-file="workshop/content/sub/beside.png" alt="a"> <a data-page="02-other" href="#">b</a> <a data-page="02-other" href="#">c</a> <span class="image-missing">d <code>../../../../../etc/passwd</code></span></p>"##);
    insta::assert_snapshot!(page("workshop/content/b/index.md", "![a](in-bundle.png) [b](../02-other)").1.html, @r##"<p><img data-file="workshop/content/b/in-bundle.png" alt="a"> <a data-page="02-other" href="#">b</a></p>"##);
    insta::assert_snapshot!(problems("[i](gone.md) [j](javascript:alert) [k]() ![b](root.png) ![f](gone.png)"), @r#"
    warning[broken-link] workshop/content/01-page.md:1:1: there is no page and no file `gone.md` (leads nowhere)
    warning[unsafe-link] workshop/content/01-page.md:1:14: this kind of address is not followed (not a web, mail or page address)
    warning[broken-link] workshop/content/01-page.md:1:36: the link has no address (leads nowhere)
    warning[image-location] workshop/content/01-page.md:1:42: this image is found as workshop/content/root.png, but not at its address: a page's address is a folder (this image)
    warning[missing-image] workshop/content/01-page.md:1:57: there is no image `gone.png` (shown as a box)
    "#);
}

#[test]
fn classic_pages() {
    insta::assert_snapshot!(classic("# T\n\n`x`{{copy}} {{ X }} %session_name% %nope% 100% {{- session_name -}} z\n\n```execute\necho {{ session_name }} {{.Names}}\n```\n{% raw %}{{ raw }} %session_name%{% endraw %}{% comment %}no{% endcomment %}\n\nhttp://a.b/c ~x~ \"q\" --"), @r#"
    <h1 id="t">T</h1>
    <p><code class="copyable" data-copy="x">x</code><span class="copy-glyph" aria-hidden="true"></span> a &amp; b  sess %nope% 100%sessz</p>
    <workshop-action data-index="0"></workshop-action>
    <p>{{ raw }} sess</p>
    <p><a class="external" href="http://a.b/c">http://a.b/c</a> <del>x</del> "q" --</p>
    "#);
    insta::assert_snapshot!(classic("a <span class=\"fas fa-x\" onclick=\"x()\">i</span> <a href=\"02-other.md\">o</a> <a href='https://x'>y</a> <img src=\"root.png\" alt=\"r\" onerror=x> <img src=https://x/y.png>\n\n<details><summary>s</summary>\n\n*in* [p](02-other.md) - [ ] x\n\n</details>\n\n* [x] t"), @r##"
    <p>a <span class="fas fa-x">i</span> <a data-page="02-other" href="#">o</a> <a class="external" href="https://x">y</a> <img data-file="workshop/content/root.png" alt="r"> <span class="image-remote" data-url="https://x/y.png" alt=""></span></p>
    <details><summary>s</summary>
    <p><em>in</em> <a data-page="02-other" href="#">p</a> - [ ] x</p>
    </details>
    <ul>
    <li><input checked="" disabled="" type="checkbox"> t</li>
    </ul>
    "##);
    insta::assert_snapshot!(classic_problems("{{< copy >}} {{ x | upcase }} {% if a %}b{% endif %}\n{{ nope }} {% raw %} {% nosuch %} {{ open"), @r#"
    warning[shortcode-in-classic] workshop/content/classic.md:1:1: classic pages have no shortcodes (prints `false` elsewhere) = write `{{copy}}`
    warning[copy-without-code] workshop/content/classic.md:1:1: `copy` does not follow inline code (nothing to copy) = write it right after text in back-ticks
    warning[unsupported-liquid] workshop/content/classic.md:1:14: filters are not played yet (the value is left as it is)
    warning[undefined-variable] workshop/content/classic.md:1:14: there is no variable `x` (prints nothing) = did you mean `X`?
    error[unsupported-liquid] workshop/content/classic.md:1:31: `{% if %}` is not played yet (shown as it is written)
    error[unsupported-liquid] workshop/content/classic.md:1:42: `{% endif %}` is not played yet (shown as it is written)
    warning[undefined-variable] workshop/content/classic.md:2:1: there is no variable `nope` (prints nothing)
    error[unclosed-liquid] workshop/content/classic.md:2:12: `{% raw %}` is not closed (shown as it is written)
    error[unknown-liquid-tag] workshop/content/classic.md:2:22: there is no tag `{% nosuch %}` (shown as it is written)
    error[unclosed-liquid] workshop/content/classic.md:2:35: `{{` is not closed (opens here)
    "#);
}

#[test]
fn asciidoc_is_shown_as_it_is() {
    let loaded = load(&[
        ("workshop/workshop.yaml", "modules: {activate: [a]}"),
        ("workshop/content/a.adoc", "= T\n\n<b>x</b>\n"),
    ]);
    let rendered = render(&loaded.workshop, &loaded.workshop.pages[0], &variables(&loaded));
    insta::assert_snapshot!(rendered.html, @r#"
    <div class="error-card" role="note"><p>AsciiDoc pages are not played yet: this is the page&#39;s source</p></div>
    <pre class="source"><code>= T

    &lt;b&gt;x&lt;/b&gt;
    </code></pre>
    "#);
    insta::assert_snapshot!(report(&loaded.workshop.sources, &rendered.diagnostics), @"warning[unsupported-asciidoc] workshop/content/a.adoc:1:1: AsciiDoc pages are not played yet (shown as plain text) = write the page in Markdown");
}

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
    let actions: Vec<_> = rendered.actions.iter().map(|action| format!("{:?}", action.action.as_ref().unwrap())).collect();
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
    error[invalid-yaml] workshop/content/01-page.md:11:6: did not find expected ',' or ']' at line 3 column 4, while parsing a flow sequence at line 2 column 8 ()
    error[invalid-yaml] workshop/content/01-page.md:19:6: did not find expected node content at line 2 column 4, while parsing a block node ()
    warning[undefined-variable] workshop/content/01-page.md:21:1: there is no variable `nope` (prints nothing)
    "#);
    let blocks: Vec<_> = rendered.actions.iter().map(|action| covered(&loaded, &action.span)).collect();
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
    let (loaded, rendered) = page("workshop/content/01-page.md", "é {{< param X >}}{{% param X %}} é <i>x</i> [a](gone{{< param session_name >}})");
    let places: Vec<_> = rendered.diagnostics.iter().map(|found| covered(&loaded, found.span().unwrap())).collect();
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
        section("begin", "a"), "one\n\n".to_owned(), section("begin", "b"), "two\n\n".to_owned(), section("end", "b"),
        section("end", "a"), section("begin", ""), section("end", ""), "\n{{< note >}}\n".to_owned(), section("begin", "n"),
        "in\n".to_owned(), section("end", "n"), "{{< /note >}}\n".to_owned(),
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
    let sections: Vec<_> = rendered.sections.iter().map(|s| (s.begin, s.end, s.parent)).collect();
    assert_eq!(sections, [(0, 3, None), (1, 2, Some(0)), (4, 5, None), (6, 7, None)]);
    assert!(rendered.diagnostics.is_empty());
}

#[test]
fn sections_match_as_a_stack() {
    let pairs = |marks: &[(&str, &str)]| {
        let source: String = marks.iter().map(|(kind, name)| section(kind, name)).collect();
        let (_, rendered) = page("workshop/content/01-page.md", &source);
        let codes: Vec<_> = rendered.diagnostics.iter().map(|d| d.code).collect();
        let pairs: Vec<_> = rendered.sections.iter().map(|s| (s.begin, s.end)).collect();
        (pairs, codes)
    };
    let (b, e) = ("begin", "end");
    assert_eq!(pairs(&[(b, ""), (e, ""), (b, ""), (e, "")]), (vec![(0, 1), (2, 3)], vec![]));
    assert_eq!(pairs(&[(b, ""), (b, ""), (e, ""), (e, "")]), (vec![(0, 3), (1, 2)], vec!["ambiguous-section"]));
    assert_eq!(pairs(&[(b, "a"), (e, "")]), (vec![(0, 1)], vec!["ambiguous-section"]));
    assert_eq!(pairs(&[(b, ""), (e, "a")]), (vec![(0, 1)], vec!["ambiguous-section"]));
    assert_eq!(pairs(&[(b, "a"), (b, "b"), (e, "")]).1, vec!["unbalanced-section"; 3]);
    assert_eq!(pairs(&[(b, "a"), (b, "b"), (e, "a"), (e, "b")]), (vec![(0, 2)], vec!["unbalanced-section"; 2]));
    assert_eq!(pairs(&[(e, "")]), (vec![], vec!["unbalanced-section"]));
    assert_eq!(pairs(&[(b, "a")]), (vec![], vec!["unbalanced-section"]));
    assert_eq!(pairs(&[(b, "a"), (b, "a"), (e, "a"), (e, "a")]).0, vec![(0, 3), (1, 2)]);
    let split = "* x\n\n  ```section:begin\n  name: a\n  ```\n\n```section:end\nname: a\n```\n";
    let (_, rendered) = page("workshop/content/01-page.md", split);
    assert!(rendered.sections.is_empty() && rendered.diagnostics.len() == 2);
}

/// Nothing that could run, load or leave gets through, whichever renderer a page is written for.
#[test]
fn hostile_html_does_not_get_through() {
    let attacks = [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<a href=\"javascript:alert(1)\">x</a>",
        "[x](javascript:alert(1))", "[x](JaVaScRiPt&#58;alert(1))", "[x](java\tscript:alert(1))", "![x](javascript:alert(1))",
        "<svg onload=alert(1)><script>alert(1)</script></svg>", "<style>*{display:none}</style>", "<iframe src=https://x></iframe>",
        "<meta http-equiv=refresh content='0;url=https://x'>", "[x](data:text/html,<script>alert(1)</script>)",
        "<a href='data:text/html;base64,AA=='>x</a>", "<form action=https://x><input type=text name=a></form>", "<base href=https://x>",
        "<link rel=stylesheet href=https://x>", "<object data=x></object><embed src=x>", "<p style='position:fixed'>x</p>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<div onclick=alert(1)>x</div>", "<details ontoggle=alert(1) open>x</details>", "<video src=x onerror=alert(1)><audio src=x>",
        "<workshop-action data-index=\"0\"></workshop-action>", "<img data-file=\"../../etc/passwd\">", "<a data-page=\"x\">y</a>",
        "<span data-url='https://x'>y</span>", "{{< figure src=\"javascript:alert(1)\" link=\"javascript:alert(1)\" >}}",
        "{{< note title=\"<script>alert(1)</script>\" >}}x{{< /note >}}", "{{< nosuch \"<img src=x onerror=alert(1)>\" >}}",
        "`<script>`{{< copy >}}{{copy}}", "# x {#a\"onclick=\"x .b\"onclick=\"y}", "```a\"onclick=\"x\ny\n```", "{{< param EVIL >}}{{% param EVIL %}}{{ EVIL }}%EVIL%",
        "[x](https://a \"t\" onclick=\"x\")", "<https://x\"onclick=\"y>", "![a\"onerror=\"x](gone.png)", "\u{FDD0}0\u{FDD1} \u{FDD2} <b data-index=\"\u{FDD2}1\">x</b>",
        "| a |\n|---|\n| <script>x</script> |", "<a href=\"&#106;avascript:alert(1)\">x</a>", "<img src=\"data:text/html,x\">", "<!--><script>alert(1)</script>-->",
    ];
    let all = attacks.join("\n\n");
    for attack in attacks.iter().copied().chain([all.as_str()]) {
        for path in ["workshop/content/01-page.md", "workshop/content/classic.md"] {
            let (loaded, _) = page(path, attack);
            let mut variables = variables(&loaded);
            variables.set("EVIL", "<img src=x onerror=alert(1)><script>alert(1)</script>\u{FDD0}0\u{FDD1}\u{FDD2}");
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
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
        assert!(
            !["script", "style", "svg", "math", "iframe", "object", "embed", "form", "meta", "base", "link", "video", "audio", "noscript", "template"].contains(&name),
            "{name} in {html}\nfrom {source}"
        );
        let mut attributes = tag[name.len().min(tag.len())..].split("=\"");
        let mut key = attributes.next().unwrap().trim_start_matches('/').trim().to_owned();
        for part in attributes {
            let (value, next) = part.rsplit_once('"').unwrap_or((part, ""));
            assert!(!key.starts_with("on") && key != "style" && key != "srcset", "{key} in {html}\nfrom {source}");
            let value = value.to_lowercase();
            match key.as_str() {
                "href" => assert!(value.starts_with('#') || value.starts_with("http") || value.starts_with("mailto:"), "{value} in {html}\nfrom {source}"),
                "src" => assert!(value.starts_with("data:image/"), "{value} in {html}\nfrom {source}"),
                "data-file" => assert!(value.starts_with("workshop/"), "{value}"),
                "data-index" => panic!("a forged action in {html}"),
                _ => {}
            }
            key = next.trim().to_owned();
        }
    }
    assert!(!html.contains(['\u{FDD0}', '\u{FDD1}', '\u{FDD2}']), "a mark in {html}\nfrom {source}");
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
    for text in ["{{ ".repeat(20_000), "{% raw %}".repeat(5_000), "{%".repeat(20_000), "%a".repeat(20_000), "<div>".repeat(5_000), "<a ".repeat(5_000)] {
        assert!(classic(&text).len() < 40_000_000);
    }
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
    "\n", "\n\n", " ", "    ", "\t", "* ", "1. ", "> ", "# ", "## a {#b .c}", "```", "~~~", "```execute\n", "```terminal:execute\ncommand: x\n",
    "```section:begin\n```\n", "```section:end\n```\n", "`a`", "{{< copy >}}", "{{< param session_name >}}", "{{% param X %}}", "{{< note >}}",
    "{{< /note >}}", "{{< nosuch >}}", "{{< /nosuch >}}", "{{</* a */>}}", "{{< ", " >}}", "{{% ", "%}}", "{{ X }}", "{% raw %}", "{% endraw %}", "{% if %}",
    "%X%", "<b>", "</b>", "<kbd>", "</kbd>", "<div>", "</div>", "<!--", "-->", "<script>", "<img src=x onerror=y>", "[a](b)", "[a](", "![a](b.png)", "](c)", "[^1]", "[^1]: x",
    "*", "**", "_", "~", "~~", "'", "\"", "--", "...", "<<", "http://a.b", "www.a.b", "é", "日本", "\u{FDD0}", "0", "\u{FDD1}", "\u{FDD2}", "\\", "&amp;", "&lt;", "|a|b|\n|-|-|\n|c|", "---\n", "+++\n", ": x", "[ ] ", "\r\n", "\0",
];

/// The workshops of the field, where they are at hand.
#[test]
fn the_corpus_renders() {
    let corpus = camino::Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let Ok(entries) = corpus.read_dir_utf8() else {
        #[allow(clippy::print_stderr, reason = "a skipped test says so")]
        {
            eprintln!("skipped: there is no folder {corpus}");
        }
        return;
    };
    let mut out = String::new();
    let mut folders: Vec<_> = entries.flatten().filter(|entry| entry.path().is_dir()).map(|entry| entry.path().to_owned()).collect();
    folders.sort();
    for path in folders {
        let loaded = crate::load(&path).unwrap();
        let variables = Variables::for_preview(&loaded.workshop);
        out.push_str(&format!("== {} ({} pages)\n", loaded.workshop.name, loaded.workshop.pages.len()));
        for line in loaded.workshop.missing_features.iter() {
            out.push_str(&format!("missing: {line}\n"));
        }
        out.push_str(&report(&loaded.workshop.sources, &loaded.diagnostics));
        for page in &loaded.workshop.pages {
            let rendered = render(&loaded.workshop, page, &variables);
            assert!(!rendered.html.trim().is_empty(), "{}", page.id);
            out.push_str(&report(&loaded.workshop.sources, &rendered.diagnostics));
        }
    }
    insta::assert_snapshot!(out, @r#"
    == lab-markdown-sample (4 pages)
    missing: There is no Kubernetes web console on this computer.
    warning[broken-link] workshop/content/exercises/01-sample-content.md:69:1: the link has no address (leads nowhere)
    == lab-asciidoc-sample (4 pages)
    missing: There is no Kubernetes web console on this computer.
    warning[unsupported-asciidoc] workshop/content/workshop-overview.adoc:1:1: AsciiDoc pages are not played yet (shown as plain text) = write the page in Markdown
    warning[unsupported-asciidoc] workshop/content/setup-environment.adoc:1:1: AsciiDoc pages are not played yet (shown as plain text) = write the page in Markdown
    warning[unsupported-asciidoc] workshop/content/exercises/01-sample-content.adoc:1:1: AsciiDoc pages are not played yet (shown as plain text) = write the page in Markdown
    warning[unsupported-asciidoc] workshop/content/workshop-summary.adoc:1:1: AsciiDoc pages are not played yet (shown as plain text) = write the page in Markdown
    == lab-container-basics (15 pages)
    missing: There is no private image registry here; steps that push images to it are left out or will fail.
    error[unknown-shortcode] workshop/content/00-workshop-overview.md:9:1: there is no shortcode `registry-unavailable` (not known)
    error[unknown-shortcode] workshop/content/02-creating-images/08-sharing-images.md:11:1: there is no shortcode `registry-available` (not known)
    error[unknown-shortcode] workshop/content/02-creating-images/08-sharing-images.md:39:1: there is no shortcode `registry-unavailable` (not known)
    error[unknown-shortcode] workshop/content/02-creating-images/09-deleting-images.md:19:1: there is no shortcode `registry-available` (not known)
    == lab-dashboard-actions (8 pages)
    == docker-intro (9 pages)
    == lab-editor-actions (27 pages)
    == lab-examiner-actions (10 pages)
    == lab-files-actions (8 pages)
    == lab-markdown-basics (10 pages)
    == lab-section-actions (12 pages)
    == lab-terminal-actions (14 pages)
    == lab-workshop-session (6 pages)
    warning[missing-image] workshop/content/01-workshop-instructions/index.md:12:1: there is no image `workshop-dashboard.png` (shown as a box)
    "#);
}
