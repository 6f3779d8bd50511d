//! The end of a workshop.

use atelier_content::render::safe_url;

use super::open::OpenSession;
use crate::error::SessionError;
use crate::journal::{self, Entry};
use crate::protocol::{ActionStatus, FinishView};

impl OpenSession {
    /// What the finish screen shows.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn finish(&self) -> Result<FinishView, SessionError> {
        self.session.record(Entry::Finished)?;
        let progress = self.session.journal().progress();
        let done = progress
            .actions
            .iter()
            .filter(|(action, _)| !journal::is_gone(action))
            .filter(|(_, update)| update.status == ActionStatus::Done)
            .count();
        Ok(FinishView {
            title: self.session.workshop().title.clone(),
            actions_done: done as u32,
            checks: self.session.checks(),
            millis: progress.millis,
            files_at: self.session.folders().home.to_string(),
            exit_link: self.exit_link(),
        })
    }

    /// A web address only: whatever else a workshop says here is not followed.
    fn exit_link(&self) -> Option<String> {
        let link = self.session.workshop();
        let link = link.pages.last()?.exit_link.as_deref()?;
        let link = crate::expand::expand(link, |name| {
            self.session.variables().get(name).map(str::to_owned)
        });
        let is_web = link.starts_with("http://") || link.starts_with("https://");
        safe_url(&link).filter(|_| is_web)
    }
}
