//! The colours of query languages that the library of grammars does not know: PromQL, LogQL and Flux.

/// Words that mean something in one of the languages.
const KEYWORDS: [&str; 36] = [
    "and",
    "atan2",
    "bool",
    "builtin",
    "by",
    "distinct",
    "drop",
    "else",
    "exists",
    "false",
    "group_left",
    "group_right",
    "if",
    "ignoring",
    "import",
    "json",
    "keep",
    "label_format",
    "line_format",
    "logfmt",
    "not",
    "offset",
    "on",
    "option",
    "or",
    "package",
    "pattern",
    "regexp",
    "return",
    "test",
    "then",
    "true",
    "unless",
    "unpack",
    "unwrap",
    "without",
];

/// Whether a language is one of them.
pub(super) fn is_query(language: &str) -> bool {
    ["promql", "logql", "flux"]
        .iter()
        .any(|known| language.eq_ignore_ascii_case(known))
}

/// The pieces of a query, in order, with the class of each.
pub(super) fn pieces<'c>(code: &'c str, language: &str) -> Vec<(&'c str, Option<&'static str>)> {
    let comment = if language.eq_ignore_ascii_case("flux") {
        "//"
    } else {
        "#"
    };
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let until = |ends: &dyn Fn(char) -> bool| rest.find(ends).unwrap_or(rest.len());
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '.');
        let (length, class) = if rest.starts_with(comment) {
            (until(&|c| c == '\n'), Some("comment"))
        } else if matches!(first, '"' | '\'' | '`') {
            (quoted(rest, first), Some("string"))
        } else if first.is_ascii_digit() {
            (until(&|c| !is_word(c)), Some("number"))
        } else if first.is_alphabetic() || first == '_' {
            let end = until(&|c| !is_word(c) || c == '.');
            let class = if KEYWORDS.contains(&&rest[..end]) {
                Some("keyword")
            } else if rest[end..].trim_start().starts_with('(') {
                Some("function")
            } else {
                None
            };
            (end, class)
        } else if "|<>=!~+-*/%^".contains(first) {
            (first.len_utf8(), Some("operator"))
        } else if "(){}[],:.".contains(first) {
            (first.len_utf8(), Some("punctuation"))
        } else {
            (first.len_utf8(), None)
        };
        let (piece, after) = rest.split_at(length.max(1));
        found.push((piece, class));
        rest = after;
    }
    found
}

/// The length of a text in quotes; one that does not end goes to the end of its line.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\n' if quote != '`' => return at,
            c if c == quote && !escaped => return at + 1,
            _ => escaped = c == '\\' && !escaped && quote != '`',
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(code: &str, language: &str) -> String {
        pieces(code, language)
            .into_iter()
            .filter_map(|(piece, class)| Some(format!("{piece}={}", class?)))
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn colours_queries() {
        insta::assert_snapshot!(show("sum by (job) (rate(http_total{code=~\"5..\"}[5m])) > 0.5 # busy", "promql"), @r#"by=keyword (=punctuation )=punctuation (=punctuation rate=function (=punctuation {=punctuation ==operator ~=operator "5.."=string }=punctuation [=punctuation 5m=number ]=punctuation )=punctuation )=punctuation >=operator 0.5=number # busy=comment"#);
        insta::assert_snapshot!(show("from(bucket: \"a\")\n  |> range(start: -1h) // all", "Flux"), @r#"from=function (=punctuation "a"=string )=punctuation |=operator >=operator range=function (=punctuation -=operator 1h=number )=punctuation // all=comment"#);
        insta::assert_snapshot!(show("{app=`x`} |= \"err\\\"or\" | json | é \"open", "logql"), @r#"{=punctuation ==operator `x`=string }=punctuation |=operator ==operator "err\"or"=string |=operator json=keyword |=operator "open=string"#);
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost(code in "[a-z0-9\"'`#/{}()=é\\\\\n ]{0,60}|.{0,60}") {
            let whole: String = pieces(&code, "promql").into_iter().map(|(piece, _)| piece).collect();
            proptest::prop_assert_eq!(whole, code);
        }
    }
}
