//! The allow-list: which addresses a page may hold, and which raw HTML (`instructions.md` 7.1, 7.2 and 12).

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use super::expanded::TRUSTED;

/// An address as a page may hold it: `http`, `https`, `mailto`, or a heading of the page. Tabs and line ends, which
/// a browser ignores and a hurried reader overlooks, are gone.
pub fn safe_url(url: &str) -> Option<String> {
    let url: String = url
        .chars()
        .filter(|c| !c.is_control())
        .collect::<String>()
        .trim()
        .to_owned();
    if url.starts_with('#') {
        return Some(url);
    }
    let scheme = scheme(&url)?.to_ascii_lowercase();
    matches!(scheme.as_str(), "http" | "https" | "mailto").then_some(url)
}

/// The scheme of an address, if it has one.
pub(crate) fn scheme(url: &str) -> Option<&str> {
    let end = url.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')))?;
    let starts = url.as_bytes().first()?.is_ascii_alphabetic();
    (starts && url.as_bytes()[end] == b':').then(|| &url[..end])
}

/// Whether an address is an image in itself.
pub(crate) fn is_inline_image(url: &str) -> bool {
    let head: String = url.chars().take(11).collect();
    head.eq_ignore_ascii_case("data:image/")
}

/// Cleans a page that holds raw HTML. What this crate wrote itself carries [`TRUSTED`] in its attributes; the mark is
/// removed, and an attribute of the same name without it is dropped.
pub(super) fn clean(html: &str) -> String {
    CLEANER.clean(html).to_string()
}

/// Attributes that mean something to the window. Raw HTML cannot set them.
const OURS: [&str; 11] = [
    "data-index",
    "data-section",
    "data-page",
    "data-anchor",
    "data-document",
    "data-file",
    "data-url",
    "data-copy",
    "data-language",
    "data-line",
    "data-math",
];

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = ammonia::Builder::default();
    let mut attributes: HashSet<&str> = OURS.into_iter().collect();
    attributes.extend([
        "class",
        "id",
        "lang",
        "dir",
        "title",
        "role",
        "aria-label",
        "aria-hidden",
        "alt",
    ]);
    cleaner
        .add_tags([
            "workshop-action",
            "input",
            "figure",
            "section",
            "tfoot",
            "figcaption",
            "details",
            "summary",
            "section",
        ])
        .rm_tags(["map", "area"])
        .add_clean_content_tags([
            "iframe", "object", "svg", "math", "noscript", "template", "textarea", "select",
            "title",
        ])
        .generic_attributes(attributes)
        .add_tag_attributes("input", ["type", "disabled", "checked"])
        .add_tag_attributes("details", ["open"])
        .set_tag_attribute_value("input", "type", "checkbox")
        .set_tag_attribute_value("input", "disabled", "")
        .url_schemes(HashSet::from(["http", "https", "mailto", "data"]))
        .link_rel(None)
        .attribute_filter(attribute_value);
    cleaner
});

fn attribute_value<'v>(element: &str, attribute: &str, value: &'v str) -> Option<Cow<'v, str>> {
    match attribute {
        "href" => safe_url(value).map(Cow::Owned),
        "src" => (element == "img" && is_inline_image(value)).then_some(Cow::Borrowed(value)),
        "cite" => None,
        _ if OURS.contains(&attribute) => value.strip_prefix(TRUSTED).map(Cow::Borrowed),
        _ => Some(Cow::Borrowed(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lets_only_plain_addresses_pass() {
        for bad in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " java\nscript:alert(1)",
            "\u{1}javascript:alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "vbscript:x",
            "file:///etc/passwd",
            "relative/x",
        ] {
            assert_eq!(safe_url(bad), None, "{bad:?}");
        }
        for good in ["http://a/b", "HTTPS://a", "mailto:a@b", "#x"] {
            assert_eq!(safe_url(good).as_deref(), Some(good));
        }
    }

    #[test]
    fn only_our_own_marks_survive() {
        let html = format!(
            "<b data-index=\"3\">x</b><workshop-action data-index=\"{TRUSTED}4\"></workshop-action>"
        );
        assert_eq!(
            clean(&html),
            "<b>x</b><workshop-action data-index=\"4\"></workshop-action>"
        );
    }
}
