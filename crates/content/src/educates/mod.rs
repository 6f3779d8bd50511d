//! The Educates format: `resources/workshop.yaml`, `workshop/content`, shortcodes.
//!
//! A workshop is written for one of two renderers: *hugo* (front matter, `{{< shortcodes >}}`) or *classic*
//! (`modules.yaml` and `workshop.yaml`, `{{ variables }}`), see `instructions.md` section 2.

mod builtin;
mod classic;
mod config;
mod custom;
mod definition;
mod expand;
mod expansion;
mod features;
mod files;
mod front_matter;
mod ingresses;
mod keys;
mod layout;
mod links;
mod lint;
mod liquid;
mod navigation;
mod order;
mod pairing;
mod refused;
mod requirements;
mod selection;
mod session_scripts;
mod shortcode_templates;
mod shortcodes;
mod slides;
mod supervisor;
mod template;
#[cfg(test)]
pub(crate) mod tests;
mod titles;
mod values;
mod yaml;

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use self::config::Wanted;
use self::definition::Definition;
pub(crate) use self::definition::GROUPS;
use self::files::Files;
use self::layout::Layout;
use self::template::Templates;
use crate::diagnostic::{Diagnostic, Sources};
use crate::load::{LoadError, Loaded};
use crate::page::{Page, PageId};
use crate::programs::ProgramSpec;
use crate::render::{
    Builder, Dialect, Expanded, Expander, ImageTarget, Includes, LinkTarget, Markup,
};
use crate::variables::Variables;
use crate::workshop::{Parameter, Pathway, Workshop};

/// Where the instructions and session scripts are.
const WORKSHOP: &str = "workshop";
/// Where the pages are.
const CONTENT: &str = "workshop/content";

/// Loads a folder; nothing when it is no Educates workshop (`session.md` 16.1).
pub(crate) fn load(root: &Utf8Path, pathway: Option<&str>) -> Result<Option<Loaded>, LoadError> {
    load_as(root, pathway, Layout::repository())
}

/// Loads a folder of pages that is no repository: the inside of a `workshop` folder, or nothing but pages with actions.
pub(crate) fn load_loose(
    root: &Utf8Path,
    pathway: Option<&str>,
) -> Result<Option<Loaded>, LoadError> {
    // Any folder of notes has Markdown in it: only actions make it a workshop.
    let is_workshop = |loaded: &Loaded| {
        let pages = loaded.workshop.pages.iter();
        let mut texts = pages.map(|page| loaded.workshop.sources.file(page.file()).text());
        texts.any(has_action)
    };
    for layout in [Layout::workshop_folder(), Layout::pages_only()] {
        let loaded = load_as(root, pathway, layout)?;
        if let Some(loaded) = loaded.filter(is_workshop) {
            return Ok(Some(loaded));
        }
    }
    Ok(None)
}

/// Whether a page has the fence of an action.
fn has_action(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start();
        let info = line.trim_start_matches(['`', '~']);
        line.len() >= info.len() + 3
            && [
                "terminal:",
                "editor:",
                "examiner:",
                "dashboard:",
                "section:",
                "files:",
                "workshop:",
            ]
            .iter()
            .any(|family| info.trim_start().starts_with(family))
    })
}

fn load_as(
    root: &Utf8Path,
    pathway: Option<&str>,
    layout: Layout,
) -> Result<Option<Loaded>, LoadError> {
    let mut files = Files::open(root, layout.clone())?;
    let mut sources = Sources::default();
    for folder in [
        layout.content.clone(),
        layout.statics(),
        layout.slides(),
        layout.templates(),
        "resources".into(),
    ] {
        files.scan(folder);
    }
    let definition = definition::find(&mut files, &mut sources);
    let is_classic = ["workshop.yaml", "modules.yaml"]
        .iter()
        .any(|name| files.is_file(&layout.beside(name)));
    let pages = if is_classic {
        classic::pages(&mut files, &mut sources)
    } else {
        let environment = definition.iter().flat_map(|found| &found.environment);
        let defined = environment
            .filter(|(name, _)| name == "PATHWAY_NAME")
            .map(|(_, value)| value.as_str())
            .next_back();
        let wanted = Wanted {
            chosen: pathway,
            defined,
        };
        navigation::pages(&mut files, &mut sources, wanted)
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
    mut files: Files,
    mut sources: Sources,
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
    let templates = if is_classic {
        Templates::new()
    } else {
        shortcode_templates::templates(&mut files, &mut sources)
    };
    let programs = supervisor::programs(&mut files, &mut sources);
    session_scripts::read(&mut files, &mut sources);
    let requirements = requirements::read(&mut files, &mut sources);
    let mut diagnostics = files.diagnostics;
    if pages.listed.is_empty() {
        diagnostics.push(Diagnostic::error(
            "no-pages",
            "the workshop has no pages in workshop/content",
        ));
    }
    let layout = files.layout;
    report_layouts(&layout, &files.paths, &mut diagnostics);
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
        layout: layout.clone(),
        templates,
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
        workshop_dir: layout.workshop.clone(),
        parameters: pages.parameters,
        pathway: pages.pathway,
        pathways: pages.pathways,
        applications: definition.applications,
        dashboards: definition.dashboards,
        ingresses: definition.ingresses,
        environment: definition.environment,
        generated: definition.generated,
        inline_files: definition.inline_files,
        definition: definition.as_json,
        programs,
        files: definition.files,
        missing_features: definition.missing_features,
        compose: definition.compose,
        requirements,
        sources,
        expander: Arc::new(expander),
    };
    Loaded {
        workshop,
        diagnostics,
    }
}

