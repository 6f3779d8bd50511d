//! Everything an author should fix, found without running anything.

use crate::action::{Action, FilesAction, PageAction};
use crate::diagnostic::Diagnostic;
use crate::load::Loaded;
use crate::render::render;
use crate::variables::Variables;
use crate::workshop::Applications;

/// The diagnostics of a workshop: those of loading it, then those of every page in turn, also of those
/// outside the navigation, each in the order of its lines.
pub fn check(loaded: &Loaded, variables: &Variables) -> Vec<Diagnostic> {
    let workshop = &loaded.workshop;
    let mut all = loaded.diagnostics.clone();
    for page in workshop.pages.iter().chain(&workshop.unlisted) {
        let rendered = render(workshop, page, variables);
        all.extend(rendered.diagnostics);
        let applications = &workshop.applications;
        all.extend(
            rendered
                .actions
                .iter()
                .filter_map(|action| switched_off(action, applications)),
        );
    }
    // Stable: what has no place comes first, files stay in the order in which they were read.
    all.sort_by_key(|diagnostic| diagnostic.span().map(|span| (span.file, span.range.start)));
    all.dedup();
    all
}

/// An action whose application the definition does not switch on.
fn switched_off(action: &PageAction, applications: &Applications) -> Option<Diagnostic> {
    let Ok(Action::Files(files)) = &action.action else {
        return None;
    };
    let (name, on) = match files {
        FilesAction::Download { .. } | FilesAction::Copy { .. } => {
            ("files", applications.files.is_some())
        }
        FilesAction::Upload { .. } => ("uploads", applications.uploads.is_some()),
    };
    let diagnostic = Diagnostic::warning(
        "disabled-application",
        format!("`{}` needs the application `{name}`", action.kind),
    );
    (!on).then(|| {
        diagnostic
            .at(action.span.clone(), "it will fail")
            .help(format!(
                "set `spec.session.applications.{name}.enabled: true` in resources/workshop.yaml"
            ))
    })
}
