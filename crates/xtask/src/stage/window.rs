//! The window tests: the real window on a real or virtual screen.

use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::json;

use super::{Bench, Outcome};
use crate::cargo::{self, E2E_FEATURES, cargo};
use crate::npm::Ui;
use crate::tally::Tally;
use crate::{display, process};

/// Where the documentation's pictures lie, and their sizes.
const PICTURES: &str = "docs/images";
const SIZES: [(u32, u32); 2] = [(1280, 800), (960, 600)];

/// Where the UI that the tests look into is built. `src-tauri/build.rs` knows it too.
const EMBEDDED: &str = "target/e2e/ui";

/// Builds the window with its test hooks and the command it is compared with, then runs the tests that drive it, one after the other.
pub(super) fn run(bench: &mut Bench<'_>, filter: Option<&str>) -> Result<Outcome> {
    if let Some(outcome) = build(bench, &["atelier"])? {
        return Ok(outcome);
    }
    let mut live = bench.live();
    let finished = live.run(tests(bench, &[])?.args(filter))?;
    let tally = cargo::count_tests(&finished.log, finished.status.success())
        .map_err(|problem| anyhow!("{problem}\n{}", finished.log))?;
    if tally == Tally::default() {
        bail!(
            "no window test {}",
            filter.map_or("was found".to_owned(), |filter| format!(
                "has {filter:?} in its name"
            ))
        );
    }
    Ok(Outcome {
        tally,
        log: finished.log,
        note: None,
    })
}

/// Measures how long it takes until a saved page is shown, and says it.
pub(super) fn preview_speed(bench: &mut Bench<'_>) -> Result<Outcome> {
    if let Some(outcome) = build(bench, &["atelier"])? {
        return Ok(outcome);
    }
    let measure = ["--ignored", "--nocapture", "preview_speed"];
    let mut live = bench.live();
    let finished = live.run(&mut tests(bench, &measure)?)?;
    let is_figure = |line: &&str| line.contains(" median ");
    for line in finished.log.lines().filter(is_figure) {
        bench.report.line(line);
    }
    Ok(Outcome::of(finished))
}

/// The window tests, one after the other, on a screen.
fn tests(bench: &Bench<'_>, arguments: &[&str]) -> Result<Command> {
    let mut tests = cargo(
        bench.tree,
        &[
            "test",
            "--workspace",
            "--features",
            E2E_FEATURES,
            "--test",
            "e2e",
        ],
    );
    tests.args(["--", "--test-threads=1"]).args(arguments);
    let mut tests = on_a_screen(tests);
    tests.env("ATELIER_DESKTOP", cargo::program("atelier-desktop")?);
    Ok(tests)
}

/// Takes the documentation's pictures, at each size on a screen of that size.
pub(super) fn screenshots(bench: &mut Bench<'_>) -> Result<Outcome> {
    if let Some(outcome) = build(bench, &["screenshots"])? {
        return Ok(outcome);
    }
    let folder = bench.tree.root().join(PICTURES);
    let mut live = bench.live();
    let mut tally = Tally::default();
    for (width, height) in SIZES {
        let mut take = Command::new("xvfb-run");
        take.args([
            "-a",
            "-s",
            &format!("-screen 0 {width}x{height}x24 -noreset"),
        ])
        .arg(cargo::program("screenshots")?)
        .arg(&folder)
        .args([width.to_string(), height.to_string()])
        .env_remove("WAYLAND_DISPLAY")
        .env("ATELIER_DESKTOP", cargo::program("atelier-desktop")?);
        let taken = live.run(&mut take)?;
        if !taken.status.success() {
            return Ok(Outcome::of(taken));
        }
        tally.passed += 1;
    }
    Ok(Outcome {
        tally,
        log: String::new(),
        note: Some(format!("see {PICTURES}")),
    })
}

/// Builds the window with its test hooks and the programs that drive it. An outcome says why there is nothing to go on with.
fn build(bench: &mut Bench<'_>, programs: &[&str]) -> Result<Option<Outcome>> {
    if let Some(trouble) = &bench.ui_trouble {
        return Ok(Some(Outcome::impossible(trouble)));
    }
    if !process::on_path("WebKitWebDriver") {
        return Ok(Some(Outcome::skipped("this system has no WebKitWebDriver")));
    }
    let ui = bench.tree.ui().context("the folder ui/ has gone")?;
    let embedded = bench.tree.root().join(EMBEDDED);
    let mut live = bench.live();
    Ui::new(ui).build_for_tests(&embedded, &mut live, &mut |step| {
        bench.report.line(format_args!("      {step}"));
    })?;
    let mut build = cargo::build(bench.tree, "atelier-desktop");
    for program in programs {
        build.args(["--bin", program]);
    }
    let embed = json!({ "build": { "frontendDist": embedded } });
    let built = live.run(
        build
            .args(["--features", E2E_FEATURES])
            .env("TAURI_CONFIG", embed.to_string()),
    )?;
    Ok((!built.status.success()).then(|| Outcome::of(built)))
}

/// The same call on a virtual screen of its own, if there is no display.
fn on_a_screen(command: Command) -> Command {
    if display::missing().is_none() {
        return command;
    }
    let mut virtual_screen = Command::new("xvfb-run");
    // Without `-noreset` the server starts anew whenever its last client goes, and turns away who comes at that moment.
    virtual_screen
        .args(["-a", "-s", "-screen 0 1400x900x24 -noreset"])
        .arg(command.get_program())
        .args(command.get_args());
    // The window must not look for the display that does not answer.
    virtual_screen.env_remove("WAYLAND_DISPLAY");
    if let Some(folder) = command.get_current_dir() {
        virtual_screen.current_dir(folder);
    }
    virtual_screen
}
