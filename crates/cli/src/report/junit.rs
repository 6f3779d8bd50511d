//! Test runs in the XML that continuous integration reads: a suite a workshop's page, a case an action.

use std::time::Duration;

use anyhow::Context;
use atelier_session::play::{ActionRow, Report, RunOutcome, Status};
use camino::Utf8Path;
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::run::in_words;

/// A workshop that could not be played, so that there is no report.
pub(crate) struct NotPlayed {
    /// As it was given.
    path: String,
    /// Why, in a line.
    problem: String,
}

impl NotPlayed {
    pub(crate) fn new(path: &Utf8Path, error: &anyhow::Error) -> Self {
        Self {
            path: path.to_string(),
            problem: format!("{error:#}"),
        }
    }
}

/// The document.
pub(crate) fn text(
    reports: &[Report],
    not_played: &[NotPlayed],
    allow_warnings: bool,
) -> anyhow::Result<String> {
    let mut all = quick_junit::Report::new("atelier test");
    for report in reports {
        let before = preparations(report);
        if !before.test_cases.is_empty() {
            all.add_test_suite(before);
        }
        for page in &report.pages {
            let mut suite = TestSuite::new(format!("{}/{}", report.workshop, page.name));
            for action in &page.actions {
                suite.add_test_case(case(&page.name, action, allow_warnings));
            }
            all.add_test_suite(suite);
        }
    }
    for workshop in not_played {
        let status = TestCaseStatus::non_success(NonSuccessKind::Error);
        let mut case = TestCase::new("workshop", status);
        case.status.set_message(allowed_in_xml(&workshop.problem));
        let mut suite = TestSuite::new(workshop.path.clone());
        suite.add_test_case(case);
        all.add_test_suite(suite);
    }
    all.to_string().context("the report could not be written")
}

/// What must hold before the first page: requirements, set-up, background programs.
fn preparations(report: &Report) -> TestSuite {
    let mut suite = TestSuite::new(report.workshop.clone());
    if report.outcome == RunOutcome::Error {
        let status = TestCaseStatus::non_success(NonSuccessKind::Error);
        let mut case = TestCase::new("session", status);
        case.status
            .set_message("the session did not start; standard error says why");
        suite.add_test_case(case);
    }
    let requirements = report.requirements.iter().map(|row| {
        (
            "requirement",
            &row.name,
            row.status,
            row.message.clone(),
            "",
        )
    });
    let setup = report
        .setup
        .iter()
        .map(|row| ("set-up", &row.name, row.status, None, &*row.log));
    let programs = report.programs.iter().map(|row| {
        (
            "program",
            &row.name,
            row.status,
            row.message.clone(),
            &*row.log,
        )
    });
    for (kind, name, status, message, log) in requirements.chain(setup).chain(programs) {
        // A requirement that commands were only seen to use is no failure.
        let allowed = kind == "requirement";
        let mut case = TestCase::new(format!("{kind}: {name}"), outcome(status, message, allowed));
        if !log.is_empty() {
            case.set_system_out(allowed_in_xml(log));
        }
        suite.add_test_case(case);
    }
    suite
}

fn case(page: &str, action: &ActionRow, allow_warnings: bool) -> TestCase {
    let status = outcome(action.status, action.message.clone(), allow_warnings);
    let name = format!("{page}/{} {}", action.index, action.kind);
    let mut case = TestCase::new(name, status);
    case.set_classname(format!("{}:{}", action.source.file, action.source.line));
    case.set_time(Duration::from_millis(action.millis));
    let mut printed = action.output.clone().unwrap_or_default();
    for terminal in &action.terminals {
        let gap = if printed.is_empty() { "" } else { "\n\n" };
        let (name, transcript) = (in_words(terminal), &terminal.transcript);
        printed.push_str(&format!("{gap}--- {name} ---\n{transcript}"));
    }
    if !printed.is_empty() {
        case.set_system_out(allowed_in_xml(&printed));
    }
    case
}

/// Two characters that are no controls cannot stand in XML either; the library takes the controls out.
fn allowed_in_xml(text: &str) -> String {
    text.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

fn outcome(status: Status, message: Option<String>, allow_warnings: bool) -> TestCaseStatus {
    let mut outcome = match status {
        Status::Warned if !allow_warnings => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Status::Failed => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Status::Skipped => TestCaseStatus::skipped(),
        Status::Passed | Status::Warned => return TestCaseStatus::success(),
    };
    if let Some(message) = message {
        outcome.set_message(allowed_in_xml(&message));
    }
    outcome
}
