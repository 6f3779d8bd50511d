//! `cargo xtask corpus` and `cargo xtask bench`: many workshops, or a large one, read by an optimised engine.

use std::path::{self, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::cargo::cargo;
use crate::report::Report;
use crate::suite;
use crate::tree::Tree;

/// Renders every workshop below the folders.
pub(crate) fn corpus(tree: &Tree, folders: &[PathBuf], report: &Report) -> Result<ExitCode> {
    let mut arguments = vec!["corpus".to_owned()];
    for folder in folders {
        let folder =
            path::absolute(folder).with_context(|| format!("cannot find {}", folder.display()))?;
        arguments.push(folder.to_string_lossy().into_owned());
    }
    run(tree, &arguments, report)
}

/// Measures rendering; what is found is printed, nothing is held to it.
pub(crate) fn bench(tree: &Tree, report: &Report) -> Result<ExitCode> {
    run(tree, &["bench".to_owned()], report)
}

/// Measures how long an author waits for a page that was saved: by the optimised engine alone, then in the window as the window
/// tests have it.
pub(crate) fn bench_preview(tree: &Tree, report: &Report) -> Result<ExitCode> {
    let engine = run(tree, &["preview".to_owned()], report)?;
    if engine != ExitCode::SUCCESS || !tree.has_window_tests() {
        return Ok(engine);
    }
    suite::preview_speed(tree, report)
}

fn run(tree: &Tree, arguments: &[String], report: &Report) -> Result<ExitCode> {
    report.line("Building atelier-survey, optimised (the first time takes some minutes)");
    let status = cargo(
        tree,
        &[
            "run",
            "--release",
            "--quiet",
            "--package",
            "atelier-survey",
            "--",
        ],
    )
    .args(arguments)
    .status()
    .context("cannot start cargo")?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
