//! The dialects, links and images.

use super::{classic, classic_problems, hugo, page, problems};

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
    <pre class="code" data-language="js"><code><span class="line" data-line="1"><span class="hl-keyword">let</span> <span class="hl-variable">a</span> <span class="hl-operator">=</span> <span class="hl-number">1</span><span class="hl-punctuation">;</span> <span class="hl-comment">// x
    </span></span><span class="line" data-line="2"><span class="hl-comment"></span><span class="hl-operator">~~~</span>
    </span></code></pre>
    <pre class="code" data-language="nosuch"><code>&lt;b&gt;
    </code></pre>
    "#);
}

#[test]
fn links_and_images() {
    insta::assert_snapshot!(hugo("[a](../02-other) [b](02-other.md#other) [c](/workshop/content/sub/03-deep/) [d](#x) [e](https://a.b) [f](mailto:a@b) <a@b.c> <https://x.y> [g](../guide.pdf) [h](/slides/#/2) [i](gone.md) [j](javascript:alert) [k]() [l](//c.d/e) [m](/files/x \"t\") [n](http://workshop.localhost:10081/workshop/content/02-other) [o](SUB/03-Deep.md)"), @r##"<p><a data-page="02-other" href="#">a</a> <a data-page="02-other" data-anchor="other" href="#">b</a> <a data-page="sub/03-deep" href="#">c</a> <a class="broken-link" href="#x">d</a> <a class="external" href="https://a.b">e</a> <a class="external" href="mailto:a@b">f</a> <a class="external" href="mailto:a@b.c">a@b.c</a> <a class="external" href="https://x.y">https://x.y</a> <a class="file" data-file="workshop/static/guide.pdf" data-document="/opt/workshop/static/guide.pdf" href="#">g</a> <a class="session" data-url="/slides/#/2" href="#">h</a> <span class="broken-link">i</span> j <span class="broken-link">k</span> <a class="external" href="https://c.d/e">l</a> <a class="session" data-url="/files/x" href="#" title="t">m</a> <a data-page="02-other" href="#">n</a> <a data-page="sub/03-deep" href="#">o</a></p>"##);
    insta::assert_snapshot!(hugo("![a](../images/x.png) ![b](root.png) ![c](/workshop/content/images/x.png) ![d](https://a.b/c.png) ![e](data:image/png;base64,AA==) ![f](gone.png) ![g](file:///x) ![h](/slides/pic.png) ![i *j*](images/x.png \"t\") [![k](/root.png)](https://l.m)"), @r#"<p><img data-file="workshop/static/images/x.png" alt="a"> <img data-file="workshop/content/root.png" alt="b"> <img data-file="workshop/static/images/x.png" alt="c"> <span class="image-remote" data-url="https://a.b/c.png" alt="d">d</span> <img src="data:image/png;base64,AA==" alt="e"> <span class="image-missing">f <code>gone.png</code></span> <span class="image-missing">g <code>file:///x</code></span> <img data-file="workshop/slides/pic.png" alt="h"> <img data-file="workshop/static/images/x.png" alt="i j" title="t"> <a class="external" href="https://l.m"><img data-file="workshop/content/root.png" alt="k"></a></p>"#);
    insta::assert_snapshot!(page("workshop/content/sub/03-deep.md", "![a](beside.png) [b](../../02-other) [c](../02-other.md) ![d](../../../../../etc/passwd)").1.html, @r##"<p><img data-file="workshop/content/sub/beside.png" alt="a"> <a data-page="02-other" href="#">b</a> <a data-page="02-other" href="#">c</a> <span class="image-missing">d <code>../../../../../etc/passwd</code></span></p>"##);
    insta::assert_snapshot!(page("workshop/content/b/index.md", "![a](in-bundle.png) [b](../02-other)").1.html, @r##"<p><img data-file="workshop/content/b/in-bundle.png" alt="a"> <a data-page="02-other" href="#">b</a></p>"##);
    insta::assert_snapshot!(problems("[i](gone.md) [j](javascript:alert) [k]() ![b](root.png) ![f](gone.png)"), @r"
    warning[broken-link] workshop/content/01-page.md:1:1: there is no page and no file `gone.md` (leads nowhere)
    warning[unsafe-link] workshop/content/01-page.md:1:14: this kind of address is not followed (not a web, mail or page address)
    warning[broken-link] workshop/content/01-page.md:1:36: the link has no address (leads nowhere)
    warning[image-location] workshop/content/01-page.md:1:42: this image is found as workshop/content/root.png, but not at its address: a page's address is a folder (this image)
    warning[missing-image] workshop/content/01-page.md:1:57: there is no image `gone.png` (shown as a box) = correct the path, or put the image into `workshop/static`
    ");
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
    <li><input type="checkbox" disabled="" checked=""> t</li>
    </ul>
    "##);
    insta::assert_snapshot!(classic_problems("{{< copy >}} {{ x | upcase }} {% if a %}b{% endif %}\n{{ nope }} {% raw %} {% nosuch %} {{ open"), @r#"
    warning[shortcode-in-classic] workshop/content/classic.md:1:1: classic pages have no shortcodes (prints `false` elsewhere) = write `{{copy}}`
    warning[copy-without-code] workshop/content/classic.md:1:1: `copy` does not follow inline code (nothing to copy) = write it right after text in back-ticks
    warning[undefined-variable] workshop/content/classic.md:1:14: there is no variable `x` (prints nothing) = did you mean `X`?
    warning[undefined-variable] workshop/content/classic.md:2:1: there is no variable `nope` (prints nothing)
    error[unclosed-liquid] workshop/content/classic.md:2:12: `{% raw %}` is not closed (shown as it is written)
    error[unknown-liquid-tag] workshop/content/classic.md:2:22: there is no tag `{% nosuch %}` (shown as it is written)
    error[unclosed-liquid] workshop/content/classic.md:2:35: `{{` is not closed (shown as it is written)
    "#);
}

#[test]
fn links_to_headings_and_parts_of_the_session() {
    insta::assert_snapshot!(hugo("## Here\n\n[a](#here) [b](#hree \"t\") [c](#top) [d](/terminal) [e](/terminal/session/2) [f](/slides/#/2) [g](/files/x)"), @r##"
    <h2 id="here">Here</h2>
    <p><a href="#here">a</a> <a class="broken-link" href="#hree" title="t">b</a> <a href="#top">c</a> <a class="session" data-url="/terminal" href="#">d</a> <a class="session" data-url="/terminal/session/2" href="#">e</a> <a class="session" data-url="/slides/#/2" href="#">f</a> <a class="session" data-url="/files/x" href="#">g</a></p>
    "##);
    insta::assert_snapshot!(problems("## Here\n\n[a](#here) [b](#hree) [c](#gone)"), @r#"
    warning[broken-link] workshop/content/01-page.md:3:12: there is no heading `#hree` on this page (leads nowhere) = did you mean `#here`?
    warning[broken-link] workshop/content/01-page.md:3:23: there is no heading `#gone` on this page (leads nowhere)
    "#);
    let (loaded, _) = page(
        "workshop/content/01-page.md",
        "[a](02-other.md#other) [b](02-other.md#nope)",
    );
    let found = crate::check(&loaded, &super::variables(&loaded));
    insta::assert_snapshot!(crate::educates::tests::report(&loaded.workshop.sources, &found), @"warning[broken-link] workshop/content/01-page.md:1:24: page `02-other` has no heading `#nope` (leads to the start of the page)");
}
