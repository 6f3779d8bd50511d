//! Who runs the set-up, or goes on without it: one at a time.

use std::sync::atomic::Ordering;

use tokio_util::sync::CancellationToken;

use super::{Session, lock};
use crate::error::SessionError;
use crate::journal::Entry;
use crate::protocol::SetupPhase;

/// What only one can hold at a time: a run of the set-up, or who goes on without it.
pub(super) struct Slot<'a>(&'a Session);

impl<'a> Slot<'a> {
    pub(super) fn take(session: &'a Session) -> Result<Self, SessionError> {
        let mut running = lock(&session.setup_run);
        if running.is_some() {
            return Err(SessionError::SettingUp);
        }
        *running = Some(session.closing.child_token());
        Ok(Self(session))
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        *lock(&self.0.setup_run) = None;
    }
}

/// A run of the set-up. However it ends, by a panic too, the session does not wait for it any longer.
pub(super) struct Run<'a> {
    session: &'a Session,
    /// The scripts of an earlier start hold, unless they are run again on demand.
    pub(super) runs_scripts: bool,
    pub(super) cancel: CancellationToken,
}

impl<'a> Run<'a> {
    pub(super) fn begin(session: &'a Session) -> Result<Self, SessionError> {
        let mut running = lock(&session.setup_run);
        if running.is_some() {
            return Err(SessionError::SettingUp);
        }
        let runs_scripts = session.scripts_due.swap(true, Ordering::Relaxed);
        if runs_scripts {
            session.record(Entry::SetupBegun)?;
        }
        let cancel = session.closing.child_token();
        *running = Some(cancel.clone());
        drop(running);
        session.setup.send_modify(|setup| setup.steps.clear());
        session.set_phase(SetupPhase::Running);
        Ok(Self {
            session,
            runs_scripts,
            cancel,
        })
    }
}

impl Drop for Run<'_> {
    fn drop(&mut self) {
        *lock(&self.session.setup_run) = None;
        self.session
            .setup
            .send_modify(|setup| setup.interrupted = false);
        if self.session.setup().phase == SetupPhase::Running {
            self.session.set_phase(SetupPhase::Stopped);
        }
    }
}
