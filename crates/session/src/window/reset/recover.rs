//! A restore that was interrupted.

use camino::Utf8Path;

use super::put_left_out;
use crate::error::SessionError;
use crate::folders::Folders;
use crate::journal::{Entry, Journal, Unfinished};
use crate::snapshots::{SnapshotError, Snapshots};

/// Puts files in place that a crash has kept from it, before anything else is done in the session. When that cannot be done
/// at all it is given up, so that the session can be opened.
///
/// # Errors
/// When the disk is full, or the journal cannot be written.
pub(crate) fn recover(folders: &Folders, journal: &Journal) -> Result<(), SessionError> {
    let Some(unfinished) = journal.progress().unfinished else {
        return Ok(());
    };
    let ended = match put_in_place(&Snapshots::new(folders), &unfinished) {
        Ok(()) => Entry::FilesInPlace,
        // Room can be made, and then it comes to its end.
        Err(error @ SnapshotError::Full { .. }) => return Err(error.into()),
        Err(error) => Entry::RestoreGivenUp {
            why: error.to_string(),
        },
    };
    let path = journal.path().to_owned();
    journal
        .record(ended)
        .map_err(|source| SessionError::Journal { path, source })
}

fn put_in_place(snapshots: &Snapshots, unfinished: &Unfinished) -> Result<(), SnapshotError> {
    let now = snapshots.look()?;
    let target = snapshots.tree(&unfinished.tree)?;
    let scope = unfinished.file.as_deref().map(Utf8Path::new);
    snapshots.restore(&now, &target, &unfinished.kept.version, scope)?;
    put_left_out(snapshots, unfinished, &target)
}

/// What the learner is told when a restore that was interrupted was given up.
pub(in crate::window) fn given_up(why: &str) -> String {
    format!(
        "Atelier was interrupted while it put files back, and could not finish that: {why}. Your files stay as they are now; some may have been put back already. The version that you had before is kept and can be brought back: choose to restore the page in the menu."
    )
}
