//! A run under way.

use std::process::Child;

use rustix::process::{Pid, Signal, kill_process};

use crate::played::Played;
use crate::wait::wait_for;

/// A run of `atelier test` that goes on.
pub struct Running {
    child: Child,
}

impl Running {
    pub(crate) fn new(child: Child) -> Self {
        Self { child }
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("it runs");
    }

    /// Waits for its end, which comes soon.
    pub fn end(mut self) -> Played {
        wait_for("the end of the run", || {
            matches!(self.child.try_wait(), Ok(Some(_)))
        });
        Played::new(self.child.wait_with_output().expect("it has ended"))
    }
}
