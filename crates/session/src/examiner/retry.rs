//! Trying a test again and again.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Attempt, Examiner, TestCall, TestOutcome};
use crate::launch::Launcher;

/// How often a failed test is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retries {
    /// That many times after the first.
    Times(u32),
    /// Until it passes or is cancelled.
    Unlimited,
}

/// How a test is tried.
#[derive(Clone, Copy)]
pub struct Tries<'a> {
    /// How often.
    pub retries: Retries,
    /// Between the end of an attempt and the next one.
    pub delay: Duration,
    /// Is told how far it is, whenever it is tried again.
    pub progress: Option<&'a (dyn Fn(Progress) + Send + Sync)>,
}

/// How far a test is that is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The attempt that runs now, or that failed last; from 1.
    pub attempt: u32,
    /// How many there can be; none when there is no end.
    pub of: Option<u32>,
    /// The attempt failed, and the next one begins after this long.
    pub wait: Option<Duration>,
}

impl Tries<'_> {
    /// Once.
    pub fn once() -> Self {
        Self {
            retries: Retries::Times(0),
            delay: Duration::ZERO,
            progress: None,
        }
    }

    fn tell(&self, attempt: u32, wait: Option<Duration>) {
        let of = match self.retries {
            Retries::Times(times) => Some(times.saturating_add(1)),
            Retries::Unlimited => None,
        };
        if let Some(progress) = self.progress {
            progress(Progress { attempt, of, wait });
        }
    }
}

impl Examiner {
    /// Runs a test until it passes, waiting after each failed attempt.
    ///
    /// Returns the last attempt; a test that does not exist, or that cannot be run as it is called, is not tried again.
    pub async fn run_until_passed(
        &self,
        launcher: &Launcher,
        call: &TestCall,
        tries: Tries<'_>,
        cancel: &CancellationToken,
    ) -> Attempt {
        let mut attempts = 0_u32;
        loop {
            let mut attempt = self.run(launcher, call, cancel).await;
            attempts = attempts.saturating_add(attempt.attempts);
            attempt.attempts = attempts;
            let spent = match tries.retries {
                Retries::Times(times) => attempts > times,
                Retries::Unlimited => false,
            };
            use TestOutcome::{Cancelled, Impossible, NotFound, Passed};
            let settled = matches!(
                attempt.outcome,
                Passed | NotFound | Impossible { .. } | Cancelled
            );
            if spent || settled {
                return attempt;
            }
            tries.tell(attempts, Some(tries.delay));
            tokio::select! {
                () = cancel.cancelled() => return Attempt { outcome: Cancelled, ..attempt },
                () = tokio::time::sleep(tries.delay) => {}
            }
            tries.tell(attempts.saturating_add(1), None);
        }
    }
}
