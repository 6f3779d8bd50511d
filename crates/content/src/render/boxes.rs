//! What stands in slots, links and images, as HTML (`instructions.md` 5.2, 5.3, 9).

use super::expanded::{BoxKind, Figure, Piece, SlotKind, escape, pieces};
use super::html::{Body, Writer};
use super::{ImageTarget, LinkTarget, safe_url};
use crate::diagnostic::{Diagnostic, Span};

impl Writer<'_> {
    /// Writes text with what stands in its slots.
    pub(super) fn text(&mut self, body: &mut Body<'_>, text: &str) {
        let mut after_text = false;
        for piece in pieces(text) {
            match piece {
                Piece::Text(text, _) => {
                    self.out.push_str(&escape(text));
                    after_text |= !text.trim().is_empty();
                }
                Piece::Slot(number, _) => {
                    self.slot(body, number, after_text);
                    after_text = true;
                }
            }
        }
    }

    fn slot(&mut self, body: &mut Body<'_>, number: usize, after_text: bool) {
        let expanded = body.expanded;
        let Some(slot) = expanded.slots.get(number) else {
            return;
        };
        match &slot.kind {
            SlotKind::Text(text) => self.out.push_str(&escape(text)),
            SlotKind::Chip { message, label } => self.chip(message, label),
            SlotKind::Copy => {
                let follows_code = !after_text && self.out.trim_end().ends_with("</code>");
                if follows_code {
                    self.out
                        .push_str("<span class=\"copy-glyph\" aria-hidden=\"true\"></span>");
                } else {
                    self.diagnostics.push(
                        Diagnostic::warning("copy-without-code", "`copy` does not follow inline code")
                            .at(Span::new(self.page.file(), slot.source.clone()), "nothing to copy")
                            .help("write it right after text in back-ticks"),
                    );
                }
            }
            _ if body.inline > 0 => body.waiting.push(number),
            _ => {
                let reopen = self.interrupt_paragraph(body);
                self.block_slot(&slot.kind, &Span::new(self.page.file(), slot.source.clone()));
                if reopen {
                    body.paragraph = Some(self.out.len());
                    self.out.push_str("<p>");
                }
            }
        }
    }

    /// Writes the boxes that could not stand inside an inline element.
    pub(super) fn flush_waiting(&mut self, body: &mut Body<'_>) {
        let expanded = body.expanded;
        for number in std::mem::take(&mut body.waiting) {
            if let Some(slot) = expanded.slots.get(number) {
                self.block_slot(&slot.kind, &Span::new(self.page.file(), slot.source.clone()));
            }
        }
    }

    /// Ends the open paragraph for a box; says whether there was one.
    fn interrupt_paragraph(&mut self, body: &mut Body<'_>) -> bool {
        let open = body.paragraph.is_some();
        self.end_paragraph(body);
        open
    }

    /// Ends a paragraph; one that holds nothing leaves no trace.
    pub(super) fn end_paragraph(&mut self, body: &mut Body<'_>) {
        let Some(start) = body.paragraph.take() else {
            return;
        };
        if self.out[start..].trim() == "<p>" {
            self.out.truncate(start);
        } else {
            self.out.push_str("</p>\n");
        }
    }

    fn block_slot(&mut self, kind: &SlotKind, span: &Span) {
        match kind {
            SlotKind::Box { kind, title, body } => {
                let title = escape(title);
                self.out.push_str(&match kind {
                    BoxKind::Details => format!("<details><summary>{title}</summary>\n"),
                    kind => format!(
                        "<div class=\"admonition {}\">\n<p class=\"admonition-title\">{title}</p>\n",
                        match kind {
                            BoxKind::Warning => "warning",
                            BoxKind::Danger => "danger",
                            _ => "note",
                        }
                    ),
                });
                self.enter();
                self.body(body);
                self.leave();
                self.out.push_str(if *kind == BoxKind::Details {
                    "</details>\n"
                } else {
                    "</div>\n"
                });
            }
            SlotKind::Group(body) => self.group(body),
            SlotKind::BrokenGroup {
                message,
                label,
                body,
            } => {
                self.out.push_str("<p>");
                self.chip(message, label);
                self.out.push_str("</p>\n");
                self.group(body);
            }
            SlotKind::Figure(figure) => self.figure(figure, span),
            SlotKind::Code { language, code } => self.code(code, language),
            SlotKind::LinkCard { url } => {
                if let Some(url) = safe_url(url) {
                    let url = escape(&url).into_owned();
                    self.out.push_str(&format!(
                        "<p class=\"link-card\"><a class=\"external\" href=\"{url}\">{url}</a></p>\n"
                    ));
                }
            }
            SlotKind::Text(_) | SlotKind::Copy | SlotKind::Chip { .. } => {}
        }
    }

    /// A body that leaves no trace of its own: its sections pair with each other only.
    fn group(&mut self, body: &super::Expanded) {
        self.enter();
        self.body(body);
        self.leave();
    }

    fn chip(&mut self, message: &str, label: &str) {
        self.out.push_str(&format!(
            "<span class=\"error-chip\" title=\"{}\">{}</span>",
            escape(message),
            escape(label)
        ));
    }

    fn figure(&mut self, figure: &Figure, span: &Span) {
        self.out.push_str("<figure>");
        let close = if figure.link.is_empty() {
            ""
        } else {
            self.link(&figure.link, "", span)
        };
        self.image(&figure.src, &figure.alt, "", span);
        self.out.push_str(close);
        if !figure.title.is_empty() || figure.caption.is_some() {
            self.out.push_str("<figcaption>");
            if !figure.title.is_empty() {
                self.out
                    .push_str(&format!("<h4>{}</h4>", escape(&figure.title)));
            }
            if let Some(caption) = &figure.caption {
                self.group(caption);
            }
            self.out.push_str("</figcaption>");
        }
        self.out.push_str("</figure>\n");
    }

    /// Opens a link and says how it is closed. A link that leads nowhere keeps its text.
    pub(super) fn link(&mut self, target: &str, title: &str, span: &Span) -> &'static str {
        let mark = self.mark();
        let title = match title {
            "" => String::new(),
            title => format!(" title=\"{}\"", escape(title)),
        };
        let found = self
            .workshop
            .expander
            .link(self.page, target, self.variables);
        let broken = |message: String| {
            Diagnostic::warning("broken-link", message).at(span.clone(), "leads nowhere")
        };
        let open = match found {
            LinkTarget::Page { id, anchor } => {
                let anchor = anchor.map_or_else(String::new, |anchor| {
                    format!(" data-anchor=\"{mark}{}\"", escape(&anchor))
                });
                format!("data-page=\"{mark}{}\"{anchor} href=\"#\"", escape(&id.0))
            }
            LinkTarget::Heading(id) => format!("href=\"#{}\"", escape(&id)),
            LinkTarget::External(url) => match safe_url(&url) {
                Some(url) => format!("class=\"external\" href=\"{}\"", escape(&url)),
                None => return self.unsafe_address(span),
            },
            LinkTarget::File(path) => {
                format!("class=\"file\" data-file=\"{mark}{}\" href=\"#\"", escape(path.as_str()))
            }
            LinkTarget::Session(path) => {
                format!("class=\"session\" data-url=\"{mark}{}\" href=\"#\"", escape(&path))
            }
            LinkTarget::Broken(message) => {
                self.diagnostics.push(broken(message));
                self.out.push_str("<span class=\"broken-link\">");
                return "</span>";
            }
            LinkTarget::Unsafe => return self.unsafe_address(span),
        };
        self.out.push_str(&format!("<a {open}{title}>"));
        "</a>"
    }

    fn unsafe_address(&mut self, span: &Span) -> &'static str {
        self.diagnostics.push(
            Diagnostic::warning("unsafe-link", "this kind of address is not followed")
                .at(span.clone(), "not a web, mail or page address"),
        );
        ""
    }

    /// Writes an image, or what stands for it.
    pub(super) fn image(&mut self, target: &str, alt: &str, title: &str, span: &Span) {
        let mark = self.mark();
        let (alt, address) = (escape(alt), escape(target));
        let title = match title {
            "" => String::new(),
            title => format!(" title=\"{}\"", escape(title)),
        };
        let found = self
            .workshop
            .expander
            .image(self.page, target, self.variables);
        let html = match found {
            ImageTarget::File { path, lint } => {
                if let Some(lint) = lint {
                    self.diagnostics.push(
                        Diagnostic::warning("image-location", lint).at(span.clone(), "this image"),
                    );
                }
                format!("<img data-file=\"{mark}{}\" alt=\"{alt}\"{title}>", escape(path.as_str()))
            }
            ImageTarget::Session(path) => {
                format!("<img data-url=\"{mark}{}\" alt=\"{alt}\"{title}>", escape(&path))
            }
            ImageTarget::Remote(url) => format!(
                "<span class=\"image-remote\" data-url=\"{mark}{}\" alt=\"{alt}\">{alt}</span>",
                escape(&url)
            ),
            ImageTarget::Inline(url) => format!("<img src=\"{}\" alt=\"{alt}\"{title}>", escape(&url)),
            ImageTarget::Missing | ImageTarget::Unsafe => {
                let (code, message) = if found == ImageTarget::Missing {
                    ("missing-image", format!("there is no image `{target}`"))
                } else {
                    ("unsafe-link", "this kind of address is not loaded".to_owned())
                };
                self.diagnostics
                    .push(Diagnostic::warning(code, message).at(span.clone(), "shown as a box"));
                format!("<span class=\"image-missing\">{alt} <code>{address}</code></span>")
            }
        };
        self.out.push_str(&html);
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
                    self.image(&get("src"), &get("alt"), &get("title"), span);
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
    let inner = tag.strip_prefix('<')?.trim_end_matches('>').trim_end_matches('/');
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
                inner
                    .split_once(quote)
                    .unwrap_or((inner, ""))
            }
            _ => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        if key.eq_ignore_ascii_case(name) {
            let found = super::expanded::unescape(found);
            return Some(super::without_marks(&found).into_owned());
        }
        rest = after.trim_start();
    }
    None
}
