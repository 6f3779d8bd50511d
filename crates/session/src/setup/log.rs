//! The log of all steps, as it lies in the session's home: written while they run, so that it can be followed.

use std::fs::File;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use camino::Utf8Path;

use crate::anchor::Anchor;

/// How much one step may write, in bytes: what runs wild must not fill the disk.
const MOST: u64 = 32 * 1024 * 1024;

/// The log of one step. A log that cannot be written must not decide over the step.
#[derive(Clone)]
pub(super) struct Log(Arc<Mutex<Inner>>);

struct Inner {
    file: Option<File>,
    left: u64,
}

impl Log {
    /// Opens the log, and says in it what is executed from here on.
    pub(super) fn open(home: &Utf8Path, path: &Utf8Path, executed: &Utf8Path) -> Self {
        let inner = Inner {
            file: Anchor::within(home, path)
                .and_then(|place| place.append())
                .ok(),
            left: MOST,
        };
        let log = Self(Arc::new(Mutex::new(inner)));
        log.line(&format!("Executing {executed}"));
        log
    }

    /// Adds a line of the player's own.
    pub(super) fn line(&self, text: &str) {
        self.write(format!("{text}\n").as_bytes());
    }

    /// Adds output as it is.
    pub(super) fn write(&self, bytes: &[u8]) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Inner { file, left } = &mut *inner;
        let (Some(file), true) = (file, *left > 0) else {
            return;
        };
        let taken = bytes
            .len()
            .min(usize::try_from(*left).unwrap_or(usize::MAX));
        // See above: nobody is told.
        let _ = file.write_all(&bytes[..taken]);
        *left -= taken as u64;
        if *left == 0 {
            let _ = file.write_all(b"\n(more was printed than is kept here)\n");
        }
    }
}
