//! The recorded behaviour of the reference: what its editor actions do to files. The cases lie beside the project.

mod case;
mod command;
mod compare;
mod ending;
mod home;
mod judged;

use camino::{Utf8Path, Utf8PathBuf};

pub use case::{Action, Case, Files, Place, Sane, Selection};
pub use command::through_the_command;
pub use ending::{Ending, in_memory};
pub use judged::judgement_of;

/// How the ending of a case compares with what is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// The reference itself.
    Reference,
    /// What the case says would be saner than the reference.
    Saner,
    /// What the specification recommends where the reference is at fault.
    Specification,
}

/// The file of cases in the place where the project's tests look for it.
pub fn usual_place() -> Utf8PathBuf {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/oracle/cases.jsonl")
}

/// Reads a file of cases.
///
/// # Errors
/// When it cannot be read, or a line is no case.
pub fn load(path: &Utf8Path) -> anyhow::Result<Vec<Case>> {
    use anyhow::Context;
    let text = std::fs::read_to_string(path).with_context(|| format!("{path} cannot be read"))?;
    text.lines()
        .enumerate()
        .map(|(index, line)| {
            serde_json::from_str(line).with_context(|| format!("line {} of {path}", index + 1))
        })
        .collect()
}

/// Compares an ending with what is expected of the case; `Err` says what differs.
pub fn judge(case: &Case, ending: &Ending) -> (Basis, Result<(), String>) {
    if case.quirk.is_none() {
        return (
            Basis::Reference,
            compare::with(case, ending, &case.expected()),
        );
    }
    match &case.sane {
        Some(sane) => (Basis::Saner, compare::with(case, ending, &case.saner(sane))),
        None => (Basis::Specification, judged::judge(case, ending)),
    }
}
