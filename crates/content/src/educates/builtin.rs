//! The shortcodes that come with the platform and with Hugo (`instructions.md` 5.2 and 5.3).

use super::shortcodes::{Arguments, Tag};
use crate::near::near;
use crate::render::{Builder, Dialect, Figure, Lines, Markup, Size, SlotKind, safe_url};

/// Whether a shortcode has a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inner {
    /// It must be closed.
    Always,
    /// A closing tag is an error.
    Never,
    /// Nobody knows: its author's business.
    Perhaps,
}

/// The shortcodes that are played.
pub(super) const NAMES: [&str; 19] = [
    "param",
    "note",
    "warning",
    "danger",
    "copy",
    "baseurl",
    "pathway",
    "figure",
    "highlight",
    "ref",
    "relref",
    "details",
    "youtube",
    "vimeo",
    "x",
    "tweet",
    "instagram",
    "gist",
    "qr",
];

/// Whether the shortcode of a name has a body.
pub(super) fn inner(name: &str) -> Inner {
    match name {
        "note" | "warning" | "danger" | "pathway" | "highlight" | "details" => Inner::Always,
        "qr" => Inner::Perhaps,
        name if NAMES.contains(&name) => Inner::Never,
        _ => Inner::Perhaps,
    }
}

/// Where a shortcode that embeds a foreign page would lead.
pub(super) fn embedded(name: &str, arguments: &Arguments<'_>) -> Option<String> {
    let first = arguments.at(0);
    if name == "qr" {
        // The code of an address is for another device; here the address itself is the better thing to have.
        let text = arguments.named("text").or(first)?;
        return safe_url(text).filter(|url| !url.starts_with('#'));
    }
    let id = arguments.named("id").or(first)?;
    Some(match name {
        "youtube" => format!("https://www.youtube.com/watch?v={id}"),
        "vimeo" => format!("https://vimeo.com/{id}"),
        "x" | "tweet" => {
            let user = arguments.named("user").unwrap_or("i");
            format!("https://x.com/{user}/status/{id}")
        }
        "instagram" => format!("https://www.instagram.com/p/{id}/"),
        "gist" => {
            let gist = arguments.at(1)?;
            format!("https://gist.github.com/{id}/{gist}")
        }
        _ => return None,
    })
}

/// `figure`: an image with a caption and an attribution, which are Markdown.
pub(super) fn figure(source: &str, tag: &Tag<'_>) -> SlotKind {
    let get = |name| tag.arguments.named(name).unwrap_or_default().to_owned();
    let markdown = |name| {
        let text = tag.arguments.named(name).filter(|text| !text.is_empty())?;
        let mut builder = Builder::new(source, Markup::Markdown(Dialect::HUGO), 0);
        builder.replace(text, tag.range.clone());
        Some(builder.finish())
    };
    let mut alt = get("alt");
    if alt.is_empty() {
        alt = get("caption");
    }
    let src = tag.arguments.named("src").or(tag.arguments.at(0));
    SlotKind::Figure(Box::new(Figure {
        src: src.unwrap_or_default().to_owned(),
        alt,
        title: get("title"),
        caption: markdown("caption"),
        link: get("link"),
        size: Size {
            width: get("width"),
            height: get("height"),
        },
        class: get("class"),
        attribution: markdown("attr"),
        attribution_link: get("attrlink"),
    }))
}

/// The options of `highlight`: in its second argument, or each in one of its own.
pub(super) fn code_lines(arguments: &Arguments<'_>) -> (Lines, Vec<String>) {
    let named = arguments.named.iter();
    let mut options: Vec<_> = named
        .map(|(name, value)| format!("{name}=\"{value}\""))
        .collect();
    options.extend(
        arguments
            .named("options")
            .or(arguments.at(1))
            .map(str::to_owned),
    );
    Lines::read(&options.join(","))
}

/// The name that was probably meant.
pub(super) fn closest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    near(name, known).map(|near| near.name)
}
