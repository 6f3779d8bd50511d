//! AsciiDoc pages, construct by construct.

use crate::educates::tests::{load, report};
use crate::{Loaded, RenderedPage, Variables, render};

fn rendered(text: &str) -> (Loaded, RenderedPage) {
    let loaded = load(&[
        (
            "workshop/workshop.yaml",
            "modules: {activate: [sub/a, b, m]}",
        ),
        ("workshop/content/sub/a.adoc", text),
        ("workshop/content/b.adoc", "== Other\n"),
        ("workshop/content/m.md", "# M\n"),
        ("workshop/content/sub/beside.adoc", "Included *text*.\n"),
        (
            "workshop/content/shared/top.adoc",
            "Shared.\n\ninclude::gone.adoc[]\n",
        ),
        (
            "workshop/content/sub/loop.adoc",
            "x\n\ninclude::loop.adoc[]\n",
        ),
        ("workshop/content/sub/pic.png", ""),
        ("workshop/secret.adoc", "SECRET"),
    ]);
    let mut variables = Variables::for_preview(&loaded.workshop);
    variables.set("session_name", "sess");
    variables.set("X", "a & b <c>");
    let page = render(&loaded.workshop, &loaded.workshop.pages[0], &variables);
    (loaded, page)
}

fn html(text: &str) -> String {
    rendered(text).1.html
}

fn problems(text: &str) -> String {
    let (loaded, page) = rendered(text);
    report(&loaded.workshop.sources, &page.diagnostics)
}

