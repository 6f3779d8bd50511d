//! `atelier render`

use anyhow::bail;
use atelier_content::{Page, Variables, render};

use super::load_or_fail;
use crate::Exit;
use crate::args::RenderArguments;
use crate::report;

pub(crate) fn run(arguments: &RenderArguments) -> anyhow::Result<Exit> {
    let workshop = load_or_fail(&arguments.path, arguments.pathway.as_deref())?.workshop;
    let wanted = |page: &&Page| {
        arguments
            .page
            .as_ref()
            .is_none_or(|name| page.id.0 == *name)
    };
    // Pages outside the navigation are shown when they are asked for.
    let unlisted = workshop
        .unlisted
        .iter()
        .filter(|_| arguments.page.is_some());
    let pages: Vec<_> = workshop
        .pages
        .iter()
        .chain(unlisted)
        .filter(wanted)
        .collect();
    if let (Some(name), true) = (&arguments.page, pages.is_empty()) {
        let known: Vec<_> = workshop
            .pages
            .iter()
            .map(|page| page.id.0.as_str())
            .collect();
        bail!(
            "{} has no page `{name}`; its pages are {}",
            arguments.path,
            known.join(", ")
        );
    }
    let variables = Variables::for_preview(&workshop);
    for page in pages {
        let html = render(&workshop, page, &variables).html;
        report::print(&format!(
            "<article data-page=\"{}\">\n{html}</article>\n",
            escape(&page.id.0)
        ))?;
    }
    Ok(Exit::Success)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
}
