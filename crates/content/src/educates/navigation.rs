//! The pages of a hugo workshop: which files are pages, their order and their titles (`instructions.md` section 3).

mod faults;

use std::collections::{HashMap, HashSet};

use camino::{Utf8Path, Utf8PathBuf};

use super::Pages;
use super::config::{self, Config, Wanted};
use super::files::Files;
use super::front_matter::{self, FrontMatter};
use super::layout::Layout;
use super::order::{self, Ranked};
use super::titles::{self, FirstHeading};
use crate::diagnostic::{Diagnostic, FileId, Sources, Span};
use crate::page::{Page, PageId};

/// A file that is a page.
struct File {
    key: String,
    id: FileId,
    length: usize,
    header: FrontMatter,
    heading: FirstHeading,
    /// Out of place: a lone README in a folder without other pages (`session.md` 16.2).
    stray: bool,
    /// Why there is nothing to show.
    unreadable: Option<String>,
}

/// Finds the pages and puts them in order.
pub(super) fn pages(files: &mut Files, sources: &mut Sources, wanted: Wanted<'_>) -> Pages {
    let mut config = config::read(files, sources, wanted);
    let mut found = read(files, sources);
    sort(&mut found);
    let keys: HashSet<&str> = found.iter().map(|file| file.key.as_str()).collect();
    for step in &mut config.steps {
        if let Some(key) = written_as_file(step, &keys) {
            *step = key;
        }
    }
    for pathway in &mut config.pathways {
        for step in &mut pathway.steps {
            if let Some(key) = written_as_file(&step.0, &keys) {
                step.0 = key;
            }
        }
        if pathway.steps.is_empty() {
            // Without steps it leads through all pages.
            let all = found.iter().map(|file| PageId(file.key.clone()));
            pathway.steps = all.collect();
            pathway.pages = found.len();
        }
    }
    let mut pages = Pages {
        title: config.title.clone(),
        pathway: config.pathway.clone(),
        pathways: config.pathways.clone(),
        parameters: config.parameters.clone(),
        ..Pages::default()
    };
    if config.steps.is_empty() {
        unused_activation(&config, &found, sources, &mut files.diagnostics);
        pages.listed = found.iter().map(|file| page(file, &config)).collect();
    }
    let by_key: HashMap<&str, &File> = found.iter().map(|file| (file.key.as_str(), file)).collect();
    let mut taken = HashSet::new();
    for step in &config.steps {
        if !taken.insert(step.as_str()) {
            continue;
        }
        pages.listed.push(match by_key.get(step.as_str()) {
            Some(file) => page(file, &config),
            None => missing(step, &config, &by_key, sources, &mut files.diagnostics),
        });
    }
    if !config.steps.is_empty() {
        pages.unlisted = found
            .iter()
            .filter(|file| !taken.contains(file.key.as_str()))
            .map(|file| page(file, &config))
            .collect();
    }
    faults::unknown_modules(&config, &by_key, sources, &mut files.diagnostics);
    files
        .diagnostics
        .extend(faults::left_out(&found, &config, sources));
    for file in &found {
        let text = sources.file(file.id).text();
        files
            .diagnostics
            .extend(faults::untitled(file, &found, &config, text));
        files.diagnostics.extend(faults::unplayed_title(file, text));
    }
    // A step of a pathway that was not taken is no page here, but wrong all the same.
    let keys = by_key.keys().copied().collect();
    for step in &config.other_steps {
        let known = by_key.contains_key(step.as_str()) || written_as_file(step, &keys).is_some();
        if !known && taken.insert(step.as_str()) {
            missing(step, &config, &by_key, sources, &mut files.diagnostics);
        }
    }
    pages
}

/// The key behind a step that is written as the page's file or address: `01-intro.md`, `/01-intro/`.
fn written_as_file(step: &str, keys: &HashSet<&str>) -> Option<String> {
    if keys.contains(step) {
        return None;
    }
    let path = step.trim_start_matches("./").trim_matches('/');
    let path = path.strip_suffix(".md").unwrap_or(path);
    let path = path.strip_suffix("/index").unwrap_or(path);
    let path = path
        .strip_prefix("content/")
        .filter(|_| !keys.contains(path))
        .unwrap_or(path);
    keys.contains(path).then(|| path.to_owned())
}

