//! What links and images of a page mean: the URL space of the instructions, and the files behind it
//! (`instructions.md` section 1, 9.1 and 9.3).

use camino::{Utf8Path, Utf8PathBuf};

use super::Educates;
use crate::page::{Page, PageId};
use crate::render::{ImageTarget, LinkTarget, is_inline_image, scheme};
use crate::variables::Variables;

/// Where the instructions are served.
const BASE: &str = "/workshop/content";

/// The address of the instructions: what `baseurl` prints, without a final slash.
pub(super) fn base_url(variables: &Variables) -> String {
    let host = variables.get("session_url").unwrap_or_default();
    format!("{}{BASE}", host.trim_end_matches('/'))
}

/// The page of a `ref`: by key, or by the last part of it, with or without `.md`.
pub(super) fn by_name(format: &Educates, target: &str) -> LinkTarget {
    let (path, anchor) = split_anchor(target);
    let path = page_path(path.trim_matches('/'));
    let found = format.page_at(&path).or_else(|| {
        let mut named = format
            .keys
            .iter()
            .filter(|key| key.0.rsplit('/').next() == Some(&*path));
        named.next().filter(|_| named.next().is_none())
    });
    match found {
        Some(id) => LinkTarget::Page {
            id: id.clone(),
            anchor,
        },
        None => LinkTarget::Broken(format!("there is no page `{target}`")),
    }
}

/// A page, as the place that links start from.
pub(super) struct Place<'a> {
    format: &'a Educates,
    page: &'a Page,
    variables: &'a Variables,
}

