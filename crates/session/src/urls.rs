//! What an address in a workshop means on this machine (`session.md` section 10).

use std::sync::Arc;

use url::{Host, Position, Url};

use crate::ingress::{DOMAIN, Meaning, Reach, Route, Routes, is_loopback};

/// Where an address leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A terminal of the session.
    Terminal(String),
    /// The area of the terminals.
    Terminals,
    /// A server of the learner's behind an ingress: the address for a tab, and the one for a browser.
    Ingress {
        /// Through the session's listener.
        tab: String,
        /// Past it, where the server gives the same there.
        browser: String,
        /// The server's own port.
        port: u16,
    },
    /// Another server on this machine.
    Local(String),
    /// A page of the session's own host; the whole address.
    Own(OwnPage, String),
    /// Anywhere else; also what a tab cannot show although it is on this machine.
    Remote(String),
    /// What there is on a cluster and not here, as a sentence.
    Absent(String),
    /// No address that a window could open.
    Unusable(String),
}

/// A page of the session's own host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnPage {
    /// The slides, or one of them.
    Slides,
    /// A file of the download area, by its name.
    File(String),
}

/// The addresses of a session.
#[derive(Debug)]
pub struct Addresses {
    pub(crate) routes: Arc<Routes>,
    pub(crate) session: String,
    pub(crate) port: u16,
    /// There are slides to show.
    pub(crate) slides: bool,
    /// Downloads are switched on.
    pub(crate) files: bool,
}

impl Addresses {
    /// Where an address leads: `http://NAME-SESSION.DOMAIN/x` in both spellings of the host, with or without a port, is the
    /// ingress of that name.
    pub fn place(&self, url: &str) -> Place {
        let written = url.trim();
        if let Some(name) = written.strip_prefix("terminal:") {
            return Place::Terminal(name.to_owned());
        }
        if written.starts_with('/') && !written.starts_with("//") {
            return self.own(written);
        }
        let unusable = || Place::Unusable(url.to_owned());
        let Ok(mut address) = Url::parse(written) else {
            return unusable();
        };
        if !matches!(address.scheme(), "http" | "https") {
            return unusable();
        }
        let Some(host) = address.host_str() else {
            return unusable();
        };
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let rest = &address[Position::BeforePath..];
        match self.routes.find(&host, address.path()) {
            Meaning::OwnHost => return self.own(rest),
            Meaning::Ingress(_) | Meaning::NoSuchPath => {
                return self.ingress(&host, address.path(), rest);
            }
            Meaning::Foreign => {}
        }
        if let Some(name) = self.routes.undeclared(&host) {
            return Place::Absent(format!(
                "{written} belongs to a program in a cluster: the workshop has no ingress of the name {name}."
            ));
        }
        let here = is_loopback(&host) || host.ends_with(&format!(".{DOMAIN}"));
        if !here || address.scheme() == "https" {
            return Place::Remote(written.to_owned());
        }
        // A frame may show these names of the machine, and not the others.
        if !matches!(address.host(), Some(Host::Domain(_))) && host != "127.0.0.1" {
            let _ = address.set_host(Some(DOMAIN));
            return Place::Local(address.into());
        }
        Place::Local(written.to_owned())
    }

    /// Whether an address is on this machine, and can be asked whether it answers.
    pub fn is_here(&self, url: &str) -> bool {
        match self.place(url) {
            Place::Ingress { .. } | Place::Local(_) | Place::Own(..) => true,
            Place::Remote(url) => Url::parse(&url)
                .ok()
                .and_then(|url| url.host_str().map(is_loopback))
                .unwrap_or(false),
            _ => false,
        }
    }

    /// Name, address and port of every server behind an ingress that none of these addresses shows.
    pub(crate) fn servers_beside(
        &self,
        shown: &[String],
    ) -> impl Iterator<Item = (&str, String, u16)> {
        let shown: Vec<Url> = shown.iter().flat_map(|url| Url::parse(url)).collect();
        let is_shown = move |route: &&Route| {
            shown.iter().any(|url| {
                let host = url.host_str().unwrap_or_default();
                matches!(self.routes.find(host, url.path()), Meaning::Ingress(found) if std::ptr::eq(found, *route))
            })
        };
        let beside = self.routes.servers().filter(move |route| !is_shown(route));
        beside.map(|route| {
            let (name, path) = (&route.name, &route.path);
            let url = format!(
                "http://{name}-{}.{DOMAIN}:{}/{path}",
                self.session, self.port
            );
            (&**name, url, route.port)
        })
    }

    fn ingress(&self, host: &str, path: &str, rest: &str) -> Place {
        let routes = self.routes.of_host(host);
        let port = match self.routes.find(host, path) {
            Meaning::Ingress(route) => route.port,
            _ => self.port,
        };
        if let [route] = &*routes
            && let Reach::Elsewhere(host) = &route.reach
        {
            return Place::Absent(format!(
                "This tab shows {host}, a service in a training cluster, which is not available here."
            ));
        }
        let tab = format!("http://{host}:{}{rest}", self.port);
        let browser = match &*routes {
            [route] if route.is_plain() => {
                let scheme = if route.encrypted { "https" } else { "http" };
                format!("{scheme}://{DOMAIN}:{}{rest}", route.port)
            }
            _ => tab.clone(),
        };
        Place::Ingress { tab, browser, port }
    }

