//! What the window shows of pages, terminals and files.

use serde_json::json;

use super::{Window, text};

/// A file as the editor holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its text.
    pub text: String,
    /// Where the selection begins and ends.
    pub selection: (usize, usize),
}

impl Document {
    /// The selected text (of text in ASCII).
    pub fn selected(&self) -> &str {
        let (anchor, head) = self.selection;
        &self.text[anchor.min(head)..anchor.max(head)]
    }
}

impl Window<'_> {
    /// Everything a terminal shows and has shown.
    #[track_caller]
    pub fn terminal(&self, name: &str) -> String {
        text(&self.script(
            "return window.__atelier.terminal(arguments[0])",
            &[json!(name)],
        ))
    }

    /// A file that is open in the editor.
    #[track_caller]
    pub fn document(&self, path: &str) -> Option<Document> {
        let found = self.script(
            "return window.__atelier.document(arguments[0])",
            &[json!(path)],
        );
        let end = |at: usize| found["selection"][at].as_u64().map(|value| value as usize);
        Some(Document {
            text: found["text"].as_str()?.to_owned(),
            selection: (end(0)?, end(1)?),
        })
    }

    /// A file in the editor, as soon as it is open there.
    #[track_caller]
    pub fn open_document(&self, path: &str) -> Document {
        self.wait_to_get(&format!("{path} in the editor"), || self.document(path))
    }

    /// Waits until a file has this text in the editor.
    #[track_caller]
    pub fn wait_for_text(&self, path: &str, text: &str) {
        self.wait_for(&format!("{text:?} in {path}"), || {
            self.document(path)
                .is_some_and(|document| document.text == text)
        });
    }

    /// Waits until a terminal shows something.
    #[track_caller]
    pub fn wait_for_output(&self, terminal: &str, words: &str) {
        self.wait_for(&format!("{words:?} in terminal {terminal}"), || {
            self.terminal(terminal).contains(words)
        });
    }

    /// Waits until an element says something.
    #[track_caller]
    pub fn wait_for_words(&self, selector: &str, words: &str) {
        self.wait_for(&format!("{words:?} in {selector}"), || {
            self.text_of(selector).contains(words)
        });
    }

    /// The page that is shown.
    #[track_caller]
    pub fn page(&self) -> String {
        text(&self.script(
            "return document.querySelector('[data-page]')?.dataset.page ?? ''",
            &[],
        ))
    }

    /// Waits for a page.
    #[track_caller]
    pub fn wait_for_page(&self, page: &str) {
        self.wait_for(&format!("the page {page}"), || self.page() == page);
    }

    /// The region with the focus: `instructions`, `work` or `terminals`.
    #[track_caller]
    pub fn focused_region(&self) -> String {
        let script =
            "return document.activeElement?.closest('[data-region]')?.dataset.region ?? ''";
        text(&self.script(script, &[]))
    }

    /// The tabs of the work area: names of files and dashboards.
    #[track_caller]
    pub fn tabs(&self) -> Vec<String> {
        let script = "return [...document.querySelectorAll('[data-region=work] [role=tab] .title')].map(e => e.innerText)";
        let tabs = self.script(script, &[]);
        tabs.as_array().into_iter().flatten().map(text).collect()
    }

    /// How far the page is scrolled, in pixels.
    #[track_caller]
    pub fn scrolled(&self) -> u64 {
        self.script(
            "return Math.round(document.querySelector('[data-region=instructions]').scrollTop)",
            &[],
        )
        .as_u64()
        .unwrap_or_default()
    }
}
