//! Tabs of the work area.

use serde::Serialize;
use ts_rs::TS;

/// A tab.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct DashboardView {
    /// Slug of its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it shows.
    pub content: DashboardContent,
}

/// Where a web page of the session is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AddressView {
    /// The title of its tab; for a server without one, the name of its ingress.
    pub title: String,
    /// Its address.
    pub url: String,
    /// The port of the learner's server; none for the session's own pages and those of other computers.
    pub port: Option<u16>,
    /// Whether something listens on the port; none where there is nothing to ask.
    pub answers: Option<bool>,
}

/// What a tab shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum DashboardContent {
    /// A terminal of the session.
    Terminal {
        /// Its name.
        name: String,
    },
    /// A web page on this machine, in a frame of its own.
    Web {
        /// Its address.
        url: String,
        /// The port of the learner's server, which may not be up yet; none for the session's own pages.
        port: Option<u16>,
    },
    /// An address that is not on this machine: shown with a button that opens the browser.
    External {
        /// Its address.
        url: String,
    },
    /// Something that a laptop does not provide.
    Notice {
        /// Why, in one sentence.
        message: String,
    },
}
