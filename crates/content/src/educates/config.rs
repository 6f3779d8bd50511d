//! `workshop/config.yaml`: pathways, titles and variables of a hugo workshop (`instructions.md` 3.3 and 6.3).

use std::collections::HashMap;

use serde_yaml::Value;

use super::files::Files;
use super::keys;
use super::yaml::{self, field, scalar};
use crate::diagnostic::{Diagnostic, FileId, Sources, Span};
use crate::page::PageId;
use crate::variables;
use crate::workshop::{Parameter, Pathway};

/// What the file says.
#[derive(Debug, Default)]
pub(super) struct Config {
    pub(super) file: Option<FileId>,
    /// The pathway that was taken: its name, and its page keys.
    pub(super) pathway: String,
    pub(super) steps: Vec<String>,
    /// Its title, where it has one.
    pub(super) title: Option<String>,
    pub(super) pathways: Vec<Pathway>,
    /// The steps of the pathways that were not taken, each page once.
    pub(super) other_steps: Vec<String>,
    /// `pathways.modules`: beats a page's own title.
    pub(super) modules: HashMap<String, String>,
    /// The top-level `modules` list: stands in for a page's own title.
    pub(super) titles: HashMap<String, String>,
    /// Labels of the button that leads on, as classic workshops have them.
    pub(super) exit_signs: HashMap<String, String>,
    pub(super) parameters: Vec<Parameter>,
    /// `modules.activate`, which only classic workshops have: nothing comes of it here.
    pub(super) activated: Vec<String>,
}

/// Which pathway is to be taken.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// The learner's choice.
    pub(super) chosen: Option<&'a str>,
    /// `PATHWAY_NAME` of the definition's environment: it beats the file's own default.
    pub(super) defined: Option<&'a str>,
}

/// Reads the file, if there is one, along a pathway.
pub(super) fn read(files: &mut Files, sources: &mut Sources, wanted: Wanted<'_>) -> Config {
    let path = files.layout.beside("config.yaml");
    let mut config = Config::default();
    if !files.is_file(&path) {
        let other = files.layout.beside("config.yml");
        if files.is_file(&other) {
            files.diagnostics.push(
                Diagnostic::warning("ignored-config", format!("{other} is not read"))
                    .help(format!("name it {path}")),
            );
        }
        return config;
    }
    let Some(file) = files.read(&path, sources) else {
        return config;
    };
    config.file = Some(file);
    let report = &mut files.diagnostics;
    let documents = yaml::documents(sources, file, "invalid-config", report);
    let Some(document) = documents.first() else {
        return config;
    };
    if !matches!(document.value(), Value::Mapping(_) | Value::Null) {
        report.push(
            Diagnostic::error(
                "invalid-config",
                format!("{path} is not a list of `key: value`"),
            )
            .at(Span::new(file, 0..0), "here"),
        );
        return config;
    }
    keys::misspelt(document, keys::CONFIG, report);
    let text = sources.file(file).text();
    let items = document.list("params", report);
    parameters(&mut config.parameters, items, (file, text), report);
    config.modules = entries(document.get("pathways.modules"))
        .filter_map(|(key, module)| Some((key, field(module, "title")?)))
        .collect();
    config.exit_signs = entries(document.get("pathways.modules"))
        .filter_map(|(key, module)| Some((key, field(module, "exit_sign")?)))
        .collect();
    if let Some(Value::Sequence(modules)) = document.get("modules") {
        for module in modules {
            if let (Some(key), Some(sign)) = (field(module, "name"), field(module, "exit_sign")) {
                config.exit_signs.entry(key).or_insert(sign);
            }
        }
        config.titles = modules
            .iter()
            .filter_map(|module| Some((field(module, "name")?, field(module, "title")?)))
            .collect();
    }
    let paths: Vec<_> = entries(document.get("pathways.paths")).collect();
    config.pathways = paths
        .iter()
        .map(|(name, path)| Pathway {
            name: name.clone(),
            title: field(path, "title").unwrap_or_default(),
            description: field(path, "description").unwrap_or_default(),
            ..Pathway::default()
        })
        .collect();
    let default = document.text("pathways.default", report);
    let chosen = [wanted.chosen, wanted.defined, default.as_deref()]
        .into_iter()
        .flatten()
        .find(|name| !name.is_empty())
        .unwrap_or_default()
        .to_owned();
    let shared = config.parameters.clone();
    for ((name, path), pathway) in paths.iter().zip(&mut config.pathways) {
        let steps = steps(path, name, document, report);
        pathway.pages = steps.len();
        pathway.steps = steps.iter().cloned().map(PageId).collect();
        pathway.parameters.clone_from(&shared);
        if let Some(Value::Sequence(items)) = path.get("params") {
            parameters(&mut pathway.parameters, items, (file, text), report);
        }
        if *name != chosen {
            config.other_steps.extend(steps);
            continue;
        }
        config.steps = steps;
        config.title = field(path, "title").filter(|title| !title.is_empty());
        config.parameters.clone_from(&pathway.parameters);
    }
    if !paths.iter().any(|(name, _)| *name == chosen) {
        report.extend(not_taken(&chosen, &config.pathways, document));
    }
    if let Some(activate) = document.get("modules").and_then(|all| all.get("activate")) {
        config.activated = match activate {
            Value::Sequence(keys) => keys.iter().filter_map(scalar).collect(),
            _ => Vec::new(),
        };
    }
    config.pathway = chosen;
    config
}

