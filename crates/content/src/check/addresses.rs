//! Addresses of a learner's servers that lack their port, wherever pages write them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use camino::Utf8Path;

use crate::action::{Action, DashboardAction, PageAction};
use crate::diagnostic::{Diagnostic, Fix, Span};
use crate::near::near;
use crate::workshop::Workshop;

/// The addresses whose host is made of the session's name and the domain of ingresses, and which have no port: on pages, in
/// scripts of the session, and in the variables and tabs of the definition.
pub(super) fn without_port(workshop: &Workshop) -> Vec<Diagnostic> {
    let pages = workshop.pages.iter().chain(&workshop.unlisted);
    let pages = pages
        .filter(|page| !page.missing)
        .map(|page| page.body.clone());
    let scripts = workshop.sources.iter().filter(|(_, source)| {
        let path = source.path().strip_prefix(&workshop.workshop_dir);
        path.is_ok_and(is_script)
    });
    let scripts = scripts.map(|(file, source)| Span::new(file, 0..source.text().len()));
    let mut found = Vec::new();
    for place in pages.chain(scripts) {
        let text = workshop.sources.file(place.file).text();
        let Some(text) = text.get(place.range.clone()) else {
            continue;
        };
        let is_script = !workshop
            .pages
            .iter()
            .chain(&workshop.unlisted)
            .any(|page| page.file() == place.file);
        for (at, _) in text.match_indices("://") {
            let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
            if is_script && text[line..].trim_start().starts_with('#') {
                continue;
            }
            found.extend(address(workshop, &place, at + 3));
        }
    }
    found.extend(in_definition(workshop));
    found
}

/// What is said of an address whose host starts at a place of a text.
fn address(workshop: &Workshop, place: &Span, start: usize) -> Option<Diagnostic> {
    let text = workshop.sources.file(place.file).text();
    let text = &text[place.range.clone()];
    let (domain, suffix) = lacking(text, start).filter(|_| is_of_web(&text[..start]))?;
    let end = place.range.start + domain.end;
    let fix = Fix::replace(Span::new(place.file, end..end), &*suffix);
    // Of an address that is certainly an ingress of this session it is known what is missing.
    let is_sure = leads_to_ingress(workshop, &text[start..domain.start])
        && !text[..start].ends_with("https://")
        && !text[domain.end..].starts_with(|c: char| c.is_alphanumeric() || "-_.$%{(".contains(c));
    let fix = if is_sure { fix } else { fix.suggested() };
    let at = place.range.start + domain.start..place.range.start + domain.end;
    Some(
        Diagnostic::warning(
            "missing-port-suffix",
            "the address of an ingress is written without its port",
        )
        .at(
            Span::new(place.file, at),
            "works here, but not where the port is not 80",
        )
        .help(format!("write `{suffix}` after the domain"))
        .fix(fix),
    )
}

/// Whether the scheme that a text ends with is one of the web, whose servers listen where the session does, or a variable.
fn is_of_web(before: &str) -> bool {
    let before = before.strip_suffix("://").unwrap_or(before);
    let own = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '-' | '$');
    let name = before.rsplit(|c| !own(c)).next().unwrap_or_default();
    let known = ["", "http", "https", "ws", "wss"];
    name.contains('$') || known.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Whether a path below the folder of the instructions is a script of the session that may set variables.
fn is_script(path: &Utf8Path) -> bool {
    let folder = path.parent().map_or("", Utf8Path::as_str);
    match folder {
        "" => matches!(path.as_str(), "profile" | "terminal.sh"),
        "setup.d" | "profile.d" | "terminal" => path.extension() == Some("sh"),
        _ => false,
    }
}

/// The addresses that the definition gives to variables and tabs.
fn in_definition(workshop: &Workshop) -> Vec<Diagnostic> {
    let definition = workshop.sources.iter().find(|(_, source)| {
        let folder = source.path().parent();
        folder.is_some_and(|folder| folder == "resources")
    });
    let Some((file, source)) = definition else {
        return Vec::new();
    };
    let text = source.text();
    let variables = workshop.environment.iter().map(|(_, value)| value);
    let tabs = workshop.dashboards.iter().map(|tab| &tab.url);
    let lines = variables.chain(tabs).flat_map(|value| value.lines());
    let values: BTreeSet<&str> = lines
        .map(str::trim)
        .filter(|line| line.contains("://"))
        .collect();
    let mut found = BTreeMap::new();
    for value in values {
        // The same value may stand in several places.
        for (at, _) in text.match_indices(value) {
            let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
            if text[line..].trim_start().starts_with('#') {
                continue;
            }
            let place = Span::new(file, at..at + value.len());
            for (scheme, _) in value.match_indices("://") {
                if let Some(diagnostic) = address(workshop, &place, scheme + 3) {
                    found.insert(at + scheme, diagnostic);
                }
            }
        }
    }
    found.into_values().collect()
}

