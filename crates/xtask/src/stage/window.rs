//! The window tests: the real window on a real or virtual screen.

use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::json;

use super::{Bench, Outcome};
use crate::cargo::{self, E2E_FEATURES, cargo};
use crate::npm::Ui;
use crate::tally::Tally;
use crate::{display, process};

/// Where the UI that the tests look into is built. `src-tauri/build.rs` knows it too.
const EMBEDDED: &str = "target/e2e/ui";

/// Builds the window with its test hooks and the command it is compared with, then runs the tests that drive it, one after the other.
pub(super) fn run(bench: &mut Bench<'_>, filter: Option<&str>) -> Result<Outcome> {
    if let Some(trouble) = &bench.ui_trouble {
        return Ok(Outcome::impossible(trouble));
    }
    if !process::on_path("WebKitWebDriver") {
        return Ok(Outcome::skipped("this system has no WebKitWebDriver"));
    }
    let ui = bench.tree.ui().context("the folder ui/ has gone")?;
    let embedded = bench.tree.root().join(EMBEDDED);
    let mut live = bench.live();
    Ui::new(ui).build_for_tests(&embedded, &mut live, &mut |step| {
        bench.report.line(format_args!("      {step}"));
    })?;
    let mut build = cargo::build(bench.tree, "atelier-desktop");
    build.args(["--bin", "atelier", "--features", E2E_FEATURES]);
    let embed = json!({ "build": { "frontendDist": embedded } });
    let built = live.run(build.env("TAURI_CONFIG", embed.to_string()))?;
    if !built.status.success() {
        return Ok(Outcome::of(built));
    }

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
    tests.args(["--", "--test-threads=1"]).args(filter);
    let mut tests = on_a_screen(tests);
    tests.env("ATELIER_DESKTOP", cargo::program("atelier-desktop")?);
    let finished = live.run(&mut tests)?;
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

/// The same call on a virtual screen of its own, if there is no display.
fn on_a_screen(command: Command) -> Command {
    if display::missing().is_none() {
        return command;
    }
    let mut virtual_screen = Command::new("xvfb-run");
    virtual_screen
        .args(["-a", "-s", "-screen 0 1400x900x24"])
        .arg(command.get_program())
        .args(command.get_args());
    // The window must not look for the display that does not answer.
    virtual_screen.env_remove("WAYLAND_DISPLAY");
    if let Some(folder) = command.get_current_dir() {
        virtual_screen.current_dir(folder);
    }
    virtual_screen
}