/// Templates other than shortcodes change how the whole site looks elsewhere (`instructions.md` 5.4).
fn report_layouts(
    layout: &Layout,
    paths: &BTreeSet<Utf8PathBuf>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let templates = layout.templates();
    let is_layout = |path: &&Utf8PathBuf| {
        path.starts_with(&templates)
            && !path.starts_with(templates.join("shortcodes"))
            && !path.starts_with(templates.join("_shortcodes"))
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

/// The programs of these files, given by path and text: those of a later file take the place of earlier ones. `%(here)s` is
/// the folder of each file. What its author should fix is found by [`crate::check`].
pub fn supervisor_programs<'t>(
    files: impl IntoIterator<Item = (&'t Utf8Path, &'t str)>,
) -> Vec<ProgramSpec> {
    let mut all = Vec::new();
    for (path, text) in files {
        let mut sources = Sources::default();
        let file = sources.add(path, text);
        let here = path.parent().map_or("", Utf8Path::as_str);
        let (read, _) = supervisor::read(file, sources.file(file).text(), here);
        supervisor::add(&mut all, read);
    }
    all
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

/// Whether a file is written in AsciiDoc.
fn is_asciidoc(path: &Utf8Path) -> bool {
    matches!(path.extension(), Some("adoc" | "asciidoc"))
}

/// The texts below the content folder, for a page that includes some.
fn asciidoc_includes(text: &str, page: &Page, sources: &Sources) -> Includes {
    let mut includes = Includes::default();
    if text.contains("include::") {
        let path = sources.file(page.file()).path();
        let relative = |path: &Utf8Path| path.strip_prefix(CONTENT).ok().map(ToString::to_string);
        let folder = path.parent().and_then(relative);
        includes.folder = folder.unwrap_or_default();
        for (_, source) in sources.iter() {
            if let Some(path) = relative(source.path()) {
                includes.files.insert(path, source.text().to_owned());
            }
        }
    }
    includes
}

/// What pages of this format need to be rendered.
#[derive(Debug)]
struct Educates {
    is_classic: bool,
    keys: Vec<PageId>,
    layout: Layout,
    templates: Templates,
    /// Every file below `workshop/content`, `static`, `slides` and `layouts`.
    paths: BTreeSet<Utf8PathBuf>,
}

impl Expander for Educates {
    fn expand(&self, page: &Page, sources: &Sources, variables: &Variables) -> Expanded {
        let file = sources.file(page.file());
        let range = page.body.range.clone();
        if is_asciidoc(file.path()) {
            let mut expanded = if self.is_classic {
                liquid::expand(page, sources, Markup::AsciiDoc, variables)
            } else {
                let mut builder = Builder::new(file.text(), Markup::AsciiDoc, 0);
                builder.copy(range);
                builder.finish()
            };
            expanded.includes = asciidoc_includes(&expanded.text, page, sources);
            return expanded;
        }
        if self.is_classic {
            let markup = Markup::Markdown(Dialect::CLASSIC);
            liquid::expand(page, sources, markup, variables)
        } else {
            expand::expand(self, file.text(), range, page, variables)
        }
    }

    fn link(&self, page: &Page, target: &str, variables: &Variables) -> LinkTarget {
        links::Place::new(self, page, variables).link(target)
    }

    fn image(&self, page: &Page, target: &str, variables: &Variables) -> ImageTarget {
        links::Place::new(self, page, variables).image(target)
    }

    fn digest(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.is_classic.hash(&mut hasher);
        self.keys.hash(&mut hasher);
        self.paths.hash(&mut hasher);
        // The templates themselves are sources, which whoever asks looks at beside this.
        format!("{:?}", self.layout).hash(&mut hasher);
        hasher.finish()
    }
}

impl Educates {
    /// The page whose address this is: its key, however it is capitalised.
    fn page_at(&self, path: &str) -> Option<&PageId> {
        self.keys.iter().find(|key| key.0 == path).or_else(|| {
            self.keys
                .iter()
                .find(|key| key.0.eq_ignore_ascii_case(path))
        })
    }
}
