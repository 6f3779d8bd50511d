//! Code → HTML with classes; the colours are the window's (`instructions.md` 8).
//!
//! The classes, all prefixed `hl-`: `comment string number constant keyword operator type function builtin tag
//! attribute variable punctuation heading inserted deleted invalid`.

use std::sync::LazyLock;

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use super::expanded::escape;
use super::lines::Lines;
use super::queries;

/// Longer code stays plain: nobody reads it by colour, and grammars are not linear.
const MAX_CODE: usize = 48 * 1024;
/// Longer lines stay plain, for the same reason.
const MAX_LINE: usize = 2000;

/// Writes code with classes; code of an unknown language plain. Where lines have numbers or marks, each is an element
/// of its own. `mark` stands in the attributes that only this crate may write.
pub(super) fn write(out: &mut String, code: &str, language: &str, lines: &Lines, mark: &str) {
    let is_readable = !language.is_empty()
        && code.len() <= MAX_CODE
        && code.split('\n').all(|line| line.len() <= MAX_LINE);
    let coloured = match is_readable {
        true if queries::is_query(language) => Some(query(code, language)),
        true => syntax(language).and_then(|syntax| colour(code, syntax)),
        false => None,
    };
    let html = coloured.unwrap_or_else(|| escape(code).into_owned());
    if lines.is_plain() {
        out.push_str(&html);
    } else {
        by_line(out, &html, lines, mark);
    }
}

/// Puts every line into an element; a colour that goes on in the next line is closed and opened again.
fn by_line(out: &mut String, html: &str, lines: &Lines, mark: &str) {
    let mut open = "";
    for (index, line) in html.split_inclusive('\n').enumerate() {
        // The end of a colour that has nothing left to colour.
        if line == "</span>" {
            break;
        }
        out.push_str(if lines.is_marked(index + 1) {
            "<span class=\"line marked\""
        } else {
            "<span class=\"line\""
        });
        if let Some(first) = lines.first {
            out.push_str(&format!(" data-line=\"{mark}{}\"", first + index));
        }
        out.push('>');
        out.push_str(open);
        out.push_str(line);
        for (at, _) in line.match_indices("<span class=\"hl-") {
            open = &line[at..at + line[at..].find('>').map_or(0, |end| end + 1)];
        }
        if line.rfind("</span>") > line.rfind("<span class=\"hl-") {
            open = "";
        }
        out.push_str(if open.is_empty() {
            "</span>"
        } else {
            "</span></span>"
        });
    }
}

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

fn syntax(language: &str) -> Option<&'static SyntaxReference> {
    let language = language.to_ascii_lowercase();
    let name = match language.as_str() {
        "" | "text" | "txt" | "plain" | "plaintext" | "none" | "console" | "shell-session"
        | "shellsession" | "output" | "terminal" => return None,
        "shell" | "sh" | "zsh" | "ksh" => "bash",
        "docker" => "dockerfile",
        "golang" => "go",
        "protobuf" => "proto",
        "js" | "node" => "javascript",
        "py" | "python3" => "python",
        "c++" => "cpp",
        "c#" => "cs",
        "kotlin" => "kt",
        "jsonc" | "json5" => "json",
        "patch" => "diff",
        "cfg" | "conf" => "ini",
        "tf" | "hcl" => "terraform",
        "promql" | "logql" | "flux" => return None,
        name => name,
    };
    SYNTAXES
        .find_syntax_by_token(name)
        .filter(|syntax| syntax.name != "Plain Text")
}

fn query(code: &str, language: &str) -> String {
    let mut out = Spans::default();
    for (piece, class) in queries::pieces(code, language) {
        out.push(piece, class);
    }
    out.close();
    out.html
}

fn colour(code: &str, syntax: &SyntaxReference) -> Option<String> {
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    let mut out = Spans::default();
    let mut class: Option<&'static str> = None;
    for line in code.split_inclusive('\n') {
        let changes = state.parse_line(line, &SYNTAXES).ok()?;
        let mut at = 0;
        for (offset, change) in &changes {
            out.push(line.get(at..*offset)?, class);
            at = *offset;
            stack.apply(change).ok()?;
            class = classify(stack.as_slice());
        }
        out.push(line.get(at..)?, class);
    }
    out.close();
    Some(out.html)
}

/// HTML in which neighbours of one class share a span.
#[derive(Default)]
struct Spans {
    html: String,
    open: Option<&'static str>,
}

impl Spans {
    fn push(&mut self, text: &str, class: Option<&'static str>) {
        if text.is_empty() {
            return;
        }
        if class != self.open {
            self.close();
            if let Some(class) = class {
                self.html.push_str("<span class=\"hl-");
                self.html.push_str(class);
                self.html.push_str("\">");
            }
            self.open = class;
        }
        self.html.push_str(&escape(text));
    }

    fn close(&mut self) {
        if self.open.take().is_some() {
            self.html.push_str("</span>");
        }
    }
}

/// The class of the innermost scope that has one.
fn classify(scopes: &[Scope]) -> Option<&'static str> {
    scopes.iter().rev().find_map(|scope| {
        CLASSES
            .iter()
            .find(|(prefix, _)| prefix.is_prefix_of(*scope))
            .map(|(_, class)| *class)
    })
}