    /// A path of the session's own host, with query and fragment.
    fn own(&self, path: &str) -> Place {
        let address = format!("http://{}.{DOMAIN}:{}{path}", self.session, self.port);
        let plain = path.split(['?', '#']).next().unwrap_or_default();
        let parts: Vec<_> = plain.split('/').filter(|part| !part.is_empty()).collect();
        match &*parts {
            ["slides", ..] if self.slides => Place::Own(OwnPage::Slides, address),
            ["files", .., name] if self.files => {
                Place::Own(OwnPage::File((*name).to_owned()), address)
            }
            ["terminal", "session", name] => Place::Terminal((*name).to_owned()),
            ["terminal"] => Place::Terminals,
            ["workshop", ..] => Place::Absent(format!(
                "{path} shows the instructions, which stand beside this."
            )),
            ["slides", ..] => Place::Absent(format!(
                "{path} cannot be shown: the workshop has no slides, or does not switch them on."
            )),
            ["files", ..] => Place::Absent(format!(
                "{path} cannot be shown: the workshop does not switch on downloads (`files`)."
            )),
            _ => Place::Absent(format!(
                "{path} is served by a cluster; it is not available here."
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use atelier_content::PathRewrite;
    use atelier_content::workshop::Ingress;

    use super::*;

    fn addresses() -> Addresses {
        let ingress = |name: &str, port| Ingress {
            name: name.to_owned(),
            port,
            protocol: "http".to_owned(),
            host: None,
            path: String::new(),
            rewrites: Vec::new(),
            headers: Vec::new(),
            change_origin: true,
            secure: true,
        };
        let ingresses = [
            ingress("app", 8000),
            Ingress {
                protocol: "https".to_owned(),
                ..ingress("tls", 8443)
            },
            Ingress {
                rewrites: vec![PathRewrite::new("^/a", "").unwrap()],
                ..ingress("cut", 1)
            },
            Ingress {
                host: Some("web.svc.cluster.local".to_owned()),
                ..ingress("far", 1)
            },
        ];
        Addresses {
            routes: Arc::new(Routes::new("s-1f", &ingresses, str::to_owned)),
            session: "s-1f".to_owned(),
            port: 4000,
            slides: true,
            files: true,
        }
    }

    #[test]
    fn every_form_of_address() {
        let addresses = addresses();
        let through = |host: &str, rest: &str, browser: &str| Place::Ingress {
            tab: format!("http://{host}.localhost:4000{rest}"),
            browser: browser.to_owned(),
            port: match host {
                "tls-s-1f" => 8443,
                "cut-s-1f" => 1,
                _ => 8000,
            },
        };
        let local = |url: &str| Place::Local(url.to_owned());
        let remote = |url: &str| Place::Remote(url.to_owned());
        let own = |page, rest: &str| Place::Own(page, format!("http://s-1f.localhost:4000{rest}"));
        let direct = "http://localhost:8000/x?y#z";
        for (url, place) in [
            (
                "http://app-s-1f.localhost/x?y#z",
                through("app-s-1f", "/x?y#z", direct),
            ),
            (
                "http://s-1f-app.localhost:4000/x?y#z",
                through("s-1f-app", "/x?y#z", direct),
            ),
            (
                "https://APP-S-1F.localhost:9/x?y#z",
                through("app-s-1f", "/x?y#z", direct),
            ),
            (
                "http://app-s-1f.localhost",
                through("app-s-1f", "/", "http://localhost:8000/"),
            ),
            (
                "http://tls-s-1f.localhost/",
                through("tls-s-1f", "/", "https://localhost:8443/"),
            ),
            (
                "http://cut-s-1f.localhost/",
                through("cut-s-1f", "/", "http://cut-s-1f.localhost:4000/"),
            ),
            ("http://localhost:8080", local("http://localhost:8080")),
            ("http://127.0.0.1:8080/x", local("http://127.0.0.1:8080/x")),
            ("http://[::1]:8080/x", local("http://localhost:8080/x")),
            ("http://0.0.0.0:8080/x", local("http://localhost:8080/x")),
            (
                "http://other.localhost:1/",
                local("http://other.localhost:1/"),
            ),
            ("https://localhost:8443/", remote("https://localhost:8443/")),
            ("https://example.org/a b", remote("https://example.org/a b")),
            (
                "http://localhost.example.org/",
                remote("http://localhost.example.org/"),
            ),
            (
                "http://localhost@example.org/",
                remote("http://localhost@example.org/"),
            ),
            ("/slides/#/2", own(OwnPage::Slides, "/slides/#/2")),
            (
                "/files/a/b.txt?x",
                own(OwnPage::File("b.txt".to_owned()), "/files/a/b.txt?x"),
            ),
            (
                "http://s-1f.localhost/slides/",
                own(OwnPage::Slides, "/slides/"),
            ),
            ("terminal:x", Place::Terminal("x".to_owned())),
            ("/terminal/session/2", Place::Terminal("2".to_owned())),
            ("http://s-1f.localhost:4000/terminal/", Place::Terminals),
            (
                "ftp://localhost/",
                Place::Unusable("ftp://localhost/".to_owned()),
            ),
            ("nonsense", Place::Unusable("nonsense".to_owned())),
            (
                "//example.org/",
                Place::Unusable("//example.org/".to_owned()),
            ),
            ("http://", Place::Unusable("http://".to_owned())),
        ] {
            assert_eq!(addresses.place(url), place, "{url}");
        }
        for absent in [
            "/workshop/",
            "/webdav/",
            "/",
            "/files/",
            "http://far-s-1f.localhost/",
            "http://blog-s-1f.localhost/",
            "http://s-1f-blog.example.org/",
        ] {
            let place = addresses.place(absent);
            assert!(matches!(place, Place::Absent(_)), "{absent}: {place:?}");
        }
        for (url, here) in [
            ("http://app-s-1f.localhost/", true),
            ("https://localhost:1/", true),
            ("/slides/", true),
            ("https://example.org/", false),
            ("terminal:1", false),
        ] {
            assert_eq!(addresses.is_here(url), here, "{url}");
        }
    }
}
