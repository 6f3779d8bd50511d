//! What is to be fixed in the workshop: looked for while it is played, and never waited for.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use atelier_content::render::{PageKey, PageKeys};
use atelier_content::{Loaded, PageId, RenderedPage, Variables, render};

use super::open::OpenSession;
use super::views::diagnostic_views;
use crate::protocol::{DiagnosticView, Event};

/// What was found last, and what need not be done again for the next time.
#[derive(Default)]
pub(super) struct Findings {
    list: Mutex<Vec<DiagnosticView>>,
    /// Pages as they were rendered for it, while somebody works on them.
    pages: Mutex<HashMap<PageId, (PageKey, RenderedPage)>>,
    /// How many versions of the workshop were to be looked through.
    asked: AtomicU64,
}

impl Findings {
    pub(super) fn list(&self) -> Vec<DiagnosticView> {
        lock(&self.list).clone()
    }
}

impl OpenSession {
    /// Looks the workshop through on a thread of its own, and tells what it has found. Of several versions that wait only the
    /// newest counts.
    pub(super) fn check_later(self: &Arc<Self>, loaded: Loaded) {
        let turn = self.findings.asked.fetch_add(1, Ordering::AcqRel) + 1;
        let open = Arc::clone(self);
        self.tasks.spawn_blocking(move || {
            let is_newest = || open.findings.asked.load(Ordering::Acquire) == turn;
            let mut pages = lock(&open.findings.pages);
            if !is_newest() {
                return;
            }
            let found = look_through(&loaded, &mut pages);
            if open.preview.is_none() {
                pages.clear();
            }
            drop(pages);
            let mut list = lock(&open.findings.list);
            if is_newest() && *list != found {
                list.clone_from(&found);
                drop(list);
                (open.events)(Event::ProblemsChanged { problems: found });
            }
        });
    }
}

fn look_through(
    loaded: &Loaded,
    pages: &mut HashMap<PageId, (PageKey, RenderedPage)>,
) -> Vec<DiagnosticView> {
    let workshop = &loaded.workshop;
    let variables = Variables::for_preview(workshop);
    let keys = PageKeys::new(workshop, &variables);
    let mut before = std::mem::take(pages);
    let found = crate::foresight::check_rendered(loaded, &variables, |page| {
        let key = keys.of(page);
        let (_, rendered) = pages.entry(page.id.clone()).or_insert_with(|| {
            let known = before.remove(&page.id).filter(|(known, _)| *known == key);
            known.unwrap_or_else(|| (key, render(workshop, page, &variables)))
        });
        rendered.clone()
    });
    diagnostic_views(workshop, &found)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
