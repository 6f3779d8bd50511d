//! `resources/workshop.yaml` → what a session needs (`session.md` sections 7 to 11 and 16).

use serde_yaml::Value;

use super::files::Files;
use super::yaml::{Document, documents, field, scalar};
use super::{expansion, features, ingresses, keys, refused, selection, slides};
use crate::diagnostic::{Diagnostic, Sources, Span};
use crate::near::near;
use crate::workshop::{About, Applications, DashboardSpec, FileSelection, Ingress, TerminalLayout};

/// What the definition says.
#[derive(Debug, Default)]
pub(super) struct Definition {
    pub(super) name: Option<String>,
    pub(super) title: Option<String>,
    pub(super) description: String,
    pub(super) about: About,
    pub(super) applications: Applications,
    pub(super) dashboards: Vec<DashboardSpec>,
    pub(super) ingresses: Vec<Ingress>,
    pub(super) environment: Vec<(String, String)>,
    pub(super) generated: Vec<(String, String)>,
    pub(super) files: FileSelection,
    pub(super) inline_files: Vec<(camino::Utf8PathBuf, String)>,
    pub(super) as_json: Option<serde_json::Value>,
    pub(super) missing_features: Vec<String>,
    pub(super) compose: Option<serde_json::Value>,
}

/// Versions of the format that are known; they differ in nothing that matters here.
const VERSIONS: [&str; 5] = [
    "training.educates.dev/v1beta1",
    "training.eduk8s.io/v1alpha2",
    "training.eduk8s.io/v1alpha1",
    "learningcenter.tanzu.vmware.com/v1beta1",
    "learningcenter.tanzu.vmware.com/v1alpha1",
];

/// The API groups of workshop definitions; the last is that of a product which was built on the second.
pub(crate) const GROUPS: [&str; 3] = [
    "training.educates.dev/",
    "training.eduk8s.io/",
    "learningcenter.tanzu.vmware.com/",
];

/// Finds the definition: the first document of kind `Workshop` in `resources/`, `workshop.yaml` first.
pub(super) fn find(files: &mut Files, sources: &mut Sources) -> Option<Definition> {
    let mut candidates: Vec<String> = files
        .below("resources")
        .into_iter()
        .filter(|path| matches!(path.extension(), Some("yaml" | "yml")))
        .filter(|path| path.components().count() == 2)
        .map(String::from)
        .collect();
    candidates.sort_by_key(|path| path != "resources/workshop.yaml");
    // Other files of the folder concern whole catalogues; they count only where one of them is a definition.
    for path in candidates {
        let is_main = path == "resources/workshop.yaml";
        let mut scratch = Sources::default();
        let into = if is_main { &mut *sources } else { &mut scratch };
        let Some(file) = files.read(&path, into) else {
            continue;
        };
        if !is_main && !scratch.file(file).text().contains("kind: Workshop") {
            continue;
        }
        let file = if is_main {
            file
        } else {
            sources.add(path.as_str(), scratch.file(file).text())
        };
        let mut report = Vec::new();
        let found = documents(sources, file, "invalid-definition", &mut report);
        let definition = found.iter().find(|document| is_definition(document));
        if let Some(document) = definition {
            let read = read(document, files, &mut report);
            files.diagnostics.append(&mut report);
            return Some(read);
        }
        if is_main {
            if report.is_empty() {
                report.push(
                    Diagnostic::error("invalid-definition", format!("{path} defines no workshop"))
                        .at(
                            Span::new(file, 0..0),
                            "no document is a workshop's definition",
                        )
                        .help(format!(
                            "it needs `apiVersion: {}` and `kind: Workshop`",
                            VERSIONS[0]
                        )),
                );
            }
            files.diagnostics.append(&mut report);
        }
    }
    None
}

fn is_definition(document: &Document<'_>) -> bool {
    let text = |route| document.get(route).and_then(scalar).unwrap_or_default();
    let version = text("apiVersion");
    text("kind") == "Workshop" && GROUPS.iter().any(|group| version.starts_with(group))
}

