//! How a run judges the background programs.

use super::report::{ProgramRow, Status};
use crate::examiner::tail;
use crate::programs::Programs;
use crate::protocol::{ProgramState, ProgramView};

/// How much of what a program printed a row shows, in bytes.
const SHOWN: usize = 16 * 1024;

/// A row a program, as they stand now.
pub(super) fn rows(programs: &Programs) -> Vec<ProgramRow> {
    let views = programs.views().into_iter();
    views.map(|view| row(programs, view)).collect()
}

/// Whether none has failed.
pub(super) fn all_well(rows: &[ProgramRow]) -> bool {
    rows.iter().all(|row| row.status != Status::Failed)
}

fn row(programs: &Programs, view: ProgramView) -> ProgramRow {
    let status = if programs.has_failed(&view.name) {
        Status::Failed
    } else if view.since.is_none() {
        Status::Skipped
    } else {
        Status::Passed
    };
    let printed = programs.tail(&view.name, SHOWN).unwrap_or_default();
    let never = (view.state == ProgramState::Stopped && view.since.is_none())
        .then(|| "never started".to_owned());
    ProgramRow {
        status,
        state: view.state,
        exit_code: view.exit_code,
        message: view.message.or(never),
        log: tail(&printed, SHOWN),
        name: view.name,
    }
}
