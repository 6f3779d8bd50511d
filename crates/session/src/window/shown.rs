//! The page that the window shows.

use std::sync::Arc;

use atelier_content::PageId;

use super::open::OpenSession;
use super::views::{Drawn, page_view, web_previews};
use crate::error::SessionError;
use crate::journal::{self, Entry, is_of_page};
use crate::protocol::{ActionStatus, PageState, PageView, ViewState};

impl OpenSession {
    /// A page to show.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn page(&self, id: &str) -> Result<PageView, SessionError> {
        let id = PageId(id.to_owned());
        // Asked first: a page that is newer than its number is refused a click, and never the other way round.
        let revision = self.session.page_revision(&id);
        let rendered = self.session.page(&id)?;
        let workshop = self.session.workshop();
        let page = workshop
            .page(&id)
            .ok_or_else(|| SessionError::UnknownPage(id.0.clone()))?;
        let drawn = Drawn::of(&self.session, &workshop);
        Ok(page_view(drawn, page, &rendered, revision))
    }

    /// The page is shown now.
    ///
    /// # Errors
    /// When there is none of this name, or the journal cannot be written.
    pub fn enter(&self, id: &str) -> Result<PageState, SessionError> {
        let id = PageId(id.to_owned());
        let autostart = self.session.enter(&id)?;
        self.starts.keep(&self.session, &id);
        let page = self.session.page(&id)?;
        self.fetch_previews(web_previews(&page, &id));
        let mut state = self.page_state(&id);
        state.autostart = autostart
            .into_iter()
            .map(|index| format!("{id}/{index}"))
            .collect();
        Ok(state)
    }

    /// How a page stands; nothing is told of what starts by itself.
    pub(super) fn page_state(&self, id: &PageId) -> PageState {
        let progress = self.session.journal().progress();
        let of_page = |action: &String| is_of_page(action, &id.0) && !journal::is_gone(action);
        let ended = progress.ended.into_iter();
        let standing = progress.actions.into_iter().filter(|(action, update)| {
            // A command that was running when the session ended has gone with it.
            let gone = update.status == ActionStatus::Running
                && !action.parse().is_ok_and(|id| self.is_in_a_terminal(&id));
            of_page(action) && !gone
        });
        PageState {
            actions: standing.collect(),
            // What ended in the future ended when the clock was wrong: nobody is to wait for that.
            ended: ended
                .filter(|(action, _)| of_page(action))
                .map(|(action, at)| (action, at.min(journal::now())))
                .collect(),
            forms: self.forms_of(id).into_iter().collect(),
            sections: self.session.section_states(id),
            autostart: Vec::new(),
            scroll: progress.scroll.get(&id.0).copied().unwrap_or(0.0),
        }
    }

    /// The learner has the page loaded anew: what runs only once may run again. It is to be entered afterwards. For who works on
    /// the workshop its folder is read first, also where the system cannot watch it.
    ///
    /// # Errors
    /// When there is none of this name, or the journal cannot be written.
    pub fn reload(self: &Arc<Self>, id: &str) -> Result<(), SessionError> {
        self.read_now();
        let id = PageId(id.to_owned());
        self.session.page(&id)?;
        self.session.record(Entry::Reloaded { page: id.0 })
    }

    /// The page is not shown any more.
    pub fn leave(&self, id: &str) {
        self.session.leave_page(&PageId(id.to_owned()));
    }

    /// Keeps how the window stands.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn save_view(&self, view: ViewState) -> Result<(), SessionError> {
        let Some(page) = self.session.journal().progress().page else {
            return Ok(());
        };
        let path = self.session.journal().path();
        let noted = self.session.journal().note(Entry::View { page, view });
        noted.map_err(|source| SessionError::Journal {
            path: path.to_owned(),
            source,
        })
    }
}
