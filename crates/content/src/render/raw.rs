//! Raw HTML in a page (`instructions.md` 7.1 and 7.2).

use std::ops::Range;

use pulldown_cmark::Event;

use super::body::Body;
use super::dialect::Dialect;
use super::expanded::{unescape, without_marks};
use super::html::Writer;
use super::targets::Size;
use crate::diagnostic::{Diagnostic, Span};

/// The sanitiser builds a tree, and a tree of a million open tags takes hours.
pub(super) const MAX_RAW_TAGS: usize = 5000;

impl Writer<'_> {
    pub(super) fn raw(
        &mut self,
        body: &mut Body<'_>,
        index: usize,
        event: &Event<'_>,
        place: &Range<usize>,
        dialect: Dialect,
    ) {
        let (Event::InlineHtml(html) | Event::Html(html)) = event else {
            return;
        };
        if body.trusted.contains(&index) {
            self.raw_tags = self.raw_tags.max(1);
            self.out.push_str(html);
        } else if dialect.raw_html {
            let before = self.raw_tags;
            self.raw_tags += html.matches('<').count().max(1);
            if self.raw_tags > MAX_RAW_TAGS {
                if before <= MAX_RAW_TAGS {
                    let message = "a page may not have that much raw HTML";
                    let place = self.span(body, place.clone());
                    let found = Diagnostic::warning("too-much-html", message);
                    self.diagnostics
                        .push(found.at(place, "not shown from here on"));
                }
                return;
            }
            let html = self.fill(body, html);
            let span = self.span(body, place.clone());
            self.raw_tags(&html, &span);
        } else if let Some(kept) = body.kept.get(&index) {
            self.out.push_str(kept);
        } else {
            self.report_raw(body, html, place);
        }
    }

    /// Raw HTML that is dropped is worth a word: `<name>` in a sentence vanishes without a trace.
    fn report_raw(&mut self, body: &Body<'_>, html: &str, place: &Range<usize>) {
        let place = place.start..place.end - (html.len() - html.trim_end().len()).min(place.len());
        let html = html.trim();
        if html.is_empty()
            || html.starts_with("<!--")
            || html.starts_with("</")
            || !html.starts_with('<')
        {
            return;
        }
        self.diagnostics.push(
            Diagnostic::warning("raw-html", "raw HTML is not shown")
                .at(self.span(body, place), "dropped")
                .help("write `&lt;` for a literal `<`, or put the text in back-ticks"),
        );
    }

    /// Writes raw HTML for the sanitiser; its images and links mean what Markdown's do.
    pub(super) fn raw_tags(&mut self, html: &str, span: &Span) {
        let mut rest = html;
        while let Some(at) = rest.find('<') {
            let (before, tag) = rest.split_at(at);
            self.out.push_str(before);
            let end = tag.find('>').map_or(tag.len(), |end| end + 1);
            let (tag, after) = tag.split_at(end);
            match raw_tag(tag) {
                Some(("img", attributes)) => {
                    let get = |name| attribute(attributes, name).unwrap_or_default();
                    let size = Size {
                        width: get("width"),
                        height: get("height"),
                    };
                    self.image(&get("src"), &get("alt"), &get("title"), &size, span);
                }
                Some(("a", attributes)) if attribute(attributes, "href").is_some() => {
                    let get = |name| attribute(attributes, name).unwrap_or_default();
                    let close = self.link(&get("href"), &get("title"), span);
                    // Whatever was opened, `</a>` closes it: the sanitiser mends the rest.
                    if close != "</a>" {
                        self.out.push_str(close);
                    }
                }
                _ => self.out.push_str(tag),
            }
            rest = after;
        }
        self.out.push_str(rest);
    }
}

/// The name and the attributes of an opening `<a …>` or `<img …>`.
fn raw_tag(tag: &str) -> Option<(&'static str, &str)> {
    let inner = tag
        .strip_prefix('<')?
        .trim_end_matches('>')
        .trim_end_matches('/');
    let (name, attributes) = inner.split_at(inner.find(char::is_whitespace)?);
    ["img", "a"]
        .into_iter()
        .find(|known| name.eq_ignore_ascii_case(known))
        .map(|known| (known, attributes))
}

/// The value of an attribute. What is read wrongly here is only a wrong address: the allow-list comes after.
fn attribute(attributes: &str, name: &str) -> Option<String> {
    let mut rest = attributes.trim_start();
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| c.is_whitespace() || c == '=')
            .unwrap_or(rest.len());
        let (key, after) = rest.split_at(end);
        let after = after.trim_start();
        let Some(value) = after.strip_prefix('=') else {
            rest = if end == 0 { "" } else { after };
            continue;
        };
        let value = value.trim_start();
        let (found, after) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let inner = &value[1..];
                inner.split_once(quote).unwrap_or((inner, ""))
            }
            _ => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        if key.eq_ignore_ascii_case(name) {
            let found = unescape(found);
            return Some(without_marks(&found).into_owned());
        }
        rest = after.trim_start();
    }
    None
}
