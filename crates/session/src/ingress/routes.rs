//! Which server a host name and a path mean.

use atelier_content::PathRewrite;
use atelier_content::workshop::Ingress;
use hyper::header::{HeaderName, HeaderValue};

/// Domain of the session's host names: every browser and `curl` resolve it to this machine.
pub(crate) const DOMAIN: &str = "localhost";

/// The ingresses of a session.
#[derive(Debug)]
pub(crate) struct Routes {
    session: String,
    routes: Vec<Route>,
}

/// An ingress, with its variables filled in.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) name: String,
    /// Starts and ends without a slash; empty for every path.
    pub(crate) path: String,
    pub(crate) reach: Reach,
    pub(crate) port: u16,
    pub(crate) encrypted: bool,
    /// The certificate must be valid.
    pub(crate) secure: bool,
    /// What the server is told as its own name, when that is not the public one.
    pub(crate) host: Option<HeaderValue>,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) rewrites: Vec<PathRewrite>,
}

/// Where the server of an ingress is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reach {
    /// A port of this machine.
    Here,
    /// Somewhere that a session does not reach; the host.
    Elsewhere(String),
}

/// What a host name and a path mean.
#[derive(Debug)]
pub(crate) enum Meaning<'a> {
    /// A server behind an ingress.
    Ingress(&'a Route),
    /// The session's own pages.
    OwnHost,
    /// An ingress, none of whose servers takes this path.
    NoSuchPath,
    /// None of the session's names.
    Foreign,
}

impl Routes {
    /// `expand` replaces `$(name)` in hosts and headers.
    pub(crate) fn new(
        session: &str,
        ingresses: &[Ingress],
        expand: impl Fn(&str) -> String,
    ) -> Self {
        Self {
            session: session.to_ascii_lowercase(),
            routes: ingresses
                .iter()
                .map(|ingress| Route::new(ingress, session, &expand))
                .collect(),
        }
    }

    /// What a request for this host (without port, in lower case) and path means.
    pub(crate) fn find(&self, host: &str, path: &str) -> Meaning<'_> {
        let Some(label) = label(host) else {
            return Meaning::Foreign;
        };
        if label == self.session {
            return Meaning::OwnHost;
        }
        let mut named = self.named(label).peekable();
        if named.peek().is_none() {
            return Meaning::Foreign;
        }
        named
            .find(|route| route.takes(path))
            .map_or(Meaning::NoSuchPath, Meaning::Ingress)
    }

    /// Whether a host is one of the session's.
    pub(crate) fn knows(&self, host: &str) -> bool {
        label(host).is_some_and(|label| label == self.session || self.named(label).next().is_some())
    }

    /// Whether a host is formed like one of the session's, and would be one if the workshop declared an ingress of the
    /// name that is returned.
    pub(crate) fn undeclared<'h>(&self, host: &'h str) -> Option<&'h str> {
        let label = host.split('.').next()?;
        let name = label
            .strip_suffix(&*self.session)
            .and_then(|name| name.strip_suffix('-'))
            .or_else(|| label.strip_prefix(&*self.session)?.strip_prefix('-'))?;
        (!self.knows(host) && !name.is_empty()).then_some(name)
    }

    /// Every server on this machine, in file order.
    pub(crate) fn servers(&self) -> impl Iterator<Item = &Route> {
        self.routes
            .iter()
            .filter(|route| route.reach == Reach::Here)
    }

    /// Every route of this host, in file order.
    pub(crate) fn of_host(&self, host: &str) -> Vec<&Route> {
        label(host).map_or_else(Vec::new, |label| self.named(label).collect())
    }

    fn named<'s>(&'s self, label: &str) -> impl Iterator<Item = &'s Route> {
        self.routes.iter().filter(move |route| {
            is_pair(label, &route.name, &self.session) || is_pair(label, &self.session, &route.name)
        })
    }
}

/// Whether a label is two names with a dash between them.
fn is_pair(label: &str, first: &str, second: &str) -> bool {
    label
        .strip_prefix(first)
        .and_then(|rest| rest.strip_prefix('-'))
        == Some(second)
}

/// The first label of a host in the session's domain.
fn label(host: &str) -> Option<&str> {
    host.strip_suffix(DOMAIN)?.strip_suffix('.')
}

impl Route {
    fn new(ingress: &Ingress, session: &str, expand: &impl Fn(&str) -> String) -> Self {
        let written = ingress.host.as_deref().unwrap_or_default().trim();
        let host = expand(written).to_ascii_lowercase();
        let reach = reach(written, &host, session);
        let is_this_machine = is_loopback(&host);
        let public = if ingress.change_origin && !is_this_machine {
            HeaderValue::from_str(&format!("{host}:{}", ingress.port)).ok()
        } else {
            None
        };
        let headers = ingress.headers.iter().filter_map(|(name, value)| {
            let name: HeaderName = name.parse().ok()?;
            Some((name, HeaderValue::from_str(&expand(value)).ok()?))
        });
        Self {
            name: ingress.name.to_ascii_lowercase(),
            path: ingress.path.trim_matches('/').to_owned(),
            reach,
            port: ingress.port,
            encrypted: ingress.protocol.eq_ignore_ascii_case("https"),
            secure: ingress.secure,
            host: public,
            headers: headers.collect(),
            rewrites: ingress.rewrites.clone(),
        }
    }

