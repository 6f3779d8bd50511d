//! Messages of embedded pages and of scripts on their way to the session, and links that the learner follows.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::open::OpenSession;
use super::perform::NO_LIMIT;
use crate::command_end::{CommandWait, LaterUse};
use crate::dashboards::{SLIDES, TERMINALS};
use crate::error::SessionError;
use crate::ingress::accepts;
use crate::perform::{self, Effect, Performed, browser};
use crate::protocol::{self, DashboardContent, Event};
use crate::urls::{OwnPage, Place};

/// How long one question after a server stays open.
const QUESTION: Duration = Duration::from_secs(20);

impl OpenSession {
    /// Follows the message of a page in a tab; returns what the window must do. A page may send only from the address that
    /// its tab shows; what is not understood, or comes too often, has no effect.
    pub fn frame_message(
        &self,
        dashboard: &str,
        origin: &str,
        message: &Value,
    ) -> Vec<protocol::Effect> {
        let is_its_own = self
            .session
            .with_dashboards(|dashboards| dashboards.shows_origin(dashboard, origin));
        if !is_its_own || !self.session.is_ready() {
            return Vec::new();
        }
        let allowed = self.allowance().take(Instant::now());
        if allowed {
            self.follow(message)
        } else {
            Vec::new()
        }
    }

    /// Waits a while until the server of a tab takes connections; whether it does. The session itself always does.
    pub async fn dashboard_answers(&self, dashboard: &str) -> bool {
        let content = self
            .session
            .with_dashboards(|dashboards| dashboards.content(dashboard).cloned());
        let port = match content {
            Some(DashboardContent::Web { port, .. }) => port,
            _ => None,
        };
        match port {
            Some(port) => accepts(port, QUESTION).await,
            None => true,
        }
    }

    /// Follows a link of a page, a terminal or the window itself; returns what the window must do.
    ///
    /// # Errors
    /// When it leads nowhere, with a sentence that says so.
    pub fn follow_link(&self, url: &str) -> Result<Vec<protocol::Effect>, SessionError> {
        let addresses = self.session.addresses();
        let effects = match addresses.place(url) {
            Place::Terminal(name) => vec![Effect::FocusTerminal { name }],
            Place::Terminals => vec![Effect::ShowDashboard {
                id: TERMINALS.to_owned(),
            }],
            Place::Own(OwnPage::Slides, _) => self.show_page(SLIDES, url)?,
            Place::Own(OwnPage::File(name), _) => self.show_page(&name, url)?,
            _ => vec![Effect::OpenUrl {
                url: self.browser_address(url)?,
            }],
        };
        Ok(self.views(&effects))
    }

    /// The address that a browser is given for one of the window's.
    ///
    /// # Errors
    /// When it leads nowhere that a browser could go, with a sentence that says so.
    pub fn browser_address(&self, url: &str) -> Result<String, SessionError> {
        if url.starts_with("mailto:") {
            return Ok(url.to_owned());
        }
        browser(url, self.session.addresses())
            .map_err(|error| SessionError::Address(error.to_string()))
    }

    /// Follows what scripts of the session broadcast, until it is closed.
    pub(super) fn follow_broadcasts(session: &Arc<Self>) {
        let Some(mut broadcasts) = session.session.take_broadcasts() else {
            return;
        };
        let open = Arc::downgrade(session);
        session.tasks.spawn(async move {
            while let Some(message) = broadcasts.recv().await {
                let Some(open) = open.upgrade() else { return };
                if open.session.until_ready().await.is_err() {
                    return;
                }
                let effects = open.follow(&message);
                if !effects.is_empty() {
                    (open.events)(Event::Effects { effects });
                }
            }
        });
    }

    /// Shows a page of the session's own in a tab of this name.
    fn show_page(&self, name: &str, url: &str) -> Result<Vec<Effect>, SessionError> {
        let reload = atelier_content::action::DashboardAction::Reload {
            name: name.to_owned(),
            url: Some(url.to_owned()),
            focus: true,
        };
        let outcome = self.session.act_on_dashboards(&reload);
        match outcome.message {
            Some(message) if !outcome.succeeded => Err(SessionError::Address(message)),
            _ => Ok(outcome.effects),
        }
    }

    fn follow(&self, message: &Value) -> Vec<protocol::Effect> {
        let Some(Performed { outcome, typing }) = self
            .session
            .follow_message(message, |text| self.question_of(text).is_some())
        else {
            return Vec::new();
        };
        if let Some(typing) = typing {
            self.tasks.spawn(async move {
                let wait = CommandWait {
                    later: LaterUse::default(),
                    limit: NO_LIMIT,
                    background: false,
                };
                // Nobody waits for the end: a message has no answer.
                let _: Vec<perform::Typed> = typing.run(wait).await;
            });
        }
        self.views(&outcome.effects)
    }

    fn views(&self, effects: &[Effect]) -> Vec<protocol::Effect> {
        effects
            .iter()
            .filter_map(|effect| self.effect(effect, ""))
            .collect()
    }
}
