//! `atelier check`

use anyhow::bail;
use atelier_content::{Severity, Variables};

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
        let variables = Variables::for_preview(&loaded.workshop);
        let found = atelier_session::check(&loaded, &variables);
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

fn explain(code: &str) -> anyhow::Result<Exit> {
    if let Some(text) = explain::section(code) {
        report::print(&format!("{code}\n\n{text}\n"))?;
        return Ok(Exit::Success);
    }
    let close = explain::codes()
        .map(|known| (strsim::damerau_levenshtein(known, code), known))
        .min();
    match close.filter(|(distance, _)| *distance <= 1 + code.len() / 4) {
        Some((_, close)) => bail!("there is no code `{code}`; did you mean `{close}`?"),
        None => bail!("there is no code `{code}`; docs/diagnostics.md lists them all"),
    }
}
