//! Templates by themselves: what each construct prints, and what is refused.

use proptest::prelude::*;

use super::{Call, Output, Page, Problem, Scope, Template, evaluate};
use crate::variables::Variables;

fn run(text: &str, call: &Call) -> Result<Output, Problem> {
    let parent = Call {
        name: "outer".to_owned(),
        named: vec![("colour".to_owned(), "red".to_owned())],
        ..Call::default()
    };
    let variables: Variables = [
        ("registry_host", ""),
        ("session_name", "lab-1"),
        ("danger", "<b>&\"'"),
    ]
    .into_iter()
    .collect();
    let page = Page {
        title: "First & last".to_owned(),
        address: "/workshop/content/01/".to_owned(),
    };
    let calls = [call.clone(), parent];
    let scope = Scope {
        calls: &calls,
        page: &page,
        variables: &variables,
        base: "http://lab.localhost/workshop/content",
        page_address: &|name| (name == "02").then(|| "/workshop/content/02/".to_owned()),
    };
    evaluate(&Template::parse(text)?, &scope, &mut 100_000)
}

fn call() -> Call {
    Call {
        name: "x".to_owned(),
        positional: vec!["one".to_owned(), "<two>".to_owned()],
        named: Vec::new(),
        inner: Some(" *in* \n".to_owned()),
        ordinal: 3,
    }
}

/// What a template prints, with the marks shown: `⟨inner⟩`, `⟨0: Markdown⟩`.
fn shown(text: &str, call: &Call) -> String {
    let output = match run(text, call) {
        Ok(output) => output,
        Err(problem) => {
            let kind = if problem.unsupported {
                "unsupported"
            } else {
                "error"
            };
            let at = text.get(problem.range.clone()).unwrap_or("?");
            return format!("{kind}: {} at `{at}`", problem.message);
        }
    };
    let mut html = output.html;
    for (number, body) in output.bodies.iter().enumerate() {
        let mark = format!("{}{number}{}", super::BODY, super::BODY);
        html = html.replace(&mark, &format!("⟨{body}⟩"));
    }
    let complaints: String = output
        .complaints
        .iter()
        .map(|text| format!(" !{text}"))
        .collect();
    html.replace(super::INNER, "⟨inner⟩") + &complaints
}

fn table(cases: &[(&str, &str)]) {
    for (template, expected) in cases {
        assert_eq!(shown(template, &call()), *expected, "{template}");
    }
}

#[test]
fn prints_arguments_variables_and_the_page() {
    table(&[
        ("a<b>{{ .Get 0 }}</b>", "a<b>one</b>"),
        (
            "{{ .Get 1 }}|{{ .Get 7 }}|{{ .Get \"no\" }}",
            "&lt;two&gt;||",
        ),
        ("{{ index .Params 0 }} {{ len .Params }}", "one 2"),
        (
            "{{ .IsNamedParams }} {{ .Name }} {{ .Ordinal }}",
            "false x 3",
        ),
        (
            "{{ .Page.Title }} {{ $.Page.Title }} {{ .Page.RelPermalink }}",
            "First &amp; last First &amp; last /workshop/content/01/",
        ),
        (
            "{{ .Site.Params.session_name }} {{ site.Params.Session_Name }} {{ .Page.Site.Params.SESSION_NAME }}",
            "lab-1 lab-1 lab-1",
        ),
        (
            "{{ index .Site.Params \"session_name\" }} {{ index site.Params (.Get 0) }}",
            "lab-1 ",
        ),
        (
            "{{ .Site.Params.danger }} {{ .Site.Params.danger | safeHTML }}",
            "&lt;b&gt;&amp;&quot;&#39; <b>&\"'",
        ),
        (
            "{{ .Site.Params.nope }}|{{ .Site.Param \"session_name\" }}",
            "|lab-1",
        ),
        (
            "{{ .Site.BaseURL }}",
            "http://lab.localhost/workshop/content/",
        ),
        (
            "{{ with .Parent }}{{ .Get \"colour\" }} {{ .Name }}{{ end }}",
            "red outer",
        ),
        (
            "{{ .Page.File.Path }}",
            "unsupported: `.File` is not played at `.Page.File.Path`",
        ),
        (
            "{{ .Scratch.Get \"x\" }}",
            "unsupported: `.Scratch` is not played at `.Scratch.Get`",
        ),
    ]);
    let named = Call {
        named: vec![("src".to_owned(), "a.png".to_owned())],
        ..Call::default()
    };
    assert_eq!(
        shown(
            "{{ .Get \"src\" }} {{ .Params.src }} {{ .Get 0 }} {{ .IsNamedParams }}",
            &named
        ),
        "a.png a.png a.png true"
    );
    assert_eq!(
        shown("{{ if .Inner }}yes{{ else }}no{{ end }}", &named),
        "no"
    );
}

