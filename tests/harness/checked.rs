//! What `atelier check --format json` found.

use std::process::Output;

use serde::Deserialize;

/// A check that is over.
#[derive(Debug)]
pub struct Checked {
    /// The command's exit status.
    pub exit: Option<i32>,
    /// What it complained about.
    pub stderr: String,
    /// What it found.
    pub findings: Vec<Finding>,
}

/// One finding.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Finding {
    pub workshop: String,
    pub code: String,
    pub severity: String,
    pub message: String,
    pub help: Option<String>,
    pub file: Option<String>,
    pub line: Option<usize>,
    pub column: Option<usize>,
    pub fix: Option<serde_json::Value>,
}

impl Checked {
    pub(crate) fn new(output: Output) -> Self {
        let stdout = String::from_utf8(output.stdout).expect("findings are UTF-8");
        let findings = serde_json::from_str(&stdout)
            .unwrap_or_else(|error| panic!("no list of findings ({error}):\n{stdout}"));
        Self {
            exit: output.status.code(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            findings,
        }
    }

    /// `error unknown-property workshop/content/01-page.md:3:1`, one a finding.
    pub fn brief(&self) -> Vec<String> {
        self.findings.iter().map(Finding::brief).collect()
    }
}

impl Finding {
    /// Severity, code and place.
    pub fn brief(&self) -> String {
        let place = match (&self.file, self.line, self.column) {
            (Some(file), Some(line), Some(column)) => format!("{file}:{line}:{column}"),
            _ => "-".to_owned(),
        };
        format!("{} {} {place}", self.severity, self.code)
    }
}
