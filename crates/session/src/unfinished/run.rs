//! The session of an `atelier test`, which goes with the run.

use std::path::Path;

use camino::Utf8Path;

use super::clear;
use crate::folders::Folders;
use crate::session::GRACE;
use crate::store::{SessionLock, Store};
use crate::{beside, compose, launch};

/// How the names of folders begin that hold such a session.
pub const RUN: &str = "atelier-run-";

/// Deletes what runs that were killed have left in a folder for temporary files: their sessions, what still runs of them, and what
/// they have left half written elsewhere. Returns what is to be said of containers that cannot be ended from here.
pub fn clear_runs(folder: &Path) -> Vec<String> {
    let mut told = Vec::new();
    clear(folder, RUN, &mut |run| {
        let sessions = Store::new(run.to_owned()).sessions_folder();
        let sessions = sessions.read_dir_utf8().into_iter().flatten().flatten();
        let mut are_over = true;
        for session in sessions {
            are_over &= end(session.path(), &mut told);
        }
        are_over
    });
    told
}

/// Whether nobody has the session open, so that it could be ended.
fn end(root: &Utf8Path, told: &mut Vec<String>) -> bool {
    let folders = Folders::new(root.to_owned(), None);
    if !folders.state.is_dir() {
        // Nothing of it has run.
        return true;
    }
    let Ok(Some(_held)) = SessionLock::take(&folders.state) else {
        return false;
    };
    let name = root.file_name().unwrap_or_default();
    // What cannot be ended is another user's by now.
    let _ = launch::end_leftovers(name, GRACE);
    beside::clear_session(&folders);
    let containers = compose::left_behind(&folders.state);
    if !containers.is_empty() {
        told.push(compose::told(name, &containers));
    }
    true
}