#[test]
fn keeps_what_stands_between_the_tags() {
    table(&[
        ("{{ .Inner }}", "⟨inner⟩"),
        ("{{ .Inner | markdownify }}", "⟨⟨inner⟩⟩"),
        ("{{ markdownify .Inner }}", "⟨⟨inner⟩⟩"),
        ("{{ .Inner | .Page.RenderString }}", "⟨⟨inner⟩⟩"),
        ("{{ .Page.RenderString .Inner }}", "⟨⟨inner⟩⟩"),
        (
            "{{ $.Page.RenderString (dict \"display\" \"block\") .Inner }}",
            "⟨⟨inner⟩⟩",
        ),
        (
            "{{ trim .Inner \"\\n\" | markdownify | safeHTML }}",
            "⟨⟨inner⟩⟩",
        ),
        (
            "{{ .Inner | strings.TrimSpace | markdownify }}",
            "⟨⟨inner⟩⟩",
        ),
        (
            "{{ printf \"**Note** %s\" .Inner | markdownify }}",
            "⟨**Note** ⟨inner⟩⟩",
        ),
        ("{{ .Get 0 | markdownify }}", "⟨one⟩"),
        (
            "{{ $x := .Inner }}<p>{{ $x | markdownify }}</p>",
            "<p>⟨⟨inner⟩⟩</p>",
        ),
        ("{{ upper .Inner }}", " *IN* \n"),
        (
            "{{ len .Inner }} {{ eq (trim .Inner \" \") \"x\" }}",
            "7 false",
        ),
        ("{{ with .Inner }}{{ . }}{{ end }}", "⟨inner⟩"),
    ]);
}

#[test]
fn decides_and_repeats() {
    table(&[
        (
            "{{ if .Site.Params.registry_host }}a{{ else }}b{{ end }}",
            "b",
        ),
        ("{{ if not .Site.Params.registry_host }}a{{ end }}", "a"),
        (
            "{{ if eq (.Get 0) \"two\" }}a{{ else if eq (.Get 0) \"one\" \"x\" }}b{{ else }}c{{ end }}",
            "b",
        ),
        (
            "{{ if ne 1 2 }}a{{ end }}{{ if lt 1 2 }}b{{ end }}{{ if ge \"b\" \"a\" }}c{{ end }}{{ if gt 1 2 }}d{{ end }}{{ if le 2 2.0 }}e{{ end }}",
            "abce",
        ),
        ("{{ and 1 0 2 }} {{ or 0 \"\" \"x\" }} {{ and }}", "0 x "),
        ("{{ if or false (errorf \"no\") }}a{{ end }}", " !no"),
        ("{{ if or true (errorf \"no\") }}a{{ end }}", "a"),
        (
            "{{ with .Get 0 }}[{{ . }}]{{ end }}{{ with .Get 9 }}x{{ else }}-{{ end }}",
            "[one]-",
        ),
        (
            "{{ with $y := .Get 0 }}{{ $y }}{{ else with .Get 1 }}x{{ end }}",
            "one",
        ),
        ("{{ range slice 1 2 3 }}{{ . }},{{ end }}", "1,2,3,"),
        (
            "{{ range $i, $x := split \"a|b\" \"|\" }}{{ $i }}{{ $x }}{{ $.Get 0 }} {{ end }}",
            "0aone 1bone ",
        ),
        (
            "{{ range seq 3 }}{{ . }}{{ end }}{{ range seq 3 -1 1 }}{{ . }}{{ end }}",
            "123321",
        ),
        (
            "{{ range $k, $v := dict \"b\" 2 \"a\" 1 }}{{ $k }}{{ $v }}{{ end }}",
            "a1b2",
        ),
        ("{{ range (slice) }}x{{ else }}none{{ end }}", "none"),
        (
            "{{ $n := 1 }}{{ range seq 3 }}{{ $n = add $n . }}{{ end }}{{ $n }}",
            "7",
        ),
        (
            "{{ $n := 1 }}{{ if true }}{{ $n := 5 }}{{ end }}{{ $n }}",
            "1",
        ),
        ("a  {{- /* nothing */ -}}  b {{- \"c\" -}} d", "abcd"),
        ("{{/* nothing */}}x", "x"),
        (
            "{{ cond true \"a\" \"b\" }} {{ default \"d\" (.Get 9) }} {{ .Get 0 | default \"d\" }}",
            "a d one",
        ),
        ("{{ isset .Params 1 }} {{ isset .Params 5 }}", "true false"),
        (
            "{{ index (slice \"a\" (dict \"k\" \"v\")) 1 \"k\" }} {{ (dict \"k\" \"v\").k }} {{ index (slice) 4 }}",
            "v v ",
        ),
    ]);
}

