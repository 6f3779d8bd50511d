//! Author mode: what is saved in the workshop's folder is shown in place.
//!
//! The pages come first, in one event. Findings and files that the session has copies of are looked for afterwards.

mod changes;
mod offer;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use atelier_content::{ActionId, LoadError, Loaded, PageId, Workshop, load_pathway};
use tokio_util::sync::CancellationToken;

use self::changes::Changes;
use self::offer::Offers;
use super::open::OpenSession;
use super::views::{Drawn, page_entries, page_view};
use crate::events::EventSink;
use crate::protocol::{Event, OfferView, PageEntry, ReloadView, SuccessorView};
use crate::session::{Session, Successor, TakenUp, is_emptied};

/// How long an editor may take that empties a file before it writes it.
const WRITTEN: Duration = Duration::from_millis(300);

/// What an author is shown beside what learners see.
pub(super) struct Preview {
    /// Until it is followed.
    changes: Mutex<Option<Changes>>,
    /// Why nothing is followed.
    unwatched: Option<String>,
    told: Mutex<Told>,
    offers: Mutex<Offers>,
    /// What waits, as far as it is known: nobody who asks for it is to wait for the comparing.
    offer: Arc<Mutex<OfferView>>,
    /// Held from the reading of the folder until it is taken up.
    reading: Mutex<()>,
    stop: CancellationToken,
}

/// What the window knows of the workshop beside its pages.
#[derive(Default, PartialEq)]
struct Told {
    problem: Option<String>,
    restart: Vec<String>,
    titles: [String; 3],
    pages: Vec<(String, String)>,
}

impl Preview {
    /// Watches from now on, if the system lets it; what has changed since the session received its files is known.
    pub(super) fn new(session: &Session) -> Self {
        let workshop = session.workshop();
        let (changes, unwatched) = match Changes::watch(&workshop.root) {
            Ok(changes) => (Some(changes), None),
            Err(error) => (None, Some(crate::refusal::told(&error))),
        };
        let mut told = Told::default();
        told.look(&workshop);
        let offers = Offers::open(session);
        Self {
            changes: Mutex::new(changes),
            unwatched,
            told: Mutex::new(told),
            offer: offers.shared(),
            offers: Mutex::new(offers),
            reading: Mutex::default(),
            stop: CancellationToken::new(),
        }
    }

    /// What its author should know about this start, in sentences.
    pub(super) fn notice(&self) -> Option<String> {
        let why = self.unwatched.as_ref()?;
        Some(format!(
            "What you save in the workshop's folder is not shown as you save it, because the folder cannot be watched: {why}. To see it, choose “Load this page anew” in the menu after saving."
        ))
    }

    /// What is saved in the workshop's folder is noticed.
    pub(super) fn watches(&self) -> bool {
        self.unwatched.is_none()
    }

    pub(super) fn stop(&self) {
        self.stop.cancel();
    }

    pub(super) fn restart(&self) -> Vec<String> {
        lock(&self.told).restart.clone()
    }

    pub(super) fn offer(&self) -> OfferView {
        lock(&self.offer).clone()
    }

