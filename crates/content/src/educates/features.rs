//! What a workshop expects of a cluster or a portal, told to the learner (`session.md` section 15).

use camino::Utf8Path;
use serde_yaml::Value;

use super::yaml::{Document, field};
use crate::diagnostic::Sources;

/// What the definition asks for and a laptop does not have, each in one sentence.
pub(super) fn from_definition(document: &Document<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let on = |name: &str| {
        let route = format!("spec.session.applications.{name}.enabled");
        document.get(&route) == Some(&Value::Bool(true))
    };
    for (name, sentence) in [
        (
            "console",
            "There is no Kubernetes web console on this computer.",
        ),
        (
            "registry",
            "There is no private image registry here; steps that push images to it are left out or will fail.",
        ),
        (
            "vcluster",
            "The workshop was written for a Kubernetes cluster of its own, which is not available here.",
        ),
        (
            "git",
            "There is no Git server in this session; steps that push to it will fail.",
        ),
    ] {
        if on(name) {
            found.push(sentence.to_owned());
        }
    }
    if document.has("spec.session.applications.docker.compose") {
        found.push(
            "Containers that would be started for you beside the session are not started here."
                .to_owned(),
        );
    }
    let prepared = prepared(document);
    if !prepared.is_empty() {
        found.push(format!(
            "These resources would be waiting in a cluster: {}.",
            prepared.join(", ")
        ));
    }
    let packages: Vec<String> = items(document, "spec.workshop.packages")
        .iter()
        .filter_map(|package| field(package, "name"))
        .collect();
    if !packages.is_empty() {
        found.push(format!(
            "The workshop uses software packages that are not part of its folder: {}.",
            packages.join(", ")
        ));
    }
    if document.has("spec.session.envFrom") {
        found.push("Some settings come from the training portal and are not set here.".to_owned());
    }
    let cluster = items(document, "spec.session.ingresses")
        .iter()
        .filter(|ingress| field(ingress, "host").is_some_and(|host| host.contains(".svc")))
        .filter_map(|ingress| field(ingress, "name"))
        .collect::<Vec<_>>();
    if !cluster.is_empty() {
        found.push(format!(
            "These tabs show services inside a training cluster and stay empty here: {}.",
            cluster.join(", ")
        ));
    }
    found
}

/// Values that the training portal would hand over.
pub(super) fn asked_values(names: &[String]) -> String {
    format!(
        "These values come from the training portal and are not set here: {}.",
        names.join(", ")
    )
}

/// Adds what the pages' own commands ask for.
pub(super) fn from_pages(sources: &Sources, content: &Utf8Path, found: &mut Vec<String>) {
    let uses = sources
        .iter()
        .filter(|(_, source)| source.path().starts_with(content))
        .any(|(_, source)| runs_kubectl(source.text()));
    if uses {
        found.insert(
            0,
            "Some steps talk to a Kubernetes cluster, and there is none here: you can read along, but their commands will fail."
                .to_owned(),
        );
    }
}

/// Whether an action of a page types a `kubectl` command. Lines are enough to tell: the answer is a hint.
fn runs_kubectl(text: &str) -> bool {
    let mut action: Option<&str> = None;
    for line in text.lines() {
        let line = line.trim_start_matches([' ', '>']);
        let mark = line.trim_start_matches(['`', '~']);
        let fence = &line[..line.len() - mark.len()];
        match action {
            None if fence.len() >= 3 => {
                let is_terminal = mark.trim_start().starts_with("terminal:")
                    || mark.trim_start().starts_with("execute");
                action = Some(if is_terminal { fence } else { "" });
                if !is_terminal {
                    action = None;
                }
            }
            Some(open) if line.trim_end() == open => action = None,
            Some(_) => {
                let command = line
                    .trim_start_matches("command:")
                    .trim_start_matches([' ', '|', '"', '\'', '-']);
                if command.starts_with("kubectl ")
                    || line.contains("| kubectl ")
                    || line.contains("&& kubectl ")
                {
                    return true;
                }
            }
            None => {}
        }
    }
    false
}

/// Kinds and names of the Kubernetes objects that would be there.
fn prepared(document: &Document<'_>) -> Vec<String> {
    [
        "spec.session.objects",
        "spec.environment.objects",
        "spec.request.objects",
    ]
    .into_iter()
    .flat_map(|route| items(document, route))
    .map(|object| {
        let kind = field(object, "kind").unwrap_or_else(|| "object".to_owned());
        let name = object
            .get("metadata")
            .and_then(|about| field(about, "name"));
        match name {
            Some(name) => format!("{kind} {name}"),
            None => kind,
        }
    })
    .collect()
}

fn items<'d>(document: &'d Document<'_>, route: &str) -> &'d [Value] {
    match document.get(route) {
        Some(Value::Sequence(items)) => items,
        _ => &[],
    }
}
