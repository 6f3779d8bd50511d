//! `$(name)` in a definition (`session.md` section 11): what nothing gives a value to.

use std::collections::BTreeSet;

use super::yaml::Document;
use crate::diagnostic::Diagnostic;
use crate::variables::{is_builtin, is_expanded};
use crate::workshop::{DashboardSpec, Ingress};

/// What the environment has before the definition adds to it, besides the built-in names in capitals.
const ENVIRONMENT: &[&str] = &[
    "HOME",
    "PATH",
    "USER",
    "LANG",
    "TMPDIR",
    "TERM",
    "WORKSHOP_DIR",
    "KUBECONFIG",
    "JAVA_HOME",
];

/// Names that `session.env` may have, and addresses may not (`session.md` section 11).
const LATER: [&str; 4] = [
    "ingress_port",
    "session_url",
    "training_portal",
    "workshop_name",
];

/// Reports the names that stay as they are written.
pub(super) fn check(
    document: &Document<'_>,
    environment: &[(String, String)],
    generated: &[(String, String)],
    dashboards: &[DashboardSpec],
    ingresses: &[Ingress],
    report: &mut Vec<Diagnostic>,
) {
    let in_environment = |name: &str| {
        ENVIRONMENT.contains(&name)
            || (name == name.to_uppercase() && is_builtin(name))
            || generated.iter().any(|(generated, _)| generated == name)
    };
    let mut unknown: Vec<(&str, &str)> = Vec::new();
    for (at, (_, value)) in environment.iter().enumerate() {
        let earlier = |name: &str| environment[..at].iter().any(|(known, _)| known == name);
        let found = names(value)
            .filter(|name| !is_expanded(name) && !in_environment(name) && !earlier(name));
        unknown.extend(found.map(|name| (name, value.as_str())));
    }
    let urls = dashboards.iter().map(|dashboard| dashboard.url.as_str());
    let hosts = ingresses
        .iter()
        .filter_map(|ingress| ingress.host.as_deref());
    let values = environment.iter().map(|(_, value)| value.as_str());
    let mut slips = BTreeSet::new();
    for value in values.chain(urls.clone()).chain(hosts.clone()) {
        for (written, help) in slips_in(value) {
            if slips.insert(written)
                && let Some(span) = document.find(written, value)
            {
                report.push(
                    Diagnostic::warning(
                        "unknown-expansion",
                        format!("`{written}` is no `$(name)`"),
                    )
                    .at(span, "stays as it is written")
                    .help(help),
                );
            }
        }
    }
    for value in urls.chain(hosts) {
        let found = names(value).filter(|name| !is_expanded(name) || LATER.contains(name));
        unknown.extend(found.map(|name| (name, value)));
    }
    let mut told = BTreeSet::new();
    for (name, value) in unknown {
        if !told.insert(name) {
            continue;
        }
        // YAML may write a value in another way than it reads.
        let Some(span) = document.find(&format!("$({name})"), value) else {
            continue;
        };
        if LATER.contains(&name) {
            let message =
                format!("Educates puts no `{name}` into the address of a dashboard or ingress");
            let found = Diagnostic::warning("unknown-expansion", message);
            let found = found.at(span, "stays as it is written there");
            report.push(match name {
                "ingress_port" => {
                    found.help("write `$(ingress_port_suffix)` behind the domain, without a colon")
                }
                _ => {
                    found.help("name another variable, such as `session_name` or `ingress_domain`")
                }
            });
            continue;
        }
        report.push(
            Diagnostic::warning(
                "unknown-expansion",
                format!("nothing has the name `{name}`"),
            )
            .at(span, "stays as it is written")
            .help("name a data variable, or a variable that `session.env` sets further up"),
        );
    }
}

/// What was meant as `$(name)` and is none, and what to do: `$(name` that does not end, and `${name}` with a name that only a
/// definition has.
fn slips_in(text: &str) -> Vec<(&str, String)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("$(") {
        let rest = &text[at..];
        if !rest.contains(')') {
            let written = rest.split_whitespace().next().unwrap_or(rest);
            found.push((written, "write `)` behind the name".to_owned()));
        }
    }
    for (at, _) in text.match_indices("${") {
        let rest = &text[at..];
        let Some(end) = rest.find('}') else { continue };
        let name = &rest[2..end];
        if is_expanded(name) {
            found.push((&rest[..=end], format!("write `$({name})`")));
        }
    }
    found
}

/// What stands between `$(` and `)`, in `$(base64(…))` too.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("$(").filter_map(|(at, _)| {
        let rest = &text[at + 2..];
        let name = &rest[..rest.find(')')?];
        (!name.starts_with("base64(")).then_some(name)
    })
}
