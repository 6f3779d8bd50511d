//! `cargo xtask package`: what packages hold beside the window. `tauri build` calls it before it writes them.

use std::env;
use std::fs;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::cargo;
use crate::live::Live;
use crate::report::Report;
use crate::tree::Tree;

/// Builds the command as the window was built, and lays it with its manual and completions where `tauri.conf.json` takes
/// them from.
pub(crate) fn write(tree: &Tree, report: &Report) -> Result<ExitCode> {
    // Tauri says so to the commands that it calls.
    let is_debug = env::var("TAURI_ENV_DEBUG").is_ok_and(|debug| debug == "true");
    let (profile, folder) = match is_debug {
        true => ("dev", "debug"),
        false => ("release", "release"),
    };
    let arguments = [
        "build",
        "--profile",
        profile,
        "--package",
        "atelier-cli",
        "--bin",
        "atelier",
    ];
    let built = Live::new(report).run(&mut cargo::cargo(tree, &arguments))?;
    if !built.status.success() {
        bail!(
            "the atelier command does not build\n{}",
            built.log.trim_end()
        );
    }
    // This program lies in the folder of another profile, mostly.
    let this = cargo::program("atelier")?;
    let name = this.file_name().context("a program has a name")?;
    let program = this
        .ancestors()
        .nth(2)
        .context("cargo's folder of built programs has no parent")?
        .join(folder)
        .join(name);
    let package = tree.root().join("target/package");
    if package.is_dir() {
        fs::remove_dir_all(&package)?;
    }
    fs::create_dir_all(&package)?;
    fs::copy(&program, package.join(name))
        .with_context(|| format!("{} cannot be copied", program.display()))?;
    let status = Command::new(&program)
        .arg("manuals")
        .arg(&package)
        .status()?;
    if !status.success() {
        bail!("the manual pages could not be written");
    }
    report.line(format_args!("Written to {}.", package.display()));
    Ok(ExitCode::SUCCESS)
}
