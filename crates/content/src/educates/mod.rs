//! The Educates format: `resources/workshop.yaml`, `workshop/content`, shortcodes.
//!
//! A workshop is written for one of two renderers: *hugo* (front matter, `{{< shortcodes >}}`) or *classic*
//! (`modules.yaml` and `workshop.yaml`, `{{ variables }}`), see `instructions.md` section 2.

mod builtin;
mod classic;
mod config;
mod definition;
mod expand;
mod features;
mod files;
mod front_matter;
mod ingresses;
mod links;
mod lint;
mod liquid;
mod navigation;
mod order;
mod pairing;
mod selection;
mod shortcodes;
mod slides;
#[cfg(test)]
pub(crate) mod tests;
mod titles;
mod yaml;

use std::collections::BTreeSet;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use self::definition::Definition;
use self::files::Files;
use crate::diagnostic::{Diagnostic, Sources, Span};
use crate::load::{LoadError, Loaded};
use crate::page::{Page, PageId};
use crate::render::{Expanded, Expander, ImageTarget, LinkTarget};
use crate::variables::Variables;
use crate::workshop::{Parameter, Pathway, Workshop};

/// Where the instructions and session scripts are.
const WORKSHOP: &str = "workshop";
/// Where the pages are.
const CONTENT: &str = "workshop/content";
/// Files that are published at the root of the instructions.
const STATIC: &str = "workshop/static";
/// The slide deck.
const SLIDES: &str = "workshop/slides";

/// Loads a folder; nothing when it is no Educates workshop (`session.md` 16.1).
pub(crate) fn load(root: &Utf8Path, pathway: Option<&str>) -> Result<Option<Loaded>, LoadError> {
    let mut files = Files::open(root)?;
    let mut sources = Sources::default();
    for folder in [CONTENT, STATIC, SLIDES, "workshop/layouts", "resources"] {
        files.scan(folder);
    }
    let definition = definition::find(&mut files, &mut sources);
    let is_classic =
        files.is_file("workshop/workshop.yaml") || files.is_file("workshop/modules.yaml");
    let pages = if is_classic {
        classic::pages(&mut files, &mut sources)
    } else {
        navigation::pages(&mut files, &mut sources, pathway)
    };
    if definition.is_none() && pages.listed.is_empty() && pages.unlisted.is_empty() && !is_classic {
        return Ok(None);
    }
    let defined = definition.is_some();
    let definition = definition.unwrap_or_else(|| without_definition(&mut files, &sources));
    Ok(Some(assemble(
        root, files, sources, definition, pages, defined, is_classic,
    )))
}

/// The pages of a workshop and what came with them.
#[derive(Debug, Default)]
struct Pages {
    listed: Vec<Page>,
    unlisted: Vec<Page>,
    /// Heads the list of contents, where the pages' own configuration says so.
    title: Option<String>,
    pathway: String,
    pathways: Vec<Pathway>,
    parameters: Vec<Parameter>,
}

fn assemble(
    root: &Utf8Path,
    files: Files,
    sources: Sources,
    definition: Definition,
    pages: Pages,
    defined: bool,
    is_classic: bool,
) -> Loaded {
    let folder = folder_name(root);
    let name = slug(definition.name.as_deref().unwrap_or(&folder));
    let title = definition
        .title
        .filter(|title| !title.trim().is_empty())
        .unwrap_or_else(|| {
            if defined {
                "Workshop".to_owned()
            } else {
                folder
            }
        });
    let mut diagnostics = files.diagnostics;
    if pages.listed.is_empty() {
        diagnostics.push(Diagnostic::error(
            "no-pages",
            "the workshop has no pages in workshop/content",
        ));
    }
    report_layouts(&files.paths, &mut diagnostics);
    let mut missing_features = definition.missing_features;
    features::from_pages(&sources, &mut missing_features);
    let expander = Educates {
        is_classic,
        keys: pages
            .listed
            .iter()
            .chain(&pages.unlisted)
            .filter(|page| !page.missing)
            .map(|page| page.id.clone())
            .collect(),
        paths: files.paths,
    };
    let workshop = Workshop {
        root: root.to_owned(),
        name,
        contents_title: pages.title.unwrap_or_else(|| title.clone()),
        title,
        description: definition.description,
        about: definition.about,
        pages: pages.listed,
        unlisted: pages.unlisted,
        workshop_dir: WORKSHOP.into(),
        parameters: pages.parameters,
        pathway: pages.pathway,
        pathways: pages.pathways,
        applications: definition.applications,
        dashboards: definition.dashboards,
        ingresses: definition.ingresses,
        environment: definition.environment,
        files: definition.files,
        missing_features,
        sources,
        expander: Arc::new(expander),
    };
    Loaded {
        workshop,
        diagnostics,
    }
}

