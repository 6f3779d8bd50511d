//! Links and images as HTML (`instructions.md` 9).

use super::expanded::escape;
use super::html::Writer;
use super::{ImageTarget, LinkTarget, safe_url};
use crate::diagnostic::{Diagnostic, Span};

impl Writer<'_> {
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
                format!(
                    "class=\"file\" data-file=\"{mark}{}\" href=\"#\"",
                    escape(path.as_str())
                )
            }
            LinkTarget::Session(path) => {
                format!(
                    "class=\"session\" data-url=\"{mark}{}\" href=\"#\"",
                    escape(&path)
                )
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
                format!(
                    "<img data-file=\"{mark}{}\" alt=\"{alt}\"{title}>",
                    escape(path.as_str())
                )
            }
            ImageTarget::Session(path) => {
                format!(
                    "<img data-url=\"{mark}{}\" alt=\"{alt}\"{title}>",
                    escape(&path)
                )
            }
            ImageTarget::Remote(url) => format!(
                "<span class=\"image-remote\" data-url=\"{mark}{}\" alt=\"{alt}\">{alt}</span>",
                escape(&url)
            ),
            ImageTarget::Inline(url) => {
                format!("<img src=\"{}\" alt=\"{alt}\"{title}>", escape(&url))
            }
            ImageTarget::Missing | ImageTarget::Unsafe => {
                let (code, message) = if found == ImageTarget::Missing {
                    ("missing-image", format!("there is no image `{target}`"))
                } else {
                    (
                        "unsafe-link",
                        "this kind of address is not loaded".to_owned(),
                    )
                };
                self.diagnostics
                    .push(Diagnostic::warning(code, message).at(span.clone(), "shown as a box"));
                format!("<span class=\"image-missing\">{alt} <code>{address}</code></span>")
            }
        };
        self.out.push_str(&html);
    }
}