#[test]
fn text() {
    insta::assert_snapshot!(html("= Document title\n\n== First\n\nA *bold* _it_ `co<de>` #mark# H~2~O x^2^ \"`q`\" (C) -- a... +\nnext {{ session_name }} {{ X }} %session_name%.\n\n=== Second *b* & more\n\n#### Fourth\n\n[#own]\n== Named\n\n'''\n\n[.lead]\nRole paragraph kbd:[Ctrl+C] btn:[OK] menu:File[Save As] [.line-through]#gone# &copy; &#8217; a&b"), @r#"
    <h2 id="_first">First</h2>
    <p>A <strong>bold</strong> <em>it</em> <code>co&lt;de&gt;</code> <mark>mark</mark> H<sub>2</sub>O x<sup>2</sup> “q” © — a…<br>

    next sess a &amp; b &lt;c&gt; sess.</p>
    <h3 id="_second_b_more">Second <strong>b</strong> &amp; more</h3>
    <h4 id="_fourth">Fourth</h4>
    <h2 id="own">Named</h2>
    <hr>
    <p>Role paragraph <kbd>Ctrl</kbd>+<kbd>C</kbd> <strong>[OK]</strong> <strong>File</strong> › <strong>Save As</strong> <del>gone</del> © ’ a&amp;b</p>
    "#);
    insta::assert_snapshot!(html(":who: World\n:tag: <b>\n\nHello {who} {nope} \\{who} {tag}x</b> {empty}.\n\nText.footnote:[A *note*.] More.footnote:[Two]\n\n// comment\n\n[[here]]Anchor <<here,see>> <<_sec>> <<Sec>> <<nowhere>>\n\n== Sec\n"), @r##"
    <p>Hello World {nope} {who} &lt;b&gt;x&lt;/b&gt; .</p>
    <p>Text.<sup><a class="footnote" href="#fn-1-1" id="fnref-1-1">1</a></sup> More.<sup><a class="footnote" href="#fn-1-2" id="fnref-1-2">2</a></sup></p>
    <p><a id="here"></a>Anchor <a href="#here">see</a> <a href="#_sec">Sec</a> <a href="#_sec">Sec</a> <a class="broken-link" href="#nowhere">[nowhere]</a></p>
    <h2 id="_sec">Sec</h2>
    <section class="footnotes"><hr>
    <ol>
    <li id="fn-1-1"><p>A <strong>note</strong>.</p>
    <a class="footnote-back" href="#fnref-1-1">↩</a></li>
    <li id="fn-1-2"><p>Two</p>
    <a class="footnote-back" href="#fnref-1-2">↩</a></li>
    </ol>
    </section>
    "##);
}

#[test]
fn blocks() {
    insta::assert_snapshot!(html("* a\n** b\n* c\n+\nattached\n+\n----\ncode\n----\n\n. one\n.. two\n\n[start=4]\n. four\n\n* [x] done\n* [ ] not\n\nTerm:: Def\nOther `t`::\n  Def 2\n+\nmore"), @r#"
    <ul>
    <li>a
    <ul>
    <li>b
    </li>
    </ul>
    </li>
    <li><p>c</p>
    <p>attached</p>
    <pre class="code"><code>code
    </code></pre>
    <ol>
    <li>one
    <ol>
    <li>two
    </li>
    </ol>
    </li>
    <li>four
    </li>
    </ol>
    </li>
    <li><input type="checkbox" disabled="" checked=""> done
    </li>
    <li><input type="checkbox" disabled=""> not
    <dl>
    <dt>Term</dt>
    <dd>Def
    </dd>
    <dt>Other <code>t</code></dt>
    <dd><p>Def 2</p>
    <p>more</p>
    </dd>
    </dl>
    </li>
    </ul>
    "#);
    insta::assert_snapshot!(html("NOTE: Short *one*.\n\n.Titled\n[WARNING]\n====\nLong\n\n* list\n====\n\nTIP: t\n\nIMPORTANT: i\n\nCAUTION: c\n\n.Ex\n====\nexample\n====\n\n****\nsidebar\n****\n\n--\nopen\n--\n\n[quote,Ada,Notes]\nWise words.\n\n____\nblock\n____\n\n[verse]\na\n  b\n\n> md quote"), @r#"
    <div class="admonition note">
    <p class="admonition-title">Note</p>
    <p>Short <strong>one</strong>.</p>
    </div>
    <div class="admonition warning">
    <p class="admonition-title">Warning</p>
    <p class="block-title">Titled</p><p>Long</p>
    <ul>
    <li>list
    </li>
    </ul>
    </div>
    <div class="admonition tip">
    <p class="admonition-title">Tip</p>
    <p>t</p>
    </div>
    <div class="admonition important">
    <p class="admonition-title">Important</p>
    <p>i</p>
    </div>
    <div class="admonition caution">
    <p class="admonition-title">Caution</p>
    <p>c</p>
    </div>
    <div class="example"><p class="block-title">Ex</p><p>example</p>
    </div><div class="sidebar"><p>sidebar</p>
    </div><div class="open"><p>open</p>
    </div><blockquote>
    <p>Wise words.</p>
    <p class="attribution">— Ada, Notes</p></blockquote>
    <blockquote>
    <p>block</p>
    </blockquote>
    <blockquote>
    <pre class="verse">a
      b</pre></blockquote>
    <blockquote>
    <p>md quote</p>
    </blockquote>
    "#);
    insta::assert_snapshot!(html(".A title\n[source,bash]\n----\necho \"{who}\" <1>\nls # <2>\n----\n<1> first\n<2> second\n\n....\nlite *ral* <x>\n....\n\n indented\n\n```java\nint a;\n```\n\n[listing]\nplain\n\n[source,json]\n{\"a\": 1}\n"), @r#"
    <p class="block-title">A title</p><pre class="code" data-language="bash"><code><span class="hl-builtin">echo</span> <span class="hl-string">"{who}"</span> (1)
    <span class="hl-function">ls</span> (2)
    </code></pre>
    <ol>
    <li>first
    </li>
    <li>second
    </li>
    </ol>
    <pre class="code"><code>lite *ral* &lt;x&gt;
    </code></pre>
    <pre class="code"><code>indented
    </code></pre>
    <pre class="code" data-language="java"><code><span class="hl-keyword">int</span> a<span class="hl-punctuation">;</span>
    </code></pre>
    <pre class="code"><code>plain
    </code></pre>
    <pre class="code" data-language="json"><code><span class="hl-punctuation">{</span><span class="hl-string">"a"</span><span class="hl-punctuation">:</span> <span class="hl-number">1</span><span class="hl-punctuation">}</span>
    </code></pre>
    "#);
    insta::assert_snapshot!(html(".Table\n[cols=\"1,^1,>1\",options=\"header,footer\"]\n|===\n|a |b |c\n\n|1 |*2* |`3`\n2+|wide\n.2+|tall\n|x |y\n|z a|\n* list\n|f |g |h\n|==="), @r#"
    <p class="block-title">Table</p><table>
    <thead>
    <tr><th>a</th><th class="align-center">b</th><th class="align-right">c</th></tr>
    </thead>
    <tbody>
    <tr><td>1</td><td class="align-center"><strong>2</strong></td><td class="align-right"><code>3</code></td></tr>
    <tr><td colspan="2">wide</td><td rowspan="2" class="align-center">tall</td></tr>
    <tr><td>x</td><td class="align-center">y</td></tr>
    </tbody>
    <tfoot>
    <tr><td>z</td><td class="align-center"><ul>
    <li>list
    </li>
    </ul>
    </td><td class="align-right">f</td></tr>
    </tfoot>
    </table>
    "#);
}

#[test]
fn a_single_term_after_a_list_keeps_its_name() {
    let html = html("* [x] done\n* [ ] not yet\n\nTerm:: What it means.\n\n== T\n");
    assert!(html.contains("<dt>Term</dt>\n<dd>What it means."), "{html}");
}

#[test]
fn links_and_images() {
    insta::assert_snapshot!(html("https://a.b/c[label] https://d.e/f link:https://g.h[] link:../m.md[page] link:../b.adoc[b] xref:../b.adoc#_other[xref] xref:b.adoc[] mailto:a@b.c[mail] c@d.e link:javascript:alert(1)[x] link:gone.md[dead] link:../m.html#m[anchor]"), @r##"<p><a class="external" href="https://a.b/c">label</a> <a class="external" href="https://d.e/f">https://d.e/f</a> <a class="external" href="https://g.h">https://g.h</a> <a data-page="m" href="#">page</a> <a data-page="b" href="#">b</a> <a data-page="b" data-anchor="_other" href="#">xref</a> <span class="broken-link">b.adoc</span> <a class="external" href="mailto:a@b.c">mail</a> c@d.e link:javascript:alert(1)[x] <span class="broken-link">dead</span> <a data-page="m" data-anchor="m" href="#">anchor</a></p>"##);
    insta::assert_snapshot!(html("image:pic.png[Alt text] inline\n\n.Caption\nimage::pic.png[Big, 200, link=\"https://a.b\"]\n\nimage::pic.png[]\n\nimage::gone.png[Gone]\n\nimage::https://a.b/c.png[Remote]\n\nvideo::v.mp4[]\n\nicon:tip[]"), @r#"
    <p><img data-file="workshop/content/sub/pic.png" alt="Alt text"> inline</p>
    <figure><a class="external" href="https://a.b"><img data-file="workshop/content/sub/pic.png" alt="Big" width="200"></a><figcaption>Caption</figcaption></figure>
    <figure><img data-file="workshop/content/sub/pic.png" alt="pic"></figure>
    <figure><span class="image-missing">Gone <code>gone.png</code></span></figure>
    <figure><span class="image-remote" data-url="https://a.b/c.png" alt="Remote">Remote</span></figure>
    <figure><span class="broken-link">v.mp4</span></figure>
    <p>[tip]</p>
    "#);
}

#[test]
fn actions_are_blocks_with_a_role() {
    let source = "= T\n\n[source,bash,role=execute]\n----\necho {{ session_name }} <1>\n----\n\n* item\n+\n[source,role=\"terminal:execute\"]\n----\ncommand: |-\n  a\n  b\nnope: 1\n----\n\n[role=copy]\n....\nliteral\n....\n\n[source,bash,role=terminal:exec]\n----\nx\n----\n\n[.execute-2]\n----\ntwo\n----\n\n[WARNING]\n====\n[source,role=section:begin]\n----\nname: s\n----\n\nin\n\n[source,role=section:end]\n----\nname: s\n----\n====\n";
    let (loaded, page) = rendered(source);
    insta::assert_snapshot!(page.html, @r#"
    <workshop-action data-index="0"></workshop-action>
    <ul>
    <li>item
    <workshop-action data-index="1"></workshop-action>
    </li>
    </ul>
    <workshop-action data-index="2"></workshop-action>
    <pre class="code" data-language="terminal:exec"><code>x
    </code></pre>
    <workshop-action data-index="3"></workshop-action>
    <div class="admonition warning">
    <p class="admonition-title">Warning</p>
    <workshop-action data-index="4"></workshop-action>
    <div class="workshop-section" data-section="0">

    <p>in</p>
    </div>
    <workshop-action data-index="5"></workshop-action>
    </div>
    "#);
    let sources = &loaded.workshop.sources;
    let actions: Vec<_> = page
        .actions
        .iter()
        .map(|action| {
            let place = sources.position(&action.span);
            format!("{}:{} {:?}", place.line, place.column, action.action)
        })
        .collect();
    insta::assert_snapshot!(actions.join("\n"), @r#"
    3:1 Ok(Terminal(Execute { command: "echo sess", session: One("1"), clear: false }))
    10:1 Ok(Terminal(Execute { command: "a\nb", session: One("1"), clear: false }))
    18:1 Ok(Copy { text: "literal" })
    28:1 Ok(Terminal(Execute { command: "two", session: One("2"), clear: false }))
    35:1 Ok(Section(Begin { name: "s", open: false }))
    42:1 Ok(Section(End { name: "s", toggle: true }))
    "#);
    insta::assert_snapshot!(report(sources, &page.diagnostics), @r#"
    warning[unknown-property] workshop/content/sub/a.adoc:15:1: unknown property `nope` (not a property of `terminal:execute`)
    warning[unknown-action] workshop/content/sub/a.adoc:23:1: there is no action `terminal:exec` (shown as plain code) = did you mean `terminal:execute`?
    "#);
}

#[test]
fn files_are_included_from_the_content_folder_only() {
    insta::assert_snapshot!(html("include::beside.adoc[]\n\ninclude::../shared/top.adoc[]\n\ninclude::../../secret.adoc[]\n\ninclude::/etc/passwd[]\n\ninclude::https://a.b/c.adoc[]\n\nEnd.\n"), @r#"
    <p>Included <strong>text</strong>.</p>
    <p>Shared.</p>
    <p>Unresolved directive in ../shared/top.adoc - include::gone.adoc[]</p>
    <p>Unresolved directive in (root file) - include::../../secret.adoc[]</p>
    <p>Unresolved directive in (root file) - include::/etc/passwd[]</p>
    <p><a class="external" href="https://a.b/c.adoc">https://a.b/c.adoc</a></p>
    <p>End.</p>
    "#);
    insta::assert_snapshot!(problems("include::beside.adoc[]\n\ninclude::gone.adoc[]\n\n[source,role=terminal:execute]\n----\nnope: 1\n----\n"), @r"
    warning[missing-include] workshop/content/sub/a.adoc:3:1: include file not found: gone.adoc (here)
    error[unknown-property] workshop/content/sub/a.adoc:7:1: unknown property `nope`, and `command` is missing (not a property of `terminal:execute`) = did you mean `command`?
    ");
    assert!(html("include::loop.adoc[]").len() < 100_000);
}

#[test]
fn hostile_pages_are_harmless() {
    insta::assert_snapshot!(html("+++<script>alert(1)</script><b onclick=\"x\">b</b>+++\n\n++++\n<iframe src=\"https://x\"></iframe><div style=\"position:fixed\">d</div><workshop-action data-index=\"0\"></workshop-action>\n++++\n\n:x: <img src=x onerror=alert(1)>\n\n{x} pass:[<svg onload=alert(1)>]\n\nlink:data:text/html,x[a] image:javascript:alert(1)[b]\n\n[[a\"onclick=\"x]]y\n\n[#b\"c]#z# link:javascript:x[y,role=\"a\\\"b\"]"), @r#"
    <p><b>b</b></p>
    <div>d</div><workshop-action></workshop-action><p>&lt;img src=x onerror=alert(1)&gt; </p>
    <p>link:data:text/html,x[a] <span class="image-missing">b <code>javascript:alert(1)</code></span></p>
    <p>[[a"onclick="x]]y</p>
    <p><a id="b&quot;c"></a>z link:javascript:x[y,role="a\"b"]</p>
    "#);
    for text in [
        "[quote]\n".repeat(20_000),
        "== s\n\n".repeat(20_000),
        "*a ".repeat(5_000),
        "====\n".repeat(500),
        "* a\n".repeat(5_000),
        "|===\n".to_owned() + &"|a".repeat(2_000) + "\n|===",
        "x".repeat(2_000_000),
        "{a}".repeat(5_000),
        "[".repeat(20_000),
        "----\n".to_owned() + &"<1>".repeat(1_000),
        ":a0: xxxxxxxxxx\n".to_owned()
            + &(1..40)
                .map(|n| format!(":a{n}: {{a{}}}{{a{}}}\n", n - 1, n - 1))
                .collect::<String>()
            + "\n{a39}",
    ] {
        assert!(html(&text).len() < 10_000_000);
    }
    assert!(html(":imagesdir: ../sub\n\nimage:pic.png[]").contains("data-file"));
    assert!(problems(&"== s\n\n".repeat(20_000)).contains("unsupported-asciidoc"));
}