fn read(document: &Document<'_>, files: &mut Files, report: &mut Vec<Diagnostic>) -> Definition {
    let version = document.text("apiVersion", report).unwrap_or_default();
    if !VERSIONS.contains(&version.as_str()) {
        report.push(
            Diagnostic::warning(
                "unknown-version",
                format!("`{version}` is not a known version of the format"),
            )
            .at(document.span("apiVersion"), "read as the newest one known")
            .help(format!("write `{}`", VERSIONS[0])),
        );
    }
    keys::misspelt(document, keys::DEFINITION, report);
    let name = document.text("metadata.name", report);
    refused::values(document, name.as_deref(), report);
    let mut missing_features = features::from_definition(document);
    let Values {
        environment,
        generated,
        asked,
    } = values(document, report);
    if !asked.is_empty() {
        missing_features.push(features::asked_values(&asked));
    }
    let inline_files = selection::inline(document, report);
    let files = selection::read(
        document,
        name.as_deref(),
        files,
        &mut missing_features,
        report,
    );
    let mut applications = applications(document, report);
    if applications.slides {
        applications.slide_kit = slides::kit(document, &mut missing_features);
    }
    let title = document.text("spec.title", report);
    let description = document
        .text("spec.description", report)
        .map(|text| text.trim().to_owned())
        .unwrap_or_default();
    let about = about(document, report);
    let dashboards = dashboards(document, report);
    let ingresses = ingresses::read(document, report);
    expansion::check(
        document,
        &environment,
        &generated,
        &dashboards,
        &ingresses,
        report,
    );
    Definition {
        title,
        description,
        about,
        applications,
        dashboards,
        ingresses,
        environment,
        generated,
        files,
        inline_files,
        as_json: serde_json::to_value(document.value()).ok(),
        missing_features,
        compose: compose(document),
        name,
    }
}

/// The containers that stand beside a session; none when Docker is off, or there are no services.
fn compose(document: &Document<'_>) -> Option<serde_json::Value> {
    let docker = "spec.session.applications.docker";
    let is_on = document.get(&format!("{docker}.enabled")) == Some(&serde_yaml::Value::Bool(true));
    if !is_on || !document.has(&format!("{docker}.compose.services")) {
        return None;
    }
    let written = document.get(&format!("{docker}.compose"))?;
    let mut kept = serde_json::Map::new();
    for name in ["services", "volumes"] {
        if let Some(value) = written.get(name) {
            // A key that is no text is nothing that Docker would take either.
            kept.insert(name.to_owned(), serde_json::to_value(value).ok()?);
        }
    }
    Some(serde_json::Value::Object(kept))
}

fn about(document: &Document<'_>, report: &mut Vec<Diagnostic>) -> About {
    let mut text = |route| document.text(route, report);
    About {
        vendor: text("spec.vendor"),
        url: text("spec.url"),
        difficulty: text("spec.difficulty"),
        duration: text("spec.duration"),
        version: text("spec.version"),
        image: text("spec.workshop.image")
            .or_else(|| document.get("spec.content.image").and_then(scalar)),
        authors: document.texts("spec.authors", report),
        tags: document.texts("spec.tags", report),
    }
}

/// The layouts of the terminals.
const LAYOUTS: [&str; 5] = ["default", "split", "split/2", "lower", "none"];

/// The name of a layout; one that nobody knows is told of, and read as the one that was meant.
fn known_layout(name: String, document: &Document<'_>, report: &mut Vec<Diagnostic>) -> String {
    if LAYOUTS.contains(&&*name) {
        return name;
    }
    let Some(near) = near(&name, LAYOUTS).filter(|_| !name.is_empty()) else {
        return name;
    };
    let route = "spec.session.applications.terminal.layout";
    let message = format!("there is no layout `{name}` of terminals");
    let place = document.find(&name, &format!("layout: {name}"));
    let place = place.unwrap_or_else(|| document.span(route));
    report.push(
        Diagnostic::warning("invalid-definition", message)
            .at(place, format!("read as `{}`", near.name))
            .did_you_mean(near, &name),
    );
    near.name.to_owned()
}