/// Templates other than shortcodes change how the whole site looks elsewhere (`instructions.md` 5.4).
fn report_layouts(paths: &BTreeSet<Utf8PathBuf>, diagnostics: &mut Vec<Diagnostic>) {
    let is_layout = |path: &&Utf8PathBuf| {
        path.starts_with("workshop/layouts")
            && !path.starts_with("workshop/layouts/shortcodes")
            && !path.starts_with("workshop/layouts/_shortcodes")
    };
    if let Some(first) = paths.iter().find(is_layout) {
        diagnostics.push(
            Diagnostic::warning(
                "unsupported-layout",
                format!("templates of the author's own, such as {first}, are not used"),
            )
            .help("pages look the same in every workshop here"),
        );
    }
}

/// What a folder without a definition is taken for (`session.md` 16.1).
fn without_definition(files: &mut Files, sources: &Sources) -> Definition {
    let mut definition = Definition::default();
    definition.applications.terminals = Some(crate::workshop::TerminalLayout::Split);
    definition.applications.editor = sources.iter().any(|(_, source)| {
        source.text().lines().any(|line| {
            let line = line.trim_start();
            line.trim_start_matches(['`', '~']).starts_with("editor:")
                && line.starts_with(['`', '~'])
        })
    });
    let mut aside = Sources::default();
    if files.is_file("README.md")
        && let Some(readme) = files.read("README.md", &mut aside)
    {
        definition.title = titles::first_heading(aside.file(readme).text()).title;
    }
    definition
}

fn folder_name(root: &Utf8Path) -> String {
    let named = |path: &Utf8Path| path.file_name().map(str::to_owned);
    named(root)
        .or_else(|| root.canonicalize_utf8().ok().and_then(|path| named(&path)))
        .unwrap_or_else(|| "workshop".to_owned())
}

/// Letters, digits and dashes.
fn slug(name: &str) -> String {
    let dashed: String = name
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    match dashed.trim_matches('-') {
        "" => "workshop".to_owned(),
        trimmed => trimmed.to_owned(),
    }
}

/// What pages of this format need to be rendered.
#[derive(Debug)]
struct Educates {
    is_classic: bool,
    keys: Vec<PageId>,
    /// Every file below `workshop/content`, `static`, `slides` and `layouts`.
    paths: BTreeSet<Utf8PathBuf>,
}

impl Expander for Educates {
    fn expand(&self, page: &Page, sources: &Sources, variables: &Variables) -> Expanded {
        let file = sources.file(page.file());
        let range = page.body.range.clone();
        if matches!(file.path().extension(), Some("adoc" | "asciidoc")) {
            return self.preformatted(page, file.text());
        }
        if self.is_classic {
            liquid::expand(file.text(), range, page.file(), variables)
        } else {
            expand::expand(self, file.text(), range, page.file(), variables)
        }
    }

    fn link(&self, page: &Page, target: &str, variables: &Variables) -> LinkTarget {
        links::Place::new(self, page, variables).link(target)
    }

    fn image(&self, page: &Page, target: &str, variables: &Variables) -> ImageTarget {
        links::Place::new(self, page, variables).image(target)
    }
}

impl Educates {
    fn preformatted(&self, page: &Page, text: &str) -> Expanded {
        let range = page.body.range.clone();
        let mut builder = crate::render::Builder::new(text, crate::render::Markup::Preformatted, 0);
        builder.copy(range.clone());
        builder.card("AsciiDoc pages are not played yet: this is the page's source".to_owned());
        builder.report(
            Diagnostic::warning("unsupported-asciidoc", "AsciiDoc pages are not played yet")
                .at(
                    Span::new(page.file(), range.start..range.start),
                    "shown as plain text",
                )
                .help("write the page in Markdown"),
        );
        builder.finish()
    }

    /// The page whose address this is: its key, however it is capitalised.
    fn page_at(&self, path: &str) -> Option<&PageId> {
        self.keys.iter().find(|key| key.0 == path).or_else(|| {
            self.keys
                .iter()
                .find(|key| key.0.eq_ignore_ascii_case(path))
        })
    }
}
