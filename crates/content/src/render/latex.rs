//! LaTeX → MathML, which a webview draws by itself.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use math_core::{LatexToMathML, MathDisplay};

/// Longer formulas are nobody's.
const MAX_FORMULA: usize = 4096;
/// Signs that may open a level. The library reads a level by calling itself.
const MAX_SIGNS: usize = 600;
/// What [`MAX_SIGNS`] levels need, in a debug build too.
const STACK: usize = 64 * 1024 * 1024;
/// Elements inside each other that a webview draws without complaint.
const MAX_LEVELS: usize = 100;

/// Why a formula cannot be set.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    /// Bytes of the formula.
    pub(super) place: Range<usize>,
    /// One sentence without a full stop.
    pub(super) message: String,
}

static CONVERTER: LazyLock<LatexToMathML> = LazyLock::new(LatexToMathML::default);

/// A formula as MathML.
pub(super) fn mathml(latex: &str, display: MathDisplay) -> Result<String, Mistake> {
    let latex = latex.trim_end();
    let wrong = |message: &str| Mistake {
        place: 0..latex.len(),
        message: message.to_owned(),
    };
    if latex.trim().is_empty() {
        return Err(wrong("the formula is empty"));
    }
    let signs = latex.matches(['\\', '{', '^', '_', '[', '(']).count();
    if latex.len() > MAX_FORMULA || signs > MAX_SIGNS {
        return Err(wrong("the formula is too long"));
    }
    let found = stacker::grow(STACK, || {
        CONVERTER
            .convert_with_local_state(latex, display)
            .map(|found| found.mathml)
            .map_err(|error| Mistake {
                message: sentence(&error.to_string()),
                place: error.0.clone(),
            })
    })?;
    if levels(&found) > MAX_LEVELS {
        return Err(wrong("the formula is nested too deeply"));
    }
    Ok(CLEANER.clean(&fenced(&found)).to_string())
}

/// Says of brackets what MathML's dictionary says of them. WebKit looks them up by their place among their neighbours
/// and sets those within a line apart.
fn fenced(mathml: &str) -> String {
    const PLAIN: &str = "<mo stretchy=\"false\">";
    let mut out = mathml.to_owned();
    for bracket in ['(', ')', '[', ']', '{', '}'] {
        out = out.replace(
            &format!("{PLAIN}{bracket}"),
            &format!("<mo stretchy=\"false\" lspace=\"0\" rspace=\"0\">{bracket}"),
        );
    }
    out
}

/// The library's message as ours are written.
fn sentence(message: &str) -> String {
    let message = message.trim_end_matches('.').replace('"', "`");
    let mut chars = message.chars();
    let first = chars.next().into_iter().flat_map(char::to_lowercase);
    first.chain(chars).collect()
}

/// How deep the elements stand in each other.
fn levels(html: &str) -> usize {
    let (mut level, mut deepest) = (0_usize, 0);
    for (at, _) in html.match_indices('<') {
        let tag = &html[at..];
        if tag.starts_with("</") {
            level = level.saturating_sub(1);
        } else if !tag[..tag.find('>').unwrap_or(tag.len())].ends_with('/') {
            level += 1;
            deepest = deepest.max(level);
        }
    }
    deepest
}

/// What a formula may be made of. The library writes nothing else; this does not rely on it.
static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = ammonia::Builder::empty();
    cleaner
        .tags(HashSet::from([
            "math",
            "mfrac",
            "mi",
            "mmultiscripts",
            "mn",
            "mo",
            "mover",
            "mpadded",
            "mphantom",
            "mprescripts",
            "mroot",
            "mrow",
            "ms",
            "mspace",
            "msqrt",
            "mstyle",
            "msub",
            "msubsup",
            "msup",
            "mtable",
            "mtd",
            "mtext",
            "mtr",
            "munder",
            "munderover",
            "menclose",
        ]))
        .generic_attributes(HashSet::from([
            "accent",
            "accentunder",
            "columnspan",
            "depth",
            "dir",
            "display",
            "displaystyle",
            "fence",
            "form",
            "height",
            "largeop",
            "linethickness",
            "lspace",
            "mathvariant",
            "maxsize",
            "minsize",
            "movablelimits",
            "notation",
            "rowspan",
            "rspace",
            "scriptlevel",
            "separator",
            "stretchy",
            "style",
            "symmetric",
            "voffset",
            "width",
        ]))
        .allowed_classes(HashMap::from([(
            "mrow",
            HashSet::from([
                "menclose-updiagonalstrike",
                "menclose-downdiagonalstrike",
                "menclose-horizontalstrike",
            ]),
        )]))
        .filter_style_properties(HashSet::from([
            "border",
            "border-bottom",
            "border-left",
            "border-right",
            "border-top",
            "color",
            "font-size",
            "justify-items",
            "margin-left",
            "padding-bottom",
            "padding-left",
            "padding-right",
            "padding-top",
            "text-align",
            "width",
        ]));
    cleaner
});

#[cfg(test)]
mod tests {
    use super::*;

