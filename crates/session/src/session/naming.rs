//! Names of actions over the changes of their pages. An action is named by its place, which moves when its author inserts
//! another one before it; who began something under a name finds out here what it is called now.

use std::collections::HashMap;
use std::sync::PoisonError;

use atelier_content::{ActionId, PageId};

use super::Session;
use crate::error::SessionError;

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
}

impl Naming {
    /// What an action that had this name before a reload is called after it.
    pub(super) fn one_step(&self, at: usize, id: &ActionId) -> Option<ActionId> {
        self.now(&Named { id: id.clone(), at })
    }

    /// What an action is called now; `None` when it is gone.
    fn now(&self, named: &Named) -> Option<ActionId> {
        let mut id = named.id.clone();
        for step in self.steps.get(named.at..).unwrap_or_default() {
            if let Some(moved) = step.get(&id.page) {
                id = ActionId {
                    page: moved.page.clone()?,
                    index: moved.actions.get(id.index).copied().flatten()?,
                };
            }
        }
        Some(id)
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
}
