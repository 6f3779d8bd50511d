//! Stages of the UI: packages and build, format, lint, types, tests.

use std::fs;

use anyhow::{Context, Result};

use super::{Bench, Outcome};
use crate::npm::{self, Ui};
use crate::report;

/// Installs the packages and builds the UI. It is no test: it counts only when it fails.
pub(super) fn build(bench: &mut Bench<'_>) -> Result<Outcome> {
    let mut did = 0;
    let prepared = package(bench)?.prepare(&mut bench.live(), &mut |step| {
        did += 1;
        bench.report.line(format_args!("      {step}"));
    });
    if let Err(error) = prepared {
        let text = report::sentence(&error);
        bench.ui_trouble = Some(text.lines().next().unwrap_or_default().to_owned());
        return Err(error);
    }
    let note = (did == 0).then(|| "up to date".to_owned());
    Ok(Outcome {
        note,
        ..Outcome::default()
    })
}

/// A script that passes or fails as a whole.
pub(super) fn script(bench: &mut Bench<'_>, name: &str) -> Result<Outcome> {
    if let Some(trouble) = &bench.ui_trouble {
        return Ok(Outcome::impossible(trouble));
    }
    Ok(Outcome::of(
        bench.live().run(&mut package(bench)?.script(name, &[]))?,
    ))
}

/// The tests, counted from vitest's own report.
pub(super) fn tests(bench: &mut Bench<'_>) -> Result<Outcome> {
    if let Some(trouble) = &bench.ui_trouble {
        return Ok(Outcome::impossible(trouble));
    }
    let ui = package(bench)?;
    let results = ui.scratch(".atelier-vitest.json");
    if results.exists() {
        fs::remove_file(&results)
            .with_context(|| format!("cannot remove {}", results.display()))?;
    }
    let target = format!("--outputFile.json={}", results.display());
    let arguments = ["--run", "--reporter=default", "--reporter=json", &target];
    let finished = bench.live().run(&mut ui.script("test", &arguments))?;

    let json = fs::read_to_string(&results);
    let json = json.with_context(|| format!("vitest wrote no report\n{}", finished.log))?;
    let mut tally = npm::count_tests(&json).with_context(|| {
        format!(
            "cannot read vitest's report {}\n{}",
            results.display(),
            finished.log
        )
    })?;
    if !finished.status.success() && tally.failed == 0 {
        // An error outside of any test.
        tally.failed = 1;
    }
    Ok(Outcome {
        tally,
        log: finished.log,
        note: None,
    })
}

fn package(bench: &Bench<'_>) -> Result<Ui> {
    bench
        .tree
        .ui()
        .map(Ui::new)
        .context("the folder ui/ has gone")
}
