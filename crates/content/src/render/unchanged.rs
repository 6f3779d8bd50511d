//! Whether a page would be rendered just as it was before.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::OnceLock;

use crate::diagnostic::FileId;
use crate::page::Page;
use crate::variables::Variables;
use crate::workshop::Workshop;

/// Stands for everything that decides how one page is rendered. Comparable within one run of the program only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageKey(u64);

/// The keys of a workshop's pages with these variables.
#[derive(Debug)]
pub struct PageKeys<'w> {
    workshop: &'w Workshop,
    /// What all pages share: variables, templates, configuration, the names of pages and files.
    shared: u64,
    /// Every text, for pages that include others; read when the first of these asks.
    everything: OnceLock<u64>,
}

impl<'w> PageKeys<'w> {
    /// Reads what pages share.
    pub fn new(workshop: &'w Workshop, variables: &Variables) -> Self {
        let all = workshop.pages.iter().chain(&workshop.unlisted);
        let pages: HashSet<FileId> = all
            .filter(|page| !page.missing)
            .map(|page| page.file())
            .collect();
        let mut shared = DefaultHasher::new();
        workshop.expander.digest().hash(&mut shared);
        for (name, value) in variables.iter() {
            (name, value).hash(&mut shared);
        }
        for (file, source) in workshop.sources.iter() {
            if !pages.contains(&file) {
                (source.path(), source.text()).hash(&mut shared);
            }
        }
        Self {
            workshop,
            shared: shared.finish(),
            everything: OnceLock::new(),
        }
    }

    fn everything(&self) -> u64 {
        *self.everything.get_or_init(|| {
            let mut hasher = DefaultHasher::new();
            for (_, source) in self.workshop.sources.iter() {
                (source.path(), source.text()).hash(&mut hasher);
            }
            hasher.finish()
        })
    }

    /// Whether a page has the key that another one has in another version of the workshop. Of most pages less is read for it
    /// than for the keys.
    pub fn is_same(&self, page: &Page, other: &PageKeys<'_>, before: &Page) -> bool {
        let source = self.workshop.sources.file(page.file());
        let was = other.workshop.sources.file(before.file());
        self.shared == other.shared
            && page == before
            && (source.path(), source.text()) == (was.path(), was.text())
            && (!includes(source.text()) || self.everything() == other.everything())
    }

    /// The key of one page.
    pub fn of(&self, page: &Page) -> PageKey {
        let mut hasher = DefaultHasher::new();
        let source = self.workshop.sources.file(page.file());
        (self.shared, source.path(), source.text()).hash(&mut hasher);
        if includes(source.text()) {
            self.everything().hash(&mut hasher);
        }
        let Page {
            id,
            title,
            heading,
            body,
            missing,
            problem,
            next_label,
            exit_link,
        } = page;
        // Spans of what was rendered name the file by its number.
        (id, title, heading, body, missing, problem).hash(&mut hasher);
        (next_label, exit_link).hash(&mut hasher);
        PageKey(hasher.finish())
    }
}

fn includes(text: &str) -> bool {
    text.contains("include::")
}