/// Scope prefixes and their classes; the first that fits counts.
static CLASSES: LazyLock<Vec<(Scope, &'static str)>> = LazyLock::new(|| {
    [
        ("comment", "comment"),
        ("punctuation.definition.comment", "comment"),
        ("punctuation.definition.string", "string"),
        ("string", "string"),
        ("constant.numeric", "number"),
        // The words behind the marks of a block in Markdown.
        ("constant.other.language-name", "variable"),
        ("constant", "constant"),
        ("keyword.operator", "operator"),
        ("keyword", "keyword"),
        ("storage.type.function", "keyword"),
        ("storage", "keyword"),
        ("entity.name.function", "function"),
        ("entity.name.tag", "tag"),
        ("entity.name.section", "heading"),
        ("entity.name.type", "type"),
        ("entity.name.class", "type"),
        ("entity.name.struct", "type"),
        ("entity.name.enum", "type"),
        ("entity.name.trait", "type"),
        ("entity.name.namespace", "type"),
        ("entity.other.inherited-class", "type"),
        ("entity.other.attribute-name", "attribute"),
        ("support.function", "builtin"),
        ("support.type", "type"),
        ("support.class", "type"),
        ("support.constant", "constant"),
        ("variable.function", "function"),
        ("variable.language", "builtin"),
        ("variable.parameter", "variable"),
        ("variable", "variable"),
        ("markup.heading", "heading"),
        ("markup.inserted", "inserted"),
        ("markup.deleted", "deleted"),
        // An example of a block is as plain as the block.
        ("markup.raw.code-fence", "variable"),
        ("markup.raw.block", "variable"),
        ("markup.raw", "string"),
        ("invalid", "invalid"),
        ("punctuation", "punctuation"),
    ]
    .into_iter()
    .filter_map(|(scope, class)| Scope::new(scope).ok().map(|scope| (scope, class)))
    .collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    fn highlighted(code: &str, language: &str) -> String {
        let mut out = String::new();
        write(&mut out, code, language, &Lines::default(), "");
        out
    }

    #[test]
    fn lines_stand_for_themselves() {
        let lines = Lines {
            first: Some(9),
            marked: vec![2..=2],
        };
        let mut out = String::new();
        write(&mut out, "/* a\nb */ let x = 1;\n// c\n", "js", &lines, "");
        insta::assert_snapshot!(out, @r#"
        <span class="line" data-line="9"><span class="hl-comment">/* a
        </span></span><span class="line marked" data-line="10"><span class="hl-comment">b */</span> <span class="hl-keyword">let</span> <span class="hl-variable">x</span> <span class="hl-operator">=</span> <span class="hl-number">1</span><span class="hl-punctuation">;</span>
        </span><span class="line" data-line="11"><span class="hl-comment">// c
        </span></span>
        "#);
        out.clear();
        write(&mut out, "a <\n\nb", "", &lines, "");
        insta::assert_snapshot!(out, @r#"
        <span class="line" data-line="9">a &lt;
        </span><span class="line marked" data-line="10">
        </span><span class="line" data-line="11">b</span>
        "#);
    }

    #[test]
    fn colours_what_it_knows_and_escapes_everything() {
        insta::assert_snapshot!(highlighted("# x\nfor i in 1; do echo \"<$i>\"; done\n", "bash"), @r#"
        <span class="hl-comment"># x
        </span><span class="hl-keyword">for</span> i <span class="hl-keyword">in</span> 1<span class="hl-operator">;</span> <span class="hl-keyword">do</span> <span class="hl-builtin">echo</span> <span class="hl-string">&quot;&lt;</span><span class="hl-punctuation">$</span><span class="hl-variable">i</span><span class="hl-string">&gt;&quot;</span><span class="hl-operator">;</span> <span class="hl-keyword">done</span>
        "#);
        insta::assert_snapshot!(highlighted("a:\n  b: \"x\" # c\n  n: 5\n", "yaml"), @r#"
        <span class="hl-tag">a</span><span class="hl-punctuation">:</span>
          <span class="hl-tag">b</span><span class="hl-punctuation">:</span> <span class="hl-string">&quot;x&quot;</span> <span class="hl-comment"># c
        </span>  <span class="hl-constant">n</span><span class="hl-punctuation">:</span> <span class="hl-number">5</span>
        "#);
        insta::assert_snapshot!(highlighted("`a`\n\n```terminal:execute\ncommand: ls\n```\n", "markdown"), @r#"
        <span class="hl-punctuation">`</span><span class="hl-string">a</span><span class="hl-punctuation">`</span>

        <span class="hl-punctuation">```</span><span class="hl-variable">terminal</span>:execute
        <span class="hl-variable">command: ls
        </span><span class="hl-punctuation">```</span>
        "#);
        assert_eq!(highlighted("a < b & c", "nosuch"), "a &lt; b &amp; c");
        assert_eq!(highlighted("a < b", ""), "a &lt; b");
    }

    #[test]
    fn knows_the_languages_of_the_field() {
        for language in [
            "bash",
            "yaml",
            "java",
            "json",
            "sql",
            "xml",
            "dockerfile",
            "properties",
            "ini",
            "protobuf",
            "markdown",
            "python",
            "go",
            "javascript",
            "typescript",
            "html",
            "css",
            "diff",
            "toml",
            "c",
            "rust",
            "sh",
            "shell",
            "hcl",
        ] {
            assert!(syntax(language).is_some(), "{language}");
        }
        for language in ["console", "text"] {
            assert!(syntax(language).is_none(), "{language}");
        }
        for language in ["promql", "logql", "flux"] {
            let html = highlighted("sum(\"x\")", language);
            assert!(html.contains("<span class=\"hl-function\">sum"), "{html}");
        }
    }
}
