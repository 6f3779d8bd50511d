//! `spec.session.ingresses` (`session.md` section 10).

use serde_yaml::Value;

use super::yaml::{Document, field, scalar};
use crate::diagnostic::Diagnostic;
use crate::path_rewrite::PathRewrite;
use crate::workshop::Ingress;

const ROUTE: &str = "spec.session.ingresses";

pub(super) fn read(document: &Document<'_>, report: &mut Vec<Diagnostic>) -> Vec<Ingress> {
    let mut found = Vec::new();
    let mut complaints = Vec::new();
    let mut quoted = Vec::new();
    for item in document.list(ROUTE, report) {
        let Some(name) = field(item, "name") else {
            continue;
        };
        let protocol = field(item, "protocol").unwrap_or_else(|| "http".to_owned());
        let default = if protocol == "https" { 443 } else { 80 };
        let port = match item.get("port") {
            None | Some(Value::Null) => Some(default),
            Some(port) => scalar(port)
                .and_then(|port| port.parse().ok())
                .filter(|port| *port != 0),
        };
        let Some(port) = port else {
            complaints.push(format!("the ingress `{name}` has no usable `port`"));
            continue;
        };
        if let Some(Value::String(text)) = item.get("port") {
            quoted.push((name.clone(), text.clone(), port));
        }
        let path = field(item, "path").unwrap_or_default();
        // Entries of one name share it by their paths.
        let is_hidden = |known: &Ingress| {
            known.name == name && known.path.trim_matches('/') == path.trim_matches('/')
        };
        if found.iter().any(is_hidden) {
            complaints.push(match path.trim_matches('/') {
                "" => format!("there are two ingresses `{name}`"),
                path => format!("there are two ingresses `{name}` with the path `/{path}`"),
            });
            continue;
        }
        let flag = |key| item.get(key).and_then(Value::as_bool).unwrap_or(true);
        let mut ingress = Ingress {
            port,
            protocol,
            host: field(item, "host"),
            path,
            rewrites: Vec::new(),
            headers: pairs(item, "headers", "name", "value").collect(),
            change_origin: flag("changeOrigin"),
            secure: flag("secure"),
            name,
        };
        for (pattern, replacement) in pairs(item, "pathRewrite", "pattern", "replacement") {
            match PathRewrite::new(&pattern, &replacement) {
                Ok(rule) => ingress.rewrites.push(rule),
                Err(reason) => complaints.push(format!(
                    "the `pathRewrite` pattern `{pattern}` of the ingress `{}` cannot be used: {reason}",
                    ingress.name
                )),
            }
        }
        found.push(ingress);
    }
    for (name, written, port) in quoted {
        let message = format!("the `port` of the ingress `{name}` is a text");
        let found = Diagnostic::warning("invalid-definition", message);
        let place = [
            format!("\"{written}\""),
            format!("'{written}'"),
            format!(" {written}"),
        ]
        .into_iter()
        .find_map(|written| document.find(&written, &written))
        .unwrap_or_else(|| document.span(ROUTE));
        report.push(
            found
                .at(place, "read as a number here; a cluster refuses it")
                .help(format!("write `port: {port}`, without quotes")),
        );
    }
    report.extend(complaints.into_iter().map(|complaint| {
        Diagnostic::warning("invalid-definition", complaint)
            .at(document.span(ROUTE), "it is ignored")
    }));
    found
}

/// The items of a list of mappings as two texts each; the second may be absent.
fn pairs<'a>(
    item: &'a Value,
    list: &str,
    first: &'a str,
    second: &'a str,
) -> impl Iterator<Item = (String, String)> {
    let items = item.get(list).and_then(Value::as_sequence);
    items.into_iter().flatten().filter_map(move |item| {
        Some((field(item, first)?, field(item, second).unwrap_or_default()))
    })
}
