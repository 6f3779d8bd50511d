//! `cargo xtask man`: the manual pages and completions of the `atelier` command, as packages hold them.

use std::process::{Command, ExitCode};

use anyhow::{Result, bail};

use crate::cargo;
use crate::live::Live;
use crate::report::Report;
use crate::tree::Tree;

/// Has the command write what it knows of itself.
pub(crate) fn write(tree: &Tree, report: &Report) -> Result<ExitCode> {
    let built = Live::new(report).run(&mut cargo::build(tree, "atelier"))?;
    if !built.status.success() {
        bail!(
            "the atelier command does not build\n{}",
            built.log.trim_end()
        );
    }
    let folder = tree.root().join("target/manuals");
    let status = Command::new(cargo::program("atelier")?)
        .arg("manuals")
        .arg(&folder)
        .status()?;
    if !status.success() {
        bail!("the manual pages could not be written");
    }
    report.line(format_args!("Written to {}.", folder.display()));
    Ok(ExitCode::SUCCESS)
}
