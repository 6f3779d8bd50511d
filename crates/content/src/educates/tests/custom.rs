//! Shortcodes of the author's own, on a page.

use std::fmt::Write as _;

use super::{load, report};
use crate::action::Action;
use crate::{Variables, render};

/// A page with templates: its HTML, its actions, what is wrong with it.
fn page(templates: &[(&str, &str)], text: &str) -> String {
    let paths: Vec<_> = templates
        .iter()
        .map(|(name, _)| format!("workshop/layouts/shortcodes/{name}.html"))
        .collect();
    let mut files: Vec<_> = paths
        .iter()
        .zip(templates)
        .map(|(path, (_, text))| (path.as_str(), *text))
        .collect();
    files.push(("workshop/content/01.md", text));
    files.push(("workshop/content/02.md", "# Two"));
    files.push(("workshop/static/a.png", ""));
    files.push((
        "workshop/config.yaml",
        "params:\n- {name: registry_url, value: reg.example}\n",
    ));
    let loaded = load(&files);
    let workshop = &loaded.workshop;
    let variables = Variables::for_preview(workshop);
    let rendered = render(workshop, &workshop.pages[0], &variables);
    let mut out = rendered.html.clone();
    for action in &rendered.actions {
        let place = workshop.sources.position(&action.span);
        let what = match &action.action {
            Ok(Action::Terminal(action)) => format!("{action:?}"),
            other => format!("{other:?}"),
        };
        writeln!(out, "{}:{} {what}", place.line, place.column).unwrap();
    }
    out.push_str(&report(&workshop.sources, &loaded.diagnostics));
    out.push_str(&report(&workshop.sources, &rendered.diagnostics));
    out
}

const IF_REGISTRY: &str = "{{ if .Site.Params.registry_url }}{{ .Inner | markdownify }}{{ end }}\n";

