//! `cargo xtask oracle`: Atelier against the recorded behaviour of the reference.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::cargo;
use crate::live::Live;
use crate::report::Report;
use crate::tree::Tree;

/// Where the cases lie beside the tree.
const CASES: &str = "../shared/oracle/cases.jsonl";

/// Builds the command and the program that compares, and compares.
pub(crate) fn compare(tree: &Tree, path: Option<PathBuf>, report: &Report) -> Result<ExitCode> {
    let given = path.is_some();
    let path = path.unwrap_or_else(|| tree.root().join(CASES));
    if !path.exists() {
        if given {
            bail!("there is no file {}", path.display());
        }
        report.line(format_args!(
            "Skipped: the recorded cases are not beside this tree ({}).",
            path.display()
        ));
        return Ok(ExitCode::SUCCESS);
    }
    let mut build = cargo::build(tree, "atelier");
    Live::new(report).must(
        build.args(["--bin", "oracle"]),
        "the comparison does not build",
    )?;
    let status = Command::new(cargo::program("oracle")?)
        .arg(path)
        .env("ATELIER_BIN", cargo::program("atelier")?)
        .status()
        .context("the comparison does not start")?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