/// The page keys of a pathway, each once.
fn steps(
    path: &Value,
    name: &str,
    document: &yaml::Document<'_>,
    report: &mut Vec<Diagnostic>,
) -> Vec<String> {
    let route = format!("pathways.paths.{name}.steps");
    let wrong = || {
        Diagnostic::warning(
            "invalid-config",
            format!("the steps of the pathway `{name}` must be a list of page names"),
        )
        .at(document.span(&route), "these steps")
        .help("write one `- dir/name` a line, without `.md`")
    };
    let mut steps: Vec<String> = Vec::new();
    match path.get("steps") {
        None | Some(Value::Null) => {}
        Some(Value::Sequence(items)) => {
            for item in items {
                // Some write `- name: key`, as the list of modules has it.
                match scalar(item).or_else(|| field(item, "name")) {
                    Some(step) if !steps.contains(&step) => steps.push(step),
                    Some(step) => report.push(
                        Diagnostic::warning(
                            "invalid-config",
                            format!("the step `{step}` stands twice in the pathway `{name}`"),
                        )
                        .at(document.last(&step), "left out")
                        .help("remove it"),
                    ),
                    None => report.push(wrong()),
                }
            }
        }
        Some(_) => report.push(wrong()),
    }
    steps
}

/// Why no pathway was taken although there are some.
fn not_taken(chosen: &str, known: &[Pathway], document: &yaml::Document<'_>) -> Option<Diagnostic> {
    let names = || known.iter().map(|pathway| pathway.name.as_str());
    if !chosen.is_empty() {
        let diagnostic =
            Diagnostic::warning("unknown-pathway", format!("there is no pathway `{chosen}`"))
                .at(document.span("pathways.default"), "all pages are shown");
        return Some(match super::builtin::closest(chosen, names()) {
            Some(close) => diagnostic.help(format!("did you mean `{close}`?")),
            None => diagnostic,
        });
    }
    let first = names().next()?;
    Some(
        Diagnostic::warning(
            "no-default-pathway",
            "no pathway is the default one: without a choice all pages are shown",
        )
        .at(document.span("pathways"), "has `paths` and no `default`")
        .help(format!("add `default: {first}`")),
    )
}

/// The keys and values of a mapping.
pub(super) fn entries(value: Option<&Value>) -> impl Iterator<Item = (String, &Value)> {
    value
        .and_then(Value::as_mapping)
        .into_iter()
        .flatten()
        .filter_map(|(key, value)| Some((scalar(key)?, value)))
}

/// Adds declared variables; a name that is there already is replaced (`instructions.md` 6.3).
fn parameters(
    into: &mut Vec<Parameter>,
    items: &[Value],
    (file, text): (FileId, &str),
    diagnostics: &mut Vec<Diagnostic>,
) {
    for item in items {
        let Some(parameter) = parameter(item, true) else {
            diagnostics.push(
                Diagnostic::warning("invalid-config", "a variable needs a `name`")
                    .at(Span::new(file, 0..0), "in `params`"),
            );
            continue;
        };
        if variables::is_builtin(&parameter.name) {
            let at = text.find(&parameter.name).unwrap_or_default();
            let range = at..(at + parameter.name.len()).min(text.len());
            diagnostics.push(
                Diagnostic::warning(
                    "shadowed-variable",
                    format!(
                        "`{}` is a built-in variable and keeps its own value",
                        parameter.name
                    ),
                )
                .at(Span::new(file, range), "in `params`")
                .help("give the variable another name"),
            );
            continue;
        }
        into.retain(|known| known.name != parameter.name);
        into.push(parameter);
    }
}

/// Reads `{name, value, aliases}`. With `falsy_is_empty`, `0` and `false` are no text.
pub(super) fn parameter(item: &Value, falsy_is_empty: bool) -> Option<Parameter> {
    let name = field(item, "name").filter(|name| !name.trim().is_empty())?;
    let value = match item.get("value") {
        Some(Value::Bool(false)) if falsy_is_empty => String::new(),
        Some(Value::Number(number)) if falsy_is_empty && number.as_f64() == Some(0.0) => {
            String::new()
        }
        value => value.and_then(scalar).unwrap_or_default(),
    };
    let aliases = match item.get("aliases") {
        Some(Value::Sequence(names)) => names.iter().filter_map(scalar).collect(),
        single => single.and_then(scalar).into_iter().collect(),
    };
    Some(Parameter {
        name,
        value,
        aliases,
    })
}