/// Whether a host, up to its domain, is that of an ingress of the session: `app-$(session_name).`, or the older
/// `$(session_name)-app.`.
fn leads_to_ingress(workshop: &Workshop, host: &str) -> bool {
    let Some(host) = host.strip_suffix('.') else {
        return false;
    };
    let is_session = |part: &str| {
        let is_value = part.starts_with(['{', '$', '%']) && self::part(part) == Some(part.len());
        is_value && part.to_ascii_lowercase().contains("session_name")
    };
    workshop.ingresses.iter().any(|ingress| {
        let name = ingress.name.as_str();
        let before = host.strip_prefix(name);
        let before = before.and_then(|rest| rest.strip_prefix('-'));
        let behind = host.strip_suffix(name);
        let behind = behind.and_then(|rest| rest.strip_suffix('-'));
        before.is_some_and(is_session) || behind.is_some_and(is_session)
    })
}

/// Actions that open an address which no browser can open: `example.com`, `htp://example.com`, `terminl:1`.
pub(super) fn unopenable(workshop: &Workshop, actions: &[&PageAction]) -> Vec<Diagnostic> {
    let urls = actions.iter().filter_map(|action| {
        let url = match action.action.as_ref().ok()? {
            Action::Dashboard(
                DashboardAction::Create { url, .. } | DashboardAction::OpenUrl { url },
            ) => url,
            Action::Dashboard(DashboardAction::Reload { url, .. }) => url.as_ref()?,
            _ => return None,
        };
        let is_wrong = !is_openable(url) && !begins_with_variable(workshop, action);
        is_wrong.then_some((action, url))
    });
    urls.map(|(action, url)| {
        let found = Diagnostic::warning(
            "invalid-address",
            format!("`{url}` is no address that can be opened"),
        );
        if is_of_other_program(url) {
            found
                .at(action.span.clone(), "only pages and mail are opened here")
                .help("let learners open it by themselves, with `workshop:copy`")
        } else {
            found
                .at(action.span.clone(), "opens nothing")
                .help("write it out: `https://example.com`, or `terminal:NAME` for a terminal")
        }
    })
    .collect()
}

/// Whether the value of `url` is written with a variable in front, whose value may be known only in a session.
fn begins_with_variable(workshop: &Workshop, action: &PageAction) -> bool {
    let text = workshop.sources.file(action.span.file).text();
    let block = text.get(action.span.range.clone()).unwrap_or_default();
    let urls = block.lines().filter_map(|line| {
        let line = line.trim_start_matches([' ', '>', '\t']);
        line.strip_prefix("url:")
    });
    let mut values = urls.map(|value| value.trim_start_matches([' ', '"', '\'']));
    values.any(|value| value.starts_with("{{"))
}

/// Whether an address is for a program that is no browser: `vscode://file/a`, `tel:1`. A slip in a scheme of the web is none.
fn is_of_other_program(url: &str) -> bool {
    let Some((scheme, rest)) = url.trim().split_once(':') else {
        return false;
    };
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
    // `localhost:8080` has a port.
    let is_port = rest.starts_with(|c: char| c.is_ascii_digit()) && scheme != "tel";
    is_scheme
        && scheme.chars().all(known)
        && !is_port
        && near(scheme, ["http", "https", "mailto", "terminal"]).is_none()
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
    let url = url.trim().to_ascii_lowercase();
    url.is_empty() || known.iter().any(|start| url.starts_with(start))
}

/// Variables that stand for the session in a host.
const SESSION: [&str; 3] = ["session_name", "session_namespace", "session_hostname"];
/// Variables that a host ends with.
const DOMAIN: [&str; 2] = ["ingress_domain", "session_hostname"];

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
        has_session |= SESSION.iter().any(|name| lower.contains(name));
        let name = DOMAIN
            .iter()
            .find_map(|name| Some((lower.find(name)?, name.len())));
        if let Some((name, length_of_name)) = name {
            let name = &written[name..name + length_of_name];
            let suffix = if name.starts_with(|c: char| c.is_ascii_uppercase()) {
                "INGRESS_PORT_SUFFIX"
            } else {
                "ingress_port_suffix"
            };
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
    fn addresses_of_other_programs_are_told_from_slips() {
        for url in ["HTTPS://EXAMPLE.COM", "/x", "terminal:1", "mailto:a@b"] {
            assert!(is_openable(url), "{url}");
        }
        for (url, is_other) in [
            ("vscode://file/home/x", true),
            ("tel:+4912", true),
            ("intellij://open?file=x", true),
            ("about:blank", true),
            ("htp://example.com", false),
            ("htpps://example.com", false),
            ("terminl:1", false),
            ("localhost:8080", false),
            ("example.com", false),
            ("files/a", false),
            ("é", false),
        ] {
            assert!(!is_openable(url), "{url}");
            assert_eq!(is_of_other_program(url), is_other, "{url}");
        }
    }

    #[test]
    fn only_servers_of_the_web_listen_where_the_session_does() {
        for before in [
            "http://",
            "see HTTPS://",
            "x=wss://",
            "$INGRESS_PROTOCOL://",
            "${INGRESS_PROTOCOL}://",
            "{{< param ingress_protocol >}}://",
            "%ingress_protocol%://",
        ] {
            assert!(is_of_web(before), "{before}");
        }
        for before in ["oci://", "ssh://", "jdbc:postgresql://", "git+ssh://"] {
            assert!(!is_of_web(before), "{before}");
        }
    }

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
            (
                "http://a-$SESSION_HOSTNAME/",
                Some(("$SESSION_HOSTNAME", "$INGRESS_PORT_SUFFIX")),
            ),
            (
                "http://{{< param session_hostname >}}{{< param ingress_port_suffix >}}/",
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