/// `session.md` section 8: `enabled` must be a boolean; anything else is the default.
fn applications(document: &Document<'_>, report: &mut Vec<Diagnostic>) -> Applications {
    let mut on = |name: &str, default| {
        document.flag(
            &format!("spec.session.applications.{name}.enabled"),
            default,
            report,
        )
    };
    let terminal = on("terminal", true);
    let [editor, examiner, slides, docker] =
        ["editor", "examiner", "slides", "docker"].map(|name| on(name, false));
    let [files, uploads] = ["files", "uploads"].map(|name| on(name, false));
    let unavailable = [
        ("console", "Console"),
        ("registry", "Registry"),
        ("git", "Git"),
        ("vcluster", "Virtual cluster"),
    ]
    .into_iter()
    .filter(|(name, _)| on(name, false))
    .map(|(_, title)| title.to_owned())
    .collect();
    let layout = document.text("spec.session.applications.terminal.layout", report);
    let layout = layout.map(|name| known_layout(name, document, report));
    let mut text = |route| document.text(route, report);
    let panel = text("spec.session.applications.workshop.layout");
    Applications {
        terminals: terminal.then_some(match layout.as_deref() {
            Some("split") => TerminalLayout::Split,
            Some("split/2") => TerminalLayout::SplitTwo,
            Some("none") => TerminalLayout::Hidden,
            _ => TerminalLayout::One,
        }),
        editor,
        examiner,
        files: files.then(|| home_path(text("spec.session.applications.files.directory"), "")),
        uploads: uploads.then(|| {
            home_path(
                text("spec.session.applications.uploads.directory"),
                "uploads",
            )
        }),
        instructions_tab: panel.as_deref() == Some("tab"),
        slides,
        slide_kit: None,
        docker,
        unavailable,
    }
}

/// A directory below the home; steps out of it are dropped (`session.md` 13.1 and 13.2).
fn home_path(written: Option<String>, default: &str) -> camino::Utf8PathBuf {
    let written = written.unwrap_or_else(|| default.to_owned());
    // The home as the reference spells it out.
    let written = written
        .strip_prefix("/home/eduk8s")
        .filter(|rest| rest.is_empty() || rest.starts_with('/'))
        .unwrap_or(&written);
    written
        .split('/')
        .filter(|part| !matches!(*part, "" | "." | ".." | "~"))
        .collect()
}

fn dashboards(document: &Document<'_>, report: &mut Vec<Diagnostic>) -> Vec<DashboardSpec> {
    let items = document.list("spec.session.dashboards", report);
    items
        .iter()
        .filter_map(|item| {
            Some(DashboardSpec {
                name: field(item, "name")?,
                url: field(item, "url").unwrap_or_default(),
            })
        })
        .collect()
}

/// Values of the definition for the session's environment.
struct Values {
    /// In file order, what a portal would ask for first.
    environment: Vec<(String, String)>,
    /// Names and the expressions that they are made from.
    generated: Vec<(String, String)>,
    /// Names of what only a portal can provide.
    asked: Vec<String>,
}

fn values(document: &Document<'_>, report: &mut Vec<Diagnostic>) -> Values {
    let mut values = Values {
        environment: Vec::new(),
        generated: Vec::new(),
        asked: Vec::new(),
    };
    for item in document.list("spec.request.parameters", report) {
        let Some(name) = field(item, "name") else {
            continue;
        };
        if let Some(value) = field(item, "value") {
            values.environment.push((name, value));
        } else if field(item, "generate").as_deref() == Some("expression")
            && let Some(expression) = field(item, "from")
        {
            values.generated.push((name, expression));
        } else {
            values.asked.push(name);
        }
    }
    for item in document.list("spec.session.env", report) {
        let Some(name) = field(item, "name") else {
            continue;
        };
        if let Some(Value::Number(_) | Value::Bool(_)) = item.get("value") {
            let message = format!("the value of `{name}` is not text");
            report.push(
                Diagnostic::warning("unquoted-scalar", message)
                    .at(
                        document.span("spec.session.env"),
                        "read as text here; a cluster refuses it",
                    )
                    .help("put it in quotes"),
            );
        }
        match item.get("valueFrom") {
            None => values
                .environment
                .push((name, field(item, "value").unwrap_or_default())),
            Some(_) => values.asked.push(name),
        }
    }
    values
}
