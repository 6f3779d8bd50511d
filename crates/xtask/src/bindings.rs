//! `cargo xtask bindings` and `cargo xtask schema`: what is committed and made from the code.

use std::process::ExitCode;

use anyhow::{Result, anyhow, bail};

use crate::cargo::{self, cargo};
use crate::live::Live;
use crate::report::Report;
use crate::tree::Tree;

/// Lets the protocol test of the session crate write what it otherwise only compares.
pub(crate) fn write(tree: &Tree, report: &Report) -> Result<ExitCode> {
    write_by_test(tree, report, "atelier-session", "protocol")?;
    report.line(
        "The protocol's TypeScript types are up to date; `git status` shows what has changed.",
    );
    Ok(ExitCode::SUCCESS)
}

/// The same for the schema of actions.
pub(crate) fn write_schema(tree: &Tree, report: &Report) -> Result<ExitCode> {
    write_by_test(tree, report, "atelier-tests", "action_schema")?;
    report
        .line("docs/actions.schema.json is up to date; `git status` shows whether it has changed.");
    Ok(ExitCode::SUCCESS)
}

fn write_by_test(tree: &Tree, report: &Report, package: &str, name: &str) -> Result<()> {
    let mut command = cargo(tree, &["test", "--package", package, name]);
    let finished = Live::new(report).run(command.env("ATELIER_WRITE_BINDINGS", "1"))?;
    let tally = cargo::count_tests(&finished.log, finished.status.success())
        .map_err(|problem| anyhow!(problem))?;
    if tally.failed > 0 {
        bail!(
            "what is made from the code could not be written\n{}",
            finished.log.trim_end()
        );
    }
    if tally.passed == 0 {
        bail!("{package} has no test named `{name}` that could write it");
    }
    Ok(())
}
