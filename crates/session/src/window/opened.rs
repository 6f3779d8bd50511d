//! What the window has open: a session, or a workshop that is only read.

use std::sync::Arc;

use camino::Utf8Path;

use super::library::Library;
use super::open::OpenSession;
use super::reading::Reading;
use crate::error::SessionError;
use crate::protocol::{Effect, PageState, PageView, SessionView};

/// What the window has open. Whatever runs, writes or opens a terminal is asked of [`Self::session`], which refuses it while a
/// workshop is only read: there is nothing behind it that could.
#[derive(Clone)]
pub enum Opened {
    /// A session of a trusted workshop.
    Session(Arc<OpenSession>),
    /// The pages of a workshop, trusted or not.
    Reading(Arc<Reading>),
}

impl Opened {
    /// Opens the pages of a workshop, along a pathway if one is named. Runs and writes nothing.
    ///
    /// # Errors
    /// As [`Reading::open`].
    pub fn read(
        library: &Library,
        path: &Utf8Path,
        pathway: Option<&str>,
    ) -> Result<Self, SessionError> {
        let reading = Reading::open(library, path, pathway)?;
        Ok(Self::Reading(Arc::new(reading)))
    }

    /// The session, for everything but reading.
    ///
    /// # Errors
    /// [`SessionError::ReadOnly`] when there is none.
    pub fn session(&self) -> Result<Arc<OpenSession>, SessionError> {
        match self {
            Self::Session(session) => Ok(Arc::clone(session)),
            Self::Reading(_) => Err(SessionError::ReadOnly),
        }
    }

    /// What the window shows first.
    pub fn view(&self) -> SessionView {
        match self {
            Self::Session(session) => session.view(),
            Self::Reading(reading) => reading.view(),
        }
    }

    /// A page to show.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn page(&self, id: &str) -> Result<PageView, SessionError> {
        match self {
            Self::Session(session) => session.page(id),
            Self::Reading(reading) => reading.page(id),
        }
    }

    /// The page is shown now.
    ///
    /// # Errors
    /// When there is none of this name, or the journal cannot be written.
    pub fn enter(&self, id: &str) -> Result<PageState, SessionError> {
        match self {
            Self::Session(session) => session.enter(id),
            Self::Reading(reading) => reading.enter(id),
        }
    }

    /// The page is not shown any more.
    pub fn leave(&self, id: &str) {
        if let Self::Session(session) = self {
            session.leave(id);
        }
    }

    /// A file of the workshop, for an image.
    ///
    /// # Errors
    /// When the path leads out of the workshop, or the file cannot be read.
    pub fn workshop_file(&self, path: &str) -> Result<Vec<u8>, SessionError> {
        match self {
            Self::Session(session) => session.workshop_file(path),
            Self::Reading(reading) => reading.workshop_file(path),
        }
    }

    /// Follows a link of a page; returns what the window must do.
    ///
    /// # Errors
    /// When it leads nowhere, or to what does not run.
    pub fn follow_link(&self, url: &str) -> Result<Vec<Effect>, SessionError> {
        match self {
            Self::Session(session) => session.follow_link(url),
            Self::Reading(reading) => Ok(vec![Effect::OpenUrl {
                url: reading.browser_address(url)?,
            }]),
        }
    }

    /// The address that a browser is given for one of the window's.
    ///
    /// # Errors
    /// When it leads nowhere that a browser could go.
    pub fn browser_address(&self, url: &str) -> Result<String, SessionError> {
        match self {
            Self::Session(session) => session.browser_address(url),
            Self::Reading(reading) => reading.browser_address(url),
        }
    }

    /// Ends every process of a session and keeps its files.
    pub async fn close(&self) {
        if let Self::Session(session) = self {
            session.close().await;
        }
    }
}
