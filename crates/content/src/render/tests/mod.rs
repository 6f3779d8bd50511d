//! Rendered pages, construct by construct.

mod actions;
mod asciidoc;
mod beyond;
mod corpus;
mod harm;
mod markdown;
mod mixed;
mod shortcodes;

use crate::educates::tests::{load, report};
use crate::{Loaded, RenderedPage, Variables, render};

/// The variables of `instructions.md` 15.1.
fn variables(loaded: &Loaded) -> Variables {
    let mut variables = Variables::for_preview(&loaded.workshop);
    variables.set("session_name", "sess");
    variables.set("X", "a & b <c>");
    variables.set("LINES", "one: 1\ntwo: \"2\"");
    variables
}

/// A workshop with one page besides some files to link to.
fn page(path: &str, text: &str) -> (Loaded, RenderedPage) {
    let mut files = vec![
        ("workshop/content/02-other.md", "# Other\n"),
        ("workshop/content/sub/03-deep.md", "x"),
        ("workshop/content/sub/beside.png", ""),
        ("workshop/content/b/index.md", "x"),
        ("workshop/content/b/in-bundle.png", ""),
        ("workshop/content/root.png", ""),
        ("workshop/static/images/x.png", ""),
        ("workshop/static/guide.pdf", ""),
        ("workshop/slides/pic.png", ""),
        ("workshop/layouts/shortcodes/mine.html", "{{ .Inner }}"),
    ];
    files.retain(|(known, _)| *known != path);
    files.push((path, text));
    if path.starts_with("workshop/content/classic") {
        files.push((
            "workshop/workshop.yaml",
            "modules:\n  activate: [classic, 02-other, classic-sub/a]\n",
        ));
    }
    let loaded = load(&files);
    let id = path
        .trim_start_matches("workshop/content/")
        .trim_end_matches(".md")
        .trim_end_matches("/index");
    let page = loaded
        .workshop
        .page(&crate::PageId(id.to_owned()))
        .expect("the page");
    let rendered = render(&loaded.workshop, page, &variables(&loaded));
    (loaded, rendered)
}

fn hugo(text: &str) -> String {
    page("workshop/content/01-page.md", text).1.html
}

fn classic(text: &str) -> String {
    page("workshop/content/classic.md", text).1.html
}

fn problems(text: &str) -> String {
    let (loaded, rendered) = page("workshop/content/01-page.md", text);
    report(&loaded.workshop.sources, &rendered.diagnostics)
}

fn classic_problems(text: &str) -> String {
    let (loaded, rendered) = page("workshop/content/classic.md", text);
    report(&loaded.workshop.sources, &rendered.diagnostics)
}
