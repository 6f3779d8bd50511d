//! Another version of the workshop takes the place of the one that is played, while it is played: what its author does.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError};

use atelier_content::lifecycle::Lifecycle;
use atelier_content::render::PageKeys;
use atelier_content::{
    ActionId, Page, PageId, RenderedPage, Successors, Variables, Workshop, render, successors,
    variables,
};

use super::absence::{Absence, Left};
use super::definition::with_definition_of;
use super::naming::Moved;
use super::readiness::{Basis, checks};
use super::renamed::{all, followed};
use super::{Session, Shown, lock};
use crate::error::SessionError;
use crate::journal::{Entry, Moving, Progress};
use crate::protocol::Event;

/// What another version has changed of what is played.
#[derive(Debug, Default)]
pub(crate) struct TakenUp {
    /// The number of this version: see [`Session::page_revision`].
    pub(crate) revision: u32,
    /// Pages that are new, or that are written in another way.
    pub(crate) changed: Vec<PageId>,
    /// What was shown before, and what became of it; nothing when no page was shown or it is as it was.
    pub(crate) shown: Option<Successor>,
    /// Parts of the definition that apply only after a restart: as the learner knows them.
    pub(crate) restart: Vec<&'static str>,
}

/// What became of the page that was shown.
#[derive(Debug)]
pub(crate) struct Successor {
    pub(crate) before: PageId,
    /// `None` when it is gone.
    pub(crate) page: Option<PageId>,
    pub(crate) moved: Successors,
}

/// A page that is not as it was.
struct Change {
    before: PageId,
    page: Option<PageId>,
    moved: Successors,
    absence: Absence,
    rendered: Option<Arc<RenderedPage>>,
    /// Its shown page has changed, or what it does.
    visible: bool,
}

impl Change {
    /// A page that nothing is known of, but that has got a name which another one had.
    fn unknown(before: &PageId, page: &PageId) -> Self {
        Self {
            before: before.clone(),
            page: Some(page.clone()),
            moved: Successors::default(),
            absence: Absence::default(),
            rendered: None,
            visible: true,
        }
    }

    /// What the journal keeps of it; nothing where all names are as they were.
    fn moving(&self) -> Option<Moving> {
        // A page that is gone may come back, as after a change of branches: its marks wait under its name.
        let to = self.page.as_ref().unwrap_or(&self.before);
        let in_place = *to == self.before && self.moved.is_identity();
        (!in_place || !self.absence.is_empty()).then(|| Moving {
            page: self.before.0.clone(),
            to: to.0.clone(),
            actions: self.moved.actions.clone(),
            sections: self.moved.sections.clone(),
            gone: self.absence.gone.clone(),
            back: self.absence.back.clone(),
        })
    }

    fn names(&self) -> Moved {
        Moved {
            page: self.page.clone(),
            actions: self.moved.actions.clone(),
            gone: self.absence.waiting(),
            back: self.absence.places(),
        }
    }
}

impl Session {
    /// Goes on with another version of the workshop. Marks, sections and what is under way stay with their actions; pages
    /// that come out as before are not rendered again. `tell` is called when everything has its place, before anything is
    /// done under a new name; with it goes what an action that had a name before is called now.
    ///
    /// # Errors
    /// When the journal cannot be written; then everything stays as it was.
    pub(crate) fn take_up(
        &self,
        workshop: &Workshop,
        tell: impl FnOnce(&TakenUp, &dyn Fn(&ActionId) -> Option<ActionId>),
    ) -> Result<(), SessionError> {
        let old = self.workshop();
        let basis = self.basis();
        let (new, restart) = with_definition_of(&old, workshop.clone());
        let known = self.variables_of(&new, &basis);
        let changed = changed_pages((&old, &basis.variables), (&new, &known));
        let followed = followed(&old, &new);
        let (before, after) = ((&*old, &basis.variables), (&new, &known));
        let mut changes = self.changes(before, after, (&changed, &followed));

        let mut naming = self.naming.write().unwrap_or_else(PoisonError::into_inner);
        let late = self.shown_meanwhile(&old, after, (&changed, &followed), &changes);
        changes.retain(|change| late.iter().all(|late| late.before != change.before));
        changes.extend(late);
        let pages: Vec<_> = changes.iter().filter_map(Change::moving).collect();
        if !pages.is_empty() {
            self.record(Entry::PagesChanged { pages })?;
        }
        {
            let mut rendered = lock(&self.rendered);
            for change in &changes {
                rendered.remove(&change.before);
            }
            for id in &changed {
                rendered.remove(id);
            }
            for change in &changes {
                if let (Some(page), Some(as_now)) = (&change.page, &change.rendered) {
                    rendered.insert(page.clone(), Arc::clone(as_now));
                }
            }
            let mut now = lock(&self.basis);
            // Set-up may have ended meanwhile: what it has left is in force.
            let variables = if now.environment == basis.environment {
                known
            } else {
                rendered.clear();
                self.variables_of(&new, &now)
            };
            *now = Arc::new(Basis {
                variables,
                environment: now.environment.clone(),
                examiner: Arc::clone(&now.examiner),
                checks: now.checks.clone(),
            });
            drop(now);
            *self
                .workshop
                .write()
                .unwrap_or_else(PoisonError::into_inner) = Arc::new(new);
        }
        let step = changes.iter().filter(|change| change.visible);
        let step = step.map(|change| (change.before.clone(), change.names()));
        naming.steps.push(step.collect());
        let changed = changed.into_iter().filter(|id| {
            // What pages share has changed too for those that come out as before.
            let change = changes
                .iter()
                .find(|change| change.page.as_ref() == Some(id));
            change.map_or_else(
                || is_rewritten(&old, &self.workshop(), id),
                |change| change.visible,
            )
        });
        let changed = changed.collect();
        let taken_up = TakenUp {
            revision: naming.steps.len() as u32,
            changed,
            shown: self.show_anew(changes),
            restart,
        };
        let at = naming.steps.len() - 1;
        tell(&taken_up, &|id| naming.one_step(at, id));
        Ok(())
    }

