//! Diagnostics, for people and for programs.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use atelier_content::{Diagnostic, Severity, Workshop};
use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;

use super::colours;

/// Prints diagnostics as a compiler does, and one line that counts them.
pub(crate) fn print(workshop: &Workshop, diagnostics: &[Diagnostic]) -> anyhow::Result<()> {
    let renderer = if colours() {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut text = String::new();
    for diagnostic in diagnostics {
        text.push_str(&renderer.render(&[group(workshop, diagnostic)]));
        text.push_str("\n\n");
    }
    text.push_str(&summary(workshop, diagnostics));
    Ok(super::print(&text)?)
}

fn group<'a>(workshop: &'a Workshop, diagnostic: &'a Diagnostic) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level
        .primary_title(&*diagnostic.message)
        .id(diagnostic.code);
    let mut group = match diagnostic.span() {
        None => Group::with_title(title).element(Origin::path(workshop.root.as_str())),
        Some(primary) => {
            let source = workshop.sources.file(primary.file);
            let labels = diagnostic
                .labels
                .iter()
                .filter(|label| label.span.file == primary.file);
            let annotations = labels.enumerate().map(|(at, label)| {
                let kind = if at == 0 {
                    AnnotationKind::Primary
                } else {
                    AnnotationKind::Context
                };
                let annotation = kind.span(label.span.range.clone());
                if label.text.is_empty() {
                    annotation
                } else {
                    annotation.label(&*label.text)
                }
            });
            let path = workshop.root.join(source.path());
            title.element(
                Snippet::source(source.text())
                    .path(path.into_string())
                    .annotations(annotations),
            )
        }
    };
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(&**help));
    }
    group
}

fn summary(workshop: &Workshop, diagnostics: &[Diagnostic]) -> String {
    let count = |severity| {
        diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == severity)
            .count()
    };
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let pages = workshop.pages.len();
    format!(
        "{}: {}, {}, {}\n",
        workshop.root,
        plural(pages, "page"),
        plural(errors, "error"),
        plural(warnings, "warning")
    )
}

fn plural(count: usize, noun: &str) -> String {
    let end = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{end}")
}

/// A diagnostic as programs read it. Lines and columns count from 1; columns are characters.
#[derive(Debug, Serialize)]
pub(crate) struct Finding {
    pub(super) workshop: String,
    pub(super) code: &'static str,
    pub(super) severity: &'static str,
    pub(super) message: String,
    pub(super) help: Option<String>,
    pub(super) file: Option<String>,
    pub(super) line: Option<usize>,
    pub(super) column: Option<usize>,
}

impl Finding {
    /// Where it is, seen from the working directory.
    pub(crate) fn path(&self) -> Option<String> {
        let whole = Utf8Path::new(&self.workshop).join(self.file.as_ref()?);
        let here = std::env::current_dir().ok();
        let here = here.and_then(|here| Utf8PathBuf::from_path_buf(here).ok());
        let near = here.as_ref().and_then(|here| whole.strip_prefix(here).ok());
        let path = near.unwrap_or(&whole);
        Some(path.strip_prefix(".").unwrap_or(path).to_string())
    }

    pub(crate) fn new(workshop: &Workshop, diagnostic: &Diagnostic) -> Self {
        let place = diagnostic.span().map(|span| {
            (
                workshop.sources.file(span.file),
                workshop.sources.position(span),
            )
        });
        Self {
            workshop: workshop.root.to_string(),
            code: diagnostic.code,
            severity: match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "note",
            },
            message: diagnostic.message.clone(),
            help: diagnostic.help.clone(),
            file: place.as_ref().map(|(source, _)| source.path().to_string()),
            line: place.as_ref().map(|(_, at)| at.line),
            column: place.as_ref().map(|(_, at)| at.column),
        }
    }
}
