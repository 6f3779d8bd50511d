//! What an address in a workshop means on this machine (`session.md` section 10).

use atelier_content::Workshop;
use atelier_content::workshop::Ingress;

/// Where an address leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A terminal of the session.
    Terminal(String),
    /// A server on this machine; the address is ready to be opened.
    Local(String),
    /// Anywhere else.
    Remote(String),
    /// A path on the session's own host, which this version does not serve.
    OwnHost(String),
    /// No address that a window could open.
    Unusable(String),
}

/// Where an address leads, with the workshop's ingresses resolved: `http://NAME-SESSION.DOMAIN/x` in both spellings of
/// the host, with or without a port, is the declared port on this machine.
pub fn place(url: &str, session: &str, workshop: &Workshop) -> Place {
    let url = url.trim();
    if let Some(name) = url.strip_prefix("terminal:") {
        return Place::Terminal(name.to_owned());
    }
    if url.starts_with('/') {
        return Place::OwnHost(url.to_owned());
    }
    let lower = url.to_ascii_lowercase();
    let Some(scheme) = ["http://", "https://"]
        .into_iter()
        .find(|scheme| lower.starts_with(scheme))
    else {
        return Place::Unusable(url.to_owned());
    };
    let rest = &url[scheme.len()..];
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host)
        .to_ascii_lowercase();
    let host = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name.to_owned(),
        _ => host,
    };
    if let Some(ingress) = ingress_of(&host, session, &workshop.ingresses) {
        return Place::Local(format!(
            "{}://localhost:{}{path}",
            ingress.protocol, ingress.port
        ));
    }
    if matches!(&*host, "localhost" | "127.0.0.1" | "[::1]") {
        return Place::Local(url.to_owned());
    }
    Place::Remote(url.to_owned())
}

fn ingress_of<'a>(host: &str, session: &str, ingresses: &'a [Ingress]) -> Option<&'a Ingress> {
    let name = host.split('.').next()?;
    let session = session.to_ascii_lowercase();
    ingresses.iter().find(|ingress| {
        let ingress_name = ingress.name.to_ascii_lowercase();
        name == format!("{ingress_name}-{session}") || name == format!("{session}-{ingress_name}")
    })
}
