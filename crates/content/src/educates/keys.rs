//! Keys of definitions and configurations that are close to a known one, and mean nothing as they are written.

use serde_yaml::Value;

use super::config::entries;
use super::yaml::Document;
use crate::diagnostic::Diagnostic;
use crate::near::{Near, near};

/// The keys that a mapping may have, below the route where it stands; `*` is every item of a list and every value of a mapping.
type Level = (&'static str, &'static [&'static str]);

/// `resources/workshop.yaml` (`session.md` section 7).
pub(super) const DEFINITION: &[Level] = &[
    ("", &["apiVersion", "kind", "metadata", "spec"]),
    (
        "metadata",
        &[
            "name",
            "namespace",
            "labels",
            "annotations",
            "finalizers",
            "generateName",
        ],
    ),
    (
        "spec",
        &[
            "title",
            "description",
            "url",
            "difficulty",
            "duration",
            "vendor",
            "authors",
            "tags",
            "labels",
            "logo",
            "version",
            "publish",
            "workshop",
            "content",
            "session",
            "environment",
            "request",
            "analytics",
        ],
    ),
    ("spec.publish", &["image", "files"]),
    ("spec.workshop", &["image", "files", "packages"]),
    ("spec.workshop.files.*", FILES),
    (
        "spec.workshop.files.*.image",
        &["url", "tag", "tagSelection", "secretRef"],
    ),
    ("spec.publish.files.*", FILES),
    ("spec.request", &["parameters", "objects"]),
    (
        "spec.request.parameters.*",
        &["name", "value", "generate", "from", "aliases"],
    ),
    (
        "spec.session",
        &[
            "applications",
            "budget",
            "dashboards",
            "env",
            "envFrom",
            "eventTrigger",
            "ingresses",
            "initContainers",
            "namespaces",
            "objects",
            "patches",
            "resources",
            "role",
            "security",
            "serviceAccount",
            "url",
            "variables",
            "volumeMounts",
            "volumes",
        ],
    ),
    ("spec.session.env.*", &["name", "value", "valueFrom"]),
    (
        "spec.session.namespaces",
        &[
            "budget",
            "limits",
            "name",
            "objects",
            "role",
            "secondary",
            "security",
        ],
    ),
    (
        "spec.session.namespaces.security",
        &["policy", "token", "rules", "securityContext"],
    ),
    ("spec.session.namespaces.security.token", &["enabled"]),
    (
        "spec.session.resources",
        &["memory", "storage", "limits", "requests", "volume"],
    ),
    (
        "spec.session.applications",
        &[
            "console", "docker", "editor", "examiner", "files", "git", "registry", "slides",
            "sshd", "terminal", "uploads", "vcluster", "webdav", "workshop",
        ],
    ),
    ("spec.session.applications.*", &["enabled"]),
    ("spec.session.applications.terminal", &["enabled", "layout"]),
    ("spec.session.applications.files", &["enabled", "directory"]),
    (
        "spec.session.applications.uploads",
        &["enabled", "directory"],
    ),
    ("spec.session.dashboards.*", &["name", "url"]),
    (
        "spec.session.ingresses.*",
        &[
            "name",
            "port",
            "host",
            "protocol",
            "path",
            "authentication",
            "headers",
            "pathRewrite",
            "changeOrigin",
            "secure",
        ],
    ),
];

const FILES: &[&str] = &[
    "directory",
    "disabled",
    "git",
    "githubRelease",
    "helmChart",
    "http",
    "image",
    "imgpkgBundle",
    "inline",
    "manual",
    "path",
    "includePaths",
    "excludePaths",
    "ignorePaths",
    "newRootPath",
    "legalPaths",
    "permissions",
];

/// `workshop/config.yaml` (`instructions.md` 3.3), with keys that are seen in it and do nothing.
pub(super) const CONFIG: &[Level] = &[
    (
        "",
        &[
            "pathways",
            "params",
            "modules",
            "name",
            "title",
            "duration",
            "renderer",
            "exit_sign",
            "setup",
        ],
    ),
    ("params.*", &["name", "value", "aliases"]),
    ("pathways", &["default", "paths", "modules"]),
    (
        "pathways.paths.*",
        &[
            "title",
            "description",
            "steps",
            "params",
            "duration",
            "name",
        ],
    ),
    (
        "pathways.modules.*",
        &["title", "name", "exit_sign", "exit_link"],
    ),
    ("modules.*", &["name", "title", "exit_sign", "exit_link"]),
];

/// `workshop/modules.yaml` of classic workshops (`instructions.md` 4.1).
pub(super) const MODULES: &[Level] = &[
    ("", &["modules", "config"]),
    ("modules.*", &["name", "exit_sign", "exit_link", "title"]),
    ("config.vars.*", &["name", "value", "aliases"]),
];

/// `workshop/workshop.yaml` of classic workshops.
pub(super) const CLASSIC: &[Level] = &[
    ("", &["name", "modules", "vars", "title", "description"]),
    ("modules", &["activate"]),
];

/// What authors call some keys.
const OTHER_NAMES: [(&str, &str); 4] = [
    ("pages", "steps"),
    ("uri", "url"),
    ("envVars", "env"),
    ("variables", "params"),
];

/// Tells of every key that was probably meant to be a known one. What is close to none may be of a newer version.
pub(super) fn misspelt(
    document: &Document<'_>,
    levels: &[Level],
    diagnostics: &mut Vec<Diagnostic>,
) {
    for (route, known) in levels {
        let steps = route.split('.').filter(|step| !step.is_empty());
        let mut places = vec![document.value()];
        for step in steps {
            places = places
                .into_iter()
                .flat_map(|value| below(value, step))
                .collect();
        }
        for mapping in places {
            report(document, mapping, known, diagnostics);
        }
    }
}

fn below<'v>(value: &'v Value, step: &str) -> Vec<&'v Value> {
    match (step, value) {
        ("*", Value::Sequence(items)) => items.iter().collect(),
        ("*", Value::Mapping(map)) => map.values().collect(),
        _ => value.get(step).into_iter().collect(),
    }
}

