//! The verified vectors, and shortcodes.

use super::{classic, hugo, problems};
use crate::educates::tests::load;

/// Every row of `instructions.md` 15.1.
#[test]
fn verified_vectors() {
    for (source, html) in [
        ("`{{< param session_name >}}`", "<p><code>sess</code></p>\n"),
        ("{{< param SESSION_NAME >}}", "<p>sess</p>\n"),
        ("{{< param X >}}", "<p>a &amp; b &lt;c&gt;</p>\n"),
        (
            "```\n{{< param X >}}\n```",
            "<pre class=\"code\"><code>a &amp; b &lt;c&gt;\n</code></pre>\n",
        ),
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
        (
            "> [!NOTE]\n> x",
            "<blockquote class=\"alert alert-note\">\n<p><span class=\"alert-title\">[!NOTE]</span>\nx</p>\n</blockquote>\n",
        ),
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
    assert!(
        broken.starts_with("<div class=\"error-card\"")
            && broken.contains("<p>a <span class=\"error-chip\""),
        "{broken}"
    );
    // A page without a title has no heading; an unlisted page keeps its own.
    let loaded = load(&[
        (
            "workshop/config.yaml",
            "pathways: {default: p, paths: {p: {steps: [a]}}}",
        ),
        ("workshop/content/a.md", "text"),
        ("workshop/content/c.md", "---\ntitle: C\n---\ntext"),
    ]);
    assert_eq!(loaded.workshop.pages[0].heading, None);
    assert_eq!(loaded.workshop.unlisted[0].heading.as_deref(), Some("C"));
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
    <pre class="code" data-language="json"><code><span class="line" data-line="1"><span class="hl-punctuation">{</span><span class="hl-string">&quot;a&quot;</span><span class="hl-punctuation">:</span> <span class="hl-number">1</span><span class="hl-punctuation">}</span>
    </span></code></pre>
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
    <p>*in* </p>
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
