//! The pages of a classic workshop: `modules.yaml` and `workshop.yaml` (`instructions.md` section 4 and 6.4).

use std::collections::{BTreeMap, BTreeSet};

use serde_yaml::Value;

use super::config::{entries, parameter};
use super::files::Files;
use super::keys;
use super::yaml::{self, field, scalar};
use super::{CONTENT, Pages, front_matter, links, liquid, titles};
use crate::diagnostic::{Diagnostic, FileId, Source, Sources, Span};
use crate::page::{Page, PageId};
use crate::render::asciidoc;
use crate::workshop::Parameter;

/// No workshop has more texts in its instructions than these.
const MAX_INCLUDED: usize = 1000;

/// Finds the pages that are activated, in their order.
pub(super) fn pages(files: &mut Files, sources: &mut Sources) -> Pages {
    let mut pages = Pages::default();
    let mut modules: Vec<(String, Module)> = Vec::new();
    let mut variables: BTreeMap<String, Parameter> = BTreeMap::new();
    let mut list = None;
    if files.is_file(&files.layout.beside("config.js")) {
        files.diagnostics.push(
            Diagnostic::warning("unsupported-config", "workshop/config.js is not run")
                .help("say the same in workshop/modules.yaml and workshop/workshop.yaml"),
        );
    }
    if let Some(file) = read(files, "modules.yaml", sources) {
        list = Some(file);
        let found = yaml::documents(sources, file, "invalid-config", &mut files.diagnostics);
        if let Some(document) = found.first() {
            keys::misspelt(document, keys::MODULES, &mut files.diagnostics);
            modules = entries(document.get("modules"))
                .map(|(key, value)| (key, Module::new(value)))
                .collect();
            for item in document.list("config.vars", &mut files.diagnostics) {
                if let Some(found) = parameter(item, false) {
                    variables.insert(found.name.clone(), found);
                }
            }
        }
    }
    let mut keys: Option<Vec<String>> = None;
    if let Some(file) = read(files, "workshop.yaml", sources) {
        list = Some(file);
        let found = yaml::documents(sources, file, "invalid-config", &mut files.diagnostics);
        if let Some(document) = found.first() {
            keys::misspelt(document, keys::CLASSIC, &mut files.diagnostics);
            pages.title = document.text("name", &mut files.diagnostics);
            keys = Some(document.texts("modules.activate", &mut files.diagnostics));
            for (name, value) in entries(document.get("vars")) {
                let value = scalar(value).unwrap_or_default();
                variables
                    .entry(name.clone())
                    .or_insert_with(|| Parameter {
                        name,
                        value: String::new(),
                        aliases: Vec::new(),
                    })
                    .value = value;
            }
        }
    }
    let keys = keys.unwrap_or_else(|| modules.iter().map(|(key, _)| key.clone()).collect());
    for key in &keys {
        let module = modules.iter().find(|(known, _)| known == key);
        let module = module.map(|(_, module)| module.clone()).unwrap_or_default();
        if let Some(list) = list
            && !pages.listed.iter().any(|page: &Page| page.id.0 == *key)
        {
            let page = page(key, module, list, files, sources);
            pages.listed.push(page);
        }
    }
    read_included(files, sources);
    pages.parameters = variables.into_values().collect();
    pages.parameters.extend(environment(sources));
    pages
}

#[derive(Debug, Default, Clone)]
struct Module {
    name: Option<String>,
    exit_sign: Option<String>,
    exit_link: Option<String>,
}

impl Module {
    fn new(value: &Value) -> Self {
        Self {
            name: field(value, "name"),
            exit_sign: field(value, "exit_sign"),
            exit_link: field(value, "exit_link"),
        }
    }
}

fn read(files: &mut Files, name: &str, sources: &mut Sources) -> Option<FileId> {
    let path = files.layout.beside(name);
    files.is_file(&path).then(|| files.read(&path, sources))?
}

