//! Findings in SARIF 2.1.0, which code scanning services and editors read.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::diagnostics::FindingFix;
use super::{Finding, explain};

/// One log with one run.
pub(crate) fn log(findings: &[Finding]) -> Value {
    let mut rules = BTreeMap::new();
    for finding in findings {
        let text = explain::section(finding.code).unwrap_or(&finding.message);
        rules.insert(
            finding.code,
            json!({
                "id": finding.code,
                "shortDescription": {"text": finding.code},
                "fullDescription": {"text": text},
            }),
        );
    }
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "atelier",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.into_values().collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": findings.iter().map(result).collect::<Vec<_>>(),
        }],
    })
}

fn result(finding: &Finding) -> Value {
    let text = match &finding.help {
        Some(help) => format!("{}; {help}", finding.message),
        None => finding.message.clone(),
    };
    let mut location = json!({});
    if let Some(path) = finding.path() {
        location["artifactLocation"] = json!({"uri": uri(&path)});
    }
    if let Some(line) = finding.line {
        location["region"] = json!({"startLine": line, "startColumn": finding.column.unwrap_or(1)});
    }
    let mut result = json!({
        "ruleId": finding.code,
        "level": finding.severity,
        "message": {"text": text},
        "locations": if finding.file.is_some() { json!([{"physicalLocation": location}]) } else { json!([]) },
    });
    // A fix of SARIF changes texts alone, and whoever reads it may apply it without asking.
    let can = |fix: &&FindingFix| fix.applicability == "safe" && !fix.edits.is_empty();
    if let Some(fix) = finding.fix.as_ref().filter(can) {
        let changes = fix.edits.iter().map(|edit| {
            json!({
                "artifactLocation": {"uri": uri(&finding.seen(&edit.file))},
                "replacements": [{
                    "deletedRegion": {
                        "startLine": edit.start.line,
                        "startColumn": edit.start.column,
                        "endLine": edit.end.line,
                        "endColumn": edit.end.column,
                    },
                    "insertedContent": {"text": edit.text},
                }],
            })
        });
        result["fixes"] = json!([{
            "description": {"text": fix.title},
            "artifactChanges": changes.collect::<Vec<_>>(),
        }]);
    }
    result
}

/// A path as a relative reference, or with a scheme when it is absolute.
fn uri(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    if path.starts_with('/') {
        out.insert_str(0, "file://");
    }
    out
}
