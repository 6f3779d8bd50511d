//! Links and images as HTML (`instructions.md` 9).

use std::collections::BTreeSet;

use pulldown_cmark::LinkType;

use super::expanded::escape;
use super::html::Writer;
use super::{ImageTarget, LinkTarget, PageAnchor, RenderedPage, safe_url};
use crate::diagnostic::{Diagnostic, Span};
use crate::near::{Near, near};

/// How large an image is, as HTML says it: CSS pixels or per cent of the column. Empty where its author did not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Size {
    /// For example `300`, `300px` or `50%`.
    pub width: String,
    /// Likewise.
    pub height: String,
}

impl Size {
    /// As attributes, without what is no size.
    fn attributes(&self) -> String {
        let mut written = String::new();
        for (name, value) in [("width", &self.width), ("height", &self.height)] {
            let value = value.trim();
            let number = value.trim_end_matches("px").trim_end_matches('%').trim();
            if (1..=4).contains(&number.len()) && number.bytes().all(|it| it.is_ascii_digit()) {
                let unit = if value.ends_with('%') { "%" } else { "" };
                written.push_str(&format!(" {name}=\"{number}{unit}\""));
            }
        }
        written
    }
}

/// The size of an image of AsciiDoc. Markdown's events have no field for it: it stands where the label of a reference would.
pub(super) fn size_label(width: &str, height: &str) -> String {
    format!("{width} {height}")
}

/// Undoes [`size_label`].
pub(super) fn size(kind: LinkType, label: &str) -> Size {
    let (width, height) = match kind {
        LinkType::Inline => label.split_once(' ').unwrap_or_default(),
        _ => ("", ""),
    };
    Size {
        width: width.to_owned(),
        height: height.to_owned(),
    }
}

/// Reports links to headings that the page does not have, and marks them.
pub(super) fn mark_dead(page: &mut RenderedPage, links: Vec<(String, Span)>) {
    let places = page.places();
    let dead: Vec<_> = links
        .into_iter()
        .filter(|(name, _)| name != "top" && !places.contains(&*escape(name)))
        .take(super::MAX_DIAGNOSTICS)
        .collect();
    let mut marked = BTreeSet::new();
    for (name, span) in dead {
        let id = escape(&name);
        if marked.insert(name.clone()) {
            let written = format!("<a href=\"#{id}\"");
            let broken = format!("<a class=\"broken-link\" href=\"#{id}\"");
            page.html = page.html.replace(&written, &broken);
        }
        let message = format!("there is no heading `#{name}` on this page");
        let found = Diagnostic::warning("broken-link", message).at(span, "leads nowhere");
        let ids = page.headings.iter().map(|heading| heading.id.as_str());
        page.diagnostics.push(match near(&name, ids) {
            Some(near) => named_page(found, near, &name, &format!("#{}", near.name)),
            None => found,
        });
    }
}

/// Adds the name that was meant as the last part of an address; `whole` is what the help calls it.
fn named_page(found: Diagnostic, near: Near<'_>, wrong: &str, whole: &str) -> Diagnostic {
    let mut found = found.did_you_mean(near, wrong);
    found.help = Some(format!("did you mean `{whole}`?"));
    found
}

/// The page that an address was probably meant to name, by the last part of it.
pub(crate) fn with_meant_page<'n>(
    found: Diagnostic,
    target: &str,
    pages: impl Iterator<Item = &'n str>,
) -> Diagnostic {
    let path = target.split(['#', '?']).next().unwrap_or_default();
    let path = path.trim_end_matches('/');
    let path = [".md", ".markdown", ".html", ".adoc"]
        .iter()
        .find_map(|extension| path.strip_suffix(extension))
        .unwrap_or(path);
    let last = |path: &'n str| path.rsplit('/').next().unwrap_or(path);
    let name = path.rsplit('/').next().unwrap_or(path);
    let pages: Vec<_> = pages.collect();
    match near(name, pages.iter().copied().map(last)).filter(|_| name.len() > 2) {
        Some(near) => {
            let whole = pages.iter().copied().find(|page| last(page) == near.name);
            named_page(found, near, name, whole.unwrap_or(near.name))
        }
        None => found,
    }
}

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
            let found =
                Diagnostic::warning("broken-link", message).at(span.clone(), "leads nowhere");
            let pages = self.workshop.pages.iter().chain(&self.workshop.unlisted);
            with_meant_page(found, target, pages.map(|page| page.id.0.as_str()))
        };
        let open = match found {
            LinkTarget::Page { id, anchor } => {
                let anchor = anchor.map_or_else(String::new, |anchor| {
                    let written = format!(" data-anchor=\"{mark}{}\"", escape(&anchor));
                    self.page_anchors.push(PageAnchor {
                        page: id.clone(),
                        anchor,
                        span: span.clone(),
                    });
                    written
                });
                format!("data-page=\"{mark}{}\"{anchor} href=\"#\"", escape(&id.0))
            }
            LinkTarget::Heading(id) => {
                let written = format!("href=\"#{}\"", escape(&id));
                self.own_anchors.push((id, span.clone()));
                written
            }
            LinkTarget::External(url) => match safe_url(&url) {
                Some(url) => format!("class=\"external\" href=\"{}\"", escape(&url)),
                None => return self.unsafe_address(span),
            },
            LinkTarget::File(path) => {
                // Where a session keeps what the workshop's folder holds (`session.md` section 2).
                let inside = path.strip_prefix(&self.workshop.workshop_dir);
                let document = format!("/opt/workshop/{}", inside.unwrap_or(&path));
                format!(
                    "class=\"file\" data-file=\"{mark}{}\" data-document=\"{mark}{}\" href=\"#\"",
                    escape(path.as_str()),
                    escape(&document)
                )
            }
            LinkTarget::Session(path) => format!(
                "class=\"session\" data-url=\"{mark}{}\" href=\"#\"",
                escape(&path)
            ),
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
    pub(super) fn image(&mut self, target: &str, alt: &str, title: &str, size: &Size, span: &Span) {
        let mark = self.mark();
        let (alt, address) = (escape(alt), escape(target));
        let mut more = match title {
            "" => String::new(),
            title => format!(" title=\"{}\"", escape(title)),
        };
        more.push_str(&size.attributes());
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
                    "<img data-file=\"{mark}{}\" alt=\"{alt}\"{more}>",
                    escape(path.as_str())
                )
            }
            ImageTarget::Session(path) => {
                format!(
                    "<img data-url=\"{mark}{}\" alt=\"{alt}\"{more}>",
                    escape(&path)
                )
            }
            ImageTarget::Remote(url) => format!(
                "<span class=\"image-remote\" data-url=\"{mark}{}\" alt=\"{alt}\">{alt}</span>",
                escape(&url)
            ),
            ImageTarget::Inline(url) => {
                format!("<img src=\"{}\" alt=\"{alt}\"{more}>", escape(&url))
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
                let diagnostic =
                    Diagnostic::warning(code, message).at(span.clone(), "shown as a box");
                self.diagnostics.push(if code == "missing-image" {
                    diagnostic.help("correct the path, or put the image into `workshop/static`")
                } else {
                    diagnostic
                });
                format!("<span class=\"image-missing\">{alt} <code>{address}</code></span>")
            }
        };
        self.out.push_str(&html);
    }
}
