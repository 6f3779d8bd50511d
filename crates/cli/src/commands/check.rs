//! `atelier check`

use anyhow::bail;
use atelier_content::near::near;
use atelier_content::{Loaded, Severity, Variables, portability};
use camino::Utf8Path;

use super::load;
use crate::Exit;
use crate::args::{CheckArguments, CheckFormat};
use crate::report::machine::MachineReport;
use crate::report::{self, Finding, diagnostics, explain, github, sarif};

pub(crate) fn run(arguments: &CheckArguments) -> anyhow::Result<Exit> {
    if let Some(code) = &arguments.explain {
        return explain(code);
    }
    let mut exit = Exit::Success;
    let mut findings = Vec::new();
    for path in &arguments.paths {
        let loaded = match load(path) {
            Ok(loaded) => loaded,
            Err(error) => {
                exit = Exit::Unable;
                report::complain(&error);
                continue;
            }
        };
        let loaded = match arguments.fix {
            true => match fix(path, loaded, arguments.format) {
                Ok(loaded) => loaded,
                Err(error) => {
                    exit = Exit::Unable;
                    report::complain(&error.context(format!("{path} is not mended")));
                    continue;
                }
            },
            false => loaded,
        };
        let variables = Variables::for_preview(&loaded.workshop);
        let mut found = atelier_session::check(&loaded, &variables);
        if arguments.portable {
            found.extend(portability(&loaded.workshop));
        }
        if exit == Exit::Success
            && found
                .iter()
                .any(|diagnostic| diagnostic.severity == Severity::Error)
        {
            exit = Exit::Findings;
        }
        let machine = arguments
            .machine
            .then(|| MachineReport::new(&loaded.workshop, &variables));
        if exit == Exit::Success && machine.as_ref().is_some_and(MachineReport::has_errors) {
            exit = Exit::Findings;
        }
        if let Some(report) = machine {
            match arguments.format {
                CheckFormat::Human => report.print()?,
                _ => findings.extend(report.findings()),
            }
        }
        match arguments.format {
            CheckFormat::Human => diagnostics::print(&loaded.workshop, &found)?,
            _ => findings.extend(found.iter().map(|d| Finding::new(&loaded.workshop, d))),
        }
    }
    match arguments.format {
        CheckFormat::Human => {}
        CheckFormat::Json => report::print_json(&findings)?,
        CheckFormat::Sarif => report::print_json(&sarif::log(&findings))?,
        CheckFormat::Github => report::print(&github::text(&findings))?,
    }
    Ok(exit)
}

/// One fix may show what another finding hid; each round mends something, and few are ever needed.
const MOST_ROUNDS: usize = 8;

/// Mends what can be, says so, and gives the workshop as it is then.
fn fix(path: &Utf8Path, loaded: Loaded, format: CheckFormat) -> anyhow::Result<Loaded> {
    // A definition stands for its workshop.
    if path.is_file() && !matches!(path.extension(), Some("yaml" | "yml")) {
        bail!("an archive is not changed; unpack it, and give the folder");
    }
    let mut loaded = loaded;
    for _ in 0..MOST_ROUNDS {
        let variables = Variables::for_preview(&loaded.workshop);
        let found = atelier_session::check(&loaded, &variables);
        let mended = atelier_session::mend(&loaded.workshop, &found)?;
        if mended.findings.is_empty() {
            break;
        }
        let lines: String = mended
            .findings
            .iter()
            .filter_map(|at| found.get(*at))
            .map(|finding| report::mended(&loaded.workshop, finding))
            .collect();
        match format {
            CheckFormat::Human => report::print(&lines)?,
            // The document on standard output is one of findings.
            _ => report::tell(&lines),
        }
        loaded = load(path)?;
    }
    Ok(loaded)
}

fn explain(code: &str) -> anyhow::Result<Exit> {
    if let Some(text) = explain::section(code) {
        report::print(&format!("{code}\n\n{text}\n"))?;
        return Ok(Exit::Success);
    }
    match near(code, explain::codes()) {
        Some(near) => bail!("there is no code `{code}`; did you mean `{}`?", near.name),
        None => bail!("there is no code `{code}`; docs/diagnostics.md lists them all"),
    }
}
