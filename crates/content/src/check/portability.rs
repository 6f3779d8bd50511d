//! What of a workshop works only here, or only in a cluster: nothing is wrong with it.

use crate::diagnostic::{Diagnostic, Span};
use crate::workshop::Workshop;

/// Languages of code blocks that are drawn here and shown as code by Educates.
const DRAWN: [(&str, &str); 2] = [("mermaid", "a diagram"), ("math", "a formula")];

/// Notes on what Educates shows or does differently, and on what only a cluster has.
pub fn portability(workshop: &Workshop) -> Vec<Diagnostic> {
    let mut notes = Vec::new();
    for (file, source) in workshop.sources.iter() {
        if source.path() == workshop.workshop_dir.join("requirements.yaml") {
            notes.push(
                Diagnostic::note(
                    "only-in-atelier",
                    "Educates does not read which programs a workshop needs",
                )
                .at(
                    Span::new(file, 0..source.text().find('\n').unwrap_or(0)),
                    "",
                )
                .help("its image must bring these programs"),
            );
        }
    }
    for page in workshop.pages.iter().chain(&workshop.unlisted) {
        let text = workshop.sources.file(page.body.file).text();
        let Some(body) = text.get(page.body.range.clone()) else {
            continue;
        };
        let mut at = page.body.range.start;
        for line in body.split_inclusive('\n') {
            let inner = line.trim();
            let language = inner.trim_start_matches(['`', '~', '>', ' ']);
            let is_fence = inner.contains("```") || inner.contains("~~~");
            let drawn = DRAWN.iter().find(|(name, _)| is_fence && language == *name);
            if let Some((name, what)) = drawn {
                let start = at + (line.len() - line.trim_start().len());
                let message =
                    format!("only Atelier draws a block of the language `{name}` as {what}");
                notes.push(
                    Diagnostic::note("only-in-atelier", message)
                        .at(
                            Span::new(page.body.file, start..start + inner.len()),
                            "shown as code elsewhere",
                        )
                        .help("add an image where the workshop is to look the same everywhere"),
                );
            }
            at += line.len();
        }
    }
    notes.extend(
        workshop
            .missing_features
            .iter()
            .map(|sentence| Diagnostic::note("only-in-cluster", sentence.clone())),
    );
    notes
}