    /// Whether a path begins with that of the ingress, up to the end of a segment.
    fn takes(&self, path: &str) -> bool {
        let rest = path
            .strip_prefix('/')
            .and_then(|path| path.strip_prefix(&*self.path));
        self.path.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Whether its server gives the same when it is asked without the proxy.
    pub(crate) fn is_plain(&self) -> bool {
        self.path.is_empty()
            && self.headers.is_empty()
            && self.rewrites.is_empty()
            && self.host.is_none()
    }

    /// The path and query that the server is asked for.
    pub(crate) fn rewrite(&self, path: &str) -> String {
        let changed = self.rewrites.iter().find_map(|rule| rule.apply(path));
        match changed {
            Some(changed) if changed.starts_with('/') => changed,
            Some(changed) => format!("/{changed}"),
            None => path.to_owned(),
        }
    }
}

/// Names without a dot are those of containers beside the session: their ports are published on this machine.
fn reach(written: &str, host: &str, session: &str) -> Reach {
    let in_cluster = written.contains("$(workshop_namespace)") || host.contains(".svc");
    let own = host == format!("{session}.{DOMAIN}");
    if !in_cluster && (is_loopback(host) || own || !host.contains(['.', ':'])) {
        Reach::Here
    } else {
        Reach::Elsewhere(host.to_owned())
    }
}

/// Whether a host is this machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.is_empty()
        || host == DOMAIN
        || host == "0.0.0.0"
        || address
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback() || address.is_unspecified())
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn ingress(name: &str, port: u16) -> Ingress {
        Ingress {
            name: name.to_owned(),
            port,
            protocol: "http".to_owned(),
            host: None,
            path: String::new(),
            rewrites: Vec::new(),
            headers: Vec::new(),
            change_origin: true,
            secure: true,
        }
    }

    fn meaning(routes: &Routes, host: &str, path: &str) -> String {
        match routes.find(host, path) {
            Meaning::Ingress(route) => route.port.to_string(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn both_forms_of_a_host_name_and_no_other() {
        let ingresses = [ingress("App", 1), ingress("app-two", 2), ingress("lab", 3)];
        let routes = Routes::new("lab-1f", &ingresses, str::to_owned);
        for (host, found) in [
            ("app-lab-1f.localhost", "1"),
            ("lab-1f-lab.localhost", "3"),
            ("lab-lab-1f.localhost", "3"),
            ("lab-1f-app.localhost", "1"),
            ("app-two-lab-1f.localhost", "2"),
            ("lab-1f-app-two.localhost", "2"),
            ("lab-1f.localhost", "OwnHost"),
            ("applab-1f.localhost", "Foreign"),
            ("app-lab-1.localhost", "Foreign"),
            ("x.app-lab-1f.localhost", "Foreign"),
            ("app-lab-1f.localhost.example.org", "Foreign"),
            ("app-lab-1f.example.org", "Foreign"),
            ("localhost", "Foreign"),
            ("127.0.0.1", "Foreign"),
            ("", "Foreign"),
        ] {
            assert_eq!(meaning(&routes, host, "/"), found, "{host}");
        }
        assert_eq!(routes.undeclared("blog-lab-1f.localhost"), Some("blog"));
        assert_eq!(routes.undeclared("lab-1f-blog.example"), Some("blog"));
        for declared in ["app-lab-1f.localhost", "lab-1f.localhost", "x.localhost"] {
            assert_eq!(routes.undeclared(declared), None, "{declared}");
        }
    }

    #[test]
    fn the_first_path_that_fits_wins() {
        let at = |path: &str, port| Ingress {
            path: path.to_owned(),
            ..ingress("app", port)
        };
        let ingresses = [at("/api/", 1), at("/api/v2", 2), at("/", 3)];
        let routes = Routes::new("s", &ingresses, str::to_owned);
        for (path, port) in [
            ("/api", "1"),
            ("/api/x", "1"),
            ("/api/v2/x", "1"),
            ("/apis", "3"),
            ("/", "3"),
        ] {
            assert_eq!(meaning(&routes, "app-s.localhost", path), port, "{path}");
        }
        let routes = Routes::new("s", &ingresses[1..2], str::to_owned);
        assert_eq!(meaning(&routes, "app-s.localhost", "/"), "NoSuchPath");
    }

    #[test]
    fn servers_elsewhere_are_none_of_ours() {
        let expand = |text: &str| {
            text.replace("$(workshop_namespace)", "workshop")
                .replace("$(session_name)", "s")
        };
        for (host, here, told) in [
            ("", true, None),
            ("localhost", true, None),
            ("[::1]", true, None),
            ("$(session_name).localhost", true, Some("s.localhost:80")),
            ("grafana-$(session_name)", true, Some("grafana-s:80")),
            (
                "svc.ns.svc.cluster.local",
                false,
                Some("svc.ns.svc.cluster.local:80"),
            ),
            (
                "admin.$(workshop_namespace)",
                false,
                Some("admin.workshop:80"),
            ),
            ("$(workshop_namespace)", false, Some("workshop:80")),
            ("example.org", false, Some("example.org:80")),
            ("10.0.0.1", false, Some("10.0.0.1:80")),
        ] {
            let one = Ingress {
                host: Some(host.to_owned()),
                ..ingress("app", 80)
            };
            let route = Route::new(&one, "s", &expand);
            assert_eq!(route.reach == Reach::Here, here, "{host}");
            let named = route.host.as_ref().and_then(|host| host.to_str().ok());
            assert_eq!(named, told, "{host}");
        }
    }
}
