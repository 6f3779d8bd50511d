//! Where links and images lead, and links from bare URLs (`instructions.md` 9.1, 9.3 and 7.1).

use std::ops::Range;

use camino::Utf8PathBuf;

use super::expanded::{SLOT_CLOSE, SLOT_OPEN};
use super::runs::Edit;
use crate::page::PageId;

/// What a link leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkTarget {
    /// A page of the workshop, and a heading of it.
    Page {
        /// Which.
        id: PageId,
        /// Without `#`.
        anchor: Option<String>,
    },
    /// A heading of the same page, without `#`.
    Heading(String),
    /// An address for the system: `http`, `https` or `mailto`.
    External(String),
    /// A file of the workshop, relative to its folder.
    File(Utf8PathBuf),
    /// A path on the session's own host: `/slides/#/2`, `/files/x`, `/terminal/session/1`.
    Session(String),
    /// Nothing that exists; the sentence says what is missing.
    Broken(String),
    /// An address that is not followed, whatever it is: `javascript:`, `file:`, …
    Unsafe,
}

/// What an image shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageTarget {
    /// A file of the workshop, relative to its folder.
    File {
        /// Which.
        path: Utf8PathBuf,
        /// It is found here, but not where the format itself would look: one sentence on that.
        lint: Option<String>,
    },
    /// A path on the session's own host.
    Session(String),
    /// An address in the network.
    Remote(String),
    /// The image itself, as `data:image/…`.
    Inline(String),
    /// Nothing that exists.
    Missing,
    /// An address that is not loaded, whatever it is.
    Unsafe,
}

/// Finds bare URLs, by the rules of GFM's extended autolinks; a host without a dot is welcome too (`localhost`).
pub(super) fn bare_urls(text: &str, edits: &mut Vec<(Range<usize>, Edit)>) {
    let mut from = 0;
    while let Some(found) = text[from..].find("://").map(|at| at + from) {
        let scheme = scheme_before(&text[from..found]).map(|length| found - length);
        let next = found + 3;
        match scheme {
            Some(start) if may_start(text[..start].chars().next_back()) => {
                let end = url_end(text, next);
                if end > next && starts_host(&text[next..end]) {
                    edits.push((start..end, Edit::Link(text[start..end].to_owned())));
                    from = end;
                } else {
                    from = next;
                }
            }
            _ => from = next,
        }
    }
    for (start, _) in text.match_indices("www.") {
        let taken = edits
            .iter()
            .rev()
            .any(|(range, _)| range.start <= start && start < range.end);
        if taken || !may_start(text[..start].chars().next_back()) {
            continue;
        }
        let end = url_end(text, start);
        if text[start + 4..end.max(start + 4)].contains('.') {
            edits.push((
                start..end,
                Edit::Link(format!("http://{}", &text[start..end])),
            ));
        }
    }
    edits.sort_by_key(|(range, _)| range.start);
}

/// The length of `http`, `https`, or of a slot that may be one, at the end of a text.
fn scheme_before(text: &str) -> Option<usize> {
    if text.ends_with(SLOT_CLOSE) {
        // `{{< param ingress_protocol >}}://…`: whether it is one shows when the slot is filled.
        return text.rfind(SLOT_OPEN).map(|open| text.len() - open);
    }
    ["https", "http"]
        .iter()
        .map(|scheme| scheme.len())
        .find(|&length| {
            let tail = text.len().checked_sub(length);
            let tail = tail.and_then(|tail| text.get(tail..));
            tail.is_some_and(|tail| {
                ["https", "http"]
                    .iter()
                    .any(|scheme| tail.eq_ignore_ascii_case(scheme))
            })
        })
}

fn may_start(before: Option<char>) -> bool {
    before
        .is_none_or(|c| c.is_whitespace() || matches!(c, '*' | '_' | '~' | '(' | '[' | '"' | '\''))
}

fn starts_host(rest: &str) -> bool {
    rest.chars()
        .next()
        .is_some_and(|c| c.is_alphanumeric() || c == SLOT_OPEN)
}

fn url_end(text: &str, start: usize) -> usize {
    let stop = text[start..]
        .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '`'))
        .map_or(text.len(), |at| start + at);
    let url = &text[start..stop];
    let (mut opening, mut closing) = (url.matches('(').count(), url.matches(')').count());
    let mut end = url.len();
    while let Some(last) = url[..end].chars().next_back() {
        match last {
            '?' | '!' | '.' | ',' | ':' | '*' | '_' | '~' | '\'' | '"' | ';' | ']' | '…' => {}
            ')' if closing > opening => closing -= 1,
            '(' => opening -= 1,
            _ => break,
        }
        end -= last.len_utf8();
    }
    start + end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(text: &str) -> Vec<String> {
        let mut edits = Vec::new();
        bare_urls(text, &mut edits);
        edits
            .into_iter()
            .map(|(range, _)| text[range].to_owned())
            .collect()
    }

    #[test]
    fn finds_bare_urls() {
        assert_eq!(
            urls(
                "see https://a.example/x_y?q=1&r, (http://b.example/(c)) and http://localhost:8080."
            ),
            [
                "https://a.example/x_y?q=1&r",
                "http://b.example/(c)",
                "http://localhost:8080"
            ]
        );
        assert_eq!(
            urls("www.example.com, wwww.x and xhttp://no"),
            ["www.example.com"]
        );
        assert!(urls("http:// https://, ://x ftp://x").is_empty());
    }
}
