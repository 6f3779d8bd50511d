//! One workshop, looked at from all sides.

use std::collections::BTreeSet;
use std::time::Instant;

use atelier_content::{
    Diagnostic, Severity, Variables, Workshop, check, load, load_pathway, render,
};
use camino::Utf8Path;
use serde::{Deserialize, Serialize};

/// What came of it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Seen {
    pub(crate) style: String,
    pub(crate) pages: usize,
    pub(crate) actions: usize,
    /// Bodies that nothing could be read from.
    pub(crate) unread: usize,
    pub(crate) millis: f64,
    pub(crate) findings: Vec<Finding>,
}

/// One diagnostic.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Finding {
    pub(crate) code: String,
    pub(crate) is_error: bool,
    pub(crate) message: String,
    /// `file:line`, where it has one.
    pub(crate) place: String,
}

/// Loads and renders it along each of its pathways, and prints what was seen as JSON.
pub(crate) fn run(path: &Utf8Path) -> anyhow::Result<()> {
    let start = Instant::now();
    let first = load(path)?;
    let mut findings: BTreeSet<Finding> = BTreeSet::new();
    let mut shown = BTreeSet::new();
    let mut counts = (0, 0);
    let names: Vec<_> = first.workshop.pathways.iter().collect();
    let ways = names.iter().map(|way| Some(way.name.as_str()));
    let ways: Vec<Option<&str>> = std::iter::once(None).chain(ways).collect();
    let mut millis = 0.0;
    for (number, way) in ways.into_iter().enumerate() {
        let loaded = load_pathway(path, way)?;
        let workshop = &loaded.workshop;
        let variables = Variables::for_preview(workshop);
        for page in workshop.pages.iter().chain(&workshop.unlisted) {
            let rendered = render(workshop, page, &variables);
            if shown.insert(page.id.0.clone()) {
                counts.0 += rendered.actions.len();
                counts.1 += rendered
                    .actions
                    .iter()
                    .filter(|action| action.action.is_err())
                    .count();
            }
        }
        let found = check(&loaded, &variables);
        findings.extend(found.iter().map(|found| finding(workshop, found)));
        if number == 0 {
            millis = start.elapsed().as_secs_f64() * 1000.0;
        }
    }
    let seen = Seen {
        style: style(&first.workshop),
        pages: shown.len(),
        actions: counts.0,
        unread: counts.1,
        millis,
        findings: findings.into_iter().collect(),
    };
    crate::line(&serde_json::to_string(&seen)?)?;
    Ok(())
}

fn finding(workshop: &Workshop, found: &Diagnostic) -> Finding {
    let place = found.span().map_or_else(String::new, |span| {
        let position = workshop.sources.position(span);
        format!(
            "{}:{}:{}",
            workshop.sources.file(span.file).path(),
            position.line,
            position.column
        )
    });
    Finding {
        code: found.code.to_owned(),
        is_error: found.severity == Severity::Error,
        message: found.message.clone(),
        place,
    }
}

fn style(workshop: &Workshop) -> String {
    let folder = workshop.root.join(&workshop.workshop_dir);
    let is_classic = ["workshop.yaml", "modules.yaml"]
        .iter()
        .any(|name| folder.join(name).is_file());
    let asciidoc = workshop.pages.iter().any(|page| {
        let path = workshop.sources.file(page.file()).path();
        path.extension() == Some("adoc")
    });
    let style = if is_classic { "classic" } else { "hugo" };
    style.to_owned() + if asciidoc { "+adoc" } else { "" }
}
