//! Stages of the Rust code: format, lint, tests.

use anyhow::{Result, anyhow};

use super::{Bench, Outcome};
use crate::cargo::{self, E2E_FEATURES, cargo};

/// The format of all packages.
pub(super) fn format(bench: &mut Bench<'_>) -> Result<Outcome> {
    let mut command = cargo(bench.tree, &["fmt", "--all", "--check"]);
    Ok(Outcome::of(bench.live().run(&mut command)?))
}

/// Lints of all packages and targets; a warning is a failure.
pub(super) fn lint(bench: &mut Bench<'_>) -> Result<Outcome> {
    let mut command = cargo(bench.tree, &["clippy", "--workspace", "--all-targets"]);
    let note = leave_out_the_window(bench, &mut command);
    if bench.tree.has_window_tests() && note.is_none() {
        command.args(["--features", E2E_FEATURES]);
    }
    command.args(["--", "-D", "warnings"]);
    let finished = bench.live().run(&mut command)?;
    Ok(Outcome {
        note,
        ..Outcome::of(finished)
    })
}

/// Everything `cargo test` finds, documentation included; without the window tests, which are a feature.
pub(super) fn tests(bench: &mut Bench<'_>) -> Result<Outcome> {
    let mut command = cargo(bench.tree, &["test", "--workspace", "--no-fail-fast"]);
    let note = leave_out_the_window(bench, &mut command);
    let finished = bench.live().run(&mut command)?;
    let tally = cargo::count_tests(&finished.log, finished.status.success())
        .map_err(|problem| anyhow!("{problem}\n{}", finished.log))?;
    Ok(Outcome {
        tally,
        log: finished.log,
        note,
    })
}

/// The window embeds the UI, so it cannot be compiled where the UI does not build (which has been counted already).
fn leave_out_the_window(bench: &Bench<'_>, command: &mut std::process::Command) -> Option<String> {
    (bench.tree.has_window() && bench.ui_trouble.is_some()).then(|| {
        command.args(["--exclude", "atelier-desktop"]);
        "without atelier-desktop, as there is no UI to embed".to_owned()
    })
}