fn page(key: &str, module: Module, list: FileId, files: &mut Files, sources: &mut Sources) -> Page {
    let title = module.name.unwrap_or_else(|| titles::humanize(key));
    let mut page = Page {
        id: PageId(key.to_owned()),
        heading: Some(title.clone()),
        title,
        body: Span::new(list, 0..0),
        missing: false,
        problem: None,
        next_label: module.exit_sign,
        exit_link: module.exit_link,
    };
    let mut both = ["md", "adoc"]
        .map(|extension| files.layout.content.join(format!("{key}.{extension}")))
        .into_iter()
        .filter(|path| files.paths.contains(path))
        .map(camino::Utf8PathBuf::into_string);
    let (found, other) = (both.next(), both.next());
    if let Some(path) = other {
        files.diagnostics.push(Diagnostic::warning(
            "duplicate-page",
            format!("there are two pages `{key}`; {path} is not shown"),
        ));
    }
    let file = found.as_deref().and_then(|path| files.read(path, sources));
    match (file, found) {
        (Some(file), _) => {
            let text = sources.file(file).text();
            // The reference does not know headers; it shows them as a rule and a heading.
            let header = front_matter::read(text);
            let start = if header.problem.is_none() {
                header.body
            } else {
                0
            };
            page.body = Span::new(file, start..text.len());
        }
        (None, found) => {
            page.missing = true;
            page.problem = Some(match found {
                Some(path) => format!("{path} cannot be read"),
                None => format!("Page not found: {key}"),
            });
            let text = sources.file(list).text();
            let at = text.find(key).unwrap_or_default();
            files.diagnostics.push(
                Diagnostic::error("missing-page", format!("there is no page `{key}`")).at(
                    Span::new(list, at..(at + key.len()).min(text.len())),
                    "this step",
                ),
            );
        }
    }
    page
}

/// Reads what pages include, and what that includes, so that rendering needs no files. A name that only shows when a
/// page is played can be that of any text below the content folder.
fn read_included(files: &mut Files, sources: &mut Sources) {
    let mut seen: BTreeSet<String> = sources
        .iter()
        .map(|(_, source)| source.path().as_str().to_owned())
        .collect();
    let mut next = 0;
    while let Some(wanted) = includes(next, files, sources) {
        next += 1;
        for path in wanted {
            if seen.len() < MAX_INCLUDED
                && files.paths.contains(camino::Utf8Path::new(&path))
                && seen.insert(path.clone())
            {
                files.read(&path, sources);
            }
        }
    }
}

/// What the source of this number includes; nothing when there is no such source.
fn includes(number: usize, files: &Files, sources: &Sources) -> Option<Vec<String>> {
    let (_, source) = sources.iter().nth(number)?;
    let mut wanted = Vec::new();
    if source.path().starts_with(CONTENT) {
        let (named, computed) = liquid::included(source.text());
        let named = named.iter().filter_map(|name| links::inside(name));
        wanted.extend(named.map(|name| format!("{CONTENT}/{name}")));
        let folder = source
            .path()
            .parent()
            .and_then(|folder| folder.strip_prefix(CONTENT).ok());
        for name in asciidoc_includes(source) {
            let beside = folder.map_or("", camino::Utf8Path::as_str);
            wanted.push(format!("{CONTENT}/{}", asciidoc::join(beside, name)));
            wanted.push(format!("{CONTENT}/{}", asciidoc::join("", name)));
        }
        let texts = files.paths.iter().filter(|path| computed && is_text(path));
        wanted.extend(texts.map(ToString::to_string));
    }
    Some(wanted)
}

/// The targets of `include::target[]` lines.
fn asciidoc_includes(source: &Source) -> impl Iterator<Item = &str> {
    let is_asciidoc = super::is_asciidoc(source.path());
    let lines = source.text().lines().filter(move |_| is_asciidoc);
    lines.filter_map(|line| Some(line.strip_prefix("include::")?.split_once('[')?.0))
}

fn is_text(path: &camino::Utf8Path) -> bool {
    path.starts_with(CONTENT)
        && matches!(
            path.extension(),
            Some("liquid" | "md" | "adoc" | "asciidoc" | "html" | "txt")
        )
}

/// Every environment variable is known as `ENV_NAME`: those that pages ask for (`instructions.md` 6.2).
fn environment(sources: &Sources) -> Vec<Parameter> {
    let mut names = BTreeSet::new();
    for (_, source) in sources.iter() {
        for (at, _) in source.text().match_indices("ENV_") {
            let rest = &source.text()[at + 4..];
            let end = rest
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            names.insert(&rest[..end]);
        }
    }
    names.remove("");
    names
        .into_iter()
        .map(|name| Parameter {
            name: format!("ENV_{name}"),
            value: String::new(),
            aliases: vec![name.to_owned()],
        })
        .collect()
}