#[test]
fn works_on_texts_and_numbers() {
    table(&[
        (
            "{{ printf \"%s-%d-%05.1f-%q-%v%%\" \"a\" 7 2.25 \"q\" true }}",
            "a-7-002.2-&quot;q&quot;-true%",
        ),
        ("{{ printf \"%-4s|%3d\" \"a\" 7 }}", "a   |  7"),
        (
            "{{ printf \"<i>%s</i>\" \"a\" }} {{ printf \"<i>%s</i>\" \"a\" | safeHTML }}",
            "&lt;i&gt;a&lt;/i&gt; <i>a</i>",
        ),
        (
            "{{ upper \"a\" }}{{ lower \"B\" }} {{ title \"two words\" }} {{ humanize \"my-page\" }} {{ \"a B\" | urlize }}",
            "Ab Two Words My page a-b",
        ),
        (
            "{{ replace \"aXa\" \"a\" \"b\" }} {{ strings.TrimPrefix \"a\" \"ab\" }} {{ substr \"hello\" 1 3 }}",
            "bXb b ell",
        ),
        (
            "{{ hasPrefix \"ab\" \"a\" }} {{ strings.Contains \"ab\" \"x\" }} {{ in \"ab\" \"b\" }} {{ in (slice 1) 1 }}",
            "true false true true",
        ),
        (
            "{{ delimit (slice \"a\" \"b\") \", \" }} {{ strings.Repeat 3 \"x\" }}",
            "a, b xxx",
        ),
        (
            "{{ add 1 2 }} {{ sub 5 2 }} {{ mul 2 3 }} {{ div 7 2 }} {{ mod 7 2 }} {{ div 7.0 2 }} {{ math.Max 1 3 }}",
            "3 3 6 3 1 3.5 3",
        ),
        (
            "{{ int \"4\" }} {{ add (int (.Get 9 | default 2)) 1 }}",
            "4 3",
        ),
        (
            "{{ plainify \"<b>x</b> 1 < 2\" }} {{ htmlEscape \"<\" }} {{ \"a\\n\" | chomp }}|",
            "x 1 &lt; 2 &lt; a|",
        ),
        (
            "{{ relref . \"02\" }} {{ absURL \"img/a.png\" }}",
            "/workshop/content/02/ http://lab.localhost/workshop/content/img/a.png",
        ),
        (
            "{{ first 1 (slice 1 2) }}{{ last 1 (slice 1 2) }}{{ after 1 (slice 1 2) }}",
            "[1][2][2]",
        ),
        ("{{ warnf \"mind %s\" \"it\" }}", " !mind it"),
        (
            "{{ \"a\" }}{{ `r\"w` }}{{ 1.50 }}{{ -3 }}",
            "ar&quot;w1.5-3",
        ),
    ]);
}

