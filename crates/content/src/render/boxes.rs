//! What stands in slots, links and images, as HTML (`instructions.md` 5.2, 5.3, 9).

use std::ops::Range;

use pulldown_cmark::Event;

use super::body::Body;
use super::expanded::{BoxKind, Expanded, Figure, Piece, SlotKind, escape, pieces};
use super::html::Writer;
use super::safe_url;
use crate::diagnostic::{Diagnostic, Span};

impl Writer<'_> {
    /// Writes text with what stands in its slots.
    pub(super) fn text(&mut self, body: &mut Body<'_>, text: &str) {
        let mut after_text = false;
        let mark = std::mem::take(&mut body.alert);
        let (mark, text) = text.split_at_checked(mark).unwrap_or(("", text));
        if !mark.is_empty() {
            // The reference shows the mark; the window draws its word instead.
            self.out.push_str(&format!(
                "<span class=\"alert-title\">{}</span>",
                escape(mark)
            ));
        }
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
                        Diagnostic::warning(
                            "copy-without-code",
                            "`copy` does not follow inline code",
                        )
                        .at(
                            Span::new(self.page.file(), slot.source.clone()),
                            "nothing to copy",
                        )
                        .help("write it right after text in back-ticks"),
                    );
                }
            }
            SlotKind::Custom(custom) if custom.is_inline => {
                let span = Span::new(self.page.file(), slot.source.clone());
                self.custom(custom, &span);
            }
            _ if body.inline > 0 => body.waiting.push(number),
            _ => {
                let reopen = self.interrupt_paragraph(body);
                self.block_slot(
                    &slot.kind,
                    &Span::new(self.page.file(), slot.source.clone()),
                );
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
                self.block_slot(
                    &slot.kind,
                    &Span::new(self.page.file(), slot.source.clone()),
                );
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
            // Without an element of its own a body belongs to what it stands in, its sections too.
            SlotKind::Group(body) => self.body(body),
            SlotKind::BrokenGroup {
                message,
                label,
                body,
            } => {
                self.out.push_str("<p>");
                self.chip(message, label);
                self.out.push_str("</p>\n");
                self.body(body);
            }
            SlotKind::Figure(figure) => self.figure(figure, span),
            SlotKind::Code {
                language,
                code,
                lines,
                wrong,
            } => {
                self.wrong_lines(wrong, span);
                self.numbered_code(code, language, lines);
            }
            SlotKind::Custom(custom) => {
                self.custom(custom, span);
                self.out.push('\n');
            }
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

    fn chip(&mut self, message: &str, label: &str) {
        self.out.push_str(&format!(
            "<span class=\"error-chip\" title=\"{}\">{}</span>",
            escape(message),
            escape(label)
        ));
    }

    fn figure(&mut self, figure: &Figure, span: &Span) {
        self.out.push_str(&match figure.class.as_str() {
            "" => "<figure>".to_owned(),
            class => format!("<figure class=\"{}\">", escape(class)),
        });
        let close = if figure.link.is_empty() {
            ""
        } else {
            self.link(&figure.link, "", span)
        };
        self.image(&figure.src, &figure.alt, "", &figure.size, span);
        self.out.push_str(close);
        let below = figure.caption.is_some() || figure.attribution.is_some();
        if !figure.title.is_empty() || below {
            self.out.push_str("<figcaption>");
            if !figure.title.is_empty() {
                self.out
                    .push_str(&format!("<h4>{}</h4>", escape(&figure.title)));
            }
            if let Some(caption) = &figure.caption {
                self.caption(caption);
            }
            if let Some(attribution) = &figure.attribution {
                let close = match figure.attribution_link.as_str() {
                    "" => "",
                    link => self.link(link, "", span),
                };
                let start = self.out.len();
                self.caption(attribution);
                self.unwrap_paragraph(start);
                self.out.push_str(close);
            }
            self.out.push_str("</figcaption>");
        }
        self.out.push_str("</figure>\n");
    }

    fn caption(&mut self, text: &Expanded) {
        self.enter();
        self.body(text);
        self.leave();
    }

    pub(super) fn inline_code(&mut self, code: &str, copyable: bool) {
        let (class, mark) = (
            if copyable { " class=\"copyable\"" } else { "" },
            self.mark(),
        );
        self.out.push_str(&format!("<code{class}"));
        if copyable {
            self.out
                .push_str(&format!(" data-copy=\"{mark}{}\"", escape(code)));
        }
        self.out.push('>');
        self.out.push_str(&escape(code));
        self.out.push_str("</code>");
    }
}

/// Whether the glyph that makes inline code copyable comes next; a space between is fine (`instructions.md` 9.4).
pub(super) fn copy_follows(expanded: &Expanded, next: &[(Event<'_>, Range<usize>)]) -> bool {
    let Some((Event::Text(text), _)) = next.first() else {
        return false;
    };
    match pieces(text.trim_start_matches(' ')).next() {
        Some(Piece::Slot(number, _)) => expanded
            .slots
            .get(number)
            .is_some_and(|slot| matches!(slot.kind, SlotKind::Copy)),
        _ => false,
    }
}
