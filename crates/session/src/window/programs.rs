//! The background programs, as the session's panel has them.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use super::OpenSession;
use crate::error::SessionError;
use crate::protocol::{Event, ProgramView};

/// How much of a log is shown first, in bytes.
const SHOWN: usize = 32 * 1024;
/// News of a log are told at most this often.
const NEWS: Duration = Duration::from_millis(100);
/// How much is told at once, in bytes: more cannot be read either.
const AT_ONCE: usize = 64 * 1024;

impl OpenSession {
    /// How the programs are doing, in the order in which they start.
    pub fn programs(&self) -> Vec<ProgramView> {
        self.session.programs().views()
    }

    /// Starts a program and waits until it runs, or does not: events tell which.
    ///
    /// # Errors
    /// When there is none of this name.
    pub async fn start_program(&self, name: &str) -> Result<(), SessionError> {
        known(name, self.session.programs().start(name).await)
    }

    /// Stops a program and waits until it has ended.
    ///
    /// # Errors
    /// When there is none of this name.
    pub async fn stop_program(&self, name: &str) -> Result<(), SessionError> {
        known(name, self.session.programs().stop(name).await)
    }

    /// The end of what a program printed. From now on events tell what it prints, until another one is followed, or none.
    ///
    /// Needs a running tokio runtime.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn follow_program(&self, name: Option<&str>) -> Result<String, SessionError> {
        let stop = CancellationToken::new();
        self.follow_until(stop.clone());
        let Some(name) = name else {
            return Ok(String::new());
        };
        let followed = self.session.programs().follow(name, SHOWN);
        let (before, mut pieces) =
            followed.ok_or_else(|| SessionError::UnknownProgram(name.to_owned()))?;
        let (events, name) = (Arc::clone(&self.events), name.to_owned());
        self.tasks.spawn(async move {
            loop {
                let mut bytes = tokio::select! {
                    () = stop.cancelled() => return,
                    piece = pieces.recv() => match piece {
                        Ok(piece) => piece.to_vec(),
                        Err(RecvError::Lagged(_)) => continue,
                        Err(RecvError::Closed) => return,
                    },
                };
                // What comes in quick succession is told together.
                let together = tokio::time::sleep(NEWS);
                tokio::pin!(together);
                loop {
                    tokio::select! {
                        () = stop.cancelled() => return,
                        () = &mut together => break,
                        piece = pieces.recv() => match piece {
                            Ok(piece) => bytes.extend_from_slice(&piece),
                            Err(RecvError::Lagged(_)) => {}
                            Err(RecvError::Closed) => break,
                        },
                    }
                }
                let text = crate::examiner::tail(&bytes, AT_ONCE);
                let name = name.clone();
                events(Event::ProgramPrinted { name, text });
            }
        });
        Ok(crate::examiner::tail(&before, SHOWN))
    }
}

fn known(name: &str, there: bool) -> Result<(), SessionError> {
    if there {
        Ok(())
    } else {
        Err(SessionError::UnknownProgram(name.to_owned()))
    }
}