#[test]
fn show_their_text_or_hide_it() {
    let text = "{{< with-registry >}}\nPush to **{{< param registry_url >}}**:\n\n```terminal:execute\ncommand: push {{< param registry_url >}}\n```\n{{< /with-registry >}}\n\n{{< without >}}\nhidden\n\n```terminal:execute\ncommand: hidden\n```\n{{< /without >}}\n\nend\n";
    let without = IF_REGISTRY.replace("if ", "if not ");
    insta::assert_snapshot!(page(&[("with-registry", IF_REGISTRY), ("without", &without)], text), @r##"
    <p>Push to <strong>reg.example</strong>:</p>
    <workshop-action data-index="0"></workshop-action>
    <p>end</p>
    4:1 Execute { command: "push reg.example", session: One("1"), clear: false }
    "##);
}

#[test]
fn print_html_around_markdown() {
    let card = "<div class=\"card {{ .Get \"kind\" | default \"plain\" }}\" onclick=\"x()\">\n  {{ with .Get \"title\" }}<h3>{{ . }}</h3>{{ end }}\n  {{ .Inner | markdownify }}\n</div>";
    let text = "Before {{< card kind=\"wide\" title=\"A & <b>\" >}}\n- one\n- *two*\n\n```terminal:execute\ncommand: ls\n```\n{{< /card >}} after\n";
    insta::assert_snapshot!(page(&[("card", card)], text), @r##"
    <p>Before </p>
    <div class="card wide">
      <h3>A &amp; &lt;b&gt;</h3>
      <ul>
    <li>one</li>
    <li><em>two</em></li>
    </ul>
    <workshop-action data-index="0"></workshop-action>

    </div>
    <p> after</p>
    5:1 Execute { command: "ls", session: One("1"), clear: false }
    "##);
}

#[test]
fn stand_in_a_line() {
    let templates = [
        ("key", "<kbd>{{ .Get 0 }}</kbd>"),
        (
            "host",
            "{{ site.Params.session_name }}.{{ .Site.Params.ingress_domain -}}\n",
        ),
        ("loud", "<strong>{{ .Inner | markdownify }}</strong>"),
        ("pic", "<img src=\"{{ .Get 0 }}\" alt=\"{{ .Get 1 }}\">"),
        ("to", "<a href=\"{{ relref . (.Get 0) }}\">{{ .Get 0 }}</a>"),
    ];
    let text = "Press {{< key \"Ctrl+C\" >}} on {{< host >}} and {{< loud >}}do *it*{{< /loud >}}.\n\n`{{< host >}}` [x](http://{{< host >}}/) {{< pic \"/a.png\" \"A\" >}} {{< to \"02\" >}}\n\n```terminal:execute\ncommand: curl {{< host >}} {{< key \"a\" >}}\n```\n";
    insta::assert_snapshot!(page(&templates, text), @r##"
    <p>Press <kbd>Ctrl+C</kbd> on workshop.localhost and <strong>do <em>it</em></strong>.</p>
    <p><code>workshop.localhost</code> <a class="external" href="http://workshop.localhost/">x</a> <img data-file="workshop/static/a.png" alt="A"> <a data-page="02" href="#">02</a></p>
    <workshop-action data-index="0"></workshop-action>
    5:1 Execute { command: "curl workshop.localhost a", session: One("1"), clear: false }
    "##);
}

#[test]
fn print_markdown_between_percent_signs() {
    let templates = [
        (
            "steps",
            "{{ range $i, $x := .Params }}{{ add $i 1 }}. {{ $x }}\n{{ end }}",
        ),
        ("quote", "> {{ .Inner }}\n"),
    ];
    let text = "{{% steps \"a *b*\" \"c\" %}}\n\n{{% quote %}}said **so**{{% /quote %}}\n\n{{% quote %}}\n\n```terminal:execute\ncommand: ls\n```\n\n{{% /quote %}}\n";
    insta::assert_snapshot!(page(&templates, text), @r##"
    <ol>
    <li>a <em>b</em></li>
    <li>c</li>
    </ol>
    <blockquote>
    <p>said <strong>so</strong></p>
    </blockquote>
    <blockquote>
    </blockquote>
    <workshop-action data-index="0"></workshop-action>
    7:1 Execute { command: "ls", session: One("1"), clear: false }
    "##);
}

#[test]
fn know_where_they_stand_and_take_the_place_of_built_in_ones() {
    let templates = [
        ("tabs", "<section>{{ .Inner | markdownify }}</section>"),
        (
            "tab",
            "<p>{{ .Parent.Get \"group\" }}/{{ .Get 0 }} {{ .Inner }}</p>",
        ),
        ("note", "<aside>{{ .Inner | markdownify }}</aside>"),
        ("sub/name", "deep"),
    ];
    let text = "{{< tabs group=\"os\" >}}\n{{< tab \"linux\" >}}raw *text* {{< param session_name >}}{{< /tab >}}\n{{< /tabs >}}\n\n{{< note >}}own{{< /note >}}\n\n{{< sub/name >}} {{< tab />}}\n";
    insta::assert_snapshot!(page(&templates, text), @r##"
    <section><p>os/linux raw *text* workshop</p>
    </section>
    <aside>own</aside>
    <p>deep </p>
    <p>/ </p>
    "##);
}

#[test]
fn never_run_scripts() {
    let bad = "<script>alert(1)</script><div onclick=\"x\" style=\"a\">ok <a href=\"javascript:alert(1)\">l</a></div><workshop-action data-index=\"0\"></workshop-action>";
    insta::assert_snapshot!(page(&[("bad", bad)], "{{< bad >}}\n"), @r##"
    <div>ok l</div><workshop-action></workshop-action>
    warning[unsafe-template] workshop/layouts/shortcodes/bad.html:1:1: `<script>` of workshop/layouts/shortcodes/bad.html is left out: pages run no scripts and load no styles or frames (not shown) = say it in Markdown, or with plain HTML
    warning[unsafe-link] workshop/content/01.md:1:1: this kind of address is not followed (not a web, mail or page address)
    "##);
}

#[test]
fn that_cannot_be_played_show_their_text() {
    let templates = [
        ("broken", "a\n{{ if .Get 0 }}b"),
        ("much", "<p>{{ readFile \"x\" }}{{ .Inner }}</p>"),
        (
            "grumpy",
            "{{ if not (.Get 0) }}{{ errorf \"%s needs a name\" .Name }}{{ end }}ok",
        ),
        (
            "endless",
            "{{ range seq 2000 }}{{ range seq 2000 }}x{{ end }}{{ end }}",
        ),
    ];
    let text = "{{< broken >}}\n\n{{< much >}}**kept**{{< /much >}}\n\n{{< grumpy >}}\n\n{{< endless >}}\n\n{{< mcuh >}}\n";
    insta::assert_snapshot!(page(&templates, text), @r##"
    <p><span class="error-chip" title="the template workshop/layouts/shortcodes/broken.html cannot be played: this `if` has no `end`">{{&lt; broken &gt;}}</span></p>
    <p><span class="error-chip" title="the template workshop/layouts/shortcodes/much.html cannot be played: the function `readFile` is not played">{{&lt; much &gt;}}</span></p>
    <p><strong>kept</strong></p>
    <p>ok</p>
    <p><span class="error-chip" title="the template workshop/layouts/shortcodes/endless.html cannot be played: this takes too many steps">{{&lt; endless &gt;}}</span></p>
    <p><span class="error-chip" title="there is no shortcode `mcuh`">{{&lt; mcuh &gt;}}</span></p>
    error[invalid-template] workshop/layouts/shortcodes/broken.html:2:1: this `if` has no `end` (in this template) = correct the template; Hugo builds no page at all with it
    warning[unsupported-shortcode] workshop/content/01.md:1:1: the template workshop/layouts/shortcodes/broken.html cannot be played: this `if` has no `end` (not shown)
    warning[unsupported-shortcode] workshop/content/01.md:3:1: the template workshop/layouts/shortcodes/much.html cannot be played: the function `readFile` is not played (only its body is shown)
    warning[shortcode-complaint] workshop/content/01.md:5:1: grumpy needs a name (its template says this)
    warning[unsupported-shortcode] workshop/content/01.md:7:1: the template workshop/layouts/shortcodes/endless.html cannot be played: this takes too many steps (not shown)
    error[unknown-shortcode] workshop/content/01.md:9:1: there is no shortcode `mcuh` (not known) = did you mean `much`?
    "##);
}

#[test]
fn a_page_of_calls_is_bounded() {
    let busy = "{{ range seq 100 }}{{ range seq 90 }}{{ end }}{{ end }}x";
    let text = "{{< busy >}} ".repeat(2000);
    let out = page(&[("busy", busy)], &text);
    assert!(out.contains("this takes too many steps"), "{}", &out[..500]);

    let again = "{{ range seq 50 }}{{ $.Inner | markdownify }}{{ end }}";
    let text = format!(
        "{}x{}",
        "{{< again >}}".repeat(10),
        "{{< /again >}}".repeat(10)
    );
    let out = page(&[("again", again)], &text);
    assert!(out.contains("the templates of this page print too much"));

    let text = "{{< key \"a\" >}} ".repeat(30_000);
    let out = page(&[("key", "<b>{{ .Get 0 }}</b>")], &text);
    assert!(out.starts_with("<p><b>a</b> <b>a</b>"));
}
