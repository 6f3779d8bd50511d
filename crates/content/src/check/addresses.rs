//! Addresses of a learner's servers that lack their port, wherever pages write them.

use std::ops::Range;

use crate::action::{Action, DashboardAction, PageAction};
use crate::diagnostic::{Diagnostic, Fix, Span};
use crate::workshop::Workshop;

/// The addresses on pages whose host is made of the session's name and the domain of ingresses, and which have no port.
pub(super) fn without_port(workshop: &Workshop) -> Vec<Diagnostic> {
    let pages = workshop.pages.iter().chain(&workshop.unlisted);
    let mut found = Vec::new();
    for page in pages.filter(|page| !page.missing) {
        let body = &page.body;
        let text = workshop.sources.file(body.file).text();
        let Some(text) = text.get(body.range.clone()) else {
            continue;
        };
        for (start, _) in text.match_indices("://") {
            let Some((domain, suffix)) = lacking(text, start + 3) else {
                continue;
            };
            let end = body.range.start + domain.end;
            let fix = Fix::replace(Span::new(body.file, end..end), &*suffix);
            let at = body.range.start + domain.start..body.range.start + domain.end;
            let diagnostic = Diagnostic::warning(
                "missing-port-suffix",
                "the address of an ingress is written without its port",
            )
            .at(
                Span::new(body.file, at),
                "works here, but not where the port is not 80",
            )
            .help(format!("write `{suffix}` after the domain"))
            .fix(fix.suggested());
            found.push(diagnostic);
        }
    }
    found
}

/// Actions that open an address which no browser can open: `example.com`, `htp://example.com`, `terminl:1`.
pub(super) fn unopenable(actions: &[&PageAction]) -> Vec<Diagnostic> {
    let urls = actions.iter().filter_map(|action| {
        let url = match action.action.as_ref().ok()? {
            Action::Dashboard(
                DashboardAction::Create { url, .. } | DashboardAction::OpenUrl { url },
            ) => url,
            Action::Dashboard(DashboardAction::Reload { url, .. }) => url.as_ref()?,
            _ => return None,
        };
        (!is_openable(url)).then_some((action, url))
    });
    urls.map(|(action, url)| {
        Diagnostic::warning(
            "invalid-address",
            format!("`{url}` is no address that can be opened"),
        )
        .at(action.span.clone(), "opens nothing")
        .help("write it out: `https://example.com`, or `terminal:NAME` for a terminal")
    })
    .collect()
}

/// What begins with a variable may become anything.
fn is_openable(url: &str) -> bool {
    let known = [
        "http://",
        "https://",
        "terminal:",
        "/",
        "$",
        "%",
        "{",
        "#",
        "mailto:",
        "data:",
        "./",
        "../",
    ];
    let url = url.trim();
    url.is_empty() || known.iter().any(|start| url.starts_with(start))
}

/// The domain of an address whose host starts at a place, and what should follow it.
fn lacking(text: &str, start: usize) -> Option<(Range<usize>, String)> {
    let mut at = start;
    let mut domain: Option<(Range<usize>, String)> = None;
    let mut has_session = false;
    loop {
        let rest = &text[at..];
        let Some(length) = part(rest) else { break };
        let written = &rest[..length];
        let lower = written.to_ascii_lowercase();
        if lower.contains("ingress_port_suffix") {
            return None;
        }
        has_session |= lower.contains("session_name") || lower.contains("session_namespace");
        if let Some(name) = lower.find("ingress_domain") {
            let suffix = if written[name..].starts_with("INGRESS") {
                "INGRESS_PORT_SUFFIX"
            } else {
                "ingress_port_suffix"
            };
            let name = &written[name..name + "ingress_domain".len()];
            domain = Some((at..at + length, written.replace(name, suffix)));
        } else if domain.is_some() {
            break;
        }
        at += length;
    }
    let (place, suffix) = domain.filter(|_| has_session)?;
    (!text[place.end..].starts_with(':')).then_some((place, suffix))
}

/// How long the next part of a host is: a value that is put in, or its own characters.
fn part(text: &str) -> Option<usize> {
    for (open, close) in [("{{", "}}"), ("${", "}"), ("$(", ")"), ("%", "%")] {
        if let Some(inner) = text.strip_prefix(open) {
            let end = inner.find(close).filter(|end| *end < 60)?;
            return (!inner[..end].contains('\n')).then_some(open.len() + end + close.len());
        }
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if let Some(name) = text.strip_prefix('$') {
        return Some(1 + name.find(|c| !is_name(c)).unwrap_or(name.len())).filter(|end| *end > 1);
    }
    let own = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    Some(text.find(|c| !own(c)).unwrap_or(text.len())).filter(|end| *end > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_looked_for_behind_the_domain() {
        let suffix = |text: &str| {
            let start = text.find("://").unwrap() + 3;
            lacking(text, start).map(|(place, suffix)| (text[place].to_owned(), suffix))
        };
        let param = "{{< param ingress_domain >}}";
        for (text, expected) in [
            (
                "http://a-{{< param session_name >}}.{{< param ingress_domain >}}/x",
                Some((param, "{{< param ingress_port_suffix >}}")),
            ),
            (
                "curl $INGRESS_PROTOCOL://a-$SESSION_NAME.$INGRESS_DOMAIN/x",
                Some(("$INGRESS_DOMAIN", "$INGRESS_PORT_SUFFIX")),
            ),
            (
                "http://a-${SESSION_NAME}.${INGRESS_DOMAIN}",
                Some(("${INGRESS_DOMAIN}", "${INGRESS_PORT_SUFFIX}")),
            ),
            (
                "http://a-%session_name%.%ingress_domain% x",
                Some(("%ingress_domain%", "%ingress_port_suffix%")),
            ),
            (
                "http://a-{{< param session_name >}}.{{< param ingress_domain >}}{{< param ingress_port_suffix >}}/",
                None,
            ),
            ("http://a-$SESSION_NAME.$INGRESS_DOMAIN:8080/", None),
            ("http://registry.$INGRESS_DOMAIN/", None),
            ("http://example.com/$SESSION_NAME", None),
        ] {
            let expected = expected.map(|(a, b)| (a.to_owned(), b.to_owned()));
            assert_eq!(suffix(text), expected, "{text}");
        }
    }
}
