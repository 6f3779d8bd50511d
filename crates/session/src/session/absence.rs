//! Actions that leave their pages with another version of the workshop, and those that are back with it.

use std::collections::{BTreeSet, HashMap};

use atelier_content::action::{Action, Form};
use atelier_content::{
    Likeness, Page, PageId, RenderedPage, Sources, Successors, Workshop, looks, returned,
};

use super::naming::Waiting;
use crate::journal::{Back, Gone, Progress};

/// Who leaves a page, and who is back.
#[derive(Debug, Default)]
pub(super) struct Absence {
    pub(super) gone: Vec<Gone>,
    pub(super) back: Vec<Back>,
    /// The forms of those that are gone, by where they were.
    forms: HashMap<usize, Form>,
}

impl Absence {
    /// `page` is what the page was called before; `was` is nothing for one that comes, `now` nothing for one that goes. The
    /// `first` version in a session may differ from what was played before in ways of which nobody knows. `free_number` is one
    /// that nobody has whose marks wait, and is one again afterwards.
    pub(super) fn of(
        page: &PageId,
        was: Option<(&RenderedPage, &Workshop)>,
        now: Option<(&RenderedPage, &Workshop)>,
        moved: &Successors,
        (progress, first): (&Progress, bool),
        free_number: &mut u32,
    ) -> Self {
        let known = progress.gone_from(&page.0);
        let mut absence = Self::default();
        if let Some((was, workshop)) = was {
            absence.look_for_gone(was, &workshop.sources, moved, free_number);
        }
        if let Some((now, workshop)) = now
            && !known.is_empty()
        {
            let stayed = |index: &usize| moved.actions.contains(&Some(*index));
            let marked = |index: &usize| progress.actions.contains_key(&format!("{page}/{index}"));
            let free = |index| {
                if first {
                    !marked(&index)
                } else {
                    !stayed(&index)
                }
            };
            let free: Vec<_> = (0..now.actions.len()).map(free).collect();
            let was_empty = was.is_none_or(|(was, _)| was.actions.is_empty());
            // On a page that was not empty, one that only looks like it is more likely new.
            let likeness = if was_empty && !first {
                Likeness::InOrder
            } else {
                Likeness::Same
            };
            let gone: Vec<_> = known.values().copied().collect();
            let found = returned(&gone, &looks(now, &workshop.sources), &free, likeness);
            let found = known.keys().zip(found);
            absence.back = found
                .filter_map(|(number, index)| {
                    let index = index?;
                    Some(Back {
                        number: *number,
                        index,
                        section: section_at(now, index),
                    })
                })
                .collect();
        }
        absence
    }

    fn look_for_gone(
        &mut self,
        was: &RenderedPage,
        sources: &Sources,
        moved: &Successors,
        free_number: &mut u32,
    ) {
        for (index, look) in looks(was, sources).into_iter().enumerate() {
            if moved.actions.get(index).copied().flatten().is_some() {
                continue;
            }
            self.gone.push(Gone {
                index,
                number: *free_number,
                look,
                section: section_at(was, index),
            });
            if let Ok(Action::Examiner(test)) = &was.actions[index].action {
                let form = test.form.clone();
                self.forms.extend(form.map(|form| (index, form)));
            }
            *free_number = free_number.saturating_add(1);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.gone.is_empty() && self.back.is_empty()
    }

    /// What is known of those that are gone, by where they were.
    pub(super) fn waiting(&self) -> HashMap<usize, Waiting> {
        let waiting = |gone: &Gone| Waiting {
            number: gone.number,
            form: self.forms.get(&gone.index).cloned(),
        };
        let gone = self.gone.iter();
        gone.map(|gone| (gone.index, waiting(gone))).collect()
    }

    /// Where those are that are back, by the numbers that they had.
    pub(super) fn places(&self) -> HashMap<u32, usize> {
        let back = self.back.iter();
        back.map(|back| (back.number, back.index)).collect()
    }
}

/// What waits for pages that went with an earlier version: they may come back under another name.
pub(super) struct Left<'a> {
    progress: &'a Progress,
    pages: BTreeSet<PageId>,
}

impl<'a> Left<'a> {
    /// `is_there` says of which pages something is known in the version before or in this one.
    pub(super) fn behind(progress: &'a Progress, is_there: impl Fn(&PageId) -> bool) -> Self {
        let mut pages = progress.pages_with_gone();
        pages.retain(|page| !is_there(page));
        Self { progress, pages }
    }

    /// The name under which a page went that comes, and how it comes out. Under another one it is known when it does at least
    /// half of what that one did, and not much else.
    pub(super) fn by(
        &mut self,
        page: &Page,
        rendered: impl FnOnce() -> RenderedPage,
        sources: &Sources,
    ) -> Option<(PageId, RenderedPage)> {
        if !self.progress.gone_from(&page.id.0).is_empty() {
            return Some((page.id.clone(), rendered()));
        }
        if self.pages.is_empty() {
            return None;
        }
        let rendered = rendered();
        let now = looks(&rendered, sources);
        let free = vec![true; now.len()];
        let alike = self.pages.iter().filter_map(|page| {
            let gone = self.progress.gone_from(&page.0);
            let gone: Vec<_> = gone.into_values().collect();
            let found = returned(&gone, &now, &free, Likeness::Same);
            let count = found.iter().flatten().count();
            (count > 0 && count * 2 >= gone.len().max(now.len())).then_some((count, page))
        });
        let (_, page) = alike.max_by_key(|(count, _)| *count)?;
        let page = page.clone();
        self.pages.remove(&page);
        Some((page, rendered))
    }
}

/// The section that an action opens.
fn section_at(page: &RenderedPage, index: usize) -> Option<usize> {
    page.sections
        .iter()
        .position(|section| section.begin == index)
}