/// `modules.activate` orders the pages of classic workshops only; in `config.yaml` nothing comes of it.
fn unused_activation(
    config: &Config,
    found: &[File],
    sources: &Sources,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(file) = config.file else { return };
    let shown = found.iter().map(|file| file.key.as_str());
    if config.activated.is_empty() || shown.eq(config.activated.iter().map(String::as_str)) {
        return;
    }
    let at = sources
        .file(file)
        .text()
        .find("activate")
        .unwrap_or_default();
    diagnostics.push(
        Diagnostic::warning(
            "ignored-config",
            "the order of `modules.activate` is not used: pages follow their names",
        )
        .at(
            Span::new(file, at..at + "activate".len()),
            "has no effect in config.yaml",
        )
        .help("list the pages as `steps` of a pathway"),
    );
}

fn read(files: &mut Files, sources: &mut Sources) -> Vec<File> {
    let mut found: Vec<File> = Vec::new();
    let mut keys = HashSet::new();
    for (key, path) in candidates(files) {
        if !keys.insert(key.clone()) {
            files.diagnostics.push(Diagnostic::warning(
                "duplicate-page",
                format!("there are two pages `{key}`; {path} is not shown"),
            ));
            continue;
        }
        let (id, unreadable) = match files.read(path.as_str(), sources) {
            Some(id) => (id, None),
            // The page keeps its place: the card says what the diagnostic says.
            None => {
                let reason = files.diagnostics.last().map(|found| found.message.clone());
                (sources.add(path.as_str(), ""), reason)
            }
        };
        let text = sources.file(id).text();
        let header = front_matter::read(text);
        if header.draft {
            continue;
        }
        if let Some((reason, range)) = &header.problem {
            files.diagnostics.push(
                Diagnostic::error("invalid-front-matter", "the page's header cannot be read")
                    .at(Span::new(id, range.clone()), reason.clone()),
            );
        }
        for (key, meant) in &header.misspelt {
            let Some(at) = text[..header.body].find(key.as_str()) else {
                continue;
            };
            files.diagnostics.push(
                Diagnostic::warning("unknown-key", format!("there is no key `{key}` here"))
                    .at(Span::new(id, at..at + key.len()), "has no effect")
                    .help(format!("did you mean `{meant}`?")),
            );
        }
        let heading = titles::first_heading(&text[header.body..]);
        found.push(File {
            stray: false,
            unreadable,
            length: text.len(),
            key,
            id,
            header,
            heading,
        });
    }
    mark_strays(&mut found, &mut files.diagnostics);
    found
}

/// The files of the content folder that are pages, with their keys.
fn candidates(files: &mut Files) -> Vec<(String, Utf8PathBuf)> {
    let layout = files.layout.clone();
    let all = files.below(&layout.content);
    let is_page = |path: &Utf8Path| {
        matches!(
            path.extension(),
            Some("md" | "markdown" | "adoc" | "asciidoc")
        )
    };
    let bundles: HashSet<&Utf8Path> = all
        .iter()
        .filter(|path| is_page(path) && path.file_stem() == Some("index"))
        .filter_map(|path| path.parent())
        .filter(|folder| *folder != layout.content)
        .collect();
    let mut found = Vec::new();
    for path in &all {
        if path.extension() == Some("html")
            && !bundles.iter().any(|bundle| path.starts_with(bundle))
        {
            files.diagnostics.push(
                Diagnostic::warning("unsupported-page", format!("{path} is not shown as a page"))
                    .help("write pages in Markdown; put files for download in workshop/static"),
            );
        }
        if !is_page(path) && files.is_mistaken_page(path) {
            let message = format!("{path} is not shown as a page");
            let meant = path.with_extension("md");
            files.diagnostics.push(
                Diagnostic::warning("unsupported-page", message)
                    .help(format!("it begins as a page does: name it {meant}")),
            );
        }
        if !is_page(path) || path.file_stem() == Some("_index") {
            continue;
        }
        if layout == Layout::pages_only() && is_about(path) {
            continue;
        }
        let relative = path.strip_prefix(&layout.content).unwrap_or(path);
        let is_index = path.file_stem() == Some("index");
        let bundle = path.ancestors().skip(1).find(|folder| {
            bundles.contains(folder) && !(is_index && Some(*folder) == path.parent())
        });
        if let Some(bundle) = bundle {
            files.diagnostics.push(
                Diagnostic::warning(
                    "page-in-bundle",
                    format!("{path} is not a page: {bundle}/index.md makes the folder one page"),
                )
                .help("rename index.md, or move the file out of the folder"),
            );
            continue;
        }
        let key = match relative.parent() {
            Some(folder) if is_index && !folder.as_str().is_empty() => folder.to_string(),
            _ => relative.with_extension("").to_string(),
        };
        if is_index && key == "index" {
            files.diagnostics.push(
                Diagnostic::warning(
                    "root-index",
                    "an index.md in the content folder hides all other pages elsewhere",
                )
                .help("give the page another name"),
            );
        }
        found.push((key, path.clone()));
    }
    found
}

