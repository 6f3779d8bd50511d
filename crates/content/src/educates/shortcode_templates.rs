//! The author's own shortcodes, as files of templates (`instructions.md` 5.4).

use camino::Utf8Path;

use super::files::Files;
use super::template::{Problem, Source, Template, Templates};
use crate::diagnostic::{Diagnostic, Severity, Sources, Span};

/// Reads the templates of `layouts/shortcodes` and `layouts/_shortcodes`.
pub(super) fn templates(files: &mut Files, sources: &mut Sources) -> Templates {
    let mut found = Templates::new();
    for folder in ["_shortcodes", "shortcodes"] {
        let folder = files.layout.templates().join(folder);
        for path in files.below(&folder) {
            let relative = path.strip_prefix(&folder).unwrap_or(&path);
            if relative.extension() != Some("html") {
                continue;
            }
            let name = relative.with_extension("").into_string();
            if found.contains_key(&name) {
                continue;
            }
            let Some(file) = files.read(path.as_str(), sources) else {
                continue;
            };
            let template = Template::parse(sources.file(file).text());
            if let Err(problem) = &template {
                files.diagnostics.push(report(problem, file));
            }
            files
                .diagnostics
                .extend(left_out(sources.file(file).text(), &path, file));
            let source = Source {
                file,
                path,
                template,
            };
            found.insert(name, source);
        }
    }
    found
}

fn report(problem: &Problem, file: crate::FileId) -> Diagnostic {
    let (code, severity, help) = if problem.unsupported {
        (
            "unsupported-template",
            Severity::Warning,
            "calls show the text between their tags; docs/pages.md lists what templates may use",
        )
    } else {
        (
            "invalid-template",
            Severity::Error,
            "correct the template; Hugo builds no page at all with it",
        )
    };
    let found = match severity {
        Severity::Error => Diagnostic::error(code, problem.message.clone()),
        Severity::Warning => Diagnostic::warning(code, problem.message.clone()),
        Severity::Note => Diagnostic::note(code, problem.message.clone()),
    };
    found
        .at(Span::new(file, problem.range.clone()), "in this template")
        .help(help)
}

/// What a page never runs or loads, whatever a template says.
fn left_out(text: &str, path: &Utf8Path, file: crate::FileId) -> Option<Diagnostic> {
    let lower = text.to_ascii_lowercase();
    ["<script", "<style", "<iframe", "<link", "<object"]
        .into_iter()
        .find_map(|tag| Some((tag, lower.find(tag)?)))
        .map(|(tag, at)| {
            Diagnostic::warning(
                "unsafe-template",
                format!("`{tag}>` of {path} is left out: pages run no scripts and load no styles or frames"),
            )
            .at(Span::new(file, at..at + tag.len()), "not shown")
            .help("say it in Markdown, or with plain HTML")
        })
}
