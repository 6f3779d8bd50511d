//! The page that is shown: entering and leaving it, and what follows from its actions.

use atelier_content::lifecycle::{Following, Lifecycle};
use atelier_content::{ActionId, PageId};
use tokio_util::sync::CancellationToken;

use super::{Session, lock};
use crate::error::SessionError;
use crate::journal::Entry;
use crate::protocol::SectionState;

/// The page that is shown.
pub(super) struct Shown {
    pub(super) page: PageId,
    pub(super) life: Lifecycle,
    /// Cancelled when the page is left.
    pub(super) left: CancellationToken,
}

impl Session {
    /// Shows a page: what ran only while the one before was shown ends. Returns the actions that start by themselves.
    ///
    /// # Errors
    /// When there is no such page, or the journal cannot be written.
    pub fn enter(&self, id: &PageId) -> Result<Vec<usize>, SessionError> {
        let page = self.page(id)?;
        self.record(Entry::Page { page: id.0.clone() })?;
        let progress = self.journal.progress();
        let mut life = Lifecycle::new(&page);
        if let Some(sections) = progress.sections.get(&id.0) {
            life.restore(
                sections
                    .iter()
                    .map(|state| (state.section as usize, state.open)),
            );
        }
        let done = |index: &usize| progress.actions.contains_key(&format!("{id}/{index}"));
        let autostart = life
            .autostart()
            .into_iter()
            .filter(|index| !done(index))
            .collect();
        self.leave();
        *lock(&self.shown) = Some(Shown {
            page: id.clone(),
            life,
            left: CancellationToken::new(),
        });
        Ok(autostart)
    }

    /// Ends what runs only while its page is shown.
    pub fn leave(&self) {
        if let Some(shown) = lock(&self.shown).take() {
            shown.left.cancel();
        }
    }

    /// As [`Self::leave`], unless another page is shown by now.
    pub fn leave_page(&self, page: &PageId) {
        if lock(&self.shown)
            .as_ref()
            .is_some_and(|shown| shown.page == *page)
        {
            self.leave();
        }
    }

    /// Cancelled when the shown page is left.
    pub fn page_left(&self) -> CancellationToken {
        lock(&self.shown)
            .as_ref()
            .map_or_else(CancellationToken::new, |shown| shown.left.child_token())
    }

    /// Asks the life of the shown page.
    pub fn with_life<T>(&self, page: &PageId, ask: impl FnOnce(&mut Lifecycle) -> T) -> Option<T> {
        lock(&self.shown)
            .as_mut()
            .filter(|shown| shown.page == *page)
            .map(|shown| ask(&mut shown.life))
    }

    /// An action of the shown page has succeeded: its mark takes effect, and what follows is told.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn follow(&self, id: &ActionId) -> Result<Following, SessionError> {
        let succeeded = |life: &mut Lifecycle| {
            let before: Vec<_> = life.open_sections().collect();
            let following = life.succeeded(id.index);
            let changed = following.sections_changed.then(|| {
                let states = life.open_sections().zip(before).enumerate();
                let changed = states.filter(|(_, (open, before))| open != before);
                changed
                    .map(|(at, (open, _))| SectionState {
                        section: at as u32,
                        open,
                    })
                    .collect()
            });
            (following, changed)
        };
        let Some((following, changed)) = self.with_life(&id.page, succeeded) else {
            return Ok(Following::default());
        };
        if let Some(sections) = changed {
            self.record(Entry::Sections {
                page: id.page.0.clone(),
                sections,
            })?;
        }
        Ok(following)
    }

    /// Which sections of the shown page are open.
    pub fn section_states(&self, page: &PageId) -> Vec<SectionState> {
        let states = |life: &mut Lifecycle| {
            let open = life.open_sections().enumerate();
            open.map(|(at, open)| SectionState {
                section: at as u32,
                open,
            })
            .collect()
        };
        self.with_life(page, states).unwrap_or_default()
    }
}
