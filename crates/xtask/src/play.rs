//! `cargo xtask play`: from sources to a workshop on the screen.

use std::path::{self, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::live::Live;
use crate::npm::Ui;
use crate::report::Report;
use crate::setup::{self, Purpose};
use crate::tree::Tree;
use crate::{cargo, display, process};

/// Plays a workshop in the window, or headless where no window can be opened.
pub(crate) fn play(tree: &Tree, path: Option<PathBuf>, report: &Report) -> Result<ExitCode> {
    // A path that is named is the author's own.
    let trusted = if path.is_some() {
        "--author"
    } else {
        "--trust"
    };
    let workshop = match path {
        Some(path) => path,
        None => tree
            .tour()
            .context("there is no bundled tour in workshops/tour: name a workshop to play")?,
    };
    if !workshop.exists() {
        bail!("there is nothing at {}", workshop.display());
    }
    let workshop =
        path::absolute(&workshop).with_context(|| format!("cannot find {}", workshop.display()))?;

    let no_window = display::missing().or_else(|| {
        (!tree.has_window())
            .then(|| "this tree has no window yet (src-tauri/ is missing)".to_owned())
    });
    if let Some(why) = no_window {
        report.line(format_args!(
            "No window, as {why}. Playing {} headless.",
            workshop.display()
        ));
        build(tree, "atelier", report)?;
        let mut command = Command::new(cargo::program("atelier")?);
        return replace_by(command.arg("test").arg(&workshop));
    }

    setup::prepare(tree, Purpose::Play, report)?;
    if let Some(ui) = tree.ui() {
        Ui::new(ui).prepare(&mut Live::new(report), &mut |step| report.line(step))?;
    }
    build(tree, "atelier-desktop", report)?;
    report.line(format_args!("Opening {}", workshop.display()));
    let mut command = Command::new(cargo::program("atelier-desktop")?);
    replace_by(command.arg(&workshop).arg(trusted))
}

/// Builds with Cargo's own progress on the screen.
fn build(tree: &Tree, program: &str, report: &Report) -> Result<()> {
    report.line(format_args!(
        "Building {program} (the first time takes some minutes)"
    ));
    let status = cargo::build(tree, program)
        .status()
        .context("cannot start cargo")?;
    if !status.success() {
        bail!("{program} does not build; Cargo says why above");
    }
    Ok(())
}

/// Becomes the program, so that its signals and its exit status are its own.
fn replace_by(command: &mut Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt;

    process::without_cargo_environment(command);
    let error = command.exec();
    Err(error).with_context(|| format!("cannot start {}", command.get_program().to_string_lossy()))
}