/// Files that repositories have beside their pages.
fn is_about(path: &Utf8Path) -> bool {
    let names = [
        "readme",
        "license",
        "licence",
        "contributing",
        "changelog",
        "notice",
    ];
    let stem = path.file_stem().unwrap_or_default().to_ascii_lowercase();
    path.components().count() == 1 && names.contains(&stem.as_str())
}

fn mark_strays(found: &mut [File], diagnostics: &mut Vec<Diagnostic>) {
    let mut neighbours: HashMap<String, usize> = HashMap::new();
    for file in &*found {
        if let Some((folder, _)) = file.key.rsplit_once('/') {
            *neighbours.entry(folder.to_owned()).or_default() += 1;
        }
    }
    for file in found {
        let Some((folder, name)) = file.key.rsplit_once('/') else {
            continue;
        };
        if name.eq_ignore_ascii_case("readme") && neighbours.get(folder) == Some(&1) {
            file.stray = true;
            diagnostics.push(
                Diagnostic::warning(
                    "stray-page",
                    format!("`{}` is a page of the workshop", file.key),
                )
                .at(Span::new(file.id, 0..0), "found in the content folder")
                .help("move the file out of workshop/content if the learner is not to read it"),
            );
        }
    }
}

fn sort(found: &mut [File]) {
    let weighted = found.iter().any(|file| file.header.weight != 0);
    found.sort_by(|a, b| {
        a.stray
            .cmp(&b.stray)
            .then_with(|| order::compare(&ranked(a), &ranked(b), weighted))
    });
}

fn ranked(file: &File) -> Ranked<'_> {
    Ranked {
        key: &file.key,
        title: file.header.title.as_deref().unwrap_or_default(),
        weight: file.header.weight,
        date: file.header.date.as_deref(),
    }
}

/// Titles by the precedence of `instructions.md` 3.4.
fn page(file: &File, config: &Config) -> Page {
    let given = config
        .modules
        .get(&file.key)
        .or(file.header.title.as_ref())
        .or_else(|| config.titles.get(&file.key));
    Page {
        id: PageId(file.key.clone()),
        title: given
            .or(file.heading.title.as_ref())
            .cloned()
            .unwrap_or_else(|| titles::humanize_unnumbered(&file.key)),
        heading: given.filter(|_| !file.heading.leads).cloned(),
        body: Span::new(file.id, file.header.body..file.length),
        missing: file.unreadable.is_some(),
        problem: file.unreadable.clone().or_else(|| {
            let (reason, _) = file.header.problem.as_ref()?;
            Some(format!("The header of this page cannot be read: {reason}"))
        }),
        next_label: config.exit_signs.get(&file.key).cloned(),
        exit_link: None,
    }
}

/// A step without a page: it stays in the navigation (`instructions.md` 3.3).
fn missing(
    step: &str,
    config: &Config,
    known: &HashMap<&str, &File>,
    sources: &Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Page {
    // Steps exist only in a file that was read.
    let file = config.file.expect("a step comes from config.yaml");
    let text = sources.file(file).text();
    let steps = text.find("steps:").unwrap_or_default();
    let at = text[steps..].find(step).map_or(0, |at| steps + at);
    let mut diagnostic = Diagnostic::error("missing-page", format!("there is no page `{step}`"))
        .at(Span::new(file, at..at + step.len()), "this step");
    if let Some(close) = super::builtin::closest(step, known.keys().copied()) {
        diagnostic = diagnostic.help(format!("did you mean `{close}`?"));
    }
    diagnostics.push(diagnostic);
    let given = config.modules.get(step).or_else(|| config.titles.get(step));
    Page {
        id: PageId(step.to_owned()),
        title: given.cloned().unwrap_or_else(|| step.to_owned()),
        heading: given.cloned(),
        body: Span::new(file, 0..0),
        missing: true,
        problem: Some(format!("Page not found: {step}")),
        next_label: None,
        exit_link: None,
    }
}
