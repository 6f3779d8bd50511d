//! `atelier check`

use atelier_content::{Severity, Variables};

use super::load;
use crate::Exit;
use crate::args::{CheckArguments, CheckFormat};
use crate::report::{self, Finding, diagnostics};

pub(crate) fn run(arguments: &CheckArguments) -> anyhow::Result<Exit> {
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
        match arguments.format {
            CheckFormat::Human => diagnostics::print(&loaded.workshop, &found)?,
            CheckFormat::Json => {
                findings.extend(found.iter().map(|d| Finding::new(&loaded.workshop, d)))
            }
        }
    }
    if arguments.format == CheckFormat::Json {
        report::print_json(&findings)?;
    }
    Ok(exit)
}
