//! Whether a page would be rendered just as it was before.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

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
    /// Every text, for pages that include others.
    everything: u64,
}

impl<'w> PageKeys<'w> {
    /// Reads every text once.
    pub fn new(workshop: &'w Workshop, variables: &Variables) -> Self {
        let all = workshop.pages.iter().chain(&workshop.unlisted);
        let pages: HashSet<FileId> = all
            .filter(|page| !page.missing)
            .map(|page| page.file())
            .collect();
        let (mut shared, mut everything) = (DefaultHasher::new(), DefaultHasher::new());
        workshop.expander.digest().hash(&mut shared);
        for (name, value) in variables.iter() {
            (name, value).hash(&mut shared);
        }
        for (file, source) in workshop.sources.iter() {
            let text = (source.path(), source.text());
            if !pages.contains(&file) {
                text.hash(&mut shared);
            }
            text.hash(&mut everything);
        }
        Self {
            workshop,
            shared: shared.finish(),
            everything: everything.finish(),
        }
    }

    /// The key of one page.
    pub fn of(&self, page: &Page) -> PageKey {
        let mut hasher = DefaultHasher::new();
        let source = self.workshop.sources.file(page.file());
        (self.shared, source.path(), source.text()).hash(&mut hasher);
        if source.text().contains("include::") {
            self.everything.hash(&mut hasher);
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
