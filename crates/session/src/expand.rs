//! `$(name)` in a definition (`session.md` section 11).

use base64::prelude::{BASE64_STANDARD, Engine};

/// Values may name further variables; more turns than this are a circle.
const TURNS: usize = 6;

/// Replaces `$(name)` by its value, also in the values; unknown names stay as they are. What is `$(base64(TEXT))` as a whole
/// is encoded in the end.
pub(crate) fn expand(text: &str, lookup: impl Fn(&str) -> Option<String>) -> String {
    let mut text = text.to_owned();
    for _ in 0..TURNS {
        let next = once(&text, &lookup);
        if next == text {
            break;
        }
        text = next;
    }
    match text
        .strip_prefix("$(base64(")
        .and_then(|rest| rest.strip_suffix("))"))
    {
        Some(inner) => BASE64_STANDARD.encode(inner),
        None => text,
    }
}

fn once(text: &str, lookup: &impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("$(") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let end = from.find(')');
        match end.and_then(|end| Some((end, lookup(&from[2..end])?))) {
            Some((end, value)) => {
                out.push_str(&value);
                rest = &from[end + 1..];
            }
            None => {
                out.push_str("$(");
                rest = &from[2..];
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_what_it_knows() {
        let lookup = |name: &str| match name {
            "a" => Some("1".to_owned()),
            "b" => Some("<$(a)>".to_owned()),
            "loop" => Some("$(loop)x".to_owned()),
            _ => None,
        };
        assert_eq!(expand("$(a) $(b) $(c) $( $(a", lookup), "1 <1> $(c) $( $(a");
        assert_eq!(expand("$(loop)", lookup), "$(loop)xxxxxx");
        assert_eq!(expand("$(base64(user:$(b)))", lookup), "dXNlcjo8MT4=");
        assert_eq!(expand("$(base64())", lookup), "");
        assert_eq!(expand("x $(base64(a))", lookup), "x $(base64(a))");
    }
}
