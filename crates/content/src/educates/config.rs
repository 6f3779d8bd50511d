//! `workshop/config.yaml`: pathways, titles and variables of a hugo workshop (`instructions.md` 3.3 and 6.3).

use std::collections::HashMap;

use serde_yaml::Value;

use super::files::Files;
use super::yaml::{self, field, scalar};
use crate::diagnostic::{Diagnostic, FileId, Sources, Span};
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
    /// `pathways.modules`: beats a page's own title.
    pub(super) modules: HashMap<String, String>,
    /// The top-level `modules` list: stands in for a page's own title.
    pub(super) titles: HashMap<String, String>,
    pub(super) parameters: Vec<Parameter>,
}

/// Reads the file, if there is one, along a pathway.
pub(super) fn read(files: &mut Files, sources: &mut Sources, wanted: Option<&str>) -> Config {
    const PATH: &str = "workshop/config.yaml";
    let mut config = Config::default();
    if !files.is_file(PATH) {
        return config;
    }
    let Some(file) = files.read(PATH, sources) else {
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
                format!("{PATH} is not a list of `key: value`"),
            )
            .at(Span::new(file, 0..0), "here"),
        );
        return config;
    }
    let text = sources.file(file).text();
    let items = document.list("params", report);
    parameters(&mut config.parameters, items, (file, text), report);
    config.modules = entries(document.get("pathways.modules"))
        .filter_map(|(key, module)| Some((key, field(module, "title")?)))
        .collect();
    if let Some(Value::Sequence(modules)) = document.get("modules") {
        config.titles = modules
            .iter()
            .filter_map(|module| Some((field(module, "name")?, field(module, "title")?)))
            .collect();
    }
    config.pathways = entries(document.get("pathways.paths"))
        .map(|(name, path)| Pathway {
            name,
            title: field(path, "title").unwrap_or_default(),
            description: field(path, "description").unwrap_or_default(),
        })
        .collect();
    let default = document.text("pathways.default", report);
    let chosen = wanted.map(str::to_owned).or(default).unwrap_or_default();
    let path = entries(document.get("pathways.paths")).find(|(name, _)| *name == chosen);
    match path {
        Some((_, path)) => {
            if let Some(Value::Sequence(steps)) = path.get("steps") {
                config.steps = steps.iter().filter_map(scalar).collect();
            }
            config.title = field(path, "title").filter(|title| !title.is_empty());
            if let Some(Value::Sequence(items)) = path.get("params") {
                parameters(&mut config.parameters, items, (file, text), report);
            }
        }
        None if !chosen.is_empty() => {
            let names = config.pathways.iter().map(|pathway| pathway.name.as_str());
            let mut diagnostic =
                Diagnostic::warning("unknown-pathway", format!("there is no pathway `{chosen}`"))
                    .at(document.span("pathways.default"), "all pages are shown");
            if let Some(close) = super::builtin::closest(&chosen, names) {
                diagnostic = diagnostic.help(format!("did you mean `{close}`?"));
            }
            report.push(diagnostic);
        }
        None => {}
    }
    config.pathway = chosen;
    config
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
