//! A bundled workshop: `atelier check` must find no errors, then `atelier test` plays it.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::{Bench, Outcome};
use crate::tally::Tally;
use crate::{cargo, process};

/// The name of a workshop's folder.
pub(super) fn name(workshop: &Path) -> String {
    workshop
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// Checks and plays one workshop. The check counts as one, each action of the workshop as one more.
pub(super) fn run(bench: &mut Bench<'_>, workshop: &Path) -> Result<Outcome> {
    let mut live = bench.live();
    let built = live.run(&mut cargo::build(bench.tree, "atelier"))?;
    if !built.status.success() {
        return Ok(Outcome::of(built));
    }
    let atelier = cargo::program("atelier")?;
    let call = |verb: &str| {
        let mut command = Command::new(&atelier);
        process::without_cargo_environment(&mut command);
        command
            .arg(verb)
            .arg(workshop)
            .current_dir(bench.tree.root());
        command
    };

    let checked = live.run(&mut call("check"))?;
    let check = Outcome::of(checked);

    let played = live.run_apart(call("test").args(["--keep-going", "--format", "json"]))?;
    let report = read(&played.stdout).with_context(|| {
        format!(
            "atelier test gave no report that can be read\n{}{}",
            played.log, played.stdout
        )
    });
    let (tally, text) = match report {
        Ok(report) => (report.tally(played.status.success()), report.to_string()),
        Err(error) => (Tally::FAILED, format!("{error:#}\n")),
    };
    let said = if tally.failed > 0 {
        format!("{text}{}", played.log)
    } else {
        String::new()
    };
    let found = if check.tally.failed > 0 {
        check.log
    } else {
        String::new()
    };
    Ok(Outcome {
        tally: check.tally + tally,
        log: found + &said,
        note: None,
    })
}

/// The report of `atelier test --format json`, as far as it is needed here.
#[derive(Debug, Deserialize)]
struct Report {
    outcome: String,
    totals: Totals,
    #[serde(default)]
    setup: Vec<Step>,
    #[serde(default)]
    pages: Vec<Page>,
}

#[derive(Debug, Deserialize)]
struct Totals {
    passed: u64,
    warned: u64,
    failed: u64,
    skipped: u64,
}

#[derive(Debug, Deserialize)]
struct Step {
    name: String,
    status: String,
    log: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Page {
    actions: Vec<Action>,
}

#[derive(Debug, Deserialize)]
struct Action {
    kind: String,
    source: Source,
    status: String,
    message: Option<String>,
    output: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Source {
    file: String,
    line: u32,
}

/// Reads a report; one workshop may come as a list of one.
fn read(json: &str) -> Result<Report> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Reports {
        Many(Vec<Report>),
        One(Report),
    }
    match serde_json::from_str(json)? {
        Reports::One(report) => Ok(report),
        Reports::Many(mut reports) if reports.len() == 1 => reports.pop().context("no report"),
        Reports::Many(reports) => anyhow::bail!("{} reports instead of one", reports.len()),
    }
}

impl Report {
    /// Warnings count as failures. A run that failed for another reason, such as its set-up, counts as one failed.
    fn tally(&self, success: bool) -> Tally {
        let Totals {
            passed,
            warned,
            failed,
            skipped,
        } = self.totals;
        let tally = Tally {
            passed,
            failed: failed + warned,
            skipped,
        };
        let fine = success && self.outcome == "passed";
        if tally.failed == 0 && !fine {
            tally + Tally::FAILED
        } else {
            tally
        }
    }
}

/// What went wrong, for a person.
impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let went_wrong = |status: &str| !["passed", "skipped"].contains(&status);
        writeln!(f, "outcome: {}", self.outcome)?;
        for step in self.setup.iter().filter(|step| went_wrong(&step.status)) {
            writeln!(f, "set-up {} {}", step.name, step.status)?;
            write_indented(f, step.log.as_deref())?;
        }
        for action in self
            .pages
            .iter()
            .flat_map(|page| &page.actions)
            .filter(|action| went_wrong(&action.status))
        {
            let Action {
                kind,
                source,
                status,
                message,
                output,
            } = action;
            let message = message.as_deref().unwrap_or("no reason given");
            writeln!(
                f,
                "{}:{}: {kind} {status}: {message}",
                source.file, source.line
            )?;
            write_indented(f, output.as_deref())?;
        }
        Ok(())
    }
}

fn write_indented(f: &mut std::fmt::Formatter<'_>, text: Option<&str>) -> std::fmt::Result {
    text.unwrap_or_default()
        .lines()
        .try_for_each(|line| writeln!(f, "    {line}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = r#"{ "workshop": "lab-x", "outcome": "failed",
        "totals": {"passed": 9, "warned": 1, "failed": 1, "skipped": 2},
        "setup": [{"name": "01-install.sh", "status": "passed", "exit_code": 0, "millis": 812, "log": "fine"}],
        "pages": [{"name": "01-first", "title": "First", "actions": [
            {"index": 0, "kind": "terminal:execute", "source": {"file": "workshop/content/01-first.md", "line": 12},
             "trigger": "click", "status": "failed", "millis": 3, "message": "the command ended with 1",
             "exit_code": 1, "output": "make: *** no rule", "editor": null},
            {"index": 1, "kind": "workshop:copy", "source": {"file": "workshop/content/01-first.md", "line": 20},
             "trigger": "click", "status": "passed", "millis": 0, "message": null, "exit_code": null, "output": "x"}
        ]}]}"#;

    #[test]
    fn warnings_count_as_failures() {
        let report = read(REPORT).expect("it is a report");
        assert_eq!(
            report.tally(false),
            Tally {
                passed: 9,
                failed: 2,
                skipped: 2
            }
        );
    }

    #[test]
    fn says_only_what_went_wrong() {
        let report = read(&format!("[{REPORT}]")).expect("it is a list of one report");
        assert_eq!(
            report.to_string(),
            "outcome: failed\n\
             workshop/content/01-first.md:12: terminal:execute failed: the command ended with 1\n    \
             make: *** no rule\n"
        );
    }

    #[test]
    fn a_failed_setup_is_a_failure_too() {
        let json = r#"{"outcome": "error", "totals": {"passed": 0, "warned": 0, "failed": 0, "skipped": 3},
            "setup": [{"name": "01-install.sh", "status": "failed", "log": "no space left"}]}"#;
        let report = read(json).expect("it is a report");
        assert_eq!(
            report.tally(false),
            Tally {
                passed: 0,
                failed: 1,
                skipped: 3
            }
        );
        assert!(
            report
                .to_string()
                .contains("set-up 01-install.sh failed\n    no space left\n")
        );
    }

    #[test]
    fn nothing_is_no_report() {
        assert!(read("").is_err());
        assert!(read("{}").is_err());
        assert!(read("[]").is_err());
    }
}
