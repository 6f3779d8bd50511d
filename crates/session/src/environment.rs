//! The environment of a session's programs (`session.md` section 4).

pub(crate) mod toolchains;

use std::os::unix::fs::PermissionsExt;

use crate::folders::Folders;
use crate::isolation::Isolation;

/// What the owner's environment hands on. A workshop's programs do not get the rest.
const PASSED_ON: &[&str] = &[
    "LANG",
    "LANGUAGE",
    "TZ",
    "USER",
    "LOGNAME",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "XDG_RUNTIME_DIR",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "ALL_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "all_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "CURL_CA_BUNDLE",
    "GIT_SSL_CAINFO",
    "NODE_EXTRA_CA_CERTS",
    "PIP_CERT",
    "REQUESTS_CA_BUNDLE",
    "DOTNET_ROOT",
    "GOROOT",
    "JAVA_HOME",
    "COLORTERM",
];

/// What an isolated session has no use for: it cannot reach the desktop's services.
const DESKTOP: &[&str] = &[
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "XDG_RUNTIME_DIR",
];

/// The first that is there is `EDITOR`.
const EDITORS: &[&str] = &["vim", "vi", "nano"];

/// An environment, in order; a later entry of a name replaces an earlier one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    entries: Vec<(String, String)>,
}

impl Environment {
    /// Sets a variable.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let name = name.into();
        self.entries.retain(|(known, _)| *known != name);
        self.entries.push((name, value.into()));
    }

    /// Takes a variable away.
    pub fn remove(&mut self, name: &str) {
        self.entries.retain(|(known, _)| known != name);
    }

    /// The value of a variable.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.entries
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// As programs are started with it.
    pub fn to_map(&self) -> std::collections::BTreeMap<String, String> {
        self.entries.iter().cloned().collect()
    }

    /// Every variable, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// What the programs of a session get from the machine and from the session's folders; the workshop's own values come on
    /// top. `owner` looks up the environment of the person who runs Atelier.
    pub fn of_session(
        folders: &Folders,
        owner: &dyn Fn(&str) -> Option<String>,
        isolation: Isolation,
    ) -> Self {
        let mut environment = Self::default();
        for name in PASSED_ON.iter().copied().chain(locale_names()) {
            if isolation == Isolation::Isolated && DESKTOP.contains(&name) {
                continue;
            }
            if let Some(value) = owner(name).filter(|value| !value.is_empty()) {
                environment.set(name, value);
            }
        }
        let home = &folders.home;
        let mut path = owner("PATH").unwrap_or_else(|| "/usr/local/bin:/usr/bin:/bin".to_owned());
        toolchains::add(&mut environment, &mut path, home, owner, isolation);
        environment.set("HOME", home.as_str());
        environment.set(
            "PATH",
            format!("{}:{home}/.local/bin:{home}/bin:{path}", folders.bin),
        );
        environment.set("TERM", "xterm-256color");
        if let Some(editor) = EDITORS.iter().find(|editor| is_on(&path, editor)) {
            environment.set("EDITOR", *editor);
        }
        environment.set("TMPDIR", folders.tmp.as_str());
        environment.set("WORKSHOP_DIR", folders.workshop.as_str());
        // A workshop for a cluster must not reach the owner's.
        let kubeconfig = match isolation {
            Isolation::Folder => folders.state.join("kubeconfig"),
            Isolation::Isolated => home.join(".kube/config"),
        };
        environment.set("KUBECONFIG", kubeconfig.as_str());
        environment
    }
}

impl Extend<(String, String)> for Environment {
    fn extend<I: IntoIterator<Item = (String, String)>>(&mut self, pairs: I) {
        for (name, value) in pairs {
            self.set(name, value);
        }
    }
}

/// Whether a program is in one of the folders of a `PATH`.
pub(crate) fn is_on(path: &str, program: &str) -> bool {
    std::env::split_paths(path).any(|folder| {
        std::fs::metadata(folder.join(program))
            .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
    })
}

fn locale_names() -> impl Iterator<Item = &'static str> {
    [
        "LC_ALL",
        "LC_CTYPE",
        "LC_COLLATE",
        "LC_MESSAGES",
        "LC_MONETARY",
        "LC_NUMERIC",
        "LC_TIME",
    ]
    .into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hands_on_only_what_is_listed() {
        let folders = Folders::new("/s".into(), None);
        let owner = |name: &str| match name {
            "HOME" => Some("/home/ada".to_owned()),
            "PATH" => Some("/usr/bin".to_owned()),
            "LANG" => Some("C.UTF-8".to_owned()),
            "DISPLAY" => Some(":7".to_owned()),
            "AWS_SECRET_ACCESS_KEY" | "SSH_AUTH_SOCK" => Some("secret".to_owned()),
            _ => None,
        };
        let isolated = Environment::of_session(&folders, &owner, Isolation::Isolated);
        assert_eq!(isolated.get("DISPLAY"), None);
        let environment = Environment::of_session(&folders, &owner, Isolation::Folder);
        assert_eq!(environment.get("DISPLAY"), Some(":7"));
        assert_eq!(environment.get("HOME"), Some("/s/home"));
        assert_eq!(
            environment.get("PATH"),
            Some("/s/bin:/s/home/.local/bin:/s/home/bin:/usr/bin")
        );
        assert_eq!(environment.get("LANG"), Some("C.UTF-8"));
        assert_eq!(environment.get("TERM"), Some("xterm-256color"));
        let editor = environment.get("EDITOR");
        assert!(editor.is_none_or(|editor| is_on("/usr/bin", editor)));
        assert!(environment.iter().all(|(_, value)| value != "secret"));
    }
}