    fn variables_of(&self, workshop: &Workshop, basis: &Basis) -> Variables {
        variables::resolve(workshop, self.own.clone(), &|name| {
            basis.environment.get(name).map(str::to_owned)
        })
    }

    /// Counts the tests of the workshop as it is now. Renders every page that has changed and was not shown since.
    pub(crate) fn recount(&self) {
        let before = self.checks();
        let workshop = self.workshop();
        let pages = workshop.pages.iter();
        // One that has gone meanwhile comes with the next count.
        let pages: Vec<_> = pages.filter_map(|page| self.page(&page.id).ok()).collect();
        let counted: BTreeSet<String> = checks(pages.iter().map(|page| &**page));
        {
            let mut basis = lock(&self.basis);
            if basis.checks == counted {
                return;
            }
            *basis = Arc::new(Basis {
                variables: basis.variables.clone(),
                environment: basis.environment.clone(),
                examiner: Arc::clone(&basis.examiner),
                checks: counted,
            });
        }
        let checks = self.checks();
        if checks != before {
            self.tell(Event::ChecksChanged { checks });
        }
    }

    /// The pages of which something is known that are not as they were.
    fn changes(
        &self,
        (old, variables): (&Workshop, &Variables),
        (new, known): (&Workshop, &Variables),
        (changed, followed): (&[PageId], &HashMap<PageId, PageId>),
    ) -> Vec<Change> {
        let rendered = lock(&self.rendered).clone();
        let progress = self.journal.progress();
        let mut number = progress.free_number();
        let mut found = Vec::new();
        let naming = self.naming.read().unwrap_or_else(PoisonError::into_inner);
        let standing = (&progress, naming.steps.is_empty());
        drop(naming);
        for page in all(old) {
            let is_known = rendered.contains_key(&page.id) || has_marks(&progress, &page.id);
            let id = followed.get(&page.id);
            let now = id.and_then(|id| new.page(id));
            let same = id.is_some_and(|id| *id == page.id && !changed.contains(id));
            let may_be_back = standing.1 && !progress.gone_from(&page.id.0).is_empty();
            if !is_known {
                let displaces = id.filter(|id| **id != page.id && old.page(id).is_some());
                found.extend(displaces.map(|id| Change::unknown(&page.id, id)));
                continue;
            }
            if same && !may_be_back {
                continue;
            }
            let was = rendered.get(&page.id).cloned();
            let was = was.unwrap_or_else(|| Arc::new(render(old, page, variables)));
            let before = Some((&*was, old));
            let Some(now) = now else {
                let moved = Successors::default();
                found.push(Change {
                    absence: Absence::of(&page.id, before, None, &moved, standing, &mut number),
                    before: page.id.clone(),
                    page: None,
                    moved,
                    rendered: None,
                    visible: true,
                });
                continue;
            };
            let is = Arc::new(render(new, now, known));
            let moved = successors((&was, &old.sources), (&is, &new.sources));
            let alike = was.html == is.html
                && was.sections == is.sections
                && was.actions.len() == is.actions.len()
                && moved.unchanged.len() == is.actions.len()
                && moved.is_identity();
            let titled = |page: &Page| {
                (
                    page.title.clone(),
                    page.heading.clone(),
                    page.next_label.clone(),
                )
            };
            let after = Some((&*is, new));
            let absence = Absence::of(&page.id, before, after, &moved, standing, &mut number);
            found.push(Change {
                visible: !alike
                    || !absence.back.is_empty()
                    || now.id != page.id
                    || titled(page) != titled(now),
                before: page.id.clone(),
                page: Some(now.id.clone()),
                moved,
                absence,
                rendered: Some(is),
            });
        }
        let come = all(new).filter(|page| {
            old.page(&page.id).is_none() && !followed.values().any(|id| *id == page.id)
        });
        let mut left = Left::behind(&progress, |id| {
            old.page(id).or_else(|| new.page(id)).is_some()
        });
        for page in come {
            let Some((before, is)) = left.by(page, || render(new, page, known), &new.sources)
            else {
                continue;
            };
            let (after, moved) = (Some((&is, new)), Successors::default());
            found.push(Change {
                absence: Absence::of(&before, None, after, &moved, standing, &mut number),
                before,
                page: Some(page.id.clone()),
                moved,
                rendered: Some(Arc::new(is)),
                visible: true,
            });
        }
        found
    }