fn report(
    document: &Document<'_>,
    mapping: &Value,
    known: &[&'static str],
    diagnostics: &mut Vec<Diagnostic>,
) {
    for (key, _) in entries(Some(mapping)) {
        // A key of somebody's own: `x-host`.
        if known.contains(&key.as_str()) || key.starts_with("x-") {
            continue;
        }
        let free = known
            .iter()
            .copied()
            .filter(|name| mapping.get(name).is_none());
        let Some(meant) = meant(&key, free) else {
            continue;
        };
        let place = document.key(&key);
        diagnostics.push(
            Diagnostic::warning("unknown-key", format!("there is no key `{key}` here"))
                .at(place, "has no effect")
                .did_you_mean(meant, &key),
        );
    }
}

fn meant(key: &str, known: impl Iterator<Item = &'static str> + Clone) -> Option<Near<'static>> {
    let bare = |name: &str| name.replace(['-', '_'], "").to_lowercase();
    let other = OTHER_NAMES.into_iter().find(|(other, _)| *other == key);
    let same = known
        .clone()
        .find(|name| bare(name) == bare(key) || other.is_some_and(|(_, meant)| meant == *name));
    match same {
        Some(name) => Some(Near {
            name,
            is_only: true,
            is_sure: true,
        }),
        None => near(key, known),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_probably_misspelt_is_told() {
        let told = |levels: &[Level], text: &str| {
            let mut sources = crate::diagnostic::Sources::default();
            let file = sources.add("a.yaml", text);
            let mut report = Vec::new();
            let documents = super::super::yaml::documents(&sources, file, "x", &mut report);
            misspelt(&documents[0], levels, &mut report);
            report.len()
        };
        for (levels, text, findings) in [
            (CONFIG, "modules:\n- {name: a, exit_link: b}\n", 0),
            (CONFIG, "pathways: {modules: {a: {exit_link: b}}}\n", 0),
            (CONFIG, "pathways: {modules: {a: {exit_sing: b}}}\n", 1),
            (
                DEFINITION,
                "spec: {session: {ingresses: [{name: a, x-port: 1, x-host: b}]}}\n",
                0,
            ),
            (
                DEFINITION,
                "metadata: {labels: {nam: a}, annotations: {titel: b}}\nstatus: {}\n",
                0,
            ),
            (DEFINITION, "spec: {titel: a}\n", 1),
            (CONFIG, "pathways: null\n1: 2\né: 3\n", 0),
        ] {
            assert_eq!(told(levels, text), findings, "{text}");
        }
    }
}
