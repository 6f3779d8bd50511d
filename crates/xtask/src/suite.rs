//! A test run: set-up, all stages, and the line that counts.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::report::{self, Report};
use crate::setup::{self, Purpose};
use crate::stage::{Bench, Outcome, Stage};
use crate::tally::Tally;
use crate::tree::Tree;

/// Runs everything.
pub(crate) fn test(tree: &Tree, report: &Report) -> Result<ExitCode> {
    run(tree, Purpose::Test, Stage::all(tree)?, report)
}

/// Runs the window tests.
pub(crate) fn window_tests(
    tree: &Tree,
    filter: Option<String>,
    report: &Report,
) -> Result<ExitCode> {
    if !tree.has_window_tests() {
        bail!("this tree has no window tests: they need src-tauri/ and tests/e2e/");
    }
    let build = tree.ui().map(|_| Stage::UiBuild);
    let stages = build.into_iter().chain([Stage::Window(filter)]).collect();
    run(tree, Purpose::WindowTests, stages, report)
}

/// Takes the documentation's pictures.
pub(crate) fn screenshots(tree: &Tree, report: &Report) -> Result<ExitCode> {
    let build = tree.ui().map(|_| Stage::UiBuild);
    let stages = build.into_iter().chain([Stage::Screenshots]).collect();
    run(tree, Purpose::Screenshots, stages, report)
}

/// Measures the live preview in the window.
pub(crate) fn preview_speed(tree: &Tree, report: &Report) -> Result<ExitCode> {
    let build = tree.ui().map(|_| Stage::UiBuild);
    let stages = build.into_iter().chain([Stage::PreviewSpeed]).collect();
    run(tree, Purpose::WindowTests, stages, report)
}

/// A failure of one stage does not keep the others from running; without the set-up there is nothing to run.
fn run(tree: &Tree, purpose: Purpose, stages: Vec<Stage>, report: &Report) -> Result<ExitCode> {
    let started = Instant::now();
    report.heading("[set-up]");
    let prepared = setup::prepare(tree, purpose, report);
    if let Err(error) = &prepared {
        say_result(report, &failure(error), started.elapsed());
        report.line("");
        report.line(Tally::FAILED);
        return Ok(ExitCode::FAILURE);
    }
    report.line(format_args!(
        "      {}, {}",
        report.good("ready"),
        seconds(started.elapsed())
    ));

    let mut bench = Bench {
        tree,
        report,
        ui_trouble: None,
    };
    let mut total = Tally::default();
    let mut failed = Vec::new();
    for (index, stage) in stages.iter().enumerate() {
        report.heading(format_args!(
            "[{}/{}] {}",
            index + 1,
            stages.len(),
            stage.name()
        ));
        let started = Instant::now();
        let outcome = stage
            .run(&mut bench)
            .unwrap_or_else(|error| failure(&error));
        say_result(report, &outcome, started.elapsed());
        total = total + outcome.tally;
        if outcome.tally.failed > 0 {
            failed.push(stage.name());
        }
    }
    report.line("");
    if !failed.is_empty() {
        report.line(format_args!(
            "{}: {}",
            report.bad("Failed"),
            failed.join(", ")
        ));
    }
    report.line(format_args!(
        "All of it took {}.",
        seconds(started.elapsed())
    ));
    report.line(total);
    Ok(if total.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn failure(error: &anyhow::Error) -> Outcome {
    Outcome {
        tally: Tally::FAILED,
        log: report::sentence(error),
        note: None,
    }
}

fn say_result(report: &Report, outcome: &Outcome, time: Duration) {
    let tally = outcome.tally;
    let verdict = match tally {
        Tally { failed: 1.., .. } => {
            for line in outcome.log.trim_end().lines() {
                report.line(line);
            }
            report.bad("FAILED")
        }
        Tally {
            passed: 0,
            skipped: 1..,
            ..
        } => "skipped".to_owned(),
        _ => report.good("ok"),
    };
    let counts = if tally == Tally::default() {
        String::new()
    } else {
        format!(", {tally}")
    };
    let note = outcome
        .note
        .as_ref()
        .map(|note| format!(" ({note})"))
        .unwrap_or_default();
    report.line(format_args!(
        "      {verdict}{counts}, {}{note}",
        seconds(time)
    ));
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