#[test]
fn says_what_is_wrong_and_where() {
    table(&[
        (
            "{{ if 1 }}x",
            "error: this `if` has no `end` at `{{ if 1 }}`",
        ),
        ("x{{ end }}", "error: `end` closes nothing at `{{ end }}`"),
        (
            "{{ if 1 }}{{ else }}{{ else }}{{ end }}",
            "error: a second `else` at `{{ else }}`",
        ),
        ("{{ .Get 0", "error: this action does not end at `{{`"),
        ("{{ \"x }}", "error: this text does not end at `\"`"),
        ("{{ ( 1 }}", "error: this bracket is not closed at `(`"),
        ("{{ }}", "error: this action is empty at `{{ }}`"),
        ("{{ 1 | }}", "error: a value is missing here at `{{ 1 | }}`"),
        ("{{ ? }}", "error: this cannot be read at `?`"),
        ("{{ $x }}", "error: there is no variable `$x` at `$x`"),
        (
            "{{ readFile \"/etc/passwd\" }}",
            "unsupported: the function `readFile` is not played at `readFile`",
        ),
        (
            "{{ os.Getenv \"HOME\" }}",
            "unsupported: the function `os.Getenv` is not played at `os.Getenv`",
        ),
        (
            "{{ resources.Get \"x\" }}",
            "unsupported: the function `resources.Get` is not played at `resources.Get`",
        ),
        (
            "{{ partial \"x.html\" . }}",
            "unsupported: `partial` is not played at `{{ partial \"x.html\" . }}`",
        ),
        (
            "{{ define \"x\" }}{{ end }}",
            "unsupported: `define` is not played at `{{ define \"x\" }}`",
        ),
        (
            "{{ printf }}",
            "error: `printf` needs more values at `printf`",
        ),
        ("{{ add 1 }}", "error: `add` needs more values at `add`"),
        ("{{ div 1 0 }}", "error: this is no number at `div`"),
        (
            "{{ range \"x\" }}{{ end }}",
            "error: this is no list at `\"x\"`",
        ),
        (
            "{{ ref . \"gone\" }}",
            "error: there is no page `gone` at `ref`",
        ),
        ("{{ 1 2 }}", "error: this is no function at `1 2`"),
    ]);
}

#[test]
fn is_bounded() {
    let loops = "{{ range seq 2000 }}{{ range seq 2000 }}x{{ end }}{{ end }}";
    assert!(shown(loops, &call()).contains("too many steps"));
    let grows =
        "{{ $x := \"0123456789\" }}{{ range seq 100 }}{{ $x = printf \"%s%s\" $x $x }}{{ end }}";
    let problem = shown(grows, &call());
    assert!(
        problem.contains("too long a text") || problem.contains("too many steps"),
        "{problem}"
    );
    assert!(shown("{{ strings.Repeat 9999999 \"abc\" }}", &call()).contains("too long a text"));
    assert!(shown("{{ seq 1 99999999 }}", &call()).contains("too long"));
    let prints = "{{ $x := strings.Repeat 200000 \"x\" }}{{ $x }}{{ $x }}";
    assert!(shown(prints, &call()).contains("prints too much"));
    for deep in ["{{ if 1 }}", "{{ if 0 }}{{ else if 1 }}"] {
        let deep = format!("{}x{}", deep.repeat(5000), "{{ end }}".repeat(5000));
        assert!(shown(&deep, &call()).contains("nested too deep"));
    }
    let brackets = format!("{{{{ {}1{} }}}}", "(".repeat(5000), ")".repeat(5000));
    assert!(shown(&brackets, &call()).contains("nested too deep"));
    let elses = format!(
        "{{{{ if 0 }}}}{}{{{{ end }}}}",
        "{{ else if 0 }}".repeat(5000)
    );
    assert!(shown(&elses, &call()).contains("nested too deep"));
}

#[test]
fn marks_of_our_own_cannot_be_written() {
    let forged = format!("{}0{}{}", super::BODY, super::BODY, super::INNER);
    let output = run(&forged, &call()).unwrap();
    assert!(!output.html.contains([super::BODY, super::INNER]));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,60}", words in prop::collection::vec(prop::sample::select(vec![
        "{{", "}}", "{{- ", " -}}", "if ", "else ", "end", "range ", "with ", "$x", ":=", "=", "|", "(", ")", ".", ".Get 0",
        ".Inner", "markdownify", "\"a\"", "`", "\"", "1", "-", "2.5", "printf \"%s\"", "index", ".Site.Params.x", ",", "/*", "*/", "é",
        "slice 1 2", "seq 5", "dict", "substr \"é\" 1 1", "first 1", "%",
    ]), 0..40)) {
        let _ = shown(&text, &call());
        let _ = shown(&words.concat(), &call());
        let _ = shown(&words.join(" "), &call());
    }
}
