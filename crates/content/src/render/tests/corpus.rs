//! The workshops of the field.

use crate::educates::tests::report;
use crate::{Variables, render};

/// The workshops of the field, where they are at hand.
#[test]
fn the_corpus_renders() {
    let corpus = camino::Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let Ok(entries) = corpus.read_dir_utf8() else {
        #[allow(clippy::print_stderr, reason = "a skipped test says so")]
        {
            eprintln!("skipped: there is no folder {corpus}");
        }
        return;
    };
    let mut out = String::new();
    let mut folders: Vec<_> = entries
        .flatten()
        .map(|entry| entry.path().to_owned())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    for path in folders {
        let loaded = crate::load(&path).unwrap();
        let workshop = &loaded.workshop;
        let variables = Variables::for_preview(workshop);
        let mut found = loaded.diagnostics.clone();
        for page in &workshop.pages {
            let rendered = render(workshop, page, &variables);
            assert!(!rendered.html.trim().is_empty(), "{}", page.id);
            found.extend(rendered.diagnostics);
        }
        // What the actions' own readers find is their tests' business.
        found
            .retain(|found| EXPECTED_KINDS.contains(&found.code) || found.code.contains("section"));
        out.push_str(&report(&workshop.sources, &found));
    }
    insta::assert_snapshot!(out, @r"
    warning[broken-link] workshop/content/exercises/01-sample-content.md:69:1: the link has no address (leads nowhere)
    warning[broken-link] workshop/content/exercises/01-sample-content.md:73:1: there is no page and no file `/#/overview?namespace=workshop` (leads nowhere)
    error[unknown-shortcode] workshop/content/00-workshop-overview.md:9:1: there is no shortcode `registry-unavailable` (not known)
    error[unknown-shortcode] workshop/content/02-creating-images/08-sharing-images.md:11:1: there is no shortcode `registry-available` (not known)
    error[unknown-shortcode] workshop/content/02-creating-images/08-sharing-images.md:39:1: there is no shortcode `registry-unavailable` (not known)
    error[unknown-shortcode] workshop/content/02-creating-images/09-deleting-images.md:19:1: there is no shortcode `registry-available` (not known)
    warning[missing-image] workshop/content/01-workshop-instructions/index.md:12:1: there is no image `workshop-dashboard.png` (shown as a box) = correct the path, or put the image into `workshop/static`
    ");
}

/// Findings of loading and rendering; one that is not listed here belongs to an action.
const EXPECTED_KINDS: [&str; 31] = [
    "broken-link",
    "classic-variable",
    "copy-without-code",
    "duplicate-key",
    "duplicate-page",
    "file-too-large",
    "image-location",
    "invalid-config",
    "invalid-definition",
    "invalid-front-matter",
    "invalid-shortcode",
    "invalid-utf8",
    "missing-image",
    "missing-page",
    "nested-too-deep",
    "no-pages",
    "outside-folder",
    "page-in-bundle",
    "raw-html",
    "shadowed-variable",
    "shortcode-delimiters",
    "stray-page",
    "stray-shortcode-end",
    "unclosed-liquid",
    "unclosed-shortcode",
    "undefined-variable",
    "unknown-shortcode",
    "unreadable-file",
    "unsafe-link",
    "unsupported-asciidoc",
    "unsupported-liquid",
];
