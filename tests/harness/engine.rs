//! A session without the command around it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use atelier_content::{Variables, Workshop};
use atelier_session::play::{PlayOptions, Report, play};
use atelier_session::{Session, SessionError, SessionOptions, events};
use camino::Utf8PathBuf;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use crate::WorkshopTest;

/// An open session of a workshop, in this process.
pub struct Engine {
    /// The session.
    pub session: Arc<Session>,
    runtime: Runtime,
}

/// A workshop as the engine loads it, with the values of a preview.
pub fn workshop_of(test: &WorkshopTest) -> (Workshop, Variables) {
    let workshop = atelier_content::load(test.root())
        .expect("a workshop")
        .workshop;
    let variables = Variables::for_preview(&workshop);
    (workshop, variables)
}

impl Engine {
    /// Opens a session in this folder.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub fn open(test: &WorkshopTest, root: Utf8PathBuf) -> Result<Self, SessionError> {
        Self::open_workshop(workshop_of(test).0, root, None)
    }

    /// Opens a session of a workshop that was loaded before; where a fingerprint is expected, of no other content.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub fn open_workshop(
        workshop: Workshop,
        root: Utf8PathBuf,
        expected: Option<String>,
    ) -> Result<Self, SessionError> {
        let runtime = Runtime::new().expect("a runtime");
        let options = SessionOptions {
            root,
            home: None,
            helper: crate::atelier().to_owned(),
            owner: HashMap::from([("PATH".to_owned(), std::env::var("PATH").expect("a PATH"))]),
            allowed: atelier_session::Allowances::default(),
            isolation: atelier_session::Isolation::by_default(),
            expected,
            events: events::nobody(),
            cancel: CancellationToken::new(),
        };
        let session = runtime.block_on(Session::open(workshop, options))?;
        Ok(Self {
            session: Arc::new(session),
            runtime,
        })
    }

    /// Plays it as `atelier test` does.
    pub fn play(&self) -> Report {
        let options = PlayOptions {
            pages: Vec::new(),
            keep_going: true,
            allow_warnings: false,
            timeout: Duration::from_secs(60),
            cancel: CancellationToken::new(),
            recorder: None,
        };
        let played = self
            .runtime
            .block_on(play(&self.session, &options, &mut |_| {}));
        played.expect("a report")
    }

    /// Closes it; returns how many processes could not be ended.
    pub fn close(self) -> usize {
        self.runtime.block_on(self.session.close())
    }
}
