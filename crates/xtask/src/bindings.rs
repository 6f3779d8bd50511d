//! `cargo xtask bindings`: the protocol's types for TypeScript.

use std::process::ExitCode;

use anyhow::{Result, anyhow, bail};

use crate::cargo::{self, cargo};
use crate::live::Live;
use crate::report::Report;
use crate::tree::Tree;

/// Lets the protocol test of the session crate write what it otherwise only compares.
pub(crate) fn write(tree: &Tree, report: &Report) -> Result<ExitCode> {
    let mut command = cargo(tree, &["test", "--package", "atelier-session", "protocol"]);
    let finished = Live::new(report).run(command.env("ATELIER_WRITE_BINDINGS", "1"))?;
    let tally = cargo::count_tests(&finished.log, finished.status.success())
        .map_err(|problem| anyhow!(problem))?;
    if tally.failed > 0 {
        bail!(
            "the types could not be written\n{}",
            finished.log.trim_end()
        );
    }
    if tally.passed == 0 {
        bail!("atelier-session has no test named `protocol` that could write them");
    }
    report.line(
        "The protocol's TypeScript types are up to date; `git status` shows what has changed.",
    );
    Ok(ExitCode::SUCCESS)
}
