//! Images in blocks; films and sounds as links.

use std::ops::Range;

use asciidoc_parser::blocks::{Block, IsBlock, MediaType};
use asciidoc_parser::document::InterpretedValue;
use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

use super::blocks::Emitter;

impl<'d> Emitter<'d> {
    pub(super) fn media<'b>(
        &mut self,
        kind: MediaType,
        target: &str,
        (alt, size): (&str, &str),
        link: Option<String>,
        block: &'b Block<'b>,
        place: Range<usize>,
    ) where
        'b: 'd,
    {
        let link = match kind {
            MediaType::Image => link,
            // Nothing plays by itself: a link leads to it.
            _ => Some(self.in_images(target)),
        };
        self.trusted("<figure>".to_owned(), place.clone());
        let is_linked = link.is_some();
        if let Some(link) = link {
            let tag = Tag::Link {
                link_type: LinkType::Inline,
                dest_url: CowStr::from(link),
                title: CowStr::Borrowed(""),
                id: CowStr::Borrowed(""),
            };
            self.event(Event::Start(tag), place.clone());
        }
        if kind == MediaType::Image {
            let named = target.rsplit('/').next().unwrap_or(target);
            let stem = named.rsplit_once('.').map_or(named, |(stem, _)| stem);
            let alt = if alt.is_empty() { stem } else { alt };
            self.image(target, alt, size, place.clone());
        } else {
            self.text(target, place.clone());
        }
        if is_linked {
            self.event(Event::End(TagEnd::Link), place.clone());
        }
        if let Some(title) = block.title() {
            let title = title.to_owned();
            self.trusted("<figcaption>".to_owned(), place.clone());
            self.html_text(&title, place.clone());
            self.trusted("</figcaption>".to_owned(), place.clone());
        }
        self.trusted("</figure>\n".to_owned(), place);
    }

    /// The address of an image, below `imagesdir` if the page sets it.
    pub(super) fn in_images(&self, target: &str) -> String {
        match self.document.attribute_value("imagesdir") {
            InterpretedValue::Value(folder)
                if !folder.is_empty() && !target.starts_with('/') && !target.contains(':') =>
            {
                format!("{}/{target}", folder.trim_end_matches('/'))
            }
            _ => target.to_owned(),
        }
    }
}
