//! Findings as workflow commands: GitHub shows them beside the lines of a change.

use super::Finding;

/// One line a finding.
pub(crate) fn text(findings: &[Finding]) -> String {
    findings.iter().map(line).collect()
}

fn line(finding: &Finding) -> String {
    let mut properties = Vec::new();
    if let Some(file) = finding.path() {
        properties.push(format!("file={}", property(&file)));
    }
    if let Some(line) = finding.line {
        properties.push(format!("line={line}"));
    }
    if let Some(column) = finding.column {
        properties.push(format!("col={column}"));
    }
    properties.push(format!("title={}", property(finding.code)));
    let mut message = finding.message.clone();
    if let Some(help) = &finding.help {
        message.push_str(&format!("\n{help}"));
    }
    let command = match finding.severity {
        "note" => "notice",
        other => other,
    };
    format!(
        "::{command} {}::{}\n",
        properties.join(","),
        escaped(&message)
    )
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}
