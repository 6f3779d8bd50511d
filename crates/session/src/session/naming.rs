//! Names of actions over the changes of their pages. An action is named by its place, which moves when its author inserts
//! another one before it; who began something under a name finds out here what it is called now.

use std::collections::HashMap;
use std::sync::PoisonError;

use atelier_content::action::Form;
use atelier_content::{ActionId, PageId};

use super::Session;
use crate::error::SessionError;
use crate::journal::{Entry, gone_name};
use crate::protocol::ActionUpdate;

/// An action as it was called at some time.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    id: ActionId,
    /// How many reloads there had been.
    at: usize,
}

/// What reloads did to the names of actions.
#[derive(Debug, Default)]
pub(super) struct Naming {
    /// For each reload the pages that it changed.
    pub(super) steps: Vec<HashMap<PageId, Moved>>,
}

/// What became of a page and its actions.
#[derive(Debug, Clone)]
pub(super) struct Moved {
    /// Its name since then; `None` when it is gone.
    pub(super) page: Option<PageId>,
    /// Where its actions are; those that are not here are gone.
    pub(super) actions: Vec<Option<usize>>,
    /// Those whose marks wait.
    pub(super) gone: HashMap<usize, Waiting>,
    /// Which of these are back, and where.
    pub(super) back: HashMap<u32, usize>,
}

/// What is known of an action that is gone from its page and may come back.
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    /// By which its marks are found again.
    pub(super) number: u32,
    /// What may still be under way from a window is judged by it.
    pub(super) form: Option<Form>,
}

/// Where an action is.
enum Place<'a> {
    Here(ActionId),
    Gone(PageId, &'a Waiting),
}

impl Naming {
    /// What an action that had this name before a reload is called after it.
    pub(super) fn one_step(&self, at: usize, id: &ActionId) -> Option<ActionId> {
        self.now(&Named { id: id.clone(), at })
    }

    /// What an action is called now; `None` when it is gone.
    fn now(&self, named: &Named) -> Option<ActionId> {
        match self.place(named)? {
            Place::Here(id) => Some(id),
            Place::Gone(..) => None,
        }
    }

    /// Where an action is now; `None` when nothing is known of it any more.
    fn place(&self, named: &Named) -> Option<Place<'_>> {
        let mut place = Place::Here(named.id.clone());
        for step in self.steps.get(named.at..).unwrap_or_default() {
            let (Place::Here(ActionId { page, .. }) | Place::Gone(page, _)) = &place;
            let Some(moved) = step.get(page) else {
                continue;
            };
            let to = moved.page.clone().unwrap_or_else(|| page.clone());
            let here = |index| {
                Place::Here(ActionId {
                    page: to.clone(),
                    index,
                })
            };
            place = match place {
                Place::Here(id) => match moved.actions.get(id.index).copied().flatten() {
                    Some(index) => here(index),
                    None => Place::Gone(to.clone(), moved.gone.get(&id.index)?),
                },
                Place::Gone(_, waiting) => match moved.back.get(&waiting.number) {
                    Some(index) => here(*index),
                    None => Place::Gone(to.clone(), waiting),
                },
            };
        }
        Some(place)
    }

    /// The number of the reload that changed a page last, from 1; 0 when none has.
    fn changed(&self, page: &PageId) -> u32 {
        let is_this = |moved: &Moved| moved.page.as_ref() == Some(page);
        let last = self
            .steps
            .iter()
            .rposition(|step| step.contains_key(page) || step.values().any(is_this));
        last.map_or(0, |at| at as u32 + 1)
    }
}

impl Session {
    /// Which version of a page is the one that is played: another number after each change of it.
    pub(crate) fn page_revision(&self, page: &PageId) -> u32 {
        self.naming
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .changed(page)
    }

    /// Takes down what an action is called, as somebody saw it who had this version of its page before them.
    ///
    /// # Errors
    /// [`SessionError::PageChanged`] when the page has changed since.
    pub(crate) fn named(&self, id: &ActionId, seen: Option<u32>) -> Result<Named, SessionError> {
        let naming = self.naming.read().unwrap_or_else(PoisonError::into_inner);
        if seen.is_some_and(|seen| seen != naming.changed(&id.page)) {
            return Err(SessionError::PageChanged);
        }
        Ok(Named {
            id: id.clone(),
            at: naming.steps.len(),
        })
    }

    /// Takes down which action somebody meant who had this version of its page before them; it may have moved since.
    pub(crate) fn named_then(&self, id: &ActionId, seen: Option<u32>) -> Named {
        let naming = self.naming.read().unwrap_or_else(PoisonError::into_inner);
        Named {
            id: id.clone(),
            at: seen.map_or(naming.steps.len(), |seen| seen as usize),
        }
    }

    /// Does something with the form of an action that is gone from its page and may come back, and with the name under which its
    /// marks wait. `None` when it is not so, or it has no form.
    pub(crate) fn with_form_of_gone<T>(
        &self,
        named: &Named,
        then: impl FnOnce(String, &Form) -> T,
    ) -> Option<T> {
        let naming = self.naming.read().unwrap_or_else(PoisonError::into_inner);
        match naming.place(named)? {
            Place::Here(_) => None,
            Place::Gone(page, waiting) => Some(then(
                gone_name(&page.0, waiting.number),
                waiting.form.as_ref()?,
            )),
        }
    }

    /// Keeps how an action ended, wherever it is now.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub(crate) fn record_end(
        &self,
        named: &Named,
        update: ActionUpdate,
    ) -> Result<(), SessionError> {
        let naming = self.naming.read().unwrap_or_else(PoisonError::into_inner);
        let action = match naming.place(named) {
            Some(Place::Here(id)) => id.to_string(),
            Some(Place::Gone(page, waiting)) => gone_name(&page.0, waiting.number),
            None => return Ok(()),
        };
        self.record(Entry::Action { action, update })
    }

    /// Does something under the name that an action has now, `None` when it is gone. No reload comes between, so that it must
    /// not ask for another name meanwhile.
    pub(crate) fn under_name<T>(
        &self,
        named: &Named,
        then: impl FnOnce(Option<ActionId>) -> T,
    ) -> T {
        let naming = self.naming.read().unwrap_or_else(PoisonError::into_inner);
        then(naming.now(named))
    }

    /// As [`Self::under_name`], for who tells of it: with the name goes the version of the page on which it is the action's.
    pub(crate) fn under_name_and_revision<T>(
        &self,
        named: &Named,
        then: impl FnOnce(Option<(ActionId, u32)>) -> T,
    ) -> T {
        let naming = self.naming.read().unwrap_or_else(PoisonError::into_inner);
        then(naming.now(named).map(|id| {
            let revision = naming.changed(&id.page);
            (id, revision)
        }))
    }
}
