//! Rules that change the path of a request on its way to an ingress's server (`session.md` section 10).

use regex::{Regex, RegexBuilder};

/// A compiled expression may take so many bytes; a workshop's expressions are short.
const SIZE_LIMIT: usize = 256 * 1024;

/// A rule: what the pattern finds in the path is replaced. The expressions are searched in linear time, so that no
/// request can hang in one.
#[derive(Debug, Clone)]
pub struct PathRewrite {
    pattern: Regex,
    replacement: String,
}

impl PathRewrite {
    /// A rule. `replacement` may name groups as `$1`, and the whole match as `$&`.
    ///
    /// # Errors
    /// When the pattern is no regular expression without look-around; one sentence says why.
    pub fn new(pattern: &str, replacement: &str) -> Result<Self, String> {
        let built = RegexBuilder::new(pattern).size_limit(SIZE_LIMIT).build();
        let pattern = built.map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "the expression is too large".to_owned(),
            error => {
                let text = error.to_string();
                let reason = text.lines().last().unwrap_or_default();
                reason.trim_start_matches("error: ").to_owned()
            }
        })?;
        Ok(Self {
            pattern,
            replacement: group_references(replacement),
        })
    }

    /// The changed path and query; `None` when the rule does not apply.
    pub fn apply(&self, path: &str) -> Option<String> {
        let found = self.pattern.is_match(path);
        found.then(|| {
            self.pattern
                .replace(path, self.replacement.as_str())
                .into_owned()
        })
    }
}

impl PartialEq for PathRewrite {
    fn eq(&self, other: &Self) -> bool {
        self.pattern.as_str() == other.pattern.as_str() && self.replacement == other.replacement
    }
}

impl Eq for PathRewrite {}

/// JavaScript's `$1` and `$&` in the words of the `regex` crate; any other dollar sign is one.
fn group_references(replacement: &str) -> String {
    let mut out = String::with_capacity(replacement.len());
    let mut rest = replacement;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let digits = after.bytes().take(2).take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            out.push_str(&format!("${{{}}}", &after[..digits]));
            rest = &after[digits..];
        } else if let Some(after) = after.strip_prefix('&') {
            out.push_str("${0}");
            rest = after;
        } else {
            out.push_str("$$");
            rest = after.strip_prefix('$').unwrap_or(after);
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_what_matches_first() {
        for (pattern, replacement, path, changed) in [
            ("^/api", "", "/api/x?y=1", Some("/x?y=1")),
            ("^/api/(.*)$", "/v2/$1", "/api/x?y=1", Some("/v2/x?y=1")),
            ("/a", "/b", "/a/a", Some("/b/a")),
            ("/(a)", "/$1x$&$$$", "/a", Some("/ax/a$$")),
            ("^/api", "/x", "/other", None),
        ] {
            let rule = PathRewrite::new(pattern, replacement).unwrap();
            assert_eq!(rule.apply(path).as_deref(), changed, "{pattern}");
        }
    }

    #[test]
    fn refuses_what_cannot_be_searched_in_linear_time() {
        for pattern in ["(", "(?=x)", &"(a{1000}){1000}".repeat(2)] {
            assert!(PathRewrite::new(pattern, "").is_err(), "{pattern}");
        }
    }
}