    /// Changed pages that somebody turned to for the first time while the others were compared: they came out as before.
    fn shown_meanwhile(
        &self,
        old: &Workshop,
        (new, known): (&Workshop, &Variables),
        (changed, followed): (&[PageId], &HashMap<PageId, PageId>),
        changes: &[Change],
    ) -> Vec<Change> {
        let rendered = lock(&self.rendered);
        let is_known = |id: &PageId| {
            let of_page = |change: &Change| change.before == *id && change.rendered.is_some();
            changes.iter().any(of_page)
        };
        let late = rendered.iter().filter(|(id, _)| !is_known(id));
        late.filter_map(|(id, was)| {
            let to = followed.get(id)?;
            if to == id && !changed.contains(id) {
                return None;
            }
            let is = Arc::new(render(new, new.page(to)?, known));
            Some(Change {
                before: id.clone(),
                page: Some(to.clone()),
                moved: successors((was, &old.sources), (&is, &new.sources)),
                absence: Absence::default(),
                rendered: Some(is),
                visible: true,
            })
        })
        .collect()
    }

    /// The page in front is the changed one now, its sections as they were.
    fn show_anew(&self, changes: Vec<Change>) -> Option<Successor> {
        let mut shown = lock(&self.shown);
        let page = shown.as_ref()?.page.clone();
        let change = changes.into_iter().find(|change| change.before == page)?;
        if let (Some(page), Some(rendered), Some(shown)) =
            (&change.page, &change.rendered, shown.as_mut())
        {
            let mut life = Lifecycle::new(rendered);
            let open = shown.life.open_sections().collect::<Vec<_>>();
            let now = change.moved.sections.iter().zip(open);
            life.restore(now.filter_map(|(section, open)| Some(((*section)?, open))));
            let back: Vec<_> = change
                .absence
                .back
                .iter()
                .map(|each| each.section)
                .collect();
            let kept = self.journal.progress().sections.remove(&page.0);
            let kept = kept.unwrap_or_default().into_iter();
            let kept = kept.map(|state| (state.section as usize, state.open));
            life.restore(kept.filter(|(section, _)| back.contains(&Some(*section))));
            *shown = Shown {
                page: page.clone(),
                life,
                left: shown.left.clone(),
            };
        } else if let Some(gone) = shown.take() {
            gone.left.cancel();
        }
        change.visible.then_some(Successor {
            before: change.before,
            page: change.page,
            moved: change.moved,
        })
    }
}

/// Pages that come out in another way than before, and new ones.
fn changed_pages(
    (old, variables): (&Workshop, &Variables),
    (new, known): (&Workshop, &Variables),
) -> Vec<PageId> {
    let (before, after) = (PageKeys::new(old, variables), PageKeys::new(new, known));
    let known: HashMap<_, _> = all(old).map(|page| (&page.id, page)).collect();
    let is_same = |page: &Page| {
        let was = known.get(&page.id);
        was.is_some_and(|was| after.is_same(page, &before, was))
    };
    let changed = all(new).filter(|page| !is_same(page));
    changed.map(|page| page.id.clone()).collect()
}

/// Whether the page's own text is another, or it is new.
fn is_rewritten(old: &Workshop, new: &Workshop, id: &PageId) -> bool {
    let text = |workshop: &Workshop| {
        let page = workshop.page(id)?;
        Some(workshop.sources.file(page.file()).text().to_owned())
    };
    text(old) != text(new)
}

/// Whether a page that had text has none now: it may be in the midst of being written.
pub(crate) fn is_emptied(old: &Workshop, new: &Workshop) -> bool {
    all(new).any(|page| {
        let had_text = old.page(&page.id).is_some() && !is_blank(old, &page.id);
        had_text && is_blank(new, &page.id)
    })
}

fn is_blank(workshop: &Workshop, id: &PageId) -> bool {
    workshop.page(id).is_some_and(|page| {
        let text = workshop.sources.file(page.file()).text();
        text.trim().is_empty()
    })
}

fn has_marks(progress: &Progress, page: &PageId) -> bool {
    let of_page = |action: &String| crate::journal::is_of_page(action, &page.0);
    progress.sections.contains_key(&page.0)
        || progress.actions.keys().any(of_page)
        || progress.forms.keys().any(of_page)
        || progress.visited.contains(&page.0)
}
