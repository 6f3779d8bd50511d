//! The parts of the Rust toolchain that a minimal installation leaves out.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::live::Live;
use crate::process;
use crate::report::Report;

/// Cargo's command and rustup's component.
const PARTS: [(&str, &str); 2] = [("fmt", "rustfmt"), ("clippy", "clippy")];

/// Installs what is missing for the format and lint stages.
pub(super) fn install(report: &Report, live: &mut Live<'_>) -> Result<()> {
    let is_missing =
        |command| !process::succeeds(Command::new("cargo").args([command, "--version"]));
    let missing: Vec<_> = PARTS
        .iter()
        .filter(|(command, _)| is_missing(*command))
        .map(|(_, component)| *component)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(" and ");
    if !process::on_path("rustup") {
        bail!(
            "this Rust has no {names}. Without rustup they cannot be added: get Rust from https://rustup.rs"
        );
    }
    report.line(format_args!("Adding {names} to the Rust toolchain"));
    let mut rustup = Command::new("rustup");
    rustup.args(["component", "add"]).args(&missing);
    live.must(&mut rustup, "rustup failed")
        .with_context(|| format!("could not add {names}"))?;
    Ok(())
}
