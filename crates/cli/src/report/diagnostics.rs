//! Diagnostics, for people and for programs.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use atelier_content::diagnostic::{Applicability, Change, Fix};
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
    let notes = match count(Severity::Note) {
        0 => String::new(),
        notes => format!(", {}", plural(notes, "note")),
    };
    let can = |found: &&Diagnostic| {
        let fix = found.fix.as_ref();
        fix.is_some_and(|fix| fix.applicability == Applicability::Safe)
    };
    let fixable = match diagnostics.iter().filter(can).count() {
        0 => String::new(),
        1 => "; `--fix` mends 1 of them".to_owned(),
        several => format!("; `--fix` mends {several} of them"),
    };
    format!(
        "{}: {}, {}, {}{notes}{fixable}\n",
        workshop.root,
        plural(pages, "page"),
        plural(errors, "error"),
        plural(warnings, "warning")
    )
}

pub(crate) fn plural(count: usize, noun: &str) -> String {
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
    pub(super) fix: Option<FindingFix>,
}

/// What mends a finding, as programs read it.
#[derive(Debug, Serialize)]
pub(crate) struct FindingFix {
    pub(super) title: String,
    /// `safe`: `--fix` applies it; `suggested`: it may be what was meant.
    pub(super) applicability: &'static str,
    pub(super) edits: Vec<FindingEdit>,
    /// Files that get the executable bit, relative to the workshop.
    pub(super) executable: Vec<String>,
}

/// Other text in a place. Lines and columns count from 1; columns are characters, and `end` is behind the last one.
#[derive(Debug, Serialize)]
pub(crate) struct FindingEdit {
    pub(super) file: String,
    pub(super) start: Place,
    pub(super) end: Place,
    pub(super) text: String,
}

/// A place in a file as it is on the disk.
#[derive(Debug, Serialize)]
pub(crate) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
    /// In bytes, from 0.
    pub(super) byte: usize,
}

impl FindingFix {
    fn new(workshop: &Workshop, fix: &Fix) -> Self {
        let mut edits = Vec::new();
        let mut executable = Vec::new();
        for change in &fix.changes {
            match change {
                Change::Replace { span, text } => {
                    let source = workshop.sources.file(span.file);
                    let place = |offset| {
                        let at = source.position(offset);
                        Place {
                            line: at.line,
                            column: at.column,
                            byte: source.offset_in_file(offset),
                        }
                    };
                    edits.push(FindingEdit {
                        file: source.path().to_string(),
                        start: place(span.range.start),
                        end: place(span.range.end),
                        text: text.clone(),
                    });
                }
                Change::MakeExecutable { path } => executable.push(path.to_string()),
                Change::Word { .. } => {}
            }
        }
        Self {
            title: fix.title.clone(),
            applicability: match fix.applicability {
                Applicability::Safe => "safe",
                Applicability::Suggested => "suggested",
            },
            edits,
            executable,
        }
    }
}

impl Finding {
    /// Where it is, seen from the working directory.
    pub(crate) fn path(&self) -> Option<String> {
        Some(self.seen(self.file.as_ref()?))
    }

    /// A file of the workshop, seen from the working directory.
    pub(super) fn seen(&self, file: &str) -> String {
        let whole = Utf8Path::new(&self.workshop).join(file);
        let here = std::env::current_dir().ok();
        let here = here.and_then(|here| Utf8PathBuf::from_path_buf(here).ok());
        let near = here.as_ref().and_then(|here| whole.strip_prefix(here).ok());
        let path = near.unwrap_or(&whole);
        path.strip_prefix(".").unwrap_or(path).to_string()
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
            fix: diagnostic
                .fix
                .as_ref()
                .map(|fix| FindingFix::new(workshop, fix)),
        }
    }
}
