//! Actions that leave their pages with another version of the workshop, and those that are back with it.

use std::collections::HashMap;

use atelier_content::action::{Action, Form};
use atelier_content::{
    Likeness, PageId, RenderedPage, Sources, Successors, Workshop, looks, returned,
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
    /// `first` version in a session may differ from what was played before in ways of which nobody knows.
    pub(super) fn of(
        page: &PageId,
        was: Option<(&RenderedPage, &Workshop)>,
        now: Option<(&RenderedPage, &Workshop)>,
        moved: &Successors,
        (progress, first): (&Progress, bool),
    ) -> Self {
        let known = progress.gone_from(&page.0);
        let mut absence = Self::default();
        if let Some((was, workshop)) = was {
            let first_free = known.keys().next_back().map_or(0, |last| last + 1);
            absence.look_for_gone(was, &workshop.sources, moved, first_free);
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
        first_free: u32,
    ) {
        let mut number = first_free;
        for (index, look) in looks(was, sources).into_iter().enumerate() {
            if moved.actions.get(index).copied().flatten().is_some() {
                continue;
            }
            self.gone.push(Gone {
                index,
                number,
                look,
                section: section_at(was, index),
            });
            if let Ok(Action::Examiner(test)) = &was.actions[index].action {
                let form = test.form.clone();
                self.forms.extend(form.map(|form| (index, form)));
            }
            number += 1;
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

/// The section that an action opens.
fn section_at(page: &RenderedPage, index: usize) -> Option<usize> {
    page.sections
        .iter()
        .position(|section| section.begin == index)
}