    fn set(latex: &str) -> String {
        mathml(latex, MathDisplay::Inline).unwrap_or_else(|it| format!("{it:?}"))
    }

    #[test]
    fn sets_formulas() {
        insta::assert_snapshot!(set(r"\frac{a}{b} < \sqrt[3]{x}"), @"<math><mfrac><mi>a</mi><mi>b</mi></mfrac><mo>&lt;</mo><mroot><mi>x</mi><mn>3</mn></mroot></math>");
        insta::assert_snapshot!(set(r"\begin{aligned} a &= b \\ &= \color{red}{c} \end{aligned}"), @r#"<math><mtable displaystyle="true" scriptlevel="0"><mtr><mtd style="text-align:right;justify-items:end;padding-right:0"><mi>a</mi></mtd><mtd style="text-align:left;justify-items:start;padding-left:0"><mo>=</mo><mi>b</mi></mtd></mtr><mtr><mtd style="text-align:right;justify-items:end;padding-right:0"></mtd><mtd style="text-align:left;justify-items:start;padding-left:0"><mo>=</mo><mrow style="color:#FF0000"><mi>c</mi></mrow></mtd></mtr></mtable></math>"#);
    }

    #[test]
    fn names_the_place_of_a_mistake() {
        insta::assert_snapshot!(set(r"x + \nosuch{a}"), @r#"Mistake { place: 4..11, message: "unknown command `\\nosuch`" }"#);
        insta::assert_snapshot!(set(r"\frac{a}{b"), @r#"Mistake { place: 10..10, message: "expected closing token `}`, but reached end of input" }"#);
        insta::assert_snapshot!(set(" \n"), @r#"Mistake { place: 0..0, message: "the formula is empty" }"#);
    }

    #[test]
    fn a_formula_that_means_harm_is_text_or_refused() {
        for latex in [
            r"\href{javascript:alert(1)}{x}",
            r"\text{<img src=x onerror=alert(1)>}",
            r#"\text{"><script>alert(1)</script>}"#,
            r"<script>alert(1)</script>",
            r"\color{red;position:fixed}{x}",
            r"\url{javascript:alert(1)}",
            r"\operatorname{<b>}",
            r"\hspace{1em;position:fixed}x",
            r"\htmlStyle{position:fixed}{x}",
            r"\unicode{x3c}",
        ] {
            let html = match mathml(latex, MathDisplay::Block) {
                Ok(html) => html,
                Err(_) => continue,
            };
            for bad in [
                "<script",
                "<img",
                "<a",
                "<b>",
                "<span",
                "javascript",
                "position",
            ] {
                assert!(!html.contains(bad), "{bad} in {html}\nfrom {latex}");
            }
        }
    }

    #[test]
    fn deep_formulas_end() {
        for (open, middle, close) in [
            (r"\sqrt", " x", ""),
            ("{", "x", "}"),
            (r"\frac1", "x", ""),
            (r"\left(", "x", r"\right)"),
            ("x^{", "x", "}"),
            (r"\begin{matrix}", "x", r"\end{matrix}"),
            ("(", "x", ")"),
            ("[", "x", "]"),
            (r"{a\over ", "x", "}"),
            (r"\hat", " x", ""),
            (r"\text{$", "x", "$}"),
            ("x'", "", ""),
        ] {
            for times in [20, 200, 590, 5000] {
                let latex = open.repeat(times) + middle + &close.repeat(times);
                if let Ok(html) = mathml(&latex, MathDisplay::Block) {
                    assert!(levels(&html) <= MAX_LEVELS, "{latex}");
                }
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_set_or_refused(parts in proptest::collection::vec(proptest::sample::select(SOUP), 0..40), random in ".{0,20}") {
            let latex = parts.concat() + &random;
            match mathml(&latex, MathDisplay::Block) {
                Ok(html) => proptest::prop_assert!(html.starts_with("<math")),
                Err(mistake) => proptest::prop_assert!(latex.get(mistake.place.clone()).is_some(), "{mistake:?}"),
            }
        }
    }

    const SOUP: &[&str] = &[
        "\\frac",
        "\\sqrt",
        "{",
        "}",
        "[",
        "]",
        "^",
        "_",
        "&",
        "\\\\",
        "\\left",
        "\\right",
        "(",
        ")",
        "|",
        "x",
        "1",
        " ",
        "\\begin{matrix}",
        "\\end{matrix}",
        "\\begin{cases}",
        "\\end{cases}",
        "\\text{",
        "$",
        "%",
        "#1",
        "\\sum",
        "\\limits",
        "\\mathbb",
        "\\hat",
        "'",
        "~",
        "\\color{red}",
        "\\not",
        "=",
        "<",
        "é",
        "\\over",
        "\\tag{1}",
        "\\label{a}",
        "\\ref{a}",
        "\\hline",
        "\\cancel",
        "\\genfrac",
        "\\hspace{1em}",
        "\\operatorname*{",
        "\\substack",
        "\\big",
        ".",
        "\\middle",
    ];
}