    /// The set-up begins anew: what has changed of its scripts runs now.
    pub(super) fn scripts_run(&self, events: &EventSink) {
        let offer = {
            let mut offer = lock(&self.offer);
            if std::mem::take(&mut offer.scripts).is_empty() {
                return;
            }
            offer.clone()
        };
        events(Event::FilesOffered { offer });
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Told {
    fn look(&mut self, workshop: &Workshop) {
        self.titles = [
            &workshop.title,
            &workshop.description,
            &workshop.contents_title,
        ]
        .map(Clone::clone);
        let pages = workshop.pages.iter();
        self.pages = pages
            .map(|page| (page.id.0.clone(), page.title.clone()))
            .collect();
    }
}

impl OpenSession {
    /// Takes up what the author saves, until the session is closed. Does nothing for anybody else.
    pub(super) fn follow_author(self: &Arc<Self>) {
        let Some(preview) = &self.preview else { return };
        self.compare_later();
        let Some(mut changes) = lock(&preview.changes).take() else {
            return;
        };
        let (open, stop) = (Arc::downgrade(self), preview.stop.clone());
        self.tasks.spawn(async move {
            loop {
                let quiet = tokio::select! {
                    biased;
                    () = stop.cancelled() => return,
                    quiet = changes.quiet() => quiet,
                };
                if !quiet || !reload(&open).await {
                    return;
                }
            }
        });
    }

    /// Takes up what has changed in the workshop's folder, for who works on it.
    pub(super) fn read_now(self: &Arc<Self>) {
        if let Some(preview) = &self.preview {
            self.read_anew(preview);
        }
    }

    /// Reads the workshop's folder and takes up what has changed.
    fn read_anew(self: &Arc<Self>, preview: &Preview) {
        // What is read first is taken up first.
        let _turn = lock(&preview.reading);
        let before = self.session.workshop();
        let loaded = match load_written(&before) {
            Ok(loaded) => loaded,
            Err(error) => return self.cannot_show(preview, format!("{error}.")),
        };
        if loaded.workshop.pages.is_empty() && !before.pages.is_empty() {
            return self.cannot_show(
                preview,
                "There are no pages in workshop/content.".to_owned(),
            );
        }
        let taken_up = self.session.take_up(&loaded.workshop, |taken_up, now| {
            self.rename_running(now);
            self.tell_reload(preview, &before, taken_up);
        });
        if let Err(error) = taken_up {
            return self.cannot_show(preview, format!("{error}."));
        }
        self.check_later(loaded);
        self.compare_later();
    }

    fn cannot_show(&self, preview: &Preview, why: String) {
        let problem = format!("{why} The pages are shown as they were before.");
        let reload = {
            let mut told = lock(&preview.told);
            if told.problem.as_ref() == Some(&problem) {
                return;
            }
            told.problem = Some(problem.clone());
            self.reload_view(&told, page_entries(&self.session))
        };
        (self.events)(Event::WorkshopReloaded {
            reload: Box::new(reload),
        });
    }

    fn tell_reload(&self, preview: &Preview, before: &Workshop, taken_up: &TakenUp) {
        let mut told = lock(&preview.told);
        let mut now = Told {
            restart: taken_up
                .restart
                .iter()
                .map(|part| (*part).to_owned())
                .collect(),
            ..Told::default()
        };
        now.look(&self.session.workshop());
        let is_news = *told != now || taken_up.shown.is_some() || !taken_up.changed.is_empty();
        *told = now;
        if !is_news {
            return;
        }
        let changed = taken_up.changed.iter().map(|page| page.0.clone()).collect();
        let shown = taken_up.shown.as_ref();
        let reload = ReloadView {
            changed,
            shown: shown.map(|shown| self.successor(before, shown, taken_up.revision)),
            ..self.reload_view(&told, page_entries(&self.session))
        };
        drop(told);
        (self.events)(Event::WorkshopReloaded {
            reload: Box::new(reload),
        });
    }

    fn reload_view(&self, told: &Told, pages: Vec<PageEntry>) -> ReloadView {
        let [title, description, contents_title] = told.titles.clone();
        ReloadView {
            problem: told.problem.clone(),
            title,
            description,
            contents_title,
            pages,
            changed: Vec::new(),
            restart: told.restart.clone(),
            shown: None,
        }
    }

    fn successor(&self, before: &Workshop, shown: &Successor, revision: u32) -> SuccessorView {
        let workshop = self.session.workshop();
        let page = shown.page.as_ref();
        let view = page.and_then(|id| {
            let rendered = self.session.page(id).ok()?;
            let page = workshop.page(id)?;
            let drawn = Drawn::of(&self.session, &workshop);
            Some(page_view(drawn, page, &rendered, revision))
        });
        let mut actions = BTreeMap::new();
        let mut unchanged = Vec::new();
        if let Some(page) = page {
            for (from, to) in shown.moved.actions.iter().enumerate() {
                if let Some(to) = to {
                    actions.insert(format!("{}/{from}", shown.before), format!("{page}/{to}"));
                }
            }
            let same = shown.moved.unchanged.iter();
            unchanged.extend(same.map(|index| format!("{page}/{index}")));
        }
        let sections = shown.moved.sections.iter();
        SuccessorView {
            before: shown.before.0.clone(),
            state: page
                .filter(|_| view.is_some())
                .map(|page| self.page_state(page)),
            nearest: view
                .is_none()
                .then(|| nearest(before, &workshop, &shown.before))
                .flatten(),
            page: view,
            actions,
            unchanged,
            sections: sections.map(|to| to.map(|to| to as u32)).collect(),
        }
    }

    /// What is under way goes on under the names that its actions have now. What was called off with its action ends.
    fn rename_running(&self, now: &dyn Fn(&ActionId) -> Option<ActionId>) {
        let mut running = self.lock_running();
        for (id, cancel) in std::mem::take(&mut *running) {
            match now(&id) {
                Some(id) => drop(running.insert(id, cancel)),
                None => cancel.cancel(),
            }
        }
        drop(running);
        let mut typed = lock(&self.typed);
        let renamed: HashMap<_, _> = std::mem::take(&mut *typed)
            .into_iter()
            .filter_map(|(id, count)| Some((now(&id)?, count)))
            .collect();
        *typed = renamed;
    }

    /// Compares the author's files with the session's on a thread of its own, and counts the tests anew.
    fn compare_later(self: &Arc<Self>) {
        let open = Arc::clone(self);
        self.tasks.spawn_blocking(move || {
            open.session.recount();
            let Some(preview) = &open.preview else { return };
            let mut offers = lock(&preview.offers);
            if offers.look(&open.session) {
                let offer = offers.view();
                drop(offers);
                (open.events)(Event::FilesOffered { offer });
            }
        });
    }

    pub(super) fn with_offers<T>(&self, ask: impl FnOnce(&mut Offers) -> T) -> Option<T> {
        let preview = self.preview.as_ref()?;
        Some(ask(&mut lock(&preview.offers)))
    }
}

/// The workshop as it is on the disk. A page that has just lost its text is waited for.
fn load_written(before: &Workshop) -> Result<Loaded, LoadError> {
    let pathway = (!before.pathway.is_empty()).then_some(before.pathway.as_str());
    let loaded = load_pathway(&before.root, pathway)?;
    if !is_emptied(before, &loaded.workshop) {
        return Ok(loaded);
    }
    std::thread::sleep(WRITTEN);
    load_pathway(&before.root, pathway)
}

/// Whether there is a session still.
async fn reload(open: &Weak<OpenSession>) -> bool {
    let Some(open) = open.upgrade() else {
        return false;
    };
    // A panic in it must not end the preview.
    let _ = tokio::task::spawn_blocking(move || {
        if let Some(preview) = &open.preview {
            open.read_anew(preview);
        }
    })
    .await;
    true
}

/// The page that stands where a page stood that is gone.
fn nearest(before: &Workshop, now: &Workshop, gone: &PageId) -> Option<String> {
    let at = before.pages.iter().position(|page| page.id == *gone);
    let at = at.unwrap_or(0).min(now.pages.len().saturating_sub(1));
    now.pages.get(at).map(|page| page.id.0.clone())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