/// An address by what comes first in it.
enum Address<'t> {
    /// With a scheme, or on another host.
    Foreign(String),
    /// Below the root of the instructions.
    Instructions(&'t str),
    /// At the root of the session's host: authors who write this mean the root of the instructions.
    Root(&'t str),
    /// Elsewhere on the session's own host.
    Session(&'t str),
    /// Relative to the page.
    Relative(&'t str),
}

impl<'a> Place<'a> {
    pub(super) fn new(format: &'a Educates, page: &'a Page, variables: &'a Variables) -> Self {
        Self {
            format,
            page,
            variables,
        }
    }

    pub(super) fn link(&self, target: &str) -> LinkTarget {
        let target = target.trim();
        if let Some(anchor) = target.strip_prefix('#').filter(|anchor| !anchor.is_empty()) {
            return LinkTarget::Heading(decode(anchor));
        }
        if target.is_empty() {
            return LinkTarget::Broken("the link has no address".to_owned());
        }
        match self.address(target) {
            Address::Foreign(url) => match scheme(&url).map(str::to_ascii_lowercase).as_deref() {
                Some("http" | "https" | "mailto") => LinkTarget::External(url),
                _ => LinkTarget::Unsafe,
            },
            Address::Session(path) => LinkTarget::Session(path.to_owned()),
            // The root of the instructions leads to the first page.
            Address::Instructions("" | "index.html") if !self.format.keys.is_empty() => {
                LinkTarget::Page {
                    id: self.format.keys[0].clone(),
                    anchor: None,
                }
            }
            Address::Instructions(path) | Address::Root(path) => self.find(path, &[""], target),
            Address::Relative(path) => {
                let page = &*self.page.id.0;
                let folder = self.folder();
                // The reference reads a hugo page's address as a folder; authors often mean the page's file.
                let bases = if self.format.is_classic {
                    vec![folder.as_str()]
                } else {
                    vec![page, folder.as_str()]
                };
                self.find(path, &bases, target)
            }
        }
    }

    pub(super) fn image(&self, target: &str) -> ImageTarget {
        let target = target.trim();
        if is_inline_image(target) {
            return ImageTarget::Inline(target.to_owned());
        }
        match self.address(target) {
            Address::Foreign(url) => match scheme(&url).map(str::to_ascii_lowercase).as_deref() {
                Some("http" | "https") => ImageTarget::Remote(url),
                _ => ImageTarget::Unsafe,
            },
            Address::Session(path) => match path.strip_prefix("/slides/") {
                Some(path) => self
                    .file(&self.format.layout.slides(), "", path)
                    .map_or(ImageTarget::Missing, exact),
                None => ImageTarget::Session(path.to_owned()),
            },
            Address::Instructions(path) | Address::Root(path) => {
                let folder = self.folder();
                self.published("", path)
                    .or_else(|| self.content("", path))
                    .or_else(|| self.content(&folder, path))
                    .map_or(ImageTarget::Missing, exact)
            }
            Address::Relative(path) => self.relative_image(path),
        }
    }

    /// `instructions.md` 9.1: where the reference looks first, then where authors expect it.
    fn relative_image(&self, path: &str) -> ImageTarget {
        let folder = self.folder();
        let beside = || self.content(&folder, path);
        if self.format.is_classic {
            return beside().map_or(ImageTarget::Missing, exact);
        }
        let key = &*self.page.id.0;
        if let Some(found) = self
            .published(key, path)
            .or_else(|| self.content(key, path))
        {
            return exact(found);
        }
        let found = beside()
            .or_else(|| self.published("", path))
            .or_else(|| self.content("", path));
        match found {
            Some(path) => ImageTarget::File {
                lint: Some(format!(
                    "this image is found as {path}, but not at its address: a page's address is a folder"
                )),
                path,
            },
            None => ImageTarget::Missing,
        }
    }

    fn address<'t>(&self, target: &'t str) -> Address<'t> {
        let own = self
            .variables
            .get("session_url")
            .filter(|url| !url.is_empty());
        let path = match own.and_then(|url| target.strip_prefix(url.trim_end_matches('/'))) {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => rest,
            _ if target.starts_with("//") => return Address::Foreign(format!("https:{target}")),
            _ if scheme(target).is_some() => return Address::Foreign(target.to_owned()),
            _ => target,
        };
        if let Some(rest) = path.strip_prefix(BASE)
            && (rest.is_empty() || rest.starts_with(['/', '#', '?']))
        {
            return Address::Instructions(rest.trim_start_matches('/'));
        }
        let session = [
            "/slides",
            "/files",
            "/terminal",
            "/workshop",
            "/dashboard",
            "/console",
        ]
        .iter()
        .any(|start| {
            path.strip_prefix(start)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        if session || (own.is_some() && path.is_empty()) {
            return Address::Session(path);
        }
        match path.strip_prefix('/') {
            Some(rest) => Address::Root(rest.trim_start_matches('/')),
            None => Address::Relative(path),
        }
    }

    /// The page or file that a path leads to from one of these folders.
    fn find(&self, path: &str, bases: &[&str], written: &str) -> LinkTarget {
        let (path, anchor) = split_anchor(path);
        let path = path.split('?').next().unwrap_or_default();
        for base in bases {
            let Some(full) = join(base, &decode(path)) else {
                continue;
            };
            if let Some(id) = self.page(&full) {
                return LinkTarget::Page {
                    id: id.clone(),
                    anchor,
                };
            }
            let file = self
                .published("", &full)
                .or_else(|| self.content("", &full));
            if let Some(file) = file {
                return LinkTarget::File(file);
            }
        }
        LinkTarget::Broken(format!("there is no page and no file `{written}`"))
    }

    fn page(&self, path: &str) -> Option<&PageId> {
        self.format.page_at(&page_path(path))
    }

    /// A file that is published at the root of the instructions.
    fn published(&self, base: &str, path: &str) -> Option<Utf8PathBuf> {
        self.file(&self.format.layout.statics(), base, path)
    }

    /// A file among the pages.
    fn content(&self, base: &str, path: &str) -> Option<Utf8PathBuf> {
        self.file(&self.format.layout.content, base, path)
    }

    /// A file below a root, if it is there.
    fn file(&self, root: &Utf8Path, base: &str, path: &str) -> Option<Utf8PathBuf> {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let relative = join(base, &decode(path))?;
        let full = root.join(relative);
        self.format.paths.contains(&full).then_some(full)
    }

    /// The folder of the page's file, relative to the content folder.
    fn folder(&self) -> String {
        let key = &*self.page.id.0;
        let is_bundle = ["index.md", "index.markdown"].iter().any(|index| {
            self.format
                .paths
                .contains(&self.format.layout.content.join(key).join(index))
        });
        if is_bundle && !self.format.is_classic {
            return key.to_owned();
        }
        key.rsplit_once('/')
            .map_or_else(String::new, |(folder, _)| folder.to_owned())
    }
}

fn exact(path: Utf8PathBuf) -> ImageTarget {
    ImageTarget::File { path, lint: None }
}

/// A page's key from the path of its address or file.
fn page_path(path: &str) -> String {
    let path = path.trim_end_matches('/');
    let path = [".md", ".markdown", ".html", ".adoc"]
        .iter()
        .find_map(|extension| path.strip_suffix(extension))
        .unwrap_or(path);
    path.strip_suffix("/index").unwrap_or(path).to_owned()
}

fn split_anchor(path: &str) -> (&str, Option<String>) {
    match path.split_once('#') {
        Some((path, anchor)) => (
            path,
            Some(decode(anchor)).filter(|anchor| !anchor.is_empty()),
        ),
        None => (path, None),
    }
}

/// A path within the folder that it starts from; `.` and `..` resolved.
pub(super) fn inside(path: &str) -> Option<String> {
    join("", path)
}

/// Joins and resolves `.` and `..`; a path that climbs out stays at the root, as in a browser.
fn join(base: &str, path: &str) -> Option<String> {
    if path.contains('\0') || path.contains('\\') {
        return None;
    }
    let mut parts: Vec<&str> = base.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Undoes percent-encoding; what is no UTF-8 afterwards is replaced.
fn decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes
            .get(at + 1..at + 3)
            .and_then(|pair| std::str::from_utf8(pair).ok());
        match digits.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(byte) if bytes[at] == b'%' => {
                out.push(byte);
                at += 3;
            }
            _ => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
