//! A test run as it happens, for people.

use std::io::{self, Write};
use std::sync::Arc;

use atelier_session::EventSink;
use atelier_session::play::{
    ActionRow, PlayEvent, ProgramRow, Report, RunOutcome, Status, TerminalRow, Totals,
};
use atelier_session::protocol::{Event, SetupStatus};
use camino::{Utf8Path, Utf8PathBuf};

use super::{colours, paint, plain, print};

/// Prints a line an action.
pub(crate) struct LiveReport {
    enabled: bool,
    colours: bool,
    title: String,
}

impl LiveReport {
    pub(crate) fn new(enabled: bool, title: &str) -> Self {
        let live = Self {
            enabled,
            colours: colours(),
            title: title.to_owned(),
        };
        live.say(&format!("{}\n", live.bold(&plain(&live.title))));
        live
    }

    /// Prints set-up scripts as they end.
    pub(crate) fn setup_events(&self) -> EventSink {
        let colours = self.colours;
        Arc::new(move |event| {
            let Event::SetupStep { step } = event else {
                return;
            };
            let status = match step.status {
                SetupStatus::Passed => Status::Passed,
                SetupStatus::Failed => Status::Failed,
                SetupStatus::Waiting | SetupStatus::Running => return,
            };
            let mut text = format!(
                "  {} set-up: {}{}\n",
                mark(status, colours),
                step.name,
                time(step.millis)
            );
            if status == Status::Failed {
                text.push_str(&indented(&step.log, 12));
            }
            let _ = print(&text);
        })
    }

    pub(crate) fn event(&mut self, event: &PlayEvent<'_>) {
        match event {
            PlayEvent::Programs { rows } => {
                // The learner may still start those that are skipped.
                for row in rows.iter().filter(|row| row.status != Status::Skipped) {
                    self.say(&self.program(row));
                }
            }
            PlayEvent::Requirement { row } => {
                // What is here is nothing to tell.
                if matches!(row.status, Status::Failed | Status::Warned) {
                    let message = plain(row.message.as_deref().unwrap_or(&row.name));
                    self.say(&format!(
                        "  {} needs: {message}\n",
                        mark(row.status, self.colours)
                    ));
                }
            }
            PlayEvent::Page { step, pages, title } => {
                self.say(&format!(
                    "\n{}\n",
                    self.bold(&plain(&format!("{step}/{pages} {title}")))
                ));
            }
            PlayEvent::Action { .. } => {}
            PlayEvent::Row { title, row } => self.say(&self.row(title, row)),
        }
    }

    pub(crate) fn kept(&self, folder: &Utf8Path) -> io::Result<()> {
        // Standard output may be one JSON document.
        writeln!(io::stderr(), "the session is kept in {folder}")
    }

    pub(crate) fn recorded(&self, files: &[Utf8PathBuf]) -> io::Result<()> {
        if files.is_empty() {
            return Ok(());
        }
        let names: Vec<_> = files.iter().map(|file| file.as_str()).collect();
        writeln!(io::stderr(), "recorded in {}", names.join(", "))
    }

    pub(crate) fn summary(&self, report: &Report, allow_warnings: bool) -> io::Result<()> {
        if !self.enabled {
            return Ok(());
        }
        let totals = &report.totals;
        let outcome = match report.outcome {
            RunOutcome::Passed => self.coloured("32;1", "passed"),
            _ => self.coloured("31;1", "failed"),
        };
        let warned = if totals.warned > 0 && !allow_warnings {
            " (counted as failed; allow them with --allow-warnings)"
        } else {
            ""
        };
        print(&format!(
            "\n{}: {outcome}; {} passed, {} warned{warned}, {} failed, {} skipped\n",
            report.workshop, totals.passed, totals.warned, totals.failed, totals.skipped
        ))
    }

    /// Says which pathways are still to be played.
    pub(crate) fn not_taken(&self, played: &str, others: &str) -> io::Result<()> {
        if !self.enabled {
            return Ok(());
        }
        print(&format!(
            "this was the pathway `{}`; play the others too: {}\n",
            plain(played),
            plain(others)
        ))
    }

