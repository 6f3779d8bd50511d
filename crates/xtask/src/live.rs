//! Signs of life of a program whose output is kept: its latest line for a person, a line a minute for a log.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::process::{self, Finished};
use crate::report::Report;

const SILENCE: Duration = Duration::from_secs(60);

/// Runs programs one after the other and shows that something goes on.
pub(crate) struct Live<'a> {
    report: &'a Report,
    started: Instant,
    spoke: Instant,
    latest: String,
}

impl<'a> Live<'a> {
    /// Nothing has run yet.
    pub(crate) fn new(report: &'a Report) -> Self {
        let now = Instant::now();
        Self {
            report,
            started: now,
            spoke: now,
            latest: String::new(),
        }
    }

    /// Runs a program and keeps everything it prints.
    pub(crate) fn run(&mut self, command: &mut Command) -> Result<Finished> {
        self.with(|watch| process::run(command, watch))
    }

    /// Runs a program, keeps its standard output apart.
    pub(crate) fn run_apart(&mut self, command: &mut Command) -> Result<Finished> {
        self.with(|watch| process::run_apart(command, watch))
    }

    /// Runs a program that has to succeed and returns what it printed; if it does not, that is in the error.
    pub(crate) fn must(&mut self, command: &mut Command, failure: &str) -> Result<String> {
        let finished = self.run(command)?;
        if !finished.status.success() {
            bail!("{failure}\n{}", finished.log.trim_end());
        }
        Ok(finished.log)
    }

    fn with(
        &mut self,
        run: impl FnOnce(&mut dyn FnMut(&str)) -> Result<Finished>,
    ) -> Result<Finished> {
        let finished = run(&mut |line| self.line(line));
        self.report.clear_status();
        finished
    }

    fn line(&mut self, line: &str) {
        if !line.trim().is_empty() {
            line.trim().clone_into(&mut self.latest);
            self.report.status(&self.latest);
        }
        if !self.report.is_terminal() && self.spoke.elapsed() > SILENCE {
            self.spoke = Instant::now();
            let seconds = self.started.elapsed().as_secs();
            let latest = Some(self.latest.as_str()).filter(|line| !line.is_empty());
            let latest = latest.unwrap_or("still running");
            self.report
                .line(format_args!("      after {seconds} s: {latest}"));
        }
    }
}