    fn row(&self, title: &str, row: &ActionRow) -> String {
        let first_line = plain(title.lines().next().unwrap_or_default());
        let mut text = format!(
            "  {} {first_line}{}",
            mark(row.status, self.colours),
            time(row.millis)
        );
        if let Some(message) = &row.message {
            text.push_str(&self.dim(&format!(" — {}", plain(message))));
        }
        text.push('\n');
        if matches!(row.status, Status::Failed | Status::Warned) {
            text.push_str(&self.dim(&format!(
                "      at {}:{}\n",
                row.source.file, row.source.line
            )));
            let output = row.output.as_deref().unwrap_or_default();
            text.push_str(&indented(output, 20));
            // What a command printed stands above; a check prints elsewhere.
            let printed = !output.trim().is_empty() && row.kind != "examiner:execute-test";
            let shown = row.terminals.iter().filter(|_| !printed);
            for terminal in shown.filter(|terminal| !terminal.screen.is_empty()) {
                text.push_str(&self.dim(&format!("      {} shows:\n", in_words(terminal))));
                text.push_str(&indented(&terminal.screen, 10));
            }
        }
        text
    }

    fn program(&self, row: &ProgramRow) -> String {
        let mut text = format!("  {} program: {}", mark(row.status, self.colours), row.name);
        if let Some(message) = &row.message {
            text.push_str(&self.dim(&format!(" — {}", plain(message))));
        }
        text.push('\n');
        if row.status == Status::Failed {
            text.push_str(&indented(&row.log, 12));
        }
        text
    }

    fn say(&self, text: &str) {
        if self.enabled {
            // A reader that has gone ends the command when the summary is printed.
            let _ = print(text);
        }
    }

    fn bold(&self, text: &str) -> String {
        self.coloured("1", text)
    }

    fn dim(&self, text: &str) -> String {
        self.coloured("2", text)
    }

    fn coloured(&self, code: &str, text: &str) -> String {
        paint(self.colours, code, text)
    }
}

/// One line about several workshops.
pub(crate) fn totals(reports: &[Report], not_played: usize) -> io::Result<()> {
    let with = |outcome| {
        let same = reports.iter().filter(|report| report.outcome == outcome);
        same.count()
    };
    let sum = |count: fn(&Totals) -> usize| -> usize {
        reports.iter().map(|report| count(&report.totals)).sum()
    };
    let unable = not_played + with(RunOutcome::Error);
    let unable = match unable {
        0 => String::new(),
        unable => format!(", {unable} not played"),
    };
    print(&format!(
        "\n{} workshops: {} passed, {} failed{unable}; {} actions passed, {} warned, {} failed, {} skipped\n",
        reports.len() + not_played,
        with(RunOutcome::Passed),
        with(RunOutcome::Failed),
        sum(|totals| totals.passed),
        sum(|totals| totals.warned),
        sum(|totals| totals.failed),
        sum(|totals| totals.skipped),
    ))
}

/// `terminal 1`, `the editor's terminal "tests"`.
pub(super) fn in_words(terminal: &TerminalRow) -> String {
    let name = &terminal.name;
    if terminal.editor {
        format!("the editor's terminal \"{name}\"")
    } else {
        format!("terminal {name}")
    }
}

fn mark(status: Status, colours: bool) -> String {
    let (code, word) = match status {
        Status::Passed => ("32", "passed "),
        Status::Warned => ("33", "warned "),
        Status::Failed => ("31", "FAILED "),
        Status::Skipped => ("2", "skipped"),
    };
    paint(colours, code, word)
}

/// Times that nobody would notice are left out.
fn time(millis: u64) -> String {
    if millis < 100 {
        String::new()
    } else {
        format!(" ({:.1} s)", millis as f64 / 1000.0)
    }
}

/// The last lines of an output.
fn indented(text: &str, lines: usize) -> String {
    let all: Vec<_> = text.trim_end().lines().collect();
    all[all.len().saturating_sub(lines)..]
        .iter()
        .map(|line| format!("      │ {}\n", plain(line)))
        .collect()
}
